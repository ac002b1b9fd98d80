/** Small words of HTTP that every part of the server says the same way. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { err, ok, type Result } from '../core/result.ts'

/** An RFC 7807 body with NGSI-LD's types (CIM 009, 5.5.2), which is what clients of a broker read anyway. */
export interface Problem {
  readonly status: number
  readonly type: string
  readonly title: string
  readonly detail?: string
}

export function sendProblem(response: ServerResponse, { status, type, title, detail }: Problem, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, { type: `https://uri.etsi.org/ngsi-ld/errors/${type}`, title, ...(detail !== undefined && { detail }), status }, {
    'content-type': 'application/problem+json',
    ...headers,
  })
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

export function sendEmpty(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0 })
  response.end()
}

export type BodyError = 'too-large' | 'aborted'

/** The whole body, or why there is none. A body over the limit is not read to its end. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Result<Buffer, BodyError>> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limitBytes) return Promise.resolve(err('too-large'))
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limitBytes) {
        request.removeAllListeners('data')
        request.resume()
        resolve(err('too-large'))
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(ok(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))))
    request.on('error', () => resolve(err('aborted')))
    request.on('close', () => resolve(err('aborted')))
  })
}

/** A small JSON body, or why there is none. What is no JSON is undefined: whoever checks its shape says so. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<Result<unknown, Problem>> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return err({ status: 415, type: 'BadRequestData', title: 'The body is application/json' })
  const body = await readBody(request, limitBytes)
  if (!body.ok) return err({ status: 413, type: 'BadRequestData', title: 'The body is too long', detail: `at most ${limitBytes} bytes` })
  try {
    return ok(JSON.parse(body.value.toString('utf8')))
  } catch (error) {
    // Not JSON, or nested too deeply.
    if (error instanceof SyntaxError || error instanceof RangeError) return ok(undefined)
    throw error
  }
}

/** Path and query of a request line, as they were sent: nothing decoded, nothing made shorter. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?')
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

export function acceptsEncoding(request: IncomingMessage, encoding: string): boolean {
  const header = request.headers['accept-encoding']
  if (typeof header !== 'string') return false
  return header.split(',').some((item) => {
    const [name, ...parameters] = item.trim().toLowerCase().split(';')
    return name?.trim() === encoding && !parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/.test(parameter))
  })
}
