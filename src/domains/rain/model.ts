/**
 * Rain: how hard it rains now. Gathers the pure half.
 *
 * The headline is a rate over a quarter of an hour and not the depth of an hour: the classes that
 * people and sewers know are rates, and a cloudburst is over before an hour has its sum.
 */
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel, Fold, Reading } from '../domain-model.ts'
import { addDepth, addUntimedDepth, EMPTY_RAIN, mergeRain, rainIntensity, type RainSum } from './compute.ts'
import { RAIN_DIRECT } from './direct.ts'
import { LEGEND } from './legend.ts'
import { readRain } from './read.ts'
import { RAIN_SAMPLER } from './sample.ts'

// A rate for a moment stands for as long as any other: alone, such rates count alike.
const UNSTATED_MS = MINUTE_MS

const FOLD: Fold<Reading, RainSum> = {
  empty: EMPTY_RAIN,
  add(acc, { values, observedAtMs, periodMs, implausible }) {
    const { intensity, precipitation } = values
    if (implausible?.includes('precipitation') === true || implausible?.includes('intensity') === true) return acc
    if (intensity !== undefined) {
      const durationMs = periodMs ?? UNSTATED_MS
      return addDepth(acc, (intensity * durationMs) / HOUR_MS, durationMs)
    }
    return precipitation === undefined ? acc : addUntimedDepth(acc, precipitation, observedAtMs)
  },
  merge: mergeRain,
  value: rainIntensity,
}

export const RAIN: DomainModel<Reading, RainSum> = {
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
  sampler: RAIN_SAMPLER,
}
