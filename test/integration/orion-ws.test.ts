/** Orion-LD's WebSocket, read by the server for all pages, over real sockets: the whole server, a double of the broker, and a city's worker without its thread. */
import { afterEach, expect, it, vi } from 'vitest'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { FeedSettings } from '../../src/feed/feed.ts'
import type { JsonObject } from '../../src/ngsi-ld/entity.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer } from '../../src/server/start.ts'
import { SERVER_TIMERS } from '../../src/server/timers.ts'
import { openCity, type CityInHand } from '../city-in-hand.ts'
import { readEvents } from '../event-reader.ts'
import { OrionDouble } from '../orion-double.ts'

const QUICK: FeedSettings = { pollEveryMs: 100, polls: new Map(), snapshotRetry: { baseMs: 50, capMs: 200 }, lane: { retry: { baseMs: 50, capMs: 200 }, giveUpMs: 1_000, firstAgainMs: 500 } }
const WITHIN = { timeout: 15_000, interval: 20 }
/** Waits of the server are so many times shorter than in life. */
const PACE = 50

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const idOf = (n: number): string => `urn:ngsi-ld:NoiseLevelObserved:${n}`
const noise = (n: number, level: number): JsonObject => ({
  id: idOf(n),
  type: 'NoiseLevelObserved',
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.15] } },
  LAeq: { type: 'Property', value: level, unitCode: '2N', observedAt: new Date().toISOString() },
})

async function startOrion(): Promise<OrionDouble> {
  const orion = await OrionDouble.start()
  endings.push(() => orion.end())
  return orion
}

interface Opened {
  readonly city: CityInHand
  readonly url: string
  /** What the server's clock is ahead by, ms. */
  pass(ms: number): void
}

async function open(orion: OrionDouble, more: Readonly<Record<string, unknown>> = {}): Promise<Opened> {
  const broker = { id: 'main', url: orion.url, profile: 'orion-ld', headers: { 'X-Auth-Token': { env: 'TOKEN' } }, transports: ['orion-ws', 'poll'], ...more }
  const file = { cities: [{ id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [broker] }] }
  const environment = { TOKEN: 't0ken' }
  const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment })
  if (!configuration.ok) throw new Error(JSON.stringify(configuration.error))
  let aheadMs = 0
  const timers = { ...SERVER_TIMERS, now: () => Date.now() + aheadMs, wait: (ms: number, signal: AbortSignal) => SERVER_TIMERS.wait(ms / PACE, signal) }
  const server = await startServer({ configuration: configuration.value, port: 0, host: '127.0.0.1', environment, timers, log: createLogger(() => undefined) })
  endings.push(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const { cities } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
  const city = openCity(url, cities[0]!, QUICK)
  endings.push(() => city.close())
  return { city, url, pass: (ms) => void (aheadMs += ms) }
}

const isBy = (city: CityInHand, by: string) => vi.waitFor(() => expect(city.status().brokers).toMatchObject([{ by, state: 'live' }]), WITHIN)
const isSubscribed = (orion: OrionDouble) => vi.waitFor(() => expect(orion.subscribed).toBe(1), WITHIN)
const shows = (city: CityInHand, levels: Readonly<Record<number, number>>) => vi.waitFor(() => expect(city.sensors('noise')).toEqual(Object.fromEntries(Object.entries(levels).map(([n, level]) => [idOf(Number(n)), level]))), WITHIN)

it('is read by the server for all pages, with what proves who asks, and its metadata go no further', async () => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41)])
  const { city, url } = await open(orion)
  await isBy(city, 'orion-ws')
  await isSubscribed(orion)
  await shows(city, { 1: 41 })
  expect(orion.upgrades[0]).toMatchObject({ 'x-auth-token': 't0ken' })
  expect(await orion.subscriptions()).toEqual([expect.stringMatching(/:belvedere:.*:porto:main:ws$/)])
  const reader = await readEvents(`${url}/api/cities/porto/feed`)
  endings.push(() => reader.close())
  // Shown by a message, or by the snapshot that follows the subscription: from here on by messages.
  orion.upsert([noise(1, 45)])
  await shows(city, { 1: 45 })
  const { resyncs } = city.status().counters
  orion.upsert([noise(1, 51), noise(2, 52)])
  await shows(city, { 1: 51, 2: 52 })
  expect(city.status().counters).toMatchObject({ resyncs, gaps: 0, mended: 0 })
  await vi.waitFor(() => expect(JSON.stringify(reader.events)).toContain(idOf(2)), WITHIN)
  expect(JSON.stringify(reader.events)).not.toContain('s3cret')
}, 40_000)

it('is taken up again after its server died, under the same id although the broker still has the former one', async () => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41)])
  const { city } = await open(orion)
  await isSubscribed(orion)
  await shows(city, { 1: 41 })
  orion.cut()
  orion.upsert([noise(2, 42)])
  await isSubscribed(orion)
  await shows(city, { 1: 41, 2: 42 })
  expect(await orion.subscriptions()).toHaveLength(1)
  orion.upsert([noise(2, 62)])
  await shows(city, { 1: 41, 2: 62 })
}, 40_000)

it('heals when the broker was restarted without its memory while things changed', async () => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41), noise(2, 42)])
  const { city } = await open(orion)
  await isSubscribed(orion)
  await shows(city, { 1: 41, 2: 42 })
  await orion.down()
  await vi.waitFor(() => expect(city.status().brokers[0]!.state).toBe('down'), WITHIN)
  await orion.forget()
  orion.upsert([noise(2, 52), noise(3, 43)])
  await orion.up()
  await isSubscribed(orion)
  await isBy(city, 'orion-ws')
  await shows(city, { 2: 52, 3: 43 })
  orion.upsert([noise(3, 63)])
  await shows(city, { 2: 52, 3: 63 })
}, 40_000)

it('is left when it says nothing, not even to a ping, and made anew', async () => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41)])
  const { city, pass } = await open(orion)
  await isSubscribed(orion)
  await shows(city, { 1: 41 })
  orion.isMute = true
  orion.upsert([noise(1, 44)])
  const before = orion.upgrades.length
  pass(60_000)
  await vi.waitFor(() => expect(orion.upgrades.length).toBeGreaterThan(before), WITHIN)
  orion.isMute = false
  // What is open and was not answered is left as well.
  pass(60_000)
  await isSubscribed(orion)
  await shows(city, { 1: 44 })
  orion.upsert([noise(1, 64)])
  await shows(city, { 1: 64 })
}, 40_000)

it('counts what it cannot read, and looks again for what that may have said', async () => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41)])
  const { city, url } = await open(orion)
  await isSubscribed(orion)
  await shows(city, { 1: 41 })
  for (const garbage of ['{"metadata":', '[]', 'null', '{"metadata":{"Ngsild-Tenant":"s3cret"}}', '{"metadata":{"statusCode":200},"body":{}}']) orion.say(garbage)
  orion.upsert([noise(1, 51)])
  await shows(city, { 1: 51 })
  // An answer to nothing is no event.
  expect(await (await fetch(`${url}/api/health`)).text()).toContain('"events":{"events":5,"unknown":0,"malformed":4}')
}, 40_000)

it.each([
  ['has no WebSocket', (orion: OrionDouble): void => void (orion.upgradeStatus = 404), /refuses a WebSocket \(404\).*-wip ws/],
  ['refuses the subscription', (orion: OrionDouble): void => void (orion.refusal = { status: 400, title: 'Invalid', detail: 'not so' }), /refuses a subscription by WebSocket \(400\): Invalid: not so/],
] as const)('is replaced by polling while the broker %s, in words, and taken up again', async (_, refuse, words) => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41)])
  refuse(orion)
  const { city } = await open(orion)
  await isBy(city, 'poll')
  expect(city.status().brokers[0]!.detail).toMatch(words)
  orion.upsert([noise(2, 42)])
  await shows(city, { 1: 41, 2: 42 })
  orion.upgradeStatus = 101
  orion.refusal = undefined
  await isBy(city, 'orion-ws')
  orion.upsert([noise(2, 62)])
  await shows(city, { 1: 41, 2: 62 })
}, 40_000)

it('is not believed for a tenant that it does not know: the page polls that tenant, and hears nothing of another', async () => {
  const orion = await startOrion()
  orion.upsert([noise(1, 41)], 'porto')
  orion.upsert([noise(9, 99)])
  const { city } = await open(orion, { tenant: 'porto' })
  await isBy(city, 'poll')
  expect(city.status().brokers[0]!.detail).toMatch(/knows no tenants/)
  orion.upsert([noise(9, 98)])
  orion.upsert([noise(1, 51)], 'porto')
  await shows(city, { 1: 51 })
  orion.knowsTenants = true
  await isBy(city, 'orion-ws')
  expect(orion.upgrades.at(-1)).toMatchObject({ 'ngsild-tenant': 'porto' })
  orion.upsert([noise(9, 97)])
  orion.upsert([noise(1, 61)], 'porto')
  await shows(city, { 1: 61 })
}, 40_000)
