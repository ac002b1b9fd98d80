/** The same number in detail: sections of names and values, for a drawer, a popover, a report. */
import type { Method } from '../core/method.ts'
import { say } from '../language/say.ts'
import { acrossMethod, acrossName } from '../ui/words/across.ts'
import { formatDuration, formatWhen } from '../ui/words/age.ts'
import { formatFull } from '../ui/words/clock.ts'
import { formatNumber, formatQuantity } from '../ui/words/number.ts'
import { sourceText } from '../ui/words/source.ts'
import { warningKind } from '../ui/words/warning.ts'
import { agesOf, warningCounts, type ExplainInput, type Facts } from './facts.ts'
import { acrossOf, cellAt, OUT_REASONS, positionAt } from './members.ts'
import { differenceWords, outWord } from './sentence.ts'

export type SectionId = 'formula' | 'window' | 'sensors' | 'ages' | 'warnings' | 'limits' | 'usual' | 'neighbours'

export interface Section {
  readonly id: SectionId
  readonly title: string
  readonly rows: readonly DetailRow[]
}

export interface DetailRow {
  readonly name: string
  readonly value: string
  /** Small print of the row. */
  readonly note?: string
}

export function detailsOf(input: ExplainInput, facts: Facts): readonly Section[] {
  const sections: readonly Section[] = [
    { id: 'formula', title: say({ id: 'explain.formula', defaultMessage: 'Formula' }), rows: formulaRows(input) },
    { id: 'window', title: say({ id: 'explain.window', defaultMessage: 'Window' }), rows: windowRows(input) },
    { id: 'sensors', title: input.subject.kind === 'sensor' ? say({ id: 'explain.whereItCounts', defaultMessage: 'Where it counts' }) : say({ id: 'explain.sensors', defaultMessage: 'Sensors' }), rows: sensorRows(input, facts) },
    { id: 'ages', title: say({ id: 'explain.age', defaultMessage: 'Age' }), rows: ageRows(input) },
    { id: 'warnings', title: say({ id: 'explain.warnings', defaultMessage: 'Warnings' }), rows: warningRows(input) },
    { id: 'limits', title: say({ id: 'explain.classAndLimits', defaultMessage: 'Class and limits' }), rows: limitRows(input, facts) },
    { id: 'usual', title: say({ id: 'explain.usual', defaultMessage: 'Usual' }), rows: usualRows(input) },
    { id: 'neighbours', title: say({ id: 'explain.neighbours', defaultMessage: 'Neighbours' }), rows: neighbourRows(input, facts) },
  ]
  return sections.filter(({ rows }) => rows.length > 0)
}

function formulaRows({ model, subject }: ExplainInput): readonly DetailRow[] {
  const ofOne = methodRows(subject.kind === 'sensor' ? say({ id: 'explain.method', defaultMessage: 'Method' }) : say({ id: 'explain.ofEachSensor', defaultMessage: 'Of each sensor' }), model.method)
  return subject.kind === 'sensor' ? ofOne : [...ofOne, ...methodRows(say({ id: 'explain.overSensors', defaultMessage: 'Over sensors' }), acrossMethod(acrossOf(model, subject)))]
}

function methodRows(name: string, { name: method, formula, where, source }: Method): readonly DetailRow[] {
  return [
    { name, value: method },
    { name: say({ id: 'explain.formula', defaultMessage: 'Formula' }), value: formula, ...(where === undefined ? {} : { note: where }) },
    { name: say({ id: 'explain.source', defaultMessage: 'Source' }), value: sourceText(source) },
  ]
}

function windowRows({ frame, model, city }: ExplainInput): readonly DetailRow[] {
  return [
    { name: say({ id: 'explain.from', defaultMessage: 'From' }), value: formatFull(frame.windowStartMs, city.timeZone) },
    { name: say({ id: 'explain.toExclusive', defaultMessage: 'To, exclusive' }), value: formatFull(frame.windowEndMs, city.timeZone), note: say({ id: 'explain.windowNote', defaultMessage: 'It moves in steps of a thirtieth; a sensor that reports more seldom stands with its last reading until that is late.' }) },
    { name: say({ id: 'explain.length', defaultMessage: 'Length' }), value: formatDuration(model.windowMs) },
  ]
}

function sensorRows(input: ExplainInput, { members, out }: Facts): readonly DetailRow[] {
  const { subject, frame, city } = input
  if (subject.kind === 'sensor') return [{ name: say({ id: 'explain.inCityNumber', defaultMessage: 'In the city’s number' }), value: out === undefined ? say({ id: 'explain.yes', defaultMessage: 'yes' }) : say({ id: 'explain.noBecause', defaultMessage: 'no: {reason}' }, { reason: outWord(out) }) }, ...ownCellRows(input), ...ownDistrictRows(input)]
  const centre = subject.kind === 'cell' ? positionAt(frame.cells.centres, subject.cell) : undefined
  const place: readonly DetailRow[] =
    centre === undefined ? [] : [{ name: say({ id: 'explain.cell', defaultMessage: 'Cell' }), value: say({ id: 'explain.hexagon', defaultMessage: 'hexagon, sides of {length}' }, { length: formatQuantity(frame.cells.radiusM, 0, 'm') }), note: say({ id: 'explain.cellAround', defaultMessage: 'around {latitude}, {longitude}, in a grid of {city}' }, { latitude: formatNumber(centre[1], 4), longitude: formatNumber(centre[0], 4), city: city.name }) }]
  return [
    ...place,
    ...(subject.kind === 'district' ? districtRows(input, subject.district) : []),
    { name: say({ id: 'explain.known', defaultMessage: 'Known' }), value: formatNumber(members.known) },
    { name: say({ id: 'explain.counted', defaultMessage: 'Counted' }), value: say({ id: 'explain.partOf', defaultMessage: '{part} of {whole}' }, { part: formatNumber(members.counted), whole: formatNumber(members.known) }) },
    ...OUT_REASONS.filter((reason) => members.out[reason] > 0).map((reason) => ({ name: say({ id: 'explain.out', defaultMessage: 'Out: {reason}' }, { reason: outWord(reason) }), value: formatNumber(members.out[reason]) })),
    ...(members.unplaced === 0 ? [] : [{ name: say({ id: 'explain.unplaced', defaultMessage: 'Without a position' }), value: formatNumber(members.unplaced), note: say({ id: 'explain.unplacedNote', defaultMessage: 'they count in the city’s number and stand in no cell of the map' }) }]),
  ]
}

function districtRows({ city }: ExplainInput, district: number): readonly DetailRow[] {
  const { districts } = city
  if (districts === undefined) return []
  return [{ name: districts.kind === 'sectors' ? say({ id: 'explain.sector', defaultMessage: 'Sector' }) : say({ id: 'explain.district', defaultMessage: 'District' }), value: districts.names[district - 1] ?? say({ id: 'explain.none', defaultMessage: 'none' }), note: districts.source }]
}

function ownDistrictRows(input: ExplainInput): readonly DetailRow[] {
  const { city, frame, subject } = input
  if (city.districts === undefined || subject.kind !== 'sensor') return []
  return [{ name: city.districts.kind === 'sectors' ? say({ id: 'explain.itsSector', defaultMessage: 'Its sector' }) : say({ id: 'explain.itsDistrict', defaultMessage: 'Its district' }), value: city.districts.names[(frame.districtOf[subject.row] ?? 0) - 1] ?? say({ id: 'explain.none', defaultMessage: 'none' }), note: city.districts.source }]
}

/** The cell that the map draws around a sensor: the keyboard has no other way to it. */
function ownCellRows({ frame, city, subject, format, model }: ExplainInput): readonly DetailRow[] {
  const row = subject.kind === 'sensor' ? subject.row : -1
  const position = positionAt(frame.positions, row)
  if (position === undefined) return [{ name: say({ id: 'explain.inCellOfMap', defaultMessage: 'In a cell of the map' }), value: say({ id: 'explain.noPosition', defaultMessage: 'no: it has no position' }) }]
  const cell = cellAt(frame, position, city.anchor)
  if (cell === undefined) return []
  const value = frame.cells.values[cell]!
  const sensors = frame.cells.sensors[cell]!
  return [{ name: say({ id: 'explain.itsCell', defaultMessage: 'Its cell of the map' }), value: Number.isNaN(value) ? say({ id: 'explain.noValueHere', defaultMessage: 'no value' }) : format(value), note: say({ id: 'explain.cellMade', defaultMessage: '{count, plural, one {{statistic} of # sensor within sides of {length}} other {{statistic} of # sensors within sides of {length}}}' }, { statistic: acrossName(model.across.cell), count: sensors, length: formatQuantity(frame.cells.radiusM, 0, 'm') }) }]
}

function ageRows(input: ExplainInput): readonly DetailRow[] {
  const { frame, subject, city, nowMs, isHistory, expectedMs } = input
  const when = (ms: number): string => formatWhen(ms, { nowMs, timeZone: city.timeZone, isHistory })
  const expected: DetailRow = { name: say({ id: 'explain.expected', defaultMessage: 'Expected' }), value: say({ id: 'explain.every', defaultMessage: 'every {interval}' }, { interval: formatDuration(expectedMs) }), note: say({ id: 'explain.expectedNote', defaultMessage: 'late over twice, lost over six times that or a day, by the broker’s clock' }) }
  if (subject.kind === 'sensor') return [{ name: say({ id: 'explain.lastReadingName', defaultMessage: 'Last reading' }), value: when(frame.observedAtMs[subject.row] ?? Number.NaN) }, expected]
  const ages = agesOf(input)
  if (ages === undefined) return [expected]
  if (ages.newestMs === ages.oldestMs) return [{ name: say({ id: 'explain.reading', defaultMessage: 'Reading' }), value: when(ages.newestMs) }, expected]
  return [
    { name: say({ id: 'explain.newestCounted', defaultMessage: 'Newest counted' }), value: when(ages.newestMs) },
    { name: say({ id: 'explain.median', defaultMessage: 'Median' }), value: when(ages.medianMs) },
    { name: say({ id: 'explain.oldestCounted', defaultMessage: 'Oldest counted' }), value: when(ages.oldestMs) },
    expected,
  ]
}

function warningRows(input: ExplainInput): readonly DetailRow[] {
  const counts = warningCounts(input)
  if (input.subject.kind === 'sensor') return counts.map(({ kind, example }) => ({ name: warningKind(kind), value: example.detail }))
  return counts.map(({ kind, sensors, example }) => ({ name: warningKind(kind), value: say({ id: 'explain.sensorCount', defaultMessage: '{count, plural, one {# sensor} other {# sensors}}' }, { count: sensors }), ...(example.detail === '' ? {} : { note: say({ id: 'explain.suchAs', defaultMessage: 'such as: {example}' }, { example: example.detail }) }) }))
}

function limitRows(input: ExplainInput, { class: found, limits }: Facts): readonly DetailRow[] {
  const { legend } = input.model
  const classes: DetailRow = { name: say({ id: 'explain.className', defaultMessage: 'Class' }), value: found?.label ?? say({ id: 'explain.none', defaultMessage: 'none' }), note: sourceText(legend.source) }
  // A sum over sensors has neither: classes and limits are those of one sensor.
  if (found === undefined) return []
  return [
    classes,
    ...limits.map(({ limit: { label, value, binds, source }, excess }) => ({
      name: `${input.format(value)}, ${label}`,
      value: say({ id: 'explain.excess', defaultMessage: '{side, select, at {at it} above {{difference} above} other {{difference} below}}' }, { side: excess === 0 ? 'at' : excess > 0 ? 'above' : 'below', difference: differenceWords(input, excess) }),
      note: binds === undefined ? sourceText(source) : say({ id: 'explain.binds', defaultMessage: '{source}; binds {what}' }, { source: sourceText(source), what: binds }),
    })),
  ]
}

function usualRows({ usual, format }: ExplainInput): readonly DetailRow[] {
  if (usual === undefined) return []
  if ('missing' in usual) return [{ name: say({ id: 'explain.noUsualYet', defaultMessage: 'No usual yet' }), value: say({ id: 'explain.daysOf', defaultMessage: '{have} of {need} days' }, usual.missing) }]
  return [
    { name: say({ id: 'explain.median', defaultMessage: 'Median' }), value: format(usual.median), note: say({ id: 'explain.usualOf', defaultMessage: 'of the same local hour and kind of day, {count, plural, one {# sample} other {# samples}}' }, { count: usual.samples }) },
    { name: say({ id: 'explain.eightOfTen', defaultMessage: 'Eight of ten times' }), value: say({ id: 'explain.range', defaultMessage: '{low} to {high}' }, { low: format(usual.p10), high: format(usual.p90) }) },
  ]
}

function neighbourRows(input: ExplainInput, { neighbours }: Facts): readonly DetailRow[] {
  if (neighbours === undefined) return []
  const { compared, agreeing, withinM, agreeWithin } = neighbours
  const within = formatQuantity(withinM, 0, 'm')
  if (compared === 0) return [{ name: say({ id: 'explain.within', defaultMessage: 'Within {distance}' }, { distance: within }), value: say({ id: 'explain.noneThatCounts', defaultMessage: 'none that counts' }) }]
  const note =
    input.model.legend.unit === ''
      ? say({ id: 'explain.agreeClass', defaultMessage: 'Agreeing means the same class: a rule of Belvedere’s own.' })
      : say({ id: 'explain.agreeWithin', defaultMessage: 'Agreeing means no more than {difference} apart: a rule of Belvedere’s own.' }, { difference: formatQuantity(agreeWithin, Number.isInteger(agreeWithin) ? 0 : 1, input.model.legend.unit) })
  return [{ name: say({ id: 'explain.agree', defaultMessage: 'Agree, within {distance}' }, { distance: within }), value: say({ id: 'explain.partOf', defaultMessage: '{part} of {whole}' }, { part: formatNumber(agreeing), whole: formatNumber(compared) }), note }]
}
