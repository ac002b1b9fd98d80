/**
 * A share of few with its limits (Wilson 1927): none of nine sensors is not "never", and nine of nine not "always".
 */
import { normalQuantile } from './gamma.ts'
import type { OpenLimits } from './limits.ts'

export interface ShareLimits extends OpenLimits {
  /** 0 to 1; absent when there were none to count. */
  readonly share?: number
}

/** Undefined limits when `n` is 0 or the count is none that `n` could have. */
export function shareLimits(successes: number, n: number, confidence = 0.95): ShareLimits {
  if (!(n > 0) || !(successes >= 0) || successes > n) return {}
  const share = successes / n
  const z = normalQuantile(confidence)
  const square = (z * z) / n
  const middle = share + square / 2
  const reach = z * Math.sqrt((share * (1 - share)) / n + square / (4 * n))
  return {
    share,
    // The formula meets 0 and 1 exactly; rounding does not.
    lower: successes === 0 ? 0 : (middle - reach) / (1 + square),
    upper: successes === n ? 1 : (middle + reach) / (1 + square),
  }
}
