/**
 * For how much of the time that a room is used its air was stale: what officials ask. A room that is good all
 * night says nothing, so only hours of the timetable count.
 */
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../core/time/instant.ts'
import { localDateOf, localDay } from '../../core/time/local-day.ts'
import { dayTypeAt, instantOfWall } from '../../core/time/zone.ts'

/** ppm; asked of schools in several national guides. */
export const STALE_PPM = [1_000, 1_400] as const

export interface Timetable {
  /** Local hours of a workday; the end does not belong to it. */
  readonly fromHour: number
  readonly toHour: number
}

/** Taken where a city gives no timetable: ours, and to be printed. It does not know holidays. */
export const ASSUMED_TIMETABLE: Timetable = { fromHour: 8, toHour: 16 }

export interface Span {
  readonly fromMs: number // inclusive
  readonly toMs: number // exclusive
}

/** School hours between two instants, by the clock on the city's wall. */
export function schoolHours({ fromMs, toMs }: Span, timeZone: string, { fromHour, toHour } = ASSUMED_TIMETABLE): readonly Span[] {
  const spans: Span[] = []
  for (let dayMs = fromMs; ; ) {
    const date = localDateOf(dayMs, timeZone)
    const day = localDay(date, timeZone)
    if (day === undefined || day.startMs >= toMs) break
    if (dayTypeAt(day.startMs, timeZone) === 'workday') {
      const wallMs = Date.parse(`${date}T00:00:00Z`)
      const span = { fromMs: Math.max(fromMs, instantOfWall(wallMs + fromHour * HOUR_MS, timeZone)), toMs: Math.min(toMs, instantOfWall(wallMs + toHour * HOUR_MS, timeZone)) }
      if (span.fromMs < span.toMs) spans.push(span)
    }
    // A day is at least 23 hours long; from its end on it is the next.
    dayMs = Math.max(day.endMs, dayMs + DAY_MS / 24)
  }
  return spans
}

export interface Co2Sample {
  readonly atMs: number
  /** Undefined: the sensor said that it did not know. */
  readonly ppm: number | undefined
}

export interface FractionAbove {
  /** Occupied time of which the CO₂ is known. */
  readonly occupiedS: number
  readonly aboveS: number
  /** Absent when none of the occupied time is known. */
  readonly fraction?: number
}

export interface FractionOptions {
  readonly thresholdPpm: number
  readonly occupied: readonly Span[]
  readonly endMs: number
  /** A sample stands for no longer than this; what follows is unknown. */
  readonly maxHoldMs?: number | undefined
}

/** Each sample stands until the next or the end. Strictly above counts. */
export function fractionAbove(samples: readonly Co2Sample[], { thresholdPpm, occupied, endMs, maxHoldMs = Infinity }: FractionOptions): FractionAbove {
  const ordered = samples.toSorted((a, b) => a.atMs - b.atMs)
  let occupiedMs = 0
  let aboveMs = 0
  ordered.forEach(({ atMs, ppm }, index) => {
    if (ppm === undefined) return
    const untilMs = Math.min(ordered[index + 1]?.atMs ?? endMs, endMs, atMs + maxHoldMs)
    const heldMs = occupied.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(untilMs, toMs) - Math.max(atMs, fromMs)), 0)
    occupiedMs += heldMs
    if (ppm > thresholdPpm) aboveMs += heldMs
  })
  return { occupiedS: occupiedMs / SECOND_MS, aboveS: aboveMs / SECOND_MS, ...(occupiedMs === 0 ? {} : { fraction: aboveMs / occupiedMs }) }
}
