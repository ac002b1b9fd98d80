/**
 * Rhythms of a week in city-local time: 168 hourly values, drawn smoothly.
 * The clock on the wall decides, so rush hour moves with daylight saving time as people do.
 */
import { HOUR_MS } from './instant.ts'
import { offsetMinutesAt } from './zone.ts'

export const WEEK_HOURS = 168

// 1970-01-01 was a Thursday: the first Monday came four days later.
const FIRST_MONDAY_HOURS = 4 * 24

/** Hourly values from Monday 00:00 on. A value stands for its full hour's beginning; between them runs a straight line. */
export type WeekRhythm = readonly number[]

/** A week out of three kinds of days, 24 values each. */
export function weekRhythm(workday: readonly number[], saturday: readonly number[], sunday: readonly number[]): WeekRhythm {
  return [...Array.from({ length: 5 }, () => workday).flat(), ...saturday, ...sunday]
}

/** Hours since Monday 00:00 on the city's clock, 0 to 168. */
export function localHourOfWeek(ms: number, timeZone: string): number {
  const wallHours = ms / HOUR_MS + offsetMinutesAt(ms, timeZone) / 60 - FIRST_MONDAY_HOURS
  return ((wallHours % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS
}

export function rhythmAt(rhythm: WeekRhythm, hourOfWeek: number): number {
  const hour = Math.floor(hourOfWeek)
  const a = rhythm[hour % WEEK_HOURS]!
  const b = rhythm[(hour + 1) % WEEK_HOURS]!
  return a + (b - a) * (hourOfWeek - hour)
}

/**
 * Integral of the rhythm, in value·hours, from Monday 00:00 to the hour of the week (0 to 168).
 * `sums` comes from `rhythmSums`: whole hours are looked up, the rest is one trapezium.
 */
export function rhythmIntegral(rhythm: WeekRhythm, sums: readonly number[], hourOfWeek: number): number {
  const hour = Math.min(Math.floor(hourOfWeek), WEEK_HOURS)
  const rest = hourOfWeek - hour
  if (rest === 0) return sums[hour]!
  return sums[hour]! + ((rhythm[hour]! + rhythmAt(rhythm, hourOfWeek)) / 2) * rest
}

/** Running integral at each whole hour: 169 values, the last is the week's. */
export function rhythmSums(rhythm: WeekRhythm): readonly number[] {
  const sums = [0]
  for (let hour = 0; hour < WEEK_HOURS; hour++) sums.push(sums[hour]! + (rhythm[hour]! + rhythm[(hour + 1) % WEEK_HOURS]!) / 2)
  return sums
}
