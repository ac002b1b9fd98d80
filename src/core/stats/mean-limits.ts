/**
 * Means over sensors with their 95 % limits (Student's t), their difference (Welch 1947), and the
 * energetic mean of levels.
 *
 * What a network's sensors say is one sample of the city, and not one drawn at random: the limits tell
 * how much of a difference the number of sensors alone explains. One sensor has a mean and no limits.
 */
import type { OpenLimits } from './limits.ts'
import { studentQuantile } from './student-t.ts'

const CONFIDENCE = 0.95

export interface MeanLimits extends OpenLimits {
  /** Absent without sensors. */
  readonly mean?: number
  /** Standard deviation of the sample (n − 1); absent below two. */
  readonly sd?: number
  readonly n: number
}

/** Undefined values and NaN are left out. */
export function meanLimits(values: Iterable<number | undefined>, confidence = CONFIDENCE): MeanLimits {
  const { n, mean, sd } = momentsOf(values)
  if (mean === undefined) return { n }
  if (sd === undefined) return { n, mean }
  const reach = (studentQuantile(confidence, n - 1) * sd) / Math.sqrt(n)
  return { n, mean, sd, lower: mean - reach, upper: mean + reach }
}

export interface Difference extends OpenLimits {
  /** Mean of `a` minus mean of `b`; absent when either has none. */
  readonly difference?: number
  /** Welch–Satterthwaite degrees of freedom. */
  readonly df?: number
  /** Do the limits leave out zero? Without limits nothing is told apart. */
  readonly distinguishable: boolean
}

/** The difference of two means with unequal spreads; limits need two values on both sides, of which not all are the same. */
export function meanDifference(a: Iterable<number | undefined>, b: Iterable<number | undefined>, confidence = CONFIDENCE): Difference {
  const one = momentsOf(a)
  const other = momentsOf(b)
  if (one.mean === undefined || other.mean === undefined) return { distinguishable: false }
  const difference = one.mean - other.mean
  if (one.sd === undefined || other.sd === undefined) return { difference, distinguishable: false }
  const squareA = one.sd ** 2 / one.n
  const squareB = other.sd ** 2 / other.n
  const square = squareA + squareB
  if (!(square > 0)) return { difference, distinguishable: false }
  const df = square ** 2 / (squareA ** 2 / (one.n - 1) + squareB ** 2 / (other.n - 1))
  const reach = studentQuantile(confidence, df) * Math.sqrt(square)
  const lower = difference - reach
  const upper = difference + reach
  return { difference, df, lower, upper, distinguishable: lower > 0 || upper < 0 }
}

export interface LevelLimits extends OpenLimits {
  /** Energetic mean, dB; absent without sensors. */
  readonly level?: number
  readonly n: number
}

/**
 * Limits of an energetic mean: Student's t on the powers 10^(L/10), turned back into levels. One loud street
 * can spread the powers so far that the lower limit is no power at all: then it does not exist.
 */
export function energeticLimits(levels: Iterable<number | undefined>, confidence = CONFIDENCE): LevelLimits {
  const powers: number[] = []
  for (const level of levels) if (level !== undefined && !Number.isNaN(level)) powers.push(10 ** (level / 10))
  const { n, mean, lower, upper } = meanLimits(powers, confidence)
  return {
    n,
    ...(mean === undefined ? {} : { level: levelOf(mean) }),
    ...(lower === undefined || lower <= 0 ? {} : { lower: levelOf(lower) }),
    ...(upper === undefined ? {} : { upper: levelOf(upper) }),
  }
}

function levelOf(power: number): number {
  return 10 * Math.log10(power)
}

/** Two passes: a sum of squares minus a square would lose the digits of values that lie close together. */
function momentsOf(values: Iterable<number | undefined>): { readonly n: number; readonly mean?: number; readonly sd?: number } {
  const present: number[] = []
  for (const value of values) if (value !== undefined && !Number.isNaN(value)) present.push(value)
  const n = present.length
  if (n === 0) return { n }
  const mean = present.reduce((a, b) => a + b, 0) / n
  if (n === 1) return { n, mean }
  return { n, mean, sd: Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)) }
}
