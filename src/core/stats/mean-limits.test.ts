import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { overlap } from './limits.ts'
import { energeticLimits, meanDifference, meanLimits } from './mean-limits.ts'
import { completeness, perPopulation, perSquareKm } from './normalise.ts'
import { poissonRate } from './poisson.ts'
import { shareLimits } from './share-limits.ts'

const values = fc.array(fc.double({ min: -50, max: 130, noNaN: true }), { minLength: 2, maxLength: 20 })

describe('a mean over sensors', () => {
  it('has limits from two sensors on', () => {
    expect(meanLimits([])).toEqual({ n: 0 })
    expect(meanLimits([21, undefined, NaN])).toEqual({ n: 1, mean: 21 })
    // Two values: t is 12.706, and the mean ± 12.706 · |a − b| / 2.
    const { lower, upper } = meanLimits([20, 22])
    expect(lower).toBeCloseTo(21 - 12.7062, 3)
    expect(upper).toBeCloseTo(21 + 12.7062, 3)
  })

  test.prop([values])('lies between its limits, and more confidence widens them', (list) => {
    const { mean, lower, upper } = meanLimits(list)
    const wider = meanLimits(list, 0.99)
    expect(lower).toBeLessThanOrEqual(mean!)
    expect(upper).toBeGreaterThanOrEqual(mean!)
    expect(wider.upper! - wider.lower!).toBeGreaterThanOrEqual(upper! - lower!)
  })

  test.prop([values, values])('differs from another as the other does from it', (a, b) => {
    const one = meanDifference(a, b)
    const other = meanDifference(b, a)
    expect(one.difference).toBeCloseTo(-other.difference!, 9)
    expect(one.distinguishable).toBe(other.distinguishable)
    if (one.lower !== undefined) expect(one.lower).toBeCloseTo(-other.upper!, 6)
  })

  it('is told apart from another only by limits', () => {
    expect(meanDifference([1], [2, 3])).toEqual({ difference: -1.5, distinguishable: false })
    expect(meanDifference([1, 1], [2, 2])).toEqual({ difference: -1, distinguishable: false })
    expect(meanDifference([], [2, 2])).toEqual({ distinguishable: false })
  })
})

describe('an energetic mean', () => {
  test.prop([values])('lies between its limits; the lower may not exist', (levels) => {
    const { level, lower, upper } = energeticLimits(levels)
    expect(upper).toBeGreaterThanOrEqual(level! - 1e-9)
    if (lower !== undefined) expect(lower).toBeLessThanOrEqual(level! + 1e-9)
  })

  it('of one sensor has no limits', () => {
    expect(energeticLimits([60])).toEqual({ n: 1, level: 60 })
    expect(energeticLimits([undefined])).toEqual({ n: 0 })
  })
})

describe('a share', () => {
  test.prop([fc.integer({ min: 1, max: 500 }), fc.nat(500)])('lies between its limits, and these between 0 and 1', (n, k) => {
    const { share, lower, upper } = shareLimits(Math.min(k, n), n)
    expect(lower).toBeGreaterThanOrEqual(0)
    expect(lower).toBeLessThanOrEqual(share! + 1e-12)
    expect(upper).toBeGreaterThanOrEqual(share! - 1e-12)
    expect(upper).toBeLessThanOrEqual(1)
  })

  it('of none is none', () => {
    expect(shareLimits(0, 0)).toEqual({})
    expect(shareLimits(5, 3)).toEqual({})
  })
})

describe('beside each other', () => {
  it('cities of unknown size have no rate', () => {
    expect(perPopulation(371, undefined)).toBeUndefined()
    expect(perPopulation(371, 0)).toBeUndefined()
    expect(perSquareKm(48, undefined)).toBeUndefined()
    expect(poissonRate(3, 0, 1_000)).toBeUndefined()
  })

  it('three quarters are enough, and nothing expected is not', () => {
    expect(completeness(18, 24)).toEqual({ ratio: 0.75, isEnough: true })
    expect(completeness(0, 0)).toEqual({ isEnough: false })
  })

  it('limits that touch overlap, and a missing one reaches everything', () => {
    expect(overlap({ lower: 1, upper: 2 }, { lower: 2, upper: 3 })).toBe(true)
    expect(overlap({ lower: 1, upper: 2 }, { lower: 2.1, upper: 3 })).toBe(false)
    expect(overlap({ upper: 2 }, { lower: -100, upper: 1 })).toBe(true)
    expect(overlap({}, { lower: 1, upper: 1 })).toBe(true)
  })
})
