import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant, parseIso } from './instant.ts'

describe('parseIso', () => {
  it.each([
    ['2026-11-20T08:14:05Z', Date.UTC(2026, 10, 20, 8, 14, 5)],
    ['2026-11-20T08:14:05.123Z', Date.UTC(2026, 10, 20, 8, 14, 5, 123)],
    ['2026-11-20T08:14:05.141999Z', Date.UTC(2026, 10, 20, 8, 14, 5, 141)],
    ['2020-03-17T08:45:00.00Z', Date.UTC(2020, 2, 17, 8, 45)],
    ['2026-11-20T08:14Z', Date.UTC(2026, 10, 20, 8, 14)],
    ['2026-11-20 08:14:05+00:00', Date.UTC(2026, 10, 20, 8, 14, 5)],
    ['2026-11-20T08:14:05+05:30', Date.UTC(2026, 10, 20, 2, 44, 5)],
    ['2026-11-20T08:14:05-0330', Date.UTC(2026, 10, 20, 11, 44, 5)],
    ['2026-12-31T24:00:00Z', Date.UTC(2027, 0, 1)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('reads %s', (text, ms) => {
    expect(parseInstant(text)).toBe(ms)
  })

  it.each(['yesterday', '2020-03-17TT08:45:00Z', '2023-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-11-20T25:00:00Z', '20261120T081405Z', ''])(
    'refuses %j',
    (text) => {
      expect(parseIso(text)).toBeUndefined()
    },
  )

  it('tells a zoneless time from an instant, and does not guess', () => {
    expect(parseIso('2026-11-20T08:14:05')).toEqual({ kind: 'zoneless', wallMs: Date.UTC(2026, 10, 20, 8, 14, 5) })
    expect(parseInstant('2026-11-20T08:14:05')).toBeUndefined()
  })

  test.prop([fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })])(
    'reads back what formatInstant writes',
    (date) => {
      expect(parseInstant(formatInstant(date.getTime()))).toBe(date.getTime())
    },
  )

  test.prop([fc.string()])('never throws', (text) => {
    parseIso(text)
  })
})
