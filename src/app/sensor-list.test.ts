import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { LiveLayer } from './live-store.ts'
import { countOther, disparity, filterRows, ORDERS, rowsOf, settleOrder, shortName, shownValue, sortRows } from './sensor-list.ts'

interface Given {
  readonly name: string
  readonly value: number
  readonly freshness?: number
  readonly observedAtMs?: number
  readonly hasPosition?: boolean
}

const N = Number.NaN
const LAYER = layerOf([
  { name: 'Rua de Camões', value: 68 },
  { name: 'Foz 10', value: N, freshness: 3, observedAtMs: 10 },
  { name: 'Foz 2', value: 55, hasPosition: false },
  { name: 'Trindade', value: 66, freshness: 2, observedAtMs: 50 },
])

describe('the list of sensors', () => {
  it('holds what the map holds, and those it cannot place', () => {
    const rows = rowsOf(LAYER)
    expect(rows.map(({ name }) => name)).toEqual(['Rua de Camões', 'Foz 10', 'Foz 2', 'Trindade'])
    expect(rows.map(({ hasPosition }) => hasPosition)).toEqual([true, true, false, true])
    expect(disparity(rows.map(({ id }) => id), LAYER)).toEqual({ missing: [], surplus: [] })
  })
  it('tells what is missing or too many', () => {
    expect(disparity(['id:0', 'id:1', 'id:2', 'gone'], LAYER)).toEqual({ missing: ['id:3'], surplus: ['gone'] })
  })
  it('has the highest first and those without a value last', () => expect(names('value')).toEqual(['Rua de Camões', 'Trindade', 'Foz 2', 'Foz 10']))
  it('orders names as people count', () => expect(names('name')).toEqual(['Foz 2', 'Foz 10', 'Rua de Camões', 'Trindade']))
  it('has the lost before the late before the fresh', () => expect(names('age').slice(0, 2)).toEqual(['Foz 10', 'Trindade']))
  it('finds words in any order, case and without accents', () => {
    expect(filterRows(rowsOf(LAYER), 'camoes RUA').map(({ name }) => name)).toEqual(['Rua de Camões'])
    expect(filterRows(rowsOf(LAYER), 'id:3').map(({ name }) => name)).toEqual(['Trindade'])
    expect(filterRows(rowsOf(LAYER), '  ')).toHaveLength(4)
    expect(filterRows(rowsOf(LAYER), 'nowhere')).toEqual([])
  })
  it('shows the last reading when the window is empty', () => expect(shownValue({ value: N, latest: 40 })).toBe(40))
  it('names a sensor without a name by the end of its id', () => expect(shortName('urn:ngsi-ld:NoiseLevelObserved:porto:noise:17')).toBe('17'))
})

it('tells sensors with another measure from silent ones', () => {
  const layer = layerOf([
    { name: 'Counter', value: 12 },
    { name: 'Docking station', value: N },
    { name: 'Known by name only', value: N, observedAtMs: N },
  ])
  expect(countOther(layer)).toBe(1)
})

describe('rows that are read', () => {
  it('keep their places, and newcomers follow', () => {
    expect(settleOrder(['a', 'b', 'c'], ['c', 'd', 'a'], { hold: true })).toEqual(['a', 'c', 'd'])
    expect(settleOrder(['a', 'b', 'c'], ['c', 'd', 'a'], { hold: false })).toEqual(['c', 'd', 'a'])
  })
  it('are the same object while nothing changes, so that nothing is drawn', () => {
    const shown = ['a', 'b']
    expect(settleOrder(shown, ['a', 'b'], { hold: false })).toBe(shown)
    expect(settleOrder(shown, ['b', 'a'], { hold: true })).toBe(shown)
  })
})

const given = fc.array(
  fc.record({ name: fc.string({ maxLength: 3 }), value: fc.oneof(fc.double(), fc.constant(N)), freshness: fc.nat({ max: 4 }), observedAtMs: fc.oneof(fc.nat(), fc.constant(N)), hasPosition: fc.boolean() }),
)

test.prop([given, fc.constantFrom(...ORDERS)])('list and map have the same sensors in every order', (sensors, order) => {
  const layer = layerOf(sensors)
  expect(disparity(sortRows(rowsOf(layer), order).map(({ id }) => id), layer)).toEqual({ missing: [], surplus: [] })
})

test.prop([fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), fc.boolean()])('settling neither loses nor invents a sensor', (shown, sorted, hold) => {
  expect(settleOrder(shown, sorted, { hold }).toSorted()).toEqual(sorted.toSorted())
})

function names(order: (typeof ORDERS)[number]): readonly string[] {
  return sortRows(rowsOf(LAYER), order).map(({ name }) => name)
}

function layerOf(sensors: readonly Given[]): LiveLayer {
  const values = Float32Array.from(sensors, ({ value }) => value)
  return {
    roster: { domain: 'noise', version: 1, ids: sensors.map((_, index) => `id:${index}`), names: sensors.map(({ name }) => name), types: sensors.map(() => 'T'), warnings: sensors.map(() => []) },
    frame: {
      domain: 'noise',
      rosterVersion: 1,
      atMs: 0,
      windowStartMs: 0,
      windowEndMs: 0,
      coveredFromMs: 0,
      view: 'value',
      plain: new Float32Array(0),
      medians: new Float32Array(0),
      count: sensors.length,
      positions: Float32Array.from(sensors.flatMap(({ hasPosition = true }) => (hasPosition ? [0, 0] : [N, N]))),
      values,
      latest: values,
      observedAtMs: Float64Array.from(sensors, ({ observedAtMs = 100 }) => observedAtMs),
      freshness: Uint8Array.from(sensors, ({ freshness = 0 }) => freshness),
      cells: { radiusM: 500, count: 0, centres: new Float32Array(0), values: new Float32Array(0), sensors: new Uint16Array(0) },
      total: { reporting: 0, known: sensors.length },
    },
  }
}
