/**
 * City-local time in words, always with its zone: two cities on one desk must not be confused.
 */
import { perLanguage } from '../../language/say.ts'
import { instantOfWall, localTime } from '../../core/time/zone.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { parseIso } from '../../core/time/instant.ts'

type Style = 'clock' | 'clock-seconds' | 'day' | 'day-year' | 'full'

const OPTIONS: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  clock: { hour: '2-digit', minute: '2-digit' },
  'clock-seconds': { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  'day-year': { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  full: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
}

const formats = perLanguage((region) => {
  const byStyle = new Map<string, Intl.DateTimeFormat>()
  return (style: Style, timeZone: string): Intl.DateTimeFormat => {
    const key = `${style} ${timeZone}`
    let format = byStyle.get(key)
    if (format === undefined) byStyle.set(key, (format = new Intl.DateTimeFormat(region, { ...OPTIONS[style], hourCycle: 'h23', timeZone })))
    return format
  }
})

/** "08:14" */
export function formatClock(ms: number, timeZone: string, options: { readonly seconds?: boolean } = {}): string {
  return formats()(options.seconds === true ? 'clock-seconds' : 'clock', timeZone).format(ms)
}

/** "Fri 20 Nov", and with its year when that is not today's, or when no today is given: "Wed 12 Mar 2025". */
export function formatDay(ms: number, todayMs: number | undefined, timeZone: string): string {
  const isThisYear = todayMs !== undefined && localTime(ms, timeZone).year === localTime(todayMs, timeZone).year
  return formats()(isThisYear ? 'day' : 'day-year', timeZone).format(ms).replace(',', '')
}

/** "Fri 20 Nov 2026, 08:14:05 WET": for titles and tables, where nothing may be left open. */
export function formatFull(ms: number, timeZone: string): string {
  return formats()('full', timeZone).format(ms).replace(',', '')
}

/** "WET", or the offset where the language has no name for the zone. */
export function formatZone(ms: number, timeZone: string): string {
  return formats()('full', timeZone).formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** The time alone on the same local day, else with its day: "08:14", "Thu 19 Nov 22:40", "Wed 12 Mar 2025 08:00". */
export function formatSince(ms: number, nowMs: number, timeZone: string): string {
  const then = localTime(ms, timeZone)
  const now = localTime(nowMs, timeZone)
  const clock = formatClock(ms, timeZone)
  return then.day === now.day && then.month === now.month && then.year === now.year ? clock : `${formatDay(ms, nowMs, timeZone)} ${clock}`
}

/** The instant on the city's clock, to the minute: "2026-11-20T08:14". */
export function toWallInput(ms: number, timeZone: string): string {
  const { year, month, day, hour, minute } = localTime(ms, timeZone)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** The instant at which the city's clock showed such a text; undefined when it is no time. */
export function fromWallInput(text: string, timeZone: string): EpochMs | undefined {
  const parsed = parseIso(text)
  return parsed?.kind === 'zoneless' ? instantOfWall(parsed.wallMs, timeZone) : undefined
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
