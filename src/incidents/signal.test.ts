import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { Condition } from './rule.ts'
import { isMet, OFF, stepSignal, type Signal } from './signal.ts'

const MINUTE = 60_000
const LIMIT: Condition = { kind: 'limit', side: 'above', limit: 100, deadBand: 10 }
const PROMPT = { onDelayMs: 0, offDelayMs: 0 }

function signalsOf(values: readonly (number | undefined)[], delays: { readonly onDelayMs: number; readonly offDelayMs: number }): readonly Signal[] {
  const signals = [OFF]
  values.forEach((value, minute) => {
    const before = signals.at(-1)!
    signals.push(stepSignal(before, isMet(LIMIT, { value, isLost: false }, before.isOn), minute * MINUTE, delays))
  })
  return signals
}

const changes = (signals: readonly Signal[]): number => signals.filter(({ isOn }, index) => index > 0 && isOn !== signals[index - 1]!.isOn).length

describe('a signal', () => {
  test.prop([fc.array(fc.double({ min: 90.01, max: 100, noNaN: true })), fc.boolean()])('that trembles inside the dead-band never changes', (values, isHigh) => {
    const first = isHigh ? 120 : 50
    expect(changes(signalsOf([first, ...values], PROMPT))).toBe(isHigh ? 1 : 0)
  })

  test.prop([fc.array(fc.option(fc.double({ min: 50, max: 150, noNaN: true }), { nil: undefined })), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })])('is on only after it was beyond the limit for the whole delay', (values, on, off) => {
    const signals = signalsOf(values, { onDelayMs: on * MINUTE, offDelayMs: off * MINUTE })
    signals.forEach(({ isOn }, index) => {
      if (index === 0 || isOn === signals[index - 1]!.isOn) return
      const length = isOn ? on : off
      const lasting = values.slice(index - 1 - length, index)
      expect(lasting).toHaveLength(length + 1)
      for (const value of lasting) expect(isOn ? value! > 100 : value! <= 90).toBe(true)
    })
  })

  test.prop([fc.array(fc.option(fc.double({ min: 50, max: 150, noNaN: true }), { nil: undefined }))])('is not moved by what is not known', (values) => {
    for (const signal of signalsOf(values, PROMPT)) expect(stepSignal(signal, undefined, 1e9, PROMPT).isOn).toBe(signal.isOn)
    expect(isMet(LIMIT, { value: NaN, isLost: true }, true)).toBeUndefined()
  })

  it('is outside the usual band on the side that was asked for', () => {
    const facts = (value: number) => ({ value, usual: { p10: 10, p90: 20 }, isLost: false })
    const of = (side: 'above' | 'below' | 'either'): Condition => ({ kind: 'usual', side, deadBand: 2 })
    expect([5, 15, 25].map((value) => isMet(of('either'), facts(value), false))).toEqual([true, false, true])
    expect([5, 15, 25].map((value) => isMet(of('above'), facts(value), false))).toEqual([false, false, true])
    expect([19, 17].map((value) => isMet(of('above'), facts(value), true))).toEqual([true, false])
    expect(isMet(of('either'), { value: 99, isLost: false }, false)).toBeUndefined()
  })

  it('follows how fast a value moves, in the direction that was asked for', () => {
    const rise: Condition = { kind: 'rate', side: 'rise', by: 5, overMs: MINUTE, deadBand: 1 }
    expect(isMet(rise, { value: 16, earlier: 10, isLost: false }, false)).toBe(true)
    expect(isMet(rise, { value: 4, earlier: 10, isLost: false }, false)).toBe(false)
    expect(isMet({ ...rise, side: 'fall' }, { value: 4, earlier: 10, isLost: false }, false)).toBe(true)
    expect(isMet(rise, { value: 16, isLost: false }, false)).toBeUndefined()
  })
})
