import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { LayerSummary } from '../sentence.ts'
import { dataFacts, entityIdOf } from './data-facts.ts'
import { diagnosticText } from './diagnostic.ts'
import type { BrokerHealth, CityHealth } from './read-health.ts'
import { brokerWords, feedState, incidentsOf, remedyFor, type Feed } from './troubles.ts'

const NOW = Date.parse('2026-11-20T12:00:00Z')
const PLAN: CityPlan = {
  id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2],
  layers: ['noise'], expectedIntervalS: {}, basemap: { kind: 'outline' }, contact: 'sensors@porto.example',
  brokers: [{ id: 'main', name: 'City Orion', simulated: false }, { id: 'second', name: 'Second', simulated: false }],
}
const LINE: NonNullable<BrokerHealth['line']> = { access: { kind: 'headers' }, circuit: { state: 'closed' }, latency: { count: 0 }, late: 0, tooLarge: 0, turnedAway: 0 }

function broker(id: string, more: Partial<BrokerHealth> = {}): BrokerHealth {
  return { broker: id, state: 'live', sinceMs: NOW - 60_000, clockOffsetMs: 0, intake: { notifications: 0, malformed: 0, duplicates: 0, lost: 0, withheld: 0 }, line: LINE, subscriptions: { wanted: 1, held: 1 }, ...more }
}
const healthOf = (...brokers: BrokerHealth[]): CityHealth => ({ serverTimeMs: NOW, startedAtMs: 0, hub: { readers: 0, coalesced: 0, replayed: 0, resyncs: 0, stuck: 0 }, door: { accepted: 0, refused: 0, tooLong: 0, dropped: 0 }, brokers })
function feed(id: string, summary: Partial<LayerSummary> = {}, brokers: readonly string[] = []): Feed {
  return { id, name: id, expectedMs: 60_000, oldestMs: 0, medianMs: 0, brokers, summary: { name: id, hasCome: true, known: 40, other: 0, reporting: 40, fresh: 40, late: 0, lost: 0, clockError: 0, ...summary } }
}
const incidents = (health: CityHealth | undefined, ...feeds: Feed[]) => incidentsOf({ plan: PLAN, health, feeds, nowMs: NOW })
const DOWN = { state: 'down', sinceMs: NOW - 12 * 60_000, detail: 'unreachable: fetch failed', subscriptions: { wanted: 1, held: 0 } } as const

describe('a dead broker', () => {
  const lost = { fresh: 0, lost: 40, newestMs: NOW - 3_600_000 }

  it('is one incident with its age and its sensors, and no alarm of each layer', () => {
    const found = incidents(healthOf(broker('main', DOWN)), feed('noise', lost), feed('air', lost))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ id: 'broker:main', rank: 'alarm' })
    expect(found[0]!.what).toMatch(/^City Orion is down since .*\(12\u00A0min\)\. 2 layers are grey, 80 sensors in all\.$/)
    expect(found[0]!.todo).toBe('Nobody answers at its address: see whether it runs and whether a firewall is between. Ask sensors@porto.example.')
  })

  it('is one incident also where the privacy floor is down with it', () => {
    const { line: _, ...floor } = broker('floor', DOWN)
    expect(incidents(healthOf(broker('main', DOWN), floor), feed('noise', lost)).map(({ id }) => id)).toEqual(['broker:main'])
  })

  it('turns grey what comes from it, and nothing else', () => {
    const { line: _, ...floor } = broker('floor')
    const brokers = [broker('main', DOWN), broker('second'), floor]
    expect(feedState(feed('noise', lost, ['main']), brokers)).toBe('grey')
    expect(feedState(feed('air', {}, ['second']), brokers)).toBe('ok')
    expect(feedState(feed('rain', {}, ['main', 'second']), brokers)).toBe('ok')
    // Nobody knows where it comes from: one broker is still there.
    expect(feedState(feed('cycling', lost), brokers)).toBe('lost')
  })
})

describe('a feed', () => {
  it.each<[name: string, summary: Partial<LayerSummary>, state: string]>([
    ['all on time', {}, 'ok'],
    ['a few late', { fresh: 38, late: 2 }, 'ok'],
    ['many late', { fresh: 20, late: 20 }, 'late'],
    ['many stamped in the future', { fresh: 20, clockError: 20 }, 'late'],
    ['all lost', { fresh: 0, lost: 40 }, 'lost'],
    ['no sensor', { fresh: 0, known: 0 }, 'none'],
    ['nothing read yet', { hasCome: false }, 'coming'],
  ])('with %s', (_, summary, state) => expect(feedState(feed('noise', summary), [broker('main')])).toBe(state))
})

describe('every incident', () => {
  const all = [
    ...incidents(healthOf(broker('main', DOWN), broker('second', { subscriptions: { wanted: 1, held: 0 }, clockOffsetMs: 7_200_000 })), feed('noise', { fresh: 0, lost: 40 }, ['second']), feed('air', { fresh: 1, late: 39 }, ['second'])),
    ...incidents(healthOf(broker('main', { line: { ...LINE, access: { kind: 'client-credentials', state: 'failing', detail: 'the token server refused' } } }))),
    ...incidentsOf({ plan: PLAN, health: undefined, feeds: [], rejected: [{ reason: 'noise: unknown-unit', count: 3 }, { reason: 'no layer reads this type', count: 9 }], nowMs: NOW }),
  ]

  it('ends in what to do and whom to ask', () => {
    expect(all.map(({ id }) => id)).toEqual(['broker:main', 'subscription:second', 'clock:second', 'feed:noise', 'feed:air', 'access:main', 'data'])
    for (const { todo } of all) expect(todo).toMatch(/^[A-Z].*\. Ask sensors@porto\.example\.$/)
  })

  it('says so when nobody is named', () => {
    const { contact: _, ...plan } = PLAN
    expect(incidentsOf({ plan, health: healthOf(broker('main', DOWN)), feeds: [], nowMs: NOW })[0]!.todo).toContain('their contact is not in the configuration')
  })

  it('does not stand for what no layer is about', () => expect(all.at(-1)!.what).toBe('3 entities could not be read.'))
})

describe('a failure', () => {
  it.each([
    ['rejected 401: no', /token or key/],
    ['rejected 404', /url and tenant/],
    ['rejected 429', /quota/],
    ['timeout: no answer within 10000 ms', /too slow/],
    ['rejected 503: overloaded', /its log/],
    ['malformed 200: expected JSON', /proxy/],
    ['something new', /whether it runs/],
  ])('is told with what to do: %s', (detail, words) => expect(remedyFor(detail)).toMatch(words))

  it('of a broker is not called one of the server', () => expect(brokerWords('fetch failed')).toBe('The broker does not answer.'))
})

describe('the text for an e-mail', () => {
  const text = diagnosticText({
    plan: PLAN, version: '1', nowMs: NOW, incidents: incidents(healthOf(broker('main', DOWN))), feeds: [feed('noise')], facts: dataFacts(undefined, [], 2), health: healthOf(broker('main', DOWN)), reports: [],
    status: { mode: 'live', sinceMs: 0, clockOffsetMs: 0, brokers: [], counters: { notifications: 1, entities: 1, readings: 1, rejected: [{ reason: 'bad', count: 1, example: 'urn:x:1\nIncidents\n  none' }], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 } },
  })

  it('has the incident, the feed, the broker and the losses', () => {
    for (const words of ['City Orion is down', 'noise: 40 of 40 on time', 'main: down', 'Stamped in the future: 2', 'not read, 1 × bad']) expect(text).toContain(words)
  })

  it('cannot be given lines by a broker', () => expect(text.split('\n').filter((line) => line === 'Incidents')).toHaveLength(1))
})

it('an example names its entity first', () => {
  expect(entityIdOf('urn:ngsi-ld:NoiseLevelObserved:17 LAeq: expected a number')).toBe('urn:ngsi-ld:NoiseLevelObserved:17')
  expect(entityIdOf(' [3].id: expected')).toBeUndefined()
})
