/**
 * The regularised incomplete beta function and its inverse: the distribution of shares, and of Student's t.
 *
 * The continued fraction (DLMF 8.17.22) converges fast on one side of the mean only; on the other the
 * symmetry I_x(a, b) = 1 − I_{1−x}(b, a) (DLMF 8.17.4) is used. 1 − x is an argument of its own, because near
 * x = 1 it can be known better than the difference.
 */
import { logGamma, type Tails } from './gamma.ts'
import { solveIncreasing } from './solve.ts'

const MOST_TERMS = 10_000
// Lentz's method divides by what may vanish on the way; this much is nothing beside any term.
const TINY = 1e-300

/** I_x(a, b) and 1 − I_x(a, b), for `a` and `b` above 0 and x from 0 to 1. */
export function betaTails(x: number, a: number, b: number, y = 1 - x): Tails {
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (!(y > 0)) return { lower: 1, upper: 0 }
  const scale = Math.exp(a * Math.log(x) + b * Math.log(y) + logGamma(a + b) - logGamma(a) - logGamma(b))
  if (x < (a + 1) / (a + b + 2)) {
    const lower = clamp((scale * fraction(x, a, b)) / a)
    return { lower, upper: 1 - lower }
  }
  const upper = clamp((scale * fraction(y, b, a)) / b)
  return { lower: 1 - upper, upper }
}

/** x with I_x(a, b) = probability. */
export function betaQuantile(a: number, b: number, probability: number): number {
  if (!(probability > 0)) return 0
  if (probability >= 1) return 1
  return probability < 0.5
    ? solveIncreasing((x) => betaTails(x, a, b).lower, probability, { low: 0, high: 1 })
    : solveIncreasing((x) => -betaTails(x, a, b).upper, probability - 1, { low: 0, high: 1 })
}

/** Lentz's method on the continued fraction of I_x(a, b). */
function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let product = d
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    product *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const factor = d * c
    product *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return product
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

// Rounding can carry a probability a few digits of the last place past 1.
function clamp(probability: number): number {
  return Math.min(1, Math.max(0, probability))
}
