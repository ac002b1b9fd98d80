/**
 * Motor traffic as cities publish it: TrafficFlowObserved of everything with an engine.
 *
 * `intensity` is the count of the period, not a rate. Bicycles come under the same type and are no
 * traffic here: an entity is taken when it names no vehicle or one with an engine. A word we do not
 * know may be somebody's word for a bicycle and is refused, so that it is seen and not counted.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { jsonOf, textOf, type Entity } from '../../ngsi-ld/entity.ts'
import { createObserver, type AttributeSpec } from '../../ngsi-ld/observed.ts'
import { shown } from '../../ngsi-ld/observed-time.ts'
import type { ReadContext, Reading, ReadError, Warning } from '../domain-model.ts'
import { vehiclesPerHour, vehiclesPerKm } from './compute-flow.ts'

export const TRAFFIC_ATTRIBUTES: readonly AttributeSpec[] = [
  { measure: 'vehicles', names: ['intensity'], quantity: 'count', unitWhenAbsent: 'C62', plausible: [0, 100_000], needsPeriod: true },
  { measure: 'speed', names: ['averageVehicleSpeed'], quantity: 'speed', unitWhenAbsent: 'KMH', plausible: [0, 200] },
  { measure: 'occupancy', names: ['occupancy'], quantity: 'fraction', unitWhenAbsent: 'C62', orPercent: 'unlabelled', plausible: [0, 1] },
]

/** Values of the model's list (DATEX II VehicleTypeEnum and the model's own) that have an engine, in lower case; "twoWheeledVehicle" and "other" leave it open. */
const MOTOR_VEHICLES = new Set(
  [
    'agriculturalVehicle', 'ambulance', 'anyVehicle', 'articulatedVehicle', 'autorickshaw', 'BRT bus', 'BRT minibus', 'bus', 'car', 'caravan', 'carOrLightVehicle',
    'carWithCaravan', 'carWithTrailer', 'cleaningTrolley', 'compactor', 'constructionOrMaintenanceVehicle', 'dumper', 'e-moped', 'e-motorcycle',
    'fire tender', 'fourWheelDrive', 'heavyVehicle', 'highSidedVehicle', 'hopper', 'lorry', 'minibus', 'moped', 'motorcycle', 'motorcycleWithSideCar',
    'motorscooter', 'police van', 'sweepingMachine', 'tanker', 'tempo', 'threeWheeledVehicle', 'tipper', 'trailer', 'van',
    'vehicleWithCaravan', 'vehicleWithCatalyticConverter', 'vehicleWithoutCatalyticConverter', 'vehicleWithTrailer',
    'withEvenNumberedRegistrationPlates', 'withOddNumberedRegistrationPlates',
  ].map((name) => name.toLowerCase()),
)
const MOTOR_VARIANTS = new Set(['cars', 'buses', 'truck', 'trucks', 'lorries', 'vans', 'motorcycles', 'vehicle', 'vehicles'])

export const observeTraffic = createObserver(TRAFFIC_ATTRIBUTES)

export function readTraffic(entity: Entity, context: ReadContext): Result<Reading, ReadError> {
  const vehicle = readVehicleType(entity)
  if (!vehicle.ok) return vehicle
  const observed = observeTraffic(entity, context)
  if (!observed.ok) return observed
  const { observations: _, ...reading } = observed.value
  const warnings = [...vehicle.value, ...reading.warnings]
  const values: Record<string, number> = { ...reading.values }
  const isPlausible = (measure: string): boolean => values[measure] !== undefined && reading.implausible?.includes(measure) !== true

  // An empty lane says 0 km/h: that is no speed. Neither is a 0 beside vehicles that did pass.
  if (values['speed'] === 0 || values['vehicles'] === 0) {
    if (values['vehicles'] !== 0) warnings.push(zeroSpeed(values['vehicles']))
    delete values['speed']
  }
  if (isPlausible('vehicles')) {
    const perHour = reading.periodMs === undefined ? undefined : vehiclesPerHour(values['vehicles']!, reading.periodMs / SECOND_MS)
    if (perHour === undefined) warnings.push(NO_PERIOD)
    else {
      values['vehicleFlow'] = perHour
      // Of the same minutes only: an old speed and a new count make no density.
      const density = isPlausible('speed') && reading.lagMs === undefined ? vehiclesPerKm(perHour, values['speed']) : undefined
      if (density !== undefined) values['density'] = density
    }
  }
  return ok({ ...reading, values, warnings })
}

const NO_PERIOD: Warning = {
  kind: 'noPeriod',
  attribute: 'intensity',
  detail: 'intensity: expected dateObservedFrom and dateObservedTo, got a moment: the count has no rate',
}

function zeroSpeed(vehicles: number | undefined): Warning {
  const beside = vehicles === undefined ? 'no count' : `${vehicles} vehicles`
  return { kind: 'zeroSpeed', attribute: 'averageVehicleSpeed', detail: `averageVehicleSpeed: expected more than 0 km/h, got 0 beside ${beside}; read as no speed` }
}

function readVehicleType(entity: Entity): Result<readonly Warning[], ReadError> {
  const instance = findAttribute(entity, ['vehicletype'])
  if (instance === undefined || instance.kind === 'Deleted') return ok([])
  const json = jsonOf(instance) ?? textOf(instance)
  const names = (Array.isArray(json) ? json : [json]).map((name) => (typeof name === 'string' ? name.trim().toLowerCase() : ''))
  if (names.length > 0 && names.every((name) => MOTOR_VEHICLES.has(name))) return ok([])
  if (names.length > 0 && names.every((name) => MOTOR_VEHICLES.has(name) || MOTOR_VARIANTS.has(name))) {
    return ok([{ kind: 'enumVariant', attribute: 'vehicleType', detail: `vehicleType: expected a value of the model such as "car", got ${shown(json)}` }])
  }
  return err({ kind: 'wrong-type', path: 'vehicleType', expected: 'none, or vehicles with an engine', got: shown(json) })
}
