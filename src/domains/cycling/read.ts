/**
 * Cycling as cities publish it: counters as TrafficFlowObserved with vehicleType `bicycle`, since there
 * is no model of their own, and stations of hired bicycles.
 *
 * `intensity` is the count of the period, not a rate. A site that counts bicycles may count cars on the
 * next channel: only entities that say bicycle are read.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { HOUR_MS } from '../../core/time/instant.ts'
import { isOfType, jsonOf, textOf, type Entity } from '../../ngsi-ld/entity.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { createObserver, type AttributeSpec, type Observation, type Observed } from '../../ngsi-ld/observed.ts'
import { shown } from '../../ngsi-ld/observed-time.ts'
import type { ReadContext, Reading, ReadError, Warning } from '../domain-model.ts'
import { readTooFew } from '../privacy.ts'
import { dockAvailability } from './compute-docks.ts'
import { RIDE_EVENTS } from './compute-rides.ts'

/** Rides of a cell and hour, put together by our own relay: no Smart Data Model has them. */
export const RIDE_CELL = 'CyclingRideCell'

export interface CyclingReading extends Reading {
  readonly kind: 'counter' | 'docking-station' | 'ride-cell'
}

const pieces = { quantity: 'count', unitWhenAbsent: 'C62', plausible: [0, 100_000] } as const

export const COUNTER_ATTRIBUTES: readonly AttributeSpec[] = [
  { ...pieces, measure: 'bicycles', names: ['intensity'], legacy: ['bicycleCount'], needsPeriod: true },
  { measure: 'speed', names: ['averageVehicleSpeed'], quantity: 'speed', unitWhenAbsent: 'KMH', plausible: [0, 200] },
]

export const DOCK_ATTRIBUTES: readonly AttributeSpec[] = [
  { ...pieces, measure: 'bikesAvailable', names: ['availableBikeNumber'] },
  { ...pieces, measure: 'docksFree', names: ['freeSlotNumber'] },
  { ...pieces, measure: 'docksTotal', names: ['totalSlotNumber'] },
  { ...pieces, measure: 'docksOutOfService', names: ['outOfServiceSlotNumber'] },
]

/** What our own relay says of rides in a cell. */
export const RIDE_ATTRIBUTES: readonly AttributeSpec[] = [
  { measure: 'speed', names: ['averageSpeed'], quantity: 'speed', unitWhenAbsent: 'KMH', plausible: [0, 200] },
  { ...pieces, measure: 'rideKm', names: ['kilometres'] },
  // m/s² is kept as the bare number that the relay wrote.
  { ...pieces, measure: 'roughness', names: ['roughness'] },
  ...RIDE_EVENTS.flatMap((event): AttributeSpec[] => [
    { ...pieces, measure: event, names: [`${event}Per1000Km`], plausible: [0, 1e9] },
    { ...pieces, measure: `${event}Lower`, names: [`${event}Per1000KmLower`], plausible: [0, 1e9] },
    { ...pieces, measure: `${event}Upper`, names: [`${event}Per1000KmUpper`], plausible: [0, 1e9] },
  ]),
]

const BICYCLE = 'bicycle'
const BICYCLE_VARIANTS = new Set(['bicycles', 'bike', 'bikes', 'cycle', 'cyclist', 'cyclists', 'e-bike', 'ebike'])

export const observeCounter = createObserver(COUNTER_ATTRIBUTES)
const observeDocks = createObserver(DOCK_ATTRIBUTES)
const observeRides = createObserver(RIDE_ATTRIBUTES)

export function readCycling(entity: Entity, context: ReadContext): Result<CyclingReading, ReadError> {
  if (isOfType(entity, RIDE_CELL)) return readRideCell(entity, context)
  return isOfType(entity, 'BikeHireDockingStation') ? readDocks(entity, context) : readCounter(entity, context)
}

function readRideCell(entity: Entity, context: ReadContext): Result<CyclingReading, ReadError> {
  const tooFew = readTooFew(entity, context)
  const read: Result<Reading, ReadError> = tooFew ?? observeRides(entity, context)
  if (!read.ok) return read
  const { observations: _, ...reading } = read.value as Reading & { readonly observations?: unknown }
  return ok({ ...reading, kind: 'ride-cell' })
}

function readCounter(entity: Entity, context: ReadContext): Result<CyclingReading, ReadError> {
  const vehicle = readVehicleType(entity)
  if (!vehicle.ok) return vehicle
  const observed = observeCounter(entity, context)
  if (!observed.ok) return observed
  const { observations: _, ...reading } = observed.value
  const warnings = [...vehicle.value, ...reading.warnings]
  const { bicycles } = reading.values
  if (bicycles === undefined || reading.implausible?.includes('bicycles') === true) return ok({ ...reading, warnings, kind: 'counter' })
  if (reading.periodMs === undefined) {
    const detail = 'intensity: expected dateObservedFrom and dateObservedTo, got a moment: the count has no rate'
    return ok({ ...reading, warnings: [...warnings, { kind: 'noPeriod', attribute: 'intensity', detail }], kind: 'counter' })
  }
  const bicycleFlow = (bicycles * HOUR_MS) / reading.periodMs
  return ok({ ...reading, values: { ...reading.values, bicycleFlow }, warnings, kind: 'counter' })
}

function readVehicleType(entity: Entity): Result<readonly Warning[], ReadError> {
  const instance = findAttribute(entity, ['vehicletype'])
  const json = jsonOf(instance) ?? textOf(instance)
  const text = typeof json === 'string' ? json : Array.isArray(json) && json.length === 1 ? json[0] : undefined
  if (text === BICYCLE) return ok([])
  if (typeof text === 'string' && (text.toLowerCase() === BICYCLE || BICYCLE_VARIANTS.has(text.toLowerCase()))) {
    return ok([{ kind: 'enumVariant', attribute: 'vehicleType', detail: `vehicleType: expected "${BICYCLE}", got "${text}"` }])
  }
  return err({ kind: 'wrong-type', path: 'vehicleType', expected: `"${BICYCLE}"`, got: shown(json) })
}

function readDocks(entity: Entity, context: ReadContext): Result<CyclingReading, ReadError> {
  const observed = observeStation(entity, context)
  if (!observed.ok) return observed
  const { observations: _, ...reading } = observed.value
  return ok({ ...reading, kind: 'docking-station' })
}

/** A docking station, with a warning on each number when they do not add up. */
export function observeStation(entity: Entity, context: ReadContext): Result<Observed, ReadError> {
  const observed = observeDocks(entity, context)
  if (!observed.ok) return observed
  const { bikesAvailable: bikes, docksFree: freeDocks, docksTotal: totalDocks, docksOutOfService: outOfService } = observed.value.values
  if (bikes === undefined || freeDocks === undefined) return observed
  const { unaccounted = 0 } = dockAvailability({ bikes, freeDocks, totalDocks, outOfService })
  if (unaccounted === 0) return observed
  const detail = `totalSlotNumber: expected bikes + free + out of service = ${totalDocks! - unaccounted}, got ${totalDocks!}`
  const warning = { kind: 'inconsistentSlots', attribute: 'totalSlotNumber', detail }
  return ok({
    ...observed.value,
    warnings: [...observed.value.warnings, warning],
    observations: observed.value.observations.map((one) => withWarning(one, warning)),
  })
}


function withWarning(observation: Observation, warning: Warning): Observation {
  return { ...observation, warnings: [...observation.warnings, warning] }
}
