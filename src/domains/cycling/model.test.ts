import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { CYCLING } from './model.ts'
import type { CyclingReading } from './read.ts'

const { fold } = CYCLING
const CONTEXT = { timeZone: 'Europe/Berlin' }
const QUARTER = { dateObservedFrom: property('2025-03-12T06:45:00Z'), dateObservedTo: property('2025-03-12T07:00:00Z') }

function readingOf(bicycles: number, periodS?: number): CyclingReading {
  return {
    kind: 'counter',
    entityId: 'c',
    entityType: 'TrafficFlowObserved',
    observedAtMs: 0 as EpochMs,
    ...(periodS === undefined ? {} : { periodMs: periodS * 1_000 }),
    values: { bicycles },
    warnings: [],
  }
}

const foldAll = (readings: readonly CyclingReading[]): number | undefined => fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))

describe('bicycles per hour', () => {
  it('divides by the time that was counted, not by the window', () => {
    expect(foldAll([readingOf(41, 900), readingOf(39, 900), readingOf(40, 900)])).toBeCloseTo(160, 9)
  })

  it('is 0 on an empty street and absent without a counter', () => {
    expect(foldAll([readingOf(0, 900)])).toBe(0)
    expect(foldAll([])).toBeUndefined()
    expect(foldAll([readingOf(41)])).toBeUndefined()
  })

  it('keeps the laws of a fold', () => {
    const reading = fc.tuple(fc.nat(5_000), fc.option(fc.integer({ min: 1, max: 3_600 }), { nil: undefined })).map(([count, periodS]) => readingOf(count, periodS))
    checkFoldLaws(fold, reading)
    expect(fold.value(fold.empty)).toBeUndefined()
  })
})

describe('reading cycling', () => {
  it('turns the count of a period into a rate', () => {
    expect(CYCLING.read(entityOf('TrafficFlowObserved', { ...QUARTER, vehicleType: property('bicycle'), intensity: property(41) }), CONTEXT)).toMatchObject({
      ok: true,
      value: { kind: 'counter', values: { bicycles: 41, bicycleFlow: 164 }, periodMs: 900_000, warnings: [] },
    })
  })

  it.each([['car'], ['bus'], [undefined], [7]])('does not take %s for a bicycle', (vehicleType) => {
    const attributes = { ...QUARTER, intensity: property(41), ...(vehicleType === undefined ? {} : { vehicleType: property(vehicleType) }) }
    expect(CYCLING.read(entityOf('TrafficFlowObserved', attributes), CONTEXT)).toMatchObject({
      ok: false,
      error: { kind: 'wrong-type', path: 'vehicleType', expected: '"bicycle"' },
    })
  })

  it('knows other words for it, with a warning', () => {
    expect(CYCLING.read(entityOf('TrafficFlowObserved', { ...QUARTER, vehicleType: property('Bike'), intensity: property(4) }), CONTEXT)).toMatchObject({
      value: { values: { bicycleFlow: 16 }, warnings: [{ kind: 'enumVariant' }] },
    })
  })

  it('gives no rate to a count without its period', () => {
    const read = CYCLING.read(entityOf('TrafficFlowObserved', { vehicleType: property('bicycle'), intensity: property(41, { observedAt: '2025-03-12T07:00:00Z' }) }), CONTEXT)
    expect(read).toMatchObject({ value: { values: { bicycles: 41 }, warnings: [{ kind: 'noPeriod' }] } })
    expect(read.ok && 'bicycleFlow' in read.value.values).toBe(false)
  })

  it('reads a docking station whose numbers do not add up, and says so', () => {
    const station = entityOf('BikeHireDockingStation', {
      availableBikeNumber: property(20),
      freeSlotNumber: property(10),
      totalSlotNumber: property(100),
      outOfServiceSlotNumber: property(21),
      observationDateTime: property('2021-03-11T15:51:02+05:30'),
    })
    expect(CYCLING.read(station, CONTEXT)).toMatchObject({
      value: {
        kind: 'docking-station',
        values: { bikesAvailable: 20, docksFree: 10, docksTotal: 100, docksOutOfService: 21 },
        warnings: [{ kind: 'inconsistentSlots', detail: 'totalSlotNumber: expected bikes + free + out of service = 51, got 100' }],
      },
    })
  })
})
