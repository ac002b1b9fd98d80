import { test, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { normalAt, pickAt, poissonAt, smoothNoiseAt, spreadPhaseMs } from './variation.ts'

describe('variation', () => {
  test.prop([fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer()])('a smooth wave stays in [-1, 1] and never rises faster than 3 per unit', (x, key) => {
    const step = 1e-3
    const here = smoothNoiseAt(x, key)
    expect(Math.abs(here)).toBeLessThanOrEqual(1)
    expect(Math.abs(smoothNoiseAt(x + step, key) - here)).toBeLessThanOrEqual(3.01 * step + 1e-9)
  })

  test.prop([fc.double({ min: 0, max: 200, noNaN: true }), fc.integer()])('the same keys give the same draw', (mean, key) => {
    expect(poissonAt(mean, key)).toBe(poissonAt(mean, key))
    expect(normalAt(key)).toBe(normalAt(key))
  })

  it.each([0.05, 0.7, 4, 25, 120])('counts drawn with mean %d have that mean and about that variance', (mean) => {
    const draws = Array.from({ length: 4_000 }, (_, i) => poissonAt(mean, i, 77))
    const average = draws.reduce((a, b) => a + b, 0) / draws.length
    const variance = draws.reduce((a, b) => a + (b - average) ** 2, 0) / draws.length
    // Five standard errors.
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / draws.length))
    expect(variance / mean).toBeGreaterThan(0.8)
    expect(variance / mean).toBeLessThan(1.2)
    expect(draws.every((count) => Number.isInteger(count) && count >= 0)).toBe(true)
  })

  it('nothing is counted where nothing is expected', () => {
    expect([0, -1, NaN].map((mean) => poissonAt(mean, 1))).toEqual([0, 0, 0])
  })

  it('many senders speak evenly', () => {
    const inQuarter = [0, 0, 0, 0]
    for (let n = 1; n <= 40; n++) inQuarter[Math.floor(spreadPhaseMs(n, 60_000) / 15_000)]! += 1
    for (const count of inQuarter) expect(Math.abs(count - 10)).toBeLessThanOrEqual(2)
  })

  it('picks nothing out of nothing', () => {
    expect(pickAt([], 1)).toBeUndefined()
    expect(['a', 'b']).toContain(pickAt(['a', 'b'], 1))
  })
})
