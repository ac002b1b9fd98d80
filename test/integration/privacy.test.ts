/**
 * Everything that the server gives to a page, searched for people: the whole server over real sockets, with
 * a city whose broker is ours and one whose broker is elsewhere, and random riders, rooms and flats in both.
 */
import { fc, test } from '@fast-check/vitest'
import { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createHexGrid } from '../../src/core/geo/hex-grid.ts'
import type { LonLat } from '../../src/core/geo/position.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { Json, JsonObject } from '../../src/ngsi-ld/entity.ts'
import { dateTime, pointLocation, property, relationship } from '../../src/ngsi-ld/normalized.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { SERVER_TIMERS } from '../../src/server/timers.ts'
import { Elsewhere } from '../elsewhere.ts'
import { readEvents, type EventReader } from '../event-reader.ts'

const ANCHOR: LonLat = [-8.611, 41.1496]
const CITIES = ['here', 'there'] as const
/** In every personal value there is this word: a rider's pseudonym, a room's id, a flat's id. */
const SECRET = /s3cret|peopleCount|4242/i
const GRID = createHexGrid(ANCHOR, 300)

let server: RunningServer
let elsewhere: Elsewhere
let url = ''
let aheadMs = 0
const lines: string[] = []
const now = (): number => Date.now() + aheadMs

/** Answers say the time of the clock that moves: what a broker's clock says is heard from its `Date`. */
class Dated extends ServerResponse {
  override writeHead(...given: unknown[]): this {
    this.setHeader('date', new Date(now()).toUTCString())
    return (super.writeHead as (...all: unknown[]) => this).apply(this, given)
  }
}

function cityOf(id: string, broker: Record<string, unknown>): Record<string, unknown> {
  return { id, name: id, country: 'PT', timeZone: 'Europe/Lisbon', anchor: ANCHOR, bounds: [-8.76, 41.09, -8.5, 41.23], privacyFloor: { cycling: 5 }, brokers: [{ id: 'main', ...broker }] }
}

async function start(): Promise<void> {
  const file = { cities: [cityOf('here', { embedded: {} }), cityOf('there', { url: elsewhere.url, tenant: 'there' })] }
  const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!configuration.ok) throw new Error(JSON.stringify(configuration.error))
  // The clock of rides and windows moves by hours, beyond the life of subscriptions: they are looked at often.
  server = await startServer({ configuration: configuration.value, port: 0, log: createLogger((line) => lines.push(line)), environment: {}, timers: { ...SERVER_TIMERS, now, wait: (ms, signal) => SERVER_TIMERS.wait(ms / 50, signal) }, http: { ServerResponse: Dated as typeof ServerResponse } })
  url = `http://127.0.0.1:${server.port}`
  await vi.waitFor(async () => {
    const { cities } = (await (await fetch(`${url}/readyz`)).json()) as { cities: { brokers: { state: string }[] }[] }
    expect(cities.map(({ brokers }) => brokers.map(({ state }) => state))).toEqual([['live', 'live'], ['live', 'live']])
  }, { timeout: 20_000, interval: 50 })
}

beforeAll(async () => {
  elsewhere = await Elsewhere.reserve()
  await elsewhere.up()
  // What a city's broker has before we come: nothing but a sensor.
  await upsert('there', [noise('urn:ngsi-ld:NoiseLevelObserved:1')])
  await start()
}, 40_000)

afterAll(async () => {
  await server.close()
  await elsewhere.down()
})

async function upsert(city: string, entities: readonly JsonObject[]): Promise<void> {
  const base = city === 'here' ? url : elsewhere.url
  const response = await fetch(`${base}/ngsi-ld/v1/entityOperations/upsert`, { method: 'POST', headers: { 'content-type': 'application/json', 'ngsild-tenant': city, 'x-test': '1' }, body: JSON.stringify(entities) })
  expect([201, 204]).toContain(response.status)
}

function noise(id: string): JsonObject {
  return { id, type: 'NoiseLevelObserved', location: pointLocation(ANCHOR), LAeq: property(61.5, { observedAtMs: now(), unitCode: '2N' }) }
}

function segment(rider: string, index: number, position: LonLat, atMs: number): JsonObject {
  return {
    id: `urn:ngsi-ld:CyclingRideSegment:s3cret-${rider}-${index}`,
    type: 'CyclingRideSegment',
    refRider: relationship(`urn:ngsi-ld:Rider:s3cret-${rider}`),
    name: property(`s3cret light of ${rider}`),
    location: pointLocation(position),
    dateObservedFrom: dateTime(atMs - MINUTE_MS, { observedAtMs: atMs }),
    dateObservedTo: dateTime(atMs, { observedAtMs: atMs }),
    distance: property(300, { observedAtMs: atMs, unitCode: 'MTR' }),
    duration: property(60, { observedAtMs: atMs, unitCode: 'SEC' }),
    brakingEvents: property(1, { observedAtMs: atMs }),
  }
}

function room(school: number, index: number, atMs: number): JsonObject {
  return {
    id: `urn:ngsi-ld:IndoorEnvironmentObserved:s3cret-room-${school}-${index}`,
    type: 'IndoorEnvironmentObserved',
    name: property('s3cret class'),
    location: pointLocation(ANCHOR),
    refPointOfInterest: relationship(`urn:ngsi-ld:School:school-${school}`),
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    co2: property(800 + 100 * index, { observedAtMs: atMs, unitCode: '59' }),
    peopleCount: property(4242, { observedAtMs: atMs }),
  }
}

function flat(building: number, index: number, atMs: number): JsonObject {
  return {
    id: `urn:ngsi-ld:ACMeasurement:s3cret-flat-${building}-${index}`,
    type: 'ACMeasurement',
    name: property('s3cret flat'),
    location: pointLocation(ANCHOR),
    refBuilding: relationship(`urn:ngsi-ld:Building:house-${building}`),
    refUnit: property(`s3cret unit ${index}`),
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    totalActivePower: property(1_000, { observedAtMs: atMs, unitCode: 'WTT' }),
  }
}

/** What passes whole: with a count of people and an appliance that do not. */
function wholes(atMs: number): readonly JsonObject[] {
  return [
    { ...room(0, 0, atMs), id: 'urn:ngsi-ld:IndoorEnvironmentObserved:whole-school', name: property('Whole school'), refPointOfInterest: property(''), co2: property(900, { observedAtMs: atMs, unitCode: '59' }) },
    {
      id: 'urn:ngsi-ld:ThreePhaseMultiCircuitAcMeasurement:whole-house',
      type: 'ThreePhaseMultiCircuitAcMeasurement',
      location: pointLocation(ANCHOR),
      currentCircuit: property([{ circuitLabel: 's3cret oven', activePower: 2_000 }, { circuitLabel: 's3cret light', activePower: 500 }], { observedAtMs: atMs }),
    },
  ]
}

const PERSONAL = MODELS.flatMap(({ privacy }) => privacy?.types ?? [])
const REPRESENTATIONS = ['', 'options=keyValues', 'options=concise', 'options=sysAttrs', 'format=simplified', 'format=concise', 'options=temporalValues', 'options=aggregatedValues&aggrMethods=avg,totalCount&aggrPeriodDuration=PT1H']
const PROJECTIONS = ['', 'attrs=peopleCount', 'attrs=refRider,totalActivePower,name', 'pick=peopleCount', 'pick=name,refRider', 'pick=id', 'omit=type', 'omit=id', 'omit=co2', 'omit=type,id']
const SELECTIONS = [
  '',
  ...PERSONAL.map((type) => `type=${type}`),
  `type=${PERSONAL.join(',')}`,
  `type=NoiseLevelObserved,${PERSONAL.join(',')}`,
  `type=(NoiseLevelObserved|${PERSONAL[0]!})`,
  `type=NoiseLevelObserved;${PERSONAL[0]!}`,
  'type=*',
  'type=https://example.org/CyclingRideSegment',
  'type=cyclingridesegment',
  'idPattern=.*s3cret.*',
  'idPattern=.*',
  'q=peopleCount>1',
  'q=refRider%3D%3D%22urn:ngsi-ld:Rider:s3cret-r1%22',
  `georel=near;maxDistance==9000&geometry=Point&coordinates=[${ANCHOR.join(',')}]`,
  'local=true',
]
const PATHS = ['entities', 'temporal/entities', 'types', 'attributes', ...PERSONAL.map((type) => `types/${type}`), 'attributes/peopleCount', 'attributes/refRider']
const IDS = ['urn:ngsi-ld:CyclingRideSegment:s3cret-r1-0', 'urn:ngsi-ld:IndoorEnvironmentObserved:s3cret-room-1-0', 'urn:ngsi-ld:ACMeasurement:s3cret-flat-1-0', 'urn:ngsi-ld:IndoorEnvironmentObserved:whole-school', 'urn:ngsi-ld:ThreePhaseMultiCircuitAcMeasurement:whole-house']

/** A page's request: same origin, as a browser sends it. */
async function asPage(path: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly text: string; readonly said: string }> {
  const response = await fetch(`${url}${path}`, { ...init, headers: { 'sec-fetch-site': 'same-origin', ...(init.headers as Record<string, string> | undefined) } })
  const text = await response.text()
  // What a request itself names, an error may repeat; headers speak, too.
  return { status: response.status, text, said: `${text} ${JSON.stringify([...response.headers])}` }
}

function doorsOf(city: string): readonly { readonly base: string; readonly headers: Record<string, string> }[] {
  return [
    { base: `/api/cities/${city}/brokers/main/ngsi-ld/v1`, headers: {} },
    { base: `/api/cities/${city}/brokers/privacy_floor/ngsi-ld/v1`, headers: {} },
    { base: '/ngsi-ld/v1', headers: { 'ngsild-tenant': city } },
  ]
}

/** Of a closed hour: its start lies before the last whole hour that is over, grace and all. */
function lastHour(): number {
  return Math.floor((now() - 16 * MINUTE_MS) / HOUR_MS) * HOUR_MS - HOUR_MS
}

async function publishedCells(city: string): Promise<readonly JsonObject[]> {
  const { status, text } = await asPage(`/api/cities/${city}/brokers/privacy_floor/ngsi-ld/v1/entities?type=CyclingRideCell&limit=1000`)
  expect(status).toBe(200)
  return JSON.parse(text) as JsonObject[]
}

function valueOf(entity: JsonObject | undefined, name: string): Json | undefined {
  return (entity?.[name] as { value?: Json } | undefined)?.value
}

/** After the clock has jumped: until notifications of both brokers of the city arrive again. */
async function untilHeard(city: string, reader: EventReader): Promise<void> {
  for (const whole of [noise, (id: string): JsonObject => ({ ...wholes(now())[0]!, id })]) {
    await vi.waitFor(async () => {
      const id = `urn:ngsi-ld:Probe:${probes++}`
      await upsert(city, [whole(id)])
      await reader.until((event) => event.event === 'notification' && JSON.stringify(event.data).includes(`${id}"`), 400)
    }, { timeout: 20_000, interval: 10 })
  }
}
let probes = 0

/** Cells well apart, so that each has only its own riders. */
function cellAt(index: number): LonLat {
  const [lon, lat] = [ANCHOR[0] + 0.015 * index, ANCHOR[1]]
  return GRID.centreOf(GRID.cellOf([lon, lat]))
}

describe('people', () => {
  const RIDERS = [1, 2, 3, 4, 5, 6]

  it('are seen by no page, through whichever door it asks and listens', async () => {
    const listened = await Promise.all(CITIES.map((city) => readEvents(`${url}/api/cities/${city}/feed`)))
    // An hour that is under way, whatever o'clock it is: the clock stands in its middle.
    aheadMs += HOUR_MS - (now() % HOUR_MS) + 30 * MINUTE_MS
    for (const [index, city] of CITIES.entries()) await untilHeard(city, listened[index]!)
    const atMs = now() - 10 * MINUTE_MS
    const segments = RIDERS.flatMap((riders) => Array.from({ length: riders }, (_, rider) => segment(`r${riders}${rider}`, 0, cellAt(riders), atMs)))
    const rooms = [1, 2, 3].flatMap((rooms) => Array.from({ length: rooms }, (_, index) => room(rooms, index, now() - 1_000)))
    const flats = [3, 4].flatMap((flats) => Array.from({ length: flats }, (_, index) => flat(flats, index, now() - 1_000)))
    for (const city of CITIES) await upsert(city, [...segments, ...rooms, ...flats, ...wholes(now() - 1_000), noise('urn:ngsi-ld:NoiseLevelObserved:2')])
    for (const reader of listened) {
      await reader.until((event) => event.event === 'notification' && JSON.stringify(event.data).includes('NoiseLevelObserved:2'))
      await reader.until((event) => event.event === 'notification' && JSON.stringify(event.data).includes('Whole school'))
    }
    // Every window closes.
    aheadMs += HOUR_MS
    for (const [index, city] of CITIES.entries()) {
      await untilHeard(city, listened[index]!)
      const cells = await vi.waitFor(async () => {
        const found = await publishedCells(city)
        expect(found.length).toBeGreaterThan(0)
        return found
      }, { timeout: 15_000, interval: 100 })
      const shownAt = (riders: number): JsonObject | undefined => cells.find(({ id }) => String(id).endsWith(`:${GRID.cellOf(cellAt(riders))}`))
      // Four never were five: the cell is not even named.
      for (const riders of RIDERS) expect([riders, shownAt(riders) !== undefined]).toEqual([riders, riders >= 5])
      expect(valueOf(shownAt(5), 'averageSpeed')).toBe(18)
      expect(valueOf(shownAt(5), 'kilometres')).toBe(1.5)
      const { text } = await asPage(`/api/cities/${city}/brokers/privacy_floor/ngsi-ld/v1/entities?type=IndoorEnvironmentObserved,ACMeasurement,ThreePhaseMultiCircuitAcMeasurement&limit=100`)
      const groups = new Map((JSON.parse(text) as JsonObject[]).map((entity) => [String(entity['id']), entity]))
      expect(valueOf(groups.get(`urn:ngsi-ld:IndoorEnvironmentObserved:${city}:school:School:school-3`), 'co2')).toBe(900)
      for (const few of [1, 2]) {
        const school = groups.get(`urn:ngsi-ld:IndoorEnvironmentObserved:${city}:school:School:school-${few}`)
        expect([valueOf(school, 'tooFewToShow'), valueOf(school, 'co2')]).toEqual([true, undefined])
      }
      expect(valueOf(groups.get(`urn:ngsi-ld:ACMeasurement:${city}:building:Building:house-4`), 'totalActivePower')).toBe(4_000)
      expect(valueOf(groups.get(`urn:ngsi-ld:ACMeasurement:${city}:building:Building:house-3`), 'totalActivePower')).toBeUndefined()
      expect(valueOf(groups.get('urn:ngsi-ld:ThreePhaseMultiCircuitAcMeasurement:whole-house'), 'totalActivePower')).toBe(2_500)
    }
    for (const reader of listened) {
      expect(JSON.stringify(reader.events)).not.toMatch(SECRET)
      const seen = reader.events.findLast(({ id }) => id !== undefined)!.id!
      reader.close()
      // What a page hears again after it was away comes from the same memory.
      for (const lastEventId of [seen, seen.replace(/\d+$/, '1'), 'of.1']) {
        const again = await readEvents(`${url}/api/cities/${CITIES[listened.indexOf(reader)]!}/feed`, { lastEventId, gzip: true })
        await again.until(({ event }) => event === 'hello')
        expect(JSON.stringify(again.events)).not.toMatch(SECRET)
        again.close()
      }
    }
  }, 60_000)

  test.prop([fc.constantFrom(...CITIES), fc.constantFrom(...PATHS, ...IDS.flatMap((id) => [`entities/${id}`, `temporal/entities/${id}`])), fc.constantFrom(...SELECTIONS), fc.constantFrom(...PROJECTIONS), fc.constantFrom(...REPRESENTATIONS), fc.constantFrom('', 'count=true&limit=1', 'limit=1000', 'limit=1&offset=2'), fc.constantFrom('application/json', 'application/ld+json', 'application/geo+json')], { numRuns: 250 })(
    'are in no answer to any question',
    async (city, path, selection, projection, representation, paging, accept) => {
      const times = path.startsWith('temporal') ? `timerel=after&timeAt=2020-01-01T00:00:00Z` : ''
      const query = [selection, projection, representation, paging, times].filter((part) => part !== '').join('&')
      for (const { base, headers } of doorsOf(city)) {
        const { said, status } = await asPage(`${base}/${path}?${query}`, { headers: { ...headers, accept } })
        // Lists of attributes name what there can be, not what there is.
        const allowed = path.startsWith('attributes') || path.startsWith('types') ? said.replaceAll('peopleCount', '') : said
        // That there is no such entity or attribute may be said with the words of the question.
        const asked = path.replace(/^(temporal\/)?entities\//, '')
        expect([status, base, status >= 400 ? allowed.replaceAll(asked, '').replaceAll('peopleCount', '') : allowed].join(' ')).not.toMatch(SECRET)
        expect(status).not.toBe(500)
      }
    },
    60_000,
  )

  test.prop([fc.constantFrom(...CITIES), fc.constantFrom<JsonObject>({}, { entities: [{ idPattern: '.*' }] }, { entities: PERSONAL.map((type) => ({ type })) }, { entities: [{ type: 'NoiseLevelObserved' }, { type: PERSONAL[0]! }] }, { entities: [{ type: '*' }] }), fc.constantFrom<JsonObject>({}, { attrs: ['peopleCount', 'refRider'] }, { pick: ['name'] }, { omit: ['type'] }, { q: 'peopleCount>1' }, { join: 'inline' }, { q: 'refBuilding{peopleCount>1}' }), fc.constantFrom('', '?options=keyValues', '?type=CyclingRideSegment&count=true')], { numRuns: 80 })(
    'are in no answer to a query by POST',
    async (city, selection, projection, query) => {
      for (const { base, headers } of doorsOf(city)) {
        const { said, status } = await asPage(`${base}/entityOperations/query${query}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ type: 'Query', ...selection, ...projection }) })
        // A question that is refused may be repeated: it names an attribute.
        expect(status === 400 ? said.replaceAll('{peopleCount>1}', '') : said).not.toMatch(SECRET)
      }
    },
    60_000,
  )

  it('cannot be counted or guessed by asking for one of them', async () => {
    for (const city of CITIES) {
      const base = `/api/cities/${city}/brokers/main/ngsi-ld/v1`
      for (const question of ['type=CyclingRideSegment&count=true', 'type=IndoorEnvironmentObserved&q=peopleCount%3D%3D4242&count=true']) {
        const response = await fetch(`${url}${base}/entities?${question}`)
        expect([response.status, await response.json(), response.headers.get('ngsild-results-count')]).toEqual([200, [], '0'])
      }
      // A rider who is there and one who is not look the same.
      const here = await asPage(`${base}/entities/${encodeURIComponent('urn:ngsi-ld:CyclingRideSegment:s3cret-r60-0')}`)
      const gone = await asPage(`${base}/entities/${encodeURIComponent('urn:ngsi-ld:CyclingRideSegment:s3cret-nobody')}`)
      expect(here.status).toBe(404)
      expect(here.text).toBe(gone.text)
    }
  })

  it('are not in health, configuration, log or any page of a stranger with a tenant of his own', async () => {
    for (const path of ['/api/health', '/api/config', '/readyz', '/healthz', '/api/cities/here/feed2']) expect((await asPage(path)).said).not.toMatch(SECRET)
    expect(lines.join('\n')).not.toMatch(SECRET)
    const unknown = await asPage('/ngsi-ld/v1/entities?type=CyclingRideSegment', { headers: { 'ngsild-tenant': 'elsewhere' } })
    expect(unknown.status).toBe(404)
    const posted = await asPage('/ngsi-ld/v1/temporal/entityOperations/query', { method: 'POST', headers: { 'ngsild-tenant': 'here', 'content-type': 'application/json' }, body: '{"type":"Query"}' })
    expect(posted.status).toBe(403)
  })

  it('are counted where they are held back', async () => {
    const { privacy, cities } = JSON.parse((await asPage('/api/health')).text) as { privacy: { cities: { city: string; state: string; domains: { domain: string; floor: number; gathering: { shown: number } }[] }[] }; cities: { brokers: { broker: string; intake: { withheld: number } }[] }[] }
    expect(privacy.cities.map(({ city, state }) => [city, state])).toEqual([['here', 'ready'], ['there', 'ready']])
    for (const { brokers } of cities) expect(brokers.find(({ broker }) => broker === 'main')!.intake.withheld).toBeGreaterThan(30)
  })

  it('of a cell that was shown are too few later, and nothing else is said of it', async () => {
    await upsert('there', Array.from({ length: 4 }, (_, rider) => segment(`later${rider}`, 0, cellAt(5), now())))
    aheadMs += 2 * HOUR_MS
    const cells = await vi.waitFor(async () => {
      const found = (await publishedCells('there')).filter((entity) => valueOf(entity, 'tooFewToShow') === true)
      expect(found.length).toBeGreaterThan(0)
      return found
    }, { timeout: 15_000, interval: 100 })
    expect(cells.length).toBe(2)
    for (const cell of cells) expect(Object.keys(cell).filter((name) => /speed|kilometres|Per1000|roughness/i.test(name))).toEqual([])
  }, 40_000)

  it('are read from the broker anew after a restart, and still not shown', async () => {
    const hourMs = lastHour()
    await upsert('there', Array.from({ length: 5 }, (_, rider) => segment(`again${rider}`, 0, cellAt(2), hourMs + 20 * MINUTE_MS)))
    await server.close()
    await start()
    const cell = await vi.waitFor(async () => {
      const found = (await publishedCells('there')).find(({ id }) => String(id).endsWith(`:${GRID.cellOf(cellAt(2))}`))
      expect(found).toBeDefined()
      return found
    }, { timeout: 15_000, interval: 100 })
    expect(valueOf(cell, 'averageSpeed')).toBe(18)
    for (const city of CITIES) {
      for (const { base, headers } of doorsOf(city)) expect((await asPage(`${base}/entities?limit=1000`, { headers })).said).not.toMatch(SECRET)
    }
  }, 60_000)
})
