/**
 * From the bytes of a notification to columns and windows, against `JSON.parse` of the same bytes: the worker's
 * own modules, without a worker. What is decoded alone, and what the columns take, is told apart.
 */
import { createRandom } from '../../src/core/random.ts'
import { formatInstant, MINUTE_MS } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { ByteEntities } from '../../src/feed/byte-notification.ts'
import { dateTime, pointLocation, property } from '../../src/ngsi-ld/normalized.ts'
import type { Json, JsonObject } from '../../src/ngsi-ld/entity.ts'
import { readNotification } from '../../src/ngsi-ld/notification.ts'
import { createAggregator, type Aggregator } from '../../src/workers/aggregator/aggregator.ts'
import { PLAN } from '../aggregator-in-hand.ts'
import { atMost, type Figure } from './figure.ts'

const SEED = 20_261_122
const START = Date.UTC(2026, 10, 20, 12)
const ENTITIES = 1_000
const ROUNDS = 40

type Form = 'normalized' | 'concise' | 'keyValues' | 'keys in another order in each entity' | 'pretty-printed' | 'hostile mix'

const FORMS: readonly Form[] = ['normalized', 'concise', 'keyValues', 'keys in another order in each entity', 'pretty-printed', 'hostile mix']

export function measureIngest(): Figure[] {
  return FORMS.flatMap(measureForm)
}

function measureForm(form: Form): Figure[] {
  let atMs = START
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const aggregator = createAggregator({
    models: MODELS,
    plan: { ...PLAN, layers: MODELS.map(({ id }) => id) },
    cellRadiusM: 500,
    now: () => atMs,
    bytes: { decodeText: (bytes) => decoder.decode(bytes), random: createRandom(SEED) },
  })
  const total = createAggregator({ models: MODELS, plan: { ...PLAN, layers: MODELS.map(({ id }) => id) }, cellRadiusM: 500, now: () => atMs })
  const best = { parse: Infinity, read: Infinity, whole: Infinity, total: Infinity }
  const encoder = new TextEncoder()
  let bytes = 0
  let plain = 0
  let heard = 0
  for (let round = 0; round < ROUNDS; round++) {
    atMs = START + round * MINUTE_MS
    const data = encoder.encode(eventOf(form, round, atMs))
    bytes = data.length
    // Turn by turn, so that what disturbs one disturbs the other.
    const text = decoder.decode(data)
    best.parse = Math.min(best.parse, timed(() => void JSON.parse(text)))
    const before = aggregator.plainEntities()
    let read: ReturnType<NonNullable<Aggregator['readBytes']>>
    const readMs = timed(() => void (read = aggregator.readBytes!(data)))
    const applyMs = timed(() => applyBytes(aggregator, read!.entities, atMs))
    best.read = Math.min(best.read, readMs)
    best.whole = Math.min(best.whole, readMs + applyMs)
    best.total = Math.min(best.total, timed(() => applyTotal(total, decoder.decode(data), atMs)))
    if (round < ROUNDS / 2) continue
    plain += aggregator.plainEntities() - before
    heard += ENTITIES
  }
  const against = 'JSON.parse of the same bytes'
  return [
    { name: `${form}: bytes to numbers`, value: best.read / best.parse, unit: '×', against },
    { name: `${form}: bytes to columns and windows`, value: best.whole / best.parse, unit: '×', against, ...((form === 'normalized' || form === 'hostile mix') && { target: atMost(0.4, 0.15) }) },
    { name: `${form}: the same by the total decoder`, value: best.total / best.parse, unit: '×', against },
    { name: `${form}: read without making an entity`, value: (100 * plain) / heard, unit: '%' },
    { name: `${form}: size`, value: bytes / ENTITIES, unit: 'bytes an entity' },
  ]
}

function applyBytes(aggregator: Aggregator, entities: ByteEntities, atMs: number): void {
  aggregator.apply({ type: 'notification', broker: 'a', entities, rejected: [], receivedAtMs: atMs })
}

function applyTotal(aggregator: Aggregator, text: string, atMs: number): void {
  const { notification } = JSON.parse(text) as { readonly notification: Json }
  const read = readNotification(notification)
  if (read.ok) aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: read.value.entities, rejected: read.value.rejected, receivedAtMs: atMs })
}

function timed(run: () => void): number {
  const startedAt = performance.now()
  run()
  return performance.now() - startedAt
}

/** What the relay sends: two kinds of sensors, each with one observation. */
function eventOf(form: Form, round: number, atMs: number): string {
  const notification = { id: 'urn:ngsi-ld:Notification:bench', type: 'Notification', subscriptionId: 'urn:ngsi-ld:Subscription:bench', notifiedAt: formatInstant(atMs), data: [] }
  const random = createRandom(SEED + round)
  const place = createRandom(SEED)
  const entities = Array.from({ length: ENTITIES }, (_, index) => writtenAs(form, entityOf(index, atMs, place, random), index, random))
  const shell = JSON.stringify({ seq: round + 1, broker: 'a', receivedAtMs: atMs, notification })
  return shell.replace('"data":[]', () => `"data":[${entities.join(',')}]`)
}

function entityOf(index: number, atMs: number, place: () => number, random: () => number): JsonObject {
  const location = pointLocation([-8.69 + place() * 0.14, 41.13 + place() * 0.06])
  const one = (from: number, width: number, unitCode: string): JsonObject => property(Math.round((from + random() * width) * 10) / 10, { observedAtMs: atMs, unitCode })
  if (index % 2 === 0) {
    return {
      id: `urn:ngsi-ld:NoiseLevelObserved:porto:bench:${index}`,
      type: 'NoiseLevelObserved',
      name: property(`Microphone ${index}`),
      location,
      dateObservedFrom: dateTime(atMs - MINUTE_MS, { observedAtMs: atMs }),
      dateObservedTo: dateTime(atMs, { observedAtMs: atMs }),
      LAeq: one(45, 30, '2N'),
      LAmax: one(60, 30, '2N'),
    }
  }
  return {
    id: `urn:ngsi-ld:AirQualityObserved:porto:bench:${index}`,
    type: 'AirQualityObserved',
    name: property(`Station ${index}`),
    location,
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    no2: one(5, 60, 'GQ'),
    o3: one(20, 80, 'GQ'),
    pm25: one(2, 40, 'GQ'),
    pm10: one(5, 60, 'GQ'),
  }
}

function writtenAs(form: Form, entity: JsonObject, index: number, random: () => number): string {
  switch (form) {
    case 'normalized':
      return JSON.stringify(entity)
    case 'concise':
      return JSON.stringify(withAttributes(entity, (attribute) => Object.fromEntries(Object.entries(attribute).filter(([name]) => name !== 'type'))))
    case 'keyValues':
      return JSON.stringify(withAttributes(entity, ({ value }) => (isObject(value) && value['@value'] !== undefined ? value['@value'] : value!)))
    case 'keys in another order in each entity':
      return JSON.stringify(shuffled(entity, random))
    case 'pretty-printed':
      return JSON.stringify(entity, undefined, 2)
    case 'hostile mix':
      return hostile(entity, index)
  }
}

/** Every fifth entity is one that no shape fits, each in its own way. */
function hostile(entity: JsonObject, index: number): string {
  const text = JSON.stringify(entity)
  if (index % 5 !== 0) return text
  switch ((index / 5) % 5) {
    case 0:
      return text.replace('"name"', String.raw`"na\u006de"`)
    case 1:
      return text.replace('"type":"Property"', '"type":"Property","type":"Property"')
    case 2:
      return text.replace(/"value":\d+\.?\d*/, '"value":null')
    case 3:
      return `${text.slice(0, -1)},"__proto__":{"type":"Property","value":{"a":[[[[[${index}]]]]]}}}`
    default:
      return text.replace(/"value":(\d+\.?\d*)/, '"value":"$1"')
  }
}

function withAttributes(entity: JsonObject, change: (attribute: JsonObject) => Json): JsonObject {
  return Object.fromEntries(Object.entries(entity).map(([name, attribute]) => [name, isObject(attribute) ? change(attribute) : attribute]))
}

function shuffled(entity: JsonObject, random: () => number): JsonObject {
  const order = (object: JsonObject): [string, Json][] => Object.entries(object).map((entry) => ({ entry, at: random() })).toSorted((a, b) => a.at - b.at).map(({ entry }) => entry)
  return Object.fromEntries(order(entity).map(([name, attribute]) => [name, isObject(attribute) ? Object.fromEntries(order(attribute)) : attribute]))
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
