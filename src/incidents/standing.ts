/**
 * The life of an incident, as one function of what it is and what happens: normal, unacknowledged, acknowledged, returned
 * (over, and nobody has seen it), shelved until a time, out of service. Any event may come in any state; one that means
 * nothing there gives the same object back.
 *
 * Shelved things come back by themselves: every event is preceded by the time it happened at.
 */
import { DAY_MS } from '../core/time/instant.ts'

export const STATES = ['normal', 'unacknowledged', 'acknowledged', 'returned', 'shelved', 'out-of-service'] as const
export type IncidentState = (typeof STATES)[number]

/** Nobody needs to be asked longer than a day not to be told. */
export const LONGEST_SHELF_MS = DAY_MS

export interface Standing {
  readonly state: IncidentState
  /** Does what raised it last? Goes on being told while it is shelved or out of service. */
  readonly isActive: boolean
  readonly needsAnswer: boolean
  readonly sinceMs: number
  /** With `shelved`, and only with it. */
  readonly shelvedUntilMs?: number
}

export type StandingEvent = { readonly atMs: number } & (
  /** Without the need of an answer it is acknowledged from the start: a notice. */
  | { readonly type: 'raise'; readonly needsAnswer: boolean }
  | { readonly type: 'clear' }
  /** It has become a part of another incident. */
  | { readonly type: 'fold' }
  | { readonly type: 'acknowledge' }
  | { readonly type: 'shelve'; readonly untilMs: number }
  | { readonly type: 'unshelve' }
  | { readonly type: 'take-out' }
  | { readonly type: 'put-back' }
  /** Nothing but time has passed. */
  | { readonly type: 'time' }
)

export const NORMAL: Standing = { state: 'normal', isActive: false, needsAnswer: false, sinceMs: 0 }

export function transition(before: Standing, event: StandingEvent): Standing {
  const standing = afterShelf(before, event.atMs)
  const { state, isActive, needsAnswer } = standing
  const { atMs } = event
  const is = (next: IncidentState, change: Partial<Pick<Standing, 'isActive' | 'needsAnswer'>> = {}): Standing => ({ state: next, isActive, needsAnswer, ...change, sinceMs: atMs })
  const isHidden = state === 'shelved' || state === 'out-of-service'
  switch (event.type) {
    case 'time':
      return standing
    case 'raise':
      if (isActive) return standing
      if (isHidden) return { ...standing, isActive: true, needsAnswer: event.needsAnswer }
      return is(event.needsAnswer ? 'unacknowledged' : 'acknowledged', { isActive: true, needsAnswer: event.needsAnswer })
    case 'clear':
      if (!isActive) return standing
      if (isHidden) return { ...standing, isActive: false }
      return is(state === 'unacknowledged' ? 'returned' : 'normal', { isActive: false })
    case 'fold':
      if (state === 'normal') return standing
      return state === 'out-of-service' ? (isActive ? { ...standing, isActive: false } : standing) : is('normal', { isActive: false })
    case 'acknowledge':
      if (state === 'unacknowledged') return is('acknowledged')
      return state === 'returned' ? is('normal') : standing
    case 'shelve': {
      const untilMs = Math.min(event.untilMs, atMs + LONGEST_SHELF_MS)
      if (state === 'normal' || state === 'out-of-service' || !(untilMs > atMs)) return standing
      return { ...is('shelved'), shelvedUntilMs: untilMs }
    }
    case 'unshelve':
      return state === 'shelved' ? back(standing, atMs) : standing
    case 'take-out':
      return state === 'out-of-service' ? standing : is('out-of-service')
    case 'put-back':
      return state === 'out-of-service' ? back(standing, atMs) : standing
  }
}

function afterShelf(standing: Standing, atMs: number): Standing {
  return standing.shelvedUntilMs !== undefined && atMs >= standing.shelvedUntilMs ? back(standing, standing.shelvedUntilMs) : standing
}

/** What still lasts asks again. */
function back({ isActive, needsAnswer }: Standing, sinceMs: number): Standing {
  return { state: isActive ? (needsAnswer ? 'unacknowledged' : 'acknowledged') : 'normal', isActive, needsAnswer, sinceMs }
}
