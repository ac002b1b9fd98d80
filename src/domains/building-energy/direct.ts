/** Which electricity can be taken from the bytes of a notification: totals. Phases and circuits are objects, and are summed by `read`. */
import type { DirectReading } from '../domain-model.ts'
import { isGroup } from '../privacy.ts'
import { ENERGY_ATTRIBUTES } from './read.ts'

export const ENERGY_DIRECT: DirectReading = {
  tableOf: (entity) => (isGroup(entity) ? undefined : ENERGY_ATTRIBUTES),
  texts: ['currentcircuit'],
}
