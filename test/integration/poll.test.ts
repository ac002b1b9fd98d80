/** Pages that poll: brokers that tell nothing by themselves, read again and again over real sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { FeedSettings } from '../../src/feed/feed.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer } from '../../src/server/start.ts'
import { openCity, type CityInHand } from '../city-in-hand.ts'
import { startFakeBroker, type FakeBroker } from '../fake-broker.ts'

const QUICK: FeedSettings = { pollEveryMs: 100, polls: new Map(), snapshotRetry: { baseMs: 50, capMs: 200 } }
const WITHIN = { timeout: 15_000, interval: 20 }

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

async function open(broker: FakeBroker, more: Record<string, unknown>): Promise<CityInHand> {
  const file = {
    server: { installation: 'test' },
    cities: [{ id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [{ id: 'main', url: broker.url, ...more }] }],
  }
  const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!configuration.ok) throw new Error(JSON.stringify(configuration.error))
  const server = await startServer({ configuration: configuration.value, port: 0, host: '127.0.0.1', environment: {}, log: createLogger(() => undefined) })
  endings.push(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const { cities } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
  const city = openCity(url, cities[0]!, QUICK)
  endings.push(() => city.close())
  return city
}

const idOf = (n: number): string => `urn:ngsi-ld:NoiseLevelObserved:${n}`

function noise(n: number, level: number): Record<string, unknown> {
  return {
    id: idOf(n),
    type: 'NoiseLevelObserved',
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.15] } },
    LAeq: { type: 'Property', value: level, unitCode: '2N', observedAt: new Date().toISOString() },
  }
}

const levelsOf = (levels: ReadonlyMap<number, number>): Record<string, number> => Object.fromEntries([...levels].map(([n, level]) => [idOf(n), level]))
const bySensor = (levels: Readonly<Record<string, number>>): readonly (readonly [string, number])[] => Object.entries(levels).toSorted(([a], [b]) => (a < b ? -1 : 1))

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
}

/** A broker whose entities change place, and come and go, between one page and the next. */
function shifting(levels: Map<number, number>, stir: () => void) {
  return ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(url, 'http://broker')
    if (pathname !== '/ngsi-ld/v1/entities') return void response.writeHead(404).end()
    const offset = Number(searchParams.get('offset') ?? 0)
    json(response, [...levels].slice(offset, offset + Number(searchParams.get('limit') ?? 20)).map(([n, level]) => noise(n, level)))
    stir()
  }
}

describe('a page that polls', () => {
  it('ends with what the broker holds, though its pages shift while they are read', async () => {
    const broker = await startFakeBroker()
    endings.push(() => broker.close())
    const levels = new Map(Array.from({ length: 350 }, (_, n) => [n, 40 + (n % 30)]))
    let stirs = 0
    broker.answer = shifting(levels, () => {
      if (++stirs > 60) return
      // The first go to the end, one goes, one comes, one changes.
      for (const n of [...levels.keys()].slice(0, 40)) {
        const level = levels.get(n)!
        levels.delete(n)
        levels.set(n, level)
      }
      levels.delete([...levels.keys()][stirs]!)
      levels.set(1_000 + stirs, 50)
      levels.set([...levels.keys()][2 * stirs]!, 70 + (stirs % 20))
    })
    const city = await open(broker, { transports: ['poll'], profile: 'generic' })
    await vi.waitFor(() => expect(stirs).toBeGreaterThan(61), { timeout: 30_000, interval: 50 })
    await vi.waitFor(() => expect(bySensor(city.sensors('noise'))).toEqual(bySensor(levelsOf(levels))), WITHIN)
    expect(city.status()).toMatchObject({ mode: 'live', brokers: [{ id: 'main', by: 'poll', state: 'live' }] })
    // What a poll finds was not lost: it is how this broker is heard.
    expect(city.status().counters).toMatchObject({ mended: 0, gaps: 0, resyncs: 0 })
    expect(broker.subscriptions.size).toBe(0)
  }, 60_000)

  it('is chosen by itself for Djane, which tells of new entities only, and says when it fails', async () => {
    const broker = await startFakeBroker()
    endings.push(() => broker.close())
    const levels = new Map([[1, 41], [2, 42]])
    let isWell = true
    broker.answer = ({ url = '' }, response) => {
      if (!isWell) return void response.writeHead(500).end()
      if (new URL(url, 'http://broker').pathname !== '/ngsi-ld/v1/entities') return void response.writeHead(404).end()
      // Every other parameter is a filter to it, which nothing matches.
      const parameters = new URL(url, 'http://broker').searchParams
      json(response, [...parameters.keys()].join() === 'type' && parameters.get('type') === 'NoiseLevelObserved' ? [...levels].map(([n, level]) => noise(n, level)) : [])
    }
    const city = await open(broker, { profile: 'djane', limits: { failures: 1_000 } })
    await vi.waitFor(() => expect(city.sensors('noise')).toEqual(levelsOf(levels)), WITHIN)
    await vi.waitFor(() => expect(city.status().brokers).toMatchObject([{ by: 'poll', state: 'live' }]), WITHIN)
    levels.set(2, 62)
    levels.set(3, 43)
    levels.delete(1)
    await vi.waitFor(() => expect(city.sensors('noise')).toEqual(levelsOf(levels)), WITHIN)
    isWell = false
    await vi.waitFor(() => expect(city.status().brokers).toMatchObject([{ by: 'poll', state: 'down', detail: expect.stringContaining('500') }]), WITHIN)
    // What was known stays: it dries by its age.
    expect(city.sensors('noise')).toEqual(levelsOf(levels))
    levels.set(2, 72)
    isWell = true
    await vi.waitFor(() => expect(city.sensors('noise')).toEqual(levelsOf(levels)), WITHIN)
  }, 60_000)

  it('is what is left, with the reason, when the broker does not publish to the MQTT server that is configured', async () => {
    const broker = await startFakeBroker()
    endings.push(() => broker.close())
    const levels = new Map([[1, 41]])
    broker.answer = shifting(levels, () => undefined)
    // Orion-LD knows no mqtts.
    const city = await open(broker, { profile: 'orion-ld', mqtt: { brokerSees: 'mqtts://127.0.0.1:9', pageSees: 'wss://127.0.0.1:9', people: 'apart' } })
    await vi.waitFor(() => expect(city.status().brokers).toMatchObject([{ by: 'poll', state: 'live', detail: expect.stringContaining('not to mqtts') }]), WITHIN)
    await vi.waitFor(() => expect(city.sensors('noise')).toEqual(levelsOf(levels)), WITHIN)
    expect(broker.subscriptions.size).toBe(0)
  }, 40_000)
})
