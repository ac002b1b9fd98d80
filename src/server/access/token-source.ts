/**
 * A broker's token: there before it is needed, one request in flight whoever asks, renewed before it is over, and
 * asked for again ever more slowly where the token server fails.
 *
 * A token that the broker refuses is thrown away and fetched anew, once: a broker that refuses what was just fetched would
 * otherwise have the token server asked for each request of each page.
 *
 * Tokens live in this memory only. They are told to nobody but the broker.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { backoffMs } from '../../core/time/backoff.ts'
import type { Granted, TokenFailure } from './token-answer.ts'

export interface TokenSource {
  /** One that lasts for this request; waits when one is being fetched, and not for the next try when that failed. */
  token(signal: AbortSignal): Promise<Result<string, TokenFailure>>
  /** The broker took it. */
  taken(token: string): void
  /** The broker did not: the next one who asks gets another. */
  refused(token: string): void
  /** From a person's login, instead of a grant of ours. */
  adopt(granted: Granted): void
  start(): void
  close(): void
  readonly state: TokenState
}

export interface TokenState {
  readonly state: 'fetching' | 'ready' | 'failing' | 'login-needed'
  /** What is wrong, for a person; our secrets are not in it. */
  readonly detail?: string
  readonly expiresAtMs?: number
  readonly nextTryAtMs?: number
  readonly renewals: number
  readonly failures: number
  /** Tokens that the broker did not take. */
  readonly refusals: number
}

export interface TokenEffects {
  now(): number
  random(): number
  after(ms: number, call: () => void): () => void
}

const RETRY = { baseMs: 1_000, capMs: 60_000 }
/** For what only a person can mend, a token server need not be asked often; some lock an account out that fails often. */
const REFUSED_RETRY = { baseMs: 15_000, capMs: 300_000 }
/** Renewed in the last third of its life, not all servers' tokens at once. */
const RENEW_FROM = 0.65
const RENEW_SPREAD = 0.2
/** A request that begins now should arrive before the end, and clocks differ. */
const LAST_MS = 5_000
const LONGEST_TIMER_MS = 2 ** 31 - 1
const MAX_WORDS = 240

export function createTokenSource(given: {
  readonly grant: (signal: AbortSignal) => Promise<Result<Granted, TokenFailure>>
  readonly effects: TokenEffects
  /** Every token passes here before it is used. */
  readonly onGranted: (granted: Granted) => void
  /** Takes secrets out of words. */
  readonly hide: (text: string) => string
  readonly onState?: (state: TokenState) => void
}): TokenSource {
  const { grant, effects } = given
  const end = new AbortController()
  let current: { readonly token: string; readonly usableUntilMs: number; readonly expiresAtMs: number } | undefined
  let flight: Promise<void> | undefined
  let failure: TokenFailure | undefined
  let notBeforeMs = -Infinity
  let failuresInARow = 0
  let refusalsInARow = 0
  let renewals = 0
  let failures = 0
  let refusals = 0
  let callOff: (() => void) | undefined

  function plan(ms: number): void {
    callOff?.()
    callOff = end.signal.aborted ? undefined : effects.after(Math.min(ms, LONGEST_TIMER_MS), () => void fly())
  }

  function take({ token, lifetimeMs }: Granted, sinceMs: number): void {
    const expiresAtMs = sinceMs + lifetimeMs
    current = { token, expiresAtMs, usableUntilMs: expiresAtMs - Math.min(LAST_MS, lifetimeMs / 10) }
    failure = undefined
    failuresInARow = 0
    renewals += 1
    plan(lifetimeMs * (RENEW_FROM + RENEW_SPREAD * effects.random()))
    given.onState?.(stateNow())
  }

  function fail(one: TokenFailure): void {
    failure = { ...one, words: given.hide(one.words).slice(0, MAX_WORDS) }
    if (one.kind !== 'login-needed') failures += 1
    const waitMs = Math.max(one.retryAfterMs ?? 0, backoffMs(failuresInARow++, 0.5 + effects.random() / 2, one.kind === 'refused' ? REFUSED_RETRY : RETRY))
    notBeforeMs = effects.now() + waitMs
    // Only a person can end it: nothing is gained by trying.
    if (one.kind === 'login-needed') notBeforeMs = -Infinity
    else plan(waitMs)
    given.onState?.(stateNow())
  }

  /** At most one at a time. */
  function fly(): Promise<void> {
    if (end.signal.aborted) return Promise.resolve()
    flight ??= (async () => {
      // From when it was asked for: what the way took is part of its life.
      const sinceMs = effects.now()
      const granted = await grant(end.signal)
      flight = undefined
      if (end.signal.aborted) return
      if (!granted.ok) return fail(granted.error)
      given.onGranted(granted.value)
      take(granted.value, sinceMs)
    })()
    return flight
  }

  function usable(): string | undefined {
    return current !== undefined && effects.now() < current.usableUntilMs ? current.token : undefined
  }

  function stateNow(): TokenState {
    const isUsable = usable() !== undefined
    return {
      state: failure?.kind === 'login-needed' && !isUsable ? 'login-needed' : failure !== undefined ? 'failing' : isUsable ? 'ready' : 'fetching',
      ...(failure !== undefined && { detail: failure.words }),
      ...(isUsable && { expiresAtMs: current!.expiresAtMs }),
      ...(failure !== undefined && Number.isFinite(notBeforeMs) && { nextTryAtMs: notBeforeMs }),
      renewals,
      failures,
      refusals,
    }
  }

  return {
    async token(signal) {
      const have = usable()
      if (have !== undefined) return ok(have)
      if (effects.now() >= notBeforeMs) await orLeft(fly(), signal)
      const got = usable()
      if (got !== undefined) return ok(got)
      const waitMs = notBeforeMs - effects.now()
      return err({ ...(failure ?? { kind: 'unreachable', words: 'there is no token yet' }), ...(waitMs > 0 && Number.isFinite(waitMs) && { retryAfterMs: waitMs }) })
    },
    taken(token) {
      if (token === current?.token) refusalsInARow = 0
    },
    refused(token) {
      // Another who was refused the same has seen to it.
      if (token !== current?.token) return
      current = undefined
      refusals += 1
      refusalsInARow += 1
      if (refusalsInARow < 2) return
      const waitMs = backoffMs(refusalsInARow - 2, 0.5 + effects.random() / 2, RETRY)
      notBeforeMs = effects.now() + waitMs
      failure = { kind: 'refused', words: 'the broker refuses the tokens that the token server gives: audience, scope or issuer may be wrong' }
      plan(waitMs)
      given.onState?.(stateNow())
    },
    adopt(granted) {
      notBeforeMs = -Infinity
      refusalsInARow = 0
      given.onGranted(granted)
      take(granted, effects.now())
    },
    start() {
      void fly()
    },
    close() {
      end.abort()
      callOff?.()
      current = undefined
    },
    get state() {
      return stateNow()
    },
  }
}

function orLeft(done: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => resolve()
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    done.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
