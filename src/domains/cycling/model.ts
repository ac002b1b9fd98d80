/** Cycling: bicycles per hour at counters, docking stations, and rides in cells. Gathers the pure half. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../domain-model.ts'
import { createSumFold, plausibleValue } from '../fold.ts'
import { bicyclesPerHour } from './compute.ts'
import { CYCLING_DIRECT } from './direct.ts'
import { LEGEND } from './legend.ts'
import { RIDE_PRIVACY } from './privacy.ts'
import { readCycling, RIDE_ATTRIBUTES, RIDE_CELL, type CyclingReading } from './read.ts'
import { CYCLING_SAMPLER } from './sample.ts'

const FOLD = createSumFold({
  width: 2, // bicycles, seconds
  reads: ['bicycles'],
  add(acc, at, reading) {
    const bicycles = plausibleValue(reading, 'bicycles')
    if (bicycles === undefined || reading.periodMs === undefined) return
    acc[at]! += bicycles
    acc[at + 1]! += reading.periodMs / SECOND_MS
  },
  addPlain(acc, at, values, _, periodMs) {
    const bicycles = values[0]!
    if (Number.isNaN(bicycles) || Number.isNaN(periodMs)) return
    acc[at]! += bicycles
    acc[at + 1]! += periodMs / SECOND_MS
  },
  value: (acc, at) => bicyclesPerHour(acc[at]!, acc[at + 1]!),
})

export const CYCLING: DomainModel<CyclingReading> = {
  id: 'cycling',
  name: 'Cycling',
  quantity: 'The flow of bicycles',
  watches: [
    {
      type: 'TrafficFlowObserved',
      attributes: ['intensity', 'vehicleType', 'averageVehicleSpeed', 'dateObserved', 'dateObservedFrom', 'dateObservedTo'],
    },
    {
      type: 'BikeHireDockingStation',
      attributes: ['availableBikeNumber', 'freeSlotNumber', 'totalSlotNumber', 'outOfServiceSlotNumber', 'status'],
    },
    { type: RIDE_CELL, attributes: RIDE_ATTRIBUTES.flatMap(({ names }) => names) },
  ],
  measures: [
    { id: 'bicycleFlow', name: 'Bicycles per hour', unit: '/h', decimals: 0 },
    { id: 'bicycles', name: 'Bicycles counted in the period', unit: '', decimals: 0 },
    { id: 'speed', name: 'Mean speed', unit: 'km/h', decimals: 0 },
    { id: 'bikesAvailable', name: 'Bicycles available', unit: '', decimals: 0 },
    { id: 'docksFree', name: 'Free docks', unit: '', decimals: 0 },
    { id: 'docksTotal', name: 'Docks in all', unit: '', decimals: 0 },
    { id: 'docksOutOfService', name: 'Docks out of service', unit: '', decimals: 0 },
    { id: 'rideKm', name: 'Kilometres ridden by volunteers', unit: 'km', decimals: 1 },
    { id: 'roughness', name: 'Roughness felt, RMS', unit: 'm/s²', decimals: 2 },
    { id: 'braking', name: 'Hard braking per 1000 km', unit: '', decimals: 0 },
    { id: 'brakingLower', name: 'Hard braking, at least (95 %)', unit: '', decimals: 0 },
    { id: 'brakingUpper', name: 'Hard braking, at most (95 %)', unit: '', decimals: 0 },
    { id: 'swerving', name: 'Swerving per 1000 km', unit: '', decimals: 0 },
    { id: 'swervingLower', name: 'Swerving, at least (95 %)', unit: '', decimals: 0 },
    { id: 'swervingUpper', name: 'Swerving, at most (95 %)', unit: '', decimals: 0 },
    { id: 'nearMiss', name: 'Near misses per 1000 km', unit: '', decimals: 0 },
    { id: 'nearMissLower', name: 'Near misses, at least (95 %)', unit: '', decimals: 0 },
    { id: 'nearMissUpper', name: 'Near misses, at most (95 %)', unit: '', decimals: 0 },
  ],
  headline: 'bicycleFlow',
  windowMs: HOUR_MS,
  method: {
    name: 'bicycles per hour',
    formula: '3600 Σ nᵢ / Σ tᵢ',
    where: 'nᵢ is a count and tᵢ its interval in seconds: a missing interval is missing in both',
    source: { document: 'Belvedere, by the definition of flow', confirmed: true },
  },
  expectedIntervalMs: 15 * MINUTE_MS,
  across: { cell: 'sum', city: 'sum' },
  legend: LEGEND,
  worse: 'neither',
  read: readCycling,
  direct: CYCLING_DIRECT,
  fold: FOLD,
  incidents: { category: 'traffic' },
  sampler: CYCLING_SAMPLER,
  privacy: RIDE_PRIVACY,
}
