/** From what the configuration says of a broker to the line it is reached by: where its tokens come from, how they travel, what is secret. */
import type { AccessConfiguration, Setting } from '../../configuration/access.ts'
import type { BrokerConfiguration } from '../../configuration/schema.ts'
import { err } from '../../core/result.ts'
import type { Timers } from '../relay/city-hub.ts'
import { createBrokerLine, type Bearer, type BrokerLine } from './broker-line.ts'
import { probeUrls } from '../relay/meet-broker.ts'
import { createVeil, type Veil } from './secrets.ts'
import type { Granted, TokenFailure } from './token-answer.ts'
import { basic, createTokenServer, logIn, type TokenServer } from './token-server.ts'
import { createTokenSource, type TokenSource, type TokenState } from './token-source.ts'

export interface OpenedLine {
  readonly line: BrokerLine
  /** Where a person logs in for this broker. */
  readonly login?: LoginLine
}

/** What a login needs of a broker's line. */
export interface LoginLine {
  readonly access: LoginAccess
  readonly clientId: string
  readonly server: TokenServer
  readonly source: TokenSource
  readonly veil: Veil
}

export type LoginAccess = Extract<AccessConfiguration, { readonly kind: 'authorization-code' }>

export interface LineSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timers: Timers
  readonly random: () => number
  /** Hears when a broker's access begins to fail or works again. */
  readonly onState: (state: TokenState) => void
}

export function openLine(broker: BrokerConfiguration, { apiUrl, temporalUrl, headers }: { readonly apiUrl: string; readonly temporalUrl?: string; readonly headers: Readonly<Record<string, string>> }, surroundings: LineSurroundings): OpenedLine {
  const { timers } = surroundings
  const veil = createVeil()
  for (const value of Object.values(headers)) veil.keep(value)
  const { concurrent, waiting, responseBytes, failures, pauseS } = broker.limits
  const limits = { timeoutMs: broker.timeoutMs, concurrent, waiting, responseBytes, failures, pauseMs: pauseS * 1_000 }
  const opened = bearerOf(broker.access, veil, surroundings)
  const others = [...probeUrls(apiUrl), ...(temporalUrl === undefined ? [] : [temporalUrl]), ...(broker.obelisk === undefined ? [] : [broker.obelisk.streamUrl])]
  const line = createBrokerLine({ apiUrl, others, timers, limits, veil, bearer: opened?.bearer })
  return { line, ...(opened?.login !== undefined && { login: opened.login }) }
}

function bearerOf(access: AccessConfiguration, veil: Veil, { environment, timers, random, onState }: LineSurroundings): { readonly bearer: Bearer; readonly login?: LoginLine } | undefined {
  if (access.kind === 'headers') return undefined
  const now = (): number => timers.now()
  const secret = ({ env }: { readonly env: string }): string => {
    const value = environment[env] ?? ''
    veil.keep(value)
    return value
  }
  const setting = (one: Setting): string => (typeof one === 'string' ? one : (environment[one.env] ?? ''))
  const sourceOf = (grant: (signal: AbortSignal) => ReturnType<TokenServer['refresh']>, onGranted: (granted: Granted) => void = () => undefined): TokenSource =>
    createTokenSource({
      grant,
      effects: { now, random, after: (ms, call) => timers.after(ms, call) },
      onGranted(granted) {
        for (const token of [granted.token, granted.refreshToken, granted.idToken]) if (token !== undefined) veil.pass(token)
        onGranted(granted)
      },
      hide: (text) => veil.hide(text),
      onState,
    })
  const bearer = (source: TokenSource, header: string): Bearer => ({ kind: access.kind, source, header: header.toLowerCase(), refusesInBody: access.kind === 'login' })

  if (access.kind === 'login') {
    const [username, password] = [setting(access.username), secret(access.password)]
    return { bearer: bearer(sourceOf((signal) => logIn({ url: access.loginUrl, username, password, now }, signal)), access.header) }
  }
  const clientId = setting(access.clientId)
  const clientSecret = access.clientSecret === undefined ? undefined : secret(access.clientSecret)
  if (clientSecret !== undefined) veil.keep(basic(clientId, clientSecret))
  const server = createTokenServer({ url: access.tokenUrl, client: { id: clientId, secret: clientSecret, style: access.style }, now })
  if (access.kind === 'client-credentials') {
    const { scope, audience } = access
    return { bearer: bearer(sourceOf((signal) => server.clientCredentials({ scope, audience }, signal)), access.header) }
  }
  if (access.kind === 'refresh-token') {
    const rotation = rotating(server, secret(access.refreshToken), "set a new refresh token in the environment")
    return { bearer: bearer(sourceOf(rotation.grant, rotation.granted), access.header) }
  }
  const rotation = rotating(server, undefined, 'somebody has to log in')
  const source = sourceOf(rotation.grant, rotation.granted)
  return { bearer: bearer(source, access.header), login: { access, clientId, server, source, veil } }
}

/**
 * The newest refresh token. Servers that rotate give a new one with each answer and may take the old one for stolen.
 * When the newest is refused, the configuration's is tried once more: the server may have lost its memory.
 */
function rotating(server: TokenServer, configured: string | undefined, otherwise: string) {
  let newest = configured
  return {
    async grant(signal: AbortSignal): ReturnType<TokenServer['refresh']> {
      if (newest === undefined) return err<TokenFailure>({ kind: 'login-needed', words: `there is no refresh token: ${otherwise}` })
      const granted = await server.refresh(newest, signal)
      if (granted.ok || granted.error.code !== 'invalid_grant') return granted
      const isConfigured = newest === configured
      newest = isConfigured ? newest : configured
      if (newest === undefined) return err<TokenFailure>({ kind: 'login-needed', words: `${granted.error.words}; ${otherwise}` })
      return isConfigured ? err({ ...granted.error, words: `${granted.error.words}; ${otherwise}` }) : server.refresh(newest, signal)
    },
    granted({ refreshToken }: Granted): void {
      newest = refreshToken ?? newest
    },
  }
}
