import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { registerIncrease } from './register.ts'

describe('a register', () => {
  it('says nothing of one reading', () => {
    expect(registerIncrease([4, undefined])).toEqual({ resets: 0 })
  })

  test.prop([fc.array(fc.nat(1_000), { minLength: 2, maxLength: 30 }), fc.nat(999)])('that wraps has counted what it would have without end', (steps, start) => {
    // A step of at most its size can be told from a fall.
    const size = 1_001
    const endless = steps.map((_, index) => start + steps.slice(0, index + 1).reduce((sum, step) => sum + step, 0))
    const { total } = registerIncrease([start, ...endless].map((count) => count % size), size)
    expect(total).toBe(endless.at(-1)! - start)
  })

  test.prop([fc.array(fc.nat(1_000), { minLength: 2, maxLength: 30 })])('that is never reset has counted its last less its first reading, holes or not', (counts) => {
    const rising = counts.toSorted((a, b) => a - b)
    expect(registerIncrease(rising.flatMap((count) => [count, undefined]))).toEqual({ total: rising.at(-1)! - rising[0]!, resets: 0 })
  })
})
