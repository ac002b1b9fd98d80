/**
 * One HTTP request and its answer (CIM 009 v1.9.1, 6.3): body, media types, `@context`, tenant header, errors.
 *
 * What is read here is bounded before it is trusted: bytes, time, depth. Operations get plain values.
 * The broker keeps short names as they are given and resolves no `@context`: it answers with the one that
 * the request used. Two clients with different contexts for one name would meet; a demo's clients do not.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { CORE_CONTEXT, linkOf } from './delivery.ts'
import { isObject } from './document.ts'
import type { BrokerLimits } from './limits.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { MediaType } from './subscription.ts'
import type { Timers } from './timers.ts'

export interface Reply {
  readonly status: number
  readonly body?: Json
  /** Links to other pages, beside the one to the context. */
  readonly links?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

const JSON_TYPES = new Set(['application/json', 'application/ld+json', 'application/merge-patch+json'])
const CONTEXT_REL = /<([^>]*)>\s*;[^,]*rel\s*=\s*"?http:\/\/www\.w3\.org\/ns\/json-ld#context"?/

/** Shared by all requests: how many bytes of bodies are in memory. */
export interface BodyBudget {
  bytes: number
}

export interface BodyParts {
  readonly limits: BrokerLimits
  readonly timers: Timers
  readonly budget: BodyBudget
}

export function readBody(request: IncomingMessage, { limits, timers, budget }: BodyParts): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let isOver = false
    const end = (settle: () => void): void => {
      if (isOver) return
      isOver = true
      cancel()
      budget.bytes -= bytes
      settle()
    }
    const refuse = (status: number, detail: string): void => end(() => reject(new Refusal('InvalidRequest', detail, status, { Connection: 'close' })))
    const cancel = timers.after(limits.bodyTimeoutMs, () => refuse(408, `the body did not arrive within ${limits.bodyTimeoutMs} ms`))
    const take = (count: number): boolean => {
      if (bytes + count > limits.bodyBytes) refuse(413, `a body of more than ${limits.bodyBytes} bytes`)
      else if (budget.bytes + count > limits.bodiesBytes) refuse(503, 'too many bodies are being read; try again')
      else {
        bytes += count
        budget.bytes += count
        return true
      }
      return false
    }
    if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) return refuse(413, `a body of more than ${limits.bodyBytes} bytes`)
    request.on('data', (chunk: Buffer) => {
      if (!isOver && take(chunk.length)) chunks.push(chunk)
    })
    request.on('end', () => end(() => resolve(Buffer.concat(chunks))))
    request.on('error', (error) => end(() => reject(error)))
    request.on('close', () => end(() => reject(new Refusal('InvalidRequest', 'the connection closed inside the body'))))
  })
}

/** Media type of the body, or the refusal that its headers earn. */
export function contentTypeOf(request: IncomingMessage): string {
  const { headers, method } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) throw new Refusal('InvalidRequest', 'a body with Content-Length is expected', 411)
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const isKnown = JSON_TYPES.has(type) && (type !== 'application/merge-patch+json' || method === 'PATCH')
  const encoding = headers['content-encoding'] ?? 'identity'
  if (!isKnown) throw new Refusal('InvalidRequest', `Content-Type: expected application/json or application/ld+json, got ${JSON.stringify(type.slice(0, 80))}`, 415, { Connection: 'close' })
  if (encoding !== 'identity') throw new Refusal('InvalidRequest', 'Content-Encoding: only identity is understood', 415, { Connection: 'close' })
  return type
}

export function parseBody(bytes: Buffer, limits: BrokerLimits): Json {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('InvalidRequest', 'the body is not UTF-8')
  }
  if (text.trim() === '') throw new Refusal('InvalidRequest', 'the body is empty')
  if (depthOf(text) > limits.jsonDepth) throw new Refusal('InvalidRequest', `JSON of more than ${limits.jsonDepth} levels`)
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new Refusal('InvalidRequest', `the body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`)
  }
}

/** 6.3.5: from Link, or from the body of ld+json, and never from both. */
export function contextOf(request: IncomingMessage, type: string | undefined, body: Json | undefined): Json {
  const link = CONTEXT_REL.exec(String(request.headers.link ?? ''))?.[1]
  if (link !== undefined && !URL.canParse(link)) throw badRequest('Link: the @context is not a URL')
  const parts = Array.isArray(body) ? (body as readonly Json[]) : [body ?? null]
  const contexts = parts.flatMap((part) => (isObject(part) && part['@context'] !== undefined ? [part['@context']] : []))
  if (type === 'application/ld+json') {
    if (link !== undefined) throw badRequest('application/ld+json and a Link to a @context do not go together')
    if (contexts.length < parts.filter(isObject).length) throw badRequest('application/ld+json without @context in the body')
    for (const context of contexts) checkContext(context)
    return contexts[0] ?? CORE_CONTEXT
  }
  if (type === 'application/json' && contexts.length > 0) throw badRequest('application/json with @context in the body; send application/ld+json')
  return link ?? contexts[0] ?? CORE_CONTEXT
}

/** The best of what the client accepts; 406 when nothing is. */
export function negotiate(accept: string | undefined, { geo }: { readonly geo: boolean }): MediaType {
  const offered: readonly MediaType[] = ['application/json', 'application/ld+json', ...(geo ? (['application/geo+json'] as const) : [])]
  if (accept === undefined || accept.trim() === '') return 'application/json'
  const ranges = accept.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { range, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const qualityOf = (type: MediaType): number => {
    const exact = ranges.find(({ range }) => range === type)
    return (exact ?? ranges.find(({ range }) => range === 'application/*') ?? ranges.find(({ range }) => range === '*/*'))?.quality ?? 0
  }
  const best = offered.reduce((a, b) => (qualityOf(b) > qualityOf(a) ? b : a))
  if (qualityOf(best) > 0) return best
  throw new Refusal('InvalidRequest', `Accept: this resource comes as ${offered.join(', ')}`, 406)
}

export function send(response: ServerResponse, reply: Reply, { media, context, tenant }: { readonly media: MediaType; readonly context: Json; readonly tenant: string }): void {
  const links = [...(reply.links ?? [])]
  const hasBody = reply.body !== undefined
  if (hasBody && media !== 'application/ld+json') links.push(linkOf(context))
  if (links.length > 0) response.setHeader('Link', links)
  if (tenant !== '') response.setHeader('NGSILD-Tenant', tenant)
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  const body = media === 'application/ld+json' && hasBody ? withContext(reply.body, context) : reply.body
  write(response, reply.status, media, body)
}

/** Errors are always application/json (6.3.2). */
export function sendRefusal(response: ServerResponse, refusal: Refusal, tenant: string): void {
  if (response.headersSent) return void response.destroy()
  if (tenant !== '') response.setHeader('NGSILD-Tenant', tenant)
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  write(response, refusal.status, 'application/json', refusal.body())
}

function write(response: ServerResponse, status: number, media: string, body: Json | undefined): void {
  response.statusCode = status
  if (body === undefined) {
    response.end()
    return
  }
  const bytes = Buffer.from(JSON.stringify(body))
  response.setHeader('Content-Type', media)
  response.setHeader('Content-Length', bytes.length)
  response.end(bytes)
}

function withContext(body: Json, context: Json): Json {
  if (Array.isArray(body)) return (body as readonly Json[]).map((item) => (isObject(item) ? withContext(item, context) : item))
  return isObject(body) ? { ...(body as JsonObject), '@context': context } : body
}

function checkContext(context: Json): void {
  const parts = Array.isArray(context) ? (context as readonly Json[]) : [context]
  if (parts.length === 0 || !parts.every((part) => isObject(part) || (typeof part === 'string' && URL.canParse(part)))) {
    throw badRequest('@context: expected a URL, an object, or an array of them')
  }
}

/** Nesting of the text, before anything recursive sees it. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // a string: up to its closing quote
        for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++
        break
      case 0x5b:
      case 0x7b:
        deepest = Math.max(deepest, ++depth)
        break
      case 0x5d:
      case 0x7d:
        depth--
    }
  }
  return deepest
}
