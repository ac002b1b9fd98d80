/**
 * How long notifications lately waited between the relay's door and our columns: on the wire, in the
 * browser's buffers, before a worker that is busy. When more comes than can be read, this grows.
 */
import { SECOND_MS } from '../../core/time/instant.ts'

export interface Lag {
  heard(delayMs: number, nowMs: number): void
  /** The longest wait of the last seconds; undefined when nothing came. */
  ms(nowMs: number): number | undefined
}

/** Two of them are what "lately" means: long enough for a figure that can be read, and forgotten soon. */
const SPAN_MS = 2 * SECOND_MS

export function createLag(): Lag {
  let span = Number.NaN
  let longest = Number.NEGATIVE_INFINITY
  let before = Number.NEGATIVE_INFINITY

  function turn(nowMs: number): void {
    const now = Math.floor(nowMs / SPAN_MS)
    if (now === span) return
    before = now === span + 1 ? longest : Number.NEGATIVE_INFINITY
    longest = Number.NEGATIVE_INFINITY
    span = now
  }

  return {
    heard(delayMs, nowMs) {
      turn(nowMs)
      longest = Math.max(longest, delayMs)
    },
    ms(nowMs) {
      turn(nowMs)
      const ms = Math.max(longest, before)
      return ms === Number.NEGATIVE_INFINITY ? undefined : Math.max(0, ms)
    },
  }
}
