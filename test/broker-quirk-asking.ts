/** Quirks that change what is sent: what a client or a subscription of that broker says on the wire. */
import { expect } from 'vitest'
import { createClient, type ClientOptions, type NgsiLdClient } from '../src/ngsi-ld/client.ts'
import type { Json } from '../src/ngsi-ld/entity.ts'
import { conformSubscription } from '../src/ngsi-ld/profile/conform.ts'
import type { ProfileId } from '../src/ngsi-ld/profile/profile.ts'
import { adviceFor, profileOf } from '../src/ngsi-ld/profile/profiles.ts'
import { withinBounds } from '../src/ngsi-ld/query.ts'
import { subscriptionBody, type Subscription } from '../src/ngsi-ld/subscription.ts'
import { createBrokerAccess } from '../src/workers/session/broker-access.ts'

export type QuirkCase = () => void | Promise<void>

interface Told {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: Record<string, string>
  readonly body: string | undefined
}

const SIGNAL = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined }

/** A client of such a broker, whose answers are a function; what was asked is kept. */
export function clientOf(id: ProfileId, answer: (url: URL) => Told = () => ({ body: [] }), options: Partial<ClientOptions> & { readonly temporalElsewhere?: boolean } = {}): { readonly client: NgsiLdClient; readonly asked: Asked[]; readonly profile: () => ReturnType<typeof profileOf> } {
  const asked: Asked[] = []
  const profile = () => profileOf(id, options)
  const client = createClient({
    baseUrl: 'http://broker',
    profile,
    fetch(url, { method, headers, body }) {
      asked.push({ method, url: new URL(url), headers, body })
      const { status = 200, headers: told = {}, body: json } = answer(asked.at(-1)!.url)
      return Promise.resolve(new Response(JSON.stringify(json), { status, headers: told }))
    },
    ...options,
  })
  return { client, asked, profile }
}

async function read(client: NgsiLdClient, query: Parameters<NgsiLdClient['queryEntities']>[0]): Promise<Json[]> {
  const entities: Json[] = []
  for await (const page of client.queryEntities(query)) if (page.ok) entities.push(...page.value.entities)
  return entities
}

/** As wanted by someone who knows no broker. */
const WANTED: Subscription = {
  id: 'urn:s:1',
  entities: [{ type: 'Device' }],
  watchedAttributes: [],
  geo: withinBounds([0, 0, 1, 1]),
  throttlingS: 5,
  scopeQ: '/a',
  triggers: ['entityDeleted'],
  notification: { format: 'simplified', sysAttrs: true, attributes: [], endpoint: { uri: 'http://relay/notify/x', accept: 'application/geo+json', cooldownMs: 5, timeoutMs: 5 } },
}

/** The body that such a broker gets; undefined when it gets none. */
export function subscriptionFor(id: ProfileId, wanted: Subscription = WANTED): Record<string, any> | undefined { // eslint-disable-line typescript/no-explicit-any -- bodies are looked into
  const conformed = conformSubscription(wanted, profileOf(id))
  return conformed.ok ? subscriptionBody(conformed.value) : undefined
}

const MANY_IDS = Array.from({ length: 600 }, (_, index) => `urn:ngsi-ld:Device:${'x'.repeat(20)}${index}`)

async function bodiesOf(id: ProfileId, bytesOfAnId: number, count: number): Promise<readonly number[]> {
  const { client, asked } = clientOf(id)
  const ids = Array.from({ length: count }, (_, index) => `urn:ngsi-ld:Device:${String(index).padStart(bytesOfAnId, '0')}`)
  await read(client, { types: ['Device'], ids })
  const seen = asked.flatMap(({ body }) => (JSON.parse(body!) as { entities: { id: string }[] }).entities.map((one) => one.id))
  expect(seen).toEqual(ids)
  return asked.map(({ body }) => Buffer.byteLength(body!))
}

const limitOf = (id: ProfileId): QuirkCase => async () => {
  const { client, asked } = clientOf(id)
  await read(client, { types: ['Device'] })
  expect(asked[0]!.url.searchParams.get('limit')).toBe(String(/\d+$/.exec(LIMITS[id]!)![0]))
}
const LIMITS: Partial<Record<ProfileId, string>> = { generic: '100', 'orion-ld': '1000', scorpio: '1000', stellio: '100' }

const noTenant = (id: ProfileId): QuirkCase => async () => {
  const { client, asked } = clientOf(id, undefined, { tenant: 'porto' })
  await client.retrieveEntity('urn:a')
  expect(asked[0]!.headers).not.toHaveProperty('NGSILD-Tenant')
}

const pageByOffset: QuirkCase = async () => {
  const { client, asked } = clientOf('generic', (url) => ({ body: url.searchParams.has('offset') ? [] : Array.from({ length: 100 }, (_, n) => ({ id: `urn:${n}`, type: 'T' })), headers: { Link: '<http://inside:9090/other>;rel="next"' } }))
  await read(client, { types: ['T'] })
  expect(asked.map(({ url }) => url.host + url.search)).toEqual(['broker?type=T&limit=100&count=true', 'broker?type=T&limit=100&offset=100&count=true'])
}

export const ASKING: Readonly<Record<string, QuirkCase>> = {
  'generic/limit-100': limitOf('generic'),
  'generic/offset-not-link': pageByOffset,
  'generic/conservative-subscription'() {
    expect(subscriptionFor('generic')).toEqual({
      id: 'urn:s:1',
      type: 'Subscription',
      entities: [{ type: 'Device' }],
      notification: { format: 'normalized', sysAttrs: true, endpoint: { uri: 'http://relay/notify/x', accept: 'application/json' } },
    })
  },
  'embedded/all-triggers'() {
    expect(subscriptionFor('embedded')!['notificationTrigger']).toEqual(['entityCreated', 'entityUpdated', 'entityDeleted', 'attributeCreated', 'attributeUpdated', 'attributeDeleted'])
  },

  'orion-ld/limit-1000': limitOf('orion-ld'),
  'orion-ld/no-trigger'() {
    expect(subscriptionFor('orion-ld')).not.toHaveProperty('notificationTrigger')
  },
  'orion-ld/no-scope-q'() {
    expect(subscriptionFor('orion-ld')).not.toHaveProperty('scopeQ')
    expect(subscriptionFor('orion-ld')).toHaveProperty('geoQ')
  },
  'orion-ld/no-cooldown'() {
    const { endpoint } = subscriptionFor('orion-ld')!['notification']
    expect(Object.keys(endpoint).toSorted()).toEqual(['accept', 'uri'])
  },
  'orion-ld/no-empty-lists'() {
    expect(JSON.stringify(subscriptionFor('orion-ld'))).not.toContain('[]')
  },
  'orion-ld/sys-attrs-with-key-values'() {
    expect(subscriptionFor('orion-ld')!['notification']).toMatchObject({ format: 'simplified' })
    expect(subscriptionFor('orion-ld')!['notification']).not.toHaveProperty('sysAttrs')
    const normalized = subscriptionFor('orion-ld', { ...WANTED, notification: { ...WANTED.notification, format: 'normalized' } })
    expect(normalized!['notification']).toHaveProperty('sysAttrs', true)
  },
  'orion-ld/throttling-loses'() {
    expect(subscriptionFor('orion-ld')).not.toHaveProperty('throttling')
  },
  'orion-ld/time-interval-needs-pernot'() {
    expect(subscriptionFor('orion-ld', { ...WANTED, timeIntervalS: 60 })).not.toHaveProperty('timeInterval')
  },
  'orion-ld/no-mqtts'() {
    const to = (uri: string) => conformSubscription({ ...WANTED, notification: { endpoint: { uri } } }, profileOf('orion-ld'))
    expect(to('mqtts://mqtt/topic')).toEqual({ ok: false, error: 'Orion-LD posts to http, https, mqtt, not to mqtts' })
    expect(to('mqtt://mqtt/topic').ok).toBe(true)
  },
  async 'orion-ld/tenant-lower-case'() {
    const { client, asked } = clientOf('orion-ld', undefined, { tenant: 'Porto' })
    await client.retrieveEntity('urn:a')
    expect(asked[0]!.headers['NGSILD-Tenant']).toBe('porto')
  },
  'orion-ld/tenant-needs-multiservice'() {
    expect(adviceFor(profileOf('orion-ld'), { status: 400, title: 'Tenants not supported' })).toContain('-multiservice')
    expect(adviceFor(profileOf('orion-ld'), { status: 400, title: 'Invalid URI' })).toBeUndefined()
  },
  async 'orion-ld/body-1mb'() {
    const sizes = await bodiesOf('orion-ld', 900, 2_000)
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000)
  },
  async 'orion-ld/mintaka-no-aggregation'() {
    const { client, asked, profile } = clientOf('orion-ld', undefined, { temporalElsewhere: true, temporalBaseUrl: 'http://mintaka:8080' })
    const history = await client.queryTemporal({ entities: { types: ['A'] }, form: 'aggregatedValues', aggregation: { methods: ['avg'], period: 'PT1H' } })
    expect(history.ok && history.value.form).toBe('temporalValues')
    expect(asked.map(({ url }) => url.href)).toEqual(['http://mintaka:8080/temporal/entities?type=A&options=temporalValues'])
    // Whoever wants means and nothing else is not given everything.
    expect(await createBrokerAccess(client, profile).means!(['A'], { fromMs: 0, toMs: 1 }, 60_000, SIGNAL)).toEqual({ ok: false, error: 'the broker does not aggregate' })
    expect(asked).toHaveLength(1)
  },
  async 'orion-ld/mintaka-anchors'() {
    const pageOf = (url: URL) => (url.searchParams.get('pageAnchor') === 'urn:b' ? { id: 'urn:b', next: {} } : { id: 'urn:a', next: { 'Next-Page': 'urn:b' } })
    const { client, asked, profile } = clientOf('orion-ld', (url) => ({ body: [{ id: pageOf(url).id, type: 'A' }], headers: pageOf(url).next as Record<string, string> }), { temporalElsewhere: true })
    const history = await createBrokerAccess(client, profile).past(['A'], { fromMs: 0, toMs: 1 }, SIGNAL)
    expect(history.ok && history.value.entities.map(({ id }) => id)).toEqual(['urn:a', 'urn:b'])
    expect(asked.map(({ url }) => [url.searchParams.get('pageSize'), url.searchParams.get('pageAnchor'), url.searchParams.get('limit')])).toEqual([['100', null, null], ['100', 'urn:b', null]])
  },

  'scorpio/limit-1000': limitOf('scorpio'),
  async 'scorpio/local-only'() {
    const { client, asked } = clientOf('scorpio')
    await read(client, { types: ['A'], local: true })
    expect([asked[0]!.url.searchParams.get('localOnly'), asked[0]!.url.searchParams.get('local')]).toEqual([null, 'true'])
  },
  async 'scorpio/no-concise'() {
    const { client, asked } = clientOf('scorpio')
    await read(client, { types: ['A'], format: 'concise' })
    await read(client, { types: ['A'], format: 'simplified' })
    expect(asked.map(({ url }) => url.searchParams.get('options'))).toEqual([null, 'keyValues'])
  },
  'scorpio/id-by-pattern'() {
    const [one] = subscriptionFor('scorpio', { ...WANTED, entities: [{ type: 'Device', id: 'urn:ngsi-ld:Device:a.b+1' }] })!['entities']
    expect(one).not.toHaveProperty('id')
    expect('urn:ngsi-ld:Device:a.b+1').toMatch(new RegExp(`^(?:${one.idPattern})$`))
    expect('urn:ngsi-ld:Device:aXb+1').not.toMatch(new RegExp(`^(?:${one.idPattern})$`))
  },
  'scorpio/pattern-covers-the-id'() {
    const whole = (idPattern: string, id: string) => {
      const [one] = subscriptionFor('scorpio', { ...WANTED, entities: [{ type: 'Device', idPattern }] })!['entities']
      return new RegExp(`^(?:${one.idPattern})$`).test(id)
    }
    // What is found inside by others must be found by one that compares the whole.
    for (const pattern of [':north:', '^urn:', '1$', '^urn:.*:1$', '.*:north:.*', ':north:|:south:', '^urn:x|:1$', String.raw`:1\$|1`]) {
      for (const id of ['urn:north:1', 'urn:south:22', 'x:east:3', 'urn:x:1$', 'a:1']) expect([pattern, id, whole(pattern, id)]).toEqual([pattern, id, new RegExp(pattern).test(id)])
    }
  },
  'scorpio/triggers'() {
    expect(subscriptionFor('scorpio')!['notificationTrigger']).toEqual(['entityCreated', 'entityUpdated', 'entityDeleted'])
  },
  'scorpio/no-simplified'() {
    expect(subscriptionFor('scorpio')!['notification'].format).toBe('normalized')
  },
  'scorpio/accept-json'() {
    expect(subscriptionFor('scorpio', { ...WANTED, notification: { endpoint: { uri: 'http://relay/x' } } })!['notification'].endpoint.accept).toBe('application/json')
  },
  'scorpio/throttling-in-ms'() {
    expect(subscriptionFor('scorpio')).not.toHaveProperty('throttling')
  },
  async 'scorpio/newest-50'() {
    const { client, asked } = clientOf('scorpio')
    await client.retrieveTemporal('urn:a')
    await client.retrieveTemporal('urn:a', { lastN: 3 })
    expect(asked.map(({ url }) => url.searchParams.get('lastN'))).toEqual(['10000', '3'])
  },
  async 'scorpio/closed-periods'() {
    const { client, asked } = clientOf('scorpio', () => ({ body: [{ id: 'urn:a', type: 'A', x: { type: 'Property', avg: [[1, '2026-11-19T23:59:59.999Z', '2026-11-20T00:59:59.999Z']] } }] }))
    const fromMs = Date.parse('2026-11-20T00:00:00Z')
    const history = await client.queryTemporal({ entities: { types: ['A'] }, timerel: 'between', timeAtMs: fromMs, endTimeAtMs: fromMs + 3_600_000, form: 'aggregatedValues', aggregation: { methods: ['avg'], period: 'PT60M' } })
    const { searchParams } = asked[0]!.url
    expect([searchParams.get('timeAt'), searchParams.get('endTimeAt'), searchParams.get('lastN')]).toEqual(['2026-11-19T23:59:59.999Z', '2026-11-20T00:59:59.999Z', null])
    expect(history.ok && history.value.entities[0]!.aggregates.get('x')![0]!.series.get('avg')).toEqual([{ value: 1, fromMs, toMs: fromMs + 3_600_000 }])
  },
  async 'scorpio/no-temporal-values'() {
    const { client, asked } = clientOf('scorpio')
    const history = await client.retrieveTemporal('urn:a', { form: 'temporalValues' })
    expect([history.ok && history.value.form, asked[0]!.url.searchParams.get('options')]).toEqual(['normalized', null])
  },

  'stellio/limit-100': limitOf('stellio'),
  'stellio/triggers'() {
    expect(subscriptionFor('stellio')!['notificationTrigger']).toEqual(expect.arrayContaining(['entityDeleted', 'attributeDeleted']))
  },
  'stellio/no-cooldown'() {
    expect(subscriptionFor('stellio')!['notification'].endpoint).not.toHaveProperty('cooldown')
  },
  'stellio/no-geojson'() {
    expect(subscriptionFor('stellio')!['notification'].endpoint.accept).toBe('application/json')
    expect(subscriptionFor('orion-ld')!['notification'].endpoint.accept).toBe('application/geo+json')
  },
  'stellio/time-interval'() {
    expect(subscriptionFor('stellio', { ...WANTED, timeIntervalS: 60 })).not.toHaveProperty('timeInterval')
  },
  async 'stellio/body-2mb'() {
    const sizes = await bodiesOf('stellio', 900, 3_000)
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000_000)
  },
  'stellio/tenant-declared'() {
    expect(adviceFor(profileOf('stellio'), { status: 404, title: 'Tenant atlantis not found' })).toContain('declares')
    expect(adviceFor(profileOf('stellio'), { status: 404, title: 'Entity not found' })).toBeUndefined()
  },

  'diwise/no-subscriptions'() {
    expect(subscriptionFor('diwise')).toBeUndefined()
    expect(profileOf('diwise').transports).toEqual(['poll'])
  },
  async 'diwise/no-post-query'() {
    const { client, asked } = clientOf('diwise')
    await read(client, { types: ['Device'], ids: MANY_IDS })
    expect(asked.every(({ method, url }) => method === 'GET' && url.search.length < 4_100)).toBe(true)
    expect(asked.flatMap(({ url }) => url.searchParams.get('id')!.split(','))).toEqual(MANY_IDS)
  },
  async 'diwise/options-alone'() {
    const { client, asked } = clientOf('diwise')
    await read(client, { types: ['A'], format: 'simplified', sysAttrs: true })
    expect(asked[0]!.url.searchParams.get('options')).toBe('keyValues')
  },
  async 'diwise/no-temporal-values'() {
    const { client, asked } = clientOf('diwise')
    const history = await client.retrieveTemporal('urn:a', { form: 'temporalValues' })
    expect([history.ok && history.value.form, asked[0]!.url.search]).toEqual(['normalized', ''])
  },

  async 'djane/parameters-are-filters'() {
    const { client, asked } = clientOf('djane', () => ({ body: Array.from({ length: 500 }, (_, n) => ({ id: `urn:${n}`, type: 'A' })) }))
    expect(await read(client, { types: ['A'], attrs: ['x'], sysAttrs: true, local: true })).toHaveLength(500)
    expect(asked.map(({ url }) => url.search)).toEqual(['?type=A'])
  },
  async 'djane/one-type-at-a-time'() {
    const { client, asked } = clientOf('djane', (url) => ({ body: [{ id: `urn:${url.searchParams.get('type')}`, type: url.searchParams.get('type') }] }))
    expect(await read(client, { types: ['A', 'B'] })).toHaveLength(2)
    expect(asked.map(({ url }) => url.search)).toEqual(['?type=A', '?type=B'])
  },
  async 'djane/no-selection'() {
    const { client, asked } = clientOf('djane')
    for (const query of [{ types: ['A'], ids: ['urn:a'] }, { types: ['A'], q: 'x>1' }, { types: ['A'], geo: withinBounds([0, 0, 1, 1]) }, {}]) {
      for await (const page of client.queryEntities(query)) expect(page).toMatchObject({ ok: false, error: { name: 'OperationNotSupported' } })
    }
    expect(asked).toEqual([])
  },
  async 'djane/no-types'() {
    const { client, asked } = clientOf('djane')
    expect(await client.types()).toMatchObject({ ok: false, error: { name: 'OperationNotSupported' } })
    expect(asked).toEqual([])
  },
  async 'djane/no-history'() {
    const { client, asked } = clientOf('djane')
    expect(await client.retrieveTemporal('urn:a')).toMatchObject({ ok: false, error: { title: 'Djane keeps no history' } })
    expect(asked).toEqual([])
  },
  'djane/notifies-creations-only'() {
    expect(subscriptionFor('djane')).toBeUndefined()
    expect(profileOf('djane').transports).toEqual(['poll'])
  },
  'djane/no-tenant': noTenant('djane'),

  'obelisk/dataset-in-path': noTenant('obelisk'),
  async 'obelisk/few-geometries'() {
    const { client, asked } = clientOf('obelisk')
    await read(client, { types: ['A'], geo: withinBounds([0, 0, 1, 1]) })
    expect(asked).toHaveLength(1)
    for await (const page of client.queryEntities({ types: ['A'], geo: { georel: { kind: 'intersects' }, geometry: 'LineString', coordinates: [[0, 0], [1, 1]] } })) expect(page).toMatchObject({ ok: false, error: { name: 'OperationNotSupported' } })
    expect(asked).toHaveLength(1)
  },
  async 'obelisk/observed-at-only'() {
    const { client, asked } = clientOf('obelisk')
    expect(await client.retrieveTemporal('urn:a', { timeproperty: 'modifiedAt' })).toMatchObject({ ok: false, error: { name: 'OperationNotSupported' } })
    expect(asked).toEqual([])
    expect((await client.retrieveTemporal('urn:a')).ok).toBe(true)
  },
  async 'obelisk/no-aggregation'() {
    const { client, asked } = clientOf('obelisk')
    const history = await client.retrieveTemporal('urn:a', { form: 'aggregatedValues', aggregation: { methods: ['avg'], period: 'PT1H' } })
    expect([history.ok && history.value.form, asked[0]!.url.search]).toEqual(['temporalValues', '?options=temporalValues'])
  },
}
