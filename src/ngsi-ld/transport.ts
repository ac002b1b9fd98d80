/**
 * One HTTP exchange with a broker over the `fetch` it is given: bounded in time and size, and total.
 *
 * This file is compiled where no platform's types exist, so what it needs of `fetch` is described here;
 * the `fetch` of browsers, workers and Node fits. Redirects are refused: a broker that sends us elsewhere
 * would get our headers, and with them a tenant or a token, sent there too.
 */
import { err, ok, type Result } from '../core/result.ts'
import { isProblemBody, readProblem, type Problem } from './problem.ts'

export type NgsiLdError =
  /** No answer: down, no such host, blocked by CORS, or a redirect; `fetch` does not say which. */
  | { readonly kind: 'unreachable'; readonly detail: string; readonly status?: undefined; readonly title?: undefined }
  | { readonly kind: 'timeout'; readonly detail: string; readonly status?: undefined; readonly title?: undefined }
  | { readonly kind: 'aborted'; readonly detail: string; readonly status?: undefined; readonly title?: undefined }
  /** The broker says what is wrong. */
  | Problem
  /** An answer that is not what was asked for: not JSON, another shape, a redirect that came through. */
  | { readonly kind: 'malformed'; readonly status?: number; readonly title?: undefined; readonly detail: string }
  | { readonly kind: 'too-large'; readonly status?: number; readonly title?: undefined; readonly detail: string }

export type FetchLike = (url: string, init: FetchInit) => Promise<FetchAnswer>

export interface FetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly redirect: 'error'
  /** The platform's own AbortSignal. It has no type here, and `never` fits whatever a platform expects. */
  readonly signal: never
}

export interface FetchAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body?: ByteStream | null
  text(): Promise<string>
}

export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
    cancel(): Promise<void>
  }
}

/** As much of AbortSignal as is needed to follow one. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

interface AbortControllerLike {
  readonly signal: AbortSignalLike
  abort(): void
}

/** Waits, and ends early without failing when the signal aborts. */
export type Wait = (ms: number, signal: AbortSignalLike) => Promise<void>

// Global in browsers, workers and Node, and in none of the types this project is compiled with.
declare const AbortController: new () => AbortControllerLike
declare const TextDecoder: new (label: string) => { decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string }

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Record<string, string>
  readonly body?: string
}

export interface TransportLimits {
  readonly timeoutMs: number
  readonly maxBodyBytes: number
}

export interface Answer {
  readonly status: number
  readonly headers: FetchAnswer['headers']
  /** Undefined for an empty body. */
  readonly json: unknown
}

/** Sends one request. An answer outside 200 to 299, and an error in a 200, is an error. */
export async function exchange(
  fetch: FetchLike,
  request: Exchange,
  limits: TransportLimits,
  wait: Wait | undefined,
  outer: AbortSignalLike | undefined,
): Promise<Result<Answer, NgsiLdError>> {
  if (outer?.aborted === true) return err({ kind: 'aborted', detail: `${request.method} ${request.url}` })
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  outer?.addEventListener('abort', abort)
  const clock = new AbortController() // ends the waiting once there is an answer
  let isLate = false
  const giveUp = (): void => {
    if (clock.signal.aborted) return
    isLate = true
    controller.abort()
  }
  // A wait that fails when it is cancelled has done its work.
  wait?.(limits.timeoutMs, clock.signal).then(giveUp, () => undefined)
  try {
    const { url, ...init } = request
    // A fetch that does not heed its signal must not hold us. (Its kind of signal differs by runtime: `FetchLike` names none.)
    const answered = fetch(url, { ...init, redirect: 'error', signal: controller.signal as never }).then((answer) => readAnswer(answer, limits, controller.signal))
    return await Promise.race([answered, whenAborted(controller.signal)])
  } catch (error) {
    const detail = `${request.method} ${request.url}: ${error instanceof Error ? reasonOf(error) : String(error)}`
    if (isLate) return err({ kind: 'timeout', detail: `${request.method} ${request.url}: no answer within ${limits.timeoutMs} ms` })
    return err({ kind: controller.signal.aborted ? 'aborted' : 'unreachable', detail })
  } finally {
    outer?.removeEventListener('abort', abort)
    clock.abort()
  }
}

async function readAnswer(answer: FetchAnswer, limits: TransportLimits, signal: AbortSignalLike): Promise<Result<Answer, NgsiLdError>> {
  const { status, headers } = answer
  const read = await readText(answer, limits.maxBodyBytes, signal)
  if (!read.ok) return read
  const text = read.value.trim()
  const isSuccess = status >= 200 && status < 300
  let json: unknown
  if (text !== '') {
    try {
      json = JSON.parse(text)
    } catch {
      if (isSuccess) return err({ kind: 'malformed', status, detail: `expected JSON, got ${JSON.stringify(text.slice(0, 80))}` })
      return err(status >= 300 && status < 400 ? redirected(status, headers) : readProblem(text, status))
    }
  }
  if (status >= 300 && status < 400) return err(redirected(status, headers))
  if (!isSuccess || isProblemBody(json)) return err(readProblem(json, status))
  return ok({ status, headers, json })
}

async function readText(answer: FetchAnswer, maxBytes: number, signal: AbortSignalLike): Promise<Result<string, NgsiLdError>> {
  const { status, headers, body } = answer
  const tooLarge = err<NgsiLdError>({ kind: 'too-large', status, detail: `expected at most ${maxBytes} bytes` })
  const announced = Number(headers.get('content-length') ?? 0)
  const reader = body?.getReader()
  if (announced > maxBytes) {
    await reader?.cancel()
    return tooLarge
  }
  if (reader === undefined) {
    const text = await answer.text()
    return text.length > maxBytes ? tooLarge : ok(text)
  }
  const decoder = new TextDecoder('utf-8')
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || value === undefined) return ok(text + decoder.decode())
    bytes += value.byteLength
    if (bytes > maxBytes || signal.aborted) {
      await reader.cancel()
      return bytes > maxBytes ? tooLarge : err({ kind: 'aborted', detail: 'while the answer was read' })
    }
    text += decoder.decode(value, { stream: true })
  }
}

function whenAborted(signal: AbortSignalLike): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new Error('aborted'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
}

function redirected(status: number, headers: FetchAnswer['headers']): NgsiLdError {
  return { kind: 'malformed', status, detail: `expected an answer, got a redirect to ${headers.get('location') ?? 'nowhere'}, which is not followed` }
}

// Node's fetch says "fetch failed" and keeps why in the cause.
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
