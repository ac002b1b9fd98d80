import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { dayShape } from './day-shape.ts'

const DAY = { fromMs: 0, toMs: 1_000, maxGapMs: 10, bands: [] }

describe('the shape of a day', () => {
  it('joins neighbours, stops at a gap, and makes a dot of what stands alone', () => {
    const points = [0, 10, 30, 50, 60].map((ms) => ({ ms, value: 1 }))
    expect(dayShape({ ...DAY, points }).line).toBe('M0 50L10 50M30 50h0M50 50L60 50')
  })

  it('is nothing where nothing is', () => {
    expect(dayShape({ ...DAY, points: [] })).toMatchObject({ line: '', band: '', middle: '' })
  })

  it('draws the band in the scale of the line: what is beyond usual lies outside', () => {
    const shape = dayShape({ ...DAY, points: [{ ms: 500, value: 20 }], bands: [{ fromMs: 400, toMs: 600, low: 0, middle: 5, high: 10 }] })
    expect(shape.band).toBe('M400 50H600V92H400Z')
    expect(shape.middle).toBe('M400 71H600')
    expect(shape.y(20)).toBeLessThan(shape.y(10))
  })

  test.prop([fc.array(fc.record({ ms: fc.integer({ min: -200, max: 1_200 }), value: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }) }), { maxLength: 60 }), fc.integer({ min: 1, max: 100 })], { seed: 1 })(
    'begins anew once for every gap, and never leaves its frame',
    (list, maxGapMs) => {
      const points = [...new Map(list.map((one) => [one.ms, one])).values()].toSorted((a, b) => a.ms - b.ms)
      const inside = points.filter(({ ms }) => ms >= 0 && ms <= 1_000)
      const { line } = dayShape({ ...DAY, maxGapMs, points })
      const pieces = inside.filter(({ ms }, index) => index === 0 || ms - inside[index - 1]!.ms > maxGapMs).length
      expect(line.split('M').length - 1).toBe(pieces)
      expect(line.split(/[ML]/).length - 1).toBe(inside.length)
      for (const number of line.match(/-?[\d.]+/g) ?? []) expect(Number(number)).toBeGreaterThanOrEqual(0)
      expect(line).not.toMatch(/NaN|Infinity/)
    },
  )
})
