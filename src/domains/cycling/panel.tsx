/** What an official reads beside a count: the flow, its place among the counters, or how full a station is. */
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'
import { dockAvailability } from './compute-docks.ts'

const DOCK_WORDS = { available: 'bicycles and docks', empty: 'no bicycle', full: 'no free dock', noService: 'out of service' } as const

export function CyclingPanel({ frame, roster, reading }: PanelProps) {
  const { bicycles, bikesAvailable, docksFree, docksTotal, docksOutOfService } = reading?.values ?? {}
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (bicycles !== undefined && reading?.periodMs !== undefined) {
    facts.push({ name: `Counted in ${formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min')}`, value: formatNumber(bicycles) })
  }
  if (rank !== undefined) facts.push({ name: 'Busier than', value: `${formatNumber(rank.below)} of ${formatNumber(rank.others)} others` })
  if (bikesAvailable !== undefined && docksFree !== undefined) {
    const docks = dockAvailability({ bikes: bikesAvailable, freeDocks: docksFree, totalDocks: docksTotal, outOfService: docksOutOfService })
    facts.push({ name: 'Station has', value: DOCK_WORDS[docks.state] })
    if (docks.bikeRatio !== undefined) facts.push({ name: 'Filled', value: formatQuantity(docks.bikeRatio * 100, 0, '%') })
    if (docks.unaccounted !== undefined && docks.unaccounted !== 0) facts.push({ name: 'Docks unaccounted for', value: formatNumber(docks.unaccounted) })
  }
  return (
    <Facts title="How to read it" facts={facts} caveat="A counter sees one path. Counts in a period are turned into bicycles per hour before they are compared; a day with gaps is not a quiet day.">
      <p>{bikesAvailable === undefined ? 'Bicycles that passed this counter, as a flow per hour.' : 'Bicycles and docks of this station as it last said.'}</p>
    </Facts>
  )
}
