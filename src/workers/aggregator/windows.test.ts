import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import { createHotRows } from './hot-rows.ts'
import { createWindows, NO_BLOCK, stepAt, windowShape, type WindowOutcome } from './windows.ts'

const { columns: fold } = THERMOMETER.fold
const shape = windowShape(10 * MINUTE_MS)
const NOW = Date.UTC(2026, 10, 20, 12)
const nowStep = stepAt(shape, NOW)

/** Windows of a few sensors, of which each has a block from its first reading on. */
function openWindows() {
  const hot = createHotRows()
  hot.grow(8)
  hot.ints[0]!.fill(NO_BLOCK)
  const windows = createWindows(fold, shape, hot)
  const alone = (temperature: number): Float64Array => {
    const one = new Float64Array(fold.width)
    fold.clear(one, 0)
    fold.add(one, 0, { observedAtMs: 0, values: { temperature } })
    return one
  }
  return {
    windows,
    move(from: number, to: number) {
      hot.move(from, to)
      windows.move(from, to)
    },
    add(row: number, atMs: number, temperature: number, step = nowStep): WindowOutcome {
      if (windows.has(row)) return windows.add(row, atMs, alone(temperature), step)
      if (!windows.isInside(atMs, step)) return 'outside'
      windows.open(row, atMs, alone(temperature))
      return 'added'
    },
    correct: (row: number, atMs: number, temperature: number) => windows.correct(row, atMs, alone(temperature)),
    mean(row: number, step = nowStep): number | undefined {
      if (!windows.has(row)) return undefined
      windows.fold(row, step, false)
      return windows.value()
    },
    leavesAt: (row: number, step = nowStep): number => windows.fold(row, step, false),
  }
}

describe('the window of a sensor', () => {
  it('moves by a 30th of its length', () => {
    expect(shape.stepMs).toBe(20_000)
  })

  it('takes a late reading into its own place', () => {
    const { add, mean, leavesAt } = openWindows()
    add(0, NOW, 10)
    expect(add(0, NOW - 5 * MINUTE_MS, 20)).toBe('added')
    expect(mean(0)).toBe(15)
    expect(leavesAt(0)).toBe(nowStep + 15)
    // Five minutes on, the late one has left and the other is still inside.
    expect(mean(0, nowStep + 15)).toBe(10)
    expect(leavesAt(0, nowStep + 40)).toBe(Infinity)
    expect(mean(0, nowStep + 40)).toBeUndefined()
  })

  it('counts a repeated instant once', () => {
    const { add, mean } = openWindows()
    add(0, NOW, 10)
    add(0, NOW + 1, 20)
    expect(add(0, NOW, 10)).toBe('known')
    expect(mean(0)).toBe(15)
  })

  it('puts a correction in the place of the reading it corrects', () => {
    const { add, correct, mean } = openWindows()
    add(0, NOW, 10)
    add(0, NOW + 1, 90)
    correct(0, NOW + 1, 20)
    expect(mean(0)).toBe(15)
  })

  it('leaves out what is older than the window and what cannot have happened yet', () => {
    const { add, mean } = openWindows()
    expect(add(0, NOW - 10 * MINUTE_MS, 1)).toBe('outside')
    expect(add(0, NOW + 3 * MINUTE_MS, 1)).toBe('outside')
    expect(add(0, Date.UTC(2099, 0, 1), 1)).toBe('outside')
    expect(mean(0)).toBeUndefined()
  })

  it('of a sensor that reports by the second knows its instants and its newest reading', () => {
    const { add, correct, mean } = openWindows()
    // Ten minutes and a step: what is older than the window must not be counted.
    for (let agoS = 620; agoS >= 0; agoS--) add(0, NOW - agoS * 1_000, 10)
    expect(mean(0)).toBe(10)
    for (const agoS of [0, 1, 300, 579]) expect(add(0, NOW - agoS * 1_000, 99)).toBe('known')
    const readings = 10 * 60 - 19 // from the begin of the oldest step to now
    correct(0, NOW, 10 + readings)
    expect(mean(0)).toBeCloseTo(11, 9)
    correct(0, NOW, 10)
    expect(mean(0)).toBe(10)
    // It is still the newest when a late one joins its step, and one of many when newer ones have come.
    for (const laterS of [1, 2, 4]) add(0, NOW + laterS * 1_000, 10)
    expect(add(0, NOW + 3_000, 10)).toBe('added')
    correct(0, NOW + 2_000, 10_000)
    expect(mean(0)).toBe(10)
    correct(0, NOW + 4_000, 10 + readings + 4)
    expect(mean(0)).toBeCloseTo(11, 9)
  })

  it('gives its room back, and to another sensor', () => {
    const { windows, add, mean, move } = openWindows()
    for (let row = 0; row < 4; row++) for (let i = 0; i < 20; i++) add(row, NOW - i * 1_000, row)
    expect(windows.onlyMs(1, nowStep)).toBeNaN()
    windows.close(1)
    expect([windows.has(1), mean(0), mean(2)]).toEqual([false, 0, 2])
    windows.close(2)
    move(3, 2)
    expect(mean(2)).toBe(3)
    add(1, NOW, 7)
    expect([mean(0), mean(1), mean(2)]).toEqual([0, 7, 3])
    expect(windows.onlyMs(1, nowStep)).toBe(NOW)
    expect(windows.onlyMs(1, nowStep + 100)).toBe(-Infinity)
  })

  // Up to 200 readings: of a few sensors many are kept by steps.
  test.prop([
    fc.array(fc.record({ row: fc.constantFrom(0, 0, 0, 1), agoS: fc.integer({ min: -100, max: 700 }), value: fc.integer({ min: -20, max: 40 }) }), { maxLength: 200, size: 'max' }),
    fc.integer({ min: 0, max: 40 }),
  ], { seed: 1 })('folded reading by reading, in any order, equals measuring at once', (arrivals, laterSteps) => {
    const { add, mean } = openWindows()
    const first = [new Map<number, number>(), new Map<number, number>()]
    for (const { row, agoS, value } of arrivals) {
      const atMs = NOW - agoS * 1_000
      const isInside = stepAt(shape, atMs) > nowStep - shape.steps
      const isKnown = first[row]!.has(atMs)
      expect(add(row, atMs, value)).toBe(isInside ? (isKnown ? 'known' : 'added') : 'outside')
      if (isInside && !isKnown) first[row]!.set(atMs, value)
    }
    const step = nowStep + laterSteps
    for (const [row, readings] of first.entries()) {
      const inside = [...readings].filter(([atMs]) => stepAt(shape, atMs) > step - shape.steps).map(([, value]) => value)
      expect(mean(row, step)).toEqual(inside.length === 0 ? undefined : inside.reduce((a, b) => a + b, 0) / inside.length)
    }
  })
})
