/**
 * Exact limits of a count of rare events (Garwood 1936): zero near misses do not make a street safe,
 * they only bound how unsafe it can be.
 *
 * The limits are quantiles of the gamma distribution, found by bisection.
 */
import { gammaP } from './gamma.ts'

export interface CountLimits {
  readonly lower: number
  readonly upper: number
}

/** Two-sided limits of a Poisson mean when `count` events were seen. */
export function poissonLimits(count: number, confidence = 0.95): CountLimits {
  const tail = (1 - confidence) / 2
  return {
    lower: count === 0 ? 0 : gammaQuantile(count, tail),
    upper: gammaQuantile(count + 1, 1 - tail),
  }
}

/** x with P(shape, x) = probability, unit scale. */
function gammaQuantile(shape: number, probability: number): number {
  let low = 0
  let high = shape + 10 * Math.sqrt(shape) + 30
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2
    if (gammaP(shape, middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
