/**
 * Pages that read over MQTT: the whole server with its embedded broker, MQTT servers over real sockets, and a city's worker
 * without its thread. Whatever happens, after quiet the picture is what the broker holds; and nobody is in it.
 */
import mqtt from 'mqtt'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { FeedSettings } from '../../src/feed/feed.ts'
import type { JsonObject } from '../../src/ngsi-ld/entity.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { openCity, type CityInHand } from '../city-in-hand.ts'
import { mosquittoPath, startAedes, startMosquitto, type MqttServer } from '../mqtt-server.ts'

const QUICK: FeedSettings = { lane: { retry: { baseMs: 50, capMs: 200 }, giveUpMs: 1_000, firstAgainMs: 500 }, snapshotRetry: { baseMs: 50, capMs: 200 }, pollEveryMs: 200 }
const TOPIC = 'belvedere/test/porto/main'
const WITHIN = { timeout: 15_000, interval: 20 }

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const KINDS = [
  { name: 'aedes, 3.1.1', version: '3.1.1', start: startAedes },
  ...(mosquittoPath() === undefined ? [] : (['3.1.1', '5'] as const).map((version) => ({ name: `Mosquitto, ${version}`, version, start: () => startMosquitto(mosquittoPath()!) }))),
]

interface Running {
  readonly url: string
  readonly server: RunningServer
  readonly city: CityInHand
  upsert(...entities: readonly JsonObject[]): Promise<void>
  remove(id: string): Promise<void>
}

async function start(mqttServer: MqttServer, version: string, more: { readonly transports?: readonly string[]; readonly layers?: readonly string[] } = {}): Promise<Running> {
  const file = {
    server: { installation: 'test' },
    cities: [
      {
        id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: more.layers ?? ['noise'],
        brokers: [{ id: 'main', embedded: {}, ...(more.transports !== undefined && { transports: more.transports }), mqtt: { brokerSees: `mqtt://127.0.0.1:${mqttServer.tcpPort}`, pageSees: `ws://127.0.0.1:${mqttServer.wsPort}`, people: 'apart', version } }],
      },
    ],
  }
  const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!configuration.ok) throw new Error(JSON.stringify(configuration.error))
  const server = await startServer({ configuration: configuration.value, port: 0, host: '127.0.0.1', environment: {}, log: createLogger(() => undefined) })
  endings.push(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const headers = { 'content-type': 'application/json', 'ngsild-tenant': 'porto' }
  // Before anything is there the tenant is not, either.
  await fetch(`${url}/ngsi-ld/v1/entityOperations/upsert`, { method: 'POST', headers, body: JSON.stringify([noise(0, 40)]) })
  const { cities } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
  const city = openCity(url, cities[0]!, QUICK)
  endings.push(() => city.close())
  await vi.waitFor(async () => expect(await subscriptionsOf(url)).toContainEqual(expect.stringMatching(/:mqtt$/)), WITHIN)
  return {
    url,
    server,
    city,
    async upsert(...entities) {
      const answer = await fetch(`${url}/ngsi-ld/v1/entityOperations/upsert`, { method: 'POST', headers, body: JSON.stringify(entities) })
      expect([201, 204]).toContain(answer.status)
    },
    async remove(id) {
      const answer = await fetch(`${url}/ngsi-ld/v1/entities/${id}`, { method: 'DELETE', headers })
      expect(answer.status).toBe(204)
    },
  }
}

async function subscriptionsOf(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/ngsi-ld/v1/subscriptions`, { headers: { 'ngsild-tenant': 'porto' } })
  return ((await answer.json()) as { id: string }[]).map(({ id }) => id)
}

const idOf = (n: number): string => `urn:ngsi-ld:NoiseLevelObserved:${n}`

function noise(n: number, level: number): JsonObject {
  return {
    id: idOf(n),
    type: 'NoiseLevelObserved',
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.15] } },
    LAeq: { type: 'Property', value: level, unitCode: '2N', observedAt: new Date().toISOString() },
  }
}

const isBy = (city: CityInHand, by: string) => vi.waitFor(() => expect(city.status().brokers.find(({ id }) => id === 'main')).toMatchObject({ by, state: 'live' }), WITHIN)
const shows = (city: CityInHand, levels: Readonly<Record<string, number>>) => vi.waitFor(() => expect(city.sensors('noise')).toEqual(levels), WITHIN)

it.skipIf(mosquittoPath() === undefined)('has a real Mosquitto beside aedes (not installed here? Debian: apt-get install mosquitto)', () => {
  expect(KINDS).toHaveLength(3)
})

describe.each(KINDS)('a page that reads over MQTT: $name', ({ version, start: startMqtt }) => {
  async function both(more?: Parameters<typeof start>[2]): Promise<Running & { readonly mqttServer: MqttServer }> {
    const mqttServer = await startMqtt()
    endings.push(() => mqttServer.down())
    return { ...(await start(mqttServer, version, more)), mqttServer }
  }

  it('shows what the broker holds, what changes and what goes', async () => {
    const { city, upsert, remove } = await both()
    await isBy(city, 'mqtt')
    await shows(city, { [idOf(0)]: 40 })
    const { resyncs } = city.status().counters
    await upsert(noise(1, 51), noise(2, 52))
    await shows(city, { [idOf(0)]: 40, [idOf(1)]: 51, [idOf(2)]: 52 })
    await remove(idOf(2))
    await upsert(noise(1, 61))
    await shows(city, { [idOf(0)]: 40, [idOf(1)]: 61 })
    // By its messages, not by another snapshot.
    expect(city.status().counters).toMatchObject({ resyncs, gaps: 0, mended: 0 })
  }, 40_000)

  it('heals when the MQTT server was away while things changed', async () => {
    const { city, upsert, remove, mqttServer } = await both({ transports: ['mqtt'] })
    await isBy(city, 'mqtt')
    await upsert(noise(1, 51))
    await shows(city, { [idOf(0)]: 40, [idOf(1)]: 51 })
    await mqttServer.down()
    await vi.waitFor(() => expect(city.status().brokers.find(({ id }) => id === 'main')).toMatchObject({ state: 'down', detail: expect.stringContaining('MQTT server') }), WITHIN)
    await upsert(noise(2, 52))
    await remove(idOf(0))
    await mqttServer.up()
    await isBy(city, 'mqtt')
    await shows(city, { [idOf(1)]: 51, [idOf(2)]: 52 })
    await upsert(noise(2, 62))
    await shows(city, { [idOf(1)]: 51, [idOf(2)]: 62 })
  }, 60_000)

  it('polls meanwhile when that is the next way, and goes back', async () => {
    const { city, upsert, mqttServer } = await both()
    await isBy(city, 'mqtt')
    await mqttServer.down()
    await isBy(city, 'poll')
    await upsert(noise(0, 45), noise(1, 51))
    await shows(city, { [idOf(0)]: 45, [idOf(1)]: 51 })
    expect(city.status().counters.mended).toBe(0)
    await mqttServer.up()
    await isBy(city, 'mqtt')
    await upsert(noise(1, 61))
    await shows(city, { [idOf(0)]: 45, [idOf(1)]: 61 })
  }, 60_000)

  it('takes every envelope, doubled messages, nonsense, and nothing that the server kept', async () => {
    const mqttServer = await startMqtt()
    endings.push(() => mqttServer.down())
    const other = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttServer.tcpPort}`, { protocolVersion: version === '5' ? 5 : 4 })
    endings.push(() => other.endAsync(true))
    // Kept before anybody came, of a sensor that the broker does not have.
    await other.publishAsync(TOPIC, JSON.stringify({ type: 'Notification', data: [noise(666, 99)] }), { retain: true, qos: 1 })
    const { city, upsert } = await start(mqttServer, version)
    await isBy(city, 'mqtt')
    await upsert(noise(1, 51))
    const notification = (...data: readonly JsonObject[]) => ({ id: 'urn:ngsi-ld:Notification:1', type: 'Notification', notifiedAt: new Date().toISOString(), data })
    const said = [
      notification(noise(2, 52)),
      { body: notification(noise(3, 53)) },
      { metadata: { 'Content-Type': 'application/json', Link: 'https://context.example' }, body: notification(noise(4, 54)) },
      { body: notification(noise(5, 55)), metadata: [{ 'NGSILD-Tenant': 'porto' }] },
    ]
    for (const one of [...said, ...said]) await other.publishAsync(TOPIC, JSON.stringify(one), { qos: 1 })
    await other.publishAsync(TOPIC, '{"half":', { qos: 1 })
    await other.publishAsync(TOPIC, new Uint8Array([0xff, 0x00]) as Buffer, { qos: 1 })
    await shows(city, { [idOf(0)]: 40, [idOf(1)]: 51, [idOf(2)]: 52, [idOf(3)]: 53, [idOf(4)]: 54, [idOf(5)]: 55 })
    await vi.waitFor(() => expect(city.status().counters.rejected.reduce((sum, { count }) => sum + count, 0)).toBe(2), WITHIN)
  }, 60_000)

  it('gets nothing that is about people: no such type is in the subscription, and none is ever published', async () => {
    const mqttServer = await startMqtt()
    endings.push(() => mqttServer.down())
    const spy = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttServer.tcpPort}`, { protocolVersion: version === '5' ? 5 : 4 })
    endings.push(() => spy.endAsync(true))
    const heard: string[] = []
    spy.on('message', (_topic, payload) => void heard.push(payload.toString()))
    await spy.subscribeAsync('#', { qos: 1 })
    const { url, city, upsert } = await start(mqttServer, version, { layers: MODELS.map(({ id }) => id) })
    await isBy(city, 'mqtt')
    const personal = MODELS.flatMap(({ privacy }) => privacy?.types ?? [])
    expect(personal.length).toBeGreaterThan(2)
    await upsert(...personal.map((type, index): JsonObject => ({ ...noise(index, 60), id: `urn:ngsi-ld:${type}:s3cret`, type, refRider: { type: 'Relationship', object: 'urn:s3cret' } })))
    // Behind them in the same queue of the broker.
    await upsert(noise(7, 57))
    await vi.waitFor(() => expect(heard.join()).toContain(idOf(7)), WITHIN)
    expect(heard.join()).not.toContain('s3cret')
    const answer = await fetch(`${url}/ngsi-ld/v1/subscriptions`, { headers: { 'ngsild-tenant': 'porto' } })
    const subscriptions = (await answer.json()) as { id: string; entities: { type: string }[]; notification: { endpoint: { uri: string } } }[]
    const byMqtt = subscriptions.filter(({ notification }) => notification.endpoint.uri.startsWith('mqtt'))
    expect(byMqtt).toHaveLength(1)
    expect(byMqtt[0]!.entities.map(({ type }) => type).filter((type) => personal.includes(type))).toEqual([])
    expect(byMqtt[0]!.entities.length).toBeGreaterThan(0)
    // The privacy floor still hears of people, and only this server does.
    const byHttp = subscriptions.filter(({ notification }) => notification.endpoint.uri.startsWith(`${url}/notify/`))
    expect(byHttp.map(({ entities }) => entities.map(({ type }) => type).toSorted())).toEqual([[...new Set(personal)].toSorted()])
  }, 60_000)
})
