import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY_MS, formatInstant, HOUR_MS } from '../time/instant.ts'
import { localTime } from '../time/zone.ts'
import { comparableHours, hourKindAt, isBand, usualOf, type UsualSample } from './usual.ts'

const NOW = Date.UTC(2026, 10, 20, 8, 30)
const everyDay = (days: number, value: (day: number) => number | undefined): UsualSample[] => Array.from({ length: days }, (_, day) => ({ value: value(day + 1), atMs: NOW - (day + 1) * DAY_MS }))

describe('usual', () => {
  // Without the negative zero, which no instrument shows and a sum may lose.
  test.prop([fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0), fc.integer({ min: 28, max: 56 })])('of a constant is that constant, with no width', (constant, days) => {
    expect(usualOf(everyDay(days, () => constant), NOW)).toEqual({ median: constant, p10: constant, p90: constant, samples: days, days })
  })

  it('has the percentiles of type 7', () => {
    // 1 … 41: p10 is the 5th, p90 the 37th of them (place = percent/100 · (n - 1)).
    expect(usualOf(everyDay(41, (day) => day), NOW)).toEqual({ median: 21, p10: 5, p90: 37, samples: 41, days: 41 })
  })

  test.prop([fc.array(fc.record({ value: fc.option(fc.double({ noDefaultInfinity: true }), { nil: undefined }), day: fc.integer({ min: 1, max: 56 }) }))])(
    'does not depend on the order of what it is made of, and its parts are in order',
    (given) => {
      const samples = given.map(({ value, day }) => ({ value, atMs: NOW - day * DAY_MS }))
      const usual = usualOf(samples, NOW)
      expect(usualOf(samples.toReversed(), NOW)).toEqual(usual)
      if (isBand(usual)) {
        expect(usual.p10).toBeLessThanOrEqual(usual.median)
        expect(usual.median).toBeLessThanOrEqual(usual.p90)
      }
    },
  )

  it('is not known of less than four weeks, and says how much there is', () => {
    expect(usualOf(everyDay(27, () => 60), NOW)).toEqual({ haveDays: 27, needDays: 28 })
    expect(usualOf(everyDay(28, () => 60), NOW)).toMatchObject({ median: 60, days: 28 })
    expect(usualOf([], NOW)).toEqual({ haveDays: 0, needDays: 28 })
  })

  it('counts no day on which nothing was measured', () => {
    expect(usualOf(everyDay(56, (day) => (day === 12 ? 60 : day < 12 ? NaN : undefined)), NOW)).toEqual({ haveDays: 12, needDays: 28 })
  })

  it('needs four such days, however many values one of them gave', () => {
    const samples = [7, 28].flatMap((day) => [0, 1, 2, 3].map((quarter) => ({ value: 60, atMs: NOW - day * DAY_MS + quarter })))
    expect(usualOf(samples, NOW)).toEqual({ haveDays: 2, needDays: 4 })
  })
})

describe('comparable hours', () => {
  const zones = ['Europe/Lisbon', 'Europe/Helsinki', 'Europe/London', 'UTC', 'America/New_York', 'Australia/Lord_Howe']

  test.prop([fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) }), fc.constantFrom(...zones)])('have the same hour on the wall and the same kind of day, and are past', (ms, timeZone) => {
    const kind = hourKindAt(ms, timeZone)
    const hours = comparableHours(ms, timeZone)
    for (const { fromMs, toMs } of hours) {
      expect(hourKindAt(fromMs, timeZone)).toEqual(kind)
      expect(localTime(fromMs, timeZone).minute % 30).toBe(0)
      expect(toMs - fromMs).toBe(HOUR_MS)
      expect(fromMs).toBeLessThan(ms)
      expect(fromMs).toBeGreaterThan(ms - 57.5 * DAY_MS)
    }
    expect(hours.length).toBeGreaterThanOrEqual(kind.dayType === 'workday' ? 38 : 6)
    expect(hours.length).toBeLessThanOrEqual(kind.dayType === 'workday' ? 40 : 8)
  })

  it('move with summer time as people do', () => {
    // Lisbon went back on 25 October 2026: a Sunday at 8 was 07:00Z before, and is 08:00Z since.
    const hours = comparableHours(Date.UTC(2026, 10, 15, 8, 20), 'Europe/Lisbon').map(({ fromMs }) => formatInstant(fromMs))
    expect(hours).toEqual(['2026-11-08T08:00:00Z', '2026-11-01T08:00:00Z', '2026-10-25T08:00:00Z', '2026-10-18T07:00:00Z', '2026-10-11T07:00:00Z', '2026-10-04T07:00:00Z', '2026-09-27T07:00:00Z', '2026-09-20T07:00:00Z'])
  })

  it('leave out the night in which the hour was skipped, and take its first pass where it was there twice', () => {
    // Madrid: 02:00 to 03:00 did not exist on Sunday 29 March 2026, and came twice on 25 October 2026.
    expect(comparableHours(Date.UTC(2026, 3, 12, 0, 30), 'Europe/Madrid').map(({ fromMs }) => formatInstant(fromMs))).not.toContain('2026-03-29T01:00:00Z')
    const autumn = comparableHours(Date.UTC(2026, 10, 1, 1, 30), 'Europe/Madrid').map(({ fromMs }) => formatInstant(fromMs))
    expect(autumn.filter((text) => text.startsWith('2026-10-25') || text.startsWith('2026-10-24T2'))).toEqual(['2026-10-25T00:00:00Z'])
  })

  it('count a holiday that is known as a Sunday', () => {
    const holidays = new Set(['2026-11-11'])
    const wednesday = Date.UTC(2026, 10, 18, 8)
    expect(comparableHours(wednesday, 'UTC', holidays)).toHaveLength(39)
    expect(comparableHours(Date.UTC(2026, 10, 22, 8), 'UTC', holidays).map(({ fromMs }) => formatInstant(fromMs))).toContain('2026-11-11T08:00:00Z')
  })
})
