/** What an official reads beside a speed: how many it is the speed of, its place in the city, and why there may be none. */
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'

export function TrafficPanel({ frame, roster, reading }: PanelProps) {
  const { vehicles, occupancy, speed } = reading?.values ?? {}
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (vehicles !== undefined && reading?.periodMs !== undefined) {
    facts.push({ name: `Counted in ${formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min')}`, value: formatNumber(vehicles) })
  }
  if (occupancy !== undefined) facts.push({ name: 'Detector covered', value: formatQuantity(occupancy * 100, 0, '% of the time') })
  if (rank !== undefined) facts.push({ name: 'Faster than', value: `${formatNumber(rank.below)} of ${formatNumber(rank.others)} others` })
  return (
    <Facts title="How to read it" facts={facts} caveat="A low speed is not yet a jam: it has to be held against the street’s own free flow, which nobody has stated here. A detector sees one place and often one lane.">
      <p>{Number.isNaN(frame.values[row] ?? Number.NaN) ? whyNone({ vehicles, speed, occupancy }) : 'Mean speed of the vehicles that passed, so that slow ones weigh as long as they are on the way.'}</p>
    </Facts>
  )
}

/** With nobody passing, the share of time that the detector is covered tells an empty road from a standing one. */
function whyNone({ vehicles, speed, occupancy }: { vehicles: number | undefined; speed: number | undefined; occupancy: number | undefined }): string {
  if (vehicles === 0) {
    if (occupancy !== undefined && occupancy > STANDING) return 'Nobody passed, yet the detector is covered: traffic stands on it.'
    return 'Nobody passed in the last period. An empty road has no speed, so none is shown.'
  }
  return speed === undefined ? 'This detector says no speed.' : 'No vehicle gave a speed in the last quarter of an hour.'
}

/** Share of time: half of it covered with nobody passing is no empty road. Ours; no document sets it. */
const STANDING = 0.5
