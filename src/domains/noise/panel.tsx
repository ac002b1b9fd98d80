/** What an official reads beside a sound level: how it stands in the city, and what it is not. */
import { rankAt } from '../../core/stats/rank.ts'
import { say } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'

export function NoisePanel({ frame, roster, reading }: PanelProps) {
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const level = frame.values[row] ?? Number.NaN
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const city = frame.total.value
  const facts: Fact[] = []
  if (rank !== undefined) facts.push({ name: say({ id: 'noise.panel.louder', defaultMessage: 'Louder than' }), value: say({ id: 'panel.ofOthers', defaultMessage: '{part} of {whole} others' }, { part: formatNumber(rank.below), whole: formatNumber(rank.others) }) })
  if (city !== undefined && !Number.isNaN(level)) facts.push({ name: say({ id: 'noise.panel.againstMean', defaultMessage: 'Against the city’s mean' }), value: difference(level - city) })
  const { la10, la90 } = reading?.values ?? {}
  // The gap between the loud tenth and the background tells passing cars from a steady hum.
  if (la10 !== undefined && la90 !== undefined) facts.push({ name: say({ id: 'noise.panel.unrest', defaultMessage: 'LA10 − LA90, unrest' }), value: formatQuantity(la10 - la90, 0, 'dB') })
  return (
    <Facts title={say({ id: 'panel.how', defaultMessage: 'How to read it' })} facts={facts} caveat={say({ id: 'noise.panel.caveat', defaultMessage: 'EU and WHO limits are yearly levels from calculation or long measurement; a quarter of an hour above them is no breach.' })}>
      <p>{say({ id: 'noise.panel.text', defaultMessage: 'Ten decibels more are heard as about twice as loud. Levels are averaged as energy, so one loud minute outweighs many quiet ones.' })}</p>
    </Facts>
  )
}

function difference(dB: number): string {
  const rounded = Math.round(dB)
  if (rounded === 0) return say({ id: 'noise.panel.same', defaultMessage: 'the same' })
  return say({ id: 'noise.panel.difference', defaultMessage: '{side, select, above {{difference} above} other {{difference} below}}' }, { side: rounded > 0 ? 'above' : 'below', difference: formatQuantity(Math.abs(rounded), 0, 'dB') })
}
