/**
 * A server that answers history, types and errors the way Scorpio 5.0.3 was seen to: the newest 50 instances of an
 * attribute unless lastN asks for more, periods whose ends belong to both, and no Date on any answer.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const MINUTE_MS = 60_000
const DEFAULT_NEWEST = 50

export interface ScorpioLike {
  readonly url: string
  readonly asked: URL[]
  close(): Promise<void>
}

export interface ScorpioHistory {
  readonly id: string
  /** One instance every quarter of an hour; its value is its number. */
  readonly startMs: number
  readonly instances: number
}

export async function startScorpioLike(history: ScorpioHistory): Promise<ScorpioLike> {
  const asked: URL[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    asked.push(url)
    response.sendDate = false
    if (url.pathname.endsWith('/types')) return sendJson(response, 200, { id: 'urn:ngsi-ld:EntityTypeList:1', type: 'EntityTypeList', 'ngsi-ld:typeList': [] })
    if (url.pathname.endsWith('/subscriptions')) return sendJson(response, 200, [])
    if (url.searchParams.get('limit') === '1001') return refuse(response, 403, 'TooManyResults ', 'Too many results')
    if (!url.pathname.includes('/temporal/entities')) return refuse(response, 404, 'ResourceNotFound', 'Resource not found.')
    const instances = within(history, url.searchParams)
    const isOne = url.pathname.split('/temporal/entities/').length > 1
    if (instances.length === 0) return isOne ? refuse(response, 404, 'ResourceNotFound', 'Resource not found.') : sendJson(response, 200, [])
    const attribute = url.searchParams.get('options') === 'aggregatedValues' ? aggregated(instances, url.searchParams) : normalized(instances, url.searchParams)
    const entity = { id: history.id, type: 'TrafficFlowObserved', intensity: attribute, deletedAt: [instant(history.startMs), instant(history.startMs + MINUTE_MS)] }
    return sendJson(response, 200, isOne ? entity : [entity])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Instance {
  readonly value: number
  readonly atMs: number
}

/** Both ends of `between` belong to it. */
function within({ startMs, instances }: ScorpioHistory, parameters: URLSearchParams): readonly Instance[] {
  const from = Date.parse(parameters.get('timeAt')!)
  const to = Date.parse(parameters.get('endTimeAt')!)
  return Array.from({ length: instances }, (_, value) => ({ value, atMs: startMs + value * 15 * MINUTE_MS })).filter(({ atMs }) => atMs >= from && atMs <= to)
}

/** The newest first; temporalValues is passed over. */
function normalized(instances: readonly Instance[], parameters: URLSearchParams): unknown {
  const newest = Number(parameters.get('lastN') ?? DEFAULT_NEWEST)
  return instances
    .slice(-newest)
    .toReversed()
    .map(({ value, atMs }) => ({ type: 'Property', value, instanceId: `instanceid:${value}`, observedAt: instant(atMs), unitCode: 'C62' }))
}

function aggregated(instances: readonly Instance[], parameters: URLSearchParams): unknown {
  const periodMs = Number(/^PT(\d+)M$/.exec(parameters.get('aggrPeriodDuration')!)![1]) * MINUTE_MS
  const rows: [number, string, string][] = []
  for (let from = Date.parse(parameters.get('timeAt')!); from <= instances.at(-1)!.atMs; from += periodMs) {
    const inside = instances.filter(({ atMs }) => atMs >= from && atMs <= from + periodMs)
    if (inside.length > 0) rows.push([inside.reduce((sum, { value }) => sum + value, 0) / inside.length, instant(from), instant(from + periodMs)])
  }
  return { type: 'Property', avg: rows }
}

/** In microseconds. */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

function refuse(response: ServerResponse, status: number, name: string, title: string): void {
  sendJson(response, status, { type: `https://uri.etsi.org/ngsi-ld/errors/${name}`, title, detail: title, status })
}

function sendJson(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json, undefined, 2))
}
