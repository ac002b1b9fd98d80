/** Waiting, as a port: the broker never sleeps by itself, so tests move the time. */
export interface Timers {
  /** Calls once after so many milliseconds, unless cancelled by what it returns. */
  after(ms: number, call: () => void): () => void
}

/** Timers of the process. They do not keep it alive. */
export const PROCESS_TIMERS: Timers = {
  after(ms, call) {
    // setTimeout takes 31 bits; more would fire at once.
    const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
