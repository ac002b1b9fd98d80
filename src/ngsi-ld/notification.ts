/**
 * Reads what a broker posts or publishes: a notification in any envelope seen in the wild.
 *
 * HTTP bodies are a Notification (CIM 009, 5.3.1); over MQTT and Orion-LD's socket it comes as
 * `{"metadata":…,"body":…}` in any key order (7.2), where Scorpio's metadata may be a list of one-key
 * objects. `data` is a list, a FeatureCollection, or, from Djane, a single object. Entities without an
 * envelope (a poll's page) are a notification without an id.
 */
import { err, ok, type Result } from '../core/result.ts'
import type { EpochMs } from '../core/time/instant.ts'
import type { Entity } from './entity.ts'
import { coreName, instantOf } from './decode-attribute.ts'
import { decodeEntities } from './decode.ts'
import { asList, isObject, own, shown, single, type DecodeOptions, type Rejection, type UnknownObject } from './decode-run.ts'

export interface Notification {
  readonly id?: string
  readonly subscriptionId?: string
  readonly notifiedAt?: EpochMs
  /** From the metadata of an MQTT envelope. */
  readonly tenant?: string
  readonly entities: Entity[]
  readonly rejected: Rejection[]
}

export function readNotification(payload: unknown, options?: DecodeOptions): Result<Notification, Rejection> {
  const isEnvelope = isObject(payload) && !hasType(payload) && isObject(own(payload, 'body'))
  const body: unknown = isEnvelope ? payload['body'] : payload
  const tenant = isEnvelope ? tenantIn(own(payload, 'metadata')) : undefined
  if (isNotification(body)) return ok({ ...(tenant === undefined ? {} : { tenant }), ...readBody(body, options) })
  if (!areEntities(body)) return err({ id: '', path: isEnvelope ? 'body' : '', reason: `expected a notification or entities, got ${describe(body)}` })
  const { ok: entities, rejected } = decodeEntities(body, { typeFromId: true, ...options })
  return ok({ ...(tenant === undefined ? {} : { tenant }), entities, rejected })
}

function readBody(body: UnknownObject, options: DecodeOptions | undefined): Notification {
  const data = own(body, 'data')
  const { ok: entities, rejected } = decodeEntities(data === undefined || data === null ? [] : data, { typeFromId: true, ...options })
  const read: { -readonly [K in keyof Notification]: Notification[K] } = { entities, rejected }
  for (const name of ['id', 'subscriptionId'] as const) {
    const text = single(own(body, name))
    if (typeof text === 'string') read[name] = text
    else if (text !== undefined) rejected.push({ id: '', path: name, reason: `expected a URI, got ${shown(text)}` })
  }
  if (data === undefined || data === null) rejected.push({ id: '', path: 'data', reason: `expected entities, got ${shown(data)}` })
  const notifiedAt = own(body, 'notifiedAt')
  if (notifiedAt !== undefined) {
    const instant = instantOf(notifiedAt) ?? javaScriptDate(notifiedAt)
    if (instant === undefined) rejected.push({ id: '', path: 'notifiedAt', reason: `expected ISO 8601 with a zone, got ${shown(notifiedAt)}` })
    else read.notifiedAt = instant
  }
  return read
}

// An entity may well have attributes called `data` or `body`; what it has not is this type or these members.
export function isNotification(json: unknown): json is UnknownObject {
  if (!isObject(json)) return false
  const type = single(own(json, 'type') ?? own(json, '@type'))
  if (typeof type === 'string') return coreName(type) === 'Notification' && (Object.hasOwn(json, 'data') || Object.hasOwn(json, 'subscriptionId'))
  return type === undefined && Object.hasOwn(json, 'data') && (Object.hasOwn(json, 'subscriptionId') || Object.hasOwn(json, 'notifiedAt'))
}

function areEntities(json: unknown): boolean {
  if (Array.isArray(json)) return true
  return isObject(json) && hasType(json) && (Object.hasOwn(json, 'id') || Object.hasOwn(json, '@id') || own(json, 'type') === 'FeatureCollection')
}

function hasType(json: UnknownObject): boolean {
  return Object.hasOwn(json, 'type') || Object.hasOwn(json, '@type')
}

function tenantIn(metadata: unknown): string | undefined {
  for (const part of asList(metadata)) {
    if (!isObject(part)) continue
    for (const [name, value] of Object.entries(part)) {
      if (name.toLowerCase() === 'ngsild-tenant' && typeof value === 'string') return value
    }
  }
  return undefined
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

// Djane sends what `Date.toString` gives: "Thu Jan 23 2020 10:11:12 GMT+0100 (…)".
function javaScriptDate(json: unknown): EpochMs | undefined {
  if (typeof json !== 'string' || json.length > 100) return undefined
  const match = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})/.exec(json)
  if (match === null) return undefined
  const [, name = '', day, year, time, zone] = match
  const month = MONTHS.indexOf(name)
  return month < 0 || month % 3 > 0 ? undefined : instantOf(`${year}-${String(month / 3 + 1).padStart(2, '0')}-${day}T${time}${zone}`)
}

function describe(json: unknown): string {
  return isObject(json) ? `an object with ${Object.keys(json).slice(0, 6).map(shown).join(', ') || 'nothing in it'}` : shown(json)
}
