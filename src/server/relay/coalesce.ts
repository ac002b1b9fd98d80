/**
 * What waits for a reader that cannot keep up: the newest state of each entity instead of every change.
 * So a slow reader costs memory by entities, not by time, and sees the present when it is ready.
 */
import { parseInstant } from '../../core/time/instant.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'

/** Entities of a notification in any envelope (bare, `{body}`, `data` a list, one entity or a FeatureCollection). */
export function entitiesOf(payload: Json): readonly JsonObject[] {
  if (!isObject(payload)) return Array.isArray(payload) ? payload.filter(isObject) : []
  const notification = isObject(payload['body']) ? payload['body'] : payload
  const data = notification['data'] ?? null
  if (isObject(data) && Array.isArray(data['features'])) return data['features'].filter(isObject)
  if (isObject(data)) return [data]
  return Array.isArray(data) ? data.filter(isObject) : []
}

export interface Waiting {
  add(broker: string, payload: Json): void
  /** Entities that wait. */
  readonly size: number
  /** Notifications that were put together. */
  readonly count: number
  /** One notification for each broker, and everything is forgotten. */
  take(): { readonly broker: string; readonly notification: JsonObject }[]
}

export function createWaiting(): Waiting {
  let brokers = new Map<string, Map<string, JsonObject>>()
  let size = 0
  let count = 0
  return {
    add(broker, payload) {
      count += 1
      let known = brokers.get(broker)
      if (known === undefined) brokers.set(broker, (known = new Map()))
      for (const entity of entitiesOf(payload)) {
        const id = typeof entity['id'] === 'string' ? entity['id'] : ''
        const before = known.get(id)
        if (before === undefined) size += 1
        known.set(id, before === undefined ? entity : mergeEntities(before, entity))
      }
    },
    get size() {
      return size
    },
    get count() {
      return count
    },
    take() {
      const taken = [...brokers].map(([broker, entities]) => ({ broker, notification: { type: 'Notification', data: [...entities.values()] } }))
      brokers = new Map()
      size = 0
      count = 0
      return taken
    },
  }
}

/**
 * Two states of one entity as one: each attribute as it was observed last, the later arrival when that
 * says nothing. A deletion, and what comes after one, stands for itself.
 */
export function mergeEntities(before: JsonObject, after: JsonObject): JsonObject {
  if ('deletedAt' in after || 'deletedAt' in before || after['type'] === 'Feature') return after
  const merged = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(after)) {
    const known = merged.get(name)
    merged.set(name, known === undefined ? value : mergeAttributes(known, value))
  }
  // `fromEntries` defines members: a name such as `__proto__` stays a name.
  return Object.fromEntries(merged)
}

function mergeAttributes(before: Json, after: Json): Json {
  const instances = new Map(instancesOf(before).map((instance) => [datasetOf(instance), instance]))
  const isMany = instances.size > 1 || Array.isArray(after)
  // An attribute that is a bare value (simplified) has no instances to tell apart.
  if (!isMany || ![...instancesOf(before), ...instancesOf(after)].every(isObject)) return newer(before, after)
  for (const instance of instancesOf(after)) {
    const known = instances.get(datasetOf(instance))
    instances.set(datasetOf(instance), known === undefined ? instance : newer(known, instance))
  }
  return [...instances.values()]
}

function newer(before: Json, after: Json): Json {
  const seen = observedAt(before)
  const sees = observedAt(after)
  return seen !== undefined && sees !== undefined && seen > sees ? before : after
}

function instancesOf(attribute: Json): readonly Json[] {
  return Array.isArray(attribute) ? attribute : [attribute]
}

function datasetOf(instance: Json): string {
  const id = isObject(instance) ? instance['datasetId'] : undefined
  return typeof id === 'string' ? id : ''
}

function observedAt(instance: Json): number | undefined {
  const at = isObject(instance) ? instance['observedAt'] : undefined
  return typeof at === 'string' ? parseInstant(at) : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
