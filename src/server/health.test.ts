import { describe, expect, it } from 'vitest'
import type { RelayBrokerState } from '../feed/relay-events.ts'
import { readinessOf } from './health.ts'
import type { RelayStats } from './relay/relay.ts'

const HUB = { readers: 0, seq: 0, coalesced: 0, replayed: 0, resyncs: 0, stuck: 0, replayBytes: 0 }
const INTAKE = { notifications: 0, entities: 0, unparsed: 0, malformed: 0, duplicates: 0, lost: 0, withheld: 0 }

function stats(cities: Readonly<Record<string, readonly (readonly [broker: string, state: RelayBrokerState['state'], detail?: string])[]>>): RelayStats {
  return {
    cities: Object.entries(cities).map(([city, brokers]) => ({
      city,
      hub: HUB,
      brokers: brokers.map(([broker, state, detail]) => ({ broker, state, sinceMs: 0, clockOffsetMs: 0, intake: INTAKE, ...(detail !== undefined && { detail }) })),
    })),
  }
}

describe('the server', () => {
  it('is ready when one feed of one city is live, and says which is not', () => {
    expect(readinessOf(stats({ porto: [['main', 'live']], milan: [['main', 'down', 'unreachable']] }))).toEqual({
      ready: true,
      cities: [
        { city: 'porto', live: true, brokers: [{ broker: 'main', state: 'live' }] },
        { city: 'milan', live: false, brokers: [{ broker: 'main', state: 'down', detail: 'unreachable' }] },
      ],
    })
  })

  it('is not ready while no feed is, and says why', () => {
    expect(readinessOf(stats({ porto: [['main', 'connecting'], ['other', 'down', 'timeout']] }))).toMatchObject({ ready: false, reason: 'no broker is live: porto/main is connecting, porto/other is down (timeout)' })
    expect(readinessOf(stats({ porto: [] }))).toMatchObject({ ready: false, reason: 'no broker is live: none has been asked yet' })
    expect(readinessOf(stats({}))).toMatchObject({ ready: false, reason: 'no city is served' })
  })
})
