/** What is explained is the value, in whatever view it is looked at. Frames are made by the worker's own aggregation. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { ANCHOR, PLAN } from '../../test/aggregator-in-hand.ts'
import { MINUTE_MS, type EpochMs } from '../core/time/instant.ts'
import type { Frame } from '../domains/frame.ts'
import { NOISE_VIEW } from '../domains/noise/view.ts'
import { createDomainState } from '../workers/aggregator/domain-state.ts'
import { createFrameBufferPool } from '../workers/aggregator/frame-buffers.ts'
import { keepLayer, shownLayer } from '../workers/session/kept-values.ts'
import { explain } from '../explain/explain.ts'
import type { Subject } from '../explain/members.ts'
import { explainInput, type Explained } from './explain-input.ts'
import type { LiveLayer } from './live-store.ts'
import { shownOf } from './use-explanation.ts'

const NOW = Date.UTC(2026, 10, 20, 8, 14)

interface Sensor {
  readonly eastM: number
  readonly northM: number
  readonly laeq: number
  readonly ageMs: number
}

function layerOf(sensors: readonly Sensor[]): LiveLayer {
  const state = createDomainState({ model: NOISE_VIEW.model, anchor: ANCHOR, cellRadiusM: 500 })
  for (const [index, { eastM, northM, laeq, ageMs }] of sensors.entries()) {
    const position = [ANCHOR[0] + eastM / 84_000, ANCHOR[1] + northM / 111_195] as const
    state.apply({ entityId: `urn:ngsi-ld:Sensor:porto:${index}`, entityType: 'Sensor', name: `${index}`, observedAtMs: (NOW - ageMs) as EpochMs, values: { laeq }, periodMs: MINUTE_MS, warnings: [], position }, NOW - ageMs)
  }
  state.refresh(NOW)
  return { frame: state.frame(createFrameBufferPool().take(state.count, state.cellCount), 1), roster: state.roster(1) }
}

/** The same instant looked at against the limit: rows and cells say how they stand to it, and no level. */
function againstLimit({ frame, roster }: LiveLayer): LiveLayer {
  const other: Frame = { ...frame, view: 'limit', plain: frame.values, values: frame.values.map(() => 1), cells: { ...frame.cells, values: frame.cells.values.map(() => 1) } }
  return { frame: other, roster }
}

const asked = (layer: LiveLayer, subject: Subject): Explained & { readonly subject: Subject } => ({ plan: PLAN, view: NOISE_VIEW, layer, nowMs: NOW, atMs: undefined, subject })

const sensor = fc.record({ eastM: fc.integer({ min: -3_000, max: 3_000 }), northM: fc.integer({ min: -3_000, max: 3_000 }), laeq: fc.integer({ min: 30, max: 90 }), ageMs: fc.constantFrom(0, 40_000, 3 * MINUTE_MS, 10 * MINUTE_MS) })

describe('an explanation', () => {
  test.prop([fc.array(sensor, { minLength: 1, maxLength: 30 })])('says the same of city, sensor and cell in every view', (sensors) => {
    const layer = layerOf(sensors)
    const { frame } = layer
    const subjects: readonly Subject[] = [
      { kind: 'city' },
      ...Array.from({ length: frame.count }, (_, row): Subject => ({ kind: 'sensor', row })),
      ...Array.from({ length: frame.cells.count }, (_, cell): Subject => ({ kind: 'cell', cell })),
    ]
    for (const subject of subjects) expect(explain(explainInput(asked(againstLimit(layer), subject)))).toEqual(explain(explainInput(asked(layer, subject))))
  })

  test.prop([fc.array(sensor, { minLength: 1, maxLength: 30 }), fc.integer({ min: 0, max: 20 * MINUTE_MS })])('of what a visit before has left says what it was then', (sensors, laterMs) => {
    const then = layerOf(sensors)
    const left = keepLayer(then.frame, Array.from({ length: then.frame.count }, (_, row) => row), () => then.roster)
    const shown: LiveLayer = { frame: shownLayer(left, { nowMs: NOW + laterMs, expectedMs: NOISE_VIEW.model.expectedIntervalMs, rosterVersion: 1 }), roster: then.roster }
    const { sentence } = explain(explainInput({ ...asked(shown, { kind: 'city' }), nowMs: NOW + laterMs }))
    expect(sentence).toBe(explain(explainInput({ ...asked(then, { kind: 'city' }), atMs: NOW })).sentence)
  })

  it('is made anew at once when tile, row or cell say something else, and rests while they say the same', () => {
    const loud: Sensor = { eastM: 0, northM: 0, laeq: 60, ageMs: 0 }
    const [before, same, louder, more] = [layerOf([loud]), layerOf([loud]), layerOf([{ ...loud, laeq: 66 }]), layerOf([loud, loud])]
    for (const subject of [{ kind: 'city' }, { kind: 'sensor', row: 0 }, { kind: 'cell', cell: 0 }] as const) {
      const key = shownOf(asked(before, subject))
      expect(shownOf(asked(same, subject))).toBe(key)
      expect(shownOf(asked(louder, subject))).not.toBe(key)
    }
    expect(shownOf(asked(more, { kind: 'city' }))).not.toBe(shownOf(asked(before, { kind: 'city' })))
    expect(shownOf(asked(more, { kind: 'sensor', row: 1 }))).not.toBe(shownOf(asked(more, { kind: 'sensor', row: 0 })))
  })
})
