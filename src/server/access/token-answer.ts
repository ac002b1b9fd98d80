/**
 * What a token server answers, read: a token with its lifetime, or why there is none. Total, whatever comes:
 * RFC 6749 (5.1, 5.2) as Keycloak and its like speak it, Obelisk's idle times, and Djane's `{success: false}` with status 200.
 */
import { err, ok, type Result } from '../../core/result.ts'

export interface Granted {
  readonly token: string
  readonly lifetimeMs: number
  readonly refreshToken?: string
  readonly idToken?: string
}

export interface TokenFailure {
  /** `refused`: it will be so until a person changes something. */
  readonly kind: 'unreachable' | 'busy' | 'refused' | 'malformed' | 'login-needed'
  /** For a person: `the token server refused the client: invalid_client`. */
  readonly words: string
  /** By RFC 6749, 5.2. */
  readonly code?: string
  readonly retryAfterMs?: number
}

/** When neither the answer nor the token says: a refusal by the broker tells when it was too long. */
const UNKNOWN_LIFETIME_MS = 600_000
const MAX_LIFETIME_MS = 7 * 86_400_000
const MAX_TOKEN = 16_384

/** `server`: what it is called in words. `nowMs`: by its own `Date` where it has one, which is what an `exp` goes by. */
export function readTokenAnswer(given: { readonly server: string; readonly status: number; readonly text: string; readonly nowMs: number; readonly retryAfterMs?: number | undefined }): Result<Granted, TokenFailure> {
  const { server, status, text, nowMs, retryAfterMs } = given
  const body = objectIn(text)
  if (status === 429 || status >= 500) return err({ kind: 'busy', words: `${server} answered ${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) })
  if (status >= 300 && status < 400) return err({ kind: 'malformed', words: `${server} redirects, which is not followed: its configured address must be its own` })
  const code = codeIn(body)
  if (status >= 400 || code !== undefined || body?.get('success') === false) return err(refusal(server, status, code, body))
  // Djane calls it `token`.
  const token = body?.get('access_token') ?? body?.get('token')
  if (typeof token !== 'string' || token === '') return err({ kind: 'malformed', words: `${server}: expected a token, got ${body === undefined ? 'no JSON object' : 'none'}` })
  if (token.length > MAX_TOKEN || !/^[\x21-\x7e]+$/.test(token)) return err({ kind: 'malformed', words: `${server}: expected a token that fits into a header` })
  const type = body?.get('token_type')
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') return err({ kind: 'malformed', words: `${server}: expected a bearer token, got ${JSON.stringify(type.slice(0, 40))}` })
  const lifetimeMs = lifetimeOf(body, token, nowMs)
  if (lifetimeMs <= 0) return err({ kind: 'malformed', words: `${server}: expected a token that lasts, got one that is over` })
  const refreshToken = body?.get('refresh_token')
  const idToken = body?.get('id_token')
  return ok({
    token,
    lifetimeMs: Math.min(lifetimeMs, MAX_LIFETIME_MS),
    ...(typeof refreshToken === 'string' && refreshToken !== '' && { refreshToken }),
    ...(typeof idToken === 'string' && { idToken }),
  })
}

/** The claims of a JWT, unchecked: who signed it is for whoever relies on it. Undefined for every other kind of token. */
export function claimsOf(token: string): ReadonlyMap<string, unknown> | undefined {
  const parts = token.split('.')
  return parts.length === 3 ? objectIn(Buffer.from(parts[1]!, 'base64url').toString('utf8')) : undefined
}

function lifetimeOf(body: ReadonlyMap<string, unknown> | undefined, token: string, nowMs: number): number {
  // Obelisk's `expires_in` is the longest time without use; a broker that is looked at four times a minute is used.
  for (const name of ['max_valid_time', 'expires_in']) {
    const seconds = body?.get(name)
    const value = typeof seconds === 'string' && /^\d+$/.test(seconds) ? Number(seconds) : seconds
    if (typeof value === 'number' && Number.isFinite(value)) return value * 1_000
  }
  const claims = claimsOf(token)
  const [exp, iat] = [claims?.get('exp'), claims?.get('iat')]
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return UNKNOWN_LIFETIME_MS
  return typeof iat === 'number' && exp > iat ? (exp - iat) * 1_000 : exp * 1_000 - nowMs
}

const IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['invalid_client', 'refused the client'],
  ['unauthorized_client', 'does not allow the client this way'],
  ['invalid_grant', 'refused the grant'],
  ['invalid_scope', 'refused the scope'],
  ['unsupported_grant_type', 'does not know this way'],
  ['access_denied', 'refused access'],
])

function refusal(server: string, status: number, code: string | undefined, body: ReadonlyMap<string, unknown> | undefined): TokenFailure {
  const said = [body?.get('error_description'), body?.get('message')].find((one) => typeof one === 'string' && one !== '') as string | undefined
  const what = code === undefined ? `refused (${status})` : `${IN_WORDS.get(code) ?? 'refused'}: ${code}`
  return { kind: 'refused', words: `${server} ${what}${said === undefined ? '' : `: ${said}`}`, ...(code !== undefined && { code }) }
}

/** A word of the standard, not whatever a server puts there. */
function codeIn(body: ReadonlyMap<string, unknown> | undefined): string | undefined {
  const code = body?.get('error')
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : undefined
}

function objectIn(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? new Map(Object.entries(json)) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
