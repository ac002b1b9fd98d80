/** What an official reads beside a speed: how many drive, how close together, and whether the road is empty or full. */
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'

export function TrafficPanel({ frame, roster, reading }: PanelProps) {
  const { vehicles, vehicleFlow, density, occupancy, speed } = reading?.values ?? {}
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (vehicleFlow !== undefined) facts.push({ name: 'Flow', value: formatQuantity(vehicleFlow, 0, 'vehicles/h') })
  if (vehicles !== undefined && reading?.periodMs !== undefined) {
    facts.push({ name: `Counted in ${formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min')}`, value: formatNumber(vehicles) })
  }
  if (density !== undefined) facts.push({ name: 'On each kilometre', value: formatQuantity(density, 0, 'vehicles') })
  if (occupancy !== undefined) facts.push({ name: 'Detector covered', value: formatQuantity(occupancy * 100, 0, '% of the time') })
  if (rank !== undefined) facts.push({ name: 'Faster than', value: `${formatNumber(rank.below)} of ${formatNumber(rank.others)} others` })
  return (
    <Facts title="How to read it" facts={facts} caveat="A low speed is not yet a jam: it has to be held against the street’s own free flow, which nobody has stated here. A detector sees one place and often one lane.">
      <p>{sentenceOf({ vehicles, speed, occupancy })}</p>
    </Facts>
  )
}

/** With nobody passing, the share of time that the detector is covered tells an empty road from a standing one. */
function sentenceOf({ vehicles, speed, occupancy }: { vehicles: number | undefined; speed: number | undefined; occupancy: number | undefined }): string {
  if (vehicles === 0) {
    if (occupancy !== undefined && occupancy > STANDING) return 'Nobody passed, yet the detector is covered: traffic stands on it.'
    return 'Nobody passed in the last period. An empty road has no speed, so none is shown.'
  }
  if (speed === undefined) return 'This detector counts, but says no speed.'
  return 'Mean speed of the vehicles that passed, so that slow ones weigh as long as they are on the way.'
}

/** Share of time: half of it covered with nobody passing is no empty road. Ours; no document sets it. */
const STANDING = 0.5
