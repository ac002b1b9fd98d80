/** What a refresh of many sensors costs of which few changed: from readings with their rows known to means in a frame. */
import { createRandom } from '../../src/core/random.ts'
import type { EpochMs } from '../../src/core/time/instant.ts'
import type { LonLat } from '../../src/core/geo/position.ts'
import type { Reading } from '../../src/domains/domain-model.ts'
import { NOISE } from '../../src/domains/noise/model.ts'
import { createDomainState, type DomainState } from '../../src/workers/aggregator/domain-state.ts'
import { createFrameBufferPool } from '../../src/workers/aggregator/frame-buffers.ts'
import { atMost, type Figure } from './figure.ts'

const SEED = 20_261_122
const START = Date.UTC(2026, 10, 20, 12)
const ANCHOR: LonLat = [-8.61, 41.15]
/** About 20,000 hexagons of 1 km: a region with its towns, not one city. */
const SPAN: LonLat = [2.75, 2.05]
const CHANGED = 50_000
const ROUNDS = 12

export interface RefreshCost {
  /** Into columns and windows, the row of each known. */
  readonly applyMs: number
  /** The same with the row looked up by the id. */
  readonly applyByIdMs: number
  /** To an instant: windows, freshness, cells and total. */
  readonly refreshMs: number
  /** Into recycled buffers. */
  readonly frameMs: number
}

export function measureRefresh(): Figure[] {
  const small = refreshCost(100_000)
  const large = refreshCost(1_000_000)
  const whole = ({ applyMs, refreshMs, frameMs }: RefreshCost): number => applyMs + refreshMs + frameMs
  const figures = (sensors: string, cost: RefreshCost): Figure[] => [
    { name: `50,000 readings of ${sensors} sensors into columns, rows known`, value: cost.applyMs, unit: 'ms' },
    { name: '  the same by id', value: cost.applyByIdMs, unit: 'ms' },
    { name: '  refresh: windows, freshness, cells, total', value: cost.refreshMs, unit: 'ms' },
    { name: '  frame: rows and cells into recycled buffers', value: cost.frameMs, unit: 'ms' },
  ]
  return [
    ...figures('100,000', small),
    ...figures('1,000,000', large),
    { name: 'growth of all three, 100,000 to 1,000,000 sensors', value: whole(large) / whole(small), unit: '×', against: '10 × the sensors', target: atMost(5, 2) },
    { name: 'growth of refresh and frame', value: (large.refreshMs + large.frameMs) / (small.refreshMs + small.frameMs), unit: '×', against: '10 × the sensors' },
  ]
}

/** Sensors that report at about the same time, each round another 50,000 of them; the fastest round of each part. */
export function refreshCost(sensors: number): RefreshCost {
  const random = createRandom(SEED)
  const state = createDomainState({ model: NOISE, anchor: ANCHOR, cellRadiusM: 1_000, expectedIntervalMs: 3_600_000 })
  const idOf = (sensor: number): string => `urn:ngsi-ld:NoiseLevelObserved:bench:${sensor}`
  const readingOf = (sensor: number, atMs: number, position?: LonLat): Reading => ({
    entityId: idOf(sensor),
    entityType: 'NoiseLevelObserved',
    ...(position !== undefined && { position }),
    observedAtMs: atMs as EpochMs,
    periodMs: 60_000,
    values: { laeq: 45 + Math.round(random() * 300) / 10 },
    warnings: [],
  })
  for (let sensor = 0; sensor < sensors; sensor++) {
    state.apply(readingOf(sensor, START, [ANCHOR[0] + (random() - 0.5) * SPAN[0], ANCHOR[1] + (random() - 0.5) * SPAN[1]]), START)
  }
  const pool = createFrameBufferPool()
  const page = [draw(state, pool, START), draw(state, pool, START)]
  const best = { applyMs: Infinity, applyByIdMs: Infinity, refreshMs: Infinity, frameMs: Infinity }
  for (let round = 1; round <= ROUNDS; round++) {
    const nowMs = START + round * 1_000
    const rows = new Set<number>()
    while (rows.size < CHANGED) rows.add(Math.floor(random() * sensors))
    // No sensor was removed: the row of each is its number.
    const readings = Array.from(rows, (row) => ({ row, reading: readingOf(row, nowMs) }))
    const isById = round % 3 === 0
    const startedAt = performance.now()
    if (isById) for (const { reading } of readings) state.apply(reading, nowMs)
    else for (const { row, reading } of readings) state.applyAt(row, reading, nowMs)
    const appliedAt = performance.now()
    state.refresh(nowMs)
    const refreshedAt = performance.now()
    pool.give(page.shift()!)
    const begunAt = performance.now()
    page.push(state.frame(pool.take(state.capacity, state.cellCount), 1))
    const key = isById ? 'applyByIdMs' : 'applyMs'
    best[key] = Math.min(best[key], appliedAt - startedAt)
    best.refreshMs = Math.min(best.refreshMs, refreshedAt - appliedAt)
    best.frameMs = Math.min(best.frameMs, performance.now() - begunAt)
  }
  return best
}

function draw(state: DomainState, pool: ReturnType<typeof createFrameBufferPool>, nowMs: number) {
  state.refresh(nowMs)
  return state.frame(pool.take(state.capacity, state.cellCount), 1)
}
