/** Conformance over real sockets: a real embedded broker, and doubles that misbehave; by the server's route and by the probe. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ConformanceReport } from '../../src/conformance/report.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { CityConformance } from '../../src/server/conformance/city-checks.ts'
import type { cityHealthOf } from '../../src/server/health.ts'
import { createLogger } from '../../src/server/log.ts'
import { main as probe } from '../../src/server/probe.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { startFakeBroker, type FakeBroker } from '../fake-broker.ts'
import { startBroker, type RunningBroker } from '../running-broker.ts'

type CityHealth = ReturnType<typeof cityHealthOf>

const SECRET = 'key-of-the-city-1234567890'

const noise = (id: string, more: object = {}): object => ({
  id: `urn:ngsi-ld:NoiseLevelObserved:${id}`,
  type: 'NoiseLevelObserved',
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.14] } },
  LAeq: { type: 'Property', value: 61.5, unitCode: '2N', observedAt: '2026-11-20T12:00:00Z' },
  dateObserved: { type: 'Property', value: { '@type': 'DateTime', '@value': '2026-11-20T12:00:00Z' } },
  ...more,
})

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const end of endings.splice(0).toReversed()) await end()
})

async function serve(urls: Readonly<Record<string, string>>): Promise<RunningServer> {
  const parsed = parseConfiguration(
    {
      cities: Object.entries(urls).map(([id, url]) => ({
        id,
        name: id,
        country: 'PT',
        timeZone: 'Europe/Lisbon',
        anchor: [-8.61, 41.15],
        bounds: [-8.7, 41.1, -8.5, 41.2],
        layers: ['noise'],
        licence: 'CC BY 4.0',
        contact: 'sensors@porto.example',
        declarations: { personal: 'https://porto.example/privacy' },
        brokers: [{ id: 'far', url, tenant: 'porto', headers: { 'X-Api-Key': { env: 'KEY' } } }],
      })),
    },
    { domains: MODELS.map(({ id }) => id), environment: { KEY: SECRET } },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const server = await startServer({ configuration: parsed.value, port: 0, host: '127.0.0.1', log: createLogger(() => undefined), environment: { KEY: SECRET } })
  endings.push(() => server.close())
  return server
}

async function double(answer?: FakeBroker['answer']): Promise<FakeBroker> {
  const fake = await startFakeBroker()
  if (answer !== undefined) fake.answer = answer
  endings.push(() => fake.close())
  return fake
}

async function asked<T>(server: RunningServer, path: string, method = 'GET'): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/cities/porto/${path}`, { method })
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(text).not.toContain(SECRET)
  return JSON.parse(text) as T
}

const outcomes = ({ results }: ConformanceReport): Record<string, string> => Object.fromEntries(results.map(({ check, outcome }) => [check, outcome]))

async function run(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly errors: string }> {
  const out: string[] = []
  const errors: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line))
  const status = await probe(args)
  return { status, out: out.join('\n'), errors: errors.join('\n') }
}

describe('a real broker', () => {
  let broker: RunningBroker
  beforeAll(async () => {
    broker = await startBroker()
    await broker.ask('POST', '/entityOperations/upsert', { body: [noise('1'), noise('2')], tenant: 'porto' })
  })
  afterAll(() => broker.stop())

  it('is asked when somebody wants to know, and then not again for a minute', async () => {
    const server = await serve({ porto: `http://127.0.0.1:${broker.port}` })
    expect((await asked<CityConformance>(server, 'conformance')).reports).toEqual([])
    const { reports, againAtMs } = await asked<CityConformance>(server, 'conformance', 'POST')
    expect(againAtMs).toBeGreaterThan(Date.now())
    const [report] = reports
    expect(report).toMatchObject({ of: 'far', isReached: true })
    expect(outcomes(report!)).toMatchObject({
      'accessing/web': 'pass',
      'accessing/format': 'pass',
      'accessing/errors': 'pass',
      'accessing/q': 'pass',
      'accessing/geo': 'pass',
      'accessing/attrs': 'pass',
      'accessing/temporal': 'pass',
      'interlinking/ids': 'pass',
      'interlinking/lookup': 'pass',
      'interlinking/types': 'pass',
      'interlinking/persistent': 'not checkable',
      'representing/units': 'pass',
      'representing/range': 'pass',
      'exchanging/licence': 'pass',
      'exchanging/attribution': 'fail',
      'places/in-city': 'pass',
      'securing/tls': 'not checkable',
    })
    expect(report!.results.find(({ check }) => check === 'personal/consent')?.declaration).toBe('https://porto.example/privacy')
    const again = await asked<CityConformance>(server, 'conformance', 'POST')
    expect(again.reports[0]!.atMs).toBe(report!.atMs)
  })

  it('is healthy: its subscription is held, its answers are timed, what it says is counted by type', async () => {
    const server = await serve({ porto: `http://127.0.0.1:${broker.port}` })
    await vi.waitFor(async () => expect((await asked<CityHealth>(server, 'health')).brokers[0]).toMatchObject({ state: 'live', subscriptions: { wanted: 1, held: 1 } }), { timeout: 10_000, interval: 50 })
    await broker.ask('POST', '/entityOperations/upsert', { body: [noise('1', { LAeq: { type: 'Property', value: 70, unitCode: '2N', observedAt: '2026-11-20T12:01:00Z' } })], tenant: 'porto' })
    broker.clock.advance(1_000)
    await vi.waitFor(
      async () => {
        const [health] = (await asked<CityHealth>(server, 'health')).brokers
        expect(health?.heard?.types.map(({ type, slots }) => [type, slots.at(-1)! + slots.at(-2)!])).toEqual([['NoiseLevelObserved', 1]])
        expect(health?.line?.latency.count).toBeGreaterThan(0)
      },
      { timeout: 10_000, interval: 50 },
    )
  })

  it('passes or cannot be checked by the probe, which knows no configuration', async () => {
    const { status, out } = await run(`http://127.0.0.1:${broker.port}`, '--tenant', 'porto', '--conformance', '--json')
    const report = JSON.parse(out) as ConformanceReport
    expect(report.results.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)).toEqual([])
    expect(status).toBe(0)
  })

  it('makes the probe exit with 1 once anything fails', async () => {
    await broker.ask('POST', '/entityOperations/upsert', { body: [noise('1', { LAeq: { type: 'Property', value: 900, unitCode: '2N', observedAt: '2026-11-20T12:00:00Z' } })], tenant: 'odd' })
    const { status, out } = await run(`http://127.0.0.1:${broker.port}`, '--tenant', 'odd', '--conformance', '--json')
    expect((JSON.parse(out) as ConformanceReport).results.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)).toEqual(['representing/range'])
    expect(status).toBe(1)
  })

  it('exits with 0 once nothing fails, and says in words what was checked', async () => {
    await broker.ask('POST', '/entityOperations/upsert', { body: [noise('1', { license: { type: 'Property', value: 'CC0' }, dataProvider: { type: 'Property', value: 'Porto' } })], tenant: 'whole' })
    const { status, out } = await run(`http://127.0.0.1:${broker.port}`, '--tenant', 'whole', '--conformance')
    expect(out.split('\n')[0]).toMatch(/: \d+ pass, 0 fail, \d+ not checkable from here \(n\/c\)$/)
    expect(out).toContain('MIM1 Interlinking data (2026 framework, https://mims.oascities.org/)')
    expect(status).toBe(0)
  })
})

describe('a broker that misbehaves', () => {
  it('that passes over filters, words no errors and swaps coordinates fails with what it said', async () => {
    const swapped = noise('<script>alert(1)</script>', { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [41.14, -8.61] } } })
    const fake = await double((request, response) => void response.setHeader('content-type', 'application/json').end(request.url!.endsWith('/types') ? '["NoiseLevelObserved"]' : JSON.stringify([swapped])))
    const server = await serve({ porto: fake.url })
    const [report] = (await asked<CityConformance>(server, 'conformance', 'POST')).reports
    expect(outcomes(report!)).toMatchObject({ 'accessing/errors': 'fail', 'accessing/q': 'fail', 'accessing/geo': 'fail', 'places/in-city': 'fail' })
    const place = report!.results.find(({ check }) => check === 'places/in-city')!
    expect(place.evidence?.request).toBe('GET /entities?type=NoiseLevelObserved&limit=20')
    expect(JSON.parse(place.evidence!.payload!)).toEqual(swapped)
  })

  it.each<[name: string, answer: FakeBroker['answer']]>([
    ['answers with pages', (_, response) => void response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>')],
    ['answers with half of it', (_, response) => void response.setHeader('content-type', 'application/json').end('[{"id":"urn:a')],
    ['breaks off', (_, response) => void response.destroy()],
    ['fails', (_, response) => void response.writeHead(500).end('{}')],
    ['refuses everybody', (_, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()],
    ['redirects', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end()],
    ['answers with null', (_, response) => void response.setHeader('content-type', 'application/json').end('null')],
  ])('is judged, and not called conformant: one that %s', async (_, answer) => {
    const server = await serve({ porto: (await double(answer)).url })
    const [report] = (await asked<CityConformance>(server, 'conformance', 'POST')).reports
    const { 'accessing/attrs': attrs, 'interlinking/ids': ids, 'places/in-city': place } = outcomes(report!)
    expect([attrs, ids, place]).toEqual(['not checkable', 'not checkable', 'not checkable'])
  })

  it('that is gone is said to be, with when it failed and how; the probe exits with 2', async () => {
    const fake = await double()
    await fake.close()
    const server = await serve({ porto: fake.url })
    const [report] = (await asked<CityConformance>(server, 'conformance', 'POST')).reports
    expect(report).toMatchObject({ isReached: false })
    await vi.waitFor(async () => expect((await asked<CityHealth>(server, 'health')).brokers[0]).toMatchObject({ state: 'down', subscriptions: { held: 0 }, lastFailure: { words: expect.stringContaining('unreachable') as string } }), { timeout: 10_000, interval: 50 })
    const { status, errors } = await run(fake.url, '--conformance')
    expect([status, errors]).toEqual([2, expect.stringMatching(/^probe: .*expected an NGSI-LD broker/)])
  })

  it('of no city is nobody: unknown cities and methods are refused', async () => {
    const server = await serve({ porto: (await double()).url })
    const statusOf = async (path: string, method = 'GET'): Promise<number> => (await fetch(`http://127.0.0.1:${server.port}${path}`, { method })).status
    expect(await statusOf('/api/cities/atlantis/health')).toBe(404)
    expect(await statusOf('/api/cities/atlantis/conformance', 'POST')).toBe(404)
    expect(await statusOf('/api/cities/porto/conformance', 'DELETE')).toBe(405)
    expect(await statusOf('/api/cities/porto/health', 'POST')).toBe(405)
  })
})
