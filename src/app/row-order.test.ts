import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { layerOf, type GivenSensor } from '../../test/layer-in-hand.ts'
import type { Freshness } from '../core/time/freshness.ts'
import type { LiveLayer } from './live-store.ts'
import { orderRows, type OrderQuestion } from './row-order.ts'
import { disparity, ORDERS, rowAt, type SensorRow } from './sensor-list.ts'

const N = Number.NaN
const LAYER = layerOf([
  { name: 'Rua de Camões', value: 68 },
  { name: 'Foz 10', value: N, freshness: 3, observedAtMs: 10 },
  { name: 'Foz 2', value: 55, hasPosition: false },
  { name: 'Trindade', value: 66, freshness: 2, observedAtMs: 50 },
])

describe('the order of the list', () => {
  it('has the worse end first and those without a value last', () => {
    expect(names({})).toEqual(['Rua de Camões', 'Trindade', 'Foz 2', 'Foz 10'])
    expect(names({ worse: 'lower' })).toEqual(['Foz 2', 'Trindade', 'Rua de Camões', 'Foz 10'])
  })
  it('has names as people count', () => expect(names({ order: 'name' })).toEqual(['Foz 2', 'Foz 10', 'Rua de Camões', 'Trindade']))
  it('has the lost before the late before the fresh', () => expect(names({ order: 'age' }).slice(0, 2)).toEqual(['Foz 10', 'Trindade']))
  it('finds words in any order, case and without accents', () => {
    expect(names({ filter: 'camoes RUA' })).toEqual(['Rua de Camões'])
    expect(names({ filter: 'id:3' })).toEqual(['Trindade'])
    expect(names({ filter: '  ' })).toHaveLength(4)
    expect(names({ filter: 'nowhere' })).toEqual([])
  })
  it('reads the frame before it first rests: its buffers move on', () => {
    const layer = layerOf([{ name: 'a', value: 1 }, { name: 'b', value: 2 }])
    const steps = orderRows(layer, { order: 'value', filter: '', worse: 'higher' })
    steps.next()
    layer.frame.values.fill(N)
    layer.frame.latest.fill(N)
    expect([...run(steps)]).toEqual([1, 0])
  })
})

const number = fc.oneof(fc.float(), fc.constantFrom(N, 0, -0, 1, 2))
const sensor = fc.record({
  name: fc.oneof(fc.constantFrom('', 'Foz 2', 'foz 10', 'Foz 10'), fc.string({ maxLength: 3 })),
  value: number,
  plain: number,
  latest: number,
  freshness: fc.nat({ max: 4 }),
  observedAtMs: fc.oneof(fc.nat(), fc.constantFrom(N, 5)),
  hasPosition: fc.boolean(),
  district: fc.nat({ max: 2 }),
})
const question = fc.record({ order: fc.constantFrom(...ORDERS), worse: fc.constantFrom('higher' as const, 'lower' as const, 'neither' as const), filter: fc.constantFrom('', 'foz', '10 FOZ', 'id:1'), district: fc.constantFrom(undefined, 1, 2) })

test.prop([fc.array(sensor, { maxLength: 60 }), question, fc.constantFrom('value' as const, 'usual' as const, 'limit' as const)], { numRuns: 300 })('is what comparing two sensors at a time makes of it', (sensors: readonly GivenSensor[], asked, view) => {
  const layer = layerOf(sensors, view)
  expect([...run(orderRows(layer, asked))]).toEqual(byDefinition(layer, asked).map(({ row }) => row))
})

test.prop([fc.array(sensor, { maxLength: 60 }), fc.constantFrom(...ORDERS)])('list and map have the same sensors in every order', (sensors: readonly GivenSensor[], order) => {
  const layer = layerOf(sensors)
  const listed = [...run(orderRows(layer, { order, filter: '', worse: 'higher' }))].map((row) => layer.roster.ids[row]!)
  expect(disparity(listed, layer)).toEqual({ missing: [], surplus: [] })
})

function names(asked: Partial<OrderQuestion>): readonly string[] {
  return [...run(orderRows(LAYER, { order: 'value', filter: '', worse: 'higher', ...asked }))].map((row) => rowAt(LAYER, row).name)
}

/** What the list promises, said without any thought of cost. */
function byDefinition(layer: LiveLayer, { order, filter, district, worse }: OrderQuestion): readonly SensorRow[] {
  const worry: Readonly<Record<Freshness, number>> = { 'clock-error': 0, lost: 1, stale: 2, ageing: 3, fresh: 4 }
  const collator = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' })
  const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '').toLowerCase()
  const sign = worse === 'lower' ? -1 : 1
  const words = fold(filter).split(/\s+/)
  const byName = (a: SensorRow, b: SensorRow): number => collator.compare(a.name, b.name) || collator.compare(a.id, b.id)
  const compare = {
    value: (a: SensorRow, b: SensorRow): number => descending(sign * a.shown, sign * b.shown) || descending(sign * a.value, sign * b.value) || descending(sign * a.latest, sign * b.latest) || byName(a, b),
    name: byName,
    age: (a: SensorRow, b: SensorRow): number => worry[a.freshness] - worry[b.freshness] || descending(-a.observedAtMs, -b.observedAtMs) || byName(a, b),
  }
  return Array.from({ length: layer.frame.count }, (_, row) => rowAt(layer, row))
    .filter(({ row }) => district === undefined || layer.frame.districtOf[row] === district)
    .filter(({ name, id }) => words.every((word) => fold(`${name} ${id}`).includes(word)))
    .toSorted(compare[order])
}

function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a === b ? 0 : b - a
}

function run<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}
