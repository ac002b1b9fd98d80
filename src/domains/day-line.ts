/**
 * A day of one layer as a line: the city's value at each quarter of an hour, behind it what is usual.
 *
 * A point is what the city's tile would have said at that instant: over the layer's own window that ends there, by the
 * layer's own statistic, of the sensors that counted then. A quarter that has not been read, or could not be, has no
 * point; one of which nothing was measured has a point without a value. Neither is a zero, and no line leads across.
 */
import type { Usual } from '../core/stats/usual.ts'
import { DAY_MS, MINUTE_MS } from '../core/time/instant.ts'

export const QUARTER_MS = 15 * MINUTE_MS
export const QUARTERS = DAY_MS / QUARTER_MS

export interface DayPoint {
  /** End of its window, exclusive: a whole quarter of an hour. */
  readonly toMs: number
  /** In the headline's unit; absent when nothing was measured. */
  readonly value?: number
  /** Sensors that gave a value, of those that were known. */
  readonly reporting: number
  readonly known: number
}

/** What is usual for the points in a stretch of the day, which all are compared by the same hour. */
export interface DayHour {
  readonly fromMs: number // inclusive
  readonly toMs: number // exclusive
  /** Absent while it is not known whether there is a usual. */
  readonly usual?: Usual
}

export interface DayLine {
  /** The layer's own window. */
  readonly windowMs: number
  /** Ascending; those that are known. */
  readonly points: readonly DayPoint[]
  /** Ascending and without a gap. */
  readonly hours: readonly DayHour[]
  /** More is being read. */
  readonly isUnderWay: boolean
  /** Why a part is missing and will not come, in sentences. */
  readonly problems: readonly string[]
}

/** Ends of the quarters of the 24 hours up to the instant that are over, ascending. */
export function quartersUntil(toMs: number): readonly number[] {
  const last = Math.floor(toMs / QUARTER_MS)
  return Array.from({ length: QUARTERS }, (_, index) => (last - QUARTERS + 1 + index) * QUARTER_MS)
}
