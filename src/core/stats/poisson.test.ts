import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { gammaP, logGamma, poissonLimits } from './poisson.ts'

describe('exact limits of a count', () => {
  // Garwood 1936; the table is in every textbook of epidemiology.
  it.each([
    [0, 0, 3.6889],
    [1, 0.0253, 5.5716],
    [5, 1.6235, 11.6683],
    [10, 4.7954, 18.3904],
    [100, 81.3640, 121.6272],
  ])('%d events: %d to %d', (count, lower, upper) => {
    const limits = poissonLimits(count)
    expect(limits.lower).toBeCloseTo(lower, 4)
    expect(limits.upper).toBeCloseTo(upper, 3)
  })

  test.prop([fc.integer({ min: 0, max: 5_000 })])('enclose the count', (count) => {
    const { lower, upper } = poissonLimits(count)
    expect(lower).toBeLessThanOrEqual(count)
    expect(upper).toBeGreaterThan(count)
  })
})

describe('the gamma function', () => {
  it('is the factorial at whole numbers', () => {
    expect(Math.exp(logGamma(6))).toBeCloseTo(120, 9)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12)
  })

  it('is the exponential distribution for shape 1, on both sides of the switch of methods', () => {
    for (const x of [0.1, 1.9, 2.1, 20]) expect(gammaP(1, x)).toBeCloseTo(1 - Math.exp(-x), 12)
  })
})
