/** One question to a broker of the configuration: its address and credentials, no redirects, and an end to waiting. */
import { headersFor, type BrokerAddress } from './broker-address.ts'
import type { Problem } from './http.ts'

export type Failure = Problem & { readonly cause?: string }
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
  const late = AbortSignal.timeout(address.timeoutMs)
  try {
    const base = target.startsWith('/temporal/') ? (address.temporalUrl ?? address.apiUrl) : address.apiUrl
    const answer = await fetch(`${base}${target}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headersFor(address), accept, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.any([late, gone]),
    })
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel()
      return { ok: false, error: gatewayProblem('InternalError', 502, 'The broker redirects', 'its configured address must be its own') }
    }
    return { ok: true, value: answer }
  } catch (error) {
    // The page hears our words: the platform's own name hosts and ports of the inside. The log has the code.
    if (late.aborted) return { ok: false, error: gatewayProblem('InternalError', 504, 'The broker is too slow', `no answer within ${address.timeoutMs} ms`) }
    return { ok: false, error: { ...gatewayProblem('InternalError', 502, 'The broker cannot be reached', 'it is down, or its address is wrong'), cause: codeOf(error) } }
  }
}

/** `ECONNREFUSED` and the like, which `fetch` hides one level down. */
function codeOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: string }
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'unknown')
}

export function gatewayProblem(type: string, status: number, title: string, detail: string): Problem & { readonly detail: string } {
  return { type, status, title, detail }
}

