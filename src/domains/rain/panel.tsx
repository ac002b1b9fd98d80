/** What an official reads beside a rate: what the schemes call it, how much fell in a day and in its wettest hour, and whether it may be snow. */
import { FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import { rankAt } from '../../core/stats/rank.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { defineMessage, say, textOf } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatClock } from '../../ui/words/clock.ts'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { Reading } from '../domain-model.ts'
import type { Day, PanelProps } from '../domain-view.ts'
import { depthRow } from './compute-day.ts'
import { accumulate, largestRollingSum } from './compute-depth.ts'
import { INTENSITY_SCHEMES, intensityClass, type IntensityScheme } from './compute-intensity.ts'
import { RAIN_WORDS } from './words.ts'

/** Below it rain may come as snow. Ours; it depends on the air above. */
const SNOW_BELOW_C = 2
const SHOWN: readonly IntensityScheme[] = ['wmo', 'ams', 'ukmet']

export function RainPanel({ frame, roster, reading: latest, day }: PanelProps) {
  const row = latest === undefined ? -1 : roster.ids.indexOf(latest.entityId)
  const reading = readingAt(frame.atMs, latest, day)
  const { precipitation, temperature } = reading?.values ?? {}
  const rate = frame.values[row] ?? Number.NaN
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (precipitation !== undefined) {
    const over = reading?.periodMs === undefined ? say({ id: 'rain.panel.fellSince', defaultMessage: 'Fell since the last report' }) : say({ id: 'rain.panel.fellIn', defaultMessage: 'Fell in {length}' }, { length: formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min') })
    facts.push({ name: over, value: formatQuantity(precipitation, 2, 'mm') })
  }
  for (const scheme of SHOWN) {
    const label = intensityClass(rate, scheme)
    const { name, source } = INTENSITY_SCHEMES[scheme]
    if (rate > 0 && label !== undefined) facts.push({ name: say({ id: 'rain.panel.classBy', defaultMessage: 'Class by {scheme}' }, { scheme: name }), value: source.confirmed ? classText(label) : say({ id: 'rain.panel.unconfirmed', defaultMessage: '{class} (bounds unconfirmed)' }, { class: classText(label) }) })
  }
  if (rate > 0 && rank !== undefined) facts.push({ name: say({ id: 'rain.panel.more', defaultMessage: 'More than at' }), value: say({ id: 'panel.ofOthers', defaultMessage: '{part} of {whole} others' }, { part: formatNumber(rank.below), whole: formatNumber(rank.others) }) })
  if (day !== undefined) facts.push(...dayFacts(day))
  return (
    <Facts title={say({ id: 'panel.how', defaultMessage: 'How to read it' })} facts={facts} caveat={say({ id: 'rain.panel.caveat', defaultMessage: 'A gauge catches a few square decimetres: a cloudburst two streets away is not in it, and wind and snow make it catch too little.' })}>
      <p>{sentenceOf(rate, temperature)}</p>
    </Facts>
  )
}

/** The one word of the schemes that the layer's own classes do not have. */
const SCHEME_WORDS = [...RAIN_WORDS, defineMessage({ id: 'rain.class.light', defaultMessage: 'light' })]

function classText(label: string): string {
  return textOf(SCHEME_WORDS, label)
}

/** What fell in the day that the chart shows, and in its wettest hour. */
function dayFacts({ readings, fromMs, toMs, timeZone }: Day): readonly Fact[] {
  const row = depthRow(
    readings.map(({ observedAtMs, periodMs, values, implausible }) => ({ atMs: observedAtMs, periodMs, mm: implausible?.includes('precipitation') === true ? undefined : values['precipitation'] })),
    { fromMs, toMs },
  )
  if (row === undefined) return []
  const { totalMm, missing, isAtLeast } = accumulate(row.mm)
  if (totalMm === undefined) return []
  const depth = formatQuantity(totalMm, 1, 'mm')
  const total: Fact = {
    name: say({ id: 'rain.panel.fellInDay', defaultMessage: 'Fell in 24 h' }),
    value: isAtLeast ? say({ id: 'rain.panel.atLeast', defaultMessage: 'at least {depth}, {count, plural, one {# interval missing} other {# intervals missing}}' }, { depth, count: missing }) : depth,
  }
  const { maxMm, startIndex } = largestRollingSum(row.mm, { intervalMs: row.intervalMs, windowMs: HOUR_MS })
  if (maxMm === undefined || maxMm === 0) return [total]
  const fromClock = formatClock(row.firstEndMs + (startIndex! - 1) * row.intervalMs, timeZone)
  return [total, { name: say({ id: 'rain.panel.wettest', defaultMessage: 'Wettest hour in it' }), value: say({ id: 'rain.panel.from', defaultMessage: '{depth}, from {clock}' }, { depth: formatQuantity(maxMm, 1, 'mm'), clock: fromClock }) }]
}

/** What the frame's instant knew: the last reading, or, where the past is shown, the one of then. */
function readingAt(atMs: number, latest: Reading | undefined, day: Day | undefined): Reading | undefined {
  if (latest === undefined || latest.observedAtMs <= atMs + FUTURE_TOLERANCE_MS) return latest
  return day?.readings.findLast(({ observedAtMs }) => observedAtMs <= atMs)
}

function sentenceOf(rate: number, temperature: number | undefined): string {
  if (Number.isNaN(rate)) return say({ id: 'rain.panel.noRate', defaultMessage: 'No rate can be told from what this gauge sent.' })
  if (rate === 0) return say({ id: 'rain.panel.dry', defaultMessage: 'Dry for a quarter of an hour: measured, and nothing fell.' })
  const text = say({ id: 'rain.panel.text', defaultMessage: 'Millimetres that would fall in an hour if it went on like the last quarter. One millimetre is one litre on a square metre.' })
  return temperature !== undefined && temperature < SNOW_BELOW_C ? `${text} ${say({ id: 'rain.panel.snow', defaultMessage: 'So near to freezing it may be snow.' })}` : text
}
