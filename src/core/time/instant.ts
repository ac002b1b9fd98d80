/**
 * Instants: milliseconds since 1970-01-01T00:00Z, and their ISO 8601 text.
 *
 * `Date.parse` accepts too much (it guesses), so what a broker sends is read by hand:
 * a zone is required unless the caller says what a zoneless time means.
 */
declare const epochMs: unique symbol
export type EpochMs = number & { readonly [epochMs]: true }

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

export type ParsedInstant =
  | { readonly kind: 'instant'; readonly ms: EpochMs }
  /** No zone given: `ms` is the wall clock read as if it were UTC. */
  | { readonly kind: 'zoneless'; readonly wallMs: number }

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/** Reads ISO 8601 calendar dates and times, fractions to the nanosecond (kept to the millisecond). Undefined when it is not one. */
export function parseIso(text: string): ParsedInstant | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const y = Number(year)
  const mo = Number(month)
  const d = Number(day)
  const h = Number(hour)
  const mi = Number(minute)
  const s = Number(second)
  if (mo < 1 || mo > 12 || d < 1 || d > daysInMonth(y, mo) || h > 24 || mi > 59 || s > 60) return undefined
  if (h === 24 && (mi > 0 || s > 0)) return undefined
  // Date.UTC reads years 0 to 99 as 1900 to 1999; no sensor is that old.
  const wallMs = Date.UTC(y, mo - 1, d, h, mi, s) + Number(fraction.slice(0, 3).padEnd(3, '0'))
  if (zone === undefined) return { kind: 'zoneless', wallMs }
  return { kind: 'instant', ms: (wallMs - zoneMinutes(zone) * MINUTE_MS) as EpochMs }
}

/** `parseIso` for where a zone is mandatory, as NGSI-LD demands of `observedAt`. */
export function parseInstant(text: string): EpochMs | undefined {
  const parsed = parseIso(text)
  return parsed?.kind === 'instant' ? parsed.ms : undefined
}

/** `2026-11-20T08:14:05.123Z`; milliseconds left out when zero. */
export function formatInstant(ms: EpochMs | number): string {
  const text = new Date(ms).toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0'))
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
