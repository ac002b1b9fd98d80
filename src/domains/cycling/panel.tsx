/** What an official reads beside a count: the flow, its place among the counters, or how full a station is. */
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { defineMessage, say, type Message } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'
import { dockAvailability } from './compute-docks.ts'
import { RIDE_EVENTS, RIDER_FLOOR, type RideEvent } from './compute-rides.ts'
import { RIDE_CELL } from './read.ts'

const DOCK_WORDS = {
  available: defineMessage({ id: 'cycling.docks.available', defaultMessage: 'bicycles and docks' }),
  empty: defineMessage({ id: 'cycling.docks.empty', defaultMessage: 'no bicycle' }),
  full: defineMessage({ id: 'cycling.docks.full', defaultMessage: 'no free dock' }),
  noService: defineMessage({ id: 'cycling.docks.noService', defaultMessage: 'out of service' }),
} as const

export function CyclingPanel({ frame, roster, reading }: PanelProps) {
  const { bicycles, bikesAvailable, docksFree, docksTotal, docksOutOfService } = reading?.values ?? {}
  if (reading?.entityType === RIDE_CELL) return <RideCell values={reading.values} />
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (bicycles !== undefined && reading?.periodMs !== undefined) {
    facts.push({ name: say({ id: 'panel.countedIn', defaultMessage: 'Counted in {length}' }, { length: formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min') }), value: formatNumber(bicycles) })
  }
  if (rank !== undefined) facts.push({ name: say({ id: 'cycling.panel.busier', defaultMessage: 'Busier than' }), value: say({ id: 'panel.ofOthers', defaultMessage: '{part} of {whole} others' }, { part: formatNumber(rank.below), whole: formatNumber(rank.others) }) })
  if (bikesAvailable !== undefined && docksFree !== undefined) {
    const docks = dockAvailability({ bikes: bikesAvailable, freeDocks: docksFree, totalDocks: docksTotal, outOfService: docksOutOfService })
    facts.push({ name: say({ id: 'cycling.panel.station', defaultMessage: 'Station has' }), value: say(DOCK_WORDS[docks.state]) })
    if (docks.bikeRatio !== undefined) facts.push({ name: say({ id: 'cycling.panel.filled', defaultMessage: 'Filled' }), value: formatQuantity(docks.bikeRatio * 100, 0, '%') })
    if (docks.unaccounted !== undefined && docks.unaccounted !== 0) facts.push({ name: say({ id: 'cycling.panel.unaccounted', defaultMessage: 'Docks unaccounted for' }), value: formatNumber(docks.unaccounted) })
  }
  return (
    <Facts title={say({ id: 'panel.how', defaultMessage: 'How to read it' })} facts={facts} caveat={say({ id: 'cycling.panel.caveat', defaultMessage: 'A counter sees one path. Counts in a period are turned into bicycles per hour before they are compared; a day with gaps is not a quiet day.' })}>
      <p>{bikesAvailable === undefined ? say({ id: 'cycling.panel.counter', defaultMessage: 'Bicycles that passed this counter, as a flow per hour.' }) : say({ id: 'cycling.panel.stationText', defaultMessage: 'Bicycles and docks of this station as it last said.' })}</p>
    </Facts>
  )
}

const EVENT_WORDS: Readonly<Record<RideEvent, Message>> = {
  braking: defineMessage({ id: 'cycling.measure.braking', defaultMessage: 'Hard braking per 1000 km' }),
  swerving: defineMessage({ id: 'cycling.measure.swerving', defaultMessage: 'Swerving per 1000 km' }),
  nearMiss: defineMessage({ id: 'cycling.measure.nearMiss', defaultMessage: 'Near misses per 1000 km' }),
}

/** What volunteers' lights told of one hour in one cell; of too few of them, nothing. */
function RideCell({ values }: { readonly values: Readonly<Record<string, number>> }) {
  const { speed, roughness, rideKm } = values
  const facts: Fact[] = []
  if (rideKm !== undefined) facts.push({ name: say({ id: 'cycling.panel.ridden', defaultMessage: 'Ridden in the hour, about' }), value: formatQuantity(rideKm, 1, 'km') })
  if (speed !== undefined) facts.push({ name: say({ id: 'cycling.measure.speed', defaultMessage: 'Mean speed' }), value: formatQuantity(speed, 0, 'km/h') })
  if (roughness !== undefined) facts.push({ name: say({ id: 'cycling.measure.roughness', defaultMessage: 'Roughness felt, RMS' }), value: formatQuantity(roughness, 1, 'm/s²') })
  for (const event of RIDE_EVENTS) {
    const [rate, lower, upper] = [values[event], values[`${event}Lower`], values[`${event}Upper`]]
    if (rate !== undefined && lower !== undefined && upper !== undefined) {
      facts.push({ name: say(EVENT_WORDS[event]), value: say({ id: 'cycling.panel.rate', defaultMessage: '{rate} (95 %: {lower} to {upper})' }, { rate: formatNumber(rate), lower: formatNumber(lower), upper: formatNumber(upper) }) })
    }
  }
  return (
    <Facts
      title={say({ id: 'panel.how', defaultMessage: 'How to read it' })}
      facts={facts}
      caveat={say({ id: 'cycling.panel.rideCaveat', defaultMessage: 'Told once an hour, of {riders} different riders and more unless the city asks for another floor. Volunteers are no sample of all who ride. None seen is not none to come: the limits are exact (Garwood).' }, { riders: RIDER_FLOOR.public })}
    >
      <p>{say({ id: 'cycling.panel.rideText', defaultMessage: 'What riders’ own lights felt in this cell over an hour, put together in the server. No ride and no rider leaves it.' })}</p>
    </Facts>
  )
}
