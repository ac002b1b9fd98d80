/**
 * The gamma function and its regularised incomplete integral: what the exact limits of counts are
 * made of, and, at shape ½, the normal distribution.
 *
 * Both tails are computed where they are small (series DLMF 8.11.4, continued fraction DLMF 8.9.2), never as
 * 1 minus the other: a probability of 10⁻²⁰ is as exact as one of ½.
 */
import { solveIncreasingFrom } from './solve.ts'

/** Probability on either side of a point; they add up to 1. */
export interface Tails {
  readonly lower: number
  readonly upper: number
}

/** P(a, x) and Q(a, x), for `a` above 0. */
export function gammaTails(a: number, x: number): Tails {
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (x === Infinity) return { lower: 1, upper: 0 }
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a))
  if (x < a + 1) {
    const lower = clamp(series(a, x) * scale)
    return { lower, upper: 1 - lower }
  }
  const upper = clamp(fraction(a, x) * scale)
  return { lower: 1 - upper, upper }
}

/** Regularised lower incomplete gamma function P(a, x). */
export function gammaP(a: number, x: number): number {
  return gammaTails(a, x).lower
}

/** x with P(shape, x) = probability, unit scale; Infinity for a probability of 1. */
export function gammaQuantile(shape: number, probability: number): number {
  if (!(probability > 0)) return 0
  if (probability >= 1) return Infinity
  return probability < 0.5
    ? solveIncreasingFrom((x) => gammaTails(shape, x).lower, probability)
    : solveIncreasingFrom((x) => -gammaTails(shape, x).upper, probability - 1)
}

/** z with P(|Z| ≤ z) = confidence for a standard normal Z: 1.96 for 95 %. P(|Z| ≤ z) = P(½, z²/2), DLMF 7.11.1. */
export function normalQuantile(confidence: number): number {
  return Math.sqrt(2 * gammaQuantile(0.5, confidence))
}

// Lanczos approximation, g = 7, n = 9 (relative error below 1e-15 for the positive arguments used here).
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
]

export function logGamma(x: number): number {
  const z = x - 1
  const t = z + 7.5
  let sum = LANCZOS[0]!
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i)
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

const MOST_TERMS = 10_000

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MOST_TERMS && term > sum * 1e-16; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** Lentz's method on the continued fraction of Q(a, x). */
function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let product = d
  for (let n = 1; n < MOST_TERMS; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    const factor = d * c
    product *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return product
}

// Rounding can carry a probability a few digits of the last place past 1.
function clamp(probability: number): number {
  return Math.min(1, Math.max(0, probability))
}
