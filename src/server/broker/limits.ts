/**
 * The bounds of the embedded broker, in one table. Whatever grows with what strangers send has its line
 * here; `docs/embedded-broker.md` says the same in words.
 *
 * | bound                     | default   | beyond it |
 * |---------------------------|-----------|-----------|
 * | tenants                   | 64        | 503, the tenant is not made |
 * | entities, each tenant     | 100 000   | 503, the entity is not made |
 * | attributes, each entity   | 500       | 400 |
 * | instances of an attribute | 100       | 400 |
 * | levels of attributes      | 6         | 400 |
 * | levels of JSON            | 64        | 400 |
 * | body                      | 8 MiB     | 413 |
 * | bodies being read, all    | 64 MiB    | 503 |
 * | a body must arrive within | 30 s      | 408, the connection is closed |
 * | entities in a batch       | 1 000     | 400 |
 * | page                      | 1 000     | 403 TooManyResults |
 * | history of an attribute   | 100 000   | the oldest instances are dropped |
 * | history of all            | 1 000 000 | each new instance drops the oldest of its own attribute; a new attribute gets none |
 * | instances in an answer    | 10 000    | 206 with Content-Range |
 * | instances aggregated      | 2 000 000 | 403 TooComplexQuery |
 * | subscriptions, each tenant| 1 000     | expired ones are dropped first, then 503 |
 * | notifications waiting     | 64, each subscription | the oldest is dropped and counted as failed |
 * | entities in a notification| 1 000     | several notifications |
 * | MQTT connections          | 32        | the notification fails |
 */
export interface BrokerLimits {
  readonly tenants: number
  readonly entities: number
  readonly attributes: number
  readonly instances: number
  readonly attributeDepth: number
  readonly jsonDepth: number
  readonly bodyBytes: number
  readonly bodiesBytes: number
  readonly bodyTimeoutMs: number
  readonly batch: number
  readonly defaultPage: number
  readonly page: number
  readonly historyOfAttribute: number
  readonly history: number
  readonly temporalInstances: number
  readonly aggregatedInstances: number
  /** How far back a `TemporalSource` is asked when a query names no start. */
  readonly sourceSpanMs: number
  readonly subscriptions: number
  readonly waitingNotifications: number
  readonly notificationEntities: number
  /** When the endpoint names no timeout. */
  readonly notificationTimeoutMs: number
  readonly mqttConnections: number
  /** An MQTT connection without traffic for so long is closed. */
  readonly mqttIdleMs: number
}

export const DEFAULT_LIMITS: BrokerLimits = {
  tenants: 64,
  entities: 100_000,
  attributes: 500,
  instances: 100,
  attributeDepth: 6,
  jsonDepth: 64,
  bodyBytes: 8 * 1024 * 1024,
  bodiesBytes: 64 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  batch: 1_000,
  defaultPage: 50,
  page: 1_000,
  historyOfAttribute: 100_000,
  history: 1_000_000,
  temporalInstances: 10_000,
  aggregatedInstances: 2_000_000,
  sourceSpanMs: 31 * 86_400_000,
  subscriptions: 1_000,
  waitingNotifications: 64,
  notificationEntities: 1_000,
  notificationTimeoutMs: 10_000,
  mqttConnections: 32,
  mqttIdleMs: 60_000,
}

/** For `http.createServer`: what a slow or swollen request may cost before the broker sees it. */
export const SERVER_OPTIONS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
} as const
