/** Which bicycles can be taken from the bytes of a notification: counts, and the flow that follows from their interval. */
import { HOUR_MS } from '../../core/time/instant.ts'
import { isOfType } from '../../ngsi-ld/entity.ts'
import type { DirectReading } from '../domain-model.ts'
import { dockAvailability } from './compute-docks.ts'
import { COUNTER_ATTRIBUTES, DOCK_ATTRIBUTES, RIDE_CELL } from './read.ts'

export const CYCLING_DIRECT: DirectReading = {
  tableOf: (entity) => (isOfType(entity, RIDE_CELL) ? undefined : isOfType(entity, 'BikeHireDockingStation') ? DOCK_ATTRIBUTES : COUNTER_ATTRIBUTES),
  texts: ['vehicletype'],
  createDerive(placeOf) {
    const [bicycles, flow] = [placeOf('bicycles'), placeOf('bicycleFlow')]
    const [bikes, freeDocks, totalDocks, outOfService] = [placeOf('bikesAvailable'), placeOf('docksFree'), placeOf('docksTotal'), placeOf('docksOutOfService')]
    return (numbers, at, periodMs) => {
      if (!Number.isNaN(numbers[at + bicycles]!) && !Number.isNaN(periodMs)) numbers[at + flow] = (numbers[at + bicycles]! * HOUR_MS) / periodMs
      const said = (place: number): number | undefined => (Number.isNaN(numbers[at + place]!) ? undefined : numbers[at + place]!)
      const available = said(bikes)
      const free = said(freeDocks)
      // Slots that do not add up earn a warning with the numbers in it.
      if (available === undefined || free === undefined) return true
      return (dockAvailability({ bikes: available, freeDocks: free, totalDocks: said(totalDocks), outOfService: said(outOfService) }).unaccounted ?? 0) === 0
    }
  },
}
