/**
 * Class rooms, and what may be said of them: one entity for a school, with the medians of its rooms.
 *
 * Two rooms would tell each what the other has, so it takes three. Nothing passes that counts people: over an hour
 * or more a school might tell, but which attribute is old enough is not to be seen in every answer of a broker. An
 * entity that names no school stands for one itself and passes as it is, without what counts people.
 */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { LonLat } from '../../core/geo/position.ts'
import type { Entity, JsonObject } from '../../ngsi-ld/entity.ts'
import { property } from '../../ngsi-ld/normalized.ts'
import { contributorsOf, privacyRule, urnEnd, type Personal, type PrivacyContext } from '../privacy.ts'
import { bySchool } from './compute-schools.ts'
import { readSchool, schoolOf, type SchoolReading } from './read.ts'

const TYPE = 'IndoorEnvironmentObserved'

/** Unit of each measure as it is written, and the factor from the measure to it. */
const WRITTEN: readonly (readonly [measure: string, attribute: string, unitCode: string, factor: number, digits: number])[] = [
  ['co2', 'co2', '59', 1, 0],
  ['temperature', 'temperature', 'CEL', 1, 1],
  ['relativeHumidity', 'relativeHumidity', 'C62', 0.01, 2],
  ['illuminance', 'illuminance', 'LUX', 1, 0],
]

export const ROOM_PRIVACY = privacyRule<SchoolReading>({
  types: [TYPE],
  floor: { value: 3, least: 3, of: 'rooms', source: 'ours: of two rooms each would know the other' },
  windowMs: 5 * MINUTE_MS,
  graceMs: MINUTE_MS,
  existence: 'public',
  passes: [
    'co2', 'temperature', 'relativeHumidity', 'humidity', 'illuminance', 'illumination',
    'dateObserved', 'dateObservedFrom', 'dateObservedTo', 'dateLastReported',
    'name', 'alternateName', 'location', 'address', 'areaServed', 'dataProvider', 'source',
  ],
  read(entity, context) {
    // Whether it is a room is asked before whether it can be read: a broken room is a room.
    const school = schoolOf(entity)
    if (school === undefined) return { kind: 'whole' }
    return readRoom(entity, school, context)
  },
  identify(school, parts, { cityId }) {
    const position = middleOf(parts.flatMap(({ position: own }) => (own === undefined ? [] : [own])))
    return {
      id: `urn:ngsi-ld:${TYPE}:${cityId}:school:${urnEnd(school)}`,
      type: TYPE,
      name: `School ${school.split(':').at(-1)!}`,
      ...(position === undefined ? {} : { position }),
    }
  },
  values(parts, { endMs, floor }) {
    const summary = bySchool(parts.map(({ value }) => ({ ...value, schoolId: 'all' })))[0]
    return Object.fromEntries(
      WRITTEN.flatMap(([measure, attribute, unitCode, factor, digits]) => {
        const isTold = contributorsOf(parts.filter(({ value: { values, implausible } }) => values[measure] !== undefined && implausible?.includes(measure) !== true)) >= floor
        const value = isTold ? summary?.values[measure] : undefined
        return value === undefined ? [] : [[attribute, property(Number((value * factor).toFixed(digits)), { observedAtMs: endMs, unitCode })]]
      }),
    ) satisfies JsonObject
  },
})

function readRoom(entity: Entity, school: string, context: PrivacyContext): Personal<SchoolReading> {
  const read = readSchool(entity, context)
  if (!read.ok) return { kind: 'withheld', reason: `a room that cannot be read: ${read.error.kind}` }
  const { entityId, observedAtMs, position } = read.value
  return { kind: 'part', group: school, contributor: entityId, atMs: observedAtMs, ...(position === undefined ? {} : { position }), value: read.value }
}

/** About the school, to some ten metres: a single room's place would be its own. */
function middleOf(positions: readonly LonLat[]): LonLat | undefined {
  if (positions.length === 0) return undefined
  const mean = (axis: 0 | 1): number => Number((positions.reduce((sum, position) => sum + position[axis], 0) / positions.length).toFixed(4))
  return [mean(0), mean(1)]
}
