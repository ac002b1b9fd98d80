/**
 * Percentiles by linear interpolation between order statistics: Hyndman and Fan's type 7, the
 * default of numpy and R. Named because ten definitions are in use and small samples tell them apart.
 */

/** The value that `percent` of the sample does not exceed; NaN and undefined are left out. Undefined for an empty sample. */
export function percentile(values: Iterable<number | undefined>, percent: number): number | undefined {
  return percentiles(values, [percent])[0]
}

/** Several percentiles with one sort. */
export function percentiles(values: Iterable<number | undefined>, percents: readonly number[]): readonly (number | undefined)[] {
  const sorted: number[] = []
  for (const value of values) if (value !== undefined && !Number.isNaN(value)) sorted.push(value)
  sorted.sort((a, b) => a - b)
  return percents.map((percent) => {
    if (sorted.length === 0) return undefined
    const place = (Math.min(100, Math.max(0, percent)) / 100) * (sorted.length - 1)
    const low = sorted[Math.floor(place)]!
    const high = sorted[Math.ceil(place)]!
    return low + (high - low) * (place - Math.floor(place))
  })
}
