import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createFreshnessJudge, FRESHNESS, freshnessCode, freshnessOf } from './freshness.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './instant.ts'

describe('freshness', () => {
  it.each([
    [0, 'fresh'],
    [MINUTE_MS, 'fresh'],
    [1.5 * MINUTE_MS, 'ageing'],
    [2 * MINUTE_MS, 'ageing'],
    [2 * MINUTE_MS + 1, 'stale'],
    [6 * MINUTE_MS, 'stale'],
    [6 * MINUTE_MS + 1, 'lost'],
  ] as const)('calls an age of %d ms at one a minute %s', (ageMs, expected) => {
    expect(freshnessOf(ageMs, MINUTE_MS)).toBe(expected)
  })

  it('loses a slow sensor after a day, however seldom it reports', () => {
    expect(freshnessOf(DAY_MS + 1, 20 * HOUR_MS)).toBe('lost')
  })

  it('never calls a stamp from the future fresh', () => {
    expect(freshnessOf(-10 * MINUTE_MS, HOUR_MS)).toBe('clock-error')
    expect(freshnessOf(-MINUTE_MS, HOUR_MS)).toBe('fresh')
  })
})

describe('the judge of many', () => {
  const expected = fc.constantFrom(MINUTE_MS, 15 * MINUTE_MS, 5 * HOUR_MS, 2 * DAY_MS)

  test.prop([expected, fc.integer({ min: -5 * MINUTE_MS, max: 3 * DAY_MS })], { seed: 1 })('says what is said of each', (expectedMs, ageMs) => {
    const judge = createFreshnessJudge(expectedMs)
    const code = judge.codeOf(ageMs)
    expect(FRESHNESS[code]).toBe(freshnessOf(ageMs, expectedMs))
    const lastMs = judge.lastAgeMs(code)
    if (lastMs === Infinity) return
    // The clock of one from the future comes to its stamp: there it is fresh from the bound on.
    const [still, next] = code === freshnessCode('clock-error') ? [lastMs - 1, lastMs] : [lastMs, lastMs + 1]
    expect(ageMs).toBeLessThanOrEqual(still)
    expect([judge.codeOf(still), judge.codeOf(next) === code]).toEqual([code, false])
  })
})
