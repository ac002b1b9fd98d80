/**
 * Student's t distribution: how far the mean of a few sensors may lie from what many would show.
 * Degrees of freedom need not be whole: Welch's are not.
 */
import { betaTails } from './beta.ts'
import { solveIncreasingFrom } from './solve.ts'

/** P(|T| > t) for t from 0 on (DLMF 8.17: I_x(df/2, ½) at x = df / (df + t²)). */
export function studentTail(t: number, df: number): number {
  const square = t * t
  if (square === Infinity) return 0
  return betaTails(df / (df + square), df / 2, 0.5, square / (df + square)).lower
}

/** t with P(|T| ≤ t) = confidence: 2.776 for 95 % and 4 degrees of freedom. */
export function studentQuantile(confidence: number, df: number): number {
  const tail = 1 - confidence
  if (!(tail > 0)) return Infinity
  return solveIncreasingFrom((t) => -studentTail(t, df), -tail)
}
