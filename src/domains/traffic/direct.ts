/** Which traffic can be taken from the bytes of a notification: lanes on which something moved. */
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DirectReading } from '../domain-model.ts'
import { vehiclesPerHour, vehiclesPerKm } from './compute-flow.ts'
import { TRAFFIC_ATTRIBUTES } from './read.ts'

export const TRAFFIC_DIRECT: DirectReading = {
  tableOf: () => TRAFFIC_ATTRIBUTES,
  texts: ['vehicletype'],
  createDerive(placeOf) {
    const [counted, speeds, flow, dense] = [placeOf('vehicles'), placeOf('speed'), placeOf('vehicleFlow'), placeOf('density')]
    return (numbers, at, periodMs) => {
      const vehicles = numbers[at + counted]!
      const speed = numbers[at + speeds]!
      // A speed of an empty lane is none, and is left out.
      if (speed === 0 || vehicles === 0) return false
      if (Number.isNaN(vehicles) || Number.isNaN(periodMs)) return true
      const perHour = vehiclesPerHour(vehicles, periodMs / SECOND_MS)
      if (perHour === undefined) return false
      numbers[at + flow] = perHour
      const density = vehiclesPerKm(perHour, Number.isNaN(speed) ? undefined : speed)
      if (density !== undefined) numbers[at + dense] = density
      return true
    }
  },
}
