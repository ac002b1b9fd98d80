import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../test/entity-of.ts'
import type { JsonObject } from './entity.ts'
import { decodeEntity } from './decode.ts'
import { createObserver, type AttributeSpec, type Observed } from './observed.ts'

const SPECS: readonly AttributeSpec[] = [
  { measure: 'no2', names: ['no2'], legacy: ['NO2Density'], quantity: 'mass-concentration', unitWhenAbsent: 'GQ', molarMass: 46.0055, plausible: [0, 2000] },
  { measure: 'level', names: ['LAeq'], onlyWithUnit: ['loudness'], quantity: 'sound-level', unitWhenAbsent: '2N', needsPeriod: true },
  { measure: 'humidity', names: ['relativeHumidity'], quantity: 'fraction', unitWhenAbsent: 'C62', factor: 100, orPercent: true },
  { measure: 'battery', names: ['batteryLevel'], quantity: 'fraction', unitWhenAbsent: 'C62', orPercent: true, sentinel: -1 },
  { measure: 'co2', names: ['co2'], quantity: 'mole-fraction', unitWhenAbsent: 'M1', bareFrom: { value: 20, unitCode: '59' }, molarMass: 44.0095 },
]
const observe = createObserver(SPECS)
const CONTEXT = { timeZone: 'Europe/Brussels', bounds: [4.2, 51.1, 4.6, 51.4] } as const
const AT = '2026-11-20T08:00:00Z'

function read(attributes: JsonObject): Observed {
  const observed = observe(entityOf('Thing', attributes), CONTEXT)
  if (!observed.ok) throw new Error(JSON.stringify(observed.error))
  return observed.value
}
function fail(attributes: JsonObject): unknown {
  const observed = observe(entityOf('Thing', attributes), CONTEXT)
  return observed.ok ? observed.value : observed.error
}
const kinds = (observed: Observed): readonly string[] => observed.warnings.map(({ kind }) => kind)
const utc = (text: string): number => Date.parse(text)

describe('the time of an observation', () => {
  const no2 = property(31, { observedAt: '2026-11-20T05:00:00Z' })
  const reported = property('2026-11-20T04:00:00Z')

  it.each([
    [{ dateObservedFrom: property('2026-11-20T07:00:00Z'), dateObservedTo: property(AT), dateObserved: property('2026-11-20T06:00:00Z') }, AT, 3_600_000],
    [{ dateObserved: property('2026-11-20T07:45:00Z/2026-11-20T08:00:00Z') }, AT, 900_000],
    [{ dateObserved: property('2026-11-20T07:45:00Z/PT15M') }, AT, 900_000],
    [{ dateObserved: property({ '@type': 'DateTime', '@value': AT }) }, AT, undefined],
    [{ observationDateTime: property(AT) }, AT, undefined],
    [{}, '2026-11-20T05:00:00Z', undefined],
  ])('follows the precedence %#', (times, expected, periodMs) => {
    const observed = read({ no2, dateLastReported: reported, modifiedAt: '2026-11-20T09:00:00Z', ...times })
    expect(observed.observedAtMs).toBe(utc(expected))
    expect(observed.periodMs).toBe(periodMs)
  })

  it('falls back to dateLastReported, never to modifiedAt', () => {
    expect(read({ no2: property(31), dateLastReported: reported }).observedAtMs).toBe(utc('2026-11-20T04:00:00Z'))
    expect(fail({ no2: property(31), modifiedAt: AT, dateModified: property(AT) })).toMatchObject({ kind: 'no-time', path: 'no2.observedAt' })
  })

  it('reads a zoneless time on the wall of the city, and says so', () => {
    const observed = read({ no2: property(31), dateObserved: property('2026-07-01T12:00:00') })
    expect(observed.observedAtMs).toBe(utc('2026-07-01T10:00:00Z'))
    expect(observed.warnings).toEqual([
      { kind: 'noTimeZone', attribute: 'dateObserved', detail: 'dateObserved: expected a time with its zone, got "2026-07-01T12:00:00"; read as Europe/Brussels' },
    ])
  })

  it('takes an epoch in seconds or in milliseconds with a warning', () => {
    for (const epoch of [1_795_161_600, 1_795_161_600_000]) {
      const observed = read({ no2: property(31), dateObserved: property(epoch) })
      expect(observed.observedAtMs).toBe(1_795_161_600_000)
      expect(kinds(observed)).toEqual(['epochTime'])
    }
  })

  it('names a time that cannot be read, and uses the next one', () => {
    expect(fail({ no2: property(31), dateObserved: property('2020-03-17TT08:45:00Z') })).toMatchObject({ kind: 'malformed', path: 'dateObserved' })
    const observed = read({ no2, dateObserved: property('yesterday') })
    expect(observed.observedAtMs).toBe(utc('2026-11-20T05:00:00Z'))
    expect(observed.warnings[0]).toMatchObject({ kind: 'unreadableTime', detail: 'dateObserved: expected ISO 8601, got "yesterday"' })
  })

  it('refuses an interval that ends before it starts', () => {
    const observed = read({ no2, dateObservedFrom: property(AT), dateObservedTo: property('2026-11-20T07:00:00Z'), dateObserved: property(AT) })
    expect(observed.periodMs).toBeUndefined()
    expect(kinds(observed)).toEqual(['unreadableTime'])
  })

  it('says which attribute is older than the rest', () => {
    const observed = read({ no2, LAeq: property(60, { observedAt: AT }) })
    expect(observed.observedAtMs).toBe(utc(AT))
    expect(observed.lagMs).toEqual({ no2: 3 * 3_600_000 })
  })
})

describe('the value of an observation', () => {
  const at = { dateObserved: property(AT) }

  it.each([
    ['no2', 31, undefined, 31, []],
    ['NO2', 31, undefined, 31, ['legacyName']],
    ['NO2Density', 31, undefined, 31, ['legacyName']],
    ['no2', 0.031, 'GP', 31, []],
    ['no2', 31, 'UG_M3', 31, ['unknownUnitCode']],
    ['no2', 16.2091, '61', 31, []], // 1.9125 µg/m³ a ppb
    ['no2', '31.5', undefined, 31.5, ['notANumber']],
    ['no2', 5000, undefined, 5000, ['implausible']],
  ])('reads %s %s %s', (name, value, unitCode, expected, warnings) => {
    const observed = read({ ...at, [name]: property(value, unitCode === undefined ? {} : { unitCode }) })
    expect(observed.values['no2']).toBeCloseTo(expected, 3)
    expect(kinds(observed)).toEqual(warnings)
  })

  it('marks what is implausible, so that no mean counts it', () => {
    expect(read({ ...at, no2: property(5000), LAeq: property(60) })).toMatchObject({ implausible: ['no2'], values: { no2: 5000, level: 60 } })
  })

  it('never guesses an unknown unit, or one of another quantity', () => {
    expect(fail({ ...at, no2: property(31, { unitCode: 'XYZ' }) })).toEqual({
      kind: 'unknown-unit',
      path: 'no2.unitCode',
      expected: 'a UN/CEFACT code of a mass-concentration, such as GQ',
      got: '"XYZ"',
    })
    expect(fail({ ...at, LAeq: property(31, { unitCode: 'KWH' }) })).toMatchObject({ kind: 'wrong-quantity', path: 'LAeq.unitCode' })
  })

  it('keeps the rest of an entity of which one unit is unknown, and says what is missing', () => {
    const observed = read({ ...at, no2: property(31, { unitCode: 'XYZ' }), LAeq: property(60) })
    expect(observed.values).toEqual({ level: 60 })
    expect(observed.warnings[0]).toMatchObject({ kind: 'unknown-unit', attribute: 'no2.unitCode' })
  })

  it.each([
    [0.54, 'P1', 54, ['unitContradiction']],
    [54, 'P1', 54, []],
    [0.54, undefined, 54, []],
    [63, undefined, 63, ['rangeContradiction']],
  ])('tells a fraction from a percentage: %s %s', (value, unitCode, expected, warnings) => {
    const observed = read({ ...at, relativeHumidity: property(value, unitCode === undefined ? {} : { unitCode }) })
    expect(observed.values['humidity']).toBeCloseTo(expected, 9)
    expect(kinds(observed)).toEqual(warnings)
  })

  // 1 ppm of CO₂ is 1.8295 mg/m³ at 20 °C.
  it.each([
    [760, '59', 760, []],
    [760, undefined, 760, ['assumedUnit']],
    [1.39, undefined, 759.8, []],
    [1.39, 'M1', 759.8, []],
    [1390, 'GP', 759.8, []],
    [760, 'ppm', 760, ['unknownUnitCode']],
  ])('takes a bare number for the model’s unit only where it can be in it: %s %s', (value, unitCode, expected, warnings) => {
    const observed = read({ ...at, co2: property(value, unitCode === undefined ? {} : { unitCode }) })
    expect(observed.values['co2']).toBeCloseTo(expected, 0)
    expect(kinds(observed)).toEqual(warnings)
  })

  it('does not take absence for zero: a sentinel, a Boolean, a deleted attribute', () => {
    expect(fail({ ...at, batteryLevel: property(-1) })).toMatchObject({ kind: 'no-value', path: 'batteryLevel' })
    expect(fail({ ...at, no2: property(false) })).toMatchObject({ kind: 'no-value', path: 'no2', got: 'false' })
    const observed = read({ ...at, LAeq: property(60), no2: property('urn:ngsi-ld:null') })
    expect(observed.values).toEqual({ level: 60 })
    expect(kinds(observed)).toEqual(['deleted'])
  })

  it('takes a doubtful name only with a unit that settles it', () => {
    expect(read({ ...at, loudness: property(61, { unitCode: '2N' }) }).values).toEqual({ level: 61 })
    expect(fail({ ...at, loudness: property(61) })).toMatchObject({ kind: 'no-value', got: 'none' })
  })

  it('of several instances is the default one, and says of the others that they are not read', () => {
    const at = (value: number, datasetId?: string) => ({ ...property(value, { observedAt: AT }), ...(datasetId === undefined ? {} : { datasetId }) })
    const observed = read({ no2: [at(40, 'urn:ngsi-ld:Dataset:raw'), at(31)] })
    expect(observed.values).toEqual({ no2: 31 })
    expect(observed.warnings).toEqual([{ kind: 'otherInstances', attribute: 'no2', detail: 'no2: the default instance is read, and not the instance "urn:ngsi-ld:Dataset:raw"' }])
    const several = read({ no2: ['a', 'b', 'c', 'd', 'e'].map((id) => at(1, `urn:x:${id}`)) })
    expect(several.warnings[0]?.detail).toBe('no2: the instance "urn:x:a" is read, and not the instance "urn:x:b", the instance "urn:x:c", the instance "urn:x:d" and 1 more')
  })

  it('prefers the model’s own spelling', () => {
    expect(read({ ...at, NO2: property(1), no2: property(2), NO2Density: property(3) }).values).toEqual({ no2: 2 })
  })

  it('warns of an interval of no length where a level needs one', () => {
    expect(kinds(read({ LAeq: property(58), dateObservedFrom: property(AT), dateObservedTo: property(AT) }))).toEqual(['zeroPeriod'])
  })
})

const point = (lon: number, lat: number): JsonObject => ({ type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, lat] } })

describe('the place of an observation', () => {
  it('warns of swapped coordinates and leaves them where they are', () => {
    const observed = read({ no2: property(31), dateObserved: property(AT), location: point(51.2, 4.4) })
    expect(observed.position).toEqual([51.2, 4.4])
    expect(kinds(observed)).toEqual(['swappedCoordinates'])
    expect(kinds(read({ no2: property(31), dateObserved: property(AT), location: point(4.4, 51.2) }))).toEqual([])
    expect(kinds(read({ no2: property(31), dateObserved: property(AT), location: point(0, 0) }))).toEqual(['outsideCity'])
  })
})

test.prop([fc.dictionary(fc.constantFrom('no2', 'NO2', 'LAeq', 'dateObserved', 'location', 'unitCode'), fc.jsonValue())])(
  'whatever comes, an entity is read or refused, never thrown at',
  (attributes) => {
    const decoded = decodeEntity({ id: 'urn:x', type: 'Thing', ...attributes })
    expect(decoded.ok ? typeof observe(decoded.value, CONTEXT).ok : 'refused').toMatch(/boolean|refused/)
  },
)
