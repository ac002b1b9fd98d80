import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { rankAt } from './rank.ts'

it('counts the lower ones among the others', () => {
  expect(rankAt([60, 55, 70, Number.NaN, 65], 4)).toEqual({ below: 2, others: 3 })
})

it('has no rank for what was not measured, nor for one alone', () => {
  expect(rankAt([Number.NaN, 1], 0)).toBeUndefined()
  expect(rankAt([1, Number.NaN], 0)).toBeUndefined()
  expect(rankAt([1, 2], 2)).toBeUndefined()
})

it('leaves out what lies behind the rows in use', () => {
  expect(rankAt([5, 1, 9, 9], 0, 2)).toEqual({ below: 1, others: 1 })
})

test.prop([fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.NaN)), { minLength: 1 }), fc.nat()])('never counts more below than there are others', (values, seed) => {
  const rank = rankAt(values, seed % values.length)
  if (rank !== undefined) expect(rank.below).toBeLessThanOrEqual(rank.others)
})
