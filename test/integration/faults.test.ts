/**
 * Everything that goes wrong with a broker elsewhere, against the whole server and the worker's side of the page,
 * over real sockets. After each fault: health tells the truth, the other city is untouched, and the page ends
 * with exactly what the broker holds.
 *
 * Waits of the relay run twenty times faster than in life; those of the sockets are as they are. With
 * BELVEDERE_FIGURES set, the time to heal of each is printed.
 */
import { Agent, request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { formatInstant, MINUTE_MS } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { JsonObject } from '../../src/ngsi-ld/entity.ts'
import type { FeedSettings } from '../../src/feed/feed.ts'
import { createLogger } from '../../src/server/log.ts'
import type { Readiness } from '../../src/server/health.ts'
import type { RelayStats } from '../../src/server/relay/relay.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { SERVER_TIMERS, type ServerTimers } from '../../src/server/timers.ts'
import { openCity, type CityInHand } from '../city-in-hand.ts'
import { Elsewhere } from '../elsewhere.ts'

const PACE = 20
const TIMERS: ServerTimers = {
  now: Date.now,
  after: (ms, call) => SERVER_TIMERS.after(ms / PACE, call),
  wait: (ms, signal) => SERVER_TIMERS.wait(ms / PACE, signal),
}
const FEED: FeedSettings = { reconnect: { baseMs: 50, capMs: 1_500 }, snapshotRetry: { baseMs: 100, capMs: 3_000 }, checkEveryMs: 0 }
const WAIT = { timeout: 20_000, interval: 15 }
vi.setConfig({ testTimeout: 60_000 })
const SENSORS = 12

let elsewhere: Elsewhere
let server: RunningServer
let url = ''
let lines: string[] = []
let cities: Record<string, CityInHand> = {}
let milanLevel = 50

const idOf = (sensor: number | string): string => `urn:ngsi-ld:NoiseLevelObserved:${sensor}`

function noise(sensor: number | string, levelDbA: number, atMs: number, more: JsonObject = {}): JsonObject {
  return {
    id: idOf(sensor),
    type: 'NoiseLevelObserved',
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.14] } },
    LAeq: { type: 'Property', value: levelDbA, unitCode: '2N', observedAt: formatInstant(atMs) },
    ...more,
  }
}

const all = (levelDbA: number, atMs = elsewhere.now()): JsonObject[] => Array.from({ length: SENSORS }, (_, sensor) => noise(sensor, levelDbA + sensor, atMs))

function configurationOf(ids: readonly string[]) {
  const city = (id: string, brokers: object[]): object => ({ id, name: id, country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers })
  const known: Record<string, object> = {
    porto: city('porto', [{ id: 'far', url: elsewhere.url, timeoutMs: 60_000 }]),
    milan: city('milan', [{ id: 'own', embedded: {} }]),
  }
  const parsed = parseConfiguration({ cities: ids.map((id) => known[id]) }, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return parsed.value
}

async function start(ids: readonly string[] = ['porto', 'milan'], feed: FeedSettings = FEED): Promise<void> {
  server = await startServer({ configuration: configurationOf(ids), port: 0, host: '127.0.0.1', log: createLogger((line) => lines.push(line)), environment: {}, pageFolder: '/nonexistent', timers: TIMERS })
  url = `http://127.0.0.1:${server.port}`
  const { cities: plans } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
  cities = Object.fromEntries(plans.map((plan) => [plan.id, openCity(url, plan, { ...FEED, ...feed })]))
}

/** With both cities live and showing what their brokers hold. */
async function startLive(feed?: FeedSettings): Promise<CityInHand> {
  await elsewhere.up()
  elsewhere.upsert(all(40, elsewhere.now() - MINUTE_MS))
  await start(['porto', 'milan'], feed)
  await untouched()
  await agrees()
  await vi.waitFor(async () => expect(await far()).toMatchObject({ state: 'live' }), WAIT)
  return cities['porto']!
}

beforeEach(async () => {
  lines = []
  elsewhere = await Elsewhere.reserve()
})

afterEach(async () => {
  for (const city of Object.values(cities)) city.close()
  cities = {}
  await server.close()
  await elsewhere.end()
})

type BrokerHealth = RelayStats['cities'][number]['brokers'][number]

/** What health says of the broker elsewhere. */
async function far(): Promise<BrokerHealth> {
  const health = (await (await fetch(`${url}/api/health`)).json()) as { cities: RelayStats['cities'] }
  return health.cities.find(({ city }) => city === 'porto')!.brokers[0]!
}

async function readiness(): Promise<{ status: number } & Readiness> {
  const response = await fetch(`${url}/readyz`)
  return { status: response.status, ...((await response.json()) as Readiness) }
}

/** Health and readiness say that the broker is down, and the other city keeps the server ready. */
async function isToldDown(): Promise<void> {
  await vi.waitFor(async () => expect((await far()).state).toBe('down'), WAIT)
  expect((await far()).detail).toMatch(/\w/)
  await vi.waitFor(async () => {
    const { status, cities: told } = await readiness()
    expect([status, told.map(({ city, live }) => [city, live])]).toEqual([200, [['porto', false], ['milan', true]]])
  }, WAIT)
  await vi.waitFor(() => expect(cities['porto']!.status().brokers).toMatchObject([{ id: 'far', state: 'down' }]), WAIT)
}

async function isToldLive(): Promise<void> {
  await vi.waitFor(async () => expect((await far()).state).toBe('live'), WAIT)
  await vi.waitFor(() => expect(cities['porto']!.status()).toMatchObject({ mode: 'live', brokers: [{ id: 'far', state: 'live' }] }), WAIT)
  expect((await readiness()).cities.every(({ live }) => live)).toBe(true)
}

/** The other city: a change there is seen as always, and nothing was missed or read anew. */
async function untouched(): Promise<void> {
  const level = ++milanLevel
  const response = await fetch(`${url}/ngsi-ld/v1/entityOperations/upsert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'ngsild-tenant': 'milan' },
    body: JSON.stringify([noise('duomo', level, Date.now())]),
  })
  expect(response.ok).toBe(true)
  const milan = cities['milan']!
  await vi.waitFor(() => expect(milan.sensors('noise')).toEqual({ [idOf('duomo')]: level }), WAIT)
  // What is drawn may be a moment ahead of what is said.
  await vi.waitFor(() => expect(milan.status().mode).toBe('live'), WAIT)
  expect(milan.status().counters).toMatchObject({ resyncs: 0, gaps: 0, coalesced: 0 })
}

/** The page shows what the broker holds, no more and no less. Gives the time that took. */
async function agrees(): Promise<number> {
  const startMs = performance.now()
  const held = await elsewhere.holds('NoiseLevelObserved', 'LAeq')
  const porto = cities['porto']!
  await vi.waitFor(() => expect(porto.sensors('noise')).toEqual(held), WAIT)
  return performance.now() - startMs
}

function measured(what: string, ms: number): void {
  if (process.env['BELVEDERE_FIGURES'] !== undefined) console.log(`${what}: ${Math.round(ms)} ms`)
}

/** Posts to the relay's door; over few sockets, as a gateway would. */
function post(uri: string, body: string | Buffer, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(uri, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }, ...(agent !== undefined && { agent }) }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode!))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

const notification = (...entities: readonly JsonObject[]): string => JSON.stringify({ id: 'urn:ngsi-ld:Notification:1', type: 'Notification', subscriptionId: 'urn:x:1', notifiedAt: formatInstant(Date.now()), data: entities })

describe('a broker that', () => {
  it('is down at the start is waited for', async () => {
    await start()
    await isToldDown()
    await untouched()
    await vi.waitFor(() => expect(cities['porto']!.status()).toMatchObject({ mode: 'retrying' }), WAIT)
    await elsewhere.up()
    elsewhere.upsert(all(60))
    measured('down at the start', await agrees())
    await isToldLive()
    await untouched()
  })

  it('is the only one and down leaves the server alive but not ready, and readyz says why', async () => {
    await start(['porto'])
    await vi.waitFor(async () => expect((await far()).state).toBe('down'), WAIT)
    const { status, ready, reason } = await readiness()
    expect([status, ready]).toEqual([503, false])
    expect(reason).toMatch(/^no broker is live: porto\/far is down \(.+\)$/)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    await elsewhere.up()
    await vi.waitFor(async () => expect((await readiness()).status).toBe(200), WAIT)
  })

  it('is cut off while live is said to be down, keeps its last values on the map, and is caught up with', async () => {
    const porto = await startLive()
    const before = porto.sensors('noise')
    await elsewhere.down()
    await isToldDown()
    await untouched()
    // It goes on living behind the cut: changes, a new sensor, one taken away.
    elsewhere.upsert([...all(70).slice(1), noise('new', 55, elsewhere.now())])
    expect(porto.sensors('noise')).toEqual(before)
    await elsewhere.up()
    await elsewhere.delete(idOf(0))
    measured('cut off while live', await agrees())
    await isToldLive()
    await untouched()
    expect(porto.status().counters.resyncs).toBeGreaterThan(0)
  })

  it('comes back without our subscription and with other entities is subscribed anew', async () => {
    await startLive()
    await elsewhere.down()
    await elsewhere.forget()
    elsewhere.upsert([...all(65).slice(3), noise('other', 44, elsewhere.now())])
    // So fast that nobody saw it gone.
    await elsewhere.up()
    measured('lost our subscription', await agrees())
    await isToldLive()
    expect(await elsewhere.subscriptions()).toBe(1)
    elsewhere.upsert([noise('other', 45, elsewhere.now() + 1_000)])
    measured('  and the next change', await agrees())
    await untouched()
  })

  it.each<[name: string, body: string, type: string]>([
    ['an error body', '{"success":false,"message":"token expired"}', 'application/json'],
    ['a page of HTML', '<html><h1>It works!</h1></html>', 'text/html'],
    ['half a document', '[{"id":"urn:ngsi-ld:NoiseLevelObserved:0","type":"Noise', 'application/json'],
    ['nothing at all', '', 'application/json'],
  ])('answers 200 with %s is down, and empties nothing', async (_, body, type) => {
    const porto = await startLive()
    const before = porto.sensors('noise')
    elsewhere.manner = (_request, response) => {
      response.setHeader('content-type', type).end(body)
      return true
    }
    await isToldDown()
    await untouched()
    expect(porto.sensors('noise')).toEqual(before)
    await elsewhere.silently(() => elsewhere.upsert(all(72)))
    elsewhere.manner = undefined
    measured(`200 with ${_}`, await agrees())
    await isToldLive()
  })

  it.each<[name: string, body: string]>([['an error body', '{"success":false}'], ['nothing at all', ''], ['half a page', '[{"id":"urn:a:1","type"']])('answers its list of entities with %s is read again until it is one', async (_, body) => {
    await elsewhere.up()
    elsewhere.upsert(all(40))
    elsewhere.manner = (request, response) => {
      if (!request.url!.startsWith('/ngsi-ld/v1/entities')) return false
      response.setHeader('content-type', 'application/json').end(body)
      return true
    }
    await start()
    await vi.waitFor(() => expect(cities['porto']!.status()).toMatchObject({ mode: 'retrying' }), WAIT)
    expect(cities['porto']!.status().detail).toMatch(/answered nonsense: .*(empty|not JSON|no list of entities)/)
    await untouched()
    elsewhere.manner = undefined
    measured(`entities are ${_}`, await agrees())
    await isToldLive()
  })

  it('breaks its answer off in the middle empties nothing', async () => {
    const porto = await startLive()
    const before = porto.sensors('noise')
    let broken = 0
    elsewhere.manner = (request, response) => {
      if (!request.url!.startsWith('/ngsi-ld/v1/entities')) return false
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5_000 })
      response.write('[')
      setTimeout(() => response.destroy(), 5)
      broken += 1
      return true
    }
    await elsewhere.forget()
    elsewhere.upsert(all(66).slice(2))
    await vi.waitFor(() => expect(broken).toBeGreaterThan(1), WAIT)
    expect(porto.sensors('noise')).toMatchObject({ [idOf(0)]: before[idOf(0)]! })
    elsewhere.manner = undefined
    measured('answers broken off', await agrees())
    await untouched()
  })

  it('repeats our secret address in an error does not get it published', async () => {
    await elsewhere.up()
    let key = ''
    elsewhere.manner = (request, response) => {
      if (request.method !== 'POST') return false
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      request.on('end', () => {
        key = /\/notify\/([\w-]+)/.exec(body)?.[1] ?? ''
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ type: 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData', title: 'Bad', detail: `no route to http://x/notify/${key}` }))
      })
      return true
    }
    await start()
    await isToldDown()
    expect(key).toMatch(/^[\w-]{40,}$/)
    const told = [JSON.stringify(await far()), JSON.stringify(await readiness()), lines.join(''), JSON.stringify(cities['porto']!.status())]
    expect(told.filter((text) => text.includes('no route to'))).toHaveLength(4)
    expect(told.filter((text) => text.includes(key))).toEqual([])
  })

  it('has its clock ten minutes off: its values are fresh by its own clock', async () => {
    for (const aheadMs of [10 * MINUTE_MS, -10 * MINUTE_MS]) {
      elsewhere.aheadMs = aheadMs
      const porto = await startLive()
      elsewhere.upsert(all(60))
      await agrees()
      await vi.waitFor(async () => expect(Math.abs((await far()).clockOffsetMs - aheadMs)).toBeLessThanOrEqual(1_000), WAIT)
      await vi.waitFor(() => expect(Math.abs(porto.status().clockOffsetMs - aheadMs)).toBeLessThanOrEqual(2_000), WAIT)
      await vi.waitFor(() => expect(porto.sensor('noise', idOf(3))).toMatchObject({ freshness: 'fresh', total: { reporting: SENSORS, known: SENSORS } }), WAIT)
      await untouched()
      for (const city of Object.values(cities)) city.close()
      await server.close()
      await elsewhere.end()
      elsewhere = await Elsewhere.reserve()
    }
    await start()
  })

  it('has its clock two hours ahead still takes our subscription', async () => {
    elsewhere.aheadMs = 120 * MINUTE_MS
    await startLive()
    await isToldLive()
    expect(await elsewhere.subscriptions()).toBe(1)
  })
})

describe('notifications that', () => {
  it('are malformed or cut off are counted, and what they may have said is read', async () => {
    await startLive()
    const uri = await elsewhere.callback()
    await elsewhere.silently(() => elsewhere.upsert(all(71)))
    for (const body of ['{"data":[{"id":"urn:ngsi-ld:NoiseLevelObserved:1","ty', 'nonsense', '[', '']) expect(await post(uri, body)).toBe(200)
    await vi.waitFor(async () => expect((await far()).intake.malformed).toBe(4), WAIT)
    measured('malformed notifications', await agrees())
    await isToldLive()
    await untouched()
  })

  it('are five megabytes long arrive whole, and one beyond all bounds is refused', async () => {
    await startLive()
    const uri = await elsewhere.callback()
    const atMs = elsewhere.now()
    const description = { type: 'Property', value: 'x'.repeat(300) }
    const many = Array.from({ length: 8_500 }, (_, sensor) => noise(`many-${sensor}`, 30 + (sensor % 50), atMs, { description }))
    await elsewhere.silently(() => elsewhere.upsert(many))
    const body = notification(...many)
    expect(body.length).toBeGreaterThan(5_000_000)
    expect(await post(uri, body)).toBe(200)
    measured(`${(body.length / 1e6).toFixed(1)} MB`, await agrees())
    expect(await post(uri, Buffer.alloc(17 * 1024 * 1024, ' ')).catch(() => 'cut')).toSatisfy((status) => status === 413 || status === 'cut')
    expect(cities['porto']!.status().counters).toMatchObject({ gaps: 0 })
    await isToldLive()
    await untouched()
  })

  it('flood in, five thousand in a second, end in the state of the last', async () => {
    const porto = await startLive()
    const uri = await elsewhere.callback()
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const baseMs = elsewhere.now()
    await elsewhere.silently(async () => {
      elsewhere.upsert(Array.from({ length: SENSORS }, (_, sensor) => noise(sensor, 40 + ((4_999 - ((4_999 - sensor) % SENSORS)) % 37), baseMs + 4_999 - ((4_999 - sensor) % SENSORS))))
    })
    const startMs = performance.now()
    const statuses = await Promise.all(Array.from({ length: 5_000 }, (_, turn) => post(uri, notification(noise(turn % SENSORS, 40 + (turn % 37), baseMs + turn)), agent)))
    measured('5000 notifications accepted', performance.now() - startMs)
    expect(new Set(statuses)).toEqual(new Set([200]))
    measured('  and on the page', await agrees())
    await vi.waitFor(() => expect(porto.status().counters.notifications).toBe(5_000), WAIT)
    expect((await far()).intake).toMatchObject({ malformed: 0, lost: 0 })
    await isToldLive()
    await untouched()
    expect(lines.filter((line) => / (warn|error) /.test(line))).toEqual([])
    agent.destroy()
  })

  it('come in any order and more than once end in the newest of each sensor', async () => {
    const porto = await startLive()
    const uri = await elsewhere.callback()
    const baseMs = elsewhere.now()
    const states = Array.from({ length: 60 }, (_, turn) => noise(turn % SENSORS, 40 + turn / 4, baseMs + turn * 10))
    await elsewhere.silently(async () => {
      for (const state of states) elsewhere.upsert([state])
    })
    // A fixed shuffle: 7 and 60 have no common factor.
    for (let turn = 0; turn < 60; turn++) {
      const state = states[(turn * 7 + 59) % 60]!
      await post(uri, notification(state))
      if (turn % 3 === 0) await post(uri, notification(state, state))
    }
    measured('out of order and doubled', await agrees())
    await vi.waitFor(() => expect(porto.status().counters.notifications).toBe(80), WAIT)
    expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 0, duplicates: 40 })
    expect(porto.status().counters.late).toBeGreaterThan(20)
    await untouched()
  })

  it('are lost without a trace are found by a check', async () => {
    const porto = await startLive({ checkEveryMs: 1_500 })
    await elsewhere.silently(async () => {
      elsewhere.upsert([...all(77).slice(2), noise('silent', 33, elsewhere.now())])
      await elsewhere.delete(idOf(0))
    })
    measured('lost without a trace (check every 1.5 s)', await agrees())
    expect(porto.status().counters).toMatchObject({ resyncs: 0, gaps: 0 })
    await untouched()
  })
})
