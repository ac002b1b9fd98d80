/**
 * Calendar days of a city: 23, 24 or 25 hours long. A day's sum is only comparable with another's when
 * it is known how many intervals the day had.
 */
import { DAY_MS, HOUR_MS, type EpochMs } from './instant.ts'
import { instantOfWall, offsetMinutesAt } from './zone.ts'

const MINUTE = 60_000

/** `2025-10-26`: the date on a wall in the city. */
export function localDateOf(instantMs: number, timeZone: string): string {
  return new Date(instantMs + offsetMinutesAt(instantMs, timeZone) * MINUTE).toISOString().slice(0, 10)
}

export interface LocalDay {
  readonly startMs: EpochMs // inclusive
  readonly endMs: EpochMs // exclusive
}

/** Undefined when `date` is no calendar date such as `2025-10-26`. */
export function localDay(date: string, timeZone: string): LocalDay | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined
  const wallMs = Date.parse(`${date}T00:00:00Z`)
  // Date.parse takes 30 February for 1 or 2 March.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 10) !== date) return undefined
  return { startMs: instantOfWall(wallMs, timeZone), endMs: instantOfWall(wallMs + DAY_MS, timeZone) }
}

/** How many intervals of that length the day holds: 92, 96 or 100 quarter hours. */
export function expectedIntervals(day: LocalDay, intervalMs: number): number {
  return Math.round((day.endMs - day.startMs) / intervalMs)
}

export function lengthHours(day: LocalDay): number {
  return (day.endMs - day.startMs) / HOUR_MS
}
