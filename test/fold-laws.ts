/**
 * The laws every domain's fold keeps, so that windows combine and a late reading is one addition:
 * measured at once, measured in parts, measured in any order, it is the same window.
 */
import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { Reading } from '../src/domains/domain-model.ts'
import { plainAdderOf, type Fold } from '../src/domains/fold.ts'

/** Asserts the laws on readings from `arbitrary`, of which each is one observation. */
export function checkFoldLaws<R extends Reading>(fold: Fold, arbitrary: fc.Arbitrary<R>): void {
  const readings = fc.array(arbitrary, { maxLength: 30 })
  const all = (list: readonly R[]): Float64Array => list.reduce((acc, reading) => fold.add(acc, reading), fold.empty)

  fc.assert(
    fc.property(readings, readings, readings, (a, b, c) => {
      const atOnce = fold.value(all([...a, ...b, ...c]))
      expectSame(fold.value(fold.merge(fold.merge(all(a), all(b)), all(c))), atOnce)
      expectSame(fold.value(fold.merge(all(a), fold.merge(all(b), all(c)))), atOnce)
      expectSame(fold.value(fold.merge(all(b), all(a))), fold.value(fold.merge(all(a), all(b))))
    }),
  )
  fc.assert(
    fc.property(readings, (list) => {
      const acc = all(list)
      expectSame(fold.value(fold.merge(acc, fold.empty)), fold.value(acc))
      expectSame(fold.value(fold.merge(fold.empty, acc)), fold.value(acc))
    }),
  )
  fc.assert(
    fc.property(readings, fc.infiniteStream(fc.nat()), (list, keys) => {
      const shuffled = list.map((reading) => ({ reading, key: keys.next().value as number })).sort((x, y) => x.key - y.key)
      expectSame(fold.value(all(shuffled.map(({ reading }) => reading))), fold.value(all(list)))
    }),
  )
  expect(fold.value(fold.empty)).toBeUndefined()
  checkPlain(fold, arbitrary)
  checkColumns(fold, arbitrary, all)
}

/** What a store adds as numbers is what it would have added as a reading. */
function checkPlain<R extends Reading>({ columns }: Fold, arbitrary: fc.Arbitrary<R>): void {
  const plain = arbitrary.filter(({ lagMs, implausible }) => lagMs === undefined && implausible === undefined)
  // Any mix of what is read, not only what sensors say together.
  const present = fc.infiniteStream(fc.boolean())
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 12 }), present, (readings, chance) => {
      const [byReading, byNumbers] = [new Float64Array(columns.width + 2), new Float64Array(columns.width + 2)]
      for (const acc of [byReading, byNumbers]) columns.clear(acc, 1)
      const addPlain = plainAdderOf(columns)
      for (const { observedAtMs, periodMs, values } of readings) {
        const kept = columns.reads.filter(() => chance.next().value)
        columns.add(byReading, 1, { observedAtMs, periodMs, values: Object.fromEntries(kept.map((id) => [id, values[id]])) })
        addPlain(byNumbers, 1, Float64Array.from(columns.reads, (id) => (kept.includes(id) ? (values[id] ?? NaN) : NaN)), observedAtMs, periodMs ?? NaN)
      }
      expect([...byNumbers]).toEqual([...byReading])
    }),
  )
}

/** A store folds in place, among other accumulators, and gives a fold only what it says it reads. */
function checkColumns<R extends Reading>({ columns, ...fold }: Fold, arbitrary: fc.Arbitrary<R>, all: (list: readonly R[]) => Float64Array): void {
  const readings = fc.array(arbitrary, { maxLength: 12 })
  fc.assert(
    fc.property(readings, readings, fc.nat(5), (a, b, place) => {
      const at = place * columns.width
      const store = new Float64Array(7 * columns.width).fill(12_345)
      columns.clear(store, at)
      for (const { observedAtMs, periodMs, implausible, lagMs, values } of a) {
        columns.add(store, at, { observedAtMs, periodMs, implausible, lagMs, values: Object.fromEntries(columns.reads.map((id) => [id, values[id]])) })
      }
      columns.clear(store, at + columns.width)
      columns.merge(store, at, all(b), 0)
      expectSame(columns.value(store, at), fold.value(fold.merge(all(a), all(b))))
      expect(columns.value(store, at + columns.width)).toBeUndefined()
      expect([...store.subarray(0, at), ...store.subarray(at + 2 * columns.width)].every((number) => number === 12_345)).toBe(true)
    }),
  )
}

// Sums of doubles differ in their last digits with the order; nothing a sensor measures does.
function expectSame(actual: number | undefined, expected: number | undefined): void {
  expect(actual === undefined).toBe(expected === undefined)
  if (actual !== undefined && expected !== undefined) expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
}
