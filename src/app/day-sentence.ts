/** A day's line in words: the same content for those who do not see the chart. */
import { HOUR_MS } from '../core/time/instant.ts'
import type { ChartPoint, Gap } from '../ui/chart-line.ts'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock } from '../ui/words/clock.ts'
import { formatCount } from '../ui/words/number.ts'

export interface DaySentenceInput {
  /** Ascending. */
  readonly points: readonly ChartPoint[]
  readonly gaps: readonly Gap[]
  readonly timeZone: string
  format(value: number): string
}

export function daySentence({ points, gaps, timeZone, format }: DaySentenceInput): string {
  const [first] = points
  if (first === undefined) return 'No readings in these 24 hours.'
  let lowest = first
  let highest = first
  for (const point of points) {
    if (point.value < lowest.value) lowest = point
    if (point.value > highest.value) highest = point
  }
  const at = ({ ms }: ChartPoint): string => formatClock(ms, timeZone)
  const range =
    lowest.value === highest.value
      ? `constantly ${format(first.value)}`
      : `from ${format(lowest.value)} at ${at(lowest)} to ${format(highest.value)} at ${at(highest)}`
  return `${formatCount(points.length, 'reading', 'readings')}, ${range}${gapWords(gaps, timeZone)}.`
}

function gapWords(gaps: readonly Gap[], timeZone: string): string {
  const [longest] = gaps.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
  if (longest === undefined) return ''
  const length = longest.toMs - longest.fromMs
  const longestWords = `${formatDuration(length)} from ${formatClock(longest.fromMs, timeZone)}`
  if (gaps.length === 1) return `; one gap of ${longestWords}`
  return `; ${gaps.length} gaps, the longest ${length >= HOUR_MS ? longestWords : formatDuration(length)}`
}
