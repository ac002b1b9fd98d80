/**
 * A broker that does nothing but what a load needs, in a process of its own: it takes the relay's
 * subscription, answers the snapshot from generated pages, and notifies at a rate, or as fast as the
 * relay's door answers. Real HTTP on kept connections; the embedded broker would be the limit itself.
 */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPopulation, notification } from './population.ts'

/** What the process is told, and what it tells. */
export type ToLoadBroker =
  /** Entities a second, so many in a notification; 0 a second is silence. */
  | { readonly type: 'rate'; readonly perSecond: number; readonly perNotification: number }
  /** As many as the door answers to so many connections. */
  | { readonly type: 'flood'; readonly perNotification: number; readonly connections: number }
  | { readonly type: 'count' }
export type FromLoadBroker =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'subscribed' }
  | { readonly type: 'count'; readonly entities: number; readonly notifications: number; readonly failed: number; readonly withheld: number }

const TURN_MS = 10
/** Requests on their way; what is due beyond that is withheld and counted: a load must not fill its own memory. */
const MAX_UNANSWERED = 64
const FLOOD_BODIES = 64

const population = createPopulation(Number(process.argv[2]))
const subscriptions = new Map<string, Record<string, unknown>>()
const agent = new Agent({ keepAlive: true, maxSockets: 16 })
let spoken = 0
let unanswered = 0
let count = { entities: 0, notifications: 0, failed: 0, withheld: 0 }
let isFlooding = false
let stopTurns = (): void => undefined

const server = createServer((asked, response) => {
  const chunks: Buffer[] = []
  asked.on('data', (chunk: Buffer) => chunks.push(chunk))
  asked.on('end', () => answer(asked, Buffer.concat(chunks).toString(), response))
})
server.listen(0, '127.0.0.1', () => tell({ type: 'listening', port: (server.address() as AddressInfo).port }))

process.on('message', (message: ToLoadBroker) => {
  if (message.type === 'count') return tell({ type: 'count', ...count })
  stopTurns()
  isFlooding = false
  count = { entities: 0, notifications: 0, failed: 0, withheld: 0 }
  if (message.type === 'rate' && message.perSecond > 0) speakAt(message.perSecond, message.perNotification)
  if (message.type === 'flood') flood(message.perNotification, message.connections)
})
process.on('disconnect', () => process.exit(0))

function answer(asked: IncomingMessage, body: string, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(asked.url ?? '/', 'http://broker')
  const path = pathname.replace('/ngsi-ld/v1', '')
  const json = (status: number, text: string, headers: Record<string, string> = {}): void => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  if (path === '/entities' && asked.method === 'GET') {
    const offset = Number(searchParams.get('offset') ?? 0)
    const length = Math.max(0, Math.min(Number(searchParams.get('limit') ?? 20), population.count - offset))
    const entities = population.entities(Array.from({ length }, (_, index) => offset + index), Date.now() - 30_000, 0)
    return json(200, `[${entities}]`, { 'ngsild-results-count': String(population.count) })
  }
  if (path === '/subscriptions' && asked.method === 'GET') return json(200, JSON.stringify([...subscriptions.values()]), { 'ngsild-results-count': String(subscriptions.size) })
  if (path === '/subscriptions' && asked.method === 'POST') {
    const subscription = JSON.parse(body) as Record<string, unknown>
    const id = String(subscription['id'])
    subscriptions.set(id, { ...subscription, isActive: true, status: 'active' })
    response.writeHead(201, { location: `/ngsi-ld/v1/subscriptions/${encodeURIComponent(id)}` }).end()
    return tell({ type: 'subscribed' })
  }
  if (path.startsWith('/subscriptions/')) {
    if (asked.method === 'DELETE') subscriptions.delete(decodeURIComponent(path.slice('/subscriptions/'.length)))
    return void response.writeHead(204).end()
  }
  if (path.startsWith('/temporal/')) return json(200, '[]')
  json(404, '{"type":"https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound","title":"not here"}')
}

function speakAt(perSecond: number, perNotification: number): void {
  let owed = 0
  let beforeMs = performance.now()
  const timer = setInterval(() => {
    const nowMs = performance.now()
    owed += ((nowMs - beforeMs) / 1_000) * perSecond
    beforeMs = nowMs
    for (; owed >= perNotification; owed -= perNotification) {
      if (unanswered >= MAX_UNANSWERED) count.withheld += perNotification
      else post(Buffer.from(nextNotification(perNotification)), perNotification, () => undefined)
    }
  }, TURN_MS)
  stopTurns = () => clearInterval(timer)
}

/** Bodies are made before and used again: what is measured is the relay, not the load. */
function flood(perNotification: number, connections: number): void {
  const bodies = Array.from({ length: FLOOD_BODIES }, () => Buffer.from(nextNotification(perNotification)))
  let next = 0
  isFlooding = true
  const again = (): void => {
    if (isFlooding) post(bodies[next++ % FLOOD_BODIES]!, perNotification, again)
  }
  for (let connection = 0; connection < connections; connection++) again()
}

function nextNotification(perNotification: number): string {
  const atMs = Date.now()
  const indices = Array.from({ length: perNotification }, () => population.speaker(spoken++))
  return notification(population.entities(indices, atMs, Math.floor(spoken / population.count) + 1), atMs, [...subscriptions.keys()][0] ?? 'urn:ngsi-ld:Subscription:none')
}

function post(body: Buffer, entities: number, done: () => void): void {
  const [subscription] = subscriptions.values()
  const { endpoint } = (subscription?.['notification'] ?? {}) as { readonly endpoint?: { readonly uri: string } }
  if (endpoint === undefined) return void (count.failed += 1)
  unanswered += 1
  let isOver = false
  const over = (): void => {
    if (isOver) return
    isOver = true
    unanswered -= 1
    done()
  }
  const failed = (): void => {
    count.failed += 1
    over()
  }
  const posting = request(endpoint.uri, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': body.length } }, (response) => {
    response.resume()
    response.once('end', () => {
      count.entities += entities
      count.notifications += 1
      over()
    })
    response.once('error', failed)
  })
  posting.once('error', failed)
  posting.end(body)
}

function tell(message: FromLoadBroker): void {
  process.send?.(message)
}
