/** How fast a measured quantity grows: the line of least squares through its samples. */
import { studentQuantile } from '../../src/core/stats/student-t.ts'

const HOUR_MS = 3_600_000

export interface Slope {
  readonly perHour: number
  /** Half the width of its 95 % interval, were the samples independent: a slope that is not larger may be none. */
  readonly within: number
}

/** NaN of fewer than three samples: two always lie on a line. */
export function slopeOf(samples: readonly { readonly atMs: number; readonly value: number }[]): Slope {
  const n = samples.length
  if (n < 3) return { perHour: Number.NaN, within: Number.NaN }
  const meanX = samples.reduce((sum, { atMs }) => sum + atMs, 0) / n
  const meanY = samples.reduce((sum, { value }) => sum + value, 0) / n
  const covariance = samples.reduce((sum, { atMs, value }) => sum + (atMs - meanX) * (value - meanY), 0)
  const variance = samples.reduce((sum, { atMs }) => sum + (atMs - meanX) ** 2, 0)
  const slope = covariance / variance
  const left = samples.reduce((sum, { atMs, value }) => sum + (value - meanY - slope * (atMs - meanX)) ** 2, 0)
  const error = Math.sqrt(left / (n - 2) / variance)
  return { perHour: slope * HOUR_MS, within: studentQuantile(0.95, n - 2) * error * HOUR_MS }
}
