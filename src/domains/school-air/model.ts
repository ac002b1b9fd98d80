/** School air: CO₂ of class rooms as a sign of ventilation, by school. Gathers the pure half. */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../domain-model.ts'
import { createSumFold, plausibleValue } from '../fold.ts'
import { OCCUPANCY_MEASURE } from './compute-schools.ts'
import { meanCo2 } from './compute.ts'
import { SCHOOL_DIRECT } from './direct.ts'
import { CONSPICUOUS, LEGEND, UNACCEPTABLE } from './legend.ts'
import { ROOM_PRIVACY } from './privacy.ts'
import { readSchool, type SchoolReading } from './read.ts'
import { SCHOOL_AIR_SAMPLER } from './sample.ts'

const FOLD = createSumFold({
  width: 2, // ppm, samples
  reads: ['co2'],
  add(acc, at, reading) {
    const co2 = plausibleValue(reading, 'co2')
    // CO₂ that is older than the reading was counted when it came.
    if (co2 === undefined || reading.lagMs?.['co2'] !== undefined) return
    acc[at]! += co2
    acc[at + 1]!++
  },
  addPlain(acc, at, values) {
    const co2 = values[0]!
    if (Number.isNaN(co2)) return
    acc[at]! += co2
    acc[at + 1]!++
  },
  value: (acc, at) => meanCo2(acc[at]!, acc[at + 1]!),
})

export const SCHOOL_AIR: DomainModel<SchoolReading> = {
  id: 'school-air',
  name: 'School air',
  quantity: 'CO₂',
  // Not `peopleCount`: what is not asked for cannot leak.
  watches: [{ type: 'IndoorEnvironmentObserved', attributes: ['co2', 'temperature', 'relativeHumidity', 'illuminance', 'CO2', 'humidity'] }],
  measures: [
    { id: 'co2', name: 'CO₂', unit: 'ppm', decimals: 0 },
    { id: 'temperature', name: 'Temperature', unit: '°C', decimals: 1 },
    { id: 'relativeHumidity', name: 'Relative humidity', unit: '%', decimals: 0 },
    { id: 'illuminance', name: 'Illuminance', unit: 'lx', decimals: 0 },
    { id: OCCUPANCY_MEASURE, name: 'People, over an hour or more', unit: '', decimals: 0 },
  ],
  headline: 'co2',
  windowMs: 15 * MINUTE_MS,
  method: {
    name: 'mean',
    formula: '(1/n) Σ cᵢ',
    where: 'cᵢ are the readings of CO₂ in the window',
    source: { document: 'Belvedere, common arithmetic', confirmed: true },
  },
  expectedIntervalMs: 5 * MINUTE_MS,
  across: {
    // A cell is there to find the school that needs air; the mean of it and its neighbours would hide it.
    cell: 'max',
    // One room with a dead fan is not the city's schools.
    city: 'median',
  },
  legend: LEGEND,
  worse: 'higher',
  limit: CONSPICUOUS,
  isMean: true,
  read: readSchool,
  direct: SCHOOL_DIRECT,
  fold: FOLD,
  incidents: { category: 'health', limits: [{ measure: 'co2', above: UNACCEPTABLE.value, deadBand: 100, lastingMs: 15 * MINUTE_MS, source: UNACCEPTABLE.source }] },
  sampler: SCHOOL_AIR_SAMPLER,
  privacy: ROOM_PRIVACY,
}
