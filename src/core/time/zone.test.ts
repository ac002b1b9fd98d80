import { fc, test } from '@fast-check/vitest'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { dayTypeAt, instantOfWall, isTimeZone, localHourOfDay, localTime, offsetMinutesAt } from './zone.ts'

const ZONES = ['Europe/Lisbon', 'Europe/Brussels', 'Europe/Helsinki', 'Europe/London', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC']
const zone = fc.constantFrom(...ZONES)
const instant = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2030, 0, 1) })

describe('city-local time', () => {
  test.prop([instant, zone])('agrees with Temporal at any instant', (ms, timeZone) => {
    const expected = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
    expect(localTime(ms, timeZone)).toEqual({
      year: expected.year,
      month: expected.month,
      day: expected.day,
      hour: expected.hour,
      minute: expected.minute,
      second: expected.second,
      weekday: expected.dayOfWeek,
      offsetMinutes: expected.offsetNanoseconds / 60e9,
    })
  })

  test.prop([instant, zone])('turns any wall time into the instant that Temporal calls compatible', (wallMs, timeZone) => {
    const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC').toPlainDateTime()
    expect(instantOfWall(wallMs, timeZone)).toBe(wall.toZonedDateTime(timeZone).epochMilliseconds)
  })

  it('takes the first of an hour that occurs twice, and passes over one that does not exist', () => {
    // Helsinki, 2025-10-26: 04:00 EEST becomes 03:00 EET. 2025-03-30: 03:00 becomes 04:00.
    expect(instantOfWall(Date.UTC(2025, 9, 26, 3, 30), 'Europe/Helsinki')).toBe(Date.UTC(2025, 9, 26, 0, 30))
    expect(instantOfWall(Date.UTC(2025, 2, 30, 3, 30), 'Europe/Helsinki')).toBe(Date.UTC(2025, 2, 30, 1, 30))
  })

  it('knows the hour of the day, the kind of day and the offset', () => {
    const saturdayNoonInPorto = Date.UTC(2026, 6, 4, 11, 30)
    expect(localHourOfDay(saturdayNoonInPorto, 'Europe/Lisbon')).toBe(12.5)
    expect(dayTypeAt(saturdayNoonInPorto, 'Europe/Lisbon')).toBe('saturday')
    expect(offsetMinutesAt(saturdayNoonInPorto, 'Europe/Lisbon')).toBe(60)
  })

  it('tells zones from words', () => {
    expect(isTimeZone('Europe/Porto')).toBe(false)
    expect(isTimeZone('Europe/Lisbon')).toBe(true)
  })
})
