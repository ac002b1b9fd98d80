/** How fast a measured quantity grows: the line of least squares through its samples. */

const HOUR_MS = 3_600_000

/** NaN of fewer than three samples: two always lie on a line. */
export function slopePerHour(samples: readonly { readonly atMs: number; readonly value: number }[]): number {
  const n = samples.length
  if (n < 3) return Number.NaN
  const meanX = samples.reduce((sum, { atMs }) => sum + atMs, 0) / n
  const meanY = samples.reduce((sum, { value }) => sum + value, 0) / n
  const covariance = samples.reduce((sum, { atMs, value }) => sum + (atMs - meanX) * (value - meanY), 0)
  const variance = samples.reduce((sum, { atMs }) => sum + (atMs - meanX) ** 2, 0)
  return (covariance / variance) * HOUR_MS
}
