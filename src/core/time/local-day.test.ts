import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from './instant.ts'
import { expectedIntervals, lengthHours, localDateOf, localDay } from './local-day.ts'

describe('a local day', () => {
  it.each([
    ['2025-10-25', 24, 96],
    ['2025-10-26', 25, 100],
    ['2025-03-30', 23, 92],
  ])('of Rome, %s, has %d hours and %d quarter hours', (date, hours, quarters) => {
    const day = localDay(date, 'Europe/Rome')!
    expect(lengthHours(day)).toBe(hours)
    expect(expectedIntervals(day, 15 * MINUTE_MS)).toBe(quarters)
    expect(localDateOf(day.startMs, 'Europe/Rome')).toBe(date)
    expect(localDateOf(day.endMs - 1, 'Europe/Rome')).toBe(date)
  })

  it('is only of a date that exists', () => {
    expect(localDay('2025-02-30', 'Europe/Rome')).toBeUndefined()
    expect(localDay('26.10.2025', 'Europe/Rome')).toBeUndefined()
  })
})
