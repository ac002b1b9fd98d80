/**
 * City-local time: the platform's own zone database through `Intl`, with the offsets kept,
 * because formatting costs microseconds and a chart asks thousands of times.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from './instant.ts'

/** What a clock on a wall in the city shows. */
export interface LocalTime {
  readonly year: number
  readonly month: number // 1 to 12
  readonly day: number // 1 to 31
  readonly hour: number // 0 to 23
  readonly minute: number
  readonly second: number
  /** 1 Monday to 7 Sunday (ISO 8601). */
  readonly weekday: number
  /** Local minus UTC, minutes. */
  readonly offsetMinutes: number
}

export type DayType = 'workday' | 'saturday' | 'sunday'

const QUARTER_MS = 15 * MINUTE_MS // offsets change only at whole quarter hours in every zone of today
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()

/** Local minus UTC in minutes at the instant. Throws RangeError for a zone the platform does not know. */
export function offsetMinutesAt(instantMs: number, timeZone: string): number {
  const slot = Math.floor(instantMs / QUARTER_MS)
  let known = offsets.get(timeZone)
  if (known === undefined) offsets.set(timeZone, (known = new Map()))
  const cached = known.get(slot)
  if (cached !== undefined) return cached
  if (known.size > 20_000) known.clear()
  const offset = computeOffset(slot * QUARTER_MS, timeZone)
  known.set(slot, offset)
  return offset
}

export function localTime(instantMs: number, timeZone: string): LocalTime {
  const offsetMinutes = offsetMinutesAt(instantMs, timeZone)
  const wall = new Date(instantMs + offsetMinutes * MINUTE_MS)
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    weekday: wall.getUTCDay() || 7,
    offsetMinutes,
  }
}

/** Local hour with its fraction, 0 to 24: what daily rhythms are drawn over. */
export function localHourOfDay(instantMs: number, timeZone: string): number {
  const wallMs = instantMs + offsetMinutesAt(instantMs, timeZone) * MINUTE_MS
  return (((wallMs % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS
}

export function dayTypeAt(instantMs: number, timeZone: string): DayType {
  const { weekday } = localTime(instantMs, timeZone)
  return weekday === 7 ? 'sunday' : weekday === 6 ? 'saturday' : 'workday'
}

/**
 * The instant at which a local clock showed `wallMs` (the wall time read as UTC).
 * An hour that occurs twice gives its first occurrence, one that is skipped the instant after the
 * jump by the same amount: the rule of RFC 5545 and of Temporal's "compatible".
 */
export function instantOfWall(wallMs: number, timeZone: string): EpochMs {
  const before = offsetMinutesAt(wallMs - DAY_MS, timeZone)
  const after = offsetMinutesAt(wallMs + DAY_MS, timeZone)
  const early = wallMs - before * MINUTE_MS
  if (offsetMinutesAt(early, timeZone) === before) return early as EpochMs
  const late = wallMs - after * MINUTE_MS
  if (offsetMinutesAt(late, timeZone) === after) return late as EpochMs
  return early as EpochMs
}

/** Is it a zone this platform can tell the time of? */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false // RangeError is how Intl says "unknown"; there is no query for it
  }
}

function computeOffset(instantMs: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instantMs)
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour') % 24, read('minute'), read('second'))
  return Math.round((wall - instantMs) / MINUTE_MS)
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timeZone, format)
  }
  return format
}
