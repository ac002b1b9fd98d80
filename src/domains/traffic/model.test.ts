import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { classOf, type Reading } from '../domain-model.ts'
import { againstFreeFlow, dayReliability, freeFlowKmh } from './compute-day.ts'
import { spotSpeeds } from './compute-flow.ts'
import { LEGEND } from './legend.ts'
import { TRAFFIC } from './model.ts'

const { fold } = TRAFFIC
const CONTEXT = { timeZone: 'Europe/Madrid' }
const FIVE_MINUTES = { dateObservedFrom: property('2016-12-07T11:10:00Z'), dateObservedTo: property('2016-12-07T11:15:00Z') }

function readingOf(values: Record<string, number>): Reading {
  return { entityId: 't', entityType: 'TrafficFlowObserved', observedAtMs: 0 as EpochMs, periodMs: 300_000, values, warnings: [] }
}
const foldAll = (readings: readonly Reading[]): number | undefined => fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))
const read = (attributes: Parameters<typeof entityOf>[1]): ReturnType<typeof TRAFFIC.read> => TRAFFIC.read(entityOf('TrafficFlowObserved', { ...FIVE_MINUTES, ...attributes }), CONTEXT)

describe('mean speed of a window', () => {
  it('is what the road sees: as many at 30 as at 60 make 40, not 45', () => {
    expect(foldAll([readingOf({ vehicles: 50, speed: 30 }), readingOf({ vehicles: 50, speed: 60 })])).toBeCloseTo(40, 9)
  })

  it('weighs by vehicles', () => {
    expect(foldAll([readingOf({ vehicles: 90, speed: 30 }), readingOf({ vehicles: 10, speed: 60 })])).toBeCloseTo(100 / (90 / 30 + 10 / 60), 9)
  })

  it('is absent on an empty road, and an empty interval does not drag it', () => {
    expect(foldAll([readingOf({ vehicles: 0 })])).toBeUndefined()
    expect(foldAll([readingOf({ vehicles: 0 }), readingOf({ vehicles: 7, speed: 48 })])).toBeCloseTo(48, 9)
    expect(foldAll([readingOf({ vehicles: 7, speed: 0 }), readingOf({ vehicles: 7, speed: 48 })])).toBeCloseTo(48, 9)
  })

  it('counts speeds without a count alike, and none that came along from earlier or cannot be', () => {
    expect(foldAll([readingOf({ speed: 30 }), readingOf({ speed: 60 })])).toBeCloseTo(40, 9)
    expect(foldAll([{ ...readingOf({ vehicles: 5, speed: 30 }), lagMs: { speed: 300_000 } }])).toBeUndefined()
    expect(foldAll([{ ...readingOf({ vehicles: 5, speed: 400 }), implausible: ['speed'] }])).toBeUndefined()
  })

  const speed = fc.double({ min: 1, max: 200, noNaN: true })
  const reading = fc.tuple(fc.option(fc.nat(300), { nil: undefined }), fc.option(speed, { nil: undefined })).map(([vehicles, kmh]) =>
    readingOf({ ...(vehicles === undefined ? {} : { vehicles }), ...(kmh === undefined ? {} : { speed: kmh }) }),
  )

  it('keeps the laws of a fold', () => {
    checkFoldLaws(fold, reading)
    expect(fold.value(fold.empty)).toBeUndefined()
  })

  test.prop([fc.array(speed, { minLength: 1, maxLength: 30 })])('lies between the slowest and the fastest, and never above the arithmetic mean', (speeds) => {
    const mean = foldAll(speeds.map((kmh) => readingOf({ vehicles: 3, speed: kmh })))!
    const { timeMeanKmh, spaceMeanKmh } = spotSpeeds(speeds)
    expect(mean).toBeGreaterThanOrEqual(Math.min(...speeds) - 1e-9)
    expect(mean).toBeLessThanOrEqual(timeMeanKmh! + 1e-9)
    expect(mean).toBeCloseTo(spaceMeanKmh!, 9)
  })
})

describe('reading traffic', () => {
  it('reads the example of the Smart Data Model: 197 vehicles in 5 minutes are 2,364 an hour', () => {
    const example = read({ laneId: property(1), intensity: property(197), occupancy: property(0.76), averageVehicleSpeed: property(52.6) })
    expect(example).toMatchObject({ ok: true, value: { periodMs: 300_000, values: { vehicles: 197, vehicleFlow: 2_364, speed: 52.6, occupancy: 0.76 }, warnings: [] } })
    expect(example.ok && example.value.values['density']).toBeCloseTo(44.94296578, 8)
  })

  it('shows no speed of an empty lane, which says 0', () => {
    expect(read({ intensity: property(0), averageVehicleSpeed: property(0) })).toMatchObject({ ok: true, value: { values: { vehicles: 0, vehicleFlow: 0 }, warnings: [] } })
    const empty = read({ intensity: property(0), averageVehicleSpeed: property(0) })
    expect(empty.ok && Object.keys(empty.value.values)).toEqual(['vehicles', 'vehicleFlow'])
  })

  it('doubts a speed of 0 beside vehicles that passed', () => {
    const doubtful = read({ intensity: property(12), averageVehicleSpeed: property(0) })
    expect(doubtful).toMatchObject({ ok: true, value: { warnings: [{ kind: 'zeroSpeed' }] } })
    expect(doubtful.ok && 'speed' in doubtful.value.values).toBe(false)
  })

  it('gives no rate to a count without its period', () => {
    const moment = TRAFFIC.read(entityOf('TrafficFlowObserved', { intensity: property(41, { observedAt: '2025-03-12T07:00:00Z' }), averageVehicleSpeed: property(14.2, { unitCode: 'MTS', observedAt: '2025-03-12T07:00:00Z' }) }), CONTEXT)
    expect(moment).toMatchObject({ value: { values: { vehicles: 41 }, warnings: [{ kind: 'noPeriod' }] } })
    expect(moment.ok && moment.value.values['speed']).toBeCloseTo(51.12, 9)
    expect(moment.ok && 'vehicleFlow' in moment.value.values).toBe(false)
  })

  it.each([
    [{ value: 0.76 }, 0.76, []],
    [{ value: 76 }, 0.76, ['rangeContradiction']],
    [{ value: 76, unitCode: 'P1' }, 0.76, []],
    // At night less than a percent is normal: a unit that says percent is believed.
    [{ value: 0.4, unitCode: 'P1' }, 0.004, []],
    [{ value: 250 }, 2.5, ['rangeContradiction', 'implausible']],
  ])('reads the occupancy %j', ({ value, unitCode }: { value: number; unitCode?: string }, fraction, kinds) => {
    const one = read({ occupancy: property(value, unitCode === undefined ? {} : { unitCode }) })
    expect(one.ok && one.value.values['occupancy']).toBeCloseTo(fraction, 12)
    expect(one.ok && one.value.warnings.map(({ kind }) => kind)).toEqual(kinds)
  })

  it.each([[undefined], ['car'], ['anyVehicle'], [['car', 'bus']], ['heavyVehicle']])('takes %j for motor traffic', (vehicleType) => {
    expect(read({ intensity: property(41), ...(vehicleType === undefined ? {} : { vehicleType: property(vehicleType) }) })).toMatchObject({ ok: true, value: { warnings: [] } })
  })

  it.each([['bicycle'], ['Bike'], ['Fahrrad'], ['pedestrian'], ['tram'], [['car', 'bicycle']], [7], [[]]])('does not take %j for motor traffic', (vehicleType) => {
    expect(read({ intensity: property(41), vehicleType: property(vehicleType) })).toMatchObject({ ok: false, error: { kind: 'wrong-type', path: 'vehicleType' } })
  })

  it('knows other words for it, with a warning', () => {
    expect(read({ intensity: property(41), vehicleType: property('Trucks') })).toMatchObject({ value: { warnings: [{ kind: 'enumVariant' }] } })
  })
})

describe('a day of a detector', () => {
  const nightAt = (minute: number): number => Date.UTC(2026, 10, 19, 23, minute) // midnight in Madrid and on
  const night = Array.from({ length: 21 }, (_, index) => ({ atMs: nightAt(5 * index), kmh: 40 + index }))

  it('takes the free flow from the night, by the city’s clock: 85 % of 40 to 60 km/h is 57', () => {
    expect(freeFlowKmh([...night, { atMs: nightAt(12 * 60), kmh: 120 }], 'Europe/Madrid')).toBeCloseTo(57, 9)
    // In New York it was the evening before.
    expect(freeFlowKmh(night, 'America/New_York')).toBeUndefined()
  })

  it('has none from a few readings, and knows no speed of an empty road', () => {
    expect(freeFlowKmh(night.slice(0, 11), 'Europe/Madrid')).toBeUndefined()
    expect(freeFlowKmh(night.map(({ atMs }) => ({ atMs, kmh: undefined })), 'Europe/Madrid')).toBeUndefined()
  })

  it('holds speeds against it', () => {
    expect(againstFreeFlow(38, 57).index).toBeCloseTo(1.5, 9)
    expect(againstFreeFlow(Number.NaN, 57)).toEqual({})
    expect(dayReliability([{ atMs: 0, kmh: 30 }, { atMs: 1, kmh: undefined }, { atMs: 2, kmh: 30 }], 60)).toMatchObject({ travelTimeIndex: 2, planningTimeIndex: 2, bufferIndex: 0 })
  })
})

describe('the legend of traffic', () => {
  it.each([
    [4, 'under 10'],
    [10, '10 to 20'],
    [49.9, '30 to 50'],
    [92, '50 and more'],
  ])('puts %d km/h into "%s"', (kmh, label) => {
    expect(LEGEND.classes[classOf(LEGEND, kmh)]!.label).toBe(label)
  })
})
