/**
 * Indoor air as cities publish it: IndoorEnvironmentObserved.
 *
 * The model says mg/L for `co2`; cities mean ppm. The unit decides. Without one, a small number is the model's mg/L
 * (outdoor air has 0.8), and one of 20 and more can only be ppm: it would be air of more than 1 % CO₂.
 *
 * An entity that refers to a school is one of its rooms. Its own name is kept from the screen, and how many people
 * were in it is told over an hour or more only.
 */
import { MOLAR_MASS } from '../../core/gas.ts'
import { ok, type Result } from '../../core/result.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { jsonOf, textOf, type Entity } from '../../ngsi-ld/entity.ts'
import { createObserver, type AttributeSpec } from '../../ngsi-ld/observed.ts'
import type { ReadContext, Reading, ReadError } from '../domain-model.ts'
import { readTooFew } from '../privacy.ts'
import { mayShowOccupancy, OCCUPANCY_MEASURE } from './compute-schools.ts'

export interface SchoolReading extends Reading {
  /** Id of the school, when the entity is a room of it. */
  readonly schoolId?: string
  /** True when the entity told how many people were in the room, over too short a time to show. */
  readonly occupancyWithheld?: boolean
}

export const SCHOOL_ATTRIBUTES: readonly AttributeSpec[] = [
  {
    measure: 'co2',
    names: ['co2'],
    quantity: 'mole-fraction',
    unitWhenAbsent: 'M1',
    bareFrom: { value: 20, unitCode: '59' },
    molarMass: MOLAR_MASS.co2,
    // Outdoor air has held 270 ppm and more for as long as there are people who build; what a sensor says below is its drift.
    plausible: [250, 40_000],
  },
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
  { measure: 'illuminance', names: ['illuminance'], legacy: ['illumination'], quantity: 'illuminance', unitWhenAbsent: 'LUX', plausible: [0, 200_000] },
  { measure: OCCUPANCY_MEASURE, names: ['peopleCount'], quantity: 'count', unitWhenAbsent: 'C62', plausible: [0, 10_000] },
]

export const observeSchool = createObserver(SCHOOL_ATTRIBUTES)

/** Attributes that lead from a room to its school. */
export const SCHOOL_REFERENCES = ['refpointofinterest', 'refbuilding']

export function readSchool(entity: Entity, context: ReadContext): Result<SchoolReading, ReadError> {
  const tooFew = readTooFew(entity, context)
  if (tooFew !== undefined) return tooFew
  const observed = observeSchool(entity, context)
  if (!observed.ok) return observed
  const { observations: _, name, ...reading } = observed.value
  const schoolId = schoolOf(entity)
  const shownName = schoolId === undefined ? name : `A room of ${schoolId.split(':').at(-1)!}`
  const withheld = reading.values[OCCUPANCY_MEASURE] !== undefined && !mayShowOccupancy(reading.periodMs)
  return ok({
    ...reading,
    ...(shownName === undefined ? {} : { name: shownName }),
    ...(schoolId === undefined ? {} : { schoolId }),
    ...(withheld ? { values: withoutOccupancy(reading.values), occupancyWithheld: true } : {}),
  })
}

function withoutOccupancy(values: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const { [OCCUPANCY_MEASURE]: _, ...others } = values
  return others
}

export function schoolOf(entity: Entity): string | undefined {
  const instance = findAttribute(entity, SCHOOL_REFERENCES)
  const id = instance?.kind === 'Relationship' ? instance.objects[0] : (jsonOf(instance) ?? textOf(instance))
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : undefined
}
