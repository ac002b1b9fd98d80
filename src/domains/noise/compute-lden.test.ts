import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { DbA } from '../../core/units.ts'
import { addToPeriod, EMPTY_PERIODS, EU_HOURS, lden, LEGAL_SCHEMES, legalSchemeOf, mergePeriods, nominalHours, periodLevels, periodOfHour } from './compute-lden.ts'

describe('Lden', () => {
  it('is 6.4 dB above a level that never changes', () => {
    expect(lden({ lday: 60, levening: 60, lnight: 60 })).toBeCloseTo(66.395243, 6)
  })

  it('is absent when a period was not measured, unless the scheme has no such period', () => {
    expect(lden({ lday: 60, levening: 60 })).toBeUndefined()
    expect(lden({ lday: 60, lnight: 50 }, { day: 16, evening: 0, night: 8 })).toBeCloseTo(60, 1)
  })

  it.each(LEGAL_SCHEMES)('has 24 hours in $country, each in one period', ({ hours }) => {
    const lengths = { day: 0, evening: 0, night: 0 }
    for (let hour = 0; hour < 24; hour++) lengths[periodOfHour(hour, hours)]++
    expect(lengths).toEqual({ day: nominalHours(hours.day), evening: nominalHours(hours.evening), night: nominalHours(hours.night) })
    expect(nominalHours(hours.day) + nominalHours(hours.evening) + nominalHours(hours.night)).toBe(24)
  })

  it('falls back on the directive where a country has no entry', () => {
    expect(legalSchemeOf('ES').hours).toBe(EU_HOURS)
    expect(legalSchemeOf('IT').hours.day).toEqual([6, 20])
  })

  const rome = { timeZone: 'Europe/Rome', hours: legalSchemeOf('IT').hours }
  const hour = fc.record({ startMs: fc.integer({ min: Date.UTC(2024, 9, 20), max: Date.UTC(2024, 10, 3) }), level: fc.double({ min: 30, max: 90, noNaN: true }) })

  test.prop([fc.array(hour), fc.array(hour)])('merges weeks that were summed apart, over the clock change', (a, b) => {
    const sumOf = (list: typeof a) => list.reduce((sums, { startMs, level }) => addToPeriod(sums, { startMs, level: level as DbA, durationS: 60 }, rome), EMPTY_PERIODS)
    const merged = periodLevels(mergePeriods(sumOf(a), sumOf(b)), rome.hours)
    const atOnce = periodLevels(sumOf([...a, ...b]), rome.hours)
    expect(Object.keys(merged)).toEqual(Object.keys(atOnce))
    for (const [key, level] of Object.entries(merged)) expect(level).toBeCloseTo(atOnce[key as keyof typeof atOnce]!, 9)
  })
})
