import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../configuration/city-plan.ts'
import { cellRadiusFor } from './cell-radius.ts'
import { everyWords, simulatedWords, splitQuantity, stepsOf } from './layer-facts.ts'

function plan(...simulated: readonly boolean[]): CityPlan {
  return { brokers: simulated.map((one, index) => ({ id: String(index), name: `B${index}`, simulated: one })) } as unknown as CityPlan
}

describe('layers in words', () => {
  it.each([
    [60_000, 'every minute'],
    [900_000, 'every 15 min'],
    [3_600_000, 'every hour'],
    [7_200_000, 'every 2 h'],
    [90_000, 'every 90 s'],
    [86_400_000, 'every day'],
  ])('%i ms is %s', (ms, words) => expect(everyWords(ms).replaceAll('\u00A0', ' ')).toBe(words))

  it('parts number and unit at the no-break space', () => {
    expect(splitQuantity('61\u00A0dB(A)')).toEqual({ figure: '61', unit: 'dB(A)' })
    expect(splitQuantity('Very poor')).toEqual({ figure: 'Very poor', unit: '' })
  })

  it('puts a class of words at the middle of its bounds', () => {
    const classes = [-Infinity, 1.5, 2.5].map((from) => ({ from, label: `from ${from}`, day: '', night: '' }))
    expect(stepsOf({ title: '', statistic: '', unit: '', classes, boundary: 'lower-inclusive', limits: [], source: '' }).map(({ value }) => value)).toEqual([1, 2, 3])
  })

  it('says simulated only of simulated brokers, by name when others are real', () => {
    expect(simulatedWords(plan(false))).toBeUndefined()
    expect(simulatedWords(plan(true, true))).toBe('simulated')
    expect(simulatedWords(plan(false, true))).toBe('partly simulated: B1')
  })
})

describe('cells', () => {
  it('are 500 m where they can be seen, and double far out', () => {
    expect(cellRadiusFor((radiusM) => radiusM / 10)).toBe(500)
    expect(cellRadiusFor((radiusM) => radiusM / 100)).toBe(2_000)
    expect(cellRadiusFor(() => 0)).toBe(32_000)
  })
})
