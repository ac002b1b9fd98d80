/**
 * How much fell, from whatever a gauge gives: depths of intervals, rates, or tips of a bucket (a counter
 * is a register as any: core's `registerIncrease`).
 * One litre on a square metre is one millimetre.
 *
 * A missing interval is not a dry one: it is counted beside the sum, and the sum is then "at least".
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'

export interface Accumulation {
  /** Absent when no interval was measured: all missing is not dry. */
  readonly totalMm?: number
  readonly missing: number
  /** True when intervals are missing: it may have been more. */
  readonly isAtLeast: boolean
}

/** Depths of equal intervals; undefined where one is missing. */
export function accumulate(mm: readonly (number | undefined)[]): Accumulation {
  let totalMm = 0
  let missing = 0
  for (const depth of mm) {
    if (depth === undefined) missing++
    else totalMm += depth
  }
  return { missing, isAtLeast: missing > 0, ...(missing === mm.length ? {} : { totalMm }) }
}

export interface RateSample {
  readonly atMs: number
  /** Undefined: the gauge said that it did not know. */
  readonly mmPerHour: number | undefined
}

export interface RateAccumulation {
  readonly totalMm?: number
  readonly coveredS: number
  readonly gapS: number
}

/** Depth from rates, each holding until the next or the end; without an end the last one holds for no time. */
export function accumulateRate(samples: readonly RateSample[], endMs?: number): RateAccumulation {
  const ordered = samples.toSorted((a, b) => a.atMs - b.atMs)
  let mmMs = 0
  let coveredMs = 0
  let gapMs = 0
  ordered.forEach(({ atMs, mmPerHour }, index) => {
    const untilMs = Math.min(ordered[index + 1]?.atMs ?? endMs ?? atMs, endMs ?? Infinity)
    if (untilMs <= atMs) return
    if (mmPerHour === undefined) gapMs += untilMs - atMs
    else {
      coveredMs += untilMs - atMs
      mmMs += mmPerHour * (untilMs - atMs)
    }
  })
  return { coveredS: coveredMs / SECOND_MS, gapS: gapMs / SECOND_MS, ...(coveredMs === 0 ? {} : { totalMm: mmMs / HOUR_MS }) }
}

/** Tips of a bucket, with the mean rate of the time they took; no rate for no time. */
export function tippedRain(tips: number, { mmPerTip, periodS }: { readonly mmPerTip: number; readonly periodS: number }): { readonly totalMm: number; readonly mmPerHour?: number } {
  const totalMm = tips * mmPerTip
  return { totalMm, ...(periodS > 0 ? { mmPerHour: (totalMm * (HOUR_MS / SECOND_MS)) / periodS } : {}) }
}

export interface RollingMaximum {
  readonly maxMm?: number
  /** Index of the first interval of the window; the earliest of equal ones. */
  readonly startIndex?: number
}

/**
 * The most that fell in any whole window: the hour that sewers are built for. A missing interval voids
 * every window it lies in. Nothing when the window is not made of whole intervals.
 */
export function largestRollingSum(mm: readonly (number | undefined)[], { intervalMs, windowMs = 60 * MINUTE_MS }: { readonly intervalMs: number; readonly windowMs?: number }): RollingMaximum {
  const size = windowMs / intervalMs
  if (!Number.isInteger(size) || size < 1) return {}
  let best: RollingMaximum = {}
  for (let start = 0; start + size <= mm.length; start++) {
    const { totalMm, missing } = accumulate(mm.slice(start, start + size))
    if (missing === 0 && totalMm !== undefined && totalMm > (best.maxMm ?? -Infinity)) best = { maxMm: totalMm, startIndex: start }
  }
  return best
}
