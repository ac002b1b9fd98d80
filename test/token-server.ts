/**
 * A small token server on a real socket, as Keycloak and its like behave: client credentials, rotating refresh tokens,
 * authorization codes with PKCE. It knows which tokens are good, so a broker behind it can ask, and it fails at will.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TokenServerDouble {
  readonly url: string
  /** Fields of each request, in order, with what was in `Authorization`. */
  readonly asked: { readonly fields: Readonly<Record<string, string>>; readonly authorization: string | undefined }[]
  /** Everything secret that it ever gave out. */
  readonly given: string[]
  /** Answers instead of the server, when it gives true. */
  manner: ((request: IncomingMessage, response: ServerResponse, fields: Readonly<Record<string, string>>) => boolean) | undefined
  expiresInS: number
  isGood(token: string): boolean
  /** All tokens so far are good no more. */
  withdraw(): void
  close(): Promise<void>
}

export async function startTokenServer(known: { readonly id: string; readonly secret?: string; readonly refreshToken?: string }): Promise<TokenServerDouble> {
  const good = new Set<string>()
  const codes = new Map<string, { readonly challenge: string; readonly nonce: string; readonly redirectUri: string }>()
  let refreshToken = known.refreshToken

  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://x')
    if (url.pathname === '/authorize') return authorize(url.searchParams, response)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
      double.asked.push({ fields, authorization: request.headers.authorization })
      if (double.manner?.(request, response, fields) === true) return
      answer(fields, request.headers.authorization, response)
    })
  })

  /** A person who agrees at once. */
  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = secret('code')
    codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirectUri: query.get('redirect_uri') ?? '' })
    response.writeHead(302, { location: `${query.get('redirect_uri')}?${new URLSearchParams({ code, state: query.get('state') ?? '' }).toString()}` }).end()
  }

  function answer(fields: Readonly<Record<string, string>>, authorization: string | undefined, response: ServerResponse): void {
    const sent = authorization === undefined ? [fields['client_id'], fields['client_secret']] : Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':').map(decodeURIComponent)
    if (sent[0] !== known.id || sent[1] !== known.secret) return refuse(response, 401, 'invalid_client', `client ${sent.join(':')} is unknown`)
    if (fields['grant_type'] === 'client_credentials') return grant(response, {})
    if (fields['grant_type'] === 'refresh_token') {
      if (fields['refresh_token'] !== refreshToken) return refuse(response, 400, 'invalid_grant', `${fields['refresh_token']} was used before`)
      refreshToken = secret('refresh')
      return grant(response, { refresh_token: refreshToken })
    }
    const begun = codes.get(fields['code'] ?? '')
    codes.delete(fields['code'] ?? '')
    const isProven = begun !== undefined && createHash('sha256').update(fields['code_verifier'] ?? '').digest('base64url') === begun.challenge
    if (!isProven || fields['redirect_uri'] !== begun.redirectUri) return refuse(response, 400, 'invalid_grant', 'no such code')
    refreshToken = secret('refresh')
    const claims = Buffer.from(JSON.stringify({ nonce: begun.nonce, aud: known.id })).toString('base64url')
    grant(response, { refresh_token: refreshToken, id_token: `e30.${claims}.c2ln` })
  }

  function grant(response: ServerResponse, more: object): void {
    const token = secret('access')
    good.add(token)
    json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: double.expiresInS, ...more })
  }

  function secret(kind: string): string {
    const word = `${kind}-${randomBytes(24).toString('base64url')}`
    double.given.push(word)
    return word
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const double: TokenServerDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    given: [],
    manner: undefined,
    expiresInS: 300,
    isGood: (token) => good.has(token),
    withdraw: () => good.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return double
}

function refuse(response: ServerResponse, status: number, error: string, description: string): void {
  json(response, status, { error, error_description: description })
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
