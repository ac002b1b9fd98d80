/** `npm run load` into a real broker: what the files say is what its temporal API gives back. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startBroker, type RunningBroker } from '../../test/running-broker.ts'
import { hasShared, sharedPath } from '../../test/shared.ts'
import { main } from './load.ts'
import { readMuenster } from './real-data/muenster.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-'))
const ID = 'urn:ngsi-ld:NoiseLevelObserved:noise-monitor:laeq-1min'
const LEVELS = Array.from({ length: 1_500 }, (_, minute) => 40 + (minute % 30) / 2)
const endings: (() => Promise<void>)[] = []

beforeAll(() => {
  const lines = LEVELS.map((level, minute) => `${new Date(Date.UTC(2025, 2, 21, 0, minute, 30)).toISOString().slice(0, 19).replace('T', ' ')},${minute === 7 ? '' : level}`)
  mkdirSync(join(folder, 'noise-monitor'))
  writeFileSync(join(folder, 'noise-monitor', 'laeq_1min.csv'), ['datetime,LEQ dB -A', ...lines, ''].join('\n'))
})
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function start(options: Parameters<typeof startBroker>[0] = {}): Promise<RunningBroker> {
  const broker = await startBroker(options)
  endings.push(() => broker.stop())
  return broker
}

async function load(...args: readonly string[]): Promise<{ status: number; out: readonly string[]; errors: readonly string[] }> {
  const out = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    const status = await main(args)
    return { status, out: out.mock.calls.map(([line]) => String(line)), errors: error.mock.calls.map(([line]) => String(line)) }
  } finally {
    out.mockRestore()
    error.mockRestore()
  }
}

async function history(broker: RunningBroker, tenant: string, id: string, attribute: string): Promise<readonly (readonly [unknown, string])[]> {
  const { status, json } = await broker.ask('GET', `/temporal/entities/${encodeURIComponent(id)}?options=temporalValues&attrs=${attribute}&timerel=after&timeAt=2000-01-01T00:00:00Z`, { tenant })
  expect(status).toBe(200)
  return (json as Record<string, { values: readonly (readonly [unknown, string])[] }>)[attribute]!.values
}

describe('real data', () => {
  it('comes back from the temporal API as it is in the file, and loading it twice changes nothing', async () => {
    const broker = await start()
    const first = await load(folder, '--broker', `http://127.0.0.1:${broker.port}`)
    expect(first).toEqual({ status: 0, errors: [], out: ['noise-monitor: 1 sensors, 1499 observations', '  left out 1 × empty cell: nothing was measured (laeq_1min.csv)'] })
    const values = await history(broker, 'noise-monitor', ID, 'LAeq')
    const expected = LEVELS.flatMap((level, minute) => (minute === 7 ? [] : [[level, Date.UTC(2025, 2, 21, 0, minute + 1)]]))
    expect(values.map(([value, at]) => [value, Date.parse(at)]).toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual(expected)
    const entity = await broker.ask('GET', `/entities/${encodeURIComponent(ID)}`, { tenant: 'noise-monitor' })
    expect(entity.json).toMatchObject({ LAeq: { value: LEVELS.at(-1), unitCode: '2N', observedAt: '2025-03-22T01:00:00Z' } })

    const second = await load(folder, '--broker', `http://127.0.0.1:${broker.port}/ngsi-ld/v1/`)
    expect(second).toEqual(first)
    expect(await history(broker, 'noise-monitor', ID, 'LAeq')).toEqual(values)
    expect((await broker.ask('GET', `/entities/${encodeURIComponent(ID)}`, { tenant: 'noise-monitor' })).json).toEqual(entity.json)
    expect(broker.faults).toEqual([])
  })

  it('that a broker refuses is an exit with 1 and its reason on one line', async () => {
    const broker = await start({ mayWrite: () => false })
    const { status, errors, out } = await load(folder, '--broker', `http://127.0.0.1:${broker.port}`)
    expect([status, out]).toEqual([1, []])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(/^load: http:\/\/127\.0\.0\.1:\d+\/ngsi-ld\/v1\/temporal\/entities tenant noise-monitor: 403 [^\n]*read-only[^\n]*$/)
  })

  it('without a broker is an exit with 1 and the way to start one', async () => {
    const broker = await startBroker()
    await broker.stop()
    const { status, errors } = await load(folder, '--broker', `http://127.0.0.1:${broker.port}`)
    expect(status).toBe(1)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(/^load: [^\n]*no broker answers \(.*ECONNREFUSED.*\); start one with npm start[^\n]*$/)
  })

  it.each<[name: string, args: () => readonly string[], message: RegExp]>([
    ['an empty folder', () => [mkdtempSync(join(folder, 'empty-'))], /expected a folder with /],
    ['an address that is none', () => [folder, '--broker', 'localhost'], /--broker: expected an http or https URL/],
    ['an unknown option', () => [folder, '--brokre', 'x'], /Unknown option/],
  ])('is not looked for when the call is wrong: %s', async (_, args, message) => {
    const { status, errors } = await load(...args())
    expect([status, errors.length]).toEqual([2, 1])
    expect(errors[0]).toMatch(message)
    expect(errors[0]).not.toContain('\n')
  })
})

describe.skipIf(!hasShared)('the counters of Münster (needs BELVEDERE_SHARED)', () => {
  it('come back with every quarter of an hour', { timeout: 60_000 }, async () => {
    const broker = await start({ limits: { temporalInstances: 100_000 } })
    const { status } = await load(sharedPath('realdata'), '--broker', `http://127.0.0.1:${broker.port}`)
    expect(status).toBe(0)
    const [sensor] = readMuenster(sharedPath('realdata', 'muenster-bike-counters')).sensors
    const attribute = Object.keys(sensor!.states[0]!.attributes)[0]!
    const values = await history(broker, sensor!.tenant, sensor!.id, attribute)
    const expected = sensor!.states.filter(({ attributes }) => attribute in attributes).map(({ observedAt, attributes }) => [attributes[attribute]!['value'], Date.parse(observedAt)] as const)
    const byTime = (a: readonly [unknown, number], b: readonly [unknown, number]): number => a[1] - b[1]
    expect(values.map(([value, at]) => [value, Date.parse(at)] as const).toSorted(byTime)).toEqual(expected.toSorted(byTime))
  })
})
