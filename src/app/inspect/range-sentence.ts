/** A week's or a month's line in words: its ends, on which day. */
import { say } from '../../language/say.ts'
import type { ChartPoint } from '../../ui/chart-line.ts'
import { formatClock, formatDay } from '../../ui/words/clock.ts'

export interface RangeSentenceInput {
  /** Ascending. */
  readonly points: readonly ChartPoint[]
  readonly timeZone: string
  format(value: number): string
}

export function rangeSentence({ points, timeZone, format }: RangeSentenceInput): string {
  const [first] = points
  if (first === undefined) return say({ id: 'inspect.rangeEmpty', defaultMessage: 'No readings in this time.' })
  let lowest = first
  let highest = first
  for (const point of points) {
    if (point.value < lowest.value) lowest = point
    if (point.value > highest.value) highest = point
  }
  if (lowest.value === highest.value) return say({ id: 'inspect.rangeConstant', defaultMessage: 'Constantly {value}.' }, { value: format(first.value) })
  const at = ({ ms }: ChartPoint): string => `${formatDay(ms, points.at(-1)!.ms, timeZone)} ${formatClock(ms, timeZone)}`
  return say({ id: 'inspect.rangeEnds', defaultMessage: 'From {low} on {lowAt} to {high} on {highAt}.' }, { low: format(lowest.value), lowAt: at(lowest), high: format(highest.value), highAt: at(highest) })
}
