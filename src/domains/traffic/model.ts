/**
 * Traffic: how fast motor vehicles move. Gathers the pure half.
 *
 * The headline is the speed and not the count, because the question is "is it flowing": few vehicles an
 * hour pass a counter in a quiet night and in a jam. Where no speed is published there is none to show;
 * flow and occupancy still stand in the drawer.
 */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel, Reading } from '../domain-model.ts'
import { createSumFold, plausibleValue } from '../fold.ts'
import { hoursPerKmOf, meanSpeedKmh } from './compute.ts'
import { TRAFFIC_DIRECT } from './direct.ts'
import { LEGEND } from './legend.ts'
import { readTraffic } from './read.ts'
import { TRAFFIC_SAMPLER } from './sample.ts'

// A speed without its count weighs one vehicle: alone, such speeds count alike.
const UNCOUNTED = 1

function addSpeed(acc: Float64Array, at: number, speed: number, vehicles: number): void {
  const hours = hoursPerKmOf(speed, vehicles)
  if (hours === undefined) return
  acc[at]! += vehicles
  acc[at + 1]! += hours
}

const FOLD = createSumFold({
  width: 2, // vehicles, hours per kilometre
  reads: ['speed', 'vehicles'],
  add(acc, at, reading) {
    const speed = plausibleValue(reading, 'speed')
    // A speed that came along from earlier was counted when it was new.
    if (speed === undefined || reading.lagMs?.['speed'] !== undefined) return
    addSpeed(acc, at, speed, plausibleValue(reading, 'vehicles') ?? UNCOUNTED)
  },
  addPlain(acc, at, values) {
    const speed = values[0]!
    const vehicles = values[1]!
    if (!Number.isNaN(speed)) addSpeed(acc, at, speed, Number.isNaN(vehicles) ? UNCOUNTED : vehicles)
  },
  value: (acc, at) => meanSpeedKmh(acc[at]!, acc[at + 1]!),
})

export const TRAFFIC: DomainModel<Reading> = {
  id: 'traffic',
  name: 'Traffic',
  quantity: 'The mean speed of traffic',
  watches: [
    {
      type: 'TrafficFlowObserved',
      attributes: ['intensity', 'occupancy', 'averageVehicleSpeed', 'vehicleType', 'dateObserved', 'dateObservedFrom', 'dateObservedTo'],
    },
  ],
  measures: [
    { id: 'speed', name: 'Mean speed', unit: 'km/h', decimals: 0 },
    { id: 'vehicleFlow', name: 'Vehicles per hour', unit: '/h', decimals: 0 },
    { id: 'vehicles', name: 'Vehicles counted in the period', unit: '', decimals: 0 },
    { id: 'density', name: 'Vehicles per kilometre', unit: '/km', decimals: 0 },
    { id: 'occupancy', name: 'Share of time a vehicle covers the detector', unit: '', decimals: 2 },
  ],
  headline: 'speed',
  windowMs: 15 * MINUTE_MS,
  method: {
    name: 'mean speed over the road, harmonic',
    formula: 'Σ nᵢ / Σ (nᵢ / vᵢ)',
    where: 'vᵢ is the speed of an interval and nᵢ the vehicles that passed in it (one where it does not say)',
    source: { document: 'J. G. Wardrop, Some Theoretical Aspects of Road Traffic Research', year: 1952, confirmed: false, note: 'the formula is common knowledge, the paper was not read' },
  },
  expectedIntervalMs: 5 * MINUTE_MS,
  // One motorway must not speak for the streets around it, nor one blocked lane for the city.
  across: { cell: 'median', city: 'median' },
  legend: LEGEND,
  worse: 'lower',
  read: readTraffic,
  direct: TRAFFIC_DIRECT,
  fold: FOLD,
  incidents: { category: 'traffic' },
  sampler: TRAFFIC_SAMPLER,
}
