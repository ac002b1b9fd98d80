/**
 * What a broker's clock says, from the `Date` of its answers. Whole seconds are all it can tell, so a
 * difference below that is none; ages on the screen are judged by this clock, not by the browser's.
 */
export interface BrokerClock {
  hear(date: string | undefined, nowMs: number): void
  /** 0 when it agrees, and when it was never told. */
  readonly offsetMs: number
  readonly isKnown: boolean
}

const RESOLUTION_MS = 1_000
/** Takes the median of the last few: one slow answer is not a clock that jumped. */
const KEPT = 5

export function createBrokerClock(): BrokerClock {
  let offsets: number[] = []
  return {
    hear(date, nowMs) {
      const atMs = date === undefined ? Number.NaN : Date.parse(date)
      if (Number.isNaN(atMs)) return
      // The second that is named began up to a second ago: its middle is the best guess.
      offsets = [...offsets.slice(-(KEPT - 1)), atMs + RESOLUTION_MS / 2 - nowMs]
    },
    get isKnown() {
      return offsets.length > 0
    },
    get offsetMs() {
      const middle = [...offsets].sort((a, b) => a - b)[Math.floor(offsets.length / 2)] ?? 0
      return Math.abs(middle) <= RESOLUTION_MS ? 0 : Math.round(middle / RESOLUTION_MS) * RESOLUTION_MS
    },
  }
}
