import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { across, type Across } from './across.ts'

const STATISTICS: readonly Across[] = ['mean', 'energetic-mean', 'sum', 'max', 'median']
const values = fc.array(fc.double({ min: -50, max: 130, noNaN: true }), { minLength: 1, maxLength: 30 })

describe('across', () => {
  it('averages levels as energy: 50 and 70 dB make 67.03, not 60', () => {
    expect(across('energetic-mean', [50, 70])).toBeCloseTo(67.032_913_78, 8)
  })

  it('takes the middle pair of an even number', () => {
    expect(across('median', [9, 1, 3, 5])).toBe(4)
  })

  it('has no value when nothing was measured', () => {
    for (const statistic of STATISTICS) expect(across(statistic, [Number.NaN])).toBeUndefined()
  })

  test.prop([values, fc.constantFrom(...STATISTICS)])('does not depend on order, and leaves out what was not measured', (list, statistic) => {
    const shuffled = list.toReversed().flatMap((value) => [Number.NaN, value])
    expect(across(statistic, shuffled)).toBeCloseTo(across(statistic, list)!, 6)
  })

  test.prop([values, fc.constantFrom<Across>('mean', 'energetic-mean', 'max', 'median')])('stays between the least and the greatest', (list, statistic) => {
    const value = across(statistic, list)!
    expect(value).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9)
    expect(value).toBeLessThanOrEqual(Math.max(...list) + 1e-9)
  })
})
