/** The same number in detail: sections of names and values, for a drawer, a popover, a report. English, like `sentence.ts`. */
import { sourceWords } from '../core/source.ts'
import { ACROSS_METHODS } from '../core/stats/across-methods.ts'
import type { Method } from '../core/method.ts'
import { formatDuration, formatWhen } from '../ui/words/age.ts'
import { formatFull } from '../ui/words/clock.ts'
import { identifierWords } from '../ui/words/identifier.ts'
import { formatCount, formatNumber, formatQuantity } from '../ui/words/number.ts'
import { agesOf, warningCounts, type ExplainInput, type Facts } from './facts.ts'
import { acrossOf, cellAt, OUT_REASONS, positionAt } from './members.ts'
import { differenceWords, OUT_WORDS } from './sentence.ts'

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
    { id: 'formula', title: 'Formula', rows: formulaRows(input) },
    { id: 'window', title: 'Window', rows: windowRows(input) },
    { id: 'sensors', title: input.subject.kind === 'sensor' ? 'Where it counts' : 'Sensors', rows: sensorRows(input, facts) },
    { id: 'ages', title: 'Age', rows: ageRows(input) },
    { id: 'warnings', title: 'Warnings', rows: warningRows(input) },
    { id: 'limits', title: 'Class and limits', rows: limitRows(input, facts) },
    { id: 'usual', title: 'Usual', rows: usualRows(input) },
    { id: 'neighbours', title: 'Neighbours', rows: neighbourRows(input, facts) },
  ]
  return sections.filter(({ rows }) => rows.length > 0)
}

function formulaRows({ model, subject }: ExplainInput): readonly DetailRow[] {
  const ofOne = methodRows(subject.kind === 'sensor' ? 'Method' : 'Of each sensor', model.method)
  return subject.kind === 'sensor' ? ofOne : [...ofOne, ...methodRows('Over sensors', ACROSS_METHODS[acrossOf(model, subject)])]
}

function methodRows(name: string, { name: method, formula, where, source }: Method): readonly DetailRow[] {
  return [
    { name, value: method },
    { name: 'Formula', value: formula, ...(where === undefined ? {} : { note: where }) },
    { name: 'Source', value: sourceWords(source) },
  ]
}

function windowRows({ frame, model, city }: ExplainInput): readonly DetailRow[] {
  return [
    { name: 'From', value: formatFull(frame.windowStartMs, city.timeZone) },
    { name: 'To, exclusive', value: formatFull(frame.windowEndMs, city.timeZone), note: 'It moves in steps of a thirtieth; a sensor that reports more seldom stands with its last reading until that is late.' },
    { name: 'Length', value: formatDuration(model.windowMs) },
  ]
}

function sensorRows(input: ExplainInput, { members, out }: Facts): readonly DetailRow[] {
  const { subject, frame, city } = input
  if (subject.kind === 'sensor') return [{ name: 'In the city’s number', value: out === undefined ? 'yes' : `no: ${OUT_WORDS[out]}` }, ...ownCellRows(input), ...ownDistrictRows(input)]
  const centre = subject.kind === 'cell' ? positionAt(frame.cells.centres, subject.cell) : undefined
  const place: readonly DetailRow[] =
    centre === undefined ? [] : [{ name: 'Cell', value: `hexagon, sides of ${formatQuantity(frame.cells.radiusM, 0, 'm')}`, note: `around ${formatNumber(centre[1], 4)}, ${formatNumber(centre[0], 4)}, in a grid of ${city.name}` }]
  return [
    ...place,
    ...(subject.kind === 'district' ? districtRows(input, subject.district) : []),
    { name: 'Known', value: formatNumber(members.known) },
    { name: 'Counted', value: `${formatNumber(members.counted)} of ${formatNumber(members.known)}` },
    ...OUT_REASONS.filter((reason) => members.out[reason] > 0).map((reason) => ({ name: `Out: ${OUT_WORDS[reason]}`, value: formatNumber(members.out[reason]) })),
    ...(members.unplaced === 0 ? [] : [{ name: 'Without a position', value: formatNumber(members.unplaced), note: 'they count in the city’s number and stand in no cell of the map' }]),
  ]
}

function districtRows({ city }: ExplainInput, district: number): readonly DetailRow[] {
  const { districts } = city
  if (districts === undefined) return []
  return [{ name: districts.kind === 'sectors' ? 'Sector' : 'District', value: districts.names[district - 1] ?? 'none', note: districts.source }]
}

function ownDistrictRows(input: ExplainInput): readonly DetailRow[] {
  const { city, frame, subject } = input
  if (city.districts === undefined || subject.kind !== 'sensor') return []
  return [{ name: city.districts.kind === 'sectors' ? 'Its sector' : 'Its district', value: city.districts.names[(frame.districtOf[subject.row] ?? 0) - 1] ?? 'none', note: city.districts.source }]
}

/** The cell that the map draws around a sensor: the keyboard has no other way to it. */
function ownCellRows({ frame, city, subject, format, model }: ExplainInput): readonly DetailRow[] {
  const row = subject.kind === 'sensor' ? subject.row : -1
  const position = positionAt(frame.positions, row)
  if (position === undefined) return [{ name: 'In a cell of the map', value: 'no: it has no position' }]
  const cell = cellAt(frame, position, city.anchor)
  if (cell === undefined) return []
  const value = frame.cells.values[cell]!
  const sensors = frame.cells.sensors[cell]!
  return [{ name: 'Its cell of the map', value: Number.isNaN(value) ? 'no value' : format(value), note: `${ACROSS_METHODS[model.across.cell].name} of ${formatCount(sensors, 'sensor', 'sensors')} within sides of ${formatQuantity(frame.cells.radiusM, 0, 'm')}` }]
}

function ageRows(input: ExplainInput): readonly DetailRow[] {
  const { frame, subject, city, nowMs, isHistory, expectedMs } = input
  const when = (ms: number): string => formatWhen(ms, { nowMs, timeZone: city.timeZone, isHistory })
  const expected: DetailRow = { name: 'Expected', value: `every ${formatDuration(expectedMs)}`, note: 'late over twice, lost over six times that or a day, by the broker’s clock' }
  if (subject.kind === 'sensor') return [{ name: 'Last reading', value: when(frame.observedAtMs[subject.row] ?? Number.NaN) }, expected]
  const ages = agesOf(input)
  if (ages === undefined) return [expected]
  if (ages.newestMs === ages.oldestMs) return [{ name: 'Reading', value: when(ages.newestMs) }, expected]
  return [
    { name: 'Newest counted', value: when(ages.newestMs) },
    { name: 'Median', value: when(ages.medianMs) },
    { name: 'Oldest counted', value: when(ages.oldestMs) },
    expected,
  ]
}

function warningRows(input: ExplainInput): readonly DetailRow[] {
  const counts = warningCounts(input)
  if (input.subject.kind === 'sensor') return counts.map(({ kind, example }) => ({ name: identifierWords(kind), value: example.detail }))
  return counts.map(({ kind, sensors, example }) => ({ name: identifierWords(kind), value: formatCount(sensors, 'sensor', 'sensors'), ...(example.detail === '' ? {} : { note: `such as: ${example.detail}` }) }))
}

function limitRows(input: ExplainInput, { class: found, limits }: Facts): readonly DetailRow[] {
  const { legend } = input.model
  const classes: DetailRow = { name: 'Class', value: found?.label ?? 'none', note: sourceWords(legend.source) }
  // A sum over sensors has neither: classes and limits are those of one sensor.
  if (found === undefined) return []
  return [
    classes,
    ...limits.map(({ limit: { label, value, binds, source }, excess }) => ({
      name: `${input.format(value)}, ${label}`,
      value: excess === 0 ? 'at it' : `${differenceWords(input, excess)} ${excess > 0 ? 'above' : 'below'}`,
      note: `${sourceWords(source)}${binds === undefined ? '' : `; binds ${binds}`}`,
    })),
  ]
}

function usualRows({ usual, format }: ExplainInput): readonly DetailRow[] {
  if (usual === undefined) return []
  if ('missing' in usual) return [{ name: 'No usual yet', value: `${usual.missing.have} of ${usual.missing.need} days` }]
  return [
    { name: 'Median', value: format(usual.median), note: `of the same local hour and kind of day, ${formatCount(usual.samples, 'sample', 'samples')}` },
    { name: 'Eight of ten times', value: `${format(usual.p10)} to ${format(usual.p90)}` },
  ]
}

function neighbourRows(input: ExplainInput, { neighbours }: Facts): readonly DetailRow[] {
  if (neighbours === undefined) return []
  const { compared, agreeing, withinM, agreeWithin } = neighbours
  const within = formatQuantity(withinM, 0, 'm')
  if (compared === 0) return [{ name: `Within ${within}`, value: 'none that counts' }]
  const rule = input.model.legend.unit === '' ? 'the same class' : `no more than ${formatQuantity(agreeWithin, Number.isInteger(agreeWithin) ? 0 : 1, input.model.legend.unit)} apart`
  return [{ name: `Agree, within ${within}`, value: `${formatNumber(agreeing)} of ${formatNumber(compared)}`, note: `Agreeing means ${rule}: a rule of Belvedere’s own.` }]
}
