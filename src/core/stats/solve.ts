/**
 * Where an increasing function reaches a value: by halving, down to the last bit of the argument.
 * Slower than Newton's method and never wrong, whatever the slope; its callers ask once for a screen.
 */

/** Enough halvings to come from 1 to the smallest normal double. */
const MOST_HALVINGS = 1_100

/** The argument between `low` and `high` at which `f` passes `target`; the nearer end when it does not. */
export function solveIncreasing(f: (x: number) => number, target: number, { low, high }: { readonly low: number; readonly high: number }): number {
  let below = low
  let above = high
  for (let i = 0; i < MOST_HALVINGS; i++) {
    const middle = below + (above - below) / 2
    if (middle <= below || middle >= above) break
    if (f(middle) < target) below = middle
    else above = middle
  }
  // Of the two neighbours the one that comes closer: the ends themselves can be the answer.
  return Math.abs(f(below) - target) < Math.abs(f(above) - target) ? below : above
}

/** The same without an upper end: it is doubled until the function has passed the value. */
export function solveIncreasingFrom(f: (x: number) => number, target: number, low = 0): number {
  let step = 1
  while (f(low + step) < target && Number.isFinite(low + 2 * step)) step *= 2
  return solveIncreasing(f, target, { low, high: low + step })
}
