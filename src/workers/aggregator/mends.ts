/**
 * Sensors that a check put right: the broker had changed them, and no notification had told it.
 *
 * A check may be quicker than a notification that is on its way. So what it found waits a moment before it
 * is counted, and is not when the notification comes after all: the number is that of losses, not of races.
 */
export interface Mends {
  add(id: string, nowMs: number): void
  /** A notification tells what the check had found. True when it had. */
  told(id: string): boolean
  /** Counts what has waited long enough. */
  settle(nowMs: number): void
  readonly count: number
  /** Nothing waits: `told` would say no to every sensor. */
  readonly isEmpty: boolean
}

/** Longer than a slow reader waits for its coalesced present, shorter than anyone looks at the number. */
export const ON_ITS_WAY_MS = 10_000

export function createMends(): Mends {
  const waiting = new Map<string, number>()
  let count = 0
  return {
    add(id, nowMs) {
      if (!waiting.has(id)) waiting.set(id, nowMs)
    },
    told: (id) => waiting.delete(id),
    settle(nowMs) {
      for (const [id, sinceMs] of waiting) {
        // In order of age, unless the clock was set: then one round later.
        if (nowMs - sinceMs < ON_ITS_WAY_MS) return
        waiting.delete(id)
        count += 1
      }
    },
    get count() {
      return count
    },
    get isEmpty() {
      return waiting.size === 0
    },
  }
}
