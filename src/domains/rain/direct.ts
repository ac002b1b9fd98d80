/** Which rain can be taken from the bytes of a notification: depths with their interval, and rates. */
import { HOUR_MS } from '../../core/time/instant.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import type { DirectReading } from '../domain-model.ts'
import { MOST_MM_PER_HOUR, rainTableOf } from './read.ts'

export const RAIN_DIRECT: DirectReading = {
  // A station without a gauge is none of ours.
  tableOf: (entity) => (findAttribute(entity, ['precipitation']) === undefined ? undefined : rainTableOf(entity)),
  texts: [],
  createDerive(placeOf) {
    const [depth, rate] = [placeOf('precipitation'), placeOf('intensity')]
    return (numbers, at, periodMs) => {
      const precipitation = numbers[at + depth]!
      if (Number.isNaN(precipitation)) return true
      if (Number.isNaN(periodMs)) return false
      const intensity = (precipitation * HOUR_MS) / periodMs
      numbers[at + rate] = intensity
      return intensity <= MOST_MM_PER_HOUR
    }
  },
}
