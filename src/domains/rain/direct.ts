/** Which rain can be taken from the bytes of a notification: depths with their interval, and rates. */
import { HOUR_MS } from '../../core/time/instant.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import type { DirectReading } from '../domain-model.ts'
import { MOST_MM_PER_HOUR, rainTableOf } from './read.ts'

export const RAIN_DIRECT: DirectReading = {
  // A station without a gauge is none of ours.
  tableOf: (entity) => (findAttribute(entity, ['precipitation']) === undefined ? undefined : rainTableOf(entity)),
  texts: [],
  derive(values, periodMs) {
    const { precipitation } = values
    if (precipitation === undefined || periodMs === undefined) return precipitation === undefined
    const intensity = (precipitation * HOUR_MS) / periodMs
    values['intensity'] = intensity
    return intensity <= MOST_MM_PER_HOUR
  },
}
