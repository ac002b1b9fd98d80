import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { across } from '../../core/stats/across.ts'
import { freshnessOf } from '../../core/time/freshness.ts'
import { MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import { ANCHOR, draw, PLAN, sensorIn, snapshot, START, start, stream } from '../../../test/aggregator-in-hand.ts'
import { deleted, THERMOMETER, thermometer, type ThermometerState } from '../../../test/thermometer-model.ts'
import type { Aggregator } from './aggregator.ts'
import { stepAt, windowShape } from './windows.ts'

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
    const isInside = steps > -shape.steps && steps <= shape.ahead
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
      let inside = [...states.values()].filter((state) => stepAt(shape, state.atMs) > now - shape.steps)
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
