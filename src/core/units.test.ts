import { describe, expect, it } from 'vitest'
import { convert } from './units.ts'

describe('convert', () => {
  // UN/CEFACT Rec. 20 conversion factors.
  it.each([
    [61.2, '2N', 'sound-level', 61.2],
    [0.5, 'GP', 'mass-concentration', 500],
    [12, 'GQ', 'mass-concentration', 12],
    [850, '59', 'mole-fraction', 850],
    [40, '61', 'mole-fraction', 0.04],
    [293.15, 'KEL', 'temperature', 20],
    [68, 'FAH', 'temperature', 20],
    [54, 'P1', 'fraction', 0.54],
    [1500, 'WTT', 'power', 1.5],
    [2500, 'WHR', 'energy', 2.5],
    [10, 'MTS', 'speed', 36],
    [3, 'MMT', 'precipitation', 3],
    [3, 'MMT', 'length', 0.003],
  ] as const)('reads %d %s as a %s of %d', (value, code, quantity, expected) => {
    const result = convert(value, code, quantity)
    expect(result.ok && result.value).toBeCloseTo(expected, 9)
  })

  it('does not guess an unknown code', () => {
    expect(convert(1, '2N1', 'sound-level')).toEqual({ ok: false, error: { kind: 'unknown-unit', unitCode: '2N1', expected: 'sound-level' } })
    expect(convert(1, 'constructor', 'count')).toMatchObject({ ok: false, error: { kind: 'unknown-unit' } })
  })

  it('says when a code measures something else', () => {
    expect(convert(1, 'CEL', 'power')).toEqual({ ok: false, error: { kind: 'wrong-quantity', unitCode: 'CEL', expected: 'power' } })
  })
})
