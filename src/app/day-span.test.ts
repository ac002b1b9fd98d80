import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import { BUCKET_MS, bucketBeside, daySpan } from './day-span.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 20)

describe('the day of the time line', () => {
  it('ends with the minute of now', () => {
    expect(daySpan(undefined, NOW)).toEqual({ fromMs: Date.UTC(2026, 10, 19, 12, 1), toMs: Date.UTC(2026, 10, 20, 12, 1) })
    expect(daySpan(NOW - 23 * HOUR_MS, NOW)).toEqual(daySpan(undefined, NOW))
  })

  test.prop([fc.integer({ min: 0, max: 400 * DAY_MS })], { seed: 1 })('holds the instant and is whole days from now', (agoMs) => {
    const { fromMs, toMs } = daySpan(NOW - agoMs, NOW)
    expect(fromMs).toBeLessThanOrEqual(NOW - agoMs)
    expect(toMs).toBeGreaterThanOrEqual(NOW - agoMs)
    expect((Date.UTC(2026, 10, 20, 12, 1) - toMs) % DAY_MS).toBe(0)
  })

  test.prop([fc.integer({ min: 0, max: DAY_MS })], { seed: 1 })('steps to the quarter beside', (agoMs) => {
    const [before, after] = [bucketBeside(NOW - agoMs, -1), bucketBeside(NOW - agoMs, 1)]
    expect(before % BUCKET_MS).toBe(0)
    expect(before).toBeLessThan(NOW - agoMs)
    expect(after).toBeGreaterThan(NOW - agoMs)
    expect(after - before).toBe((NOW - agoMs) % BUCKET_MS === 0 ? 30 * MINUTE_MS : BUCKET_MS)
  })
})
