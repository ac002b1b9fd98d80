/** `npm run probe` as it is typed: what it prints, what it exits with, and that no entity goes missing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { MODELS } from '../../domains/models.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import { startBroker, type RunningBroker } from '../../../test/running-broker.ts'
import { hasShared, sharedPath } from '../../../test/shared.ts'
import { main } from '../probe.ts'
import type { ProbeReport } from './examine.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-'))
const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function probe(...args: readonly string[]): Promise<{ status: number; out: string; errors: readonly string[] }> {
  const out = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    const status = await main(args)
    return { status, out: out.mock.calls.map(([line]) => String(line)).join('\n'), errors: error.mock.calls.map(([line]) => String(line)) }
  } finally {
    out.mockRestore()
    error.mockRestore()
  }
}

async function probeJson(...args: readonly string[]): Promise<Pick<ProbeReport, 'entities' | 'readings' | 'rejected'>> {
  const { status, out, errors } = await probe(...args, '--json')
  expect([status, errors]).toEqual([0, []])
  return JSON.parse(out) as ProbeReport
}

function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const noise = (id: string, more: object = {}): object => ({
  id: `urn:ngsi-ld:NoiseLevelObserved:${id}`,
  type: 'NoiseLevelObserved',
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.15] } },
  LAeq: { type: 'Property', value: 61.5, unitCode: '2N', observedAt: '2026-11-20T12:00:00Z' },
  ...more,
})

describe('probe of a file', () => {
  it('prints readings with domain, measure, unit and time, and what was rejected with the reason', async () => {
    const broken = noise('b', { LAeq: { type: 'Property', value: 60, unitCode: 'XYZ', observedAt: '2026-11-20T12:00:00Z' } })
    const report = await probeJson(fileOf('entities.json', JSON.stringify([noise('a'), broken, { id: 'urn:ngsi-ld:Bench:1', type: 'Bench' }])))
    expect(Object.keys(report)).toEqual(['entities', 'readings', 'rejected'])
    expect(report.entities).toBe(3)
    expect(report.readings).toEqual([{ id: 'urn:ngsi-ld:NoiseLevelObserved:a', domain: 'noise', measure: 'laeq', value: 61.5, unit: 'dB(A)', observedAt: '2026-11-20T12:00:00Z', warnings: [] }])
    expect(report.rejected).toHaveLength(2)
    expect(report.rejected[0]!.id).toBe('urn:ngsi-ld:NoiseLevelObserved:b')
    expect(report.rejected[0]!.reason).toMatch(/^LAeq\.unitCode: expected .*, got .*XYZ/)
    expect(report.rejected[1]).toEqual({ id: 'urn:ngsi-ld:Bench:1', reason: 'no domain reads the type "Bench"' })
  })

  it('says of each measure when it was observed, where they differ', async () => {
    const air = {
      id: 'urn:ngsi-ld:AirQualityObserved:1',
      type: 'AirQualityObserved',
      location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [4.4, 51.2] } },
      no2: { type: 'Property', value: 20, unitCode: 'GQ', observedAt: '2026-11-20T09:00:00Z' },
      pm10: { type: 'Property', value: 30, unitCode: 'GQ', observedAt: '2026-11-20T12:00:00Z' },
    }
    const { readings } = await probeJson(fileOf('air.json', JSON.stringify(air)))
    const times = Object.fromEntries(readings.filter(({ domain }) => domain === 'air-quality').map(({ measure, observedAt }) => [measure, observedAt]))
    expect(times).toMatchObject({ no2: '2026-11-20T09:00:00Z', pm10: '2026-11-20T12:00:00Z' })
  })

  it('reads one document a line, wrapped or bare, with a byte order mark and empty lines', async () => {
    const lines = ['\uFEFF' + JSON.stringify({ source: 'x', kind: 'entity', payload: noise('a') }), '', JSON.stringify(noise('b')), '']
    const { entities, readings } = await probeJson(fileOf('lines.jsonl', lines.join('\r\n')))
    expect([entities, readings.length]).toEqual([2, 2])
  })

  it('tells people the totals first', async () => {
    const { status, out } = await probe(fileOf('people.json', JSON.stringify([noise('a'), noise('b')])))
    expect(status).toBe(0)
    expect(out.split('\n')[0]).toMatch(/people\.json: 2 entities, 2 readings, 0 rejected$/)
    expect(out).toContain('noise laeq: 2 × 61.5 to 61.5 dB(A), newest 2026-11-20T12:00:00Z')
  })
})

describe('a call that cannot be answered', () => {
  const good = JSON.stringify(noise('a'))
  it.each<[name: string, args: () => readonly string[], message: RegExp]>([
    ['no source', () => [], /expected one broker URL or file, got 0\. usage/],
    ['two sources', () => ['a.json', 'b.json'], /got 2/],
    ['an unknown option', () => ['a.json', '--jsno'], /Unknown option '--jsno'/],
    ['a limit that is none', () => ['a.json', '--limit', '0'], /--limit: expected a whole number above 0, got "0"/],
    ['a zone nobody knows', () => ['a.json', '--time-zone', 'Mars'], /--time-zone: expected an IANA time zone/],
    ['another protocol', () => ['ftp://broker.example'], /expected an http or https URL, got "ftp:/],
    ['an address that is none', () => ['http://'], /expected an http or https URL/],
    ['an address with a password in it', () => ['http://user:pw@broker.example'], /without credentials/],
    ['no such file', () => [join(folder, 'none.json')], /none\.json: ENOENT/],
    ['a folder', () => [folder], /EISDIR/],
    ['a document that is cut', () => [fileOf('cut.json', '{\n"id": "urn:a:1",\n"type": ')], /cut\.json: expected JSON, got /],
    ['one bad line', () => [fileOf('bad.jsonl', `${good}\n\n${good}\n{"id": \n${good}\n`)], /bad\.jsonl:4: expected one JSON document a line, got /],
    ['one line that is bad', () => [fileOf('one.jsonl', '{"id":')], /one\.jsonl:1: expected one JSON document a line/],
    ['an empty file', () => [fileOf('empty.json', '')], /empty\.json: expected JSON/],
  ])('says so on one line and exits with 2: %s', async (_, args, message) => {
    const { status, out, errors } = await probe(...args())
    expect([status, out]).toEqual([2, ''])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(message)
    expect(errors[0]).toMatch(/^probe: [^\n]+$/)
    expect(errors[0]).not.toContain('pw@')
  })

  it('says so when nobody answers, or someone else does', async () => {
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const page = await probe(`http://127.0.0.1:${port}`)
    await new Promise((resolve) => server.close(resolve))
    const nobody = await probe(`http://127.0.0.1:${port}`)
    for (const { status, out, errors } of [page, nobody]) expect([status, out, errors.length]).toEqual([2, '', 1])
    expect(page.errors[0]).toMatch(/malformed/)
    expect(nobody.errors[0]).toMatch(/expected an NGSI-LD broker, got .*fetch failed/)
  })
})

describe('probe of a broker', () => {
  let broker: RunningBroker
  beforeAll(async () => {
    broker = await startBroker()
    const noises = Array.from({ length: 250 }, (_, index) => noise(String(index)))
    await broker.ask('POST', '/entityOperations/upsert', { body: [...noises, { id: 'urn:ngsi-ld:Bench:1', type: 'Bench' }], tenant: 'porto' })
  })
  afterAll(() => broker.stop())

  it.each(['', '/', '/ngsi-ld/v1', '/ngsi-ld/v1/'])('reads every page of every type of its tenant, however its address ends: "%s"', async (end) => {
    const { entities, readings, rejected } = await probeJson(`http://127.0.0.1:${broker.port}${end}`, '--tenant', 'porto')
    expect([entities, readings.length]).toEqual([251, 250])
    expect(rejected).toEqual([{ id: 'urn:ngsi-ld:Bench:1', reason: 'no domain reads the type "Bench"' }])
  })

  it('says which broker it is, and why', async () => {
    const orion = createServer((request, response) => {
      const body = request.url === '/version' ? { 'orionld version': '1.10.0' } : request.url === '/ngsi-ld/v1/types' ? { type: 'EntityTypeList', typeList: ['Bench'] } : []
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => orion.listen(0, '127.0.0.1', resolve))
    endings.push(() => new Promise((resolve) => orion.close(resolve)))
    const { out } = await probe(`http://127.0.0.1:${(orion.address() as AddressInfo).port}`)
    expect(out.split('\n')[1]).toBe('  Orion-LD 1.10.0: "orionld version" in its version')
    const unknown = await probe(`http://127.0.0.1:${broker.port}`, '--tenant', 'porto')
    expect(unknown.out.split('\n')[1]).toBe('  NGSI-LD broker: nothing says which broker it is')
  })

  it('says when it stopped at the limit', async () => {
    const { out } = await probe(`http://127.0.0.1:${broker.port}`, '--tenant', 'porto', '--limit', '120')
    expect(out).toContain('more NoiseLevelObserved than --limit 120')
  })

  it('of a tenant that is not there says so and exits with 2', async () => {
    const { status, errors } = await probe(`http://127.0.0.1:${broker.port}`, '--tenant', 'atlantis')
    expect([status, errors.length]).toEqual([2, 1])
  })
})

describe.skipIf(!hasShared)('recorded examples of data models (needs BELVEDERE_SHARED)', () => {
  it('leave no entity unaccounted for', async () => {
    const file = sharedPath('fixtures', 'ngsi-ld', 'smart-data-models.jsonl')
    const { entities, readings, rejected } = await probeJson(file)
    const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { kind: string; payload: unknown })
    const decoded = lines.flatMap(({ payload }) => decodeEntities(payload).ok)
    expect(entities).toBe(decoded.length)
    // Each line holds one.
    expect(entities).toBe(lines.length)
    const accounted = new Set([...readings, ...rejected].map(({ id }) => id))
    expect(decoded.map(({ id }) => id).filter((id) => !accounted.has(id))).toEqual([])
    const domains = new Set(MODELS.map(({ id }) => id))
    for (const reading of readings) {
      expect(domains.has(reading.domain)).toBe(true)
      expect(Number.isFinite(reading.value)).toBe(true)
      expect(new Date(reading.observedAt).getTime()).not.toBeNaN()
    }
    expect(rejected.every(({ reason }) => reason !== '')).toBe(true)
  })
})
