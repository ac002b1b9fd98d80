/**
 * Windows and what is usual, from the embedded broker's temporal API to the frame, over real sockets. Expected are the
 * same eight weeks folded straight from the simulation: no broker, no forwarder, and no aggregation between.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import type { CityPlan, PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { across } from '../../src/core/stats/across.ts'
import { comparableHours, isBand, usualInstant, usualOf, type UsualSample } from '../../src/core/stats/usual.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time/instant.ts'
import type { Frame } from '../../src/domains/frame.ts'
import { MODELS } from '../../src/domains/models.ts'
import { decodeEntities } from '../../src/ngsi-ld/decode.ts'
import { createLogger } from '../../src/server/log.ts'
import { loadSampleCity } from '../../src/server/simulation/load-city.ts'
import { createSimulation, type Simulation } from '../../src/server/simulation/simulation.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { openCity, type CityInHand } from '../city-in-hand.ts'

const LAYERS = ['noise', 'school-air']
const WAIT = { timeout: 60_000, interval: 50 }
const lines: string[] = []
const fetched = vi.spyOn(globalThis, 'fetch')
let server: RunningServer
let city: CityInHand
let plan: CityPlan
let simulation: Simulation

beforeAll(async () => {
  const parsed = parseConfiguration(
    { cities: [{ id: 'plain', name: 'Plain', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: LAYERS, brokers: [{ id: 'b0', embedded: { simulate: { seed: 3, sensors: 24 } } }] }] },
    { domains: MODELS.map(({ id }) => id), environment: {} },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  server = await startServer({ configuration: parsed.value, port: 0, host: '127.0.0.1', log: createLogger((line) => lines.push(line)), environment: {}, pageFolder: '/nonexistent' })
  // As the page gets it: with the broker of what the privacy floor let through, where the schools are.
  const given = (await (await fetch(`http://127.0.0.1:${server.port}/api/config`)).json()) as PublicConfiguration
  plan = given.cities[0]!
  const sample = loadSampleCity(undefined, { id: plan.id, name: plan.name, timeZone: plan.timeZone, anchor: plan.anchor })
  simulation = createSimulation({ models: MODELS.filter(({ id }) => LAYERS.includes(id)), city: sample, seed: 3, sensors: 24, now: Date.now })
  city = openCity(`http://127.0.0.1:${server.port}`, plan)
})

afterAll(async () => {
  fetched.mockRestore()
  city.close()
  await server.close()
})

/** What the frame should call usual, straight from the simulation. */
function expected(domain: string, windowMs: number, atMs: number) {
  const model = MODELS.find(({ id }) => id === domain)!
  const instant = usualInstant({ windowMs }, atMs)
  const samples = new Map<string, UsualSample[]>()
  const whole: UsualSample[] = []
  for (const { fromMs, toMs } of comparableHours(instant, plan.timeZone)) {
    for (let startMs = fromMs; startMs < toMs; startMs += windowMs) {
      const values: number[] = []
      for (const { entityId } of simulation.sites) {
        let acc = model.fold.empty
        for (const entity of decodeEntities([...simulation.source.statesOf(entityId, startMs, startMs + windowMs)]).ok) {
          const read = model.read(entity, { timeZone: plan.timeZone })
          if (read.ok) acc = model.fold.add(acc, read.value)
        }
        const value = model.fold.value(acc)
        if (value === undefined) continue
        values.push(value)
        samples.set(entityId, [...(samples.get(entityId) ?? []), { value, atMs: startMs }])
      }
      whole.push({ value: across(model.across.city, values), atMs: startMs })
    }
  }
  return { city: usualOf(whole, instant), sensor: (id: string) => usualOf(samples.get(id) ?? [], instant) }
}

async function frameWith(domain: string, isDone: (frame: Frame) => boolean): Promise<Frame> {
  return vi.waitFor(() => {
    const frame = city.frame(domain)
    if (frame === undefined || !isDone(frame)) throw new Error(`not there yet: ${JSON.stringify({ ...city.status()?.background, coveredFromMs: frame?.coveredFromMs })}`)
    return frame
  }, WAIT)
}

it('a window that is opened fills from the past, and a longer one with its own part of it', async () => {
  const first = await frameWith('noise', (frame) => frame.coveredFromMs <= frame.windowStartMs)
  expect(first.windowEndMs - first.windowStartMs).toBe(15 * MINUTE_MS)
  city.send({ type: 'look', look: { domain: 'noise', view: 'value', windowMs: HOUR_MS } })
  const hour = await frameWith('noise', (frame) => frame.windowEndMs - frame.windowStartMs === HOUR_MS && frame.coveredFromMs <= frame.windowStartMs)
  // Of a microphone that misses nothing: the energetic mean of what the simulation says of the same hour.
  const model = MODELS.find(({ id }) => id === 'noise')!
  const ids = city.ids('noise')
  const steady = simulation.sites.find(({ entityId, fault }) => fault === undefined && ids.includes(entityId))!
  let acc = model.fold.empty
  for (const entity of decodeEntities([...simulation.source.statesOf(steady.entityId, hour.windowStartMs, hour.windowEndMs)]).ok) {
    const read = model.read(entity, { timeZone: plan.timeZone })
    if (read.ok) acc = model.fold.add(acc, read.value)
  }
  // One reading more or less at the edge of a window that moves by steps.
  expect(hour.values[ids.indexOf(steady.entityId)]).toBeCloseTo(model.fold.value(acc)!, 0)
  city.send({ type: 'look', look: { view: 'value' } })
}, 70_000)

it.each(LAYERS)('what is usual for %s is that of the same hours, folded by hand', async (domain) => {
  const model = MODELS.find(({ id }) => id === domain)!
  city.send({ type: 'look', look: { domain, view: 'usual' } })
  const frame = await frameWith(domain, ({ view, total }) => view === 'usual' && total.usual !== undefined)
  const hand = expected(domain, model.windowMs, frame.atMs)
  expect(isBand(hand.city)).toBe(true)
  expect(rounded(frame.total.usual)).toEqual(rounded(hand.city))
  const ids = city.ids(domain)
  const medians = ids.map((id, row) => [id, Math.round(1_000 * frame.medians[row]!)])
  const byHand = ids.map((id) => {
    const usual = hand.sensor(id)
    return [id, isBand(usual) ? Math.round(1_000 * Math.fround(usual.median)) : NaN]
  })
  expect(medians).toEqual(byHand)
  // The drawer asks for the whole band of one sensor.
  const answer = await city.ask({ kind: 'usual', domain, entityId: ids[0]! })
  expect(answer).toMatchObject({ ok: true, kind: 'usual' })
  expect(rounded(answer.ok && answer.kind === 'usual' ? answer.usual : undefined)).toEqual(rounded(hand.sensor(ids[0]!)))
}, 90_000)

it('the broker folds the means of rooms, and no level: of those every reading comes here', () => {
  const questions = fetched.mock.calls.map(([url]) => new URL(String(url))).filter(({ pathname }) => pathname.endsWith('/temporal/entities'))
  const typesOf = (isAggregated: boolean): string[] => [...new Set(questions.filter(({ searchParams }) => searchParams.has('aggrMethods') === isAggregated).map(({ searchParams }) => searchParams.get('type') ?? ''))]
  expect(typesOf(true)).toEqual(['IndoorEnvironmentObserved'])
  expect(typesOf(false).join()).toContain('NoiseLevelObserved')
  expect(lines.filter((line) => /forward failed|embedded broker failed/.test(line))).toEqual([])
})

/** Sums of fractions depend on their order in the last digits. */
function rounded(value: object | undefined): unknown {
  return value === undefined ? undefined : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === 'number' ? Math.round(one * 1e6) / 1e6 : one]))
}
