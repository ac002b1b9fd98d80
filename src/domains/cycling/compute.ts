/**
 * Bicycles per hour over a window: what was counted, divided by the time that was counted.
 *
 * A count belongs to its interval. Counts add up only with their intervals, so a counter that missed
 * a quarter of an hour shows the rate of the other three, not a fall.
 */
import { HOUR_MS, SECOND_MS } from '../../core/time/instant.ts'

/** Running sums of one window. */
export interface CountSum {
  readonly bicycles: number
  readonly durationS: number
}

export const EMPTY_COUNT: CountSum = { bicycles: 0, durationS: 0 }

export function addCount(sum: CountSum, bicycles: number, durationS: number): CountSum {
  return { bicycles: sum.bicycles + bicycles, durationS: sum.durationS + durationS }
}

export function mergeCounts(a: CountSum, b: CountSum): CountSum {
  return addCount(a, b.bicycles, b.durationS)
}

/** Bicycles per hour, or undefined when no time was counted: an empty street counts 0, a dead counter nothing. */
export function bicyclesPerHour(sum: CountSum): number | undefined {
  return sum.durationS === 0 ? undefined : (sum.bicycles / sum.durationS) * (HOUR_MS / SECOND_MS)
}
