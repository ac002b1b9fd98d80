/**
 * A subscription as a client writes it, checked and made ready (CIM 009 v1.9.1, 5.2.12 to 5.2.15).
 *
 * Strict, as Orion-LD and Stellio are: an unknown member, a read-only one or a contradiction is refused.
 */
import { parseInstant } from '../../core/time/instant.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import type { GeoFilter } from '../../ngsi-ld/geo-relation.ts'
import type { QExpression } from '../../ngsi-ld/q-expression.ts'
import type { EntitySelector } from '../../ngsi-ld/type-selection.ts'
import { isObject, isUri, textsOf } from './document.ts'
import { geoOfBody, qOf, scopeOf, selectorsOf } from './filter.ts'
import { formatOf } from './parameters.ts'
import type { View } from './representation.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { ScopeQuery } from './scope-query.ts'

export const TRIGGERS = ['entityCreated', 'entityUpdated', 'entityDeleted', 'attributeCreated', 'attributeUpdated', 'attributeDeleted'] as const
export type Trigger = (typeof TRIGGERS)[number]

export interface Subscription {
  readonly selectors?: readonly EntitySelector[] | undefined
  readonly watched?: readonly string[] | undefined
  readonly triggers: ReadonlySet<Trigger>
  readonly q?: QExpression | undefined
  readonly geo?: GeoFilter | undefined
  readonly scope?: ScopeQuery | undefined
  readonly throttlingMs?: number | undefined
  readonly intervalMs?: number | undefined
  readonly expiresAtMs?: number | undefined
  readonly isActive: boolean
  readonly view: View
  readonly showChanges: boolean
  readonly endpoint: Endpoint
  readonly jsonldContext?: string | undefined
}

export interface Endpoint {
  readonly protocol: 'http' | 'mqtt'
  readonly uri: string
  readonly accept: MediaType
  readonly timeoutMs?: number | undefined
  readonly cooldownMs?: number | undefined
  readonly receiverInfo: readonly (readonly [key: string, value: string])[]
  readonly mqttVersion: 4 | 5
  readonly mqttQos: 0 | 1 | 2
}

export type MediaType = 'application/json' | 'application/ld+json' | 'application/geo+json'

const MEMBERS = new Set([
  'id', 'type', '@context', 'subscriptionName', 'description', 'entities', 'watchedAttributes', 'timeInterval', 'notificationTrigger', 'q', 'geoQ', 'scopeQ',
  'lang', 'datasetId', 'localOnly', 'expiresAt', 'isActive', 'jsonldContext', 'throttling', 'notification',
])
const UNSUPPORTED = new Set(['csf', 'temporalQ', 'entityMap', 'splitEntities'])
const NOTIFICATION_MEMBERS = new Set(['attributes', 'pick', 'omit', 'format', 'sysAttrs', 'showChanges', 'join', 'joinLevel', 'endpoint'])
const ENDPOINT_MEMBERS = new Set(['uri', 'accept', 'cooldown', 'timeout', 'receiverInfo', 'notifierInfo'])
const TEXTS = ['subscriptionName', 'description', 'jsonldContext', 'lang'] as const
// A client could otherwise smuggle a second request through a header.
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$/
const HEADER_VALUE = /^[\t\x20-\x7e\u0080-\u00ff]{0,8000}$/
/** These frame the message and are the sender's. */
const OWN_HEADERS = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'content-type', 'upgrade', 'te', 'trailer', 'expect', 'keep-alive'])

/** `nowMs` because an expiry must lie ahead. */
export function readSubscription(json: JsonObject, nowMs: number): Subscription {
  only(json, MEMBERS, '')
  if (json['type'] !== 'Subscription') throw badRequest('type: expected Subscription')
  if (json['id'] !== undefined && !isUri(json['id'])) throw badRequest('id: expected a URI')
  for (const name of TEXTS) if (json[name] !== undefined && typeof json[name] !== 'string') throw badRequest(`${name}: expected a text`)
  const watched = names(json, 'watchedAttributes')
  const intervalMs = seconds(json, 'timeInterval')
  const throttlingMs = seconds(json, 'throttling')
  if (json['entities'] === undefined && watched === undefined) throw badRequest('a subscription needs entities or watchedAttributes')
  if (intervalMs !== undefined && (watched !== undefined || throttlingMs !== undefined || json['notificationTrigger'] !== undefined)) {
    throw badRequest('timeInterval does not go together with watchedAttributes, throttling or notificationTrigger')
  }
  const q = json['q']
  if (q !== undefined && typeof q !== 'string') throw badRequest('q: expected a text')
  const datasets = names(json, 'datasetId')
  const notification = json['notification']
  if (!isObject(notification)) throw badRequest('notification: expected an object')
  return {
    selectors: selectorsOf(json['entities']),
    watched,
    triggers: triggersOf(json['notificationTrigger']),
    q: q === undefined ? undefined : qOf(q),
    geo: geoOfBody(json['geoQ']),
    scope: scopeOf(json['scopeQ']),
    throttlingMs,
    intervalMs,
    expiresAtMs: expiryOf(json['expiresAt'], nowMs),
    isActive: flag(json, 'isActive') ?? true,
    ...readNotification(notification, typeof json['lang'] === 'string' ? json['lang'] : undefined, datasets),
    jsonldContext: json['jsonldContext'] as string | undefined,
  }
}

function readNotification(json: JsonObject, language: string | undefined, datasets: readonly string[] | undefined): Pick<Subscription, 'view' | 'showChanges' | 'endpoint'> {
  only(json, NOTIFICATION_MEMBERS, 'notification.')
  const [attrs, pick, omit] = [names(json, 'attributes'), names(json, 'pick'), names(json, 'omit')]
  if (attrs !== undefined && (pick !== undefined || omit !== undefined)) throw badRequest('notification.attributes does not go together with pick or omit')
  if (json['join'] !== undefined && json['join'] !== 'none') throw new Refusal('OperationNotSupported', 'notification.join is not supported')
  const format = json['format'] === undefined ? 'normalized' : formatOf(String(json['format']))
  const showChanges = flag(json, 'showChanges') ?? false
  if (showChanges && format === 'simplified') throw badRequest('notification.showChanges does not go together with a simplified format')
  const endpoint = json['endpoint']
  if (!isObject(endpoint)) throw badRequest('notification.endpoint: expected an object')
  return {
    view: {
      format,
      sysAttrs: flag(json, 'sysAttrs') ?? false,
      attrs,
      // Without id and type a notification says nothing, so pick adds to them here (5.2.14 leaves it open).
      pick: pick === undefined ? undefined : [...new Set(['id', 'type', ...pick])],
      omit: omit?.filter((name) => name !== 'id' && name !== 'type'),
      language,
      datasets: datasets === undefined ? undefined : new Set(datasets),
    },
    showChanges,
    endpoint: readEndpoint(endpoint),
  }
}

function readEndpoint(json: JsonObject): Endpoint {
  only(json, ENDPOINT_MEMBERS, 'notification.endpoint.')
  const { uri, accept = 'application/json' } = json
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined
  const protocol = url === undefined ? undefined : /^https?:$/.test(url.protocol) ? 'http' : /^mqtts?:$/.test(url.protocol) ? 'mqtt' : undefined
  if (url === undefined || protocol === undefined) throw badRequest('notification.endpoint.uri: expected an http, https, mqtt or mqtts URI')
  if (accept !== 'application/json' && accept !== 'application/ld+json' && accept !== 'application/geo+json') {
    throw badRequest('notification.endpoint.accept: expected application/json, application/ld+json or application/geo+json')
  }
  if (protocol === 'mqtt' && accept === 'application/geo+json') throw badRequest('notification.endpoint.accept: MQTT carries json or ld+json')
  if (protocol === 'mqtt' && topicOf(url) === undefined) throw badRequest('notification.endpoint.uri: expected a topic without wildcards as path')
  const notifier = new Map(pairs(json, 'notifierInfo').map(([key, value]) => [key.toLowerCase(), value]))
  const version = notifier.get('mqtt-version') ?? 'mqtt5.0'
  const qos = notifier.get('mqtt-qos') ?? '0'
  if (version !== 'mqtt5.0' && version !== 'mqtt3.1.1') throw badRequest('notifierInfo MQTT-Version: expected mqtt3.1.1 or mqtt5.0')
  if (qos !== '0' && qos !== '1' && qos !== '2') throw badRequest('notifierInfo MQTT-QoS: expected 0, 1 or 2')
  const receiverInfo = pairs(json, 'receiverInfo')
  for (const [key, value] of receiverInfo) {
    if (!HEADER_NAME.test(key) || !HEADER_VALUE.test(value)) throw badRequest(`receiverInfo ${JSON.stringify(key.slice(0, 40))}: not a header`)
    if (OWN_HEADERS.has(key.toLowerCase())) throw badRequest(`receiverInfo ${key}: the broker sets this header itself`)
  }
  return {
    protocol,
    uri: url.href,
    accept,
    timeoutMs: milliseconds(json, 'timeout'),
    cooldownMs: milliseconds(json, 'cooldown'),
    receiverInfo,
    mqttVersion: version === 'mqtt5.0' ? 5 : 4,
    mqttQos: Number(qos) as 0 | 1 | 2,
  }
}

/** The topic of an MQTT endpoint: its path. Undefined when there is none, or one that cannot be published to. */
export function topicOf(url: URL): string | undefined {
  try {
    const topic = decodeURIComponent(url.pathname.replace(/^\//, ''))
    return topic === '' || /[+#\0]/.test(topic) || topic.length > 1_000 ? undefined : topic
  } catch {
    return undefined // not percent-encoded UTF-8: no topic either
  }
}

function only(json: JsonObject, known: ReadonlySet<string>, where: string): void {
  for (const name of Object.keys(json)) {
    if (known.has(name)) continue
    if (UNSUPPORTED.has(name)) throw new Refusal('OperationNotSupported', `${where}${name} is not supported`)
    throw badRequest(`${where}${name.slice(0, 80)}: unknown or read-only`)
  }
}

function names(json: JsonObject, name: string): readonly string[] | undefined {
  if (json[name] === undefined) return undefined
  const texts = textsOf(json[name])
  if (texts === undefined || texts.length === 0) throw badRequest(`${name}: expected a name or an array of them, not empty`)
  return texts
}

function flag(json: JsonObject, name: string): boolean | undefined {
  const value = json[name]
  if (value !== undefined && typeof value !== 'boolean') throw badRequest(`${name}: expected true or false`)
  return value
}

function seconds(json: JsonObject, name: string): number | undefined {
  const value = json[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value > 0) || value > 1e8) throw badRequest(`${name}: expected a positive number of seconds`)
  return value * 1_000
}

function milliseconds(json: JsonObject, name: string): number | undefined {
  const value = json[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value > 0) || value > 1e8) throw badRequest(`notification.endpoint.${name}: expected a positive number of milliseconds`)
  return value
}

function triggersOf(json: Json | undefined): ReadonlySet<Trigger> {
  if (json === undefined) return new Set(['attributeCreated', 'attributeUpdated'])
  const texts = textsOf(json)
  const triggers = TRIGGERS.filter((trigger) => texts?.includes(trigger))
  if (texts === undefined || texts.length === 0 || triggers.length < new Set(texts).size) throw badRequest(`notificationTrigger: expected an array of ${TRIGGERS.join(', ')}`)
  return new Set(triggers)
}

function expiryOf(json: Json | undefined, nowMs: number): number | undefined {
  if (json === undefined) return undefined
  const ms = typeof json === 'string' ? parseInstant(json) : undefined
  if (ms === undefined) throw badRequest('expiresAt: expected ISO 8601 with a zone')
  if (ms <= nowMs) throw badRequest('expiresAt: lies in the past')
  return ms
}

function pairs(json: JsonObject, name: string): readonly (readonly [string, string])[] {
  const list = json[name]
  if (list === undefined) return []
  if (!Array.isArray(list) || list.length > 50) throw badRequest(`${name}: expected an array of {key, value}`)
  return (list as readonly Json[]).map((pair) => {
    if (!isObject(pair) || typeof pair['key'] !== 'string' || typeof pair['value'] !== 'string') throw badRequest(`${name}: expected an array of {key, value}`)
    return [pair['key'], pair['value']] as const
  })
}
