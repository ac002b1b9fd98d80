import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { classOf } from '../domain-model.ts'
import { ASSUMED_OUTDOOR_PPM, co2Category } from './compute.ts'
import { LEGEND } from './legend.ts'
import { SCHOOL_AIR } from './model.ts'
import type { SchoolReading } from './read.ts'

const { fold } = SCHOOL_AIR
const CONTEXT = { timeZone: 'Europe/Copenhagen' }
const observedAt = '2026-11-20T09:00:00Z'

function readingOf(co2: number, more: Partial<SchoolReading> = {}): SchoolReading {
  return { entityId: 's', entityType: 'IndoorEnvironmentObserved', observedAtMs: 0 as EpochMs, values: { co2 }, warnings: [], ...more }
}

function read(attributes: JsonObject): SchoolReading {
  const result = SCHOOL_AIR.read(entityOf('IndoorEnvironmentObserved', attributes), CONTEXT)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('the CO₂ of a window', () => {
  const value = (readings: readonly SchoolReading[]): number | undefined => fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))

  it('is the mean of its readings', () => {
    expect(value([readingOf(900), readingOf(1_000), readingOf(1_400)])).toBe(1_100)
  })

  it('does not count what cannot be, nor what was counted before', () => {
    expect(value([readingOf(900), readingOf(60_000, { implausible: ['co2'] }), readingOf(500, { lagMs: { co2: 60_000 } })])).toBe(900)
    expect(value([readingOf(80, { implausible: ['co2'] })])).toBeUndefined()
  })

  it('keeps the laws of a fold', () => {
    checkFoldLaws(fold, fc.double({ min: 300, max: 5_000, noNaN: true }).map((ppm) => readingOf(ppm)))
    expect(fold.value(fold.empty)).toBeUndefined()
  })
})

describe('reading school air', () => {
  it.each([
    [760, '59', 760, []],
    [760, undefined, 760, ['assumedUnit']],
    [1.8, 'M1', 983.9, []], // 1 ppm is 1.8295 mg/m³ at 20 °C
    [1.8, undefined, 983.9, []],
    [90, '59', 90, ['implausible']],
  ])('takes CO₂ %s %s as the unit says', (co2, unitCode, ppm, warnings) => {
    const reading = read({ co2: property(co2, { observedAt, ...(unitCode === undefined ? {} : { unitCode }) }) })
    expect(reading.values['co2']).toBeCloseTo(ppm, 0)
    expect(reading.warnings.map(({ kind }) => kind)).toEqual(warnings)
  })

  it('reads a zoneless interval, a fraction labelled as percent and a withdrawn code for lux', () => {
    const reading = read({
      dateObserved: property('2016-03-15T11:00:00/2016-03-15T12:00:00'),
      relativeHumidity: property(0.54, { unitCode: 'P1' }),
      temperature: property(12.2, { unitCode: 'CEL' }),
      illuminance: property(1_000, { unitCode: 'LX' }),
    })
    expect(reading).toMatchObject({ observedAtMs: Date.parse('2016-03-15T11:00:00Z'), periodMs: 3_600_000, values: { temperature: 12.2, illuminance: 1_000 } })
    expect(reading.values['relativeHumidity']).toBeCloseTo(54, 9)
    expect(new Set(reading.warnings.map(({ kind }) => kind))).toEqual(new Set(['noTimeZone', 'unitContradiction', 'unknownUnitCode']))
  })

  it('never tells how many children are in a room now', () => {
    const co2 = property(900, { unitCode: '59', observedAt })
    const reading = read({ co2, peopleCount: property(24, { observedAt }) })
    expect(reading.values).toEqual({ co2: 900 })
    expect(reading.occupancyWithheld).toBe(true)
    expect(JSON.stringify(reading)).not.toContain('24')
    expect(SCHOOL_AIR.watches.flatMap(({ attributes }) => attributes)).not.toContain('peopleCount')
  })

  it.each([
    ['2026-11-20T08:00:00Z/2026-11-20T08:59:59Z', undefined],
    ['2026-11-20T08:00:00Z/2026-11-20T09:00:00Z', 24],
  ])('tells occupancy over an hour and more: %s', (dateObserved, people) => {
    expect(read({ dateObserved: property(dateObserved), co2: property(900, { unitCode: '59' }), peopleCount: property(24) }).values['people']).toBe(people)
  })

  it('keeps the name of a class room from the screen', () => {
    const refPointOfInterest = { type: 'Relationship', object: 'urn:ngsi-ld:School:porto:7' }
    const reading = read({ name: property('Class 3B, Ms Silva'), refPointOfInterest, co2: property(900, { unitCode: '59', observedAt }) })
    expect(reading).toMatchObject({ schoolId: 'urn:ngsi-ld:School:porto:7', name: 'A room of 7' })
    expect(read({ name: property('School 7'), co2: property(900, { unitCode: '59', observedAt }) })).toMatchObject({ name: 'School 7' })
  })

  it('refuses an unknown unit', () => {
    expect(SCHOOL_AIR.read(entityOf('IndoorEnvironmentObserved', { co2: property(900, { unitCode: 'XYZ', observedAt }) }), CONTEXT)).toMatchObject({
      error: { kind: 'unknown-unit', path: 'co2.unitCode' },
    })
  })
})

describe('the legend of school air', () => {
  test.prop([fc.integer({ min: 380, max: 5_000 })])('has the categories of the standard as its classes', (ppm) => {
    const { label } = LEGEND.classes[classOf(LEGEND, ppm)]!
    expect(label.split(',')[0]).toBe(co2Category(ppm).category)
  })

  it('says what it assumes outdoors', () => {
    expect(LEGEND.source.note).toContain(`${ASSUMED_OUTDOOR_PPM} ppm are assumed`)
    expect(LEGEND.classes.map(({ from }) => from)).toEqual([-Infinity, 970, 1_220, 1_770])
  })
})
