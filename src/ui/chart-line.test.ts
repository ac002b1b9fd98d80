import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { gapsOf, lineOf } from './chart-line.ts'

it('breaks the line where a reading was due and none came', () => {
  const points = [0, 60_000, 120_000, 600_000].map((ms) => ({ ms, value: 60 }))
  expect(lineOf(points, 150_000)).toEqual({ xs: [0, 60, 120, 360, 600], ys: [60, 60, 60, null, 60] })
  expect(gapsOf(points, 150_000)).toEqual([{ fromMs: 120_000, toMs: 600_000 }])
})

it('keeps the later of two readings of one instant', () => {
  expect(lineOf([{ ms: 1_000, value: 1 }, { ms: 1_000, value: 2 }], 10).ys).toEqual([2])
})

const points = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 1e6 }), value: fc.double() }))

test.prop([points, fc.integer({ min: 1, max: 1e5 })])('gives ascending times and never an infinite value, whatever the order', (given, maxGapMs) => {
  const { xs, ys } = lineOf(given, maxGapMs)
  expect(xs).toHaveLength(ys.length)
  for (let i = 1; i < xs.length; i++) expect(xs[i]!).toBeGreaterThan(xs[i - 1]!)
  expect(ys.every((y) => y === null || Number.isFinite(y))).toBe(true)
})
