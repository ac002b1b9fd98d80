/** One question to a broker of the configuration, on its line, with its headers and nothing of the reader's. */
import { headersFor, type BrokerAddress } from './broker-address.ts'
import type { Problem } from './http.ts'

export type Failure = Problem & { readonly cause?: string; readonly retryAfterS?: number }
export type Answered = { readonly ok: true; readonly value: Response } | { readonly ok: false; readonly error: Failure }

export interface BrokerQuestion {
  /** Below `/ngsi-ld/v1`, with the query. */
  readonly target: string
  /** Of a query by POST. */
  readonly body?: string | undefined
  readonly accept: string
  /** Whoever asked does not wait any more. */
  readonly gone: AbortSignal
}

export async function askBroker(address: BrokerAddress, { target, body, accept, gone }: BrokerQuestion): Promise<Answered> {
  const headers = { ...headersFor(address), accept, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const base = target.startsWith('/temporal/') ? (address.temporalUrl ?? address.apiUrl) : address.apiUrl
  const sent = await address.line.send({ url: `${base}${target}`, method: body === undefined ? 'GET' : 'POST', headers, body, signal: gone }, 'page')
  if (!sent.ok) {
    const { status, title, detail, retryAfterS, error, kind } = sent.error
    // The page hears our words: the platform's own name hosts and ports of the inside. The log has the code.
    return { ok: false, error: { ...gatewayProblem('InternalError', status, title, detail), cause: error === undefined ? kind : codeOf(error), ...(retryAfterS !== undefined && { retryAfterS }) } }
  }
  if (sent.value.status === 401 || sent.value.status === 407) {
    // It is this server that the broker does not know. Passed on, it would read as if the page had to log in.
    await sent.value.body?.cancel()
    return { ok: false, error: { ...gatewayProblem('InternalError', 502, 'The broker refuses this server', 'its headers or its access are wrong, or over'), cause: String(sent.value.status) } }
  }
  return { ok: true, value: sent.value }
}

/** `ECONNREFUSED` and the like, which `fetch` hides one level down. */
function codeOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: string }
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'unknown')
}

export function gatewayProblem(type: string, status: number, title: string, detail: string): Problem & { readonly detail: string } {
  return { type, status, title, detail }
}
