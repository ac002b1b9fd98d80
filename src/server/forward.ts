/**
 * Forwards a page's queries to the brokers of the configuration, with the brokers' own credentials, so that
 * no token and no CORS problem reaches the page. Not a proxy: host and path come from the configuration, of the
 * request only what was understood goes on, written anew, and size and time are bounded both ways.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Logger } from './log.ts'
import { askBroker, gatewayProblem, type Failure } from './ask-broker.ts'
import type { BrokerAddress } from './broker-address.ts'
import { allowForward } from './forward-rules.ts'
import { acceptsEncoding, readBody, sendProblem } from './http.ts'
import { createGuardedAnswers } from './privacy/guarded-answers.ts'

export interface Forwarder {
  /** `path` is what follows `…/ngsi-ld/v1`, as it was sent. */
  handle(request: IncomingMessage, response: ServerResponse, address: BrokerAddress, path: string, query: string): Promise<void>
  /** Entities that brokers gave and pages did not get, because they are about people. */
  readonly withheld: number
}

export interface ForwardLimits {
  readonly maxRequestBytes: number
  /** A query is some KB: whoever takes longer to send one holds a place that others need. */
  readonly maxRequestMs: number
  /** Bodies that are being read; they hold no place of those below. */
  readonly maxReading: number
  readonly maxConcurrent: number
}

export const FORWARD_LIMITS: ForwardLimits = { maxRequestBytes: 256 * 1024, maxRequestMs: 10_000, maxReading: 200, maxConcurrent: 200 }

const TYPES = ['application/json', 'application/ld+json', 'application/geo+json']
const PASSED_ON = ['content-range', 'ngsild-results-count', 'ngsild-warning', 'next-page', 'retry-after']

export function createForwarder({ log, limits = FORWARD_LIMITS }: { readonly log: Logger; readonly limits?: ForwardLimits }): Forwarder {
  const guarded = createGuardedAnswers({ log, passOn })
  let reading = 0
  let running = 0

  async function readBounded(request: IncomingMessage): Promise<Query> {
    if (reading >= limits.maxReading) return { ok: false, error: BUSY }
    reading += 1
    try {
      return await readQuery(request, limits)
    } finally {
      reading -= 1
    }
  }

  async function forward(request: IncomingMessage, response: ServerResponse, address: BrokerAddress, asked: { readonly target: string; readonly body: string | undefined }): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const question = { ...asked, accept: acceptOf(request), gone: gone.signal }
    if (address.guard !== undefined || address.origins !== undefined) return guarded.answer(address, question, request, response)
    const answered = await askBroker(address, question)
    if (!answered.ok) {
      if (gone.signal.aborted) return
      log.warn('forward failed', { city: address.city, broker: address.broker, reason: answered.error.title, cause: answered.error.cause })
      return sendProblem(response, answered.error, retryAfter(answered.error))
    }
    await passOn(answered.value, request, response)
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
      const body = request.method === 'POST' ? await readBounded(request) : NO_BODY
      // What was not read of a body may be without end, or be meant for the next request.
      if (!body.ok) return sendProblem(response, body.error, { connection: 'close', ...retryAfter(body.error) })
      if (running >= limits.maxConcurrent) return sendProblem(response, BUSY, retryAfter(BUSY))
      running += 1
      try {
        await forward(request, response, address, { target: allowed.value.target, body: body.value })
      } catch (error) {
        log.warn('forward broke off', { city: address.city, broker: address.broker, reason: address.line.veil.hide(error instanceof Error ? error.message : 'unknown') })
        // With the headers out, the page sees the connection break: half an answer must not look whole.
        if (response.headersSent) response.destroy()
        else sendProblem(response, gatewayProblem('InternalError', 502, 'The broker broke off', 'its answer came in part, or was too much: ask for fewer entities'))
      } finally {
        running -= 1
      }
    },
  }
}

async function passOn(answer: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
  if (gzip) await pipeline(source, createGzip({ level: constants.Z_BEST_SPEED }), response)
  else await pipeline(source, response)
}

type Query = { readonly ok: true; readonly value: string | undefined } | { readonly ok: false; readonly error: Failure }

const NO_BODY: Query = { ok: true, value: undefined }
const BUSY: Failure = { status: 503, type: 'InternalError', title: 'Too many queries at once', retryAfterS: 2 }

/** Of CIM 009, 5.2.23, without what makes the broker ask others: a context to fetch, entities to join, sources to choose. */
const QUERY_MEMBERS = new Set(['type', 'entities', 'attrs', 'pick', 'omit', 'q', 'geoQ', 'scopeQ', 'lang', 'datasetId'])

async function readQuery(request: IncomingMessage, { maxRequestBytes: limit, maxRequestMs }: ForwardLimits): Promise<Query> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return notAQuery(415, 'the body is application/json')
  const slow = setTimeout(() => request.destroy(), maxRequestMs)
  const body = await readBody(request, limit)
  clearTimeout(slow)
  if (!body.ok) return notAQuery(413, `the body is at most ${limit} bytes`)
  try {
    const query: unknown = JSON.parse(body.value.toString('utf8'))
    if (typeof query !== 'object' || query === null || (query as { type?: unknown }).type !== 'Query') return notAQuery(400, 'the body is an object of type Query')
    const strange = Object.keys(query).find((name) => !QUERY_MEMBERS.has(name))
    if (strange !== undefined) return notAQuery(400, `the member ${strange.slice(0, 50)} is not forwarded`)
    // Written anew: of a member that is there twice, the broker might read the other one.
    return { ok: true, value: JSON.stringify(query) }
  } catch (error) {
    if (error instanceof SyntaxError) return notAQuery(400, 'the body is not JSON')
    if (error instanceof RangeError) return notAQuery(400, 'the body is nested too deeply')
    throw error
  }
}

function notAQuery(status: number, detail: string): Query {
  return { ok: false, error: gatewayProblem('BadRequestData', status, 'Not a query', detail) }
}

function acceptOf(request: IncomingMessage): string {
  const wanted = (request.headers.accept ?? '').toLowerCase()
  return TYPES.find((type) => wanted.includes(type)) ?? 'application/json'
}

function retryAfter({ retryAfterS }: Failure): Record<string, string> {
  return retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
}
