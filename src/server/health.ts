/**
 * Is the server alive, and is it any use? Alive is answering at all. Ready is: cities are served, and at
 * least one broker's notifications have a way here. Which one is not, the answer says.
 */
import type { BrokerAccessStats } from './access/access.ts'
import type { PrivacyFloor } from './privacy/privacy-floor.ts'
import type { DoorStats } from './relay/notify-door.ts'
import type { CityHub } from './relay/city-hub.ts'
import type { BrokerHealth, RelayStats } from './relay/relay.ts'

export interface Readiness {
  readonly ready: boolean
  /** One sentence, when it is not. */
  readonly reason?: string
  readonly cities: readonly {
    readonly city: string
    readonly live: boolean
    readonly brokers: readonly { readonly broker: string; readonly state: string; readonly detail?: string }[]
  }[]
}

export function readinessOf({ cities }: RelayStats): Readiness {
  const told = cities.map(({ city, brokers }) => ({
    city,
    live: brokers.some(({ state }) => state === 'live'),
    brokers: brokers.map(({ broker, state, detail }) => ({ broker, state, ...(detail !== undefined && { detail }) })),
  }))
  const reason = reasonOf(told)
  return { ready: reason === undefined, ...(reason !== undefined && { reason }), cities: told }
}

function reasonOf(cities: Readiness['cities']): string | undefined {
  if (cities.length === 0) return 'no city is served'
  if (cities.some(({ live }) => live)) return undefined
  const brokers = cities.flatMap(({ city, brokers: all }) => all.map(({ broker, state, detail }) => `${city}/${broker} is ${state}${detail === undefined ? '' : ` (${detail})`}`))
  return `no broker is live: ${brokers.join(', ') || 'none has been asked yet'}`
}

/** What is held back because it is about people: numbers only. */
export interface PrivacyCounts {
  readonly withheldFromAnswers: number
  readonly cities: PrivacyFloor['stats']
}

/** Everything that is counted, for the screen on which losses are shown. */
export function healthOf(given: { readonly startedAtMs: number; readonly nowMs: number; readonly door: DoorStats; readonly relay: RelayStats; readonly privacy?: PrivacyCounts; readonly access?: readonly BrokerAccessStats[] }) {
  const { startedAtMs, nowMs, door, relay, privacy, access } = given
  const { rss, heapUsed } = process.memoryUsage()
  return { serverTimeMs: nowMs, uptimeS: Math.round((nowMs - startedAtMs) / 1000), memory: { rssBytes: rss, heapBytes: heapUsed }, door, cities: relay.cities, ...(privacy !== undefined && { privacy }), ...(access !== undefined && { access }) }
}

/** One city for the screen Health: what pages cannot see of its brokers. No address, no header, no secret. */
export function cityHealthOf(given: { readonly city: string; readonly nowMs: number; readonly startedAtMs: number; readonly hub: CityHub; readonly relay: RelayStats; readonly brokers: ReadonlyMap<string, BrokerHealth>; readonly access: readonly BrokerAccessStats[]; readonly door: DoorStats }) {
  const { city, nowMs, startedAtMs, hub, relay, brokers, access, door } = given
  const states = relay.cities.find((one) => one.city === city)?.brokers ?? []
  return {
    serverTimeMs: nowMs,
    startedAtMs,
    hub: hub.stats,
    door,
    brokers: states.map((state) => {
      const line = access.find((one) => one.city === city && one.broker === state.broker)
      const { heard, ...more } = brokers.get(state.broker) ?? {}
      return {
        ...state,
        ...more,
        ...(heard !== undefined && { heard }),
        ...(line !== undefined && { line: { access: line.access, circuit: line.circuit, latency: line.latency, late: line.late, tooLarge: line.tooLarge, turnedAway: line.turnedAway } }),
      }
    }),
  }
}
