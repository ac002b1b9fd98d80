/**
 * Two cities in one worker, against the whole server over real sockets: each has its own, a city at rest misses
 * nothing, and one that has left holds nothing any more.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CityPlan, PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { formatInstant } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createLogger } from '../../src/server/log.ts'
import type { RelayStats } from '../../src/server/relay/relay.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { createPlatformEffects } from '../../src/workers/effects/platform.ts'
import { startWorker, type CityInHand } from '../city-in-hand.ts'

const WAIT = { timeout: 8_000, interval: 15 }
const idOf = (city: string): string => `urn:ngsi-ld:NoiseLevelObserved:${city}`

/** What cities of the worker have open of the platform's. */
const held = { waits: 0, streams: 0, effects: [] as WeakRef<object>[] }

/** The worker's own effects, counted. */
function countedEffects(origin: string): ReturnType<typeof createPlatformEffects> {
  const effects = createPlatformEffects(origin)
  const counted: typeof effects = {
    ...effects,
    async wait(ms, signal) {
      held.waits++
      await effects.wait(ms, signal)
      held.waits--
    },
    async *openStream(...asked) {
      held.streams++
      try {
        yield* effects.openStream(...asked)
      } finally {
        held.streams--
      }
    },
  }
  held.effects.push(new WeakRef(counted))
  return counted
}

let server: RunningServer
let worker: ReturnType<typeof startWorker>
let plans: readonly CityPlan[]
let url = ''

beforeEach(async () => {
  const city = (id: string): object => ({ id, name: id, country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [{ id: 'own', embedded: {} }] })
  const parsed = parseConfiguration({ cities: [city('porto'), city('milan')] }, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  server = await startServer({ configuration: parsed.value, port: 0, host: '127.0.0.1', log: createLogger(() => undefined), environment: {}, pageFolder: '/nonexistent' })
  url = `http://127.0.0.1:${server.port}`
  plans = ((await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration).cities
  // A page that is there before its broker is subscribed at reads twice.
  await vi.waitFor(async () => expect((await relay()).flatMap(({ brokers }) => brokers.map(({ state }) => state))).toEqual(['live', 'live']), WAIT)
  Object.assign(held, { waits: 0, streams: 0, effects: [] })
  worker = startWorker({ effectsOf: countedEffects })
})

afterEach(async () => {
  worker.close()
  await server.close()
})

const open = (id: string): CityInHand => worker.open(url, plans.find((plan) => plan.id === id)!)

async function tell(city: string, levelDbA: number): Promise<void> {
  const sensor = {
    id: idOf(city),
    type: 'NoiseLevelObserved',
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.14] } },
    LAeq: { type: 'Property', value: levelDbA, unitCode: '2N', observedAt: formatInstant(Date.now()) },
  }
  const response = await fetch(`${url}/ngsi-ld/v1/entityOperations/upsert`, { method: 'POST', headers: { 'content-type': 'application/json', 'ngsild-tenant': city }, body: JSON.stringify([sensor]) })
  expect(response.ok).toBe(true)
}

const shows = (city: CityInHand, id: string, levelDbA: number): Promise<void> => vi.waitFor(() => expect(city.sensors('noise')).toEqual({ [idOf(id)]: levelDbA }), WAIT)
const isLive = (city: CityInHand): Promise<void> => vi.waitFor(() => expect(city.status()?.mode).toBe('live'), WAIT)

async function relay(): Promise<RelayStats['cities']> {
  return ((await (await fetch(`${url}/api/health`)).json()) as { cities: RelayStats['cities'] }).cities
}

/** Streams that the server has open for a city. */
async function readersOf(city: string): Promise<number> {
  return (await relay()).find((one) => one.city === city)!.hub.readers
}

describe('two cities in one worker', () => {
  it('show each their own, by one stream each', async () => {
    await Promise.all([tell('porto', 50), tell('milan', 60)])
    const [porto, milan] = [open('porto'), open('milan')]
    await Promise.all([shows(porto, 'porto', 50), shows(milan, 'milan', 60)])
    await Promise.all([isLive(porto), isLive(milan)])
    await Promise.all([tell('porto', 51), tell('milan', 61)])
    await Promise.all([shows(porto, 'porto', 51), shows(milan, 'milan', 61)])
    expect(held.streams).toBe(2)
    porto.close()
    milan.close()
  })
})

describe('a city at rest', () => {
  it('has no stream, and misses nothing: it is shown as it was, and the relay tells the rest', async () => {
    const porto = open('porto')
    await isLive(porto)
    await tell('porto', 50)
    await shows(porto, 'porto', 50)
    porto.rest()
    await vi.waitFor(async () => expect([await readersOf('porto'), held.streams]).toEqual([0, 0]), WAIT)
    await tell('porto', 55)
    await tell('porto', 60)
    expect(porto.sensors('noise')).toEqual({})
    porto.send({ type: 'wake', cellRadiusM: 500 })
    // At once, without a word from the network.
    expect(porto.sensors('noise')).toEqual({ [idOf('porto')]: 50 })
    await shows(porto, 'porto', 60)
    await isLive(porto)
    expect(porto.status().counters).toMatchObject({ notifications: 3, resyncs: 0, gaps: 0 })
    porto.close()
  })
})

describe('a city that has left', () => {
  it('holds no stream, no timer and no memory, and its neighbour goes on', async () => {
    await Promise.all([tell('porto', 50), tell('milan', 60)])
    const milan = open('milan')
    await shows(milan, 'milan', 60)
    await isLive(milan)
    await vi.waitFor(() => expect([held.streams, held.waits]).toEqual([1, 1]), WAIT)
    for (let turn = 0; turn < 5; turn++) {
      const porto = open('porto')
      // In every state: connecting, reading, live, back in time, at rest.
      if (turn > 1) await shows(porto, 'porto', 50)
      if (turn > 2) porto.send({ type: 'at', atMs: Date.now() - 3_600_000 })
      if (turn > 3) porto.rest()
      porto.close()
    }
    await vi.waitFor(async () => expect([await readersOf('porto'), held.streams, held.waits]).toEqual([0, 1, 1]), WAIT)
    await tell('milan', 65)
    await shows(milan, 'milan', 65)
    // What a city is made of hangs together: when its effects are gone, so are its columns, its buffers and its history.
    await vi.waitFor(() => {
      collectGarbage()
      expect(held.effects.filter((effects) => effects.deref() !== undefined).length).toBe(1)
    }, WAIT)
    milan.close()
  })
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
