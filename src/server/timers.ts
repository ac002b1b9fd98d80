/** The process's own clock and waiting, behind the small ports that the parts ask for. */
import type { Timers } from './relay/city-hub.ts'

export interface ServerTimers extends Timers {
  /** Settles after the time, or as soon as the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export const SERVER_TIMERS: ServerTimers = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
  wait(ms, signal) {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done)
    })
  },
}
