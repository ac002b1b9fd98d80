/**
 * Incidents over HTTP: everybody may read; whoever reaches this page may answer, where the configuration allows it. There is
 * no login: the name beside an answer is the one that was typed. What is sent must be JSON from a page of this origin or a
 * program, so that no other site can make a browser acknowledge anything.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import { csvLine } from '../../core/csv.ts'
import { err, ok, type Result } from '../../core/result.ts'
import { HOUR_MS, formatInstant } from '../../core/time/instant.ts'
import { ACTIONS, type Action, type Draft, type Entry } from '../../incidents/journal.ts'
import { readJson, sendJson, sendProblem, type Problem } from '../http.ts'
import { isOwnPage } from '../origin.ts'
import type { CityIncidents } from './watch.ts'

const MAX_BODY_BYTES = 8 * 1024
/** Newest entries that a page is given; the file has all. */
const SHOWN_ENTRIES = 500

const line = (longest: number) => v.pipe(v.string(), v.transform((text) => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim()), v.minLength(1), v.maxLength(longest))
const answer = v.strictObject({ by: line(80), comment: v.optional(line(1_000)), hours: v.optional(v.pipe(v.number(), v.minValue(0.25), v.maxValue(24))) })

/** `rest`: what follows `/incidents` in the path, by its slashes. */
export async function routeIncidents(incidents: CityIncidents, request: IncomingMessage, response: ServerResponse, rest: readonly string[], nowMs: number): Promise<void> {
  const [first, action, ...more] = rest
  if (first !== undefined && action !== undefined && more.length === 0) return act(incidents, request, response, { first, action, nowMs })
  if (more.length > 0 || action !== undefined) return nothing(response)
  if (first !== undefined && first !== 'journal' && first !== 'journal.csv') return nothing(response)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: 'GET' })
  const { board, mayAct, stats } = incidents
  if (first === 'journal') return sendJson(response, 200, { entries: board.journal.slice(-SHOWN_ENTRIES) })
  if (first === 'journal.csv') return sendCsv(response, board.journal)
  const body = { mayAct, incidents: board.incidents, budget: board.budget(nowMs), watched: stats }
  // Of what is asked every few seconds by every page, only what has changed is sent.
  const { lastReadAtMs: _, lastReadTookMs: __, ...lasting } = stats
  const etag = `"${createHash('sha256').update(JSON.stringify({ ...body, watched: lasting })).digest('base64url').slice(0, 22)}"`
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag, 'cache-control': 'no-cache' })
    return void response.end()
  }
  sendJson(response, 200, body, { etag, 'cache-control': 'no-cache' })
}

async function act(incidents: CityIncidents, request: IncomingMessage, response: ServerResponse, { first, action, nowMs }: { readonly first: string; readonly action: string; readonly nowMs: number }): Promise<void> {
  if (!isAction(action)) return nothing(response)
  if (request.method !== 'POST') return refuse(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: 'POST' })
  if (!incidents.mayAct) return refuse(response, { status: 403, type: 'OperationNotSupported', title: 'Incidents are only shown here', detail: 'the configuration of this city does not say incidents.mayAct' })
  if (!isOwnPage(request)) return refuse(response, { status: 403, type: 'OperationNotSupported', title: 'Only pages of this server may answer' })
  const incident = decoded(first)
  const body = await readJson(request, MAX_BODY_BYTES)
  if (!body.ok) return refuse(response, body.error)
  const draft = draftOf(body.value, { action, incident, nowMs })
  if (!draft.ok) return refuse(response, { status: 400, type: 'BadRequestData', title: 'The answer cannot be read', detail: draft.error })
  const entries = incidents.act(draft.value)
  if (entries === undefined) return refuse(response, { status: 404, type: 'ResourceNotFound', title: 'There is no such incident', detail: 'it may be over' })
  if (entries === 'busy') return refuse(response, { status: 429, type: 'InternalError', title: 'Too many answers', detail: 'wait a minute' }, { 'retry-after': '60' })
  const now = incidents.board.get(incident)
  if (entries.length === 0) return refuse(response, { status: 409, type: 'OperationNotSupported', title: 'That means nothing in its state', detail: `it is ${now?.standing.state ?? 'over'}` })
  sendJson(response, 200, { incident: now ?? null, entries })
}

function draftOf(json: unknown, { action, incident, nowMs }: { readonly action: Action; readonly incident: string; readonly nowMs: number }): Result<Draft, string> {
  const parsed = v.safeParse(answer, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    return err(`${v.getDotPath(issue) ?? 'the body'}: expected ${issue.expected ?? 'another value'}, got ${issue.received}`)
  }
  const { by, comment, hours } = parsed.output
  const common = { atMs: nowMs, incident, by }
  const said = comment === undefined ? {} : { comment }
  switch (action) {
    case 'shelve':
      return hours === undefined ? err('hours: expected a number from 0.25 to 24, got nothing') : ok({ ...common, ...said, type: 'shelve', untilMs: nowMs + hours * HOUR_MS })
    case 'comment':
      return comment === undefined ? err('comment: expected text, got nothing') : ok({ ...common, type: 'comment', comment })
    case 'acknowledge':
    case 'unshelve':
    case 'take-out':
    case 'put-back':
      return ok({ ...common, ...said, type: action })
  }
}

function sendCsv(response: ServerResponse, journal: readonly Entry[]): void {
  const rows = journal.map((entry) => [
    formatInstant(entry.atMs),
    entry.incident,
    entry.type,
    'by' in entry ? entry.by : '',
    'comment' in entry ? (entry.comment ?? '') : '',
    entry.type === 'shelve' ? formatInstant(entry.untilMs) : '',
    entry.type === 'fold' ? entry.into : '',
  ])
  const text = [['time', 'incident', 'what', 'by', 'comment', 'until', 'into'], ...rows].map(csvLine).join('')
  response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': 'attachment; filename="journal.csv"', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(text)
}

function isAction(text: string): text is Action {
  return (ACTIONS as readonly string[]).includes(text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded after all: then there is no such incident
  }
}

function nothing(response: ServerResponse): void {
  refuse(response, { status: 404, type: 'ResourceNotFound', title: 'Not found' })
}

/** A body that nobody read may be meant for the next request. */
function refuse(response: ServerResponse, problem: Problem, headers: Readonly<Record<string, string>> = {}): void {
  sendProblem(response, problem, { connection: 'close', ...headers })
}
