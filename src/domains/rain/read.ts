/**
 * Rain as cities publish it: WeatherObserved.precipitation, in L/m², which is mm.
 *
 * The model does not say over which time the depth was caught. An interval of the entity says it; else
 * the reporting interval of the layer, when somebody has configured it; else the readings themselves,
 * by their distance (see compute). Whatever it was goes with the value as a warning.
 * With the unit mm/h the same attribute is a rate, and needs no time.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { meantUnitCode } from '../../core/units.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { jsonOf, type Attribute, type Entity } from '../../ngsi-ld/entity.ts'
import { createObserver, type AttributeSpec, type Observed, type Observer } from '../../ngsi-ld/observed.ts'
import { subValue } from '../../ngsi-ld/observed-time.ts'
import type { ReadContext, Reading, ReadError, Warning } from '../domain-model.ts'

/** Beside the rain: near zero degrees it may be snow, of which a gauge catches too little. */
const WEATHER: readonly AttributeSpec[] = [
  { measure: 'temperature', names: ['temperature'], quantity: 'temperature', unitWhenAbsent: 'CEL', plausible: [-60, 60] },
  { measure: 'relativeHumidity', names: ['relativeHumidity'], legacy: ['humidity'], quantity: 'fraction', unitWhenAbsent: 'C62', factor: 100, orPercent: true, plausible: [0, 100] },
]

/** No gauge counts more in an hour than this; our bound, above the heaviest hours on record. */
export const MOST_MM_PER_HOUR = 500

const DEPTH: AttributeSpec = { measure: 'precipitation', names: ['precipitation'], quantity: 'precipitation', unitWhenAbsent: 'MMT', plausible: [0, 500], needsPeriod: true }
const RATE: AttributeSpec = { measure: 'intensity', names: ['precipitation'], quantity: 'precipitation-rate', unitWhenAbsent: 'H67', plausible: [0, MOST_MM_PER_HOUR] }

const DEPTHS: readonly AttributeSpec[] = [DEPTH, ...WEATHER]
const RATES: readonly AttributeSpec[] = [RATE, ...WEATHER]
const observeDepth = createObserver(DEPTHS)
const observeRate = createObserver(RATES)

/** Depth or rate: the unit says which. */
export const rainTableOf = (entity: Entity): readonly AttributeSpec[] => (isRate(entity) ? RATES : DEPTHS)

export const observeRain: Observer = (entity, context) => (isRate(entity) ? observeRate : observeDepth)(entity, context)

export function readRain(entity: Entity, context: ReadContext): Result<Reading, ReadError> {
  // A station without a gauge measures the weather, not the rain.
  const gauge = findAttribute(entity, ['precipitation'])
  if (gauge === undefined || gauge.kind === 'Deleted') return err({ kind: 'no-value', path: 'precipitation', expected: 'a depth in mm or a rate in mm/h', got: 'none' })
  const observed = observeRain(entity, context)
  if (!observed.ok) return observed
  const reading = atTheGauge(observed.value)
  const { precipitation, intensity } = reading.values
  if (intensity !== undefined) return ok(reading)
  if (precipitation === undefined) return ok({ ...reading, warnings: [...reading.warnings, ...asBoolean(gauge)] })
  return ok(withIntensity(reading, precipitation, context))
}

/** The time of the rain is the reading's, though the temperature beside it may be newer: rain must be counted once, when it fell. */
function atTheGauge({ observations, ...reading }: Observed): Reading {
  const time = observations.find(({ measure, value }) => value !== undefined && (measure === 'precipitation' || measure === 'intensity'))?.time
  if (time === undefined) return reading
  const { lagMs: _lag, periodMs: _period, ...rest } = reading
  return { ...rest, observedAtMs: time.toMs, ...(time.toMs > time.fromMs ? { periodMs: time.toMs - time.fromMs } : {}) }
}

function withIntensity(reading: Reading, mm: number, { reportEveryMs }: ReadContext): Reading {
  if (reading.implausible?.includes('precipitation') === true) return reading
  const periodMs = reading.periodMs ?? reportEveryMs
  if (periodMs === undefined) return { ...reading, warnings: [...reading.warnings, noInterval('noPeriod', 'taken as the sum since the reading before it')] }
  const minutes = periodMs / MINUTE_MS
  const warnings = [...reading.warnings]
  if (reading.periodMs === undefined) warnings.push(noInterval('derivedPeriod', `taken as the sum of the ${minutes} min in which this layer is configured to report`))
  const intensity = (mm * HOUR_MS) / periodMs
  const values = { ...reading.values, intensity }
  if (intensity <= MOST_MM_PER_HOUR) return { ...reading, periodMs, values, warnings }
  warnings.push({ kind: 'implausible', attribute: 'precipitation', detail: `precipitation: expected up to ${MOST_MM_PER_HOUR} mm/h, got ${mm} mm in ${minutes} min` })
  return { ...reading, periodMs, values, warnings, implausible: [...(reading.implausible ?? []), 'precipitation', 'intensity'] }
}

function noInterval(kind: string, taken: string): Warning {
  return { kind, attribute: 'precipitation', detail: `precipitation: expected the interval in which it fell, got a moment; ${taken}` }
}

/** True and false say whether it rained, not how much: false is not 0 mm. The station stays, with nothing measured. */
function asBoolean(gauge: Attribute): readonly Warning[] {
  const raw = jsonOf(gauge)
  if (typeof raw !== 'boolean') return []
  const detail = `precipitation: expected a depth, got ${raw}, which says ${raw ? 'that it rained' : 'that it did not rain'} and not how much`
  return [{ kind: 'rainAsBoolean', attribute: 'precipitation', detail }]
}

function isRate(entity: Entity): boolean {
  const instance = findAttribute(entity, ['precipitation'])
  const code = instance?.unitCode ?? (instance === undefined ? undefined : subValue(instance, 'unitCode'))
  return typeof code === 'string' && (meantUnitCode(code.trim()) ?? code.trim()) === RATE.unitWhenAbsent
}
