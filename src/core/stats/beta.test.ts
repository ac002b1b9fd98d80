import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { betaQuantile, betaTails } from './beta.ts'

const shape = fc.double({ min: 0.5, max: 500, noNaN: true })
const part = fc.double({ min: 0, max: 1, noNaN: true })

describe('the incomplete beta function', () => {
  it('is the binomial distribution at whole numbers: P(at least k of n) = I_p(k, n − k + 1), DLMF 8.17.5', () => {
    // At least 2 of 3 at one half: 4 of 8.
    expect(betaTails(0.5, 2, 2).lower).toBeCloseTo(0.5, 14)
    // At least 1 of 5 at 0.1: 1 − 0.9⁵.
    expect(betaTails(0.1, 1, 5).lower).toBeCloseTo(1 - 0.9 ** 5, 14)
    // All of 4 at 0.3.
    expect(betaTails(0.3, 4, 1).lower).toBeCloseTo(0.3 ** 4, 14)
  })

  it('is the arcsine distribution for ½ and ½', () => {
    for (const x of [1e-6, 0.2, 0.7, 0.999]) expect(betaTails(x, 0.5, 0.5).lower).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12)
  })

  test.prop([shape, shape, part, part])('rises from 0 to 1', (a, b, x, y) => {
    const [low, high] = [betaTails(Math.min(x, y), a, b), betaTails(Math.max(x, y), a, b)]
    expect(low.lower).toBeLessThanOrEqual(high.lower + 1e-12)
    expect(low.lower).toBeGreaterThanOrEqual(0)
    expect(high.lower).toBeLessThanOrEqual(1)
  })

  test.prop([shape, shape, part])('mirrors: I_x(a, b) = 1 − I_{1−x}(b, a)', (a, b, x) => {
    expect(betaTails(x, a, b).lower).toBeCloseTo(betaTails(1 - x, b, a, x).upper, 12)
  })

  test.prop([shape, shape, fc.double({ min: 1e-9, max: 0.999_999, noNaN: true })])('of the quantile is the probability', (a, b, p) => {
    const x = betaQuantile(a, b, p)
    // A double near 1 is too coarse for a distribution that is all but there.
    fc.pre(x < 0.999_999)
    expect(Math.abs(betaTails(x, a, b).lower / p - 1)).toBeLessThan(1e-9)
  })

  test.prop([shape, shape, fc.double({ min: -3, max: 3, noNaN: true })])('has the quantile as its inverse', (a, b, deviations) => {
    const mean = a / (a + b)
    const x = mean + deviations * Math.sqrt((mean * (1 - mean)) / (a + b + 1))
    fc.pre(x > 0 && x < 1)
    const { lower, upper } = betaTails(x, a, b)
    fc.pre(lower > 1e-6 && upper > 1e-6)
    expect(Math.abs(betaQuantile(a, b, lower) - x)).toBeLessThan(1e-9)
  })

  it('ends at 0 and 1', () => {
    expect([betaQuantile(2, 3, 0), betaQuantile(2, 3, 1)]).toEqual([0, 1])
    expect([betaTails(0, 2, 3).lower, betaTails(1, 2, 3).lower]).toEqual([0, 1])
  })
})
