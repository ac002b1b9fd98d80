/**
 * The embedded broker: NGSI-LD over HTTP (CIM 009 v1.9.1), in memory, for trying out, for tests and for small
 * offline demos. What it bounds stands in `limits.ts`, what it leaves out in `docs/embedded-broker.md`.
 *
 * It never trusts a request and never throws: every way out of `handle` is an answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { upsertOne } from './batch-operations.ts'
import { createDelivery, type Fetch } from './delivery.ts'
import { contentTypeOf, contextOf, negotiate, parseBody, readBody, send, sendRefusal, type BodyBudget } from './exchange.ts'
import type { HistoryBudget } from './history.ts'
import { DEFAULT_LIMITS, type BrokerLimits } from './limits.ts'
import { createMqttPublisher } from './mqtt-publisher.ts'
import { BASE } from './operation.ts'
import { Parameters } from './parameters.ts'
import { Refusal } from './refusal.ts'
import { routeOf } from './routes.ts'
import { Subscriptions } from './subscriptions.ts'
import type { TemporalSource } from './temporal-source.ts'
import { Tenant } from './tenant.ts'
import { PROCESS_TIMERS, type Timers } from './timers.ts'

export interface BrokerOptions {
  readonly now: () => number
  /** History that is computed, not stored, by tenant ('' is the default one). Asked once, when a tenant is made. */
  readonly temporalSource?: (tenant: string) => TemporalSource | undefined
  readonly limits?: Partial<BrokerLimits>
  readonly fetch?: Fetch
  readonly timers?: Timers
  /** May this request change entities, subscriptions or history? Everyone may, unless told. */
  readonly mayWrite?: (request: IncomingMessage) => boolean
  /** Hears of errors that are ours. Each is answered with 500. */
  readonly onFault?: (error: unknown) => void
}

export interface Broker {
  /** Serves `/ngsi-ld/v1/*`. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /** The same path as a batch upsert: subscriptions fire. What is refused is told, the rest is taken. */
  upsert(tenant: string, entities: readonly JsonObject[]): readonly Refused[]
  close(): Promise<void>
}

export interface Refused {
  readonly id: string
  readonly reason: string
}

const TENANT = /^[A-Za-z0-9_.:-]{1,64}$/

export function createBroker(options: BrokerOptions): Broker {
  const { now, temporalSource, fetch = globalThis.fetch as Fetch, timers = PROCESS_TIMERS, mayWrite = () => true, onFault = (error) => process.emitWarning(String(error)) } = options
  const limits: BrokerLimits = { ...DEFAULT_LIMITS, ...options.limits }
  const history: HistoryBudget = { used: 0 }
  const bodies: BodyBudget = { bytes: 0 }
  const mqtt = createMqttPublisher({ limits, timers })
  const deliver = createDelivery({ fetch, mqtt, timers, limits })
  const tenants = new Map<string, Tenant>()

  function makeTenant(name: string): Tenant {
    const known = tenants.get(name)
    if (known !== undefined) return known
    if (tenants.size >= limits.tenants) throw new Refusal('InternalError', `the broker holds ${limits.tenants} tenants and takes no more`, 503)
    const tenant = new Tenant({ name, limits, now, budget: history, source: temporalSource?.(name) })
    tenant.subscriptions = new Subscriptions({ tenant, timers, deliver })
    tenants.set(name, tenant)
    return tenant
  }
  makeTenant('')

  async function answer(request: IncomingMessage, response: ServerResponse, tenantName: string): Promise<void> {
    const [path = '', query = ''] = splitAt(request.url ?? '', '?')
    if (path !== BASE && !path.startsWith(`${BASE}/`)) throw new Refusal('ResourceNotFound', `this API lives under ${BASE}`)
    const { operation, names } = routeOf(request.method ?? '', path.slice(BASE.length))
    if (operation.writes === true && !mayWrite(request)) throw new Refusal('OperationNotSupported', 'this broker is read-only for you', 403, { Connection: 'close' })
    if (!TENANT.test(tenantName) && tenantName !== '') throw new Refusal('BadRequestData', 'NGSILD-Tenant: expected 1 to 64 of A-Z a-z 0-9 _ . : -')
    const media = negotiate(request.headers.accept, { geo: operation.geo === true })
    const parameters = new Parameters(query)
    const type = operation.takesBody === true ? contentTypeOf(request) : undefined
    const body = operation.takesBody === true ? parseBody(await readBody(request, { limits, timers, budget: bodies }), limits) : null
    const context = contextOf(request, type, operation.takesBody === true ? body : undefined)
    const isNew = !tenants.has(tenantName)
    if (isNew && operation.makesTenant !== true) throw new Refusal('NonexistentTenant', `tenant ${tenantName}`)
    const tenant = makeTenant(tenantName)
    try {
      const reply = operation.run({ tenant, names, path, parameters, body, context, media, limits })
      send(response, reply, { media, context, tenant: tenantName })
    } catch (error) {
      // A refused write must not leave an empty tenant behind.
      if (isNew && error instanceof Refusal) tenants.delete(tenantName)
      throw error
    } finally {
      tenant.flush()
    }
  }

  return {
    handle(request, response) {
      const header = request.headers['ngsild-tenant']
      const tenantName = typeof header === 'string' && header !== 'default' ? header : ''
      request.on('error', () => response.destroy())
      response.on('error', () => response.destroy())
      answer(request, response, tenantName)
        .catch((error: unknown) => {
          if (!(error instanceof Refusal)) onFault(error)
          const refusal = error instanceof Refusal ? error : new Refusal('InternalError', 'an error of the broker; it has been noted')
          sendRefusal(response, refusal, TENANT.test(tenantName) ? tenantName : '')
        })
        .catch((error: unknown) => {
          onFault(error)
          response.destroy()
        })
        // What was not read is thrown away, so that the connection can serve the next request.
        .finally(() => request.resume())
    },
    upsert(name, entities) {
      const tenant = makeTenant(name)
      const refused: Refused[] = []
      for (const json of entities) {
        try {
          upsertOne(tenant, json, { update: false })
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          refused.push({ id: String(json['id'] ?? ''), reason: error.message })
        }
      }
      tenant.flush()
      return refused
    },
    async close() {
      for (const tenant of tenants.values()) tenant.subscriptions.stop()
      tenants.clear()
      await mqtt.close()
    },
  }
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
