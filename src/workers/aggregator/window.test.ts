import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import type { Reading } from '../../domains/domain-model.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import { addToWindow, correctInWindow, createRing, stepAt, windowShape, windowState } from './window.ts'

const { fold } = THERMOMETER
const shape = windowShape(10 * MINUTE_MS)
const NOW = Date.UTC(2026, 10, 20, 12)
const nowStep = stepAt(shape, NOW)

const readingAt = (atMs: number, temperature: number): Reading => ({
  entityId: 'a',
  entityType: 'Thermometer',
  observedAtMs: atMs as EpochMs,
  values: { temperature },
  warnings: [],
})

const meanOf = (ring: ReturnType<typeof createRing<{ sum: number; count: number }>>, step: number): number | undefined => {
  const { acc } = windowState(ring, shape, fold, step)
  return acc === undefined ? undefined : fold.value(acc)
}

describe('the window of a sensor', () => {
  it('moves by a 30th of its length', () => {
    expect(shape.bucketMs).toBe(20_000)
  })

  it('has no value before anything is measured', () => {
    expect(windowState(createRing(shape), shape, fold, nowStep)).toEqual({ acc: undefined, expiresAtStep: Infinity })
  })

  it('takes a late reading into its own bucket', () => {
    const ring = createRing<{ sum: number; count: number }>(shape)
    addToWindow(ring, shape, fold, readingAt(NOW, 10), nowStep)
    expect(addToWindow(ring, shape, fold, readingAt(NOW - 5 * MINUTE_MS, 20), nowStep)).toBe('added')
    expect(meanOf(ring, nowStep)).toBe(15)
    // Five minutes on, the late one has left and the other is still inside.
    expect(meanOf(ring, nowStep + 16)).toBe(10)
  })

  it('counts a repeated instant once', () => {
    const ring = createRing<{ sum: number; count: number }>(shape)
    addToWindow(ring, shape, fold, readingAt(NOW, 10), nowStep)
    addToWindow(ring, shape, fold, readingAt(NOW + 1, 20), nowStep)
    expect(addToWindow(ring, shape, fold, readingAt(NOW, 10), nowStep)).toBe('known')
    expect(meanOf(ring, nowStep)).toBe(15)
  })

  it('puts a correction in the place of the reading it corrects', () => {
    const ring = createRing<{ sum: number; count: number }>(shape)
    addToWindow(ring, shape, fold, readingAt(NOW, 10), nowStep)
    addToWindow(ring, shape, fold, readingAt(NOW + 1, 90), nowStep)
    correctInWindow(ring, shape, fold, readingAt(NOW + 1, 20))
    expect(meanOf(ring, nowStep)).toBe(15)
  })

  it('leaves out what is older than the window and what cannot have happened yet', () => {
    const ring = createRing<{ sum: number; count: number }>(shape)
    expect(addToWindow(ring, shape, fold, readingAt(NOW - 10 * MINUTE_MS, 1), nowStep)).toBe('outside')
    expect(addToWindow(ring, shape, fold, readingAt(NOW + 3 * MINUTE_MS, 1), nowStep)).toBe('outside')
    expect(addToWindow(ring, shape, fold, readingAt(Date.UTC(2099, 0, 1), 1), nowStep)).toBe('outside')
    expect(meanOf(ring, nowStep)).toBeUndefined()
  })

  test.prop([
    fc.array(fc.record({ agoS: fc.integer({ min: -100, max: 700 }), value: fc.integer({ min: -20, max: 40 }) }), { maxLength: 60 }),
    fc.integer({ min: 0, max: 40 }),
  ], { seed: 1 })('folded reading by reading, in any order, equals measuring at once', (arrivals, laterSteps) => {
    const ring = createRing<{ sum: number; count: number }>(shape)
    const first = new Map<number, number>()
    for (const { agoS, value } of arrivals) {
      const atMs = NOW - agoS * 1_000
      addToWindow(ring, shape, fold, readingAt(atMs, value), nowStep)
      const step = stepAt(shape, atMs)
      if (step > nowStep - shape.buckets && !first.has(atMs)) first.set(atMs, value)
    }
    const step = nowStep + laterSteps
    const inside = [...first].filter(([atMs]) => stepAt(shape, atMs) > step - shape.buckets).map(([, value]) => value)
    const expected = inside.length === 0 ? undefined : inside.reduce((a, b) => a + b, 0) / inside.length
    expect(meanOf(ring, step)).toEqual(expected)
  })
})
