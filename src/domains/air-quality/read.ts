/**
 * Outdoor air as cities publish it: AirQualityObserved, with the upper-case names it had until
 * June 2019 (FIWARE/data-models 78c5d8a9) and what cities made of them.
 *
 * Bare numbers are µg/m³, carbon monoxide mg/m³, as in the model. Gases may come in ppb or ppm and are
 * turned into mass at the EU's 20 °C. Weather that comes with a station is read beside.
 */
import { MOLAR_MASS } from '../../core/gas.ts'
import { ok, type Result } from '../../core/result.ts'
import { textOf, type Entity } from '../../ngsi-ld/entity.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { createObserver, type AttributeSpec } from '../../ngsi-ld/observed.ts'
import type { ReadContext, Reading, ReadError, Warning } from '../domain-model.ts'
import { EAQI_POLLUTANTS, eaqiIndex, type EaqiPollutant } from './compute-eaqi.ts'

export interface AirReading extends Reading {
  /** `traffic`, `background` or `industrial`, as the station says. */
  readonly stationType?: string
}

const mass = { quantity: 'mass-concentration', unitWhenAbsent: 'GQ' } as const

export const AIR_ATTRIBUTES: readonly AttributeSpec[] = [
  { ...mass, measure: 'no2', names: ['no2'], legacy: ['NO2Density', 'NO2_Density'], molarMass: MOLAR_MASS.no2, plausible: [0, 2_000] },
  { ...mass, measure: 'o3', names: ['o3'], legacy: ['O3Density'], molarMass: MOLAR_MASS.o3, plausible: [0, 2_000] },
  { ...mass, measure: 'pm10', names: ['pm10'], legacy: ['PM_10'], plausible: [0, 5_000] },
  { ...mass, measure: 'pm25', names: ['pm25'], legacy: ['PM2.5', 'PM2_5', 'PM_25'], plausible: [0, 5_000] },
  { ...mass, measure: 'so2', names: ['so2'], legacy: ['SO2Density'], molarMass: MOLAR_MASS.so2, plausible: [0, 5_000] },
  { ...mass, measure: 'no', names: ['no'], molarMass: MOLAR_MASS.no, plausible: [0, 5_000] },
  { ...mass, measure: 'nox', names: ['nox'], plausible: [0, 5_000] },
  { ...mass, measure: 'pm1', names: ['pm1'], plausible: [0, 5_000] },
  { ...mass, measure: 'pm4', names: ['pm4'], plausible: [0, 5_000] },
  { ...mass, measure: 'tsp', names: ['tsp'], plausible: [0, 10_000] },
  { ...mass, measure: 'benzene', names: ['c6h6'], legacy: ['benzene'], molarMass: MOLAR_MASS.benzene, plausible: [0, 1_000] },
  { ...mass, measure: 'co', names: ['co'], unitWhenAbsent: 'GP', factor: 1e-3, molarMass: MOLAR_MASS.co, plausible: [0, 150] },
  { measure: 'co2', names: ['co2'], quantity: 'mole-fraction', unitWhenAbsent: '59', unitIsAssumed: true, plausible: [0, 40_000] },
  { measure: 'temperature', names: ['temperature'], quantity: 'temperature', unitWhenAbsent: 'CEL', plausible: [-60, 60] },
  {
    measure: 'relativeHumidity',
    names: ['relativeHumidity'],
    legacy: ['humidity'],
    quantity: 'fraction',
    unitWhenAbsent: 'C62',
    factor: 100,
    orPercent: true,
    plausible: [0, 100],
  },
  { measure: 'precipitation', names: ['precipitation'], quantity: 'precipitation', unitWhenAbsent: 'MMT', plausible: [0, 500] },
]

export const observeAir = createObserver(AIR_ATTRIBUTES)

/** The reading's own `eaqi` is the index of this one observation; the map shows the index of the hour's means. */
export function readAir(entity: Entity, context: ReadContext): Result<AirReading, ReadError> {
  const observed = observeAir(entity, context)
  if (!observed.ok) return observed
  const { observations: _, ...reading } = observed.value
  const stationType = textOf(findAttribute(entity, ['stationtype', 'typeofstation']))?.trim().toLowerCase()
  const { worst, minimumSetMet } = eaqiIndex(plausibleValues(reading), { stationType })
  return ok({
    ...reading,
    ...(stationType === undefined ? {} : { stationType }),
    values: worst === undefined ? reading.values : { ...reading.values, eaqi: worst },
    warnings: worst === undefined || minimumSetMet ? reading.warnings : [...reading.warnings, incomplete(reading, stationType)],
  })
}

function plausibleValues({ values, implausible }: Reading): Partial<Record<EaqiPollutant, number>> {
  const usable: Partial<Record<EaqiPollutant, number>> = {}
  for (const pollutant of EAQI_POLLUTANTS) {
    const value = values[pollutant]
    if (value !== undefined && implausible?.includes(pollutant) !== true) usable[pollutant] = value
  }
  return usable
}

function incomplete({ values }: Reading, stationType: string | undefined): Warning {
  const got = EAQI_POLLUTANTS.filter((pollutant) => values[pollutant] !== undefined).join(', ')
  const expected = stationType === 'traffic' ? 'NO₂ and PM' : 'NO₂, O₃ and PM'
  return { kind: 'incompleteIndex', detail: `the index needs ${expected}, got ${got}: the worst of these is shown` }
}
