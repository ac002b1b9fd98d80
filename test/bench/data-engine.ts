/** From the bytes of a notification to columns: the worker's own modules, without a worker. */
import { createRandom } from '../../src/core/random.ts'
import { formatInstant } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { Json, JsonObject } from '../../src/ngsi-ld/entity.ts'
import { decodeEntities } from '../../src/ngsi-ld/decode.ts'
import { readNotification } from '../../src/ngsi-ld/notification.ts'
import { dateTime, pointLocation, property } from '../../src/ngsi-ld/normalized.ts'
import { createAggregator, type Aggregator } from '../../src/workers/aggregator/aggregator.ts'
import { PLAN } from '../aggregator-in-hand.ts'
import { fastestMs, type Figure } from './figure.ts'

const SEED = 20_261_122
const START = Date.UTC(2026, 10, 20, 12)
const LAYERS = MODELS.slice(0, 1).map(({ id }) => id)

/** Time to read notifications of 1,000 entities, against `JSON.parse` of the same bytes. */
export function measureIngest(): Figure[] {
  const text = JSON.stringify(notificationOf(entities(1_000, START)))
  const parseMs = fastestMs(40, () => void JSON.parse(text))
  const decodeMs = fastestMs(40, () => void readNotification(JSON.parse(text)))
  let atMs = START
  const aggregator = start(() => atMs)
  const applyMs = fastestMs(40, () => {
    atMs += 60_000
    apply(aggregator, entities(1_000, atMs))
  })
  const makeMs = fastestMs(40, () => void entities(1_000, atMs))
  return [
    { name: 'notification of 1,000 entities', value: text.length / 1_000, unit: 'bytes an entity' },
    { name: 'bytes to entities', value: decodeMs / parseMs, unit: '×', against: 'JSON.parse of the same bytes' },
    { name: 'entities to columns and windows, decoding included', value: (applyMs - makeMs) / parseMs, unit: '×', against: 'JSON.parse of the same bytes' },
  ]
}

function start(now: () => number): Aggregator {
  return createAggregator({ models: MODELS, plan: { ...PLAN, layers: LAYERS }, cellRadiusM: 500, now })
}

function apply(aggregator: Aggregator, documents: readonly Json[]): void {
  const { ok, rejected } = decodeEntities(documents, { maxEntities: documents.length })
  aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: ok, rejected, receivedAtMs: aggregator.nowMs() })
}

/** Sensors of the first domain, scattered over the city, each with one observation. */
function entities(count: number, atMs: number): JsonObject[] {
  const random = createRandom(SEED)
  return Array.from({ length: count }, (_, index) => ({
    id: `urn:ngsi-ld:NoiseLevelObserved:porto:bench:${index}`,
    type: 'NoiseLevelObserved',
    name: property(`Microphone ${index}`),
    location: pointLocation([-8.69 + random() * 0.14, 41.13 + random() * 0.06]),
    dateObservedFrom: dateTime(atMs - 60_000, { observedAtMs: atMs }),
    dateObservedTo: dateTime(atMs, { observedAtMs: atMs }),
    LAeq: property(Math.round((45 + random() * 30) * 10) / 10, { observedAtMs: atMs, unitCode: '2N' }),
    LAmax: property(Math.round((60 + random() * 30) * 10) / 10, { observedAtMs: atMs, unitCode: '2N' }),
  }))
}

function notificationOf(data: readonly JsonObject[]): JsonObject {
  return { id: 'urn:ngsi-ld:Notification:bench', type: 'Notification', subscriptionId: 'urn:ngsi-ld:Subscription:bench', notifiedAt: formatInstant(START), data }
}
