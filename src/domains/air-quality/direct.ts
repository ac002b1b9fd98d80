/** Which air can be taken from the bytes of a notification: concentrations, and the index that follows from them. */
import type { DirectReading } from '../domain-model.ts'
import { EAQI_POLLUTANTS, eaqiBand } from './compute-eaqi.ts'
import { AIR_ATTRIBUTES } from './read.ts'

export const AIR_DIRECT: DirectReading = {
  tableOf: () => AIR_ATTRIBUTES,
  texts: ['stationtype', 'typeofstation'],
  createDerive(placeOf) {
    const places = EAQI_POLLUTANTS.map((pollutant) => ({ pollutant, place: placeOf(pollutant) }))
    const index = placeOf('eaqi')
    return (numbers, at) => {
      let worst = 0
      for (const { pollutant, place } of places) {
        const value = numbers[at + place]!
        if (Number.isNaN(value)) continue
        const band = eaqiBand(pollutant, value)
        if (band === undefined) return false
        if (band > worst) worst = band
      }
      if (worst > 0) numbers[at + index] = worst
      return true
    }
  },
}
