import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { classOf } from '../domain-model.ts'
import { eaqiBand, EAQI_POLLUTANTS } from './compute-eaqi.ts'
import { LEGEND } from './legend.ts'
import { AIR_QUALITY } from './model.ts'
import type { AirReading } from './read.ts'

const { fold } = AIR_QUALITY
const HOUR_MS = 3_600_000
const AT = { dateObserved: property('2026-11-20T08:00:00Z') }
const CONTEXT = { timeZone: 'Europe/Brussels' }

function readingOf(values: Record<string, number>, atMs = 0, lagMs?: Record<string, number>): AirReading {
  return { entityId: 'a', entityType: 'AirQualityObserved', observedAtMs: atMs as EpochMs, values, warnings: [], ...(lagMs === undefined ? {} : { lagMs }) }
}
const foldAll = (readings: readonly AirReading[]): number | undefined =>
  fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))

describe('the index of an hour', () => {
  it('averages each pollutant first and takes the worst then', () => {
    // PM2.5 5 and 25 have a mean of 15: Fair. The worst reading alone would be Moderate.
    expect(foldAll([readingOf({ pm25: 5, no2: 5 }), readingOf({ pm25: 25, no2: 5 })])).toBe(2)
    expect(foldAll([readingOf({ pm25: 5, no2: 61 })])).toBe(4)
  })

  it('of a mean on the bound of a class does not hang on who came first', () => {
    const readings = [67.7, 59.8, 54].map((no2) => readingOf({ no2 }))
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    expect(new Set(orders.map((order) => foldAll(order.map((index) => readings[index]!))))).toEqual(new Set([foldAll([readingOf({ no2: 60.5 })])]))
  })

  it('nor on whether one of them was kept as a Float32 meanwhile', () => {
    const kept = [67.7, Math.fround(59.8), Math.fround(54)].map((no2) => readingOf({ no2 }))
    const all = [67.7, 59.8, 54].map((no2) => readingOf({ no2: Math.fround(no2) }))
    expect([foldAll(kept), foldAll(all)]).toEqual([foldAll([readingOf({ no2: 60.5 })]), foldAll([readingOf({ no2: 60.5 })])])
  })

  it('is absent without any pollutant of the index', () => {
    expect(foldAll([readingOf({ co: 0.3, temperature: 12 })])).toBeUndefined()
  })

  it('counts a value that came along from earlier only while nothing newer speaks', () => {
    const early = readingOf({ no2: 120, pm25: 3 }, HOUR_MS, { no2: 0.5 * HOUR_MS })
    expect(foldAll([early])).toBe(5)
    expect(foldAll([early, readingOf({ no2: 8 }, HOUR_MS)])).toBe(1)
    expect(foldAll([readingOf({ no2: 120, pm25: 3 }, 3 * HOUR_MS, { no2: 2 * HOUR_MS })])).toBe(1)
  })

  const concentration = fc.option(fc.double({ min: 0, max: 400, noNaN: true }), { nil: undefined })
  const reading = fc
    .record({ no2: concentration, o3: concentration, pm10: concentration, pm25: concentration, so2: concentration, atMs: fc.nat(2 * HOUR_MS), lagMs: fc.option(fc.nat(2 * HOUR_MS), { nil: undefined }) })
    .map(({ atMs, lagMs, ...values }) =>
      readingOf(Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))), atMs, lagMs === undefined || lagMs === 0 ? undefined : { no2: lagMs }),
    )

  it('keeps the laws of a fold', () => {
    checkFoldLaws(fold, reading)
    expect(fold.value(fold.empty)).toBeUndefined()
  })

  test.prop([fc.constantFrom(...EAQI_POLLUTANTS), fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: 500, noNaN: true }), fc.constantFrom('integer-rounded' as const, 'upper-inclusive' as const)])(
    'never falls when a concentration rises',
    (pollutant, a, b, rule) => {
      expect(eaqiBand(pollutant, Math.max(a, b), rule)!).toBeGreaterThanOrEqual(eaqiBand(pollutant, Math.min(a, b), rule)!)
    },
  )
})

describe('reading air quality', () => {
  it('reads legacy names, units and the index of the reading', () => {
    const read = AIR_QUALITY.read(
      entityOf('AirQualityObserved', { ...AT, NO2: property(0.022, { unitCode: 'GP' }), o3: property(40, { unitCode: '61' }), PM25: property(7.2, { unitCode: 'GQ' }), humidity: property(63) }),
      CONTEXT,
    )
    expect(read).toMatchObject({ ok: true, value: { values: { no2: 22, pm25: 7.2, relativeHumidity: 63, eaqi: 2 } } })
    expect(read.ok && read.value.values['o3']).toBeCloseTo(79.8137, 3)
    expect(read.ok && read.value.warnings.map(({ kind }) => kind)).toEqual(['legacyName', 'legacyName', 'legacyName', 'rangeContradiction'])
  })

  it('says when the index lacks its minimum set, and asks less of a traffic station', () => {
    const values = { ...AT, pm25: property(60), no2: property(22) }
    expect(AIR_QUALITY.read(entityOf('AirQualityObserved', values), CONTEXT)).toMatchObject({
      value: { values: { eaqi: 4 }, warnings: [{ kind: 'incompleteIndex', detail: 'the index needs NO₂, O₃ and PM, got no2, pm25: the worst of these is shown' }] },
    })
    expect(AIR_QUALITY.read(entityOf('AirQualityObserved', { ...values, stationType: property('traffic') }), CONTEXT)).toMatchObject({
      value: { stationType: 'traffic', values: { eaqi: 4 }, warnings: [] },
    })
  })

  it('does not let an impossible value make the index', () => {
    const read = AIR_QUALITY.read(entityOf('AirQualityObserved', { ...AT, no2: property(9_000), pm25: property(3) }), CONTEXT)
    expect(read).toMatchObject({ value: { implausible: ['no2'], values: { no2: 9_000, eaqi: 1 } } })
  })
})

describe('the legend of air quality', () => {
  it('puts the half between two classes, as a median makes it, into the worse', () => {
    expect([1, 2, 2.5, 3, 6].map((value) => LEGEND.classes[classOf(LEGEND, value)]!.label)).toEqual(['Good', 'Fair', 'Moderate', 'Moderate', 'Extremely poor'])
  })
})
