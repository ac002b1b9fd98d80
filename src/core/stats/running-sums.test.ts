import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { addTo, clearSum, createRunningSums, grownSums, sumAt } from './running-sums.ts'

describe('a running sum', () => {
  it('forgets a large number that was taken away again, where plain doubles do not', () => {
    const sums = createRunningSums(1)
    let plain = 0
    for (const value of [0.1, 1e13, 0.2, -1e13]) {
      addTo(sums, 0, value)
      plain += value
    }
    expect(Math.abs(plain - 0.3)).toBeGreaterThan(1e-4)
    expect(Math.abs(sumAt(sums, 0) - 0.3)).toBeLessThan(1e-15)
  })

  // Powers of levels from 0 to 140 dB, in and out a thousand times: what stays is what is still inside.
  test.prop([fc.array(fc.double({ min: 0, max: 14, noNaN: true }), { minLength: 1, maxLength: 200 }), fc.infiniteStream(fc.nat())], { seed: 1 })(
    'after any history equals the sum of what is inside',
    (exponents, picks) => {
      const sums = createRunningSums(3)
      const inside: number[] = []
      for (let turn = 0; turn < 5; turn++) {
        for (const exponent of exponents) {
          const value = 10 ** exponent
          inside.push(value)
          addTo(sums, 1, value)
          if (picks.next().value % 3 > 0) continue
          const [gone] = inside.splice(picks.next().value % inside.length, 1)
          addTo(sums, 1, -gone!)
        }
      }
      // Summed from the smallest up, the reference errs least.
      const exact = inside.toSorted((a, b) => a - b).reduce((a, b) => a + b, 0)
      expect(Math.abs(sumAt(sums, 1) - exact)).toBeLessThanOrEqual(1e-12 * exact + 1e-15)
      expect([sumAt(sums, 0), sumAt(sums, 2)]).toEqual([0, 0])
    },
  )

  it('is kept when there are to be more of them, and can be begun anew', () => {
    const sums = createRunningSums(1)
    addTo(sums, 0, 1e16)
    addTo(sums, 0, 1)
    const grown = grownSums(sums, 4)
    addTo(grown, 0, -1e16)
    expect(sumAt(grown, 0)).toBe(1)
    clearSum(grown, 0)
    expect([...grown.high, ...grown.low].every((number) => number === 0)).toBe(true)
  })
})
