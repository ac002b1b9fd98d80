/** A wall-clock time in parts, as a field shows it: "2026-11-20T08:14". No zone: the clock on the wall has none. */
import { HOUR_MS, MINUTE_MS, DAY_MS } from '../core/time/instant.ts'

export const PARTS = ['year', 'month', 'day', 'hour', 'minute'] as const
export type WallPart = (typeof PARTS)[number]
export type WallParts = Readonly<Record<WallPart, number>>

export function parseWall(text: string): WallParts | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number]
  return { year, month, day, hour, minute }
}

/** With one part typed anew; undefined when that part cannot be so. A day that the month lacks becomes its last. */
export function putInWall(text: string, part: WallPart, value: number): string | undefined {
  const parts = parseWall(text)
  if (parts === undefined || !isPossible(part, value)) return undefined
  return written({ ...parts, [part]: value })
}

/** One step of a part; hours carry into days as on any clock. */
export function stepWall(text: string, part: WallPart, step: 1 | -1): string {
  const parts = parseWall(text)
  if (parts === undefined) return text
  if (part === 'year') return written({ ...parts, year: parts.year + step })
  if (part === 'month') {
    const months = parts.year * 12 + parts.month - 1 + step
    return written({ ...parts, year: Math.floor(months / 12), month: (months % 12) + 1 })
  }
  const unitMs = part === 'day' ? DAY_MS : part === 'hour' ? HOUR_MS : MINUTE_MS
  return new Date(Date.parse(`${text}Z`) + step * unitMs).toISOString().slice(0, 16)
}

function isPossible(part: WallPart, value: number): boolean {
  switch (part) {
    case 'year':
      return value >= 1970 && value <= 9999
    case 'month':
      return value >= 1 && value <= 12
    case 'day':
      return value >= 1 && value <= 31
    case 'hour':
      return value >= 0 && value <= 23
    case 'minute':
      return value >= 0 && value <= 59
  }
}

function written({ year, month, day, hour, minute }: WallParts): string {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(Math.min(day, lastDay))}T${two(hour)}:${two(minute)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
