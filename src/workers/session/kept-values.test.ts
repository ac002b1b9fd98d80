import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { FRESHNESS } from '../../core/time/freshness.ts'
import type { Frame } from '../../domains/frame.ts'
import type { CityPlan } from '../city.messages.ts'
import { openCity, PLAN, START, state } from '../../../test/session-in-hand.ts'
import { createKeptValues, KEPT_SENSORS, keepLayer, readKept, type KeptCity, type KeptStore } from './kept-values.ts'

/** A browser that keeps what it is told, for one city. */
function shelf(kept?: unknown) {
  const written: KeptCity[] = []
  const store: KeptStore = { read: async () => kept, write: async (_, value) => void written.push(value) }
  return { store, written }
}

/** As a page that draws at once. */
async function look(city: ReturnType<typeof openCity>, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 300) {
    await city.pass(Math.min(300, left))
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
  }
}

/** What a visit leaves that saw these values at the instant of `START`. */
async function visit(entities: ReturnType<typeof state>[], plan: CityPlan = PLAN): Promise<KeptCity | undefined> {
  const { store, written } = shelf()
  const city = openCity(plan, { kept: store })
  city.held.entities = entities
  await look(city, 8_000)
  return written.at(-1)
}

/** What is in a frame, without which number it has. */
function contents(of: Frame) {
  const { rosterVersion: _, sequence: _s, changedRows: _c, ...frame } = of
  const { count, cells } = frame
  const cut = (array: Float32Array | Float64Array | Uint8Array | Uint16Array, length: number): number[] => [...array.subarray(0, length)]
  return {
    ...frame,
    positions: cut(frame.positions, count * 2),
    values: cut(frame.values, count),
    latest: cut(frame.latest, count),
    observedAtMs: cut(frame.observedAtMs, count),
    freshness: cut(frame.freshness, count),
    districtOf: cut(frame.districtOf, count),
    cells: { ...cells, centres: cut(cells.centres, cells.count * 2), values: cut(cells.values, cells.count), sensors: cut(cells.sensors, cells.count) },
  }
}

const sensors = fc.uniqueArray(fc.record({ id: fc.constantFrom('s1', 's2', 's3', 's4', 's5'), ageMs: fc.integer({ min: 0, max: 3 * HOUR_MS }), value: fc.integer({ min: -10, max: 40 }) }), { selector: ({ id }) => id })

describe('a city that opens on what a visit before has left', () => {
  it('shows it before the brokers have answered: each value of its own instant, none fresh, and the number of then', async () => {
    const kept = await visit([state('s1', START - 1_000, 10), state('s2', START - 2_000, 20)])
    const city = openCity(PLAN, { kept: shelf(kept).store })
    city.held.until = new Promise(() => {})
    await look(city, 300)
    city.clock.ms = START + 20 * HOUR_MS
    await city.pass(500)
    const frame = city.frames().at(-1)!
    expect(city.rosters().at(-1)!.ids).toEqual(['s1', 's2'])
    expect([...frame.latest]).toEqual([10, 20])
    expect([...frame.observedAtMs]).toEqual([START - 1_000, START - 2_000])
    expect([...frame.freshness].map((code) => FRESHNESS[code])).toEqual(['lost', 'lost'])
    expect(frame.total).toMatchObject({ value: 20, reporting: 2, known: 2 })
    expect(frame.keptAtMs).toBeGreaterThan(START)
    expect(city.status().mode).toBe('connecting')
  })

  it('calls nothing fresh that nobody tells of, however new it is', async () => {
    const kept = await visit([state('s1', START + 4_000, 10)])
    const city = openCity(PLAN, { kept: shelf(kept).store })
    city.held.until = new Promise(() => {})
    city.clock.ms = START + 9_000
    await city.pass(500)
    expect([...city.frames().at(-1)!.freshness].map((code) => FRESHNESS[code])).toEqual(['stale'])
  })

  it('takes none of it for a reading: no count, nothing unusual, no line', async () => {
    const kept = await visit([state('s1', START - 1_000, 10)])
    const city = openCity(PLAN, { kept: shelf(kept).store })
    city.held.until = new Promise(() => {})
    await look(city, 5_000)
    expect(city.frames().at(-1)!.keptAtMs).toBeDefined()
    expect(city.status().counters).toMatchObject({ entities: 0, readings: 0 })
    expect(await city.ask({ type: 'ask', askId: 1, question: { kind: 'unusual' } })).toEqual({ ok: true, kind: 'unusual' })
    const line = await city.ask({ type: 'ask', askId: 2, question: { kind: 'line', domain: 'thermometer' } })
    expect(line).toMatchObject({ ok: true, line: { points: [] } })
  })

  test.prop([fc.oneof(sensors, fc.anything()), sensors, fc.boolean()], { seed: 20261122, numRuns: 60 })('is, once the brokers have told, the city that opened on nothing', async (before, now, isQuick) => {
    const isSensors = Array.isArray(before) && before.every((one) => typeof one === 'object' && one !== null && 'ageMs' in one)
    const left = isSensors ? await visit((before as { id: string; ageMs: number; value: number }[]).map(({ id, ageMs, value }) => state(id, START - ageMs, value))) : before
    const opened = [openCity(PLAN, { kept: shelf(left).store }), openCity(PLAN, { kept: shelf().store })]
    const [on, without] = await Promise.all(
      opened.map(async (city) => {
        let answer = (): void => {}
        if (!isQuick) city.held.until = new Promise((resolve) => (answer = resolve))
        city.held.entities = now.map(({ id, ageMs, value }) => state(id, START - ageMs, value))
        await look(city, 1_200)
        answer()
        await look(city, 9_000)
        return { frame: contents(city.frames().at(-1)!), roster: { ...city.rosters().at(-1)!, version: 0 }, counters: city.status().counters, unusual: await city.ask({ type: 'ask', askId: 1, question: { kind: 'unusual' } }) }
      }),
    )
    expect(on).toEqual(without)
    expect(on!.frame.keptAtMs).toBeUndefined()
  })

  it('keeps showing a layer of which every broker that has told knows nothing, until all have', async () => {
    const kept = await visit([state('s1', START - 1_000, 10)])
    const city = openCity(PLAN, { kept: shelf(kept).store })
    let answer = (): void => {}
    city.held.until = new Promise((resolve) => (answer = resolve))
    await look(city, 1_200)
    expect(city.frames().at(-1)!.count).toBe(1)
    answer()
    await look(city, 1_200)
    expect(city.frames().at(-1)).toMatchObject({ count: 0 })
    expect(city.frames().at(-1)!.keptAtMs).toBeUndefined()
  })
})

describe('what a visit leaves', () => {
  it('is read again as it was written, and by the same city only', async () => {
    const kept = await visit([state('s1', START - 1_000, 10)])
    const read = (plan: CityPlan, nowMs: number) => readKept(kept, { plan, nowMs, isDomain: (id) => id === 'thermometer' })
    expect(read(PLAN, START + HOUR_MS)).toEqual(kept)
    expect(read({ ...PLAN, brokers: [{ id: 'b2', name: 'Another', simulated: false }] }, START + HOUR_MS)).toBeUndefined()
    expect(read(PLAN, START + 8 * 24 * HOUR_MS)).toBeUndefined()
    expect(readKept({ ...kept, version: 0 }, { plan: PLAN, nowMs: START, isDomain: () => true })).toBeUndefined()
  })

  it('is written once a minute', async () => {
    const { store, written } = shelf()
    const city = openCity(PLAN, { kept: store })
    city.held.entities = [state('s1', START - 1_000, 10)]
    await look(city, 10_000)
    expect(written.length).toBe(1)
    await look(city, 3 * MINUTE_MS)
    expect(written.length).toBeGreaterThanOrEqual(3)
    expect(written.length).toBeLessThanOrEqual(4)
  })

  it('has nothing of a past instant, nor of a city that is not heard', async () => {
    const { store, written } = shelf()
    const past = openCity(PLAN, { kept: store, atMs: START - HOUR_MS })
    past.held.entities = [state('s1', START - 1_000, 10)]
    await look(past, 10_000)
    const silent = openCity(PLAN, { kept: store })
    silent.held.until = new Promise(() => {})
    await look(silent, 10_000)
    expect(written).toEqual([])
  })

  it('holds a bounded number of sensors of a large city, from all over it', async () => {
    const [frame] = (await visit([state('s1', START - 1_000, 10)]))!.layers.map((layer) => layer.frame)
    const count = 3 * KEPT_SENSORS
    const large: Frame = { ...frame!, count, positions: new Float32Array(2 * count), values: new Float32Array(count), latest: Float32Array.from({ length: count }, (_, row) => row), observedAtMs: new Float64Array(count), freshness: new Uint8Array(count), districtOf: new Uint8Array(count) }
    const { store, written } = shelf()
    let nowMs = START
    const kept = createKeptValues({ plan: PLAN, store, now: () => nowMs, isDomain: () => true, onRead: () => {} })
    const textsOf: Parameters<typeof keepLayer>[2] = (rows) => ({ ids: rows.map(String), names: rows.map(String), types: rows.map(String), warnings: rows.map(() => []) })
    // One of two layers that are alike: each has half of the room.
    for (; nowMs < START + 10_000; nowMs += 1_000) {
      kept.take(large, 2 * count, textsOf)
      kept.tick()
    }
    const [layer] = written[0]!.layers
    expect(layer!.frame.count).toBe(KEPT_SENSORS / 2)
    expect(layer!.roster.ids.length).toBe(KEPT_SENSORS / 2)
    expect([layer!.frame.latest[0], layer!.frame.latest.at(-1)]).toEqual([0, count - 6])
  })
})
