/** Which air can be taken from the bytes of a notification: concentrations, and the index that follows from them. */
import type { DirectReading } from '../domain-model.ts'
import { EAQI_POLLUTANTS, eaqiBand } from './compute-eaqi.ts'
import { AIR_ATTRIBUTES } from './read.ts'

export const AIR_DIRECT: DirectReading = {
  tableOf: () => AIR_ATTRIBUTES,
  texts: ['stationtype', 'typeofstation'],
  derive(values) {
    let worst = 0
    for (const pollutant of EAQI_POLLUTANTS) {
      const value = values[pollutant]
      if (value === undefined) continue
      const band = eaqiBand(pollutant, value)
      if (band === undefined) return false
      if (band > worst) worst = band
    }
    if (worst > 0) values['eaqi'] = worst
    return true
  },
}
