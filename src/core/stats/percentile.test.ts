import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { percentile, percentiles } from './percentile.ts'

describe('percentile', () => {
  it.each([
    // numpy.percentile([15, 20, 35, 40, 50], …)
    [[15, 20, 35, 40, 50], 40, 29],
    [[15, 20, 35, 40, 50], 5, 16],
    [[50, 15, 40, 20, 35], 100, 50],
    [[7], 33, 7],
  ])('of %j at %d %% is %d, as numpy has it', (values, percent, expected) => {
    expect(percentile(values, percent)).toBeCloseTo(expected, 12)
  })

  it('leaves out what was not measured, and is absent when nothing was', () => {
    expect(percentile([undefined, 3, Number.NaN, 1], 50)).toBe(2)
    expect(percentiles([undefined], [10, 90])).toEqual([undefined, undefined])
  })

  test.prop([fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })])(
    'never falls with the percentage',
    (values, a, b) => {
      expect(percentile(values, Math.min(a, b))!).toBeLessThanOrEqual(percentile(values, Math.max(a, b))! + 1e-9)
    },
  )
})
