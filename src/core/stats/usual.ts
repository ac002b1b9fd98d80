/**
 * What is usual at a place for this hour: the median of comparable hours, and the band from their 10th to
 * their 90th percentile (type 7, as all percentiles here).
 *
 * Comparable are hours of the same place on the city's clock and the same type of day, over the last eight weeks.
 * Fewer than four weeks of days tell no habit yet, whatever their number of values: that is said instead,
 * with the days there are.
 */
import { DAY_MS, HOUR_MS } from '../time/instant.ts'
import { localDateOf } from '../time/local-day.ts'
import { dayTypeAt, instantOfWall, localTime, type DayType } from '../time/zone.ts'
import { percentiles } from './percentile.ts'

export interface UsualBand {
  readonly median: number
  readonly p10: number
  readonly p90: number
  /** Values that it is made of. */
  readonly samples: number
  /** Days that they come from. */
  readonly days: number
}

/** "no usual yet: 12 of 28 days" */
export interface NoUsualYet {
  readonly haveDays: number
  readonly needDays: number
}

export type Usual = UsualBand | NoUsualYet

/** How far back comparable hours are looked for. */
export const USUAL_DAYS = 56
/** Days that a sensor's history must span before anything is called usual. */
export const NEED_DAYS = 28
/** From fewer days percentiles are the days themselves. */
export const MIN_SAMPLED_DAYS = 4

/** One comparable hour (or a part of it, where the window is shorter). */
export interface UsualSample {
  /** Undefined and NaN: nothing was measured, or only what is not to be believed. */
  readonly value: number | undefined
  readonly atMs: number
}

/**
 * The band of one place. `nowMs` is the instant that is compared: days are counted from the oldest sample that
 * has a value to it, since comparable hours lie days apart.
 */
export function usualOf(samples: Iterable<UsualSample>, nowMs: number): Usual {
  const values: number[] = []
  const days = new Set<number>()
  let oldestMs = Infinity
  for (const { value, atMs } of samples) {
    if (value === undefined || Number.isNaN(value)) continue
    values.push(value)
    // The nearest whole day: quarters of one hour lie on both sides of it.
    days.add(Math.round((nowMs - atMs) / DAY_MS))
    oldestMs = Math.min(oldestMs, atMs)
  }
  const haveDays = values.length === 0 ? 0 : Math.ceil((nowMs - oldestMs) / DAY_MS)
  if (haveDays < NEED_DAYS) return { haveDays, needDays: NEED_DAYS }
  // A history that is long enough and nearly empty: then it is such days that are missing.
  if (days.size < MIN_SAMPLED_DAYS) return { haveDays: days.size, needDays: MIN_SAMPLED_DAYS }
  const [p10, median, p90] = percentiles(values, [10, 50, 90])
  return { median: median!, p10: p10!, p90: p90!, samples: values.length, days: days.size }
}

export function isBand(usual: Usual | undefined): usual is UsualBand {
  return usual !== undefined && 'median' in usual
}

/** What makes two hours of a city comparable. */
export interface HourKind {
  readonly hour: number // 0 to 23
  readonly dayType: DayType
}

/** `holidays`: local dates (`2026-12-25`) that are lived as a Sunday. Without them a holiday counts as its weekday. */
export function hourKindAt(ms: number, timeZone: string, holidays: ReadonlySet<string> = NONE): HourKind {
  const dayType = holidays.has(localDateOf(ms, timeZone)) ? 'sunday' : dayTypeAt(ms, timeZone)
  return { hour: localTime(ms, timeZone).hour, dayType }
}

/**
 * The instant whose hour a window is compared by: its middle. At a quarter past eight the last hour was mostly the
 * seventh; against the eighth, every morning would be "below usual".
 */
export function usualInstant({ windowMs }: { readonly windowMs: number }, windowEndMs: number): number {
  return windowEndMs - windowMs / 2
}

export interface HourSlice {
  readonly fromMs: number // inclusive
  readonly toMs: number // exclusive
}

/**
 * The comparable hours of the eight weeks before the instant, newest first. On the night the clocks go forward the
 * hour may be missing, on the night they go back it is there twice: each day gives at most one, the first.
 */
export function comparableHours(nowMs: number, timeZone: string, holidays: ReadonlySet<string> = NONE): readonly HourSlice[] {
  const { hour, dayType } = hourKindAt(nowMs, timeZone, holidays)
  const { year, month, day } = localTime(nowMs, timeZone)
  const midnightWall = Date.UTC(year, month - 1, day)
  const slices: HourSlice[] = []
  for (let back = 1; back <= USUAL_DAYS; back++) {
    const fromMs = instantOfWall(midnightWall - back * DAY_MS + hour * HOUR_MS, timeZone)
    const found = hourKindAt(fromMs, timeZone, holidays)
    // A skipped hour is given as the one after it: that is another hour.
    if (found.hour === hour && found.dayType === dayType) slices.push({ fromMs, toMs: fromMs + HOUR_MS })
  }
  return slices
}

const NONE: ReadonlySet<string> = new Set()
