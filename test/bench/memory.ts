/** What an entity takes in the store, against the parsed entities in a Map. */
import { createRandom } from '../../src/core/random.ts'
import { MINUTE_MS, type EpochMs } from '../../src/core/time/instant.ts'
import type { DomainModel, Reading } from '../../src/domains/domain-model.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createDomainState, type DomainState } from '../../src/workers/aggregator/domain-state.ts'
import { atMost, type Figure } from './figure.ts'

const START = Date.UTC(2026, 10, 20, 12)
const SENSORS = 200_000
const ATTRIBUTES = 9

/** Nine measures of each sensor, with its id, its place and its cell; without a name, which is a text of its own. */
export function measureMemory(): Figure[] {
  // The domain with the most measures: it has nine that are not made of others.
  const model = MODELS.toSorted((a, b) => b.measures.length - a.measures.length)[0]!
  const single = MODELS.find(({ fold }) => fold.columns.width === 2)!
  const one = bytesOf(() => filled(model, ATTRIBUTES, 1))
  const parsed = bytesOf(() => new Map(Array.from({ length: SENSORS }, (_, sensor) => [idOf(sensor), parsedEntity(sensor)])))
  const few = bytesOf(() => filled(single, 2, 1))
  const window = bytesOf(() => filled(single, 2, 15))
  return [
    { name: `bytes an entity, ${ATTRIBUTES} attributes, ids included`, value: one / SENSORS, unit: 'B', target: atMost(200, 120) },
    { name: '  the same', value: one / parsed, unit: '×', against: 'a Map of parsed entities' },
    { name: '  a Map of parsed entities', value: parsed / SENSORS, unit: 'B' },
    { name: 'bytes an entity, 2 attributes', value: few / SENSORS, unit: 'B' },
    { name: '  with a reading a minute in a window of 15', value: window / SENSORS, unit: 'B', against: '15 readings of 24 B' },
  ]
}

const idOf = (sensor: number): string => `urn:ngsi-ld:AirQualityObserved:porto:bench:${sensor}`

function filled(model: DomainModel, attributes: number, readings: number): DomainState {
  const random = createRandom(1)
  const state = createDomainState({ model, anchor: [-8.61, 41.15], cellRadiusM: 1_000 })
  const measures = model.measures.slice(0, attributes)
  for (let reading = readings - 1; reading >= 0; reading--) {
    const nowMs = START - reading * MINUTE_MS
    for (let sensor = 0; sensor < SENSORS; sensor++) {
      const one: Reading = {
        entityId: idOf(sensor),
        entityType: model.watches[0]!.type,
        position: [-8.69 + ((sensor * 7) % 1_000) * 0.00014, 41.13 + ((sensor * 13) % 1_000) * 0.00006],
        observedAtMs: nowMs as EpochMs,
        values: Object.fromEntries(measures.map(({ id }) => [id, Math.round(random() * 1_000) / 10])),
        warnings: [],
      }
      state.apply(one, nowMs)
    }
    state.refresh(nowMs)
  }
  return state
}

function parsedEntity(sensor: number): object {
  const observedAt = new Date(START + sensor).toISOString()
  const attributes = Object.fromEntries(Array.from({ length: ATTRIBUTES }, (_, index) => [`attribute${index}`, { type: 'Property', value: sensor / 7 + index, observedAt, unitCode: 'GQ' }]))
  return JSON.parse(JSON.stringify({ id: idOf(sensor), type: 'AirQualityObserved', location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.6, 41.1] } }, ...attributes })) as object
}

/** Bytes that stay after a collection. What is measured is kept alive until it has been. */
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
