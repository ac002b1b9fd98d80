/**
 * Means over hours and days with their data capture, as the directives count them
 * (2008/50/EC Annexes VII and XI, kept by (EU) 2024/2881): an hour needs 75 % of its values, a mean of
 * 8 h 6 of 8, a day and the daily maximum of 8 h means 18 of 24. Too little is no mean, not a low one.
 */

/** Share of an hour's values that makes its mean valid. */
export const HOUR_CAPTURE = 0.75

export interface CapturedMean {
  /** Absent when fewer than asked for were valid. */
  readonly mean?: number
  readonly validCount: number
}

/** Mean of the last `window` values, undefined ones being missing, when at least `minValid` are there. */
export function runningMean(values: readonly (number | undefined)[], window: number, minValid: number): CapturedMean {
  let sum = 0
  let validCount = 0
  for (const value of values.slice(-window)) {
    if (value === undefined) continue
    sum += value
    validCount++
  }
  return validCount >= minValid && validCount > 0 ? { mean: sum / validCount, validCount } : { validCount }
}

export interface MaxDaily8h {
  readonly maxUgM3?: number
  /** 8 h means of the 24 that had 6 of 8 hours. */
  readonly validMeans: number
}

/**
 * Highest of the 24 means of 8 h that end in the day: the first runs from 17:00 the day before to 01:00.
 * `previous7` are the last seven hours of the day before, `day24` the hours of the day.
 */
export function maxDaily8h(previous7: readonly (number | undefined)[], day24: readonly (number | undefined)[]): MaxDaily8h {
  const hours = [...previous7.slice(-7), ...day24]
  let highest: number | undefined
  let validMeans = 0
  for (let end = 8; end <= hours.length; end++) {
    const { mean } = runningMean(hours.slice(end - 8, end), 8, 6)
    if (mean === undefined) continue
    validMeans++
    if (highest === undefined || mean > highest) highest = mean
  }
  return validMeans >= 18 && highest !== undefined ? { maxUgM3: highest, validMeans } : { validMeans }
}

export interface Exceedances {
  readonly exceedances: number
  readonly validDays: number
  /** No more than permitted so far. With days missing it is only what these days show. */
  readonly compliant: boolean
}

/** Days strictly above a limit. */
export function exceedanceDays(dailyMeans: readonly (number | undefined)[], limit: number, permitted: number): Exceedances {
  const valid = dailyMeans.filter((mean) => mean !== undefined)
  const exceedances = valid.filter((mean) => mean > limit).length
  return { exceedances, validDays: valid.length, compliant: exceedances <= permitted }
}
