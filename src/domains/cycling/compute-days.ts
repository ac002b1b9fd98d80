/**
 * Counts by local day, and what is made of many days.
 *
 * A day with missing intervals is incomplete, not low, and a day with a clock change has 23 or 25
 * hours: each sum goes with how many intervals it had out of how many.
 */
import { MINUTE_MS } from '../../core/time/instant.ts'
import { expectedIntervals, localDateOf, localDay } from '../../core/time/local-day.ts'

export interface DayCount {
  /** Date in the city, `2025-10-26`. */
  readonly localDate: string
  readonly count: number
  readonly intervals: number
  readonly expectedIntervals: number
  /** 0 to 1. */
  readonly completeness: number
}

/** Counts of equal intervals from `startMs` on; undefined where one is missing. A day of which nothing came is not in the list. */
export function countsByLocalDay(
  counts: readonly (number | undefined)[],
  { startMs, intervalMinutes, timeZone }: { readonly startMs: number; readonly intervalMinutes: number; readonly timeZone: string },
): readonly DayCount[] {
  const intervalMs = intervalMinutes * MINUTE_MS
  const days = new Map<string, { count: number; intervals: number }>()
  counts.forEach((count, index) => {
    if (count === undefined) return
    const localDate = localDateOf(startMs + index * intervalMs, timeZone)
    const day = days.get(localDate) ?? { count: 0, intervals: 0 }
    day.count += count
    day.intervals++
    days.set(localDate, day)
  })
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([localDate, { count, intervals }]) => {
      const expected = expectedIntervals(localDay(localDate, timeZone)!, intervalMs)
      return { localDate, count, intervals, expectedIntervals: expected, completeness: intervals / expected }
    })
}

export interface AnnualAverage {
  /** Annual average daily bicycles: mean over months of the mean over weekdays of the daily mean (AASHTO; FHWA Traffic Monitoring Guide 2022, ch. 3). */
  readonly aadb?: number
  /** Mean of all days: leans to whatever weekday and season happened to be counted. */
  readonly simpleMean?: number
  readonly days: number
}

/** Daily counts by month (`2024-01`) and weekday (any names). */
export function annualAverage(days: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>): AnnualAverage {
  const months: number[] = []
  const all: number[] = []
  for (const weekdays of Object.values(days)) {
    const means: number[] = []
    for (const counts of Object.values(weekdays)) {
      const mean = meanOf(counts)
      if (mean !== undefined) means.push(mean)
      all.push(...counts)
    }
    const mean = meanOf(means)
    if (mean !== undefined) months.push(mean)
  }
  const aadb = meanOf(months)
  const simpleMean = meanOf(all)
  return { days: all.length, ...(aadb === undefined ? {} : { aadb }), ...(simpleMean === undefined ? {} : { simpleMean }) }
}

export interface CounterShares {
  readonly total: number
  /** 0 to 1 by kind; undefined for all when nothing passed. */
  readonly shares: ReadonlyMap<string, number | undefined>
}

/** Shares of what passed one counter: "share at this counter", which is not the modal split of a survey. */
export function sharesAtCounter(counts: ReadonlyMap<string, number>): CounterShares {
  let total = 0
  for (const count of counts.values()) total += count
  return { total, shares: new Map([...counts].map(([kind, count]) => [kind, total === 0 ? undefined : count / total])) }
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
}
