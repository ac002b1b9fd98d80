/** A page's clock in the test's hand. */
import type { PageTimers } from '../src/workers/kept-worker.client.ts'

export interface HandTimers extends PageTimers {
  /** Waiting. */
  readonly count: number
  /** Time goes by in steps of a second; `meanwhile` happens in each, before what is due. */
  pass(ms: number, meanwhile?: () => void): void
  /** The machine slept: one late turn of the timers. */
  sleep(ms: number): void
}

export function createHandTimers(startMs = 0): HandTimers {
  let nowMs = startMs
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>()
  const nextDue = () => [...timers].find(({ dueMs }) => dueMs <= nowMs)

  function pass(ms: number, meanwhile: () => void = () => undefined): void {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      nowMs = Math.min(endMs, nowMs + 1_000)
      meanwhile()
      // One at a time: what runs may call off what is due with it.
      for (let due = nextDue(); due !== undefined; due = nextDue()) {
        timers.delete(due)
        due.run()
      }
    }
  }

  return {
    now: () => nowMs,
    after(ms, run) {
      const timer = { dueMs: nowMs + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    get count() {
      return timers.size
    },
    pass,
    sleep(ms) {
      nowMs += ms - 1_000
      pass(1_000)
    },
  }
}
