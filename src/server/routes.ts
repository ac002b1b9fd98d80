/**
 * Which part answers which address. Addresses are taken as they were sent: nothing is decoded before it is
 * known who will read it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PublicConfiguration } from '../configuration/city-plan.ts'
import type { Access } from './access/access.ts'
import type { BrokerAddress } from './broker-address.ts'
import type { Forwarder } from './forward.ts'
import { isFromThisMachine } from './origin.ts'
import type { CityChecks } from './conformance/city-checks.ts'
import { cityHealthOf, healthOf, readinessOf } from './health.ts'
import { acceptsEncoding, sendJson, sendProblem, splitTarget } from './http.ts'
import { routeIncidents } from './incidents/routes.ts'
import type { CityIncidents } from './incidents/watch.ts'
import type { MqttSource } from './mqtt-source.ts'
import type { PrivacyFloor } from './privacy/privacy-floor.ts'
import type { CityHub } from './relay/city-hub.ts'
import type { NotifyDoor } from './relay/notify-door.ts'
import type { Relay } from './relay/relay.ts'
import type { StaticFiles } from './static.ts'

export interface Parts {
  readonly configuration: PublicConfiguration
  readonly addresses: readonly BrokerAddress[]
  readonly relay: Relay
  readonly door: NotifyDoor
  readonly forwarder: Forwarder
  readonly files: StaticFiles
  /** The embedded broker, when a city has one. */
  readonly broker?: { handle(request: IncomingMessage, response: ServerResponse): void }
  readonly privacy?: PrivacyFloor
  readonly access?: Access
  /** By city and broker: `porto/noise`. */
  readonly mqtt?: ReadonlyMap<string, MqttSource>
  /** How pages reach a tenant of the embedded broker: guarded. */
  readonly publicTenant?: (tenant: string) => BrokerAddress | undefined
  /** By city. */
  readonly checks?: ReadonlyMap<string, CityChecks>
  /** By city, where the configuration asks for them. */
  readonly incidents?: ReadonlyMap<string, CityIncidents>
  readonly startedAtMs: number
  readonly now: () => number
}

export async function route(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path, query } = splitTarget(request.url ?? '/')
  if (path.startsWith('/notify/')) return parts.door.handle(request, response, path.slice('/notify/'.length))
  if (path.startsWith('/ngsi-ld/')) {
    if (parts.broker === undefined) return notFound(response, 'no city has an embedded broker')
    // Subscriptions name the addresses that are notified, our own secret ones among them.
    if (/^\/ngsi-ld\/v1\/subscriptions(\/|$)/.test(path) && !isFromThisMachine(request)) {
      return sendProblem(response, { status: 403, type: 'OperationNotSupported', title: 'Subscriptions are for programs on this machine' })
    }
    if (isFromThisMachine(request)) return parts.broker.handle(request, response)
    return answerStranger(parts, request, response, path, query)
  }
  if (path.startsWith('/api/cities/')) return routeCity(parts, request, response, path, query)
  if (path.startsWith('/access/') && parts.access?.loginRoutes !== undefined) return parts.access.loginRoutes.handle(request, response, path, query)
  switch (path) {
    case '/api/config':
      return answer(request, response, 200, parts.configuration)
    case '/api/health':
      return answer(request, response, 200, healthOf({ startedAtMs: parts.startedAtMs, nowMs: parts.now(), door: parts.door.stats, relay: parts.relay.stats, ...(parts.privacy !== undefined && { privacy: { withheldFromAnswers: parts.forwarder.withheld, cities: parts.privacy.stats } }), ...(parts.access !== undefined && { access: parts.access.stats }) }))
    case '/healthz':
      return answer(request, response, 200, { alive: true })
    case '/readyz': {
      const readiness = readinessOf(parts.relay.stats)
      return answer(request, response, readiness.ready ? 200 : 503, readiness)
    }
  }
  if (path.startsWith('/api/') || path === '/api' || path === '/notify') return notFound(response, `there is nothing at ${path.slice(0, 100)}`)
  return parts.files.handle(request, response, path)
}

/** The embedded broker holds entities about people, and a stranger may be a browser: it gets what pages get, and writes nothing. */
function answerStranger(parts: Parts, request: IncomingMessage, response: ServerResponse, path: string, query: string): Promise<void> | void {
  const isRead = request.method === 'GET' || (request.method === 'POST' && path === '/ngsi-ld/v1/entityOperations/query')
  if (!isRead) return sendProblem(response, { status: 403, type: 'OperationNotSupported', title: 'This broker is read-only for you' }, { connection: 'close' })
  const tenant = request.headers['ngsild-tenant']
  const address = parts.publicTenant?.(typeof tenant === 'string' ? tenant : '')
  if (address === undefined) return sendProblem(response, { status: 404, type: 'NonexistentTenant', title: 'No such tenant' })
  return parts.forwarder.handle(request, response, address, path.slice('/ngsi-ld/v1'.length), query)
}

async function routeCity(parts: Parts, request: IncomingMessage, response: ServerResponse, path: string, query: string): Promise<void> {
  const [city = '', kind, broker, ...rest] = path.slice('/api/cities/'.length).split('/')
  const hub = parts.relay.hub(city)
  if (hub === undefined) return notFound(response, `there is no city ${city.slice(0, 64)}`)
  if (kind === 'feed' && broker === undefined) return openFeed(hub, request, response)
  if (kind === 'health' && broker === undefined) {
    const { relay, door, access, startedAtMs, now } = parts
    return answer(request, response, 200, cityHealthOf({ city, hub, relay: relay.stats, brokers: relay.healthOf(city), access: access?.stats ?? [], door: door.stats, startedAtMs, nowMs: now() }))
  }
  const incidents = kind === 'incidents' ? parts.incidents?.get(city) : undefined
  if (incidents !== undefined) return routeIncidents(incidents, request, response, broker === undefined ? [] : [broker, ...rest], parts.now())
  const checks = kind === 'conformance' && broker === undefined ? parts.checks?.get(city) : undefined
  if (checks !== undefined) {
    // Asking twice starts one run; whoever asks too soon gets what was found last.
    if (request.method === 'POST') await checks.run()
    else if (request.method !== 'GET') return sendProblem(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: 'GET, POST' })
    return sendJson(response, 200, checks.state)
  }
  const address = kind === 'brokers' ? parts.addresses.find((one) => one.city === city && one.broker === broker) : undefined
  if (address === undefined) return notFound(response, `there is nothing at ${path.slice(0, 100)}`)
  const [api, version, ...target] = rest
  const mqtt = parts.mqtt?.get(`${city}/${broker}`)
  if (api === 'mqtt' && version === undefined && mqtt !== undefined) return answer(request, response, 200, mqtt.door(parts.now()))
  if (api !== 'ngsi-ld' || version !== 'v1' || target.length === 0) return notFound(response, 'only /ngsi-ld/v1/… is forwarded')
  return parts.forwarder.handle(request, response, address, `/${target.join('/')}`, query)
}

function openFeed(hub: CityHub, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET') return sendProblem(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: 'GET' })
  const gzip = acceptsEncoding(request, 'gzip')
  const lastEventId = request.headers['last-event-id']
  request.socket.setNoDelay(true)
  if (hub.isFull) return sendProblem(response, { status: 503, type: 'InternalError', title: 'Too many readers' }, { 'retry-after': '5' })
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // `no-transform` and the nginx header keep proxies from gathering events before they pass them on.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    ...(gzip && { 'content-encoding': 'gzip' }),
  })
  const leave = hub.connect({ outlet: response, gzip, ...(typeof lastEventId === 'string' && { lastEventId }) })
  response.once('close', leave)
  // A reader that breaks off in the middle of a write is gone, and no more than that.
  response.once('error', leave)
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, body: unknown): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendProblem(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: 'GET' })
  sendJson(response, status, body)
}

function notFound(response: ServerResponse, detail: string): void {
  sendProblem(response, { status: 404, type: 'ResourceNotFound', title: 'Not found', detail })
}
