/**
 * How long to wait before the next try: exponential with full jitter and a cap, so that a thousand
 * browsers that lost one relay do not come back in one instant (AWS Architecture Blog, "Exponential
 * Backoff And Jitter", 2015).
 */
export interface Backoff {
  readonly baseMs: number
  readonly capMs: number
}

/** `attempt` counts from 0; `random` is in [0, 1). Never less than a tenth of the base: a jitter of 0 would be no waiting at all. */
export function backoffMs(attempt: number, random: number, { baseMs, capMs }: Backoff): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30))
  return Math.round(Math.max(baseMs / 10, random * ceiling))
}
