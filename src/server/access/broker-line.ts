/**
 * The one way from this server to a broker. Whatever is sent waits for its turn, carries the broker's token, goes to
 * the configured address and nowhere else, is broken off when it takes too long or brings too much, and tells the
 * circuit how it went. What comes back has our secrets taken out before anybody reads it.
 */
import { err, ok, type Result } from '../../core/result.ts'
import type { FetchLike } from '../../ngsi-ld/client.ts'
import { watchBody, type BodyEnd, type WatchedBody } from './answer-body.ts'
import { createCircuit, retryAfterMs, type CircuitStats, type Outcome } from './circuit.ts'
import { refusesInBody } from './djane-refusal.ts'
import { createVeil, type Veil } from './secrets.ts'
import { createLatencies, type LatencyStats } from './latency.ts'
import { createSlots } from './slots.ts'
import type { Timers } from '../relay/city-hub.ts'
import type { TokenFailure } from './token-answer.ts'
import type { TokenSource, TokenState } from './token-source.ts'

/**
 * `relay`: subscriptions, which go first and are the probe of a broker that is down. `floor`: the server's own
 * reading. `page`: what browsers ask, the first to be turned away. `probe`: which broker it is, asked at addresses
 * that it need not have, so that failures say nothing of its health.
 */
export type Rank = 'relay' | 'probe' | 'floor' | 'page'

export interface LineRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
  /** The answer never ends: it is bounded until it begins, holds no turn, and whoever reads it says when it is dead. */
  readonly isEndless?: boolean
}

/** Why there is no answer of the broker, in words that name nothing of the inside. */
export interface LineRefusal {
  readonly kind: 'busy' | 'open' | 'paused' | 'no-access' | 'elsewhere' | 'redirect' | 'too-large' | 'late' | 'unreachable' | 'left'
  readonly status: 502 | 503 | 504
  readonly title: string
  readonly detail: string
  readonly retryAfterS?: number
  /** What `fetch` said, for the log. */
  readonly error?: unknown
}

export interface BrokerLine {
  /** The body of what comes must be read or cancelled. */
  send(request: LineRequest, rank: Rank): Promise<Result<Response, LineRefusal>>
  /** The same for the protocol's client, which reads a refusal like one of the broker's. */
  fetchAs(rank: Rank): FetchLike
  /** What a request carries to prove who asks, for a connection that is no request: it has a bound and a silence of its own. */
  credentials(signal: AbortSignal): Promise<Result<Credentials, LineRefusal>>
  /** Takes this broker's secrets out of words. */
  readonly veil: Veil
  readonly stats: LineStats
  start(): void
  close(): void
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** The broker does not take them. */
  refused(): void
}

/** How a broker is reached: what Health shows of it. */
export interface LineStats {
  readonly access: { readonly kind: string } & Partial<TokenState>
  readonly circuit: CircuitStats
  readonly running: number
  readonly waiting: number
  /** Requests that found as many waiting as may. */
  readonly turnedAway: number
  readonly late: number
  readonly tooLarge: number
  /** From the sending of a request to the first byte of its answer. */
  readonly latency: LatencyStats
}

export interface LineLimits {
  /** From the sending of a request to the last byte of its answer. */
  readonly timeoutMs: number
  readonly concurrent: number
  readonly waiting: number
  readonly responseBytes: number
  readonly failures: number
  readonly pauseMs: number
}

export const LINE_LIMITS: LineLimits = { timeoutMs: 10_000, concurrent: 32, waiting: 256, responseBytes: 64 * 1024 * 1024, failures: 5, pauseMs: 15_000 }

/** Where a broker's tokens come from and how they go to it. */
export interface Bearer {
  readonly kind: string
  readonly source: TokenSource
  /** `authorization` carries `Bearer …`; a header of another name the bare token. */
  readonly header: string
  /** Djane refuses a token with status 200. */
  readonly refusesInBody: boolean
}

export interface LineOptions {
  /** Up to and with `/ngsi-ld/v1`: what lies below is asked, */
  readonly apiUrl: string
  /** and these addresses with what lies below them: history elsewhere, a broker's version. Nothing else. */
  readonly others?: readonly string[]
  readonly timers: Pick<Timers, 'now' | 'after'>
  readonly limits?: Partial<LineLimits>
  readonly veil?: Veil
  readonly bearer?: Bearer | undefined
}

export function createBrokerLine({ apiUrl, others = [], timers, bearer, veil = createVeil(), ...given }: LineOptions): BrokerLine {
  const limits = { ...LINE_LIMITS, ...given.limits }
  const circuit = createCircuit(limits, () => timers.now())
  const slots = createSlots(limits)
  const homes = [apiUrl, ...others].map((url) => new URL(url))
  const latencies = createLatencies()
  let late = 0
  let tooLarge = 0

  async function send(request: LineRequest, rank: Rank): Promise<Result<Response, LineRefusal>> {
    if (!homes.some((home) => isBelow(request.url, home))) return refuse('elsewhere', 'Not the broker', 'only the configured address is asked')
    const slot = await enter(request, rank)
    if (!slot.ok) return slot
    const admission = circuit.admit(rank === 'relay' || rank === 'probe')
    if (!admission.ok) {
      slot.value()
      const retryAfterS = Math.ceil(admission.retryInMs / 1_000)
      if (admission.reason === 'paused') return refuse('paused', 'The broker asked for a pause', `it is asked again in ${retryAfterS} s`, { retryAfterS })
      return refuse('open', 'The broker is left in peace', `it failed several times in a row and is asked again in ${retryAfterS} s`, { retryAfterS })
    }
    const end = (outcome: Outcome): void => {
      admission.settle(rank === 'probe' && outcome === 'failed' ? 'left' : outcome)
      slot.value()
    }
    const token = await bearer?.source.token(request.signal)
    const first = await attempt(request, token, end, rank)
    // A gateway may forbid what a probe asks for: that is no word on the token.
    if (first !== 'token refused') return first
    if (rank === 'probe') {
      end('left')
      return refuse('no-access', 'The broker does not say', 'it wants other rights for this address')
    }
    // Once: the token may have been withdrawn. Whoever is refused a fresh one has another trouble.
    const second = await attempt(request, await bearer?.source.token(request.signal), end, rank)
    if (second !== 'token refused') return second
    end('answered')
    return refuse('no-access', 'The broker refuses this server', bearer?.source.state.detail ?? 'it does not take the token', { status: 502 })
  }

  /** A page's request waits no longer for its turn than for its answer. */
  async function enter({ signal }: LineRequest, rank: Rank): Promise<Result<() => void, LineRefusal>> {
    const patience = new AbortController()
    const callOff = timers.after(limits.timeoutMs, () => patience.abort())
    const slot = await slots.enter({ isFirst: rank !== 'page', signal: AbortSignal.any([signal, patience.signal]) })
    callOff()
    if (typeof slot === 'function') return ok(slot)
    return signal.aborted ? left() : refuse('busy', 'Too many queries at once', 'this broker is asked as much as it may be', { retryAfterS: 2 })
  }

  /** `end` is called once it is known how it went: when the answer has been read, or there is none. */
  async function attempt(request: LineRequest, token: Awaited<ReturnType<TokenSource['token']>> | undefined, end: (outcome: Outcome) => void, rank: Rank): Promise<Result<Response, LineRefusal> | 'token refused'> {
    if (request.signal.aborted) {
      end('left')
      return left()
    }
    if (token?.ok === false) {
      end('left')
      return refuseAccess(token.error)
    }
    const stop = new AbortController()
    let watched: WatchedBody | undefined
    let isLate = false
    let isOver = false
    const finish = (outcome: Outcome): void => {
      if (isOver) return
      isOver = true
      callOff()
      request.signal.removeEventListener('abort', leave)
      end(outcome)
    }
    const leave = (): void => {
      stop.abort()
      finish('left')
    }
    const callOff = timers.after(limits.timeoutMs, () => {
      isLate = true
      // A reader who takes nothing more makes an answer late, and the broker none the worse.
      const isBrokers = watched?.isAwaited ?? true
      if (isBrokers) late += 1
      stop.abort()
      finish(isBrokers ? 'failed' : 'left')
    })
    request.signal.addEventListener('abort', leave, { once: true })
    const sentAtMs = timers.now()
    try {
      let answer = await fetch(request.url, {
        method: request.method,
        headers: { ...request.headers, ...(token !== undefined && bearer !== undefined && carry(bearer.header, token.value)) },
        ...(request.body !== undefined && { body: request.body }),
        redirect: 'manual',
        signal: stop.signal,
      })
      latencies.add(timers.now() - sentAtMs)
      if (token !== undefined && bearer !== undefined) {
        const judged = await judge(answer, bearer)
        if (judged === 'refused') {
          callOff()
          request.signal.removeEventListener('abort', leave)
          if (rank !== 'probe') bearer.source.refused(token.value)
          return 'token refused'
        }
        answer = judged
        bearer.source.taken(token.value)
      }
      const { status, headers } = answer
      if (status >= 300 && status < 400) {
        finish('answered')
        await answer.body?.cancel()
        return refuse('redirect', 'The broker redirects', 'its configured address must be its own', { status: 502 })
      }
      if (Number(headers.get('content-length') ?? 0) > limits.responseBytes) {
        tooLarge += 1
        finish('answered')
        await answer.body?.cancel()
        return refuse('too-large', 'The broker answered too much', 'ask for fewer entities', { status: 502 })
      }
      if (status === 429 || (status === 503 && headers.has('retry-after'))) circuit.pause(retryAfterMs(headers, timers.now()))
      // 501 says what a broker cannot do, not that it is unwell.
      const outcome: Outcome = status >= 500 && status !== 501 ? 'failed' : 'answered'
      if (answer.body === null || request.isEndless === true) {
        finish(outcome)
        if (request.signal.aborted) stop.abort()
        request.signal.addEventListener('abort', () => stop.abort(), { once: true })
        return ok(answer)
      }
      watched = watchBody(answer.body, {
        limitBytes: limits.responseBytes,
        veil: veil.stream(status < 300 ? 'data' : 'error'),
        onEnd(how: BodyEnd) {
          if (how === 'too-large') tooLarge += 1
          finish(how === 'broken' ? 'failed' : outcome)
        },
      })
      const kept = new Headers(headers)
      // They are of the body as it was sent: compressed, and with what was taken out.
      for (const name of ['content-length', 'content-encoding']) kept.delete(name)
      for (const [name, value] of kept) kept.set(name, latin1(veil.hide(value)))
      return ok(new Response(watched.body, { status, headers: kept }))
    } catch (error) {
      if (request.signal.aborted) {
        finish('left')
        return left()
      }
      finish('failed')
      if (isLate) return refuse('late', 'The broker is too slow', `no answer within ${limits.timeoutMs} ms`, { status: 504, error })
      return refuse('unreachable', 'The broker cannot be reached', 'it is down, or its address is wrong', { status: 502, error })
    }
  }

  async function credentials(signal: AbortSignal): Promise<Result<Credentials, LineRefusal>> {
    if (bearer === undefined) return ok({ headers: {}, refused: () => undefined })
    const token = await bearer.source.token(signal)
    if (!token.ok) return refuseAccess(token.error)
    const { value } = token
    return ok({ headers: carry(bearer.header, value), refused: () => bearer.source.refused(value) })
  }

  return {
    send,
    credentials,
    fetchAs: (rank) => async (url, { method, headers, body, signal }) => {
      const sent = await send({ url, method, headers, body, signal }, rank)
      if (sent.ok) return sent.value
      const { kind, status, title, detail, error } = sent.error
      // The client has words of its own for a line that is dead.
      if (kind === 'late') throw new Error(detail)
      if (kind === 'unreachable' || kind === 'left') throw error ?? new Error(title)
      return new Response(JSON.stringify({ type: 'https://uri.etsi.org/ngsi-ld/errors/InternalError', title, detail, status }), { status, headers: { 'content-type': 'application/problem+json' } })
    },
    veil,
    get stats() {
      return { access: { kind: bearer?.kind ?? 'headers', ...bearer?.source.state }, circuit: circuit.stats, ...slots.stats, late, tooLarge, latency: latencies.stats }
    },
    start: () => bearer?.source.start(),
    close: () => bearer?.source.close(),
  }
}

/** The answer, or that the broker does not take the token. Then nothing of it is left to be read. */
async function judge(answer: Response, bearer: Bearer): Promise<Response | 'refused'> {
  if (answer.status === 401) {
    await answer.body?.cancel()
    return 'refused'
  }
  return bearer.refusesInBody ? refusesInBody(answer) : answer
}

function carry(header: string, token: string): Record<string, string> {
  return { [header]: header === 'authorization' ? `Bearer ${token}` : token }
}

/** Same origin, and below the path: what a URL parser makes of the address, since that is where `fetch` goes. */
function isBelow(url: string, home: URL): boolean {
  if (!URL.canParse(url)) return false
  const { origin, pathname, username, password } = new URL(url)
  return origin === home.origin && `${pathname}/`.startsWith(`${home.pathname.replace(/\/+$/, '')}/`) && username === '' && password === ''
}

function refuseAccess({ words, retryAfterMs = 1_000 }: TokenFailure): Result<never, LineRefusal> {
  return refuse('no-access', 'This server has no access to the broker', words, { retryAfterS: Math.max(1, Math.ceil(retryAfterMs / 1_000)) })
}

function left(): Result<never, LineRefusal> {
  return err({ kind: 'left', status: 502, title: 'Nobody waits for it', detail: 'whoever asked went away' })
}

function refuse(kind: LineRefusal['kind'], title: string, detail: string, more: { readonly status?: LineRefusal['status']; readonly retryAfterS?: number; readonly error?: unknown } = {}): Result<never, LineRefusal> {
  return err({ kind, status: 503, title, detail, ...more })
}

/** What stands for a hidden word is no character of a header. */
function latin1(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '*')
}
