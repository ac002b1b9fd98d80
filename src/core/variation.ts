/**
 * Variation as a function of its keys: what looks like chance is the same every time it is asked for.
 * Built on `noiseAt`; nothing here has a state.
 */
import { noiseAt } from './random.ts'

/** Fraction of the golden ratio: its multiples fill an interval evenly, however many there are. */
const GOLDEN = 0.618_033_988_75

/**
 * A smooth wave in [-1, 1] over `x`, with features about one unit long (value noise, smoothstep between
 * lattice points: the slope is continuous and never steeper than 3 per unit).
 */
export function smoothNoiseAt(x: number, ...keys: readonly number[]): number {
  const cell = Math.floor(x)
  const f = x - cell
  const a = noiseAt(cell, ...keys) * 2 - 1
  const b = noiseAt(cell + 1, ...keys) * 2 - 1
  return a + (b - a) * f * f * (3 - 2 * f)
}

/** About normal, mean 0 and deviation 1, within ±3.5 (sum of four uniforms). */
export function normalAt(...keys: readonly number[]): number {
  const sum = noiseAt(1, ...keys) + noiseAt(2, ...keys) + noiseAt(3, ...keys) + noiseAt(4, ...keys)
  return (sum - 2) * Math.sqrt(3)
}

/** A count with the given mean (Poisson; by its normal approximation from 30 on). */
export function poissonAt(mean: number, ...keys: readonly number[]): number {
  if (!(mean > 0)) return 0
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalAt(...keys)))
  let left = noiseAt(5, ...keys)
  let probability = Math.exp(-mean)
  let count = 0
  // 30 + 10 deviations: beyond any draw of 32 bits.
  while (left > probability && count < 85) {
    left -= probability
    count++
    probability *= mean / count
  }
  return count
}

/** One of the items, by its keys. */
export function pickAt<T>(items: readonly T[], ...keys: readonly number[]): T | undefined {
  return items[Math.floor(noiseAt(...keys) * items.length)]
}

/** When in its interval the n-th of many senders speaks, to the second, so that together they speak evenly. */
export function spreadPhaseMs(n: number, intervalMs: number): number {
  return Math.floor((((n * GOLDEN) % 1) * intervalMs) / 1_000) * 1_000
}
