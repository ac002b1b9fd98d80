/**
 * Is the server alive, and is it any use? Alive is answering at all. Ready is: cities are served, and at
 * least one broker's notifications have a way here. Which one is not, the answer says.
 */
import type { DoorStats } from './relay/notify-door.ts'
import type { RelayStats } from './relay/relay.ts'

export interface Readiness {
  readonly ready: boolean
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
  return { ready: told.some(({ live }) => live), cities: told }
}

/** Everything that is counted, for the screen on which losses are shown. */
export function healthOf(given: { readonly startedAtMs: number; readonly nowMs: number; readonly door: DoorStats; readonly relay: RelayStats }) {
  const { startedAtMs, nowMs, door, relay } = given
  const { rss, heapUsed } = process.memoryUsage()
  return { serverTimeMs: nowMs, uptimeS: Math.round((nowMs - startedAtMs) / 1000), memory: { rssBytes: rss, heapBytes: heapUsed }, door, cities: relay.cities }
}
