/** Totals of districts kept change by change are those that are computed from scratch, whatever happened before. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Area } from '../../core/geo/areas.ts'
import { isInPolygon, type LonLat, type Ring } from '../../core/geo/position.ts'
import { across, type Across } from '../../core/stats/across.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import type { DistrictTotal } from '../../domains/frame.ts'
import { isTooFew, TOO_FEW_KIND } from '../../domains/privacy.ts'
import { ANCHOR, draw, PLAN, snapshot, START, stream } from '../../../test/aggregator-in-hand.ts'
import { deleted, THERMOMETER, thermometer } from '../../../test/thermometer-model.ts'
import { createAggregator, type Aggregator } from './aggregator.ts'

const square = (west: number, south: number, size: number): Ring => [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
const AREAS: readonly Area[] = [
  { name: 'around a hole', polygons: [[square(-8.75, 41, 0.25), square(-8.6875, 41.0625, 0.0625)]] },
  { name: 'in two parts', polygons: [[square(-8.5, 41, 0.125)], [square(-8.25, 41, 0.125)]] },
  { name: 'overlapping the first', polygons: [[square(-8.625, 41.125, 0.25)]] },
  { name: 'without a sensor', polygons: [[square(-7, 40, 0.125)]] },
]
// In each of them, in the overlap, in the hole, and in none. Dyadic, so that a Float32Array holds them as they are.
const PLACES: readonly LonLat[] = [[-8.7265625, 41.0234375], [-8.4453125, 41.0703125], [-8.1796875, 41.0703125], [-8.4453125, 41.2109375], [-8.5703125, 41.1796875], [-8.6640625, 41.0859375], [-8.0234375, 41.5234375]]

const DISTRICTS: CityPlan = { ...PLAN, districts: { kind: 'boundaries', areas: AREAS, source: 'made up' } }

/** Of no humidity at all: held back by a privacy floor, as the readings of groups are. */
const modelOf = (city: Across): DomainModel => ({
  ...THERMOMETER,
  across: { cell: 'mean', city },
  read(entity, context) {
    const read = THERMOMETER.read(entity, context)
    if (!read.ok || read.value.values['humidity'] !== 0) return read
    return { ok: true, value: { ...read.value, values: {}, warnings: [{ kind: TOO_FEW_KIND, detail: '' }] } }
  },
})

const startWith = (city: Across, clock: { readonly ms: number }): Aggregator => createAggregator({ models: [modelOf(city)], plan: DISTRICTS, cellRadiusM: 500, now: () => clock.ms })

// Sums in another order differ in their last digits, and a frame's values have seven.
const near = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.round(value * 1e3) / 1e3)
const roundedOf = (totals: readonly DistrictTotal[]): readonly DistrictTotal[] => totals.map(({ value, ...counts }) => (value === undefined ? counts : { ...counts, value: near(value)! }))

/** From the rows alone: where they stand, what they show and how old they are. */
function fromScratch({ frame, roster }: ReturnType<typeof draw>, statistic: Across): readonly DistrictTotal[] {
  const rows = roster.ids.map((_, row) => {
    const place: LonLat = [frame.positions[2 * row]!, frame.positions[2 * row + 1]!]
    const found = AREAS.findIndex(({ polygons }) => polygons.some((polygon) => isInPolygon(place, polygon)))
    return { district: found + 1, value: frame.freshness[row]! <= 1 ? frame.values[row]! : NaN, freshness: frame.freshness[row]!, isHeld: isTooFew(roster.warnings[row]!) }
  })
  expect([...frame.districtOf.subarray(0, frame.count)]).toEqual(rows.map(({ district }) => district))
  return Array.from({ length: AREAS.length + 1 }, (_, district) => {
    const own = rows.filter((row) => row.district === district)
    const shown = own.filter(({ isHeld }) => !isHeld)
    const values = shown.map(({ value }) => value).filter((value) => !Number.isNaN(value))
    const value = across(statistic, values)
    return { reporting: values.length, known: shown.length, late: shown.filter(({ freshness }) => freshness === 2).length, lost: shown.filter(({ freshness }) => freshness === 3).length, tooFew: own.length - shown.length, ...(value === undefined ? {} : { value: near(value)! }) }
  })
}

type State = { readonly id: string; readonly agoS: number; readonly temperature: number | undefined; readonly isHeld: boolean; readonly place: number | undefined }
type Step =
  | { readonly kind: 'state'; readonly broker: string; readonly state: State }
  | { readonly kind: 'delete'; readonly broker: string; readonly id: string }
  | { readonly kind: 'snapshot'; readonly broker: string; readonly states: readonly State[] }
  | { readonly kind: 'leave'; readonly broker: string }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'window'; readonly minutes: number }
  | { readonly kind: 'view' }

const arbitraryState: fc.Arbitrary<State> = fc.record({
  id: fc.integer({ min: 1, max: 9 }).map((number) => `s${number}`),
  agoS: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -10, max: 90 }) }, { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 2_000 }) }),
  temperature: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined, freq: 8 }),
  isHeld: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  place: fc.option(fc.nat(PLACES.length - 1), { nil: undefined, freq: 3 }),
})
const broker = fc.constantFrom('a', 'b')
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('state' as const), broker, state: arbitraryState }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), broker, id: fc.integer({ min: 1, max: 9 }).map((number) => `s${number}`) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('snapshot' as const), broker, states: fc.array(arbitraryState, { maxLength: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), broker }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 900 })) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('window' as const), minutes: fc.constantFrom(1, 10, 60) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'view' as const }) },
)

const STATISTICS: readonly Across[] = ['sum', 'mean', 'energetic-mean', 'max', 'median']

describe('totals of districts', () => {
  test.prop([fc.constantFrom(...STATISTICS), fc.array(arbitraryStep, { maxLength: 60, size: 'max' })], { numRuns: 200, seed: 1 })('equal what is computed from scratch, through moves, deletes and brokers that leave', (statistic, steps) => {
    const clock = { ms: START }
    const aggregator = startWith(statistic, clock)
    const state = aggregator.domains.get('thermometer')!
    const entityOf = ({ id, agoS, temperature, isHeld, place }: State) =>
      thermometer({ id, atMs: clock.ms - agoS * SECOND_MS, humidity: isHeld ? 0 : 0.5, ...(temperature === undefined ? {} : { temperature }), ...(place === undefined ? {} : { position: PLACES[place]! }) })
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'state') stream(aggregator, [entityOf(step.state)], { broker: step.broker })
      else if (step.kind === 'delete') stream(aggregator, [deleted(step.id, clock.ms)], { broker: step.broker })
      else if (step.kind === 'snapshot') snapshot(aggregator, step.states.map(entityOf), { broker: step.broker })
      // What a broker that was emptied, or taken out, says of its sensors.
      else if (step.kind === 'leave') snapshot(aggregator, [], { broker: step.broker })
      else if (step.kind === 'window') state.setWindow(step.minutes * 60 * SECOND_MS)
      else if (step.kind === 'view') state.setView(state.view === 'value' ? 'usual' : 'value')
      else clock.ms += step.seconds * SECOND_MS
      // Now after each change, now after several.
      if (index % 5 < 3 && index < steps.length - 1) continue
      state.setView('value')
      const drawn = draw(aggregator)
      expect(roundedOf(drawn.frame.districts)).toEqual(fromScratch(drawn, statistic))
    }
  })

  test.prop([fc.array(arbitraryState, { maxLength: 30 })])('add up to the city, with those in none', (states) => {
    const clock = { ms: START }
    const aggregator = startWith('sum', clock)
    for (const [index, { agoS, temperature, isHeld, place }] of states.entries()) stream(aggregator, [thermometer({ id: `s${index}`, atMs: START - agoS * SECOND_MS, humidity: isHeld ? 0 : 0.5, ...(temperature === undefined ? {} : { temperature }), ...(place === undefined ? {} : { position: PLACES[place]! }) })])
    const { total, districts } = draw(aggregator).frame
    const sumOf = (of: (one: DistrictTotal) => number): number => districts.reduce((sum, one) => sum + of(one), 0)
    expect([sumOf(({ value = 0 }) => value), sumOf(({ reporting }) => reporting), sumOf(({ known }) => known)]).toEqual([total.value ?? 0, total.reporting, total.known])
  })

  // What a privacy floor holds back must not come out as the difference of two numbers that are told.
  test.prop([fc.array(arbitraryState, { minLength: 1, maxLength: 30 }), fc.constantFrom(...STATISTICS)])('say the same values whether those that are held back are there or not', (states, statistic) => {
    const told = (all: readonly State[]) => {
      const aggregator = startWith(statistic, { ms: START })
      for (const { id, agoS, temperature, isHeld, place } of all) stream(aggregator, [thermometer({ id: `${id}${isHeld ? 'held' : ''}`, atMs: START - agoS * SECOND_MS, humidity: isHeld ? 0 : 0.5, ...(temperature === undefined ? {} : { temperature }), ...(place === undefined ? {} : { position: PLACES[place]! }) })])
      const { total, districts } = draw(aggregator).frame
      // In another order of rows the last digit of a sum may be another.
      return [near(total.value), ...districts.map(({ value, known, reporting, late, lost }) => ({ value: near(value), known, reporting, late, lost }))]
    }
    expect(told(states)).toEqual(told(states.filter(({ isHeld }) => !isHeld)))
  })

  it('are none in a city without districts', () => {
    const aggregator = createAggregator({ models: [THERMOMETER], plan: PLAN, cellRadiusM: 500, now: () => START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12, position: ANCHOR })])
    const { frame } = draw(aggregator)
    expect(frame.districts).toEqual([])
    expect([...frame.districtOf.subarray(0, 1)]).toEqual([0])
  })
})
