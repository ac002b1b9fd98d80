import { describe, expect, it } from 'vitest'
import type { BrokerPlan, Transport } from '../../configuration/city-plan.ts'
import type { CityStatus } from '../../workers/city.messages.ts'
import type { BrokerHealth } from './read-health.ts'
import { transportFacts } from './transport-words.ts'

const LINE: NonNullable<BrokerHealth['line']> = { access: { kind: 'headers' }, circuit: { state: 'closed' }, latency: { count: 0 }, late: 0, tooLarge: 0, turnedAway: 0 }
const broker = (more: Partial<BrokerHealth> = {}): BrokerHealth => ({ broker: 'main', state: 'live', sinceMs: 0, clockOffsetMs: 0, intake: { notifications: 0, malformed: 0, duplicates: 0, lost: 0, withheld: 0 }, line: LINE, ...more })
const plan = (transports?: readonly Transport[]): BrokerPlan => ({ id: 'main', name: 'Main', simulated: false, ...(transports !== undefined && { transports }) })
const own = (by: Transport, more: Partial<CityStatus['brokers'][number]> = {}): CityStatus['brokers'][number] => ({ id: 'main', state: 'live', by, ...more })

describe('the transport in use', () => {
  it.each<[by: Transport, words: RegExp]>([
    ['relay', /server-sent events/],
    ['mqtt', /MQTT over WebSocket/],
    ['orion-ws', /Orion-LD’s WebSocket, read by this server/],
    ['obelisk-events', /Obelisk’s event stream, read by this server/],
    ['poll', /^polling$/],
  ])('%s has a name, and is the first of its order without a word more', (by, words) => {
    const facts = transportFacts(plan([by, 'poll']), broker(), own(by, { detail: 'something else' }))
    expect(facts.inUse).toMatch(words)
    expect(facts.order).toMatch(/as configured/)
    expect(facts.fellBack).toBeUndefined()
  })

  it('that is not the first says why, in whose order', () => {
    const facts = transportFacts(plan(['mqtt', 'relay', 'poll']), broker(), own('poll', { left: 'mqtt: no connection to the MQTT server' }))
    expect(facts).toEqual({
      inUse: 'polling',
      order: 'Ways to hear it, as configured: MQTT over WebSocket → subscription, relayed as server-sent events → polling.',
      fellBack: 'Not heard by the first way: No connection to the MQTT server.',
    })
  })

  it('is what its kind allows where nothing is configured: a broker that takes no subscription is polled', () => {
    expect(transportFacts(plan(), broker({ known: { profile: 'djane', evidence: 'as configured' } }), undefined).order).toBe('Ways to hear it, as its kind allows: polling.')
    expect(transportFacts(plan(), broker(), undefined).order).toContain('as its kind allows: subscription, relayed as server-sent events → polling.')
  })

  it('is what the server says while this page has none: what it reads, and what it was refused', () => {
    expect(transportFacts(plan(['orion-ws', 'poll']), broker({ by: 'orion-ws' }), undefined).inUse).toMatch(/Orion-LD’s WebSocket/)
    expect(transportFacts(plan(), broker({ cannot: { relay: 'it refuses subscriptions (403)' } }), undefined)).toMatchObject({ inUse: 'polling', fellBack: 'Not heard by the first way: It refuses subscriptions (403).' })
  })

  it('that does not connect yet says so, and a part of this server has no order', () => {
    expect(transportFacts(plan(['mqtt', 'poll']), broker(), own('mqtt', { state: 'connecting' })).inUse).toBe('MQTT over WebSocket, connecting')
    const { line: _, ...floor } = broker()
    expect(transportFacts(plan(), floor, own('relay'))).toEqual({ inUse: 'subscription, relayed as server-sent events' })
  })
})
