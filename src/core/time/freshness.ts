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
  if (ageMs < -FUTURE_TOLERANCE_MS) return 'clock-error'
  if (ageMs > LOST_INTERVALS * expectedMs || ageMs > DAY_MS) return 'lost'
  if (ageMs > STALE_INTERVALS * expectedMs) return 'stale'
  return ageMs > AGEING_INTERVALS * expectedMs ? 'ageing' : 'fresh'
}

/** The same by codes, for many values that should come as often: in which state one is, and until when. */
export interface FreshnessJudge {
  codeOf(ageMs: number): number
  /** Greatest age at which a value is still in the state; Infinity when no other follows. */
  lastAgeMs(code: number): number
}

export function createFreshnessJudge(expectedMs: number): FreshnessJudge {
  const ageingMs = Math.min(AGEING_INTERVALS * expectedMs, DAY_MS)
  const staleMs = Math.min(STALE_INTERVALS * expectedMs, DAY_MS)
  const lostMs = Math.min(LOST_INTERVALS * expectedMs, DAY_MS)
  const lastAges = FRESHNESS.map((freshness) => ({ fresh: ageingMs, ageing: staleMs, stale: lostMs, lost: Infinity, 'clock-error': -FUTURE_TOLERANCE_MS })[freshness])
  const [fresh, ageing, stale, lost, clockError] = FRESHNESS.map(freshnessCode) as [number, number, number, number, number]
  return {
    codeOf(ageMs) {
      if (ageMs < -FUTURE_TOLERANCE_MS) return clockError
      if (ageMs > staleMs) return ageMs > lostMs ? lost : stale
      return ageMs > ageingMs ? ageing : fresh
    },
    lastAgeMs: (code) => lastAges[code]!,
  }
}

export function freshnessCode(freshness: Freshness): number {
  return FRESHNESS.indexOf(freshness)
}
