/**
 * Rain: how hard it rains now. Gathers the pure half.
 *
 * The headline is a rate over a quarter of an hour and not the depth of an hour: the classes that
 * people and sewers know are rates, and a cloudburst is over before an hour has its sum.
 */
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel, Reading } from '../domain-model.ts'
import { createFold } from '../fold.ts'
import { rainIntensity } from './compute.ts'
import { RAIN_DIRECT } from './direct.ts'
import { LEGEND } from './legend.ts'
import { readRain } from './read.ts'
import { RAIN_SAMPLER } from './sample.ts'

// A rate for a moment stands for as long as any other: alone, such rates count alike.
const UNSTATED_MS = MINUTE_MS

const FOLD = createFold({
  width: 6, // depth and time of what came with its interval; depth, number, first and last instant of what came without
  reads: ['intensity', 'precipitation'],
  clear(acc, at) {
    for (let i = at; i < at + 4; i++) acc[i] = 0
    acc[at + 4] = Infinity
    acc[at + 5] = -Infinity
  },
  add(acc, at, { values, observedAtMs, periodMs, implausible }) {
    const { intensity, precipitation } = values
    if (implausible?.includes('precipitation') === true || implausible?.includes('intensity') === true) return
    if (intensity !== undefined) {
      const durationMs = periodMs ?? UNSTATED_MS
      acc[at]! += (intensity * durationMs) / HOUR_MS
      acc[at + 1]! += durationMs
    } else if (precipitation !== undefined) {
      acc[at + 2]! += precipitation
      acc[at + 3]!++
      acc[at + 4] = Math.min(acc[at + 4]!, observedAtMs)
      acc[at + 5] = Math.max(acc[at + 5]!, observedAtMs)
    }
  },
  merge(acc, at, other, otherAt) {
    for (let i = 0; i < 4; i++) acc[at + i]! += other[otherAt + i]!
    acc[at + 4] = Math.min(acc[at + 4]!, other[otherAt + 4]!)
    acc[at + 5] = Math.max(acc[at + 5]!, other[otherAt + 5]!)
  },
  value: (acc, at) =>
    rainIntensity({ mm: acc[at]!, durationMs: acc[at + 1]!, untimedMm: acc[at + 2]!, untimedCount: acc[at + 3]!, firstMs: acc[at + 4]!, lastMs: acc[at + 5]! }),
})

export const RAIN: DomainModel<Reading> = {
  id: 'rain',
  name: 'Rain',
  quantity: 'The intensity of rain',
  watches: [{ type: 'WeatherObserved', attributes: ['precipitation', 'temperature', 'relativeHumidity', 'dateObserved'] }],
  measures: [
    { id: 'intensity', name: 'Rain intensity', unit: 'mm/h', decimals: 1 },
    { id: 'precipitation', name: 'Rain in the period', unit: 'mm', decimals: 2 },
    { id: 'temperature', name: 'Temperature', unit: '°C', decimals: 0 },
    { id: 'relativeHumidity', name: 'Relative humidity', unit: '%', decimals: 0 },
  ],
  headline: 'intensity',
  windowMs: 15 * MINUTE_MS,
  method: {
    name: 'mean rain intensity',
    formula: 'Σ hᵢ / Σ tᵢ',
    where: 'hᵢ is a depth in mm and tᵢ the hours in which it fell; a depth without its interval stands for the distance to the one before',
    source: { document: 'Belvedere, by the definition of intensity', confirmed: true },
  },
  // Ours: a shower is a few kilometres wide, and its edge is sharp.
  neighbours: { withinM: 2_000, agreeWithin: 2.5 },
  expectedIntervalMs: 5 * MINUTE_MS,
  // The heaviest, not the mean: a cloudburst is smaller than a city, and dry gauges must not thin it out.
  across: { cell: 'max', city: 'max' },
  legend: LEGEND,
  worse: 'higher',
  read: readRain,
  direct: RAIN_DIRECT,
  fold: FOLD,
  incidents: { category: 'weather', subCategory: 'rainfall' },
  sampler: RAIN_SAMPLER,
}
