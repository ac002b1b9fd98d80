/** What an official reads beside a count: the flow, its place among the counters, or how full a station is. */
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'
import { dockAvailability } from './compute-docks.ts'
import { RIDE_EVENTS, RIDER_FLOOR, type RideEvent } from './compute-rides.ts'
import { RIDE_CELL } from './read.ts'

const DOCK_WORDS = { available: 'bicycles and docks', empty: 'no bicycle', full: 'no free dock', noService: 'out of service' } as const

export function CyclingPanel({ frame, roster, reading }: PanelProps) {
  const { bicycles, bikesAvailable, docksFree, docksTotal, docksOutOfService } = reading?.values ?? {}
  if (reading?.entityType === RIDE_CELL) return <RideCell values={reading.values} />
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

const EVENT_WORDS: Readonly<Record<RideEvent, string>> = { braking: 'Hard braking', swerving: 'Swerving', nearMiss: 'Near misses' }

/** What volunteers' lights told of one hour in one cell; of too few of them, nothing. */
function RideCell({ values }: { readonly values: Readonly<Record<string, number>> }) {
  const { speed, roughness, rideKm } = values
  const facts: Fact[] = []
  if (rideKm !== undefined) facts.push({ name: 'Ridden in the hour, about', value: formatQuantity(rideKm, 1, 'km') })
  if (speed !== undefined) facts.push({ name: 'Mean speed', value: formatQuantity(speed, 0, 'km/h') })
  if (roughness !== undefined) facts.push({ name: 'Roughness felt, RMS', value: formatQuantity(roughness, 1, 'm/s²') })
  for (const event of RIDE_EVENTS) {
    const [rate, lower, upper] = [values[event], values[`${event}Lower`], values[`${event}Upper`]]
    if (rate !== undefined && lower !== undefined && upper !== undefined) {
      facts.push({ name: `${EVENT_WORDS[event]} per 1000 km`, value: `${formatNumber(rate)} (95 %: ${formatNumber(lower)} to ${formatNumber(upper)})` })
    }
  }
  return (
    <Facts
      title="How to read it"
      facts={facts}
      caveat={`Told once an hour, of ${RIDER_FLOOR.public} different riders and more unless the city asks for another floor. Volunteers are no sample of all who ride. None seen is not none to come: the limits are exact (Garwood).`}
    >
      <p>What riders’ own lights felt in this cell over an hour, put together in the server. No ride and no rider leaves it.</p>
    </Facts>
  )
}
