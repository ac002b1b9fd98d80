/**
 * What every test of a fault starts from: a city whose broker is elsewhere, another city beside it, the whole server, and
 * the worker's side of a page for each, over real sockets.
 *
 * Waits of server and page run twenty times faster than in life (`PACE`); those of the sockets are as they are. One
 * clock is that of all of them, so that an hour can pass.
 */
import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { PublicConfiguration } from '../../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../../src/configuration/parse.ts'
import { formatInstant, MINUTE_MS } from '../../../src/core/time/instant.ts'
import { MODELS } from '../../../src/domains/models.ts'
import type { FeedSettings } from '../../../src/feed/feed.ts'
import type { JsonObject } from '../../../src/ngsi-ld/entity.ts'
import type { Readiness } from '../../../src/server/health.ts'
import { createLogger } from '../../../src/server/log.ts'
import type { RelayStats } from '../../../src/server/relay/relay.ts'
import { startServer, type RunningServer } from '../../../src/server/start.ts'
import { SERVER_TIMERS, type ServerTimers } from '../../../src/server/timers.ts'
import { openCity, type CityInHand } from '../../city-in-hand.ts'
import { Elsewhere } from '../../elsewhere.ts'
import { Line } from '../../line.ts'

export const PACE = 20
export const SENSORS = 12
/** `FEED_DEFAULTS` by the pace; only a test that is about it checks. */
export const FEED: FeedSettings = { reconnect: { baseMs: 50, capMs: 1_500 }, snapshotRetry: { baseMs: 100, capMs: 3_000 }, checkEveryMs: 0 }
/** In a test; a machine under load is slow, and speed is not what is asked. */
export const WAIT = { timeout: 20_000, interval: 15 }

type BrokerHealth = RelayStats['cities'][number]['brokers'][number]

export interface FaultSettings {
  readonly cities?: readonly ('porto' | 'milan')[]
  readonly feed?: FeedSettings
  /** Of the broker elsewhere. */
  readonly broker?: { readonly timeoutMs?: number; readonly profile?: string; readonly transports?: readonly string[]; readonly mqtt?: object }
  /** A second broker of Porto, in this server. */
  readonly hasSecond?: boolean
  readonly port?: number
}

export const idOf = (sensor: number | string): string => `urn:ngsi-ld:NoiseLevelObserved:${sensor}`

export function noise(sensor: number | string, levelDbA: number, atMs: number, more: JsonObject = {}): JsonObject {
  return {
    id: idOf(sensor),
    type: 'NoiseLevelObserved',
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.14] } },
    LAeq: { type: 'Property', value: levelDbA, unitCode: '2N', observedAt: formatInstant(atMs) },
    ...more,
  }
}

export const notification = (...entities: readonly JsonObject[]): string =>
  JSON.stringify({ id: 'urn:ngsi-ld:Notification:1', type: 'Notification', subscriptionId: 'urn:x:1', notifiedAt: formatInstant(Date.now()), data: entities })

/** Posts to the relay's door. */
export function post(uri: string, body: string | Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(uri, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode!))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

/** One for each file; what it holds is new for each test. */
export function createFaultCity() {
  let elsewhere: Elsewhere
  let server: RunningServer | undefined
  let line: Line | undefined
  let url = ''
  let lines: string[] = []
  let cities: Record<string, CityInHand> = {}
  let passedMs = 0
  let milanLevel = 50

  const now = (): number => Date.now() + passedMs
  const timers: ServerTimers = {
    now,
    after: (ms, call) => SERVER_TIMERS.after(ms / PACE, call),
    wait: (ms, signal) => SERVER_TIMERS.wait(ms / PACE, signal),
  }

  vi.setConfig({ testTimeout: 60_000 })

  beforeEach(async () => {
    lines = []
    passedMs = 0
    elsewhere = await Elsewhere.reserve()
  })

  afterEach(endAll)

  async function endAll(): Promise<void> {
    for (const open of Object.values(cities)) open.close()
    cities = {}
    await line?.close()
    line = undefined
    await server?.close()
    server = undefined
    await elsewhere.end()
  }

  function configurationOf({ cities: ids = ['porto', 'milan'], broker = {}, hasSecond = false }: FaultSettings) {
    const plan = (id: string, brokers: object[]): object => ({ id, name: id, country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers })
    const known: Record<string, object> = {
      porto: plan('porto', [{ id: 'far', url: elsewhere.url, timeoutMs: 60_000, ...broker }, ...(hasSecond ? [{ id: 'near', embedded: {} }] : [])]),
      milan: plan('milan', [{ id: 'own', embedded: {}, timeoutMs: 60_000 }]),
    }
    const parsed = parseConfiguration({ cities: ids.map((id) => known[id]) }, { domains: MODELS.map(({ id }) => id), environment: {} })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
    return parsed.value
  }

  const city = {
    get elsewhere() {
      return elsewhere
    },
    /** Of the server. */
    get url() {
      return url
    },
    /** Between Porto's page and the server. */
    get line() {
      return line!
    },
    /** What the server has logged. */
    get lines(): readonly string[] {
      return lines
    },
    get porto() {
      return cities['porto']!
    },
    get server() {
      return server!
    },
    now,

    /** A reading of each sensor, each with another level. */
    all: (levelDbA: number, atMs = elsewhere.now()): JsonObject[] => Array.from({ length: SENSORS }, (_, sensor) => noise(sensor, levelDbA + sensor, atMs)),

    /** Time passes for everybody. */
    pass(ms: number): void {
      passedMs += ms
      elsewhere.aheadMs += ms
    },

    async startServer(settings: FaultSettings = {}): Promise<void> {
      server = await startServer({ configuration: configurationOf(settings), port: settings.port ?? 0, host: '127.0.0.1', log: createLogger((text) => lines.push(text)), environment: {}, pageFolder: '/nonexistent', timers })
      url = `http://127.0.0.1:${server.port}`
    },

    async stopServer(): Promise<void> {
      await server!.close()
      server = undefined
    },

    async start(settings: FaultSettings = {}): Promise<void> {
      await city.startServer(settings)
      line = await Line.to(server!.port)
      // Pages that are there before a broker is subscribed at read twice.
      await vi.waitFor(async () => expect((await city.health()).flatMap(({ brokers }) => brokers).filter(({ state }) => state === 'connecting')).toEqual([]), WAIT)
      const { cities: plans } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
      cities = Object.fromEntries(plans.map((plan) => [plan.id, openCity(plan.id === 'porto' ? line!.url : url, plan, { ...FEED, ...settings.feed }, now)]))
    },

    /** With both cities live and showing what their brokers hold. */
    async startLive(settings: FaultSettings = {}): Promise<CityInHand> {
      await elsewhere.up()
      elsewhere.upsert(city.all(40, elsewhere.now() - MINUTE_MS))
      await city.start(settings)
      await city.untouched()
      await city.agrees()
      await city.isToldLive()
      return city.porto
    },

    /** For a test that begins more than once. */
    async again(): Promise<void> {
      await endAll()
      elsewhere = await Elsewhere.reserve()
    },

    async health(): Promise<RelayStats['cities']> {
      return ((await (await fetch(`${url}/api/health`)).json()) as { cities: RelayStats['cities'] }).cities
    },

    /** What health says of the broker elsewhere. */
    async far(): Promise<BrokerHealth> {
      return (await city.health()).find(({ city: id }) => id === 'porto')!.brokers[0]!
    },

    async readiness(): Promise<{ status: number } & Readiness> {
      const response = await fetch(`${url}/readyz`)
      return { status: response.status, ...((await response.json()) as Readiness) }
    },

    /** Health and readiness say that the broker is down, and the other city keeps the server ready. */
    async isToldDown(): Promise<void> {
      await vi.waitFor(async () => expect((await city.far()).state).toBe('down'), WAIT)
      expect((await city.far()).detail).toMatch(/\w/)
      await vi.waitFor(async () => {
        const { status, cities: told } = await city.readiness()
        expect([status, told.map(({ city: id, live }) => [id, live])]).toEqual([200, [['porto', false], ['milan', true]]])
      }, WAIT)
      await vi.waitFor(() => expect(city.porto.status().brokers).toMatchObject([{ id: 'far', state: 'down' }]), WAIT)
    },

    async isToldLive(): Promise<void> {
      await vi.waitFor(async () => expect((await city.far()).state).toBe('live'), WAIT)
      await vi.waitFor(() => expect(city.porto.status()).toMatchObject({ mode: 'live', brokers: [{ id: 'far', state: 'live' }] }), WAIT)
      expect((await city.readiness()).cities.every(({ live }) => live)).toBe(true)
    },

    /** The other city: a change there is seen as always, and nothing was missed or read anew. */
    async untouched(): Promise<void> {
      const milan = cities['milan']
      if (milan === undefined) return
      const level = ++milanLevel
      const response = await fetch(`${url}/ngsi-ld/v1/entityOperations/upsert`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'ngsild-tenant': 'milan' },
        body: JSON.stringify([noise('duomo', level, now())]),
      })
      expect(response.ok).toBe(true)
      await vi.waitFor(() => expect(milan.sensors('noise')).toEqual({ [idOf('duomo')]: level }), WAIT)
      // What is drawn may be a moment ahead of what is said.
      await vi.waitFor(() => expect(milan.status().mode).toBe('live'), WAIT)
      expect(milan.status().counters).toMatchObject({ resyncs: 0, gaps: 0, coalesced: 0 })
    },

    /** The page shows what the broker holds, no more and no less. Gives the time that took. */
    async agrees(): Promise<number> {
      const startMs = performance.now()
      const held = await elsewhere.holds('NoiseLevelObserved', 'LAeq')
      await vi.waitFor(() => expect(city.porto.sensors('noise')).toEqual(held), WAIT)
      return performance.now() - startMs
    },

    /** How fresh the sensors are called, each kind once. */
    freshness(): readonly string[] {
      return [...new Set(city.porto.ids('noise').map((id) => String(city.porto.sensor('noise', id)?.freshness)))].toSorted()
    },
  }
  return city
}
