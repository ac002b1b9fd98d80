import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from './gamma.ts'
import { studentQuantile, studentTail } from './student-t.ts'

describe('Student’s t', () => {
  // Two-sided 95 % points; the table is in every textbook of statistics.
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [4, 2.7764],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
  ])('with %d degrees of freedom reaches %d', (df, t) => {
    expect(studentQuantile(0.95, df)).toBeCloseTo(t, 4)
  })

  it('is the Cauchy distribution for one degree of freedom', () => {
    for (const t of [0.01, 1, 30, 1e6]) expect(studentTail(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12)
    expect(studentTail(1e9, 1) / (2 / Math.PI / 1e9)).toBeCloseTo(1, 9)
  })

  it('becomes the normal distribution', () => {
    expect(studentQuantile(0.95, 1e6)).toBeCloseTo(normalQuantile(0.95), 5)
  })

  test.prop([fc.double({ min: 0.5, max: 1_000, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true })])('its tail falls', (df, a, b) => {
    expect(studentTail(Math.min(a, b), df)).toBeGreaterThanOrEqual(studentTail(Math.max(a, b), df) - 1e-12)
  })

  test.prop([fc.double({ min: 1, max: 1_000, noNaN: true }), fc.double({ min: 0.01, max: 0.999, noNaN: true })])('its quantile is the inverse of its tail', (df, confidence) => {
    expect(1 - studentTail(studentQuantile(confidence, df), df)).toBeCloseTo(confidence, 11)
  })
})
