import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { gammaP, gammaQuantile, gammaTails, logGamma, normalQuantile } from './gamma.ts'

const shape = fc.double({ min: 0.5, max: 2_000, noNaN: true })
const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })

describe('the gamma function', () => {
  it('is the factorial at whole numbers', () => {
    expect(Math.exp(logGamma(6))).toBeCloseTo(120, 9)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12)
  })

  it('is the exponential distribution for shape 1, on both sides of the switch of methods', () => {
    for (const x of [0.1, 1.9, 2.1, 20]) expect(gammaP(1, x)).toBeCloseTo(1 - Math.exp(-x), 12)
  })

  it('is exact far out in the tail, where 1 − P would be rounding', () => {
    expect(gammaTails(1, 60).upper / Math.exp(-60)).toBeCloseTo(1, 11)
    expect(gammaTails(1, 1e-9).lower / -Math.expm1(-1e-9)).toBeCloseTo(1, 11)
  })

  test.prop([shape, fc.double({ min: 0, max: 4_000, noNaN: true }), fc.double({ min: 0, max: 4_000, noNaN: true })])('P rises from 0 to 1 and its tails add up', (a, x, y) => {
    const [low, high] = [gammaTails(a, Math.min(x, y)), gammaTails(a, Math.max(x, y))]
    expect(low.lower).toBeLessThanOrEqual(high.lower + 1e-12)
    expect(low.lower).toBeGreaterThanOrEqual(0)
    expect(high.lower).toBeLessThanOrEqual(1)
    expect(high.lower + high.upper).toBeCloseTo(1, 14)
  })

  test.prop([shape, probability])('P of the quantile is the probability', (a, p) => {
    expect(Math.abs(gammaP(a, gammaQuantile(a, p)) / p - 1)).toBeLessThan(1e-10)
  })

  test.prop([shape, fc.double({ min: -4, max: 4, noNaN: true })])('the quantile of P is the point', (a, deviations) => {
    const x = Math.max(a / 4, a + deviations * Math.sqrt(a))
    const { lower, upper } = gammaTails(a, x)
    fc.pre(lower > 1e-6 && upper > 1e-6)
    expect(Math.abs(gammaQuantile(a, lower) / x - 1)).toBeLessThan(1e-8)
  })

  it('ends at 0 and at infinity', () => {
    expect(gammaQuantile(3, 0)).toBe(0)
    expect(gammaQuantile(3, 1)).toBe(Infinity)
    expect(gammaTails(3, Infinity)).toEqual({ lower: 1, upper: 0 })
  })
})

// Tables of the normal distribution: Abramowitz and Stegun (1964), 26.5.
it.each([
  [0.5, 0.674_489_750_196_081_7],
  [0.9, 1.644_853_626_951_472_2],
  [0.95, 1.959_963_984_540_054],
  [0.99, 2.575_829_303_548_900_4],
])('%d of a normal distribution lies within %d deviations', (confidence, z) => {
  expect(normalQuantile(confidence)).toBeCloseTo(z, 12)
})
