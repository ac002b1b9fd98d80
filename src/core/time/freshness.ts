/**
 * How fresh a value is, by the broker's clock, against how often it should come.
 * The thresholds are the product's own (UX: stale over 2 intervals, lost over 6 or a day).
 */
import { DAY_MS, MINUTE_MS } from './instant.ts'

/** In order of worry; the index is what frames carry, one byte a sensor. */
export const FRESHNESS = ['fresh', 'ageing', 'stale', 'lost', 'clock-error'] as const
export type Freshness = (typeof FRESHNESS)[number]

/** A stamp this far in the future is a clock that is wrong, never a fresh value. */
export const FUTURE_TOLERANCE_MS = 2 * MINUTE_MS

/** From how many expected intervals on a value is called so. A day makes any value lost. */
export const AGEING_INTERVALS = 1.25
export const STALE_INTERVALS = 2
export const LOST_INTERVALS = 6

/** `ageMs` is broker time minus `observedAt`; `expectedMs` the interval at which the sensor should report. */
export function freshnessOf(ageMs: number, expectedMs: number): Freshness {
  return FRESHNESS[freshnessCodeOf(ageMs, expectedMs)]!
}

export function freshnessCode(freshness: Freshness): number {
  return FRESHNESS.indexOf(freshness)
}

const [FRESH, AGEING, STALE, LOST, CLOCK_ERROR] = FRESHNESS.map(freshnessCode) as [number, number, number, number, number]

/** The code of `freshnessOf`, for many sensors. */
export function freshnessCodeOf(ageMs: number, expectedMs: number): number {
  if (ageMs < -FUTURE_TOLERANCE_MS) return CLOCK_ERROR
  if (ageMs > Math.min(STALE_INTERVALS * expectedMs, DAY_MS)) return ageMs > Math.min(LOST_INTERVALS * expectedMs, DAY_MS) ? LOST : STALE
  return ageMs > AGEING_INTERVALS * expectedMs ? AGEING : FRESH
}

/** Greatest age of that freshness, after which another follows (before it, of a clock that runs ahead); Infinity when none does. */
export function freshnessEndMs(code: number, expectedMs: number): number {
  if (code === CLOCK_ERROR) return -FUTURE_TOLERANCE_MS
  if (code === LOST) return Infinity
  return Math.min((code === FRESH ? AGEING_INTERVALS : code === AGEING ? STALE_INTERVALS : LOST_INTERVALS) * expectedMs, DAY_MS)
}
