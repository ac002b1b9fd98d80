/** Frames written into buffers that come back say what frames written whole say. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { EpochMs } from '../../core/time/instant.ts'
import type { Frame } from '../../domains/frame.ts'
import { ANCHOR, START } from '../../../test/aggregator-in-hand.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import { createDomainState } from './domain-state.ts'
import { createFrameBufferPool } from './frame-buffers.ts'

const turn = fc.record({
  readings: fc.array(fc.record({ sensor: fc.nat(99), temperature: fc.integer({ min: -20, max: 50 }), isMoved: fc.boolean() }), { maxLength: 12 }),
  gone: fc.option(fc.nat(99), { nil: undefined, freq: 3 }),
  afterMs: fc.constantFrom(250, 1_000, 40_000),
  /** Which of the frames on the page comes back. */
  spare: fc.option(fc.nat(3), { nil: undefined }),
  view: fc.constantFrom('value' as const, 'value' as const, 'value' as const, 'limit' as const),
})

const partsOf = ({ count, positions, values, latest, observedAtMs, freshness, cells }: Frame) => ({
  positions: [...positions.subarray(0, count * 2)],
  values: [...values.subarray(0, count)],
  latest: [...latest.subarray(0, count)],
  observedAtMs: [...observedAtMs.subarray(0, count)],
  freshness: [...freshness.subarray(0, count)],
  cells: { centres: [...cells.centres.subarray(0, cells.count * 2)], values: [...cells.values.subarray(0, cells.count)], sensors: [...cells.sensors.subarray(0, cells.count)] },
})

describe('a frame in recycled buffers', () => {
  test.prop([fc.array(turn, { maxLength: 30 })], { seed: 1 })('is the frame in new ones, and differs from the one before only where it says so', (turns) => {
    const state = createDomainState({ model: { ...THERMOMETER, limit: { ...THERMOMETER.legend.limits[0], label: 'warm', value: 20 } as never }, anchor: ANCHOR, cellRadiusM: 500 })
    const pool = createFrameBufferPool()
    const page: Frame[] = []
    let nowMs = START
    let before: { readonly sequence: number | undefined; readonly parts: ReturnType<typeof partsOf> } | undefined
    for (const { readings, gone, afterMs, spare, view } of turns) {
      nowMs += afterMs
      for (const { sensor, temperature, isMoved } of readings) {
        state.apply({ entityId: `s${sensor}`, entityType: 'Thermometer', position: [ANCHOR[0] + (isMoved ? 0.01 : 0), ANCHOR[1] + sensor / 1_000], observedAtMs: nowMs as EpochMs, values: { temperature }, warnings: [] }, nowMs)
      }
      if (gone !== undefined) state.remove(`s${gone}`)
      state.setView(view)
      if (spare !== undefined && spare < page.length) pool.give(page.splice(spare, 1)[0]!)
      state.refresh(nowMs)
      const frame = state.frame(pool.take(state.capacity, state.cellCount, state.view), 1)
      page.push(frame)
      const parts = partsOf(frame)
      // The same state once more, into buffers that hold nothing. It has no changes of its own.
      const whole = state.frame(createFrameBufferPool().take(state.capacity, state.cellCount, state.view), 1)
      expect(whole.changedRows).toEqual({ sinceSequence: frame.sequence, spans: new Uint32Array(0) })
      expect(parts).toEqual(partsOf(whole))
      const { changedRows } = frame
      if (changedRows !== undefined) {
        expect(changedRows.sinceSequence).toBe(before?.sequence)
        const isTold = (row: number): boolean => changedRows.spans.some((from, index) => index % 2 === 0 && row >= from && row < changedRows.spans[index + 1]!)
        const differs = (row: number): boolean =>
          !Object.is(parts.values[row], before!.parts.values[row]) || !Object.is(parts.latest[row], before!.parts.latest[row]) || parts.freshness[row] !== before!.parts.freshness[row] || !Object.is(parts.positions[row * 2], before!.parts.positions[row * 2])
        expect(Array.from({ length: frame.count }, (_, row) => row).filter((row) => differs(row) && !isTold(row))).toEqual([])
      }
      before = { sequence: whole.sequence, parts }
    }
  })
})
