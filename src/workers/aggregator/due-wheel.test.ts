import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createDueWheel, NEVER } from './due-wheel.ts'
import { createHotRows, INTS, TICK } from './hot-rows.ts'

const START = Date.UTC(2026, 10, 20, 12)
const ROWS = 6

describe('the wheel of what is due', () => {
  const turn = fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 900_000 })),
    plans: fc.array(fc.record({ row: fc.integer({ min: 0, max: ROWS - 1 }), inMs: fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: 0, max: 3_600_000 }), fc.constant(Infinity)), isForgotten: fc.boolean() }), { maxLength: 6 }),
  })

  test.prop([fc.array(turn, { maxLength: 40 })], { seed: 1 })('never misses a row, and hands each over once in a turn', (turns) => {
    const hot = createHotRows()
    hot.grow(ROWS)
    for (let row = 0; row < ROWS; row++) hot.ints[0]![(row << INTS) + TICK] = NEVER
    const wheel = createDueWheel(hot)
    const due = new Map<number, number>()
    let nowMs = START
    for (const { afterMs, plans } of turns) {
      nowMs += afterMs
      const seen: number[] = []
      wheel.turn(nowMs, (row) => seen.push(row))
      expect(seen.length).toBe(new Set(seen).size)
      expect([...due].filter(([row, dueMs]) => dueMs <= nowMs && !seen.includes(row))).toEqual([])
      // As the state does: a row that was early goes back to its instant.
      for (const row of seen) {
        const dueMs = due.get(row)
        if (dueMs === undefined || dueMs <= nowMs) due.delete(row)
        else wheel.schedule(row, dueMs, nowMs)
      }
      for (const { row, inMs, isForgotten } of plans) {
        if (isForgotten) {
          wheel.forget(row)
          due.delete(row)
        }
        const dueMs = nowMs + inMs
        wheel.schedule(row, dueMs, nowMs)
        if (dueMs < Infinity) due.set(row, Math.min(dueMs, due.get(row) ?? Infinity))
      }
    }
  })
})
