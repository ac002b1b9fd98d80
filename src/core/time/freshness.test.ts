import { describe, expect, it } from 'vitest'
import { freshnessOf } from './freshness.ts'
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
