import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { createAnnouncer } from './announce.ts'
import { stateFacts, type StateInput } from './state-facts.ts'

const plan: CityPlan = { id: 'x', name: 'Xanten', country: 'DE', timeZone: 'Europe/Berlin', anchor: [6.4, 51.7], bounds: [6, 51, 7, 52], layers: ['noise'], expectedIntervalS: {}, brokers: [{ id: 'b', name: 'City broker', simulated: false }], basemap: { kind: 'outline' } }
const counters: CityStatus['counters'] = { notifications: 0, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 }
const status = (mode: CityStatus['mode'], broker: 'connecting' | 'live' | 'down' = 'live'): CityStatus => ({ mode, sinceMs: 0, clockOffsetMs: 0, brokers: [{ id: 'b', state: broker }], counters })
const layer = (reporting: number): StateInput['layers'][number] => ({ id: 'noise', name: 'Noise', hasCome: true, reporting, known: 5, other: 0 })
const input = (rest: Partial<StateInput>): StateInput => ({ plan, status: status('live'), isHistory: false, layers: [layer(5)], ...rest })

/** What is said on the way through these states, one after the other with long silences between. */
function said(...states: readonly Partial<StateInput>[]): readonly (string | undefined)[] {
  const announcer = createAnnouncer()
  return states.map((state, index) => announcer.hear(stateFacts(input(state)), index * 60_000, 'state')).slice(1)
}

describe('what of a city is said aloud', () => {
  it('is nothing while nothing changes, and while values come and go', () => {
    expect(said({}, {}, { layers: [layer(3)] }, { layers: [layer(1)] })).toEqual([undefined, undefined, undefined])
  })

  it('tells pause and its end', () => {
    expect(said({}, { status: status('paused') }, {})).toEqual(['Paused: the values of Xanten stand still.', 'Xanten is live.'])
  })

  it('tells history and its end, not the steps between', () => {
    expect(said({}, { isHistory: true }, { isHistory: true, status: status('history') }, { status: status('connecting') }, {})).toEqual(['History: what is shown of Xanten is past, not live.', undefined, undefined, 'Xanten is live.'])
  })

  it('tells a feed that is lost and back, and not that it connects', () => {
    expect(said({}, { status: status('live', 'down') }, { status: status('live', 'connecting') }, {})).toEqual(['Feed lost: City broker.', undefined, 'Feed is back: City broker.'])
  })

  it('tells a broken line as one thing', () => {
    expect(said({}, { status: status('retrying', 'down'), layers: [layer(0)] })).toEqual(['No connection to Xanten; last values shown.'])
  })

  it('tells a layer that fell silent', () => {
    expect(said({}, { layers: [layer(0)] }, {})).toEqual(['Noise: no sensor reports any more.', 'Noise reports again.'])
  })

  it('says nothing of a city that comes up', () => {
    expect(said({ status: undefined }, { status: status('connecting') }, {})).toEqual([undefined, 'Xanten is live.'])
  })
})
