/**
 * The notes of one city over HTTP: `GET` for everybody, `POST` and `DELETE` for this server's own pages and for programs.
 * JSON only, small, and not too many a minute: whoever has the page may write, so nothing here may grow without bound.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAnnotationId, readDraft, toJson } from '../../annotations/annotation.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { readJson, sendEmpty, sendJson, sendProblem, type Problem } from '../http.ts'
import { isOwnPage } from '../origin.ts'
import { MAX_ANNOTATIONS, type AnnotationStore } from './annotation-store.ts'

export interface CityAnnotations {
  /** `rest`: what follows `…/annotations/` in the path, as it was sent; empty for the list. */
  handle(request: IncomingMessage, response: ServerResponse, rest: string): Promise<void>
}

const MAX_BODY_BYTES = 8 * 1024
const MAX_WRITES_A_MINUTE = 30

export function createCityAnnotations({ store, mayWrite, now }: { readonly store: AnnotationStore; readonly mayWrite: boolean; readonly now: () => number }): CityAnnotations {
  let minute = { startMs: Number.NEGATIVE_INFINITY, writes: 0 }

  function isTooMany(): boolean {
    const nowMs = now()
    if (Math.abs(nowMs - minute.startMs) >= MINUTE_MS) minute = { startMs: nowMs, writes: 0 }
    return ++minute.writes > MAX_WRITES_A_MINUTE
  }

  /** Why the request may not write; undefined when it may. */
  function refusalOf(request: IncomingMessage): Problem | undefined {
    if (!mayWrite) return { status: 403, type: 'OperationNotSupported', title: 'Notes are read-only here' }
    if (!isOwnPage(request)) return { status: 403, type: 'OperationNotSupported', title: 'Only pages of this server write notes' }
    return isTooMany() ? { status: 429, type: 'InternalError', title: 'Too many notes at once', detail: `at most ${MAX_WRITES_A_MINUTE} a minute` } : undefined
  }

  async function list(response: ServerResponse): Promise<void> {
    const annotations = await store.list()
    if (!annotations.ok) return sendProblem(response, { status: 502, type: 'InternalError', title: 'Notes cannot be read', detail: annotations.error })
    sendJson(response, 200, { keptIn: store.keptIn, mayWrite, annotations: annotations.value.map(toJson) })
  }

  async function add(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request, MAX_BODY_BYTES)
    // What was not read of a body may be without end, or be meant for the next request.
    if (!body.ok) return sendProblem(response, body.error, { connection: 'close' })
    const draft = readDraft(body.value)
    if (!draft.ok) return sendProblem(response, { status: 400, type: 'BadRequestData', title: 'Not a note', detail: draft.error })
    const added = await store.add(draft.value)
    if (added.ok) return sendJson(response, 201, toJson(added.value))
    if (added.error.kind === 'full') return sendProblem(response, { status: 403, type: 'OperationNotSupported', title: 'This city has all the notes it can keep', detail: `${MAX_ANNOTATIONS}: delete old ones first` })
    sendProblem(response, { status: 502, type: 'InternalError', title: 'The note cannot be kept', detail: added.error.reason })
  }

  async function remove(response: ServerResponse, rest: string): Promise<void> {
    const id = decoded(rest)
    if (id === undefined || !isAnnotationId(id)) return sendProblem(response, { status: 404, type: 'ResourceNotFound', title: 'There is no such note' })
    const removed = await store.remove(id)
    if (!removed.ok) return sendProblem(response, { status: 502, type: 'InternalError', title: 'The note cannot be deleted', detail: removed.error })
    if (!removed.value) return sendProblem(response, { status: 404, type: 'ResourceNotFound', title: 'There is no such note' })
    sendEmpty(response, 204)
  }

  return {
    async handle(request, response, rest) {
      const allowed = rest === '' ? 'GET, POST' : 'DELETE'
      const method = request.method ?? ''
      if (rest === '' && method === 'GET') return list(response)
      if (!allowed.split(', ').includes(method)) return sendProblem(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: allowed })
      const refusal = refusalOf(request)
      // What was not read of a body may be without end, or be meant for the next request.
      if (refusal !== undefined) return sendProblem(response, refusal, { connection: 'close', ...(refusal.status === 429 && { 'retry-after': '60' }) })
      return method === 'POST' ? add(request, response) : remove(response, rest)
    },
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
