/** Which bicycles can be taken from the bytes of a notification: counts, and the flow that follows from their interval. */
import { HOUR_MS } from '../../core/time/instant.ts'
import { isOfType } from '../../ngsi-ld/entity.ts'
import type { DirectReading } from '../domain-model.ts'
import { dockAvailability } from './compute-docks.ts'
import { COUNTER_ATTRIBUTES, DOCK_ATTRIBUTES, RIDE_CELL } from './read.ts'

export const CYCLING_DIRECT: DirectReading = {
  tableOf: (entity) => (isOfType(entity, RIDE_CELL) ? undefined : isOfType(entity, 'BikeHireDockingStation') ? DOCK_ATTRIBUTES : COUNTER_ATTRIBUTES),
  texts: ['vehicletype'],
  derive(values, periodMs) {
    const { bicycles, bikesAvailable: bikes, docksFree: freeDocks, docksTotal: totalDocks, docksOutOfService: outOfService } = values
    if (bicycles !== undefined && periodMs !== undefined) values['bicycleFlow'] = (bicycles * HOUR_MS) / periodMs
    // Slots that do not add up earn a warning with the numbers in it.
    return bikes === undefined || freeDocks === undefined || (dockAvailability({ bikes, freeDocks, totalDocks, outOfService }).unaccounted ?? 0) === 0
  },
}
