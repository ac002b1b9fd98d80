/** Air quality: the European index of the hour, from the mean of each pollutant. Gathers the pure half. */
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../domain-model.ts'
import { createFold, plausibleValue } from '../fold.ts'
import { addAir, addPlainAir, AIR_WIDTH, airIndex, clearAir, mergeAir } from './compute.ts'
import { EAQI_2024, EAQI_POLLUTANTS } from './compute-eaqi.ts'
import { AIR_DIRECT } from './direct.ts'
import { HOURLY_LIMITS, LEGEND } from './legend.ts'
import { readAir, type AirReading } from './read.ts'
import { AIR_QUALITY_SAMPLER } from './sample.ts'

const FOLD = createFold({
  width: AIR_WIDTH,
  reads: EAQI_POLLUTANTS,
  clear: clearAir,
  add(acc, at, reading) {
    addAir(acc, at, { atMs: reading.observedAtMs, valueOf: (pollutant) => plausibleValue(reading, pollutant), lagMs: reading.lagMs })
  },
  addPlain: addPlainAir,
  merge: mergeAir,
  // The worst of what was measured; the reading's warnings say when that is not the whole minimum set.
  value: airIndex,
})

export const AIR_QUALITY: DomainModel<AirReading> = {
  id: 'air-quality',
  name: 'Air quality',
  quantity: 'Air quality',
  watches: [
    {
      type: 'AirQualityObserved',
      // Of the legacy names those that an NGSI-LD name can be: `PM2.5` is read, but a broker may refuse to watch it.
      attributes: [
        'no2', 'o3', 'pm10', 'pm25', 'so2', 'no', 'nox', 'pm1', 'pm4', 'tsp', 'c6h6', 'co', 'co2',
        'temperature', 'relativeHumidity', 'precipitation',
        'NO2', 'O3', 'PM10', 'PM25', 'SO2', 'NO', 'NOx', 'CO', 'humidity', 'NO2Density',
      ],
    },
  ],
  measures: [
    { id: 'eaqi', name: 'European Air Quality Index', unit: '', decimals: 0 },
    { id: 'no2', name: 'NO₂', unit: 'µg/m³', decimals: 0 },
    { id: 'o3', name: 'O₃', unit: 'µg/m³', decimals: 0 },
    { id: 'pm10', name: 'PM10', unit: 'µg/m³', decimals: 0 },
    { id: 'pm25', name: 'PM2.5', unit: 'µg/m³', decimals: 0 },
    { id: 'so2', name: 'SO₂', unit: 'µg/m³', decimals: 0 },
    { id: 'no', name: 'NO', unit: 'µg/m³', decimals: 0 },
    { id: 'nox', name: 'NOx', unit: 'µg/m³', decimals: 0 },
    { id: 'pm1', name: 'PM1', unit: 'µg/m³', decimals: 0 },
    { id: 'pm4', name: 'PM4', unit: 'µg/m³', decimals: 0 },
    { id: 'tsp', name: 'Total suspended particles', unit: 'µg/m³', decimals: 0 },
    { id: 'benzene', name: 'Benzene', unit: 'µg/m³', decimals: 1 },
    { id: 'co', name: 'CO', unit: 'mg/m³', decimals: 1 },
    { id: 'co2', name: 'CO₂', unit: 'ppm', decimals: 0 },
    { id: 'temperature', name: 'Temperature', unit: '°C', decimals: 0 },
    { id: 'relativeHumidity', name: 'Relative humidity', unit: '%', decimals: 0 },
    { id: 'precipitation', name: 'Precipitation', unit: 'mm', decimals: 1 },
  ],
  headline: 'eaqi',
  windowMs: HOUR_MS,
  method: {
    name: 'worst pollutant of the European Air Quality Index',
    formula: 'max over pollutants p of band_p( (1/n) Σ cᵢ )',
    where: 'cᵢ are the concentrations of a pollutant in the hour, rounded as a mean to whole µg/m³ before the band is looked up (the rule for fractions is not published)',
    source: EAQI_2024.source,
  },
  // The index is one of six words; a street and the next share most of their air.
  neighbours: { withinM: 1_000, agreeWithin: 0.5 },
  expectedIntervalMs: 10 * MINUTE_MS,
  across: { cell: 'max', city: 'median' },
  legend: LEGEND,
  worse: 'higher',
  scale: 'class',
  isMean: true,
  windows: { only: [], why: 'the European index is defined for the mean of an hour' },
  read: readAir,
  direct: AIR_DIRECT,
  fold: FOLD,
  incidents: { category: 'environment', subCategory: 'airPollution', limits: HOURLY_LIMITS },
  sampler: AIR_QUALITY_SAMPLER,
}
