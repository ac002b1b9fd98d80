import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { acrossNumbers } from './across-numbers.ts'
import { across, type Across } from './across.ts'

const STATISTICS: readonly Across[] = ['mean', 'energetic-mean', 'sum', 'max', 'median']

describe.each(STATISTICS)('%s of an array', (statistic) => {
  test.prop([fc.array(fc.oneof(fc.integer({ min: -50, max: 120 }), fc.double({ min: -50, max: 120, noNaN: true })), { maxLength: 60 })], { seed: 1 })('is that of the list', (values) => {
    const [expected, actual] = [across(statistic, values), acrossNumbers(statistic, Float64Array.from(values))]
    if (expected === undefined) expect(actual).toBeUndefined()
    else expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
  })
})
