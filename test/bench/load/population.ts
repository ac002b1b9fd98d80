/**
 * A made-up city of any size: microphones by the hundred thousand, each at its seeded place, that a broker
 * could notify of. Texts, not objects, so that making the load costs less than what is measured.
 */
import { createRandom } from '../../../src/core/random.ts'
import { formatInstant, MINUTE_MS } from '../../../src/core/time/instant.ts'

export interface Population {
  readonly count: number
  /** Normalized NGSI-LD entities, comma between them, each observed at the instant. `turn` changes their values. */
  entities(indices: readonly number[], atMs: number, turn: number): string
  /** The sensor that speaks as the `n`th: neighbours in time are not neighbours in the list. */
  speaker(n: number): number
}

const SEED = 20_261_122
const [WEST, SOUTH, EAST, NORTH] = [-8.72, 41.11, -8.52, 41.21]
/** Coprime to any count below it: every sensor speaks once before one speaks again. */
const STRIDE = 1_000_003

export function createPopulation(count: number): Population {
  const random = createRandom(SEED)
  const lon = Float64Array.from({ length: count }, () => Math.round((WEST + random() * (EAST - WEST)) * 1e6) / 1e6)
  const lat = Float64Array.from({ length: count }, () => Math.round((SOUTH + random() * (NORTH - SOUTH)) * 1e6) / 1e6)
  const base = Float64Array.from({ length: count }, () => 45 + random() * 25)
  return {
    count,
    entities(indices, atMs, turn) {
      const to = formatInstant(atMs)
      const from = formatInstant(atMs - MINUTE_MS)
      return indices
        .map((index) => {
          const level = (base[index]! + ((index * 31 + turn * 17) % 80) / 10).toFixed(1)
          const highest = (Number(level) + 12.5).toFixed(1)
          return `{"id":"urn:ngsi-ld:NoiseLevelObserved:porto:load:${index}","type":"NoiseLevelObserved","name":{"type":"Property","value":"Microphone ${index}"},"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[${lon[index]},${lat[index]}]}},"dateObservedFrom":{"type":"Property","value":{"@type":"DateTime","@value":"${from}"},"observedAt":"${to}"},"dateObservedTo":{"type":"Property","value":{"@type":"DateTime","@value":"${to}"},"observedAt":"${to}"},"LAeq":{"type":"Property","value":${level},"unitCode":"2N","observedAt":"${to}"},"LAmax":{"type":"Property","value":${highest},"unitCode":"2N","observedAt":"${to}"}}`
        })
        .join(',')
    },
    speaker: (n) => (n * STRIDE) % count,
  }
}

export function notification(entities: string, atMs: number, subscriptionId: string): string {
  return `{"id":"urn:ngsi-ld:Notification:load:${atMs}","type":"Notification","subscriptionId":${JSON.stringify(subscriptionId)},"notifiedAt":"${formatInstant(atMs)}","data":[${entities}]}`
}
