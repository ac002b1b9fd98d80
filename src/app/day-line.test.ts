import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../core/time/instant.ts'
import { QUARTER_MS, type DayLine } from '../domains/day-line.ts'
import { VIEWS } from '../domains/views.ts'
import { dayWords, hourTicks, pictureOf, readingAt, readingWords } from './day-line.ts'

const NOISE = VIEWS.find(({ model }) => model.id === 'noise')!
const NOON = Date.UTC(2026, 10, 20, 12)
const BAND = { median: 55, p10: 50, p90: 60, samples: 40, days: 20 }

const LINE: DayLine = {
  windowMs: QUARTER_MS,
  points: [
    { toMs: NOON - 3 * QUARTER_MS, value: 58, reporting: 3, known: 4 },
    { toMs: NOON - 2 * QUARTER_MS, reporting: 0, known: 4 },
    { toMs: NOON, value: 66, reporting: 4, known: 4 },
  ],
  hours: [
    { fromMs: NOON - HOUR_MS, toMs: NOON, usual: BAND },
    { fromMs: NOON, toMs: NOON + HOUR_MS, usual: { haveDays: 12, needDays: 28 } },
  ],
  isUnderWay: false,
  problems: [],
}

describe('the day of a layer', () => {
  it('draws values and bands only where there are any', () => {
    const { points, bands } = pictureOf(LINE, NOON - DAY_MS, NOON)
    expect(points.map(({ value }) => value)).toEqual([58, 66])
    expect(bands).toEqual([{ fromMs: NOON - HOUR_MS, toMs: NOON, low: 50, middle: 55, high: 60 }])
  })

  it('tells what was not measured from what was not read', () => {
    expect(readingWords(NOISE, readingAt(LINE, NOON - 3 * QUARTER_MS + 60_000))).toMatch(/^58\sdB\(A\), usually 50\sdB\(A\) to 60\sdB\(A\)$/)
    expect(readingWords(NOISE, readingAt(LINE, NOON - 2 * QUARTER_MS))).toBe('nothing measured')
    expect(readingWords(NOISE, readingAt(LINE, NOON - QUARTER_MS))).toBe('not read')
    expect(readingWords(NOISE, readingAt(LINE, NOON))).toMatch(/^66\sdB\(A\)$/)
  })

  it('is a sentence', () => {
    expect(dayWords(NOISE, LINE, 'Europe/Lisbon')).toMatch(/^In 24 hours from 58\sdB\(A\) at 11:15 to 66\sdB\(A\) at 12:00; 94 quarters of an hour are missing, none beyond usual\.$/)
    expect(dayWords(NOISE, undefined, 'Europe/Lisbon')).toBe('Nothing is known of its last 24 hours yet.')
  })
})

describe('the hours of a day', () => {
  it('are those of the city, where its clock is half an hour off too', () => {
    const ticks = hourTicks(NOON - DAY_MS, NOON, 'Asia/Kolkata')
    expect(ticks.length).toBe(24)
    expect(ticks[0]).toEqual({ ms: NOON - DAY_MS + HOUR_MS / 2, hour: 18 })
  })

  // Clocks of the EU change at 01:00 UTC on the last Sunday of March and of October.
  it('lack one or have one twice when the clocks are changed', () => {
    const october = Date.UTC(2026, 9, 25, 12)
    expect(hourTicks(october - DAY_MS, october, 'Europe/Rome').filter(({ hour }) => hour === 2).length).toBe(2)
    const march = Date.UTC(2026, 2, 29, 12)
    expect(hourTicks(march - DAY_MS, march, 'Europe/Rome').filter(({ hour }) => hour === 2).length).toBe(0)
    expect(hourTicks(march - DAY_MS, march, 'Europe/Rome').length).toBe(25)
  })
})
