/**
 * The laws every domain's fold keeps, so that windows combine and a late reading is one addition:
 * measured at once, measured in parts, measured in any order, it is the same window.
 */
import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { Fold, Reading } from '../src/domains/domain-model.ts'

/** Asserts the laws on readings from `arbitrary`, of which each is one observation. */
export function checkFoldLaws<R extends Reading, A>(fold: Fold<R, A>, arbitrary: fc.Arbitrary<R>): void {
  const readings = fc.array(arbitrary, { maxLength: 30 })
  const all = (list: readonly R[]): A => list.reduce((acc, reading) => fold.add(acc, reading), fold.empty)

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
}

// Sums of doubles differ in their last digits with the order; nothing a sensor measures does.
function expectSame(actual: number | undefined, expected: number | undefined): void {
  expect(actual === undefined).toBe(expected === undefined)
  if (actual !== undefined && expected !== undefined) expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
}
