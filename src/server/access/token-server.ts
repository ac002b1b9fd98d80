/**
 * One question to a token server, in each of the ways that brokers' cities ask: client credentials, refresh, an
 * authorization code, or a name and a password. Only to the address of the configuration: no redirects, a short
 * answer, and an end to waiting.
 */
import { err, type Result } from '../../core/result.ts'
import { retryAfterMs } from './circuit.ts'
import { readTokenAnswer, type Granted, type TokenFailure } from './token-answer.ts'

export interface Client {
  readonly id: string
  /** A public client has none. */
  readonly secret?: string | undefined
  /** Where id and secret go: into `Authorization`, or into the body. */
  readonly style: 'basic' | 'body'
}

export interface TokenServer {
  clientCredentials(given: { readonly scope?: string | undefined; readonly audience?: string | undefined }, signal: AbortSignal): Promise<Result<Granted, TokenFailure>>
  refresh(refreshToken: string, signal: AbortSignal): Promise<Result<Granted, TokenFailure>>
  redeem(given: { readonly code: string; readonly verifier: string; readonly redirectUri: string }, signal: AbortSignal): Promise<Result<Granted, TokenFailure>>
}

const TIMEOUT_MS = 10_000
/** A token with its claims is a few KB. */
const MAX_ANSWER = 64 * 1024

export function createTokenServer({ url, client, now }: { readonly url: string; readonly client: Client; readonly now: () => number }): TokenServer {
  function ask(grant: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Result<Granted, TokenFailure>> {
    const isBasic = client.style === 'basic' && client.secret !== undefined
    const own = isBasic ? {} : { client_id: client.id, client_secret: client.secret }
    const fields = Object.entries({ ...grant, ...own }).filter((field): field is [string, string] => field[1] !== undefined)
    return post({
      server: 'the token server',
      url,
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams(fields).toString(),
      headers: isBasic ? { authorization: basic(client.id, client.secret!) } : {},
      now,
      signal,
    })
  }

  return {
    clientCredentials: ({ scope, audience }, signal) => ask({ grant_type: 'client_credentials', scope, audience }, signal),
    refresh: (refreshToken, signal) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, signal),
    redeem: ({ code, verifier, redirectUri }, signal) => ask({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }, signal),
  }
}

/** Djane's way: `POST /login` with a name and a password. */
export function logIn({ url, username, password, now }: { readonly url: string; readonly username: string; readonly password: string; readonly now: () => number }, signal: AbortSignal): Promise<Result<Granted, TokenFailure>> {
  return post({ server: 'the login', url, type: 'application/json', body: JSON.stringify({ username, password }), headers: {}, now, signal })
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. A space as `%20`, which servers read that do not know `+`. */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64')}`
}

interface Post {
  readonly server: string
  readonly url: string
  readonly type: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly now: () => number
  readonly signal: AbortSignal
}

async function post({ server, url, type, body, headers, now, signal }: Post): Promise<Result<Granted, TokenFailure>> {
  const late = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const answer = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': type, accept: 'application/json' }, body, redirect: 'manual', signal: AbortSignal.any([late, signal]) })
    const text = await shortText(answer)
    if (text === undefined) return err({ kind: 'malformed', words: `${server}: expected at most ${MAX_ANSWER} bytes` })
    const dateMs = Date.parse(answer.headers.get('date') ?? '')
    return readTokenAnswer({ server, status: answer.status, text, nowMs: Number.isNaN(dateMs) ? now() : dateMs, retryAfterMs: retryAfterMs(answer.headers, now()) })
  } catch (error) {
    if (late.aborted) return err({ kind: 'unreachable', words: `${server} gave no answer within ${TIMEOUT_MS} ms` })
    const { cause } = error as { readonly cause?: { readonly code?: unknown } }
    return err({ kind: 'unreachable', words: `${server} cannot be reached${typeof cause?.code === 'string' ? ` (${cause.code})` : ''}` })
  }
}

async function shortText(answer: Response): Promise<string | undefined> {
  if (answer.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = answer.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks).toString('utf8')
    bytes += value.length
    if (bytes > MAX_ANSWER) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}
