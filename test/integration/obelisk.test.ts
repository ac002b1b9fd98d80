/** Obelisk's event stream as its documents and source have it, over real sockets: one session at a time, a heartbeat that is no comment, a token. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { FeedSettings } from '../../src/feed/feed.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer } from '../../src/server/start.ts'
import { SERVER_TIMERS } from '../../src/server/timers.ts'
import { openCity, type CityInHand } from '../city-in-hand.ts'

const QUICK: FeedSettings = { pollEveryMs: 100, polls: new Map(), snapshotRetry: { baseMs: 50, capMs: 200 }, lane: { retry: { baseMs: 50, capMs: 200 }, giveUpMs: 1_000, firstAgainMs: 500 } }
const WITHIN = { timeout: 15_000, interval: 20 }

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const idOf = (n: number): string => `urn:ngsi-ld:NoiseLevelObserved:${n}`
const noise = (n: number, level: number): Record<string, unknown> => ({
  id: idOf(n),
  type: 'NoiseLevelObserved',
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [4.4, 51.2] } },
  LAeq: { type: 'Property', value: level, unitCode: '2N', observedAt: new Date().toISOString() },
})

interface Obelisk {
  readonly url: string
  readonly levels: Map<number, number>
  /** Whoever has the session. */
  session: ServerResponse | undefined
  sessions: number
  isGone: boolean
  say(event: unknown): void
}

async function startObelisk(): Promise<Obelisk> {
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://obelisk')
    if (request.headers.authorization !== 'Bearer t0ken') return void response.writeHead(401).end()
    if (pathname === '/api/v3/data/streams/s1') {
      if (obelisk.isGone) return void response.writeHead(404).end()
      if (request.headers.accept !== 'text/event-stream') return void response.writeHead(406).end()
      obelisk.session?.end()
      obelisk.sessions += 1
      obelisk.session = response
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      return void response.write('comment: heartbeat\n\n')
    }
    if (pathname !== '/api/v3/ext/ngsi/ds/ngsi-ld/v1/entities') return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"type":"https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound","title":"none"}')
    const offset = Number(searchParams.get('offset') ?? 0)
    response.setHeader('content-type', 'application/json').end(JSON.stringify([...obelisk.levels].slice(offset, offset + 100).map(([n, level]) => noise(n, level))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const obelisk: Obelisk = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    levels: new Map([[1, 41]]),
    session: undefined,
    sessions: 0,
    isGone: false,
    say: (event) => void obelisk.session!.write(`data:${JSON.stringify(event)}\n\ncomment: heartbeat\n\n`),
  }
  return obelisk
}

async function open(obelisk: Obelisk): Promise<{ readonly city: CityInHand; readonly url: string }> {
  const file = {
    cities: [
      {
        id: 'antwerp', name: 'Antwerp', country: 'BE', timeZone: 'Europe/Brussels', anchor: [4.4, 51.2], bounds: [4.2, 51.1, 4.6, 51.4], layers: ['noise'],
        brokers: [{ id: 'main', url: `${obelisk.url}/api/v3/ext/ngsi/ds`, profile: 'obelisk', headers: { Authorization: { env: 'TOKEN' } }, obelisk: { streamUrl: `${obelisk.url}/api/v3/data/streams/s1` } }],
      },
    ],
  }
  const environment = { TOKEN: 'Bearer t0ken' }
  const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment })
  if (!configuration.ok) throw new Error(JSON.stringify(configuration.error))
  const timers = { ...SERVER_TIMERS, wait: (ms: number, signal: AbortSignal) => SERVER_TIMERS.wait(ms / 50, signal) }
  const server = await startServer({ configuration: configuration.value, port: 0, host: '127.0.0.1', environment, timers, log: createLogger(() => undefined) })
  endings.push(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const { cities } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
  const city = openCity(url, cities[0]!, QUICK)
  endings.push(() => city.close())
  return { city, url }
}

const event = (metric: string, value: unknown): unknown => ({ timestamp: Date.now(), metric, source: 'b', value })
const isBy = (city: CityInHand, by: string) => vi.waitFor(() => expect(city.status().brokers).toMatchObject([{ by, state: 'live' }]), WITHIN)
const shows = (city: CityInHand, levels: ReadonlyMap<number, number>) => vi.waitFor(() => expect(city.sensors('noise')).toEqual(Object.fromEntries([...levels].map(([n, level]) => [idOf(n), level]))), WITHIN)

it('is read by the server for all pages; what is no entity is counted', async () => {
  const obelisk = await startObelisk()
  const { city, url } = await open(obelisk)
  await isBy(city, 'obelisk-events')
  await shows(city, obelisk.levels)
  await vi.waitFor(() => expect(obelisk.session).toBeDefined(), WITHIN)
  obelisk.say(event('noise::number', 55))
  obelisk.session!.write('data:{"half\n\n')
  obelisk.say(event('ngsi.entity::json', noise(2, 52)))
  await shows(city, obelisk.levels.set(2, 52))
  const health = (await (await fetch(`${url}/api/health`)).json()) as { relay: { cities: { brokers: { events?: unknown }[] }[] } }
  expect(JSON.stringify(health)).toContain('"events":{"events":3,"unknown":1,"malformed":1}')
  expect(obelisk.sessions).toBe(1)
}, 40_000)

it('is taken up again when another session ended it, and what was missed is read', async () => {
  const obelisk = await startObelisk()
  const { city } = await open(obelisk)
  await shows(city, obelisk.levels)
  await vi.waitFor(() => expect(obelisk.session).toBeDefined(), WITHIN)
  obelisk.levels.set(3, 43)
  obelisk.session!.end()
  await vi.waitFor(() => expect(obelisk.sessions).toBe(2), WITHIN)
  await shows(city, obelisk.levels)
  obelisk.say(event('ngsi.entity::json', noise(3, 63)))
  await shows(city, obelisk.levels.set(3, 63))
}, 40_000)

it('is replaced by polling while it cannot be read, and taken up again', async () => {
  const obelisk = await startObelisk()
  obelisk.isGone = true
  const { city } = await open(obelisk)
  await isBy(city, 'poll')
  expect(city.status().brokers[0]!.detail).toContain('event stream')
  await shows(city, obelisk.levels.set(4, 44))
  obelisk.isGone = false
  await isBy(city, 'obelisk-events')
  obelisk.say(event('ngsi.entity::json', noise(4, 64)))
  await shows(city, obelisk.levels.set(4, 64))
}, 40_000)
