/**
 * A subscription as a value (CIM 009, 5.2.12), its body, and reading one back.
 *
 * The members up to `expiresAtMs` are what Orion-LD, Scorpio and Stellio all accept; each one below is
 * refused or misread by at least one of them, so a broker's profile decides (`profile/conform.ts`). Read-only members stand in
 * `state` and are never written: strict brokers refuse to be told what they said themselves.
 */
import { err, ok, type Result } from '../core/result.ts'
import { formatInstant, type EpochMs } from '../core/time/instant.ts'
import type { Json, JsonObject } from './entity.ts'
import { instantOf } from './decode-attribute.ts'
import { asList, DecodeRun, isObject, own, shown, single, type Rejection, type UnknownObject } from './decode-run.ts'
import type { EntityFormat } from './encode.ts'
import { geoQueryBody, parseGeorel, type GeoQuery } from './query.ts'

export interface Subscription {
  /** Send your own: the `Location` of the answer cannot be read across origins. */
  readonly id?: string
  readonly subscriptionName?: string
  readonly entities?: readonly WantedEntities[]
  readonly watchedAttributes?: readonly string[]
  readonly q?: string
  readonly notification: NotificationParameters
  readonly expiresAtMs?: EpochMs

  readonly description?: string
  readonly isActive?: boolean
  readonly geo?: GeoQuery
  /** Orion-LD refuses it. Default: attributes created and updated. */
  readonly triggers?: readonly NotificationTrigger[]
  /** Notify every so many seconds instead of on change. */
  readonly timeIntervalS?: number
  /** For the whole subscription, not per entity: what comes in between is lost. Scorpio reads milliseconds. */
  readonly throttlingS?: number
  readonly scopeQ?: string
  readonly language?: string
  readonly datasetIds?: readonly string[]
  readonly localOnly?: boolean
  readonly jsonldContext?: string
  readonly state?: SubscriptionState
}

export interface WantedEntities {
  readonly type: string
  readonly id?: string
  /** Scorpio demands that it covers the whole id: begin and end with `.*`. */
  readonly idPattern?: string
}

export const NOTIFICATION_TRIGGERS = ['entityCreated', 'entityUpdated', 'entityDeleted', 'attributeCreated', 'attributeUpdated', 'attributeDeleted'] as const
export type NotificationTrigger = (typeof NOTIFICATION_TRIGGERS)[number]

export interface NotificationParameters {
  readonly endpoint: NotificationEndpoint
  readonly format?: EntityFormat
  readonly attributes?: readonly string[]
  readonly pick?: readonly string[]
  readonly omit?: readonly string[]
  readonly sysAttrs?: boolean
  readonly showChanges?: boolean
}

export interface NotificationEndpoint {
  readonly uri: string
  readonly accept?: 'application/json' | 'application/ld+json' | 'application/geo+json'
  readonly receiverInfo?: readonly KeyValue[]
  readonly notifierInfo?: readonly KeyValue[]
  readonly cooldownMs?: number
  readonly timeoutMs?: number
}

export interface KeyValue {
  readonly key: string
  readonly value: string
}

/** What the broker says of it. */
export interface SubscriptionState {
  readonly status?: 'active' | 'paused' | 'expired'
  readonly notificationStatus?: 'ok' | 'failed'
  readonly timesSent?: number
  readonly timesFailed?: number
  readonly lastNotification?: EpochMs
  readonly lastSuccess?: EpochMs
  readonly lastFailure?: EpochMs
  readonly lastErrorReason?: string
}

export function subscriptionBody(subscription: Subscription): JsonObject {
  const { notification, expiresAtMs, geo, triggers, timeIntervalS, throttlingS, language, datasetIds, entities, state: _, ...same } = subscription
  const { endpoint, format, ...parameters } = notification
  const { cooldownMs, timeoutMs, ...address } = endpoint
  return defined({
    type: 'Subscription',
    ...same,
    entities: entities?.map((one) => defined({ ...one })),
    geoQ: geo && geoQueryBody(geo),
    notificationTrigger: triggers,
    timeInterval: timeIntervalS,
    throttling: throttlingS,
    lang: language,
    datasetId: datasetIds,
    expiresAt: expiresAtMs === undefined ? undefined : formatInstant(expiresAtMs),
    notification: defined({
      ...parameters,
      format,
      endpoint: defined({ ...address, cooldown: cooldownMs, timeout: timeoutMs, receiverInfo: keyValues(endpoint.receiverInfo), notifierInfo: keyValues(endpoint.notifierInfo) }),
    }),
  })
}

/** Reads what was sent or what a broker answers. Unknown members are passed over: brokers add their own. */
export function readSubscription(json: unknown): Result<Subscription, Rejection> {
  const run = new DecodeRun()
  const subscription = read(run, json)
  return subscription === undefined || run.rejected.length > 0 ? err(run.rejected[0] ?? { id: run.id, path: '', reason: 'expected a subscription' }) : ok(subscription)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function read(run: DecodeRun, json: unknown): Subscription | undefined {
  if (!isObject(json)) return run.reject(`expected a subscription, got ${shown(json)}`)
  if (!run.allowsJson(json)) return undefined
  const id = own(json, 'id') ?? own(json, '@id')
  if (typeof id === 'string') run.id = id
  const type = single(own(json, 'type') ?? own(json, '@type'))
  if (type !== 'Subscription' && type !== 'https://uri.etsi.org/ngsi-ld/Subscription') return run.reject(`expected "Subscription", got ${shown(type)}`, 'type')
  const notification = readParameters(run, own(json, 'notification'))
  if (notification === undefined) return undefined
  const read: Mutable<Subscription> = { notification }
  copyText(run, json, read, 'id', 'subscriptionName', 'description', 'q', 'scopeQ', 'jsonldContext')
  copyFlag(run, json, read, 'isActive', 'localOnly')
  copyTexts(run, json, read, 'watchedAttributes')
  const language = text(run, json, 'lang')
  if (language !== undefined) read.language = language
  const datasetIds = texts(run, json, 'datasetId')
  if (datasetIds !== undefined) read.datasetIds = datasetIds
  const throttlingS = positive(run, json, 'throttling')
  if (throttlingS !== undefined) read.throttlingS = throttlingS
  const timeIntervalS = positive(run, json, 'timeInterval')
  if (timeIntervalS !== undefined) read.timeIntervalS = timeIntervalS
  const expiresAt = instant(run, json, 'expiresAt')
  if (expiresAt !== undefined) read.expiresAtMs = expiresAt
  const entities = own(json, 'entities')
  if (entities !== undefined) read.entities = asList(entities).flatMap((one, index) => readWanted(run, one, index))
  const geo = own(json, 'geoQ')
  if (geo !== undefined) {
    const query = readGeoQuery(run, geo)
    if (query !== undefined) read.geo = query
  }
  const triggers = texts(run, json, 'notificationTrigger')
  const unknown = triggers?.find((trigger) => !(NOTIFICATION_TRIGGERS as readonly string[]).includes(trigger))
  if (unknown !== undefined) run.reject(`expected one of ${NOTIFICATION_TRIGGERS.join(', ')}, got ${shown(unknown)}`, 'notificationTrigger')
  else if (triggers !== undefined) read.triggers = triggers as readonly NotificationTrigger[]
  const state = readState(run, json, own(json, 'notification'))
  if (Object.keys(state).length > 0) read.state = state
  return read
}

function readParameters(run: DecodeRun, json: unknown): NotificationParameters | undefined {
  if (!isObject(json)) return run.reject(`expected notification parameters, got ${shown(json)}`, 'notification')
  run.path.push('notification')
  const endpoint = readEndpoint(run, own(json, 'endpoint'))
  const read: Mutable<Partial<NotificationParameters>> = {}
  copyTexts(run, json, read, 'attributes', 'pick', 'omit')
  copyFlag(run, json, read, 'sysAttrs', 'showChanges')
  const format = text(run, json, 'format')
  if (format === 'keyValues') read.format = 'simplified'
  else if (format === 'normalized' || format === 'concise' || format === 'simplified') read.format = format
  else if (format !== undefined) run.reject(`expected normalized, concise, simplified or keyValues, got ${shown(format)}`, 'format')
  run.path.pop()
  return endpoint && { ...read, endpoint }
}

function readEndpoint(run: DecodeRun, json: unknown): NotificationEndpoint | undefined {
  if (!isObject(json)) return run.reject(`expected an object with a uri, got ${shown(json)}`, 'endpoint')
  run.path.push('endpoint')
  const uri = text(run, json, 'uri')
  if (uri === undefined) {
    run.reject(`expected a URI, got ${shown(own(json, 'uri'))}`, 'uri')
    run.path.pop()
    return undefined
  }
  const read: Mutable<NotificationEndpoint> = { uri }
  const accept = text(run, json, 'accept')
  if (accept === 'application/json' || accept === 'application/ld+json' || accept === 'application/geo+json') read.accept = accept
  else if (accept !== undefined) run.reject(`expected application/json, application/ld+json or application/geo+json, got ${shown(accept)}`, 'accept')
  const cooldownMs = positive(run, json, 'cooldown')
  if (cooldownMs !== undefined) read.cooldownMs = cooldownMs
  const timeoutMs = positive(run, json, 'timeout')
  if (timeoutMs !== undefined) read.timeoutMs = timeoutMs
  for (const name of ['receiverInfo', 'notifierInfo'] as const) {
    const pairs = own(json, name)
    if (pairs !== undefined) read[name] = asList(pairs).flatMap((pair, index) => readKeyValue(run, pair, name, index))
  }
  run.path.pop()
  return read
}

function readKeyValue(run: DecodeRun, json: unknown, name: string, index: number): KeyValue[] {
  const key = isObject(json) ? own(json, 'key') : undefined
  const value = isObject(json) ? own(json, 'value') : undefined
  if (typeof key === 'string' && key !== '' && typeof value === 'string') return [{ key, value }]
  run.reject(`expected {"key": text, "value": text}, got ${shown(json)}`, name, index)
  return []
}

function readWanted(run: DecodeRun, json: unknown, index: number): WantedEntities[] {
  run.path.push('entities', index)
  const wanted: Mutable<Partial<WantedEntities>> = {}
  if (isObject(json)) copyText(run, json, wanted, 'type', 'id', 'idPattern')
  const { type } = wanted
  if (type === undefined) run.reject(`expected a type, got ${isObject(json) ? shown(own(json, 'type')) : shown(json)}`, 'type')
  run.path.length -= 2
  return type === undefined ? [] : [{ ...wanted, type }]
}

function readGeoQuery(run: DecodeRun, json: unknown): GeoQuery | undefined {
  if (!isObject(json)) return run.reject(`expected a geo-query, got ${shown(json)}`, 'geoQ')
  run.path.push('geoQ')
  const relation = text(run, json, 'georel')
  const georel = relation === undefined ? undefined : parseGeorel(relation)
  if (georel === undefined) run.reject(`expected near;maxDistance==<metres>, within, …, got ${shown(relation)}`, 'georel')
  const geometry = text(run, json, 'geometry')
  if (geometry === undefined) run.reject('expected the type of a geometry, got nothing', 'geometry')
  const coordinates = coordinatesOf(own(json, 'coordinates'))
  if (coordinates === undefined) run.reject(`expected coordinates, got ${shown(own(json, 'coordinates'))}`, 'coordinates')
  const geoproperty = text(run, json, 'geoproperty')
  run.path.pop()
  if (georel === undefined || geometry === undefined || coordinates === undefined) return undefined
  return { georel, geometry, coordinates, ...(geoproperty === undefined ? {} : { geoproperty }) }
}

// As a list, as its text, or, from Orion-LD's tests, as "5,5".
function coordinatesOf(json: unknown): Json | undefined {
  if (Array.isArray(json)) return json as Json
  if (typeof json !== 'string') return undefined
  try {
    const read: unknown = JSON.parse(json.startsWith('[') ? json : `[${json}]`)
    return Array.isArray(read) && read.length > 0 ? (read as Json) : undefined
  } catch {
    return undefined // the caller says what came instead
  }
}

function readState(run: DecodeRun, json: UnknownObject, parameters: unknown): SubscriptionState {
  const state: Mutable<SubscriptionState> = {}
  const status = own(json, 'status')
  if (status === 'active' || status === 'paused' || status === 'expired') state.status = status
  if (!isObject(parameters)) return state
  const outcome = own(parameters, 'status')
  if (outcome === 'ok' || outcome === 'failed') state.notificationStatus = outcome
  for (const name of ['timesSent', 'timesFailed'] as const) {
    const count = own(parameters, name)
    if (typeof count === 'number') state[name] = count
  }
  for (const name of ['lastNotification', 'lastSuccess', 'lastFailure'] as const) {
    // Epoch 0 or a broker's own notation: what cannot be read is not worth refusing a subscription.
    const at = instantOf(own(parameters, name))
    if (at !== undefined) state[name] = at
  }
  copyText(run, parameters, state, 'lastErrorReason')
  return state
}

function text(run: DecodeRun, json: UnknownObject, name: string): string | undefined {
  const value = single(own(json, name))
  if (value === undefined) return undefined
  return typeof value === 'string' && value !== '' ? value : run.reject(`expected a text, got ${shown(value)}`, name)
}

function texts(run: DecodeRun, json: UnknownObject, name: string): readonly string[] | undefined {
  const value = own(json, name)
  if (value === undefined) return undefined
  const list = asList(value)
  return list.every((item): item is string => typeof item === 'string' && item !== '') ? list : run.reject(`expected a list of texts, got ${shown(value)}`, name)
}

function positive(run: DecodeRun, json: UnknownObject, name: string): number | undefined {
  const value = own(json, name)
  if (value === undefined) return undefined
  return typeof value === 'number' && value > 0 ? value : run.reject(`expected a number above 0, got ${shown(value)}`, name)
}

function instant(run: DecodeRun, json: UnknownObject, name: string): EpochMs | undefined {
  const value = own(json, name)
  return value === undefined ? undefined : (instantOf(value) ?? run.reject(`expected ISO 8601 with a zone, got ${shown(value)}`, name))
}

function copyText<Name extends string>(run: DecodeRun, json: UnknownObject, into: { [N in Name]?: string }, ...names: readonly Name[]): void {
  for (const name of names) {
    const value = text(run, json, name)
    if (value !== undefined) into[name] = value
  }
}

function copyTexts<Name extends string>(run: DecodeRun, json: UnknownObject, into: { [N in Name]?: readonly string[] }, ...names: readonly Name[]): void {
  for (const name of names) {
    const value = texts(run, json, name)
    if (value !== undefined) into[name] = value
  }
}

function copyFlag<Name extends string>(run: DecodeRun, json: UnknownObject, into: { [N in Name]?: boolean }, ...names: readonly Name[]): void {
  for (const name of names) {
    const value = own(json, name)
    if (typeof value === 'boolean') into[name] = value
    else if (value !== undefined) run.reject(`expected true or false, got ${shown(value)}`, name)
  }
}

function keyValues(pairs: readonly KeyValue[] | undefined): Json | undefined {
  return pairs?.map(({ key, value }) => ({ key, value }))
}

function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined))
}
