import { test, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from './instant.ts'
import { localHourOfWeek, rhythmAt, rhythmIntegral, rhythmSums, weekRhythm } from './rhythm.ts'

const hours = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 24, maxLength: 24 })

describe('rhythms of a week', () => {
  it.each([
    ['2026-11-16T00:00:00Z', 'UTC', 0], // a Monday
    ['2026-11-22T23:30:00Z', 'UTC', 167.5],
    ['2026-01-05T07:00:00Z', 'Europe/Rome', 8], // winter: UTC+1
    ['2026-07-06T07:00:00Z', 'Europe/Rome', 9], // summer: UTC+2
    ['2026-07-06T07:00:00Z', 'Europe/Lisbon', 8],
  ])('%s in %s is hour %d of the week', (iso, zone, hour) => {
    expect(localHourOfWeek(Date.parse(iso), zone)).toBeCloseTo(hour, 9)
  })

  it('eight o’clock is eight o’clock on both sides of a change of time', () => {
    const winter = Date.parse('2026-10-26T07:00:00Z') // Monday, the day after the clock went back in Rome
    const summer = Date.parse('2026-10-19T06:00:00Z')
    expect(localHourOfWeek(winter, 'Europe/Rome')).toBe(localHourOfWeek(summer, 'Europe/Rome'))
    expect(winter - summer).toBe(7 * 24 * HOUR_MS + HOUR_MS)
  })

  test.prop([hours, hours, hours, fc.double({ min: 0, max: 168, noNaN: true })])('the integral agrees with a fine sum', (workday, saturday, sunday, until) => {
    const rhythm = weekRhythm(workday, saturday, sunday)
    const steps = 168 * 8
    let sum = 0
    for (let i = 0; i < steps; i++) sum += rhythmAt(rhythm, (((i + 0.5) / steps) * until) % 168) * (until / steps)
    expect(rhythmIntegral(rhythm, rhythmSums(rhythm), until)).toBeCloseTo(sum, 0)
  })

  test.prop([hours, fc.integer({ min: 0, max: 167 })])('a rhythm passes through its hourly values', (day, hour) => {
    expect(rhythmAt(weekRhythm(day, day, day), hour)).toBe(day[hour % 24])
  })
})
