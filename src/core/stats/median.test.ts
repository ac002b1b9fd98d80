import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { across } from './across.ts'
import { medianIn } from './median.ts'

describe('the median by selection', () => {
  test.prop([fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e300, max: 1e300 })), { maxLength: 60 }), fc.nat(5)], { seed: 1 })('is that of the sorted numbers', (drawn, more) => {
    const values = drawn.map((value) => value + 0) // no negative zero: it is no other number
    const numbers = Float64Array.from([...values, ...Array.from({ length: more }, () => 1e300)])
    expect(medianIn(numbers, values.length)).toBe(across('median', values) ?? NaN)
    expect([...numbers.subarray(0, values.length)].toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b))
  })
})
