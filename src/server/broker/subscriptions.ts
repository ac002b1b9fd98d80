/**
 * The subscriptions of one tenant: which change concerns which, and what they are told (CIM 009 v1.9.1, 5.8).
 *
 * - The changes of one operation become one notification for each subscription. An entity written twice in
 *   one batch appears twice, in order: a reading is not dropped because a later one came with it.
 * - Throttling drops what comes too early, for the subscription as a whole, as the standard says.
 * - An update with the same value is an update.
 * - Endpoints wait for nobody: each subscription has a queue of its own (`delivery.ts`).
 */
import { randomUUID } from 'node:crypto'
import { formatInstant } from '../../core/time/instant.ts'
import { NGSI_LD_NULL, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'
import { isNamed } from '../../ngsi-ld/type-selection.ts'
import { createQueue, type Delivery, type DeliveryQueue, type Outcome } from './delivery.ts'
import { datasetOf, isObject, VALUE_MEMBERS, type Instance, type StoredEntity } from './document.ts'
import type { Change } from './draft.ts'
import { isMet } from './filter.ts'
import { isShownAttribute, represent, representFeature, scalarOrArray } from './representation.ts'
import { notFound, Refusal } from './refusal.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import type { Tenant } from './tenant.ts'
import type { Timers } from './timers.ts'

interface Held {
  readonly id: string
  json: JsonObject
  subscription: Subscription
  /** `@context` of the request that made it: names in its notifications are of that context. */
  readonly context: Json
  readonly createdAtMs: number
  modifiedAtMs: number
  readonly queue: DeliveryQueue
  readonly counters: Counters
  /** For throttling: when something was last handed to the queue. */
  lastOfferMs: number
  stopInterval: () => void
}

interface Counters {
  timesSent: number
  timesFailed: number
  lastNotificationMs?: number
  lastSuccessMs?: number
  lastFailureMs?: number
  lastError?: string
}

export interface SubscriptionParts {
  readonly tenant: Tenant
  readonly timers: Timers
  readonly deliver: Delivery
}

export class Subscriptions {
  readonly #held = new Map<string, Held>()
  readonly #tenant: Tenant
  readonly #timers: Timers
  readonly #deliver: Delivery

  constructor({ tenant, timers, deliver }: SubscriptionParts) {
    this.#tenant = tenant
    this.#timers = timers
    this.#deliver = deliver
  }

  create(json: JsonObject, context: Json): string {
    const nowMs = this.#tenant.now()
    const subscription = readSubscription(json, nowMs)
    const id = typeof json['id'] === 'string' ? json['id'] : `urn:ngsi-ld:Subscription:${randomUUID()}`
    if (this.#held.has(id)) throw new Refusal('AlreadyExists', `subscription ${id}`)
    this.#makeRoom()
    const counters: Counters = { timesSent: 0, timesFailed: 0 }
    const { limits } = this.#tenant
    const queue = createQueue({ limit: limits.waitingNotifications, deliver: this.#deliver, now: this.#tenant.now, report: (outcome) => count(counters, outcome) })
    const { '@context': _context, ...members } = json
    const held: Held = { id, json: { ...members, id }, subscription, context, createdAtMs: nowMs, modifiedAtMs: nowMs, queue, counters, lastOfferMs: -Infinity, stopInterval: () => undefined }
    this.#held.set(id, held)
    this.#startInterval(held)
    return id
  }

  /** Merges members (5.8.2); what is `null` or `urn:ngsi-ld:null` goes. */
  patch(id: string, fragment: JsonObject): void {
    const held = this.#get(id)
    if (fragment['id'] !== undefined && fragment['id'] !== id) throw new Refusal('BadRequestData', 'id: cannot be changed')
    const { '@context': _context, ...members } = fragment
    const json = merged(held.json, members)
    // An expiry that has passed must not forbid the patch that renews it, nor any other.
    const { expiresAt: _expiresAt, ...timeless } = json
    const subscription = 'expiresAt' in fragment ? readSubscription(json, this.#tenant.now()) : { ...readSubscription(timeless, 0), expiresAtMs: held.subscription.expiresAtMs }
    held.json = json
    held.subscription = subscription
    held.modifiedAtMs = this.#tenant.now()
    this.#startInterval(held)
  }

  delete(id: string): void {
    const held = this.#get(id)
    held.stopInterval()
    held.queue.stop()
    this.#held.delete(id)
  }

  get(id: string, how: { readonly sysAttrs: boolean }): JsonObject {
    return this.#show(this.#get(id), how)
  }

  list(how: { readonly sysAttrs: boolean }): JsonObject[] {
    return [...this.#held.values()].map((held) => this.#show(held, how))
  }

  stop(): void {
    for (const id of this.#held.keys()) this.delete(id)
  }

  notify(changes: readonly Change[]): void {
    const nowMs = this.#tenant.now()
    for (const held of this.#held.values()) {
      const { subscription } = held
      if (subscription.intervalMs !== undefined || statusOf(held, nowMs) !== 'active') continue
      const concerning = changes.filter((change) => concerns(subscription, change))
      if (concerning.length === 0) continue
      if (subscription.throttlingMs !== undefined && nowMs - held.lastOfferMs < subscription.throttlingMs) continue
      this.#offer(held, concerning, nowMs)
    }
  }

  #offer(held: Held, changes: readonly Change[], nowMs: number): void {
    held.lastOfferMs = nowMs
    const { notificationEntities: size } = this.#tenant.limits
    const { subscription, context } = held
    const isGeo = subscription.endpoint.accept === 'application/geo+json'
    for (let start = 0; start < changes.length; start += size) {
      const items = changes.slice(start, start + size).map((change) => itemOf(subscription, change, nowMs))
      const inContext = subscription.jsonldContext ?? context
      const isLd = subscription.endpoint.accept === 'application/ld+json'
      held.queue.offer({
        tenant: this.#tenant.name,
        endpoint: subscription.endpoint,
        format: subscription.view.format,
        context: inContext,
        subscriptionId: held.id,
        body: {
          ...(isLd ? { '@context': inContext } : {}),
          id: `urn:ngsi-ld:Notification:${randomUUID()}`,
          type: 'Notification',
          subscriptionId: held.id,
          notifiedAt: formatInstant(nowMs),
          data: isGeo ? { type: 'FeatureCollection', features: items } : items,
        },
      })
    }
  }

  /** `timeInterval`: all entities that meet the subscription, again and again (5.8.6). */
  #startInterval(held: Held): void {
    held.stopInterval()
    const { intervalMs } = held.subscription
    if (intervalMs === undefined) {
      held.stopInterval = () => undefined
      return
    }
    const again = (): void => {
      held.stopInterval = this.#timers.after(intervalMs, () => {
        again()
        const nowMs = this.#tenant.now()
        if (statusOf(held, nowMs) !== 'active') return
        const none: ReadonlySet<string> = new Set()
        const all: Change[] = []
        for (const after of this.#tenant.entities()) if (isMet(after, held.subscription)) all.push({ before: after, after, created: none, updated: none, deleted: none, written: [] })
        if (all.length > 0) this.#offer(held, all, nowMs)
      })
    }
    again()
  }

  #get(id: string): Held {
    const held = this.#held.get(id)
    if (held === undefined) throw notFound(`subscription ${id}`)
    return held
  }

  #show(held: Held, { sysAttrs }: { readonly sysAttrs: boolean }): JsonObject {
    const { json, counters } = held
    const notification = isObject(json['notification']) ? json['notification'] : {}
    const status = statusOf(held, this.#tenant.now())
    return {
      ...json,
      isActive: held.subscription.isActive,
      status,
      notification: {
        format: held.subscription.view.format,
        ...notification,
        ...(counters.timesSent === 0 ? {} : { status: (counters.lastFailureMs ?? -1) > (counters.lastSuccessMs ?? -1) ? 'failed' : 'ok' }),
        timesSent: counters.timesSent,
        timesFailed: counters.timesFailed,
        ...times(counters),
        ...(counters.lastError === undefined ? {} : { lastErrorReason: counters.lastError }),
      },
      ...(sysAttrs ? { createdAt: formatInstant(held.createdAtMs), modifiedAt: formatInstant(held.modifiedAtMs) } : {}),
    }
  }

  #makeRoom(): void {
    const { subscriptions: limit } = this.#tenant.limits
    if (this.#held.size < limit) return
    const nowMs = this.#tenant.now()
    for (const held of this.#held.values()) if (statusOf(held, nowMs) === 'expired') this.delete(held.id)
    if (this.#held.size >= limit) throw new Refusal('InternalError', `this tenant holds ${limit} subscriptions and takes no more`, 503)
  }
}

function statusOf({ subscription: { expiresAtMs, isActive } }: Held, nowMs: number): 'active' | 'paused' | 'expired' {
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) return 'expired'
  return isActive ? 'active' : 'paused'
}

function count(counters: Counters, { atMs, sent, error }: Outcome): void {
  if (sent) {
    counters.timesSent++
    counters.lastNotificationMs = atMs
  }
  if (error === undefined) {
    counters.lastSuccessMs = atMs
    delete counters.lastError
    return
  }
  counters.timesFailed++
  counters.lastFailureMs = atMs
  counters.lastError = error
  // Both may fall into one millisecond: the last word is the failure's.
  if (counters.lastSuccessMs === atMs) counters.lastSuccessMs = atMs - 1
}

function times({ lastNotificationMs, lastSuccessMs, lastFailureMs }: Counters): JsonObject {
  const named = { lastNotification: lastNotificationMs, lastSuccess: lastSuccessMs, lastFailure: lastFailureMs }
  return Object.fromEntries(Object.entries(named).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, formatInstant(ms)]])))
}

function merged(json: JsonObject, fragment: JsonObject): JsonObject {
  const members = new Map<string, Json>(Object.entries(json))
  for (const [name, value] of Object.entries(fragment)) {
    const before = members.get(name)
    if (value === null || value === NGSI_LD_NULL) members.delete(name)
    else if ((name === 'notification' || name === 'endpoint') && isObject(before) && isObject(value)) members.set(name, merged(before, value))
    else members.set(name, value)
  }
  return Object.fromEntries(members)
}

function concerns(subscription: Subscription, change: Change): boolean {
  const entity = change.after ?? change.before
  return entity !== undefined && isTriggered(subscription, change) && isMet(entity, subscription)
}

function isTriggered({ triggers, watched }: Subscription, { before, after, created, updated, deleted }: Change): boolean {
  const touches = (names: Iterable<string>): boolean => {
    for (const name of names) if (watched === undefined || watched.some((asked) => isNamed(name, asked))) return true
    return false
  }
  if (after === undefined) return triggers.has('entityDeleted') && (watched === undefined || touches(before?.attributes.keys() ?? []))
  if (before === undefined && triggers.has('entityCreated') && (watched === undefined || touches(created))) return true
  if (triggers.has('attributeCreated') && touches(created)) return true
  if (triggers.has('attributeUpdated') && touches(updated)) return true
  if (triggers.has('attributeDeleted') && touches(deleted)) return true
  if (before === undefined || !triggers.has('entityUpdated')) return false
  const isOnlyDescribed = created.size + updated.size + deleted.size === 0
  return isOnlyDescribed ? watched === undefined : touches(created) || touches(updated) || touches(deleted)
}

/** What a notification says of one change. */
function itemOf(subscription: Subscription, change: Change, nowMs: number): JsonObject {
  const { before, after } = change
  const { view, endpoint, triggers } = subscription
  const isGeo = endpoint.accept === 'application/geo+json'
  if (after === undefined) {
    const gone = { type: scalarOrArray(before!.types), deletedAt: formatInstant(nowMs) }
    return isGeo ? { id: before!.id, type: 'Feature', geometry: null, properties: gone } : { id: before!.id, ...gone }
  }
  const shown = subscription.showChanges && before !== undefined ? withPrevious(before, after, change.updated) : after
  const gone = triggers.has('attributeDeleted') && before !== undefined ? deletedMembers(before, change, subscription) : {}
  if (!isGeo) return { ...represent(shown, view), ...gone }
  const feature = representFeature(shown, view, 'location')
  return { ...feature, properties: { ...(feature['properties'] as JsonObject), ...gone } }
}

/** 5.8.6: an attribute that went is there as `urn:ngsi-ld:null`. */
function deletedMembers(before: StoredEntity, { after, deleted }: Change, { view }: Subscription): JsonObject {
  const members: [string, Json][] = []
  for (const name of deleted) {
    const instance = before.attributes.get(name)?.[0]
    if (instance === undefined || after?.attributes.has(name) === true || !isShownAttribute(name, view)) continue
    const type = String(instance.json['type'])
    const member = VALUE_MEMBERS.get(type) ?? 'value'
    const mark: Json = type === 'LanguageProperty' ? { '@none': NGSI_LD_NULL } : NGSI_LD_NULL
    members.push([name, view.format === 'normalized' ? { type, [member]: mark } : NGSI_LD_NULL])
  }
  return Object.fromEntries(members)
}

/** `previousValue`, `previousObject`, … beside what was updated (4.8, showChanges). */
function withPrevious(before: StoredEntity, after: StoredEntity, updated: ReadonlySet<string>): StoredEntity {
  const attributes = new Map(after.attributes)
  for (const name of updated) {
    const olds = before.attributes.get(name)
    const instances = attributes.get(name)
    if (olds === undefined || instances === undefined) continue
    attributes.set(
      name,
      instances.map((instance) => beside(instance, olds.find(({ json }) => datasetOf(json) === datasetOf(instance.json)))),
    )
  }
  return { ...after, attributes }
}

function beside(instance: Instance, old: Instance | undefined): Instance {
  if (old === undefined || old === instance) return instance
  const member = VALUE_MEMBERS.get(String(old.json['type'])) ?? 'value'
  const previous = `previous${member[0]!.toUpperCase()}${member.slice(1)}`
  return { ...instance, json: { ...instance.json, [previous]: old.json[member] ?? null } }
}
