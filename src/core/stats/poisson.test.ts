import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { poissonLimits } from './poisson.ts'

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
