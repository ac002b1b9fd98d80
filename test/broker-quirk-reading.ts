/** Quirks that change how we read, or how the relay behaves: payloads written by hand in each broker's manner. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { ok } from '../src/core/result.ts'
import { createClient } from '../src/ngsi-ld/client.ts'
import { readDiscovery } from '../src/ngsi-ld/discovery.ts'
import { attribute } from '../src/ngsi-ld/entity.ts'
import { readProblem } from '../src/ngsi-ld/problem.ts'
import { readNotification, type Notification } from '../src/ngsi-ld/notification.ts'
import { decodeTemporal } from '../src/ngsi-ld/temporal.ts'
import { createCityHub } from '../src/server/relay/city-hub.ts'
import { createIntake } from '../src/server/relay/intake.ts'
import { createNotifyDoor } from '../src/server/relay/notify-door.ts'
import { createSubscriptionOwner, LIFETIME_MS } from '../src/server/relay/subscription-owner.ts'
import { profileOf } from '../src/ngsi-ld/profile/profiles.ts'
import { createBrokerAccess } from '../src/workers/session/broker-access.ts'
import { ANCHOR, draw, sensorIn, start, START, stream } from './aggregator-in-hand.ts'
import { clientOf, type QuirkCase } from './broker-quirk-asking.ts'
import { createTestClock } from './running-broker.ts'

const ID = 'urn:ngsi-ld:Thermometer:1'
const at = (ms: number): string => new Date(START + ms).toISOString()
const location = { type: 'GeoProperty', value: { type: 'Point', coordinates: ANCHOR } }
const property = (value: unknown, ms: number, more: object = {}): object => ({ type: 'Property', value, observedAt: at(ms), ...more })
const whole = { id: ID, type: 'Thermometer', location, temperature: property(20, 0), humidity: property(0.4, 0) }
const notificationOf = (data: unknown, more: object = {}): object => ({ id: 'urn:ngsi-ld:Notification:1', type: 'Notification', subscriptionId: 'urn:s', notifiedAt: at(0), data, ...more })

function read(payload: unknown): Notification {
  const notification = readNotification(payload)
  if (!notification.ok) throw new Error(notification.error.reason)
  expect(notification.value.rejected).toEqual([])
  return notification.value
}

/** What the map shows of the sensor after each payload. */
function shown(...payloads: readonly unknown[]) {
  const clock = { ms: START + 5_000 }
  const aggregator = start(clock)
  return payloads.map((payload) => {
    stream(aggregator, read(payload).entities)
    return sensorIn(draw(aggregator), ID)?.latest
  })
}

/** The sensor is gone after each of them, and the next reading that is newer brings it back. */
function buries(...deletes: readonly object[]): void {
  for (const deleted of deletes) {
    const late = notificationOf([{ ...whole, temperature: property(19, 500) }])
    const anew = notificationOf([{ ...whole, temperature: property(22, 3_000), humidity: property(0.4, 3_000) }])
    expect(shown(notificationOf([whole]), notificationOf([deleted]), late, anew)).toEqual([20, undefined, undefined, 22])
  }
}

/** The attribute is none any more, the other one is as it was. */
function leavesHumidityOut(...payloads: readonly object[]): void {
  for (const payload of payloads) {
    const [entity] = read(notificationOf([payload])).entities
    expect(attribute(entity!, 'temperature')).toMatchObject({ kind: 'Property', value: 21 })
    const humidity = attribute(entity!, 'humidity')
    expect(humidity === undefined || humidity.kind === 'Deleted').toBe(true)
    expect(shown(notificationOf([whole]), notificationOf([payload]))).toEqual([20, 21])
  }
}

/** The owner of one subscription, for a look or two; what it sends. */
async function owned(held: { readonly isActive?: boolean; readonly status?: string }, offsetMs = 0): Promise<{ readonly created: unknown[]; readonly patches: object[] }> {
  const created: unknown[] = []
  const patches: object[] = []
  const wish = { id: 'urn:s:1', entities: [{ type: 'A' }], notification: { endpoint: { uri: 'http://relay/x' } } }
  let looks = 0
  const owner = createSubscriptionOwner({
    broker: 'b',
    id: wish.id,
    wish: () => ok(wish),
    meet: () => Promise.resolve(),
    clockOffsetMs: () => offsetMs,
    isOrphan: () => false,
    onState: () => undefined,
    onMissed: () => undefined,
    effects: { now: () => START, random: () => 0.5, wait: () => (++looks > 1 ? new Promise(() => undefined) : Promise.resolve()) },
    api: {
      ...clientOf('orion-ld').client,
      listSubscriptions: () => Promise.resolve(ok({ subscriptions: created.length === 0 ? [] : [{ ...wish, ...(held.isActive !== undefined && { isActive: held.isActive }), state: { status: held.status as 'paused' } }], rejected: [], end: 'complete' })),
      createSubscription: (subscription) => {
        created.push(subscription)
        return Promise.resolve(ok(wish.id))
      },
      patchSubscription: (_, patch) => {
        patches.push(patch)
        return Promise.resolve(ok(undefined))
      },
    },
  })
  owner.start()
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
  return { created, patches }
}

export const READING: Readonly<Record<string, QuirkCase>> = {
  async 'generic/pages-overlap'() {
    const { client } = clientOf('generic', (url) => ({ body: Array.from({ length: url.searchParams.has('offset') ? 30 : 100 }, (_, n) => ({ id: `urn:${n + (url.searchParams.has('offset') ? 90 : 0)}`, type: 'T' })) }))
    const ids: unknown[] = []
    for await (const page of client.queryEntities({ types: ['T'] })) if (page.ok) ids.push(...page.value.entities.map((one) => (one as { id: string }).id))
    expect(ids).toEqual(Array.from({ length: 120 }, (_, n) => `urn:${n}`))
  },
  'generic/lists-of-one'() {
    expect(shown(notificationOf({ ...whole, type: ['Thermometer'], temperature: [property(20, 0)] }))).toEqual([20])
    expect(shown(notificationOf([{ ...whole, location: [location] }]))).toEqual([20])
  },
  'generic/deletes'() {
    buries({ id: ID, type: 'Thermometer', deletedAt: at(1_000) })
    const updated = { ...whole, temperature: property(21, 1_000) }
    leavesHumidityOut(
      { ...updated, humidity: 'urn:ngsi-ld:null' },
      { ...updated, humidity: { type: 'Property', value: 'urn:ngsi-ld:null' } },
      { ...updated, humidity: { type: 'Property', value: 'urn:ngsi-ld:null', previousValue: 0.4 } },
      { ...updated, humidity: { value: 'urn:ngsi-ld:null' } },
      { ...updated, humidity: { type: 'Relationship', object: 'urn:ngsi-ld:null' } },
      { ...updated, humidity: { type: 'LanguageProperty', languageMap: { '@none': 'urn:ngsi-ld:null' } } },
      { ...updated, humidity: { type: 'LanguageProperty', languageMap: 'urn:ngsi-ld:null' } },
      { ...updated, humidity: { type: 'JsonProperty', json: 'urn:ngsi-ld:null' } },
      { ...updated, humidity: { type: 'VocabProperty', vocab: 'urn:ngsi-ld:null' } },
      { ...updated, humidity: { type: 'Property', deletedAt: at(1_000) } },
      { ...updated, humidity: [{ type: 'Property', value: 'urn:ngsi-ld:null' }] },
    )
  },
  'generic/mixed-envelopes'() {
    const feature = { id: ID, type: 'Feature', geometry: location.value, properties: { type: 'Thermometer', location, temperature: property(20, 0) } }
    const bare = notificationOf([whole])
    expect([notificationOf(whole), notificationOf({ type: 'FeatureCollection', features: [feature] }), { body: bare }, { metadata: [{ 'Content-Type': 'application/json' }], body: bare }].map((payload) => shown(payload))).toEqual([[20], [20], [20], [20]])
  },

  async 'orion-ld/pauses'() {
    const { patches } = await owned({ isActive: false, status: 'paused' })
    expect(patches[0]).toMatchObject({ isActive: true })
  },
  async 'orion-ld/expires-by-its-clock'() {
    const { created } = await owned({}, 2 * 3_600_000)
    expect(created[0]).toMatchObject({ expiresAtMs: START + 2 * 3_600_000 + LIFETIME_MS })
  },
  'orion-ld/attribute-left-out'() {
    const { humidity: _, ...rest } = whole
    leavesHumidityOut({ ...rest, temperature: property(21, 1_000) })
    buries({ id: ID, type: 'Thermometer', deletedAt: at(1_000) })
  },

  'scorpio/deleted-whole'() {
    buries({ ...whole, temperature: property(20, 0, { modifiedAt: at(0) }), createdAt: at(-1_000), modifiedAt: at(1_000), deletedAt: at(1_000), '@context': ['https://example.org/context.jsonld'] })
  },
  'scorpio/notification-id'() {
    expect(read(notificationOf([whole], { id: 'notification:-5817263540912' }))).toMatchObject({ id: 'notification:-5817263540912' })
  },
  async 'scorpio/no-echo'() {
    const { patches } = await owned({ isActive: false })
    expect(patches.map((patch) => Object.keys(patch).toSorted())).toEqual([['expiresAt', 'isActive']])
  },
  async 'scorpio/silent-is-404'() {
    const { client, profile } = clientOf('scorpio', () => ({ status: 404, body: { type: 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound', title: 'Resource not found.' } }))
    const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined }
    expect(await createBrokerAccess(client, profile).pastOf('urn:a', { fromMs: 0, toMs: 1 }, signal)).toEqual({ ok: true, value: { entities: [], rejected: 0, partial: false } })
  },
  'scorpio/deleted-times'() {
    const { ok: [entity] } = decodeTemporal([{ id: ID, type: 'Thermometer', temperature: [{ deletedAt: at(2_000), instanceId: '5' }, property(20, 0)], deletedAt: [at(1_000), at(3_000)] }])
    expect([entity!.deletedAt, entity!.attributes.get('temperature')!.filter(({ kind }) => kind === 'Property')]).toMatchObject([START + 3_000, [{ value: 20 }]])
  },
  'scorpio/prefixed-list'() {
    const none = readDiscovery({ id: 'urn:ngsi-ld:EntityTypeList:1', type: 'EntityTypeList', 'ngsi-ld:typeList': [] })
    expect(none.ok && none.value.items).toEqual([])
  },
  'scorpio/names-of-errors'() {
    const problem = (name: string, status: number) => readProblem({ type: `https://uri.etsi.org/ngsi-ld/errors/${name}`, title: 'x' }, status)
    expect([problem('TooManyResults ', 403).name, problem('TenantNotFound', 404).name]).toEqual(['TooManyResults', 'NonexistentTenant'])
  },

  'stellio/bursts'() {
    const clock = createTestClock()
    const hub = createCityHub({ epoch: 'e', timers: clock })
    const intake = createIntake({ broker: 'b', hub, timers: clock, repeats: profileOf('stellio').repeats })
    let posted = 0
    const state = (value: number) => Buffer.from(JSON.stringify({ id: `urn:ngsi-ld:Notification:${++posted}`, type: 'Notification', data: [{ ...whole, temperature: property(value, 0) }] }))
    for (let n = 0; n < 3; n++) intake.receive(state(20), clock.now())
    intake.receive(state(21), clock.now())
    expect([hub.stats.seq, intake.stats.duplicates]).toEqual([2, 2])
    clock.advance(3_000)
    intake.receive(state(21), clock.now())
    expect(hub.stats.seq).toBe(3)
  },
  async 'stellio/success-is-200'() {
    const door = createNotifyDoor({ now: () => START })
    const { key } = door.open(() => undefined, () => undefined)
    const server = createServer((request, response) => void door.handle(request, response, key))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: 'POST', body: JSON.stringify(notificationOf([whole])) })
      expect([answer.status, await answer.text()]).toEqual([200, ''])
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  },
  'stellio/numbers-as-text'() {
    const { ok: [entity] } = decodeTemporal([{ id: ID, type: 'Thermometer', temperature: { type: 'Property', avg: [['20.5', at(0), at(3_600_000)]] } }])
    expect(entity!.aggregates.get('temperature')![0]!.series.get('avg')).toMatchObject([{ value: 20.5 }])
  },
  'stellio/single-instances'() {
    const { ok: [entity], rejected } = decodeTemporal({ id: ID, type: 'Thermometer', temperature: property(20, 0), humidity: { type: 'Property', values: [0.4, at(0)] } })
    expect(rejected).toEqual([])
    expect([entity!.attributes.get('temperature')!.length, entity!.attributes.get('humidity')]).toMatchObject([1, [{ value: 0.4, observedAt: START }]])
  },

  'diwise/type-list-property'() {
    const types = readDiscovery({ id: 'entity-type-list-default', type: 'EntityTypeList', typeList: { type: 'Property', value: ['Device', 'WaterQualityObserved'] } })
    expect(types.ok && types.value.items.map(({ name }) => name)).toEqual(['Device', 'WaterQualityObserved'])
  },
  'diwise/subscription-not-implemented'() {
    expect(read(notificationOf([whole], { subscriptionId: 'notimplemented' })).entities).toHaveLength(1)
  },

  async 'djane/errors-in-200'() {
    const client = createClient({ baseUrl: 'http://djane', fetch: () => Promise.resolve(new Response('{"success":false,"message":"No token provided."}')) })
    expect(await client.retrieveEntity('urn:a')).toMatchObject({ ok: false, error: { kind: 'problem', title: 'No token provided.' } })
  },
  'djane/notified-at'() {
    expect(read({ id: 'urn:ngsi-ld:Notification:4711', type: 'Notification', notifiedAt: 'Fri Nov 20 2026 13:00:00 GMT+0100 (Central European Standard Time)', context: 'https://example.org/c.jsonld', data: whole })).toMatchObject({ notifiedAt: START })
  },
  'djane/type-left-out'() {
    const { type: _, ...untyped } = whole
    expect(shown(notificationOf(untyped))).toEqual([20])
  },
}
