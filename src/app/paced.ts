/**
 * What is made over all sensors while a panel renders, and need not be made anew each time: it stays as it is
 * for as long as its own making took, many times over. A small city's is always of now.
 */

export interface Pace {
  /** Another key is another value, made at once. */
  readonly key: string
  /** It is kept for at least so long: who hears a text is not helped by one that changes while it is said. */
  readonly atLeastMs?: number
}

/** Of the thread, for each value. */
const SHARE = 0.01
/** What took long by the clock was held up by others: its multiple says nothing of the work. */
const LONGEST_REST_MS = 5_000

export function createPaced<T>(now: () => number): (make: () => T, pace: Pace) => T {
  let kept: { readonly key: string; readonly value: T; readonly untilMs: number } | undefined
  return (make, { key, atLeastMs = 0 }) => {
    const startedMs = now()
    if (kept?.key === key && startedMs < kept.untilMs) return kept.value
    const value = make()
    const endedMs = now()
    kept = { key, value, untilMs: endedMs + Math.max(atLeastMs, Math.min((endedMs - startedMs) * (1 / SHARE - 1), LONGEST_REST_MS)) }
    return value
  }
}
