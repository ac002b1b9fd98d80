/** Which indoor air can be taken from the bytes of a notification: all but what says how many people
 * were in the room, and what is put together of rooms. */
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import type { DirectReading } from '../domain-model.ts'
import { isGroup } from '../privacy.ts'
import { SCHOOL_ATTRIBUTES, SCHOOL_REFERENCES } from './read.ts'

export const SCHOOL_DIRECT: DirectReading = {
  // Whether a count of people may be kept depends on its interval.
  tableOf: (entity) => (findAttribute(entity, ['peoplecount']) === undefined && !isGroup(entity) ? SCHOOL_ATTRIBUTES : undefined),
  texts: SCHOOL_REFERENCES,
  isRenamed: (entity) => findAttribute(entity, SCHOOL_REFERENCES) !== undefined,
}
