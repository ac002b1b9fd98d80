import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { across } from './across.ts'
import { createQuantileSketch, SKETCH_ERROR, type QuantileSketch } from './quantile-sketch.ts'

const measured = fc.oneof(fc.double({ min: -60, max: 5_000, noNaN: true }), fc.double({ noNaN: true, min: -1e12, max: 1e12 }), fc.integer({ min: -3, max: 6 }))

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = createQuantileSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

describe('a quantile sketch', () => {
  test.prop([fc.array(measured, { minLength: 1, maxLength: 400 })], { seed: 1 })('is within its error of every order statistic', (values) => {
    const sketch = sketchOf(values)
    for (const [rank, exact] of values.toSorted((a, b) => a - b).entries()) {
      // Below the smallest normal double the bins are of one width.
      expect(Math.abs(sketch.valueAt(rank)! - exact)).toBeLessThanOrEqual(SKETCH_ERROR * Math.abs(exact) + 1e-307)
    }
  })

  test.prop([fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 50 })], { seed: 1 })('is exact for an index', (values) => {
    expect(sketchOf(values).median()).toBe(across('median', values))
  })

  test.prop([fc.array(measured, { maxLength: 60 }), fc.array(measured, { maxLength: 60 })], { seed: 1 })('merged is the sketch of all values', (a, b) => {
    const merged = sketchOf(a)
    merged.merge(sketchOf(b))
    const whole = sketchOf([...a, ...b])
    expect(merged.count).toBe(whole.count)
    const countsOf = (sketch: QuantileSketch): unknown => [...sketch.bins()].map(({ key, count }) => [key, count])
    expect(countsOf(merged)).toEqual(countsOf(whole))
    for (let rank = 0; rank < whole.count; rank++) {
      const expected = whole.valueAt(rank)!
      expect(Math.abs(merged.valueAt(rank)! - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected))
    }
  })

  test.prop([fc.array(measured, { maxLength: 80 }), fc.infiniteStream(fc.nat())], { seed: 1 })('forgets what is taken away', (values, picks) => {
    const sketch = sketchOf(values)
    const left = [...values]
    while (left.length > values.length / 2) sketch.remove(left.splice(picks.next().value % left.length, 1)[0]!)
    expect([...sketch.bins()].map(({ key, count }) => [key, count])).toEqual([...sketchOf(left).bins()].map(({ key, count }) => [key, count]))
    for (const value of left) sketch.remove(value)
    expect([sketch.count, sketch.median(), [...sketch.bins()]]).toEqual([0, undefined, []])
  })

  it('of nothing has no quantile', () => {
    const sketch = createQuantileSketch()
    expect([sketch.median(), sketch.valueAt(0), sketchOf([5]).valueAt(1), sketchOf([5]).valueAt(-1)]).toEqual([undefined, undefined, undefined, undefined])
  })
})
