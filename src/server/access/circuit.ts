/**
 * When a broker is left in peace. After so many failures in a row its circuit opens: whoever asks is refused at
 * once, instead of each waiting for the same timeout. When the pause is over one request tries; it closes the
 * circuit or opens it again, for longer. A broker that itself asks for a pause (429, `Retry-After`) gets it.
 *
 * What a caller brought upon itself (any 4xx) is an answer, and answers never open it.
 */

export interface CircuitLimits {
  /** So many failures in a row open it. */
  readonly failures: number
  /** How long it stays open the first time; twice as long after each try that fails. */
  readonly pauseMs: number
}

/** `answered`: whatever it was, the broker spoke. `failed`: no answer, too late, half of one, or 5xx. `left`: whoever asked went away. */
export type Outcome = 'answered' | 'failed' | 'left'

export interface CircuitStats {
  readonly state: 'closed' | 'open' | 'half-open' | 'paused'
  readonly failuresInARow: number
  readonly opened: number
  readonly refused: number
  /** When the next request is let through, unless it is closed. */
  readonly retryAtMs?: number
}

export type Admission = { readonly ok: true; settle(outcome: Outcome): void } | { readonly ok: false; readonly retryInMs: number; readonly reason: 'open' | 'paused' }

export interface Circuit {
  /** `isProbe`: whoever asks waits long enough between tries of its own, and passes an open circuit; a pause holds for all. */
  admit(isProbe: boolean): Admission
  /** The broker asked for it; without a time, twice as long each time until it answers again. */
  pause(ms: number | undefined): void
  readonly stats: CircuitStats
}

const MAX_OPEN_MS = 120_000
const FIRST_PAUSE_MS = 2_000
/** A broker may ask for an hour (Obelisk counts by the hour). Asking once in ten minutes tells when it is over. */
export const MAX_PAUSE_MS = 600_000
/** While another one tries. */
const PROBE_MS = 1_000

export function createCircuit({ failures: limit, pauseMs }: CircuitLimits, now: () => number): Circuit {
  let inARow = 0
  let opened = 0
  let refused = 0
  let openMs = pauseMs
  let openUntilMs: number | undefined
  let isProbing = false
  let pausedUntilMs = -Infinity
  let pauses = 0

  function open(): void {
    opened += 1
    openUntilMs = now() + openMs
    openMs = Math.min(MAX_OPEN_MS, openMs * 2)
  }

  function settle(outcome: Outcome, wasProbe: boolean): void {
    if (wasProbe) isProbing = false
    if (outcome === 'left') return
    if (outcome === 'answered') {
      inARow = 0
      openMs = pauseMs
      openUntilMs = undefined
      return
    }
    inARow += 1
    // Requests that were under way when it opened say nothing new.
    if (openUntilMs === undefined ? inARow >= limit : wasProbe) open()
  }

  function refuse(reason: 'open' | 'paused', retryInMs: number): Admission {
    refused += 1
    return { ok: false, reason, retryInMs: Math.max(1, retryInMs) }
  }

  return {
    admit(isProbe) {
      const nowMs = now()
      if (nowMs < pausedUntilMs) return refuse('paused', pausedUntilMs - nowMs)
      if (openUntilMs !== undefined && !isProbe) {
        if (isProbing) return refuse('open', PROBE_MS)
        if (nowMs < openUntilMs) return refuse('open', openUntilMs - nowMs)
      }
      const tries = openUntilMs !== undefined && !isProbe
      if (tries) isProbing = true
      let isSettled = false
      return {
        ok: true,
        settle(outcome) {
          if (isSettled) return
          isSettled = true
          if (outcome === 'answered') pauses = nowMs >= pausedUntilMs && now() >= pausedUntilMs ? 0 : pauses
          settle(outcome, tries)
        },
      }
    },
    pause(ms) {
      const untilMs = now() + Math.min(MAX_PAUSE_MS, Math.max(1_000, ms ?? FIRST_PAUSE_MS * 2 ** Math.min(pauses, 10)))
      pauses += 1
      pausedUntilMs = Math.max(pausedUntilMs, untilMs)
    },
    get stats(): CircuitStats {
      const nowMs = now()
      const counts = { failuresInARow: inARow, opened, refused }
      if (nowMs < pausedUntilMs) return { state: 'paused', ...counts, retryAtMs: pausedUntilMs }
      if (openUntilMs === undefined) return { state: 'closed', ...counts }
      return { state: isProbing || nowMs >= openUntilMs ? 'half-open' : 'open', ...counts, retryAtMs: openUntilMs }
    },
  }
}

/** `Retry-After` in ms: seconds, or an instant by the clock of whoever sent it. Undefined when it is absent or neither. */
export function retryAfterMs(headers: { get(name: string): string | null }, nowMs: number): number | undefined {
  const text = headers.get('retry-after')?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) return undefined
  const theirs = Date.parse(headers.get('date') ?? '')
  return Math.max(0, atMs - (Number.isNaN(theirs) ? nowMs : theirs))
}
