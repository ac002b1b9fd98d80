import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { across } from '../../core/stats/across.ts'
import { FRESHNESS, freshnessOf, type Freshness } from '../../core/time/freshness.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { Frame, Roster } from '../../domains/frame.ts'
import type { Entity } from '../../ngsi-ld/entity.ts'
import { deleted, THERMOMETER, thermometer, type ThermometerState } from '../../../test/thermometer-model.ts'
import { createAggregator, type Aggregator } from './aggregator.ts'
import { createFrameBufferPool } from './frame-buffers.ts'
import { stepAt, windowShape } from './window.ts'

const START = Date.UTC(2026, 10, 20, 12)
const ANCHOR: LonLat = [-8.61, 41.15]

const PLAN: CityPlan = {
  id: 'porto',
  name: 'Porto',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: ANCHOR,
  bounds: [-8.7, 41.1, -8.5, 41.2],
  layers: ['thermometer'],
  expectedIntervalS: {},
  brokers: [{ id: 'a', name: 'A', simulated: true }],
  basemap: { kind: 'outline' },
}

interface Clock {
  ms: number
}

function start(clock: Clock, plan: CityPlan = PLAN): Aggregator {
  return createAggregator({ models: [THERMOMETER], plan, cellRadiusM: 500, now: () => clock.ms })
}

function stream(aggregator: Aggregator, entities: readonly Entity[], { broker = 'a', from = 'stream' as 'stream' | 'snapshot' } = {}): void {
  aggregator.apply({ type: 'entities', broker, from, entities, rejected: [], receivedAtMs: aggregator.nowMs() })
}

function snapshot(aggregator: Aggregator, entities: readonly Entity[], { broker = 'a', complete = true } = {}): void {
  aggregator.apply({ type: 'snapshot-started', broker })
  stream(aggregator, entities, { broker, from: 'snapshot' })
  aggregator.apply({ type: 'snapshot-ended', broker, complete })
}

function draw(aggregator: Aggregator): { frame: Frame; roster: Roster } {
  const state = aggregator.domains.get('thermometer')!
  state.refresh(aggregator.nowMs())
  return { frame: state.frame(createFrameBufferPool().take(state.count, state.cellCount), 1), roster: state.roster(1) }
}

/** What the frame says of one sensor. */
function sensorIn({ frame, roster }: { frame: Frame; roster: Roster }, id: string) {
  const row = roster.ids.indexOf(id)
  if (row < 0) return undefined
  const [lon, lat] = [frame.positions[row * 2]!, frame.positions[row * 2 + 1]!]
  return {
    value: frame.values[row]!,
    latest: frame.latest[row]!,
    observedAtMs: frame.observedAtMs[row]!,
    freshness: FRESHNESS[frame.freshness[row]!]!,
    name: roster.names[row],
    warnings: roster.warnings[row]!.map(({ kind }) => kind),
    position: [lon, lat],
  }
}

describe('the last writer', () => {
  it('wins by when it observed, not by when it came', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START - 10_000, temperature: 12 })])
    stream(aggregator, [thermometer({ id: 's', atMs: START - 100_000, temperature: 20 })])
    const sensor = sensorIn(draw(aggregator), 's')
    expect(sensor).toMatchObject({ latest: 12, observedAtMs: START - 10_000, value: 16 })
    expect(aggregator.counters()).toMatchObject({ readings: 2, late: 1, duplicates: 0 })
  })

  it('is counted once when a notification comes twice', () => {
    const aggregator = start({ ms: START })
    const state = thermometer({ id: 's', atMs: START, temperature: 12 })
    stream(aggregator, [state, state])
    stream(aggregator, [state])
    expect(aggregator.counters()).toMatchObject({ readings: 1, duplicates: 2 })
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ value: 12 })
  })

  it('may correct itself: the same instant with another value', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, humidity: 0.5 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ value: NaN, latest: NaN })
    stream(aggregator, [thermometer({ id: 's', atMs: START, humidity: 0.5, temperature: 12 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ value: 12, latest: 12 })
  })

  it('does not count what a snapshot repeats as a duplicate', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    snapshot(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    expect(aggregator.counters().duplicates).toBe(0)
  })

  it('is believed again after a clock that ran ahead', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: Date.UTC(2099, 0, 1), temperature: 99 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'clock-error', value: NaN, latest: 99 })
    expect(draw(aggregator).frame.total).toEqual({ reporting: 0, known: 1 })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh', value: 12, latest: 12 })
  })
})

describe('a deleted entity', () => {
  it('leaves the city', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12, position: ANCHOR })])
    stream(aggregator, [deleted('s', START + 1)])
    const { frame, roster } = draw(aggregator)
    expect(roster.ids).toEqual([])
    expect(frame.cells.count).toBe(0)
    expect(frame.total).toEqual({ reporting: 0, known: 0 })
  })

  it('is not brought back by an update older than the delete', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [deleted('s', START)])
    stream(aggregator, [thermometer({ id: 's', atMs: START - 1, temperature: 12 })])
    expect(draw(aggregator).roster.ids).toEqual([])
    expect(aggregator.counters().late).toBe(1)
  })

  it('comes back when it is made anew', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [deleted('s', START)])
    stream(aggregator, [thermometer({ id: 's', atMs: START + 1, temperature: 12 })])
    stream(aggregator, [deleted('s', START)])
    expect(draw(aggregator).roster.ids).toEqual(['s'])
  })

  it('stays while another broker holds it', () => {
    const aggregator = start({ ms: START })
    const state = thermometer({ id: 's', atMs: START, temperature: 12 })
    stream(aggregator, [state], { broker: 'a' })
    stream(aggregator, [state], { broker: 'b' })
    stream(aggregator, [deleted('s', START + 1)], { broker: 'a' })
    expect(draw(aggregator).roster.ids).toEqual(['s'])
    stream(aggregator, [deleted('s', START + 1)], { broker: 'b' })
    expect(draw(aggregator).roster.ids).toEqual([])
  })
})

describe('a snapshot', () => {
  const [one, two] = ['1', '2'].map((id) => thermometer({ id, atMs: START, temperature: 12 })) as [Entity, Entity]

  it('removes what its broker no longer shows', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one, two])
    snapshot(aggregator, [two])
    expect(draw(aggregator).roster.ids).toEqual(['2'])
  })

  it('removes nothing when it did not come to its end', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one, two])
    snapshot(aggregator, [two], { complete: false })
    expect(draw(aggregator).roster.ids).toEqual(['1', '2'])
  })

  it('speaks for its own broker only', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one, two], { broker: 'a' })
    snapshot(aggregator, [two], { broker: 'b' })
    snapshot(aggregator, [], { broker: 'a' })
    expect(draw(aggregator).roster.ids).toEqual(['2'])
  })

  it('keeps what was streamed while it was read', () => {
    const aggregator = start({ ms: START })
    aggregator.apply({ type: 'snapshot-started', broker: 'a' })
    stream(aggregator, [one])
    stream(aggregator, [two], { from: 'snapshot' })
    aggregator.apply({ type: 'snapshot-ended', broker: 'a', complete: true })
    expect(draw(aggregator).roster.ids).toEqual(['1', '2'])
  })

  it('keeps the last reading of an entity that it shows but that cannot be read now', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one])
    aggregator.apply({ type: 'snapshot-started', broker: 'a' })
    aggregator.apply({ type: 'entities', broker: 'a', from: 'snapshot', entities: [], rejected: [{ id: '1', path: 'type', reason: 'expected a type, got 5' }], receivedAtMs: START })
    aggregator.apply({ type: 'snapshot-ended', broker: 'a', complete: true })
    expect(draw(aggregator).roster.ids).toEqual(['1'])
  })
})

const untimed = (id: string): Entity => ({ ...thermometer({ id, atMs: 0 }), attributes: new Map([['temperature', [{ kind: 'Property', value: 1, sub: new Map() }]]]) })

describe('what cannot be read', () => {
  it('is counted by reason with the first of each as an example', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [untimed('u1'), untimed('u2'), { ...untimed('w1'), types: ['Whale'] }])
    aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: [], rejected: [{ id: 'x', path: 'a', reason: 'expected b, got 1' }, { id: 'y', path: 'a', reason: 'expected b, got 2' }], receivedAtMs: START })
    expect(aggregator.counters().rejected).toEqual([
      { reason: 'thermometer: no-time, temperature.observedAt', count: 2, example: 'u1 temperature.observedAt: expected ISO 8601, got nothing' },
      { reason: 'expected b', count: 2, example: 'x a: expected b, got 1' },
      { reason: 'no layer reads this type', count: 1, example: 'w1 is a Whale' },
    ])
  })

  it('never makes the list of reasons long', () => {
    const aggregator = start({ ms: START })
    const rejected = Array.from({ length: 500 }, (_, index) => ({ id: 'x', path: '', reason: `odd ${index}` }))
    aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: [], rejected, receivedAtMs: START })
    const list = aggregator.counters().rejected
    expect(list.length).toBeLessThan(60)
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(500)
  })
})

describe('a sensor that is silent', () => {
  it('ages, and leaves cells and total when it is stale', () => {
    const clock = { ms: START }
    const aggregator = start(clock)
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12, position: ANCHOR })])
    const seen: Freshness[] = []
    for (const afterS of [0, 75, 76, 120, 121, 360, 361]) {
      clock.ms = START + afterS * SECOND_MS
      const drawn = draw(aggregator)
      seen.push(sensorIn(drawn, 's')!.freshness)
      const counts = afterS <= 120
      expect([...drawn.frame.cells.sensors.subarray(0, 1)]).toEqual([counts ? 1 : 0])
      expect(drawn.frame.cells.values[0]).toBe(counts ? 12 : NaN)
      expect(drawn.frame.total).toEqual({ ...(counts ? { value: 12, reporting: 1 } : { reporting: 0 }), known: 1, newestMs: START })
    }
    expect(seen).toEqual(['fresh', 'fresh', 'ageing', 'ageing', 'stale', 'stale', 'lost'])
  })

  it('is judged by the interval that the city expects', () => {
    const clock = { ms: START }
    const aggregator = start(clock, { ...PLAN, expectedIntervalS: { thermometer: 3_600 } })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    clock.ms = START + HOUR_MS
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh' })
  })

  it('is judged by the clock of the broker, not of this machine', () => {
    const clock = { ms: START - HOUR_MS }
    const aggregator = start(clock)
    aggregator.apply({ type: 'clock', offsetMs: HOUR_MS - 5_000 })
    aggregator.apply({ type: 'brokers', brokers: [{ broker: 'a', state: 'live', sinceMs: 0, clockOffsetMs: 5_000 }] })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh', value: 12 })
    expect(draw(aggregator).frame.atMs).toBe(START)
  })

  it('shows its last reading while it is not stale, though it reports more seldom than the window is long', () => {
    const clock = { ms: START }
    const aggregator = start(clock, { ...PLAN, expectedIntervalS: { thermometer: 3_600 } })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    clock.ms = START + 2 * HOUR_MS
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'ageing', value: 12 })
    clock.ms += 1
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'stale', value: NaN, latest: 12 })
  })
})

describe('the roster', () => {
  it('carries the warnings of the last reading, and changes with their kind', () => {
    const aggregator = start({ ms: START })
    const state = aggregator.domains.get('thermometer')!
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 46, name: 'Ribeira' })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ warnings: ['hot'], name: 'Ribeira' })
    const changes = state.rosterChanges
    stream(aggregator, [thermometer({ id: 's', atMs: START + 1, temperature: 47, name: 'Ribeira' })])
    expect(state.rosterChanges).toBe(changes)
    stream(aggregator, [thermometer({ id: 's', atMs: START + 2, temperature: 20, name: 'Ribeira' })])
    expect(state.rosterChanges).toBeGreaterThan(changes)
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ warnings: [] })
  })

  it('keeps name and place when a later state leaves them out', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 1, name: 'Ribeira', position: [-8.5, 41.25] })])
    stream(aggregator, [thermometer({ id: 's', atMs: START + 1, temperature: 2 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ latest: 2, name: 'Ribeira', position: [-8.5, 41.25] })
  })
})

/* ------------------------------------------------------------------ incremental = from scratch */

type Step =
  | { readonly kind: 'state'; readonly broker: string; readonly state: RandomState }
  | { readonly kind: 'again'; readonly back: number }
  | { readonly kind: 'delete'; readonly broker: string; readonly id: string; readonly agoS: number }
  | { readonly kind: 'snapshot'; readonly broker: string; readonly states: readonly RandomState[]; readonly complete: boolean }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'cells'; readonly radiusM: number }
  | { readonly kind: 'draw' }

type RandomState = { readonly id: string; readonly agoS: number; readonly temperature: number | undefined; readonly place: number | undefined }

// Dyadic coordinates are exact in a Float32Array, so the reference needs no rounding of its own.
const PLACES: readonly LonLat[] = [[-8.5, 41.125], [-8.625, 41.125], [-8.625, 41.25], [-8.5625, 41.1875], [-8.56250001, 41.1875]]

const arbitraryState = fc.record({
  id: fc.constantFrom('s1', 's2', 's3', 's4', 's5', 's6'),
  agoS: fc.oneof(fc.integer({ min: -60, max: 90 }), fc.integer({ min: -4_000, max: 4_000 })),
  temperature: fc.option(fc.integer({ min: -20, max: 50 }), { nil: undefined, freq: 8 }),
  place: fc.option(fc.integer({ min: 0, max: PLACES.length - 1 }), { nil: undefined, freq: 3 }),
})
const arbitraryBroker = fc.constantFrom('a', 'b')
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('state' as const), broker: arbitraryBroker, state: arbitraryState }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), broker: arbitraryBroker, id: fc.constantFrom('s1', 's2', 's3'), agoS: fc.integer({ min: -20, max: 100 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('snapshot' as const), broker: arbitraryBroker, states: fc.array(arbitraryState, { maxLength: 5 }), complete: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 900 })) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cells' as const), radiusM: fc.constantFrom(100, 500, 20_000) }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'draw' as const }) },
)

/** The same rules over plain lists, computed whole each time it is asked. */
class Plain {
  sensors = new Map<string, { states: Map<number, ThermometerState>; last: ThermometerState; position?: LonLat }>()
  brokers = new Map([['a', new Set<string>()], ['b', new Set<string>()]])
  graves = new Map([['a', new Map<string, number>()], ['b', new Map<string, number>()]])
  radiusM = 500
  expectedMs: number

  constructor(expectedMs: number) {
    this.expectedMs = expectedMs
  }

  put(broker: string, state: ThermometerState, nowMs: number): void {
    const grave = this.graves.get(broker)!
    if (state.atMs <= (grave.get(state.id) ?? -Infinity)) return
    grave.delete(state.id)
    this.brokers.get(broker)!.add(state.id)
    const shape = windowShape(THERMOMETER.windowMs)
    const steps = stepAt(shape, state.atMs) - stepAt(shape, nowMs)
    const isInside = steps > -shape.buckets && steps <= shape.ahead
    const sensor = this.sensors.get(state.id)
    if (sensor === undefined) {
      this.sensors.set(state.id, { states: new Map(isInside ? [[state.atMs, state]] : []), last: state, ...(state.position === undefined ? {} : { position: state.position }) })
      return
    }
    const isSame = state.atMs === sensor.last.atMs
    const isBelieved = state.atMs <= nowMs + 2 * MINUTE_MS
    const wasBelieved = sensor.last.atMs <= nowMs + 2 * MINUTE_MS
    if (isSame ? sensor.states.has(state.atMs) : isInside && !sensor.states.has(state.atMs)) sensor.states.set(state.atMs, state)
    if (state.atMs >= sensor.last.atMs || (isBelieved && !wasBelieved)) {
      sensor.last = state
      if (state.position !== undefined) sensor.position = state.position
    }
  }

  remove(broker: string, id: string): void {
    this.brokers.get(broker)!.delete(id)
    if (![...this.brokers.values()].some((ids) => ids.has(id))) this.sensors.delete(id)
  }

  delete(broker: string, id: string, atMs: number): void {
    if ((this.sensors.get(id)?.last.atMs ?? -Infinity) > atMs) return
    const grave = this.graves.get(broker)!
    grave.set(id, Math.max(grave.get(id) ?? -Infinity, atMs))
    this.remove(broker, id)
  }

  picture(nowMs: number) {
    const shape = windowShape(THERMOMETER.windowMs)
    const now = stepAt(shape, nowMs)
    const sensors = [...this.sensors].map(([id, { states, last, position }]) => {
      const freshness = freshnessOf(nowMs - last.atMs, this.expectedMs)
      const usable = freshness === 'fresh' || freshness === 'ageing'
      let inside = [...states.values()].filter((state) => stepAt(shape, state.atMs) > now - shape.buckets)
      if (inside.length === 0 && usable) inside = [last]
      const value = across('mean', inside.map((state) => state.temperature ?? NaN)) ?? NaN
      const sensor = { id, value: Math.fround(value), latest: last.temperature ?? NaN, observedAtMs: last.atMs, freshness, position: position?.map(Math.fround) ?? [NaN, NaN] }
      return { sensor, counts: usable ? value : NaN, position }
    })
    const grid = createHexGrid(ANCHOR, this.radiusM)
    const cellOf = (position: LonLat): number => grid.cellOf([Math.fround(position[0]), Math.fround(position[1])])
    const placed = sensors.flatMap(({ position, counts }) => (position === undefined ? [] : [{ cell: cellOf(position), counts }]))
    const cells = [...new Set(placed.map(({ cell }) => cell))].map((cell) => {
      const values = placed.filter((one) => one.cell === cell && !Number.isNaN(one.counts)).map(({ counts }) => counts)
      return { centre: grid.centreOf(cell).map(Math.fround), value: rounded(across('mean', values) ?? NaN), sensors: values.length }
    })
    const counting = sensors.map(({ counts }) => counts).filter((value) => !Number.isNaN(value))
    const newest = [...this.sensors.values()].map(({ last }) => last.atMs).filter((ms) => ms <= nowMs + 2 * MINUTE_MS)
    return {
      sensors: sensors.map(({ sensor }) => sensor).sort(byKey),
      cells: cells.sort(byKey),
      total: { value: across('max', counting), reporting: counting.length, known: this.sensors.size, newestMs: newest.length === 0 ? undefined : Math.max(...newest) },
    }
  }
}

// Sums of fractions depend on their order in the last digits.
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
const byKey = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

function pictureOf(aggregator: Aggregator): ReturnType<Plain['picture']> {
  const drawn = draw(aggregator)
  const { frame, roster } = drawn
  expect(frame.count).toBe(roster.ids.length)
  const { value, reporting, known, newestMs } = frame.total
  return {
    sensors: roster.ids
      .map((id) => {
        const { value, latest, observedAtMs, freshness, position } = sensorIn(drawn, id)!
        return { id, value, latest, observedAtMs, freshness, position }
      })
      .sort(byKey),
    cells: Array.from({ length: frame.cells.count }, (_, index) => ({
      centre: [frame.cells.centres[index * 2]!, frame.cells.centres[index * 2 + 1]!],
      value: rounded(frame.cells.values[index]!),
      sensors: frame.cells.sensors[index]!,
    })).sort(byKey),
    total: { value, reporting, known, newestMs },
  }
}

describe('what is kept up to date change by change', () => {
  test.prop([fc.array(arbitraryStep, { maxLength: 80, size: 'max' }), fc.constantFrom(60, 300, 3_600)], { numRuns: 400, seed: 1 })('equals what is computed from scratch', (steps, intervalS) => {
    const clock = { ms: START }
    const aggregator = start(clock, { ...PLAN, expectedIntervalS: { thermometer: intervalS } })
    const plain = new Plain(intervalS * SECOND_MS)
    const sent: { readonly broker: string; readonly state: ThermometerState }[] = []
    const stateOf = ({ id, agoS, temperature, place }: RandomState): ThermometerState => ({
      id,
      atMs: clock.ms - agoS * SECOND_MS,
      humidity: 0.5,
      ...(temperature === undefined ? {} : { temperature }),
      ...(place === undefined ? {} : { position: PLACES[place]! }),
    })
    for (const step of steps) {
      switch (step.kind) {
        case 'state': {
          const state = stateOf(step.state)
          sent.push({ broker: step.broker, state })
          stream(aggregator, [thermometer(state)], { broker: step.broker })
          plain.put(step.broker, state, clock.ms)
          break
        }
        case 'again': {
          const before = sent.at(-1 - step.back)
          if (before === undefined) break
          stream(aggregator, [thermometer(before.state)], { broker: before.broker })
          plain.put(before.broker, before.state, clock.ms)
          break
        }
        case 'delete': {
          const atMs = clock.ms - step.agoS * SECOND_MS
          stream(aggregator, [deleted(step.id, atMs)], { broker: step.broker })
          plain.delete(step.broker, step.id, atMs)
          break
        }
        case 'snapshot': {
          const states = step.states.map(stateOf)
          snapshot(aggregator, states.map(thermometer), { broker: step.broker, complete: step.complete })
          for (const state of states) plain.put(step.broker, state, clock.ms)
          if (!step.complete) break
          const shown = new Set(states.map(({ id }) => id))
          for (const id of plain.brokers.get(step.broker)!) if (!shown.has(id)) plain.remove(step.broker, id)
          break
        }
        case 'wait':
          clock.ms += step.seconds * SECOND_MS
          break
        case 'cells':
          aggregator.setCellRadius(step.radiusM)
          plain.radiusM = step.radiusM
          break
        case 'draw':
          expect(pictureOf(aggregator)).toEqual(plain.picture(clock.ms))
          break
      }
    }
    expect(pictureOf(aggregator)).toEqual(plain.picture(clock.ms))
    // The second look finds nothing to do.
    expect(aggregator.domains.get('thermometer')!.refresh(aggregator.nowMs())).toBe(false)
  })
})
