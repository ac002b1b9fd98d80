/** Cells and totals kept by what changes say what they say when they are made anew from all that is there. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { across, type Across } from '../../core/stats/across.ts'
import { SKETCH_ERROR } from '../../core/stats/quantile-sketch.ts'
import { createRandom } from '../../core/random.ts'
import { createCells, NO_CELL } from './cells.ts'
import { createCityTotal, createHighest, EXACT_ROWS } from './city-total.ts'
import { EXACT_SENSORS } from './grouped-values.ts'
import { CELL, createHotRows, INTS } from './hot-rows.ts'

const STATISTICS: readonly Across[] = ['mean', 'energetic-mean', 'sum', 'max', 'median']
const ANCHOR: LonLat = [-8.61, 41.15]
const PLACES: readonly LonLat[] = [ANCHOR, [-8.6101, 41.15], [-8.55, 41.16], [-8.5, 41.2]]
const ROWS = 12

/** Values of sensors that hardly come together, as levels of a street and of a jet. */
const value = fc.oneof({ weight: 4, arbitrary: fc.double({ min: -20, max: 140, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(NaN) }, { weight: 1, arbitrary: fc.constantFrom(0, 60, 130) })
const step = fc.oneof(
  fc.record({ kind: fc.constant('place' as const), row: fc.nat(ROWS - 1), place: fc.option(fc.nat(PLACES.length - 1), { nil: undefined }) }),
  fc.record({ kind: fc.constant('change' as const), row: fc.nat(ROWS - 1), value }),
  fc.record({ kind: fc.constant('look' as const) }),
)

function close(actual: number, expected: number): boolean {
  return Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected))
}

describe('kept by what changes', () => {
  test.prop([fc.constantFrom(...STATISTICS), fc.array(step, { maxLength: 120, size: 'max' })], { numRuns: 300, seed: 1 })('cells and total equal those made anew, after any history', (statistic, steps) => {
    const hot = createHotRows()
    hot.grow(ROWS)
    for (let row = 0; row < ROWS; row++) hot.ints[0]![(row << INTS) + CELL] = NO_CELL
    const grid = createHexGrid(ANCHOR, 500)
    const cells = createCells(grid, statistic, hot)
    const total = createCityTotal(statistic)
    const values = Array.from({ length: ROWS }, () => NaN)
    const places: (number | undefined)[] = Array.from({ length: ROWS })
    const look = (): void => {
      cells.refresh()
      const target = { centres: new Float32Array(cells.count * 2), values: new Float32Array(cells.count), sensors: new Uint16Array(cells.count) }
      cells.write(target)
      const ids = new Map<number, number[]>()
      for (const [row, place] of places.entries()) {
        if (place === undefined) continue
        const id = grid.cellOf(PLACES[place]!)
        ids.set(id, [...(ids.get(id) ?? []), values[row]!])
      }
      const keyOf = (lon: number, lat: number): string => `${Math.fround(lon)} ${Math.fround(lat)}`
      const wanted = new Map([...ids].map(([id, inside]) => [keyOf(...(grid.centreOf(id) as [number, number])), inside]))
      expect(cells.count).toBe(wanted.size)
      for (let cell = 0; cell < cells.count; cell++) {
        const inside = wanted.get(keyOf(target.centres[cell * 2]!, target.centres[cell * 2 + 1]!))!
        expect(target.sensors[cell]).toBe(inside.filter((one) => !Number.isNaN(one)).length)
        const expected = Math.fround(across(statistic, inside) ?? NaN)
        expect([target.values[cell], expected, close(target.values[cell]!, expected)]).toEqual([target.values[cell], expected, true])
      }
      const expected = across(statistic, values)
      const kept = total.value(ROWS, (row) => values[row]!)
      expect(total.reporting).toBe(values.filter((one) => !Number.isNaN(one)).length)
      expect(kept === undefined).toBe(expected === undefined)
      expect(close(kept ?? NaN, expected ?? NaN)).toBe(true)
    }
    for (const one of steps) {
      if (one.kind === 'look') {
        look()
      } else if (one.kind === 'place') {
        places[one.row] = one.place
        cells.place(one.row, one.place === undefined ? undefined : PLACES[one.place]!, values[one.row]!)
      } else {
        total.change(one.row, values[one.row]!, one.value)
        cells.change(one.row, values[one.row]!, one.value)
        values[one.row] = one.value
      }
    }
    look()
  })

  test.prop([fc.integer({ min: 1, max: 5 })], { numRuns: 5, seed: 1 })('a median of many is within the error of the sketch, and exact again when few are left', (seed) => {
    const random = createRandom(seed)
    const count = EXACT_ROWS + 200
    const hot = createHotRows()
    hot.grow(count)
    for (let row = 0; row < count; row++) hot.ints[0]![(row << INTS) + CELL] = NO_CELL
    const cells = createCells(createHexGrid(ANCHOR, 500), 'median', hot)
    const total = createCityTotal('median')
    const values = Array.from({ length: count }, () => 5 + random() * 90)
    const check = (rows: number, isExact: boolean): void => {
      cells.refresh()
      const target = { centres: new Float32Array(2), values: new Float32Array(1), sensors: new Uint16Array(1) }
      cells.write(target)
      const expected = across('median', values.slice(0, rows))!
      // Half of both order statistics in the middle, each within the error.
      expect(Math.abs(target.values[0]! - expected)).toBeLessThanOrEqual((isExact ? 1e-6 : SKETCH_ERROR) * expected)
      expect(Math.abs(total.value(rows, (row) => values[row]!)! - expected)).toBeLessThanOrEqual(SKETCH_ERROR * expected)
    }
    for (const [row, one] of values.entries()) {
      total.change(row, NaN, one)
      cells.place(row, ANCHOR, one)
    }
    check(count, false)
    for (const row of values.keys()) {
      const next = 5 + random() * 90
      total.change(row, values[row]!, next)
      cells.change(row, values[row]!, next)
      values[row] = next
    }
    check(count, false)
    const few = Math.floor(EXACT_SENSORS / 4)
    for (let row = count - 1; row >= few; row--) {
      total.change(row, values[row]!, NaN)
      cells.place(row, undefined, values[row]!)
    }
    check(few, true)
  })

  test.prop([fc.array(fc.record({ row: fc.nat(5_000), value: fc.option(fc.integer({ min: -5, max: 5 }), { nil: NaN }) }), { maxLength: 100 })], { seed: 1 })('the highest of many is the highest', (changes) => {
    const highest = createHighest()
    const values = new Map<number, number>()
    const valueOf = (row: number): number => values.get(row) ?? NaN
    for (const { row, value } of changes) {
      const before = valueOf(row)
      values.set(row, value)
      highest.change(row, before, value)
      expect(highest.value(valueOf)).toBe(Math.max(-Infinity, ...[...values.values()].filter((one) => !Number.isNaN(one))))
    }
  })
})
