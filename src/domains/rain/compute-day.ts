/**
 * A gauge's readings laid out as equal intervals, so that what is missing between them can be seen.
 *
 * Gauges report at some phase of their own; the newest reading sets it. One that came irregularly, or
 * with intervals of different length, has no such row, and no sum is made up for it.
 */

export interface DepthReading {
  /** End of its interval. */
  readonly atMs: number
  readonly periodMs: number | undefined
  /** Undefined: it said nothing usable. */
  readonly mm: number | undefined
}

export interface DepthRow {
  readonly intervalMs: number
  /** End of the first interval. */
  readonly firstEndMs: number
  /** Undefined where an interval is missing. */
  readonly mm: readonly (number | undefined)[]
}

/** Intervals that end after `fromMs` and no later than `toMs`; the one that is just due is not yet missing. */
export function depthRow(readings: readonly DepthReading[], { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): DepthRow | undefined {
  const inside = readings.filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
  const intervalMs = inside[0]?.periodMs
  if (intervalMs === undefined || !(intervalMs > 0) || inside.some(({ periodMs }) => periodMs !== intervalMs)) return undefined
  const newestMs = inside.reduce((newest, { atMs }) => Math.max(newest, atMs), -Infinity)
  const endMs = newestMs + Math.max(0, Math.floor((toMs - newestMs) / intervalMs) - 1) * intervalMs
  const count = Math.ceil((endMs - fromMs) / intervalMs)
  const mm: (number | undefined)[] = Array.from({ length: count })
  for (const reading of inside) {
    const index = count - 1 - Math.round((endMs - reading.atMs) / intervalMs)
    if (index >= 0 && reading.mm !== undefined) mm[index] = reading.mm
  }
  return { intervalMs, firstEndMs: endMs - (count - 1) * intervalMs, mm }
}
