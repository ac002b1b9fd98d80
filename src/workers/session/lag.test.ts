import { describe, expect, it } from 'vitest'
import { createLag } from './lag.ts'

describe('the wait of notifications', () => {
  it('is the longest of the last seconds', () => {
    const lag = createLag()
    expect(lag.ms(0)).toBeUndefined()
    lag.heard(300, 10_000)
    lag.heard(4_000, 10_500)
    lag.heard(200, 11_000)
    expect(lag.ms(11_000)).toBe(4_000)
    expect(lag.ms(13_900)).toBe(4_000)
    expect(lag.ms(14_000)).toBeUndefined()
  })

  it('is no promise of the future: clocks differ by a little', () => {
    const lag = createLag()
    lag.heard(-30, 0)
    expect(lag.ms(0)).toBe(0)
  })
})
