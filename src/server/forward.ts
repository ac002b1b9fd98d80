/**
 * Forwards a page's queries to the brokers of the configuration, with the brokers' own credentials, so that
 * no token and no CORS problem reaches the page. Not a proxy: host and path come from the configuration,
 * redirects are refused, and size and time are bounded both ways.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable, Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Logger } from './log.ts'
import { askBroker, gatewayProblem } from './ask-broker.ts'
import type { BrokerAddress } from './broker-address.ts'
import { allowForward } from './forward-rules.ts'
import { acceptsEncoding, readBody, sendProblem, type Problem } from './http.ts'
import { createGuardedAnswers } from './privacy/guarded-answers.ts'

export interface Forwarder {
  /** `path` is what follows `…/ngsi-ld/v1`, as it was sent. */
  handle(request: IncomingMessage, response: ServerResponse, address: BrokerAddress, path: string, query: string): Promise<void>
  /** Entities that brokers gave and pages did not get, because they are about people. */
  readonly withheld: number
}

export interface ForwardLimits {
  readonly maxRequestBytes: number
  readonly maxResponseBytes: number
  readonly maxConcurrent: number
}

export const FORWARD_LIMITS: ForwardLimits = { maxRequestBytes: 256 * 1024, maxResponseBytes: 64 * 1024 * 1024, maxConcurrent: 200 }

const TYPES = ['application/json', 'application/ld+json', 'application/geo+json']
const PASSED_ON = ['content-range', 'ngsild-results-count', 'ngsild-warning', 'next-page']

export function createForwarder({ log, limits = FORWARD_LIMITS }: { readonly log: Logger; readonly limits?: ForwardLimits }): Forwarder {
  const guarded = createGuardedAnswers({ log, maxResponseBytes: limits.maxResponseBytes, passOn })
  let running = 0

  async function forward(request: IncomingMessage, response: ServerResponse, address: BrokerAddress, target: string): Promise<void> {
    const body = request.method === 'POST' ? await readQuery(request, limits.maxRequestBytes) : { ok: true as const, value: undefined }
    if (!body.ok) return sendProblem(response, body.error)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const question = { target, body: body.value, accept: acceptOf(request), gone: gone.signal }
    if (address.guard !== undefined || address.origins !== undefined) return guarded.answer(address, question, request, response)
    const answered = await askBroker(address, question)
    if (!answered.ok) {
      if (gone.signal.aborted) return
      log.warn('forward failed', { city: address.city, broker: address.broker, reason: answered.error.title, cause: answered.error.cause })
      return sendProblem(response, answered.error)
    }
    await passOn(answered.value, request, response)
  }

  async function passOn(answer: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const declared = Number(answer.headers.get('content-length') ?? 0)
    if (declared > limits.maxResponseBytes) {
      await answer.body?.cancel()
      return sendProblem(response, gatewayProblem('InternalError', 502, 'The broker answered too much', 'ask for fewer entities'))
    }
    const type = answer.headers.get('content-type') ?? 'application/json'
    const gzip = acceptsEncoding(request, 'gzip')
    const kept = PASSED_ON.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)!] as const] : []))
    response.writeHead(answer.status, {
      ...Object.fromEntries(kept),
      // A broker behind this origin must not be able to serve a page on it.
      'content-type': /^application\/([\w.+-]*\+)?json\b/i.test(type) ? type : 'application/octet-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(gzip && answer.body !== null && { 'content-encoding': 'gzip' }),
    })
    if (answer.body === null) return void response.end()
    const source = Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream)
    const bound = upTo(limits.maxResponseBytes)
    if (gzip) await pipeline(source, bound, createGzip({ level: constants.Z_BEST_SPEED }), response)
    else await pipeline(source, bound, response)
  }

  return {
    get withheld() {
      return guarded.withheld
    },
    async handle(request, response, address, path, query) {
      const allowed = allowForward(request.method ?? '', path, query)
      if (!allowed.ok) {
        const { status, title, detail } = allowed.error
        return sendProblem(response, { status, type: status === 404 ? 'ResourceNotFound' : 'BadRequestData', title, detail }, status === 405 ? { allow: 'GET, POST' } : {})
      }
      if (running >= limits.maxConcurrent) {
        return sendProblem(response, { status: 503, type: 'InternalError', title: 'Too many queries at once' }, { 'retry-after': '2' })
      }
      running += 1
      try {
        await forward(request, response, address, allowed.value.target)
      } catch (error) {
        // The headers are out, so the page sees the connection break: half an answer must not look whole.
        log.warn('forward broke off', { city: address.city, broker: address.broker, reason: error instanceof Error ? error.message : 'unknown' })
        response.destroy()
      } finally {
        running -= 1
      }
    },
  }
}

type Query = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: Problem }

async function readQuery(request: IncomingMessage, limit: number): Promise<Query> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return notAQuery(415, 'the body is application/json')
  const body = await readBody(request, limit)
  if (!body.ok) return notAQuery(413, `the body is at most ${limit} bytes`)
  try {
    const query: unknown = JSON.parse(body.value.toString('utf8'))
    if (typeof query !== 'object' || query === null || (query as { type?: unknown }).type !== 'Query') return notAQuery(400, 'the body is an object of type Query')
    return { ok: true, value: body.value.toString('utf8') }
  } catch {
    return notAQuery(400, 'the body is not JSON')
  }
}

function notAQuery(status: number, detail: string): Query {
  return { ok: false, error: gatewayProblem('BadRequestData', status, 'Not a query', detail) }
}

function acceptOf(request: IncomingMessage): string {
  const wanted = (request.headers.accept ?? '').toLowerCase()
  return TYPES.find((type) => wanted.includes(type)) ?? 'application/json'
}

function upTo(limit: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.length
      if (bytes > limit) done(new Error('the broker answered too much'))
      else done(null, chunk)
    },
  })
}
