import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { MODELS } from './models.ts'
import { classOf } from './domain-model.ts'
import { againstLimit, offersView, resolutionOf, standingOf, viewLegend } from './standing.ts'

const USUAL = viewLegend(MODELS[0]!, 'usual')
const wordOf = (standing: number): string | undefined => USUAL.classes[classOf(USUAL, Math.fround(standing))]?.label

const band = fc
  .tuple(...[0, 1, 2].map(() => fc.double({ min: -1_000, max: 1_000, noNaN: true })))
  .map((values) => values.toSorted((a, b) => a - b) as [number, number, number])
  .map(([p10, median, p90]) => ({ p10, median, p90 }))
const value = fc.double({ min: -3_000, max: 3_000, noNaN: true })

describe('a standing against usual', () => {
  test.prop([band, value])('is usual from p10 to p90, ends included, and nowhere that is a digit away', (usual, one) => {
    const digit = 1e-3
    const expected = one >= usual.p10 && one <= usual.p90 ? /^usual$/ : one > usual.p90 + 10 * digit ? /above$/ : one < usual.p10 - 10 * digit ? /below$/ : /./
    expect(wordOf(standingOf(one, usual, digit))).toMatch(expected)
  })

  test.prop([band, value, value])('rises with the value', (usual, one, other) => {
    const [low, high] = one < other ? [one, other] : [other, one]
    expect(standingOf(low, usual, 1)).toBeLessThanOrEqual(standingOf(high, usual, 1))
  })

  it('forgives a constant place its last digit, and no more', () => {
    const constant = { p10: 60, median: 60, p90: 60 }
    expect([60, 60.4, 61, 61.6, 62, 62.5, 58.9, 57].map((level) => wordOf(standingOf(level, constant, 1)))).toEqual(['usual', 'usual', 'usual', 'above', 'above', 'far above', 'below', 'far below'])
  })

  it('is measured by the half of the band on its own side', () => {
    const leaning = { p10: 9, median: 10, p90: 30 }
    expect([8, 10, 20, 50].map((one) => standingOf(one, leaning, 0.1))).toEqual([-2, 0, 0.5, 2])
  })

  it('is none without a value or a band', () => {
    expect(standingOf(NaN, { p10: 0, median: 0, p90: 0 }, 1)).toBeNaN()
    expect(standingOf(60, undefined, 1)).toBeNaN()
    expect(classOf(USUAL, NaN)).toBe(-1)
  })
})

describe('against a limit', () => {
  const noise = MODELS.find(({ id }) => id === 'noise')!
  const school = MODELS.find(({ id }) => id === 'school-air')!

  it('levels say decibels above it, other values per cent of it', () => {
    expect(againstLimit(noise, 62)).toBe(7)
    expect(againstLimit(school, 1_500)).toBe(150)
  })

  it('a value at the limit is not above it', () => {
    const labelOf = (model: typeof noise, one: number): string | undefined => {
      const legend = viewLegend(model, 'limit')
      return legend.classes[classOf(legend, againstLimit(model, one))]?.label
    }
    expect(labelOf(noise, 55)).toBe('up to 10 below')
    expect(labelOf(noise, 55.1)).toBe('up to 5 above')
    expect(labelOf(school, 1_000)).toBe('up to the limit')
    expect(labelOf(school, 1_001)).toBe('above')
  })

  it.each(MODELS)('$id offers the view only with a limit, and a legend that names its document', (model) => {
    expect(offersView(model, 'limit')).toBe(model.limit !== undefined)
    expect(viewLegend(model, 'limit').source).toBe(model.limit?.source ?? model.legend.source)
    expect(Number.isNaN(againstLimit(model, 1))).toBe(model.limit === undefined)
  })
})

it.each(MODELS)('$id keeps its own legend in the view of values, and the same object for each other view', (model) => {
  expect(viewLegend(model, 'value')).toBe(model.legend)
  expect(viewLegend(model, 'usual')).toBe(viewLegend(model, 'usual'))
  expect(resolutionOf(model)).toBe(10 ** -model.measures.find(({ id }) => id === model.headline)!.decimals)
})
