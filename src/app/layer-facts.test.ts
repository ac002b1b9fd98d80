import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../configuration/city-plan.ts'
import { cellRadiusFor } from './cell-radius.ts'
import { everyWords, marksOf, briefStatistic, otherWords, sensorWords, simulatedWords, splitQuantity, stepsOf, titleOf } from './layer-facts.ts'

/** As much of a plan as the words are made from. */
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

  it('says when a value ages in times, not in intervals', () => {
    const meanings = (ms: number): readonly string[] => marksOf(ms).map(({ meaning }) => meaning.replaceAll('\u00A0', ' '))
    expect(meanings(60_000)).toEqual(['', 'over 75 s', 'over 2 min', 'over 6 min', 'stamped ahead'])
    expect(meanings(900_000)).toEqual(['', 'over 18 min 45 s', 'over 30 min', 'over 1 h 30 min', 'stamped ahead'])
    expect(meanings(86_400_000)).toEqual(['', 'over 1 d', 'over 1 d', 'over 1 d', 'stamped ahead'])
  })

  it('counts as silent only those that could give the value', () => {
    expect(sensorWords({ reporting: 54, known: 77, other: 23 })).toBe('54/54 sensors')
    expect(sensorWords({ reporting: 95, known: 100, other: 0 })).toBe('95/100 sensors')
    expect(sensorWords({ reporting: 0, known: 1, other: 1 })).toBe('')
    expect(sensorWords({ reporting: 1, known: 1, other: 0 })).toBe('1/1 sensor')
    expect(briefStatistic('LAeq over 15 min, energetic mean of sensors')).toBe('LAeq over 15 min')
    expect(briefStatistic('EAQI, worst pollutant of means over 1 h')).toBe('EAQI, worst pollutant of means over 1 h')
    expect([0, 1, 23].map((other) => otherWords({ other }))).toEqual(['', '1 gives another measure', '23 give another measure'])
  })

  it('parts number and unit at the no-break space', () => {
    expect(splitQuantity('61\u00A0dB(A)')).toEqual({ figure: '61', unit: 'dB(A)' })
    expect(splitQuantity('1\u00A0481\u00A0/h')).toEqual({ figure: '1\u00A0481', unit: '/h' })
    expect(splitQuantity('1\u00A0481')).toEqual({ figure: '1\u00A0481', unit: '' })
    expect(splitQuantity('Very poor')).toEqual({ figure: 'Very poor', unit: '' })
  })

  it('puts a class of words at the middle of its bounds', () => {
    const classes = [-Infinity, 1.5, 2.5].map((from) => ({ from, label: `from ${from}`, day: '', night: '' }))
    expect(stepsOf({ title: '', statistic: '', unit: '', classes, boundary: 'lower-inclusive', limits: [], source: { document: '', confirmed: true } }).map(({ value }) => value)).toEqual([1, 2, 3])
  })

  it('says simulated only of simulated brokers, by name when others are real', () => {
    expect(simulatedWords(plan(false))).toBeUndefined()
    expect(simulatedWords(plan(true, true))).toBe('simulated')
    expect(simulatedWords(plan(false, true))).toBe('partly simulated: B1')
  })
})

it('titles the page with city, layer, state and that it is made up', () => {
  expect(titleOf({ plan: { ...plan(true), name: 'Porto' }, layer: 'Noise', state: 'live' })).toBe('Porto, Noise (live, simulated) · Belvedere')
  expect(titleOf({ plan: { ...plan(false), name: 'Porto' }, layer: undefined, state: 'retrying' })).toBe('Porto (retrying) · Belvedere')
})

describe('cells', () => {
  it('are 500 m where they can be seen, and double far out', () => {
    expect(cellRadiusFor((radiusM) => radiusM / 10)).toBe(500)
    expect(cellRadiusFor((radiusM) => radiusM / 100)).toBe(2_000)
    expect(cellRadiusFor(() => 0)).toBe(32_000)
  })
})
