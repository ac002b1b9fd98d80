/** From entities to means in a frame: the worker's own modules, without a worker. */
import { createRandom } from '../../src/core/random.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { Json, JsonObject } from '../../src/ngsi-ld/entity.ts'
import { decodeEntities } from '../../src/ngsi-ld/decode.ts'
import { dateTime, pointLocation, property } from '../../src/ngsi-ld/normalized.ts'
import { createAggregator, type Aggregator } from '../../src/workers/aggregator/aggregator.ts'
import { createFrameBufferPool } from '../../src/workers/aggregator/frame-buffers.ts'
import { PLAN } from '../aggregator-in-hand.ts'
import { fastestMs, type Figure } from './figure.ts'

const SEED = 20_261_122
const START = Date.UTC(2026, 10, 20, 12)
const LAYERS = MODELS.slice(0, 1).map(({ id }) => id)

/** Cost of a refreshed frame with the same 2,000 changes, at 10,000 and at 100,000 sensors. */
export function measureGrowth(): Figure[] {
  const [small, large] = [10_000, 100_000].map((sensors) => refreshMs(sensors, 2_000)) as [number, number]
  return [
    { name: 'frame of 10,000 sensors, 2,000 changed', value: small, unit: 'ms' },
    { name: 'growth of it, 10,000 to 100,000 sensors', value: large / small, unit: '×', against: '10 × the sensors' },
  ]
}

/** Heap and buffers an entity takes in columns and windows, against the parsed entities in a Map. */
export function measureMemory(): Figure[] {
  const sensors = 20_000
  const kept = bytesOf(() => {
    const aggregator = start(() => START)
    apply(aggregator, entities(sensors, START))
    return aggregator
  })
  const parsed = bytesOf(() => new Map(entities(sensors, START).map((entity) => [entity['id'], entity])))
  return [
    { name: 'bytes an entity, columns, windows and ids', value: kept / sensors, unit: 'B' },
    { name: 'the same', value: kept / parsed, unit: '×', against: 'a Map of parsed entities' },
  ]
}

function refreshMs(sensors: number, changed: number): number {
  let atMs = START
  const aggregator = start(() => atMs)
  apply(aggregator, entities(sensors, START))
  const pool = createFrameBufferPool()
  const draw = (): void => {
    for (const state of aggregator.domains.values()) {
      state.refresh(aggregator.nowMs())
      pool.give(state.frame(pool.take(state.count, state.cellCount), 1))
    }
  }
  draw()
  let best = Infinity
  for (let round = 1; round <= 12; round++) {
    atMs = START + round * 1_000
    apply(aggregator, entities(changed, atMs))
    best = Math.min(best, fastestMs(1, draw))
  }
  return best
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

/** Bytes that stay after a collection. What is measured is kept alive by the caller's reference. */
function bytesOf(make: () => unknown): number {
  const before = usedBytes()
  const made = make()
  const bytes = usedBytes() - before
  return made === undefined ? Number.NaN : bytes
}

function usedBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
