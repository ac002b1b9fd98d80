/**
 * Does the picture keep up, and if not, by how much?
 *
 * Two things can fall behind. The page: then a frame is old when it is drawn, and as one frame is in
 * flight at a time, its age is also how seldom the picture changes. Or the data: notifications wait
 * before the worker, or no frame comes at all. A figure is given once it has lasted, so that a hiccup
 * is not an alarm.
 */
import { SECOND_MS } from '../core/time/instant.ts'

export interface Behind {
  readonly of: 'drawing' | 'data'
  readonly ms: number
}

export interface Pace {
  /** A frame that was made at `madeAtMs` is on the screen. */
  drawn(domain: string, madeAtMs: number, nowMs: number): void
  /** What the worker measured; undefined when nothing came. */
  waited(ms: number | undefined, nowMs: number): void
  behind(nowMs: number): Behind | undefined
  /** Another city, another time, or a tab that slept: what was measured says nothing. */
  forget(): void
}

/** What is this old is still "live": windows are minutes long. */
export const LATE_MS = 2 * SECOND_MS
/** So long must it last. */
export const LASTING_MS = 2 * SECOND_MS
/** The worker sends a frame at least every 5 s: after twice that, frames are missing. */
export const SILENT_MS = 10 * SECOND_MS

export function createPace(): Pace {
  const frames = new Map<string, { readonly madeAtMs: number; readonly ageMs: number }>()
  let waitedMs: number | undefined
  let sinceMs: number | undefined

  function measured(nowMs: number): Behind | undefined {
    const silentMs = Math.max(0, ...Array.from(frames.values(), ({ madeAtMs }) => nowMs - madeAtMs))
    const ageMs = Math.max(0, ...Array.from(frames.values(), ({ ageMs }) => ageMs))
    const dataMs = Math.max(waitedMs ?? 0, silentMs >= SILENT_MS ? silentMs : 0)
    if (dataMs >= LATE_MS && dataMs >= ageMs) return { of: 'data', ms: dataMs }
    return ageMs >= LATE_MS ? { of: 'drawing', ms: ageMs } : undefined
  }

  function note(nowMs: number): void {
    if (measured(nowMs) === undefined) sinceMs = undefined
    else sinceMs ??= nowMs
  }

  return {
    drawn(domain, madeAtMs, nowMs) {
      frames.set(domain, { madeAtMs, ageMs: nowMs - madeAtMs })
      note(nowMs)
    },
    waited(ms, nowMs) {
      waitedMs = ms
      note(nowMs)
    },
    behind(nowMs) {
      note(nowMs)
      return sinceMs !== undefined && nowMs - sinceMs >= LASTING_MS ? measured(nowMs) : undefined
    },
    forget() {
      frames.clear()
      waitedMs = undefined
      sinceMs = undefined
    },
  }
}
