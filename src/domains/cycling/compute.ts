/**
 * Bicycles per hour over a window: what was counted, divided by the time that was counted.
 *
 * A count belongs to its interval. Counts add up only with their intervals, so a counter that missed
 * a quarter of an hour shows the rate of the other three, not a fall.
 */
import { HOUR_MS, SECOND_MS } from '../../core/time/instant.ts'

/** Bicycles per hour, or undefined when no time was counted: an empty street counts 0, a dead counter nothing. */
export function bicyclesPerHour(bicycles: number, durationS: number): number | undefined {
  return durationS === 0 ? undefined : (bicycles / durationS) * (HOUR_MS / SECOND_MS)
}
