/**
 * Entities as cities really publish them, against what our readers make of them: quantity, value, time,
 * the attribute it came from, and every warning.
 *
 * The cases name quantities and units of their own; the tables below are all that lies between.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatInstant } from '../src/core/time/instant.ts'
import { observeAir, readAir } from '../src/domains/air-quality/read.ts'
import { observeEnergy, readEnergy } from '../src/domains/building-energy/read.ts'
import { observeCounter, observeStation, readCycling } from '../src/domains/cycling/read.ts'
import type { ReadContext, Reading, ReadError } from '../src/domains/domain-model.ts'
import { observeNoise, readNoise } from '../src/domains/noise/read.ts'
import { observeRain, readRain } from '../src/domains/rain/read.ts'
import { observeSchool, readSchool } from '../src/domains/school-air/read.ts'
import { observeTraffic, readTraffic } from '../src/domains/traffic/read.ts'
import { decodeEntities } from '../src/ngsi-ld/decode.ts'
import { observeDevice } from '../src/ngsi-ld/device.ts'
import type { Entity } from '../src/ngsi-ld/entity.ts'
import type { Observation, Observer } from '../src/ngsi-ld/observed.ts'
import type { Result } from '../src/core/result.ts'
import { sharedPath } from './shared.ts'

interface VarianceCase {
  readonly id: string
  readonly title: string
  readonly op: string
  readonly input: { readonly cityTimeZone: string; readonly entity: { readonly type: string } }
  readonly expected: { readonly observations: readonly Expected[] }
}
interface Expected {
  readonly quantity: string
  readonly value: number | null
  readonly unit: string
  readonly from: string
  readonly to: string
  readonly sourceAttr: string
  readonly warnings: readonly string[]
}

interface Reader {
  /** Without it the entity is none of the domain's sensors, and is refused whatever else it measures. */
  readonly needs?: string
  readonly observe: Observer
  readonly read: (entity: Entity, context: ReadContext) => Result<Reading, ReadError>
}

const path = join(process.env['BELVEDERE_FIXTURES'] ?? sharedPath('fixtures'), 'domains', 'entity-variance.json')
const cases: readonly VarianceCase[] = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { cases: VarianceCase[] }).cases : []

/** Entity types whose domain is not built. */
const NOT_YET = new Set<string>()

const UNITS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['no2', 'no', 'nox', 'o3', 'so2', 'pm1', 'pm25', 'pm10', 'tsp'].map((id) => [id, 'ug/m3'])),
  ...Object.fromEntries(['laeq', 'lamax', 'las', 'la10', 'la50', 'la90', 'laeqDay'].map((id) => [id, 'dB(A)'])),
  ...Object.fromEntries(['bikesAvailable', 'docksFree', 'docksTotal', 'docksOutOfService'].map((id) => [id, '1'])),
  co: 'mg/m3',
  co2: 'ppm',
  illuminance: 'lx',
  batteryLevel: '1',
  temperature: 'Cel',
  relativeHumidity: '%',
  precipitation: 'mm',
  bicycleFlow: '1/h',
  vehicleFlow: '1/h',
  occupancy: '1',
  meanSpeed: 'km/h',
  energyImport: 'kWh',
  activePower: 'kW',
}

const all = cases.map((one) => {
  const entity = decodeEntities(one.input.entity).ok[0]!
  const kind = kindOf(entity)
  return { ...one, entity, kind, reader: readerOf(kind), usable: one.expected.observations.filter(({ value }) => value !== null) }
})
const built = all.flatMap((one) => {
  const { reader, expected } = one
  return reader === undefined ? [] : [{ ...one, reader, lacksNeeded: reader.needs !== undefined && expected.observations.every(({ quantity }) => quantity !== reader.needs) }]
})

describe.skipIf(cases.length === 0)(`entities as cities publish them${cases.length === 0 ? ` (skipped: no ${path}; set BELVEDERE_SHARED)` : ''}`, () => {
  it('all ask for what is answered here', () => {
    expect([...new Set(cases.map(({ op }) => op))]).toEqual(['normaliseEntity'])
  })

  it.each(built.filter(({ usable, lacksNeeded }) => usable.length > 0 && lacksNeeded))('$id $title: observed, but no sensor of the domain', ({ entity, reader, input, expected }) => {
    const context = { timeZone: input.cityTimeZone }
    expect(canonical(valueOf(reader.observe(entity, context)).observations)).toEqual(expected.observations)
    expect(reader.read(entity, context)).toMatchObject({ ok: false, error: { kind: 'no-value' } })
  })

  it.each(built.filter(({ usable, lacksNeeded }) => usable.length > 0 && !lacksNeeded))('$id $title', ({ entity, reader, usable, input, expected }) => {
    const context = { timeZone: input.cityTimeZone }
    const observed = valueOf(reader.observe(entity, context))
    expect(canonical(observed.observations)).toEqual(expected.observations)
    const { values } = valueOf(reader.read(entity, context))
    const read = Object.fromEntries(usable.map(({ quantity }) => [quantity, Number(values[measureOf(quantity)]?.toPrecision(10))]))
    expect(read).toEqual(Object.fromEntries(usable.map(({ quantity, value }) => [quantity, value])))
  })

  it.each(built.filter(({ usable }) => usable.length === 0))('$id $title: nothing to show', ({ entity, reader, input, expected }) => {
    const reading = reader.read(entity, { timeZone: input.cityTimeZone })
    expect(reading).toMatchObject({ ok: false, error: { kind: 'no-value', path: expected.observations[0]!.sourceAttr } })
  })

  it.each(all.filter(({ reader }) => reader === undefined))('$id $title: $kind is not built yet', ({ kind }) => {
    expect([...NOT_YET]).toContain(kind)
  })
})

function valueOf<T>(result: Result<T, ReadError>): T {
  if (result.ok) return result.value
  throw new Error(`${result.error.path}: expected ${result.error.expected}, got ${result.error.got}`)
}

function kindOf(entity: Entity): string {
  const type = entity.types[0]!
  if (type !== 'TrafficFlowObserved') return type
  const asTraffic = readTraffic(entity, { timeZone: 'UTC' })
  return !asTraffic.ok && asTraffic.error.kind === 'wrong-type' ? type : `${type} of motor vehicles`
}

function readerOf(kind: string): Reader | undefined {
  switch (kind) {
    case 'AirQualityObserved':
      return { observe: observeAir, read: readAir }
    case 'NoiseLevelObserved':
    case 'NoisePollution':
      return { observe: observeNoise, read: readNoise }
    case 'TrafficFlowObserved':
      return { observe: observeCounter, read: readCycling }
    case 'TrafficFlowObserved of motor vehicles':
      return { observe: observeTraffic, read: readTraffic }
    case 'WeatherObserved':
      return { observe: observeRain, read: readRain, needs: 'precipitation' }
    case 'BikeHireDockingStation':
      return { observe: observeStation, read: readCycling }
    case 'ThreePhaseAcMeasurement':
    case 'ACMeasurement':
      return { observe: observeEnergy, read: readEnergy }
    case 'IndoorEnvironmentObserved':
      return { observe: observeSchool, read: readSchool }
    case 'Device':
      return { observe: observeDevice, read: observeDevice }
    default:
      return undefined
  }
}

function measureOf(quantity: string): string {
  return quantity === 'meanSpeed' ? 'speed' : quantity
}

const QUANTITY_OF: Readonly<Record<string, string>> = { bicycles: 'bicycleFlow', vehicles: 'vehicleFlow', speed: 'meanSpeed' }

/** Observations as the cases write them; a count is a rate there. */
function canonical(observations: readonly Observation[]): Expected[] {
  return observations
    .map(({ measure, value, time, attribute: sourceAttr, warnings }) => {
      const quantity = QUANTITY_OF[measure] ?? measure
      const scaled = (measure === 'bicycles' || measure === 'vehicles') && value !== undefined ? (value * 3_600_000) / (time.toMs - time.fromMs) : value
      return {
        quantity,
        value: scaled === undefined ? null : Number(scaled.toPrecision(10)),
        unit: UNITS[quantity]!,
        from: formatInstant(time.fromMs),
        to: formatInstant(time.toMs),
        sourceAttr,
        warnings: [...new Set(warnings.map((warning) => warning.kind))].sort(),
      }
    })
    .sort((a, b) => (a.quantity === b.quantity ? 0 : a.quantity < b.quantity ? -1 : 1))
}
