/** A day's line in words: the same content for those who do not see the chart. */
import { HOUR_MS } from '../core/time/instant.ts'
import { say } from '../language/say.ts'
import type { ChartPoint, Gap } from '../ui/chart-line.ts'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock } from '../ui/words/clock.ts'

export interface DaySentenceInput {
  /** Ascending. */
  readonly points: readonly ChartPoint[]
  readonly gaps: readonly Gap[]
  readonly timeZone: string
  format(value: number): string
}

export function daySentence({ points, gaps, timeZone, format }: DaySentenceInput): string {
  const [first] = points
  if (first === undefined) return say({ id: 'day.noReadings', defaultMessage: 'No readings in these 24 hours.' })
  let lowest = first
  let highest = first
  for (const point of points) {
    if (point.value < lowest.value) lowest = point
    if (point.value > highest.value) highest = point
  }
  const at = ({ ms }: ChartPoint): string => formatClock(ms, timeZone)
  const range =
    lowest.value === highest.value
      ? say({ id: 'day.constant', defaultMessage: 'constantly {value}' }, { value: format(first.value) })
      : say({ id: 'day.range', defaultMessage: 'from {low} at {lowAt} to {high} at {highAt}' }, { low: format(lowest.value), lowAt: at(lowest), high: format(highest.value), highAt: at(highest) })
  const values = { count: points.length, range, gaps: gapWords(gaps, timeZone) }
  return gaps.length === 0
    ? say({ id: 'day.readings', defaultMessage: '{count, plural, one {# reading} other {# readings}}, {range}.' }, values)
    : say({ id: 'day.readingsGaps', defaultMessage: '{count, plural, one {# reading} other {# readings}}, {range}; {gaps}.' }, values)
}

function gapWords(gaps: readonly Gap[], timeZone: string): string {
  const [longest] = gaps.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
  if (longest === undefined) return ''
  const length = longest.toMs - longest.fromMs
  const longestWords = say({ id: 'day.gapFrom', defaultMessage: '{length} from {clock}' }, { length: formatDuration(length), clock: formatClock(longest.fromMs, timeZone) })
  if (gaps.length === 1) return say({ id: 'day.oneGap', defaultMessage: 'one gap of {gap}' }, { gap: longestWords })
  return say({ id: 'day.gaps', defaultMessage: '{count} gaps, the longest {gap}' }, { count: gaps.length, gap: length >= HOUR_MS ? longestWords : formatDuration(length) })
}
