/** Which traffic can be taken from the bytes of a notification: lanes on which something moved. */
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DirectReading } from '../domain-model.ts'
import { vehiclesPerHour, vehiclesPerKm } from './compute-flow.ts'
import { TRAFFIC_ATTRIBUTES } from './read.ts'

export const TRAFFIC_DIRECT: DirectReading = {
  tableOf: () => TRAFFIC_ATTRIBUTES,
  texts: ['vehicletype'],
  derive(values, periodMs) {
    const { vehicles, speed } = values
    // A speed of an empty lane is none, and is left out.
    if (speed === 0 || vehicles === 0) return false
    if (vehicles === undefined || periodMs === undefined) return true
    const perHour = vehiclesPerHour(vehicles, periodMs / SECOND_MS)
    if (perHour === undefined) return false
    values['vehicleFlow'] = perHour
    const density = vehiclesPerKm(perHour, speed)
    if (density !== undefined) values['density'] = density
    return true
  },
}
