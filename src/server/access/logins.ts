/**
 * Logins of persons under way: authorization code with PKCE (RFC 7636, S256), `state` against forged ends, `nonce` against
 * replayed identities (OpenID Connect Core, 3.1.2.1). Each is good for one end, in the browser that began it, for ten
 * minutes; what comes of it is a token in this server's memory, which no browser ever sees.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { err, ok, type Result } from '../../core/result.ts'
import type { LoginLine } from './open-line.ts'
import { claimsOf } from './token-answer.ts'

export interface Logins {
  /** Undefined when nobody logs in for this broker. */
  begin(city: string, broker: string): Begun | undefined
  /** `cookie`: what the browser brings back of `begin`. */
  complete(query: URLSearchParams, cookie: string | undefined): Promise<Result<{ readonly city: string; readonly broker: string }, LoginFailure>>
  has(city: string, broker: string): boolean
}

export interface Begun {
  /** At the broker's login page. */
  readonly location: string
  /** For the browser to keep: proves that the end comes from where the beginning was. */
  readonly cookie: string
  readonly isSecure: boolean
}

export interface LoginFailure {
  /** `strange`: not begun here, or too long ago; nothing was asked of anybody. */
  readonly kind: 'strange' | 'refused'
  readonly words: string
}

interface Pending {
  readonly city: string
  readonly broker: string
  readonly line: LoginLine
  readonly verifier: string
  readonly nonce: string
  readonly cookie: string
  readonly untilMs: number
}

export const LOGIN_MS = 600_000
/** One person logs in at a time; more are strangers who knock. */
const MAX_PENDING = 50
const MAX_CODE = 4_096

export function createLogins({ lines, now }: { readonly lines: readonly { readonly city: string; readonly broker: string; readonly login: LoginLine }[]; readonly now: () => number }): Logins {
  const pending = new Map<string, Pending>()
  const find = (city: string, broker: string) => lines.find((one) => one.city === city && one.broker === broker)

  return {
    has: (city, broker) => find(city, broker) !== undefined,

    begin(city, broker) {
      const found = find(city, broker)
      if (found === undefined) return undefined
      const { access, clientId } = found.login
      const [state, verifier, nonce, cookie] = [word(), word(), word(), word()]
      for (const oldest of pending.keys()) {
        if (pending.size < MAX_PENDING) break
        pending.delete(oldest)
      }
      pending.set(state, { city, broker, line: found.login, verifier, nonce, cookie, untilMs: now() + LOGIN_MS })
      const location = new URL(access.authorizeUrl)
      location.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: access.redirectUri,
        ...(access.scope !== undefined && { scope: access.scope }),
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString()
      return { location: location.href, cookie, isSecure: access.redirectUri.startsWith('https:') }
    },

    async complete(query, cookie) {
      const state = query.get('state') ?? ''
      const begun = pending.get(state)
      // Whoever guesses at a login of another's must not end it.
      if (begun === undefined || now() > begun.untilMs || cookie === undefined || !isSame(cookie, begun.cookie)) {
        return err({ kind: 'strange', words: 'This login was not begun in this browser, or more than ten minutes ago. Begin it anew.' })
      }
      pending.delete(state)
      const { line, verifier, nonce, city, broker } = begun
      const refusal = query.get('error')
      if (refusal !== null) return err({ kind: 'refused', words: `The login was refused${/^[\w.-]{1,64}$/.test(refusal) ? `: ${refusal}` : ''}.` })
      const code = query.get('code') ?? ''
      if (code === '' || code.length > MAX_CODE) return err({ kind: 'refused', words: 'The login came back without a code.' })
      line.veil.pass(code)
      line.veil.pass(verifier)
      const granted = await line.server.redeem({ code, verifier, redirectUri: line.access.redirectUri }, AbortSignal.timeout(15_000))
      if (!granted.ok) return err({ kind: 'refused', words: `${line.veil.hide(granted.error.words).slice(0, 240)}.` })
      const isOpenId = line.access.scope?.split(/\s+/).includes('openid') === true
      const claims = granted.value.idToken === undefined ? undefined : claimsOf(granted.value.idToken)
      // Straight from the token server over its own connection, so its signature need not be checked (Core, 3.1.3.7); whose it is, yes.
      if (isOpenId || claims?.has('nonce') === true) {
        if (claims?.get('nonce') !== nonce) return err({ kind: 'refused', words: 'The identity that came back belongs to another login.' })
        if (![claims.get('aud')].flat().includes(line.clientId)) return err({ kind: 'refused', words: 'The identity that came back is meant for another program.' })
      }
      line.source.adopt(granted.value)
      return ok({ city, broker })
    },
  }
}

function word(): string {
  return randomBytes(32).toString('base64url')
}

/** Digests of one length: the comparison tells neither the word nor how long it is. */
export function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(wanted))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
