/** Noise: LAeq of street sensors, averaged as energy over time and over sensors. Gathers the pure half. */
import { MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../domain-model.ts'
import { createSumFold, plausibleValue } from '../fold.ts'
import { energyOf, laeqOf } from './compute.ts'
import { NOISE_DIRECT } from './direct.ts'
import { LEGEND, YEARLY_LIMIT } from './legend.ts'
import { readNoise, type NoiseReading } from './read.ts'
import { NOISE_SAMPLER } from './sample.ts'

// A level without the interval it stands for weighs a second: alone, such levels count alike;
// beside one that does say its minute they hardly count.
const UNSTATED_S = 1

const FOLD = createSumFold({
  width: 2, // energy, seconds
  reads: ['laeq'],
  add(acc, at, reading) {
    const level = plausibleValue(reading, 'laeq')
    if (level === undefined) return
    addLevelTo(acc, at, level, reading.periodMs ?? NaN)
  },
  addPlain(acc, at, values, _, periodMs) {
    const level = values[0]!
    if (!Number.isNaN(level)) addLevelTo(acc, at, level, periodMs)
  },
  value: (acc, at) => laeqOf(acc[at]!, acc[at + 1]!),
})

function addLevelTo(acc: Float64Array, at: number, level: number, periodMs: number): void {
  const durationS = Number.isNaN(periodMs) ? UNSTATED_S : periodMs / SECOND_MS
  acc[at]! += energyOf(level, durationS)
  acc[at + 1]! += durationS
}

export const NOISE: DomainModel<NoiseReading> = {
  id: 'noise',
  name: 'Noise',
  quantity: 'Noise',
  watches: [
    { type: 'NoiseLevelObserved', attributes: ['LAeq', 'LAmax', 'LAmin', 'LAS', 'LA10', 'LA50', 'LA90', 'LAeq_d', 'laeq', 'loudness'] },
    { type: 'NoisePollution', attributes: ['Laeq2', 'Lamax2', 'LAeq2', 'LAmax2'] },
  ],
  measures: [
    // Whole decibels: a class 1 instrument is good to about 1 dB in the street.
    { id: 'laeq', name: 'Sound level, LAeq', unit: 'dB(A)', decimals: 0 },
    { id: 'lamax', name: 'Maximum, LAmax', unit: 'dB(A)', decimals: 0 },
    { id: 'lamin', name: 'Minimum, LAmin', unit: 'dB(A)', decimals: 0 },
    { id: 'las', name: 'Slow level, LAS', unit: 'dB(A)', decimals: 0 },
    { id: 'la10', name: 'Loud tenth, LA10', unit: 'dB(A)', decimals: 0 },
    { id: 'la50', name: 'Median level, LA50', unit: 'dB(A)', decimals: 0 },
    { id: 'la90', name: 'Background, LA90', unit: 'dB(A)', decimals: 0 },
    { id: 'laeqDay', name: 'Day level, LAeq,d', unit: 'dB(A)', decimals: 0 },
  ],
  headline: 'laeq',
  windowMs: 15 * MINUTE_MS,
  method: {
    name: 'energetic mean over time, LAeq,T',
    formula: '10 lg( (1/T) Σ tᵢ 10^(Lᵢ/10) )',
    where: 'Lᵢ is a level and tᵢ the time it stands for (a second where it does not say), T their sum',
    source: { document: 'ISO 1996-1', year: 2016, confirmed: false, note: 'the formula is common knowledge, the standard was not read' },
  },
  // Ours: a street and its side street differ by as much as one class of 5 dB.
  neighbours: { withinM: 400, agreeWithin: 5 },
  expectedIntervalMs: MINUTE_MS,
  across: { cell: 'energetic-mean', city: 'energetic-mean' },
  legend: LEGEND,
  worse: 'higher',
  scale: 'decibel',
  foldAttributes: ['LAeq', 'Laeq2', 'LAeq2', 'loudness', 'dateObservedFrom', 'dateObservedTo'],
  limit: YEARLY_LIMIT,
  read: readNoise,
  direct: NOISE_DIRECT,
  fold: FOLD,
  sampler: NOISE_SAMPLER,
}
