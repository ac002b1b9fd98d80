/**
 * Exact limits of a count of rare events (Garwood 1936): zero near misses do not make a street safe,
 * they only bound how unsafe it can be.
 */
import { gammaQuantile } from './gamma.ts'
import type { Limits } from './limits.ts'

/** Two-sided limits of a Poisson mean when `count` events were seen. */
export function poissonLimits(count: number, confidence = 0.95): Limits {
  const tail = (1 - confidence) / 2
  return {
    lower: count === 0 ? 0 : gammaQuantile(count, tail),
    upper: gammaQuantile(count + 1, 1 - tail),
  }
}

export interface Rate extends Limits {
  readonly rate: number
}

/** Events per `per` units of exposure, such as near misses per 1000 km, with exact 95 % limits; undefined without exposure. */
export function poissonRate(events: number, exposure: number, per: number): Rate | undefined {
  if (!(exposure > 0) || !(events >= 0)) return undefined
  const { lower, upper } = poissonLimits(events)
  return { rate: (events / exposure) * per, lower: (lower / exposure) * per, upper: (upper / exposure) * per }
}
