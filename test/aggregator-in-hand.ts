/** An aggregator of one small domain with its clock in the test's hand, and its frames as plain values. */
import type { CityPlan } from '../src/configuration/city-plan.ts'
import type { LonLat } from '../src/core/geo/position.ts'
import { FRESHNESS } from '../src/core/time/freshness.ts'
import type { Frame, Roster } from '../src/domains/frame.ts'
import type { Entity } from '../src/ngsi-ld/entity.ts'
import { createAggregator, type Aggregator } from '../src/workers/aggregator/aggregator.ts'
import { createFrameBufferPool } from '../src/workers/aggregator/frame-buffers.ts'
import { THERMOMETER } from './thermometer-model.ts'

export const START = Date.UTC(2026, 10, 20, 12)
export const ANCHOR: LonLat = [-8.61, 41.15]

export const PLAN: CityPlan = {
  id: 'porto',
  name: 'Porto',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: ANCHOR,
  bounds: [-8.7, 41.1, -8.5, 41.2],
  layers: ['thermometer'],
  expectedIntervalS: {},
  brokers: [{ id: 'a', name: 'A', simulated: true }],
  basemap: { kind: 'outline' },
}

export interface Clock {
  ms: number
}

export function start(clock: Clock, plan: CityPlan = PLAN): Aggregator {
  return createAggregator({ models: [THERMOMETER], plan, cellRadiusM: 500, now: () => clock.ms })
}

export function stream(aggregator: Aggregator, entities: readonly Entity[], { broker = 'a', from = 'stream' as 'stream' | 'snapshot' | 'check' } = {}): void {
  aggregator.apply({ type: 'entities', broker, from, entities, rejected: [], receivedAtMs: aggregator.nowMs() })
}

export function snapshot(aggregator: Aggregator, entities: readonly Entity[], { broker = 'a', complete = true } = {}): void {
  aggregator.apply({ type: 'snapshot-started', broker })
  stream(aggregator, entities, { broker, from: 'snapshot' })
  aggregator.apply({ type: 'snapshot-ended', broker, complete })
}

export function draw(aggregator: Aggregator): { frame: Frame; roster: Roster } {
  const state = aggregator.domains.get('thermometer')!
  state.refresh(aggregator.nowMs())
  return { frame: state.frame(createFrameBufferPool().take(state.count, state.cellCount), 1), roster: state.roster(1) }
}

/** What the frame says of one sensor. */
export function sensorIn({ frame, roster }: { frame: Frame; roster: Roster }, id: string) {
  const row = roster.ids.indexOf(id)
  if (row < 0) return undefined
  const [lon, lat] = [frame.positions[row * 2]!, frame.positions[row * 2 + 1]!]
  return {
    value: frame.values[row]!,
    latest: frame.latest[row]!,
    observedAtMs: frame.observedAtMs[row]!,
    freshness: FRESHNESS[frame.freshness[row]!]!,
    name: roster.names[row],
    warnings: roster.warnings[row]!.map(({ kind }) => kind),
    position: [lon, lat],
  }
}
