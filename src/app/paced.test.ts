import { describe, expect, it } from 'vitest'
import { createPaced } from './paced.ts'

describe('what is made at a pace', () => {
  it('rests for a hundred times its cost, and at once makes what is another', () => {
    const { make, clock } = stage({ costMs: 10 })
    expect(make('a')).toBe('a 1')
    clock.nowMs += 980
    expect(make('a')).toBe('a 1')
    expect(make('b')).toBe('b 2')
    clock.nowMs += 1_000
    expect(make('b')).toBe('b 3')
  })
  it('is of now where it costs nothing, unless it is to be kept', () => {
    const { make, clock } = stage({ costMs: 0 })
    expect(make('a')).toBe('a 1')
    expect(make('a')).toBe('a 2')
    expect(make('a', 3_000)).toBe('a 3')
    clock.nowMs += 2_999
    expect(make('a', 3_000)).toBe('a 3')
    clock.nowMs += 1
    expect(make('a', 3_000)).toBe('a 4')
  })
  it('does not rest for ever when others held it up', () => {
    const { make, clock } = stage({ costMs: 900 })
    make('a')
    clock.nowMs += 5_000
    expect(make('a')).toBe('a 2')
  })
})

function stage({ costMs }: { readonly costMs: number }) {
  const clock = { nowMs: 0 }
  let made = 0
  const paced = createPaced<string>(() => clock.nowMs)
  return {
    clock,
    make: (key: string, atLeastMs = 0) =>
      paced(
        () => {
          clock.nowMs += costMs
          return `${key} ${++made}`
        },
        { key, atLeastMs },
      ),
  }
}
