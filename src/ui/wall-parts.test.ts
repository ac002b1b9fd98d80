import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { parseWall, PARTS, putInWall, stepWall } from './wall-parts.ts'

const NOW = '2026-11-20T08:14'

describe('a time in parts', () => {
  it('takes a typed part, on a 24-hour clock', () => {
    expect(putInWall(NOW, 'hour', 23)).toBe('2026-11-20T23:14')
    expect(putInWall(NOW, 'hour', 24)).toBeUndefined()
    expect(putInWall(NOW, 'month', 0)).toBeUndefined()
  })
  it('keeps to the days of the month', () => {
    expect(putInWall('2026-11-30T08:14', 'month', 2)).toBe('2026-02-28T08:14')
    expect(putInWall('2028-01-31T08:14', 'month', 2)).toBe('2028-02-29T08:14')
    expect(putInWall(NOW, 'day', 31)).toBe('2026-11-30T08:14')
  })
  it('carries over when stepped', () => {
    expect(stepWall('2026-12-31T23:59', 'minute', 1)).toBe('2027-01-01T00:00')
    expect(stepWall('2026-03-01T00:30', 'hour', -1)).toBe('2026-02-28T23:30')
    expect(stepWall('2026-01-31T00:30', 'month', -1)).toBe('2025-12-31T00:30')
    expect(stepWall('2028-02-29T00:30', 'year', 1)).toBe('2029-02-28T00:30')
  })
  it('is no time when it is none', () => expect([parseWall(''), parseWall('yesterday')]).toEqual([undefined, undefined]))
})

const wall = fc.date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 16))

test.prop([wall, fc.constantFrom('day', 'hour', 'minute'), fc.constantFrom(1, -1)])('a step and back is where it was', (text, part, step) => {
  expect(stepWall(stepWall(text, part as 'day', step as 1), part as 'day', -step as 1)).toBe(text)
})

test.prop([wall, fc.constantFrom(...PARTS), fc.integer({ min: -5, max: 10_000 })])('whatever is typed, it stays a time or is refused', (text, part, value) => {
  const put = putInWall(text, part, value)
  if (put !== undefined) expect(new Date(`${put}Z`).toISOString().slice(0, 16)).toBe(put)
})
