/**
 * How this server proves to a broker who it is. Secrets are names of environment variables, never values; a person's
 * login needs none. The token's address is as fixed as the broker's: both are where secrets go.
 */
import * as v from 'valibot'
import { union } from 'valibot'
import { headerName, object, secret, text, webUrl } from './shapes.ts'

/** No secret, so it may stand in the file. */
const setting = v.pipe(union([text, secret], 'text, or { "env": … }'), v.description('As it is, or from an environment variable.'))

const tokenUrl = v.pipe(webUrl, v.description('Where tokens are given out, such as https://keycloak.example/realms/city/protocol/openid-connect/token.'))
const scope = v.optional(v.pipe(text, v.description('Scopes, with spaces between.')))
const style = v.optional(v.pipe(v.picklist(['basic', 'body'], 'basic or body'), v.description('Where client id and secret go: the Authorization header, or the body.')), 'basic')
const header = (otherwise: string) => v.optional(v.pipe(headerName, v.description('Header that carries the token: Authorization with Bearer, any other (X-Auth-Token) the bare token.')), otherwise)

/** The path is this server's; host and scheme are how browsers reach it. */
export const CALLBACK_PATH = '/access/callback'

const redirectUri = v.pipe(
  v.string(`an http or https address that ends with ${CALLBACK_PATH}`),
  v.regex(/^https?:\/\/[^\s/?#@]+\/access\/callback$/, `an http or https address that ends with ${CALLBACK_PATH}`),
  v.description('Where the login comes back to: this server, as browsers reach it, with /access/callback.'),
)

export const access = v.variant(
  'kind',
  [
    object({ kind: v.pipe(v.literal('headers'), v.description('Nothing but `headers`: API keys.')) }),
    object({
      kind: v.pipe(v.literal('client-credentials'), v.description('OAuth 2.0 client credentials: Keycloak and compatible, Obelisk.')),
      tokenUrl,
      clientId: setting,
      clientSecret: secret,
      scope,
      audience: v.optional(text),
      style,
      header: header('Authorization'),
    }),
    object({
      kind: v.pipe(v.literal('refresh-token'), v.description('OAuth 2.0 refresh token; rotated ones are kept in memory.')),
      tokenUrl,
      clientId: setting,
      clientSecret: v.optional(secret),
      refreshToken: secret,
      style,
      header: header('Authorization'),
    }),
    object({
      kind: v.pipe(v.literal('login'), v.description('POST /login with username and password: Djane.')),
      loginUrl: webUrl,
      username: setting,
      password: secret,
      header: header('x-access-token'),
    }),
    object({
      kind: v.pipe(v.literal('authorization-code'), v.description('A person logs in at /access/login/<city>/<broker>: authorization code with PKCE (S256).')),
      authorizeUrl: webUrl,
      tokenUrl,
      clientId: setting,
      clientSecret: v.optional(secret),
      redirectUri,
      scope,
      style,
      header: header('Authorization'),
    }),
  ],
  'an access whose kind is headers, client-credentials, refresh-token, login or authorization-code',
)

export type AccessConfiguration = v.InferOutput<typeof access>
export type Setting = v.InferOutput<typeof setting>

/** Environment variables that an access names, by where. */
export function variablesOf(access: AccessConfiguration): readonly { readonly key: string; readonly env: string }[] {
  return Object.entries(access).flatMap(([key, value]) => (typeof value === 'object' ? [{ key, env: value.env }] : []))
}

/** Addresses to which secrets go, by where. */
export function addressesOf(access: AccessConfiguration): readonly { readonly key: string; readonly url: string }[] {
  return Object.entries(access).flatMap(([key, value]) => (typeof value === 'string' && (key === 'tokenUrl' || key === 'loginUrl') ? [{ key, url: value }] : []))
}
