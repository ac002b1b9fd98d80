import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { dewPointC, humidityCategory, HUMIDITY_RANGES, seasonAt, temperatureCategory, TEMPERATURE_RANGES } from './compute-comfort.ts'
import { fractionAbove, schoolHours } from './compute-occupied.ts'
import { bySchool } from './compute-schools.ts'
import { airChangesPerHour, ventilationPerPerson } from './compute.ts'

const utc = (text: string): number => Date.parse(text)

describe('ventilation', () => {
  test.prop([fc.double({ min: 430, max: 5_000, noNaN: true }), fc.double({ min: 430, max: 5_000, noNaN: true })])('is less where CO₂ is more', (a, b) => {
    fc.pre(a < b)
    expect(ventilationPerPerson(a)!).toBeGreaterThan(ventilationPerPerson(b)!)
  })

  it('is not told by a room that holds no more than outdoors', () => {
    expect(ventilationPerPerson(420)).toBeUndefined()
  })

  test.prop([fc.double({ min: 0.1, max: 20, noNaN: true }), fc.double({ min: 0.1, max: 2, noNaN: true })])('is found again in the decay it causes', (changes, hours) => {
    const endPpm = 420 + 1_500 * Math.exp(-changes * hours)
    fc.pre(endPpm > 421)
    expect(airChangesPerHour({ startPpm: 1_920, endPpm, hours })).toBeCloseTo(changes, 6)
  })

  it('has no air changes without a decay', () => {
    expect(airChangesPerHour({ startPpm: 900, endPpm: 1_000, hours: 1 })).toBeUndefined()
    expect(airChangesPerHour({ startPpm: 900, endPpm: 410, hours: 1 })).toBeUndefined()
    expect(airChangesPerHour({ startPpm: 900, endPpm: 800, hours: 0 })).toBeUndefined()
  })
})

describe('school hours', () => {
  it('are those of workdays, by the clock on the wall, cut to what is asked', () => {
    // Friday noon to Monday noon in Milan, UTC+1.
    expect(schoolHours({ fromMs: utc('2026-11-20T11:00:00Z'), toMs: utc('2026-11-23T11:00:00Z') }, 'Europe/Rome')).toEqual([
      { fromMs: utc('2026-11-20T11:00:00Z'), toMs: utc('2026-11-20T15:00:00Z') },
      { fromMs: utc('2026-11-23T07:00:00Z'), toMs: utc('2026-11-23T11:00:00Z') },
    ])
  })

  it('move by an hour of UTC with the clocks', () => {
    const monday = (iso: string): number => schoolHours({ fromMs: utc(iso), toMs: utc(iso) + 24 * HOUR_MS }, 'Europe/Rome')[0]!.fromMs - utc(iso)
    expect(monday('2026-10-18T22:00:00Z')).toBe(8 * HOUR_MS) // local midnight of Monday 19 October, CEST
    expect(monday('2026-10-25T23:00:00Z')).toBe(8 * HOUR_MS) // of Monday 26 October, CET
  })

  it('are none on a Sunday', () => {
    expect(schoolHours({ fromMs: utc('2026-11-21T23:00:00Z'), toMs: utc('2026-11-22T23:00:00Z') }, 'Europe/Rome')).toEqual([])
  })

  test.prop([fc.integer({ min: utc('2025-01-01T00:00:00Z'), max: utc('2027-01-01T00:00:00Z') }), fc.integer({ min: 1, max: 20 * 24 * 60 })])(
    'of two stretches are those of the whole',
    (fromMs, minutes) => {
      const toMs = fromMs + minutes * MINUTE_MS
      const middle = fromMs + Math.floor((minutes * MINUTE_MS) / 3)
      const length = (from: number, to: number): number => schoolHours({ fromMs: from, toMs: to }, 'Europe/Helsinki').reduce((sum, span) => sum + span.toMs - span.fromMs, 0)
      expect(length(fromMs, middle) + length(middle, toMs)).toBe(length(fromMs, toMs))
    },
  )
})

describe('the share of occupied time above a limit', () => {
  const occupied = [{ fromMs: 0, toMs: HOUR_MS }]

  it('does not know what no sample tells', () => {
    expect(fractionAbove([], { thresholdPpm: 1_000, occupied, endMs: HOUR_MS })).toEqual({ occupiedS: 0, aboveS: 0 })
    expect(fractionAbove([{ atMs: 0, ppm: undefined }], { thresholdPpm: 1_000, occupied, endMs: HOUR_MS })).toEqual({ occupiedS: 0, aboveS: 0 })
    // A sensor that fell silent after ten minutes has not said that the air stayed stale.
    expect(fractionAbove([{ atMs: 0, ppm: 1_500 }], { thresholdPpm: 1_000, occupied, endMs: HOUR_MS, maxHoldMs: 15 * MINUTE_MS })).toEqual({ occupiedS: 900, aboveS: 900, fraction: 1 })
  })

  test.prop([fc.array(fc.record({ atMs: fc.integer({ min: 0, max: HOUR_MS }), ppm: fc.integer({ min: 400, max: 3_000 }) }), { minLength: 1 })])('falls as the limit rises', (samples) => {
    const at = (thresholdPpm: number): number => fractionAbove(samples, { thresholdPpm, occupied, endMs: HOUR_MS }).aboveS
    expect(at(1_400)).toBeLessThanOrEqual(at(1_000))
  })
})

describe('comfort', () => {
  it('has wider ranges the worse the category', () => {
    for (const ranges of [...Object.values(TEMPERATURE_RANGES), HUMIDITY_RANGES]) {
      ranges.slice(1).forEach(({ low, high }, index) => {
        expect(low).toBeLessThanOrEqual(ranges[index]!.low)
        expect(high).toBeGreaterThanOrEqual(ranges[index]!.high)
      })
    }
  })

  it('says which of its bounds are not confirmed', () => {
    expect(temperatureCategory(22, 'heating')).toEqual({ category: 'I', confirmed: true })
    expect(temperatureCategory(20.4, 'heating')).toEqual({ category: 'II', confirmed: false })
    expect(humidityCategory(40)).toEqual({ category: 'I', confirmed: false })
    expect(humidityCategory(12)).toBeUndefined()
  })

  it('heats from October to April, by the city’s own calendar', () => {
    expect(seasonAt(utc('2026-09-30T22:30:00Z'), 'Europe/Helsinki')).toBe('heating')
    expect(seasonAt(utc('2026-09-30T20:30:00Z'), 'Europe/Lisbon')).toBe('cooling')
  })

  test.prop([fc.double({ min: -20, max: 40, noNaN: true }), fc.double({ min: 1, max: 100, noNaN: true })])('the dew point is never above the air', (temperatureC, percent) => {
    expect(dewPointC(temperatureC, percent)!).toBeLessThanOrEqual(temperatureC + 1e-9)
    expect(dewPointC(temperatureC, 100)).toBeCloseTo(temperatureC, 9)
  })
})

describe('a school of several rooms', () => {
  const room = (entityId: string, co2: number, observedAtMs: number, schoolId?: string) => ({ entityId, schoolId, observedAtMs, values: { co2, people: 24 }, warnings: [] })

  it('is one point: the median of the newest reading of each room, without its people', () => {
    const schools = bySchool([room('a', 600, 1, 's'), room('a', 900, 2, 's'), room('b', 1_500, 3, 's'), room('c', 1_000, 1, 's'), room('d', 700, 5)])
    expect(schools).toEqual([
      { schoolId: 's', rooms: 3, observedAtMs: 3, values: { co2: 1_000 }, warnings: [] },
      { schoolId: 'd', rooms: 1, observedAtMs: 5, values: { co2: 700 }, warnings: [] },
    ])
  })

  it('passes on that something is doubtful, and not in which room', () => {
    const doubtful = { ...room('a', 80, 1, 's'), implausible: ['co2'], warnings: [{ kind: 'implausible', detail: 'Class 3B: 80' }] }
    expect(bySchool([doubtful])).toEqual([{ schoolId: 's', rooms: 1, observedAtMs: 1, values: {}, warnings: [{ kind: 'implausible', detail: 'in at least one room' }] }])
  })
})
