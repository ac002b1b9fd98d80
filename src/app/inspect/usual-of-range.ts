/**
 * What is usual over every hour of a long chart: of a month of hourly values, those of the same local hour and kind
 * of day. The eight weeks that the value itself is compared with are only known for its own hour.
 */
import { hourKindAt, isBand, usualOf, type Usual, type UsualSample } from '../../core/stats/usual.ts'
import { HOUR_MS } from '../../core/time/instant.ts'
import type { ChartBand } from '../../ui/chart.tsx'
import type { HistoryStep } from '../../workers/city.messages.ts'

export interface UsualOfRange {
  /** The month. */
  readonly steps: readonly HistoryStep[]
  /** The part of the axis. */
  readonly fromMs: number
  readonly toMs: number
  readonly timeZone: string
  readonly holidays: readonly string[]
}

export function bandsOver({ steps, fromMs, toMs, timeZone, holidays }: UsualOfRange): readonly ChartBand[] {
  const days = new Set(holidays)
  const kindOf = (ms: number): string => {
    const { hour, dayType } = hourKindAt(ms, timeZone, days)
    return `${dayType} ${hour}`
  }
  const samples = new Map<string, UsualSample[]>()
  for (const { fromMs: atMs, value } of steps) {
    const kind = kindOf(atMs)
    const known = samples.get(kind)
    if (known === undefined) samples.set(kind, [{ value, atMs }])
    else known.push({ value, atMs })
  }
  const usual = new Map<string, Usual>()
  const bands: ChartBand[] = []
  for (let ms = Math.floor(fromMs / HOUR_MS) * HOUR_MS; ms < toMs; ms += HOUR_MS) {
    const kind = kindOf(ms)
    let found = usual.get(kind)
    if (found === undefined) usual.set(kind, (found = usualOf(samples.get(kind) ?? [], toMs)))
    if (isBand(found)) bands.push({ fromMs: ms, toMs: ms + HOUR_MS, low: found.p10, middle: found.median, high: found.p90 })
  }
  return bands
}
