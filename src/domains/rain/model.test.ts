import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { classOf, type Reading } from '../domain-model.ts'
import { depthRow } from './compute-day.ts'
import { accumulate, accumulateRate, largestRollingSum } from './compute-depth.ts'
import { INTENSITY_SCHEMES, intensityClass, type IntensityScheme } from './compute-intensity.ts'
import { LEGEND } from './legend.ts'
import { RAIN } from './model.ts'

const { fold } = RAIN
const CONTEXT = { timeZone: 'Europe/Lisbon' }
const FIVE_MINUTES = { dateObserved: property('2024-09-12T14:00:00Z/2024-09-12T14:05:00Z') }
const MOMENT = { dateObserved: property('2024-09-12T14:05:00Z') }

/** As the reader makes it: with a period there is an intensity. */
function readingOf(mm: number, atMinute: number, periodMinutes?: number): Reading {
  const periodMs = periodMinutes === undefined ? undefined : periodMinutes * MINUTE_MS
  return {
    entityId: 'r',
    entityType: 'WeatherObserved',
    observedAtMs: (atMinute * MINUTE_MS) as EpochMs,
    ...(periodMs === undefined ? {} : { periodMs }),
    values: { precipitation: mm, ...(periodMs === undefined ? {} : { intensity: (mm * HOUR_MS) / periodMs }) },
    warnings: [],
  }
}
const foldAll = (readings: readonly Reading[]): number | undefined => fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))
const read = (attributes: Parameters<typeof entityOf>[1], context: Parameters<typeof RAIN.read>[1] = CONTEXT): ReturnType<typeof RAIN.read> => RAIN.read(entityOf('WeatherObserved', attributes), context)

describe('rain intensity of a window', () => {
  it('divides by the time in which it was caught, not by the window', () => {
    expect(foldAll([readingOf(0.5, 5, 5), readingOf(1.5, 15, 5)])).toBeCloseTo(12, 9)
  })

  it('is 0 in a dry quarter and absent without a gauge', () => {
    expect(foldAll([readingOf(0, 5, 5), readingOf(0, 10, 5)])).toBe(0)
    expect(foldAll([readingOf(0, 5)])).toBe(0)
    expect(foldAll([])).toBeUndefined()
  })

  it('takes the distance of the readings for their interval where none says it', () => {
    expect(foldAll([readingOf(0.2, 5), readingOf(0.4, 10), readingOf(0.6, 15)])).toBeCloseTo(4.8, 9)
    expect(foldAll([readingOf(0.2, 5)])).toBeUndefined()
  })

  it('does not count what cannot be', () => {
    expect(foldAll([readingOf(1, 5, 5), { ...readingOf(400, 10, 5), implausible: ['precipitation', 'intensity'] }])).toBeCloseTo(12, 9)
  })

  it('keeps the laws of a fold', () => {
    const depth = fc.nat(400).map((hundredths) => hundredths / 100)
    checkFoldLaws(fold, fc.tuple(depth, fc.nat(15), fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined })).map(([mm, atMinute, period]) => readingOf(mm, atMinute, period)))
    expect(fold.value(fold.empty)).toBeUndefined()
  })
})

describe('reading rain', () => {
  it('turns the depth of an interval into a rate; a litre on a square metre is a millimetre', () => {
    const five = read({ ...FIVE_MINUTES, precipitation: property(0.4), temperature: property(11.2) })
    expect(five).toMatchObject({ ok: true, value: { periodMs: 300_000, values: { precipitation: 0.4, temperature: 11.2 }, warnings: [] } })
    expect(five.ok && five.value.values['intensity']).toBeCloseTo(4.8, 9)
    expect(read({ ...FIVE_MINUTES, precipitation: property(0.4, { unitCode: 'L/m2' }) })).toMatchObject({ value: { values: { precipitation: 0.4 }, warnings: [{ kind: 'unknownUnitCode' }] } })
  })

  it('says what the depth of a moment is taken for: the configured interval, or the distance of readings', () => {
    const hourly = read({ ...MOMENT, precipitation: property(2) }, { ...CONTEXT, reportEveryMs: HOUR_MS })
    expect(hourly).toMatchObject({ value: { periodMs: HOUR_MS, values: { precipitation: 2, intensity: 2 }, warnings: [{ kind: 'derivedPeriod', attribute: 'precipitation' }] } })
    const unknown = read({ ...MOMENT, precipitation: property(2) })
    expect(unknown).toMatchObject({ value: { values: { precipitation: 2 }, warnings: [{ kind: 'noPeriod', attribute: 'precipitation' }] } })
    expect(unknown.ok && 'intensity' in unknown.value.values).toBe(false)
  })

  it('reads a rate by its unit', () => {
    for (const unitCode of ['H67', 'mm/h']) {
      const rate = read({ ...MOMENT, precipitation: property(7.5, { unitCode }) })
      expect(rate).toMatchObject({ value: { values: { intensity: 7.5 } } })
      expect(rate.ok && foldAll([rate.value])).toBeCloseTo(7.5, 9)
    }
  })

  it('does not take false for 0 mm', () => {
    expect(read({ ...MOMENT, precipitation: property(false) })).toMatchObject({ ok: false, error: { kind: 'no-value', path: 'precipitation' } })
    const station = read({ ...MOMENT, precipitation: property(false), temperature: property(8) })
    expect(station).toMatchObject({ ok: true, value: { warnings: [{ kind: 'notANumber' }, { kind: 'rainAsBoolean' }] } })
    expect(station.ok && foldAll([station.value])).toBeUndefined()
  })

  it('leaves a station without a gauge out', () => {
    expect(read({ ...MOMENT, temperature: property(8) })).toMatchObject({ ok: false, error: { kind: 'no-value', path: 'precipitation' } })
  })

  it('has the time of the rain, though the temperature beside it is newer', () => {
    const later = read({ precipitation: property(0.2, { observedAt: '2024-09-12T14:00:00Z' }), temperature: property(9, { observedAt: '2024-09-12T14:04:00Z' }) })
    expect(later).toMatchObject({ value: { observedAtMs: Date.UTC(2024, 8, 12, 14) } })
    expect(later.ok && later.value.lagMs).toBeUndefined()
  })

  it('keeps an impossible cloudburst with its warning and counts it nowhere', () => {
    const burst = read({ ...FIVE_MINUTES, precipitation: property(90) })
    expect(burst).toMatchObject({ value: { implausible: ['precipitation', 'intensity'], warnings: [{ kind: 'implausible' }] } })
    expect(burst.ok && foldAll([burst.value])).toBeUndefined()
  })
})

describe('depths', () => {
  it('say "at least" when intervals are missing', () => {
    expect(accumulate([0.2, undefined])).toEqual({ totalMm: 0.2, missing: 1, isAtLeast: true })
    expect(accumulate([0.2, 0])).toEqual({ totalMm: 0.2, missing: 0, isAtLeast: false })
  })

  it('leave unknown rates out and report the gap', () => {
    const samples = [{ atMs: 0, mmPerHour: 6 }, { atMs: 10 * MINUTE_MS, mmPerHour: undefined }]
    expect(accumulateRate(samples, 30 * MINUTE_MS)).toEqual({ totalMm: 1, coveredS: 600, gapS: 1_200 })
    expect(accumulateRate([{ atMs: 0, mmPerHour: 6 }])).toEqual({ coveredS: 0, gapS: 0 })
  })

  it('need whole intervals in a window', () => {
    expect(largestRollingSum([1, 2], { intervalMs: 25 * MINUTE_MS })).toEqual({})
    expect(largestRollingSum([1, 2], { intervalMs: 30 * MINUTE_MS })).toEqual({ maxMm: 3, startIndex: 0 })
  })

  test.prop([fc.array(fc.nat(100), { minLength: 4, maxLength: 40 })])('of the wettest hour lie between the wettest quarter and the whole', (mm) => {
    const { maxMm } = largestRollingSum(mm, { intervalMs: 15 * MINUTE_MS })
    expect(maxMm!).toBeGreaterThanOrEqual(Math.max(...mm))
    expect(maxMm!).toBeLessThanOrEqual(accumulate(mm).totalMm!)
  })
})

describe('a day of a gauge', () => {
  const five = 5 * MINUTE_MS
  const at = (minute: number, mm: number | undefined, periodMs: number | undefined = five) => ({ atMs: minute * MINUTE_MS, mm, periodMs })

  it('is a row of equal intervals with its holes', () => {
    expect(depthRow([at(7, 0.1), at(12, 0.2), at(22, 0.4)], { fromMs: 0, toMs: 25 * MINUTE_MS })).toEqual({ intervalMs: five, firstEndMs: 2 * MINUTE_MS, mm: [undefined, 0.1, 0.2, undefined, 0.4] })
  })

  it('misses what came no more, but not what is just due', () => {
    expect(depthRow([at(5, 0.1)], { fromMs: 0, toMs: 11 * MINUTE_MS })!.mm).toEqual([0.1])
    expect(depthRow([at(5, 0.1)], { fromMs: 0, toMs: 16 * MINUTE_MS })!.mm).toEqual([0.1, undefined])
  })

  it('is no row without periods, or with different ones', () => {
    expect(depthRow([{ atMs: five, mm: 1, periodMs: undefined }], { fromMs: 0, toMs: HOUR_MS })).toBeUndefined()
    expect(depthRow([at(5, 0.1), at(20, 0.1, 15 * MINUTE_MS)], { fromMs: 0, toMs: HOUR_MS })).toBeUndefined()
    expect(depthRow([], { fromMs: 0, toMs: HOUR_MS })).toBeUndefined()
  })
})

describe('intensity classes', () => {
  it.each([
    ['wmo', 49.9, 'heavy'],
    ['ams', 0.1, 'light'],
    ['ukmet', 0.5, 'moderate'],
    ['ukmet', 4.1, 'heavy'],
    ['ukmet-showers', 4.1, 'moderate'],
  ] as const)('%s calls %d mm/h %s', (scheme, rate, label) => {
    expect(intensityClass(rate, scheme)).toBe(label)
  })

  it('have no word for what is no rate', () => {
    expect(intensityClass(Number.NaN)).toBeUndefined()
    expect(intensityClass(-1)).toBeUndefined()
  })

  test.prop([fc.constantFrom(...(Object.keys(INTENSITY_SCHEMES) as IntensityScheme[])), fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, max: 200, noNaN: true })])('never fall when it rains harder', (scheme, a, b) => {
    const words = ['none', ...INTENSITY_SCHEMES[scheme].classes.map(({ label }) => label)]
    const place = (rate: number): number => words.indexOf(intensityClass(rate, scheme)!)
    expect(place(Math.max(a, b))).toBeGreaterThanOrEqual(place(Math.min(a, b)))
  })
})

describe('the legend of rain', () => {
  it('has the words of the WMO above what a gauge tells from nothing, and no fill for none', () => {
    for (const rate of [0.1, 2.49, 2.5, 9.9, 10, 50, 120]) expect(LEGEND.classes[classOf(LEGEND, rate)]!.label).toBe(intensityClass(rate, 'wmo'))
    expect(LEGEND.classes[classOf(LEGEND, 0)]).toMatchObject({ label: 'none', isClear: true })
  })
})
