/** What an official reads beside a rate: what the schemes call it, how much fell, and whether it may be snow. */
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'
import { INTENSITY_SCHEMES, intensityClass, type IntensityScheme } from './compute-intensity.ts'

/** Below it rain may come as snow. Ours; it depends on the air above. */
const SNOW_BELOW_C = 2
const SHOWN: readonly IntensityScheme[] = ['wmo', 'ams', 'ukmet']

export function RainPanel({ frame, roster, reading }: PanelProps) {
  const { precipitation, temperature } = reading?.values ?? {}
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const rate = frame.values[row] ?? Number.NaN
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (precipitation !== undefined) {
    const over = reading?.periodMs === undefined ? 'Fell since the last report' : `Fell in ${formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min')}`
    facts.push({ name: over, value: formatQuantity(precipitation, 2, 'mm') })
  }
  for (const scheme of SHOWN) {
    const label = intensityClass(rate, scheme)
    const { name, confirmed } = INTENSITY_SCHEMES[scheme]
    if (rate > 0 && label !== undefined) facts.push({ name: `Class by ${name}`, value: confirmed ? label : `${label} (bounds unconfirmed)` })
  }
  if (rate > 0 && rank !== undefined) facts.push({ name: 'More than at', value: `${formatNumber(rank.below)} of ${formatNumber(rank.others)} others` })
  return (
    <Facts title="How to read it" facts={facts} caveat="A gauge catches a few square decimetres: a cloudburst two streets away is not in it, and wind and snow make it catch too little.">
      <p>{sentenceOf(rate, temperature)}</p>
    </Facts>
  )
}

function sentenceOf(rate: number, temperature: number | undefined): string {
  if (Number.isNaN(rate)) return 'No rate can be told from what this gauge sent.'
  if (rate === 0) return 'Dry for a quarter of an hour: measured, and nothing fell.'
  const snow = temperature !== undefined && temperature < SNOW_BELOW_C ? ' So near to freezing it may be snow.' : ''
  return `Millimetres that would fall in an hour if it went on like the last quarter. One millimetre is one litre on a square metre.${snow}`
}
