/**
 * Going to any instant of the last day, of 100,000 sensors that report every 5 to 15 minutes: how long
 * until the frame is there, and what a reading takes in memory.
 */
import { createRandom } from '../../src/core/random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { DomainModel, Reading } from '../../src/domains/domain-model.ts'
import { createFrameBufferPool } from '../../src/workers/aggregator/frame-buffers.ts'
import { CHUNK_MS, createDomainHistory, type DomainHistory } from '../../src/workers/history/domain-history.ts'
import { createPastPicture } from '../../src/workers/history/past-picture.ts'
import { PLAN } from '../aggregator-in-hand.ts'
import { atMost, type Figure } from './figure.ts'

const SEED = 20_261_122
const NOON = Date.UTC(2026, 10, 20, 12)
const SEEKS = 40
/** As much of the day as is filled: an instant costs the same in any hour. */
const FILLED_MS = 2 * HOUR_MS

export function measureTimeTravel(sensors = 100_000): Figure[] {
  const [simple, rich] = MODELS
  // The second fold has five pollutants to follow over an hour; no city has a tenth as many of its sensors.
  return [...measureDomain(simple!, sensors, true), ...measureDomain(rich!, sensors / 10, false)]
}

function measureDomain(model: DomainModel, sensors: number, isPromised: boolean): Figure[] {
  const history = createDomainHistory(model)
  const startedAt = performance.now()
  fill(history, sensors)
  const loadMs = performance.now() - startedAt
  const picture = createPastPicture({ history, anchor: PLAN.anchor, cellRadiusM: 500, expectedIntervalMs: 10 * MINUTE_MS })
  const pool = createFrameBufferPool()
  const random = createRandom(SEED)
  const seek = (atMs: number): number => {
    const sinceMs = performance.now()
    picture.refresh(atMs)
    pool.give(picture.frame(pool.take(picture.capacity, picture.cellCount), 1))
    return performance.now() - sinceMs
  }
  seek(NOON)
  const anywhere = Array.from({ length: SEEKS }, () => seek(NOON - Math.floor(random() * (FILLED_MS - HOUR_MS)))).sort((a, b) => a - b)
  // A hand that moves over 1,000 px of a day: one pixel is a minute and a half.
  const beside = Array.from({ length: SEEKS }, (_, step) => seek(NOON - FILLED_MS / 2 + step * 86 * SECOND_MS)).sort((a, b) => a - b)
  const points = pointsOf(history)
  const name = (what: string): string => `${model.name.toLowerCase()}: ${what}`
  return [
    { name: name(`seek anywhere, ${sensors} sensors, median`), value: at(anywhere, 0.5), unit: 'ms', ...(isPromised && { target: atMost(100, 16) }) },
    { name: name('the same, 95 %'), value: at(anywhere, 0.95), unit: 'ms', ...(isPromised && { target: atMost(100, 16) }) },
    { name: name('pixel by pixel, median'), value: at(beside, 0.5), unit: 'ms', ...(isPromised && { target: atMost(100, 16) }) },
    { name: name(`a point of the day's line, ${sensors} sensors, median`), value: at(points, 0.5), unit: 'ms', ...(isPromised && { target: atMost(200, 100) }) },
    { name: name('readings kept'), value: history.readings, unit: '' },
    { name: name('memory of a reading'), value: history.bytes / history.readings, unit: 'B' },
    { name: name('memory of a day'), value: ((history.bytes / 2 ** 20) * DAY_MS) / FILLED_MS, unit: 'MiB' },
    { name: name('readings packed'), value: history.readings / loadMs, unit: 'a ms' },
  ]
}

/** The totals at the ends of quarters, newest first, as a day's line is made (workers/session/day-lines.ts). */
function pointsOf(history: DomainHistory): number[] {
  const picture = createPastPicture({ history, anchor: PLAN.anchor, cellRadiusM: 1_000, expectedIntervalMs: 10 * MINUTE_MS, hasCells: false })
  return Array.from({ length: (FILLED_MS - HOUR_MS) / CHUNK_MS + 1 }, (_, back) => {
    const sinceMs = performance.now()
    picture.refresh(NOON - back * CHUNK_MS - 1)
    return performance.now() - sinceMs
  }).sort((a, b) => a - b)
}

/** A day, quarter of an hour by quarter, as the temporal API gives it. */
function fill(history: DomainHistory, sensors: number): void {
  const random = createRandom(SEED)
  const { model } = history
  const nextMs = Float64Array.from({ length: sensors }, () => NOON - FILLED_MS + Math.floor(random() * 900) * SECOND_MS)
  const everyMs = Float64Array.from({ length: sensors }, () => (5 + Math.floor(random() * 11)) * MINUTE_MS)
  const ids = Array.from({ length: sensors }, (_, sensor) => `urn:ngsi-ld:Sensor:bench:${sensor}`)
  const places = Array.from({ length: sensors }, () => [-8.69 + random() * 0.14, 41.13 + random() * 0.06] as const)
  const measures = model.measures.slice(1, 6).map(({ id }) => id)
  for (let fromMs = NOON - FILLED_MS; fromMs < NOON; fromMs += CHUNK_MS) {
    const readings: Reading[] = []
    for (let sensor = 0; sensor < sensors; sensor++) {
      // A few seconds early or late, as sensors are.
      for (; nextMs[sensor]! < fromMs + CHUNK_MS; nextMs[sensor]! += everyMs[sensor]! + Math.floor(random() * 20 - 10) * SECOND_MS) {
        const values: Record<string, number> = { [model.headline]: Math.round((45 + random() * 30) * 10) / 10 }
        for (const id of measures) values[id] = Math.round(random() * 500) / 10
        readings.push({ entityId: ids[sensor]!, entityType: 'Sensor', position: places[sensor]!, observedAtMs: nextMs[sensor]! as EpochMs, periodMs: MINUTE_MS, values, warnings: [] })
      }
    }
    history.load({ fromMs, toMs: fromMs + CHUNK_MS - 1 }, readings)
  }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
