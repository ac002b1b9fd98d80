/**
 * From a notification that a broker posts to the frame that the page gets: relay, forwarder and the
 * worker's own effects over real sockets. Only the worker's thread is missing, and the page.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CityPlan } from '../../src/configuration/city-plan.ts'
import { formatInstant, MINUTE_MS } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createBrokerLine } from '../../src/server/access/broker-line.ts'
import { createForwarder } from '../../src/server/forward.ts'
import { createLogger } from '../../src/server/log.ts'
import { createNotifyDoor } from '../../src/server/relay/notify-door.ts'
import { createRelay } from '../../src/server/relay/relay.ts'
import { route } from '../../src/server/routes.ts'
import { createStaticFiles } from '../../src/server/static.ts'
import { SERVER_TIMERS } from '../../src/server/timers.ts'
import { openCity as openCityInHand, type CityInHand } from '../city-in-hand.ts'
import { startFakeBroker, type FakeBroker } from '../fake-broker.ts'
import { PORTO_PLAN } from '../porto-plan.ts'

const PLAN: CityPlan = { ...PORTO_PLAN, layers: MODELS.map(({ id }) => id), brokers: [{ id: 'b0', name: 'Broker', simulated: false }] }

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** A relay in front of the broker, on a port of its own. */
async function startServer(broker: FakeBroker): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const log = createLogger(() => undefined)
  const door = createNotifyDoor({ now: Date.now, limits: { maxBodyBytes: 1_000_000, maxWaitingBytes: 64_000_000 } })
  const address = { city: 'porto', broker: 'b0', apiUrl: `${broker.url}/ngsi-ld/v1`, headers: {}, timeoutMs: 2_000, profile: 'generic' as const, isEmbedded: false, line: createBrokerLine({ apiUrl: `${broker.url}/ngsi-ld/v1`, timers: SERVER_TIMERS }) }
  const types = MODELS.flatMap(({ watches }) => watches.map(({ type }) => type))
  const relay = createRelay({
    installation: 'test',
    sources: [{ address, types, callbackUrl: url }],
    door,
    timers: SERVER_TIMERS,
    random: () => 0.5,
    log,
    limits: { gatherMs: 1 },
  })
  const parts = {
    configuration: { title: 'Test', version: '0', cities: [PLAN] },
    addresses: [address],
    relay,
    door,
    forwarder: createForwarder({ log }),
    files: createStaticFiles('/nonexistent'),
    startedAtMs: 0,
    now: Date.now,
  }
  server.on('request', (request, response) => void route(parts, request, response))
  relay.start()
  endings.push(async () => {
    await relay.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return url
}

function openCity(origin: string): CityInHand {
  const city = openCityInHand(origin, PLAN)
  endings.push(() => city.close())
  return city
}

const WAIT = { timeout: 8_000, interval: 10 }
const ID = 'urn:ngsi-ld:NoiseLevelObserved:ribeira'

function noise(levelDbA: number, atMs: number): Record<string, unknown> {
  return {
    id: ID,
    type: 'NoiseLevelObserved',
    name: { type: 'Property', value: 'Ribeira' },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.613, 41.14] } },
    LAeq: { type: 'Property', value: levelDbA, unitCode: '2N', observedAt: formatInstant(atMs) },
  }
}

async function startBroker(entities: () => readonly unknown[], past: readonly unknown[] = []): Promise<FakeBroker> {
  const broker = await startFakeBroker()
  endings.push(() => broker.close())
  broker.answer = (request, response) => {
    const { pathname } = new URL(request.url!, broker.url)
    const single = /\/entities\/(.+)$/.exec(pathname)?.[1] !== undefined
    const body = pathname.includes('/temporal/') ? (single ? past[0] : past) : single ? entities()[0] : entities()
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  }
  return broker
}

describe('a notification at the broker', () => {
  it('becomes a frame, on top of the snapshot', async () => {
    const startMs = Date.now()
    const broker = await startBroker(() => [noise(60, startMs - MINUTE_MS)])
    const city = openCity(await startServer(broker))
    await vi.waitFor(() => expect(city.sensor('noise', ID)?.latest).toBe(60), WAIT)
    await vi.waitFor(() => expect(city.status().brokers).toEqual([{ id: 'b0', state: 'live', by: 'relay' }]), WAIT)
    expect(city.status().mode).toBe('live')

    const postedAtMs = Date.now()
    expect(await broker.notify([noise(70, startMs)])).toEqual([200])
    await vi.waitFor(() => expect(city.sensor('noise', ID)?.latest).toBe(70), WAIT)
    expect(Date.now() - postedAtMs).toBeLessThan(2_000)
    const sensor = city.sensor('noise', ID)!
    expect(sensor).toMatchObject({ freshness: 'fresh', name: 'Ribeira', cells: 1, total: { reporting: 1, known: 1 } })
    // A minute at 60 and a minute at 70 dB(A) are 67.4, not 65 (ISO 1996-1).
    expect(sensor.value).toBeCloseTo(67.4, 1)
    await vi.waitFor(() => expect(city.status().counters).toMatchObject({ notifications: 1, entities: 2, readings: 2, gaps: 0 }), WAIT)
  })

  it('of a delete removes the sensor', async () => {
    const broker = await startBroker(() => [noise(60, Date.now())])
    const city = openCity(await startServer(broker))
    await vi.waitFor(() => expect(city.status()?.brokers).toEqual([{ id: 'b0', state: 'live', by: 'relay' }]), WAIT)
    await vi.waitFor(() => expect(city.sensor('noise', ID)?.latest).toBe(60), WAIT)
    await broker.notify([{ id: ID, type: 'NoiseLevelObserved', deletedAt: formatInstant(Date.now() + 1_000) }])
    await vi.waitFor(() => expect(city.sensor('noise', ID)).toBeUndefined(), WAIT)
  })
})

describe('the past of a city', () => {
  it('is read through the forwarder, and now comes back at once', async () => {
    const nowMs = Date.now()
    const atMs = nowMs - 60 * MINUTE_MS
    const past = [{ ...noise(0, 0), LAeq: [noise(50, atMs - MINUTE_MS)['LAeq'], noise(55, atMs + MINUTE_MS)['LAeq']] }]
    const city = openCity(await startServer(await startBroker(() => [noise(60, nowMs)], past)))
    await vi.waitFor(() => expect(city.sensor('noise', ID)?.latest).toBe(60), WAIT)
    city.send({ type: 'at', atMs })
    await vi.waitFor(() => expect(city.sensor('noise', ID)).toMatchObject({ atMs, latest: 50 }), WAIT)
    await vi.waitFor(() => expect(city.status()).toMatchObject({ mode: 'history', detail: `The city as it was at ${formatInstant(atMs)}.` }), WAIT)
    city.send({ type: 'at' })
    await vi.waitFor(() => expect(city.sensor('noise', ID)?.latest).toBe(60), WAIT)
  })

  it('and the entity itself can be asked for', async () => {
    const nowMs = Date.now()
    const past = [{ ...noise(0, 0), LAeq: [noise(50, nowMs - 2_000)['LAeq'], noise(55, nowMs - 1_000)['LAeq']] }]
    const broker = await startBroker(() => [noise(60, nowMs)], past)
    const city = openCity(await startServer(broker))
    const history = await city.ask({ kind: 'history', domain: 'noise', entityId: ID, fromMs: nowMs - 10_000, toMs: nowMs })
    expect(history).toMatchObject({ ok: true, rejected: 0, partial: false, readings: [{ values: { laeq: 50 } }, { values: { laeq: 55 } }] })
    expect(await city.ask({ kind: 'entity', domain: 'noise', entityId: ID })).toMatchObject({ ok: true, raw: noise(60, nowMs), reading: { values: { laeq: 60 } } })
  })
})
