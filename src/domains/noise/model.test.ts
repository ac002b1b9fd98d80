import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { classOf } from '../domain-model.ts'
import { LEGEND } from './legend.ts'
import { NOISE } from './model.ts'
import type { NoiseReading } from './read.ts'

const CONTEXT = { timeZone: 'Europe/Madrid' }

function readingOf(laeq: number, periodS?: number, atMs = 0): NoiseReading {
  return {
    entityId: 'urn:ngsi-ld:NoiseLevelObserved:1',
    entityType: 'NoiseLevelObserved',
    observedAtMs: atMs as EpochMs,
    ...(periodS === undefined ? {} : { periodMs: periodS * 1_000 }),
    values: { laeq },
    warnings: [],
  }
}
const { fold } = NOISE
const foldAll = (readings: readonly NoiseReading[]): number | undefined =>
  fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))

describe('the level of a window', () => {
  it('averages as energy: a minute at 60 and a minute at 70 dB(A) make 67.4', () => {
    expect(foldAll([readingOf(60, 60), readingOf(70, 60)])).toBeCloseTo(67.4036, 4)
  })

  it('weighs by time: 5 minutes at 80 in an hour at 50 make 69.26', () => {
    expect(foldAll([readingOf(80, 300), readingOf(50, 3_300)])).toBeCloseTo(69.2556991, 7)
  })

  it('counts levels alike when none says its interval', () => {
    expect(foldAll([readingOf(50), readingOf(70)])).toBeCloseTo(67.0329, 4)
  })

  it('does not count what cannot be', () => {
    expect(foldAll([readingOf(60, 60), { ...readingOf(400, 60), implausible: ['laeq'] }])).toBeCloseTo(60, 9)
  })

  const reading = fc
    .tuple(fc.double({ min: 20, max: 130, noNaN: true }), fc.option(fc.integer({ min: 1, max: 3_600 }), { nil: undefined }))
    .map(([level, periodS]) => readingOf(level, periodS))

  it('keeps the laws of a fold', () => {
    checkFoldLaws(fold, reading)
    expect(fold.value(fold.empty)).toBeUndefined()
  })

  test.prop([fc.array(reading, { minLength: 1, maxLength: 40 })])('lies between the lowest and the highest, and above the arithmetic mean', (readings) => {
    const level = foldAll(readings)!
    const levels = readings.map(({ values }) => values['laeq']!)
    expect(level).toBeGreaterThanOrEqual(Math.min(...levels) - 1e-9)
    expect(level).toBeLessThanOrEqual(Math.max(...levels) + 1e-9)
  })
})

describe('reading noise', () => {
  it('reads the example of the Smart Data Model', () => {
    const read = NOISE.read(
      entityOf('NoiseLevelObserved', {
        name: property('Vitoria 1'),
        LAeq: property(67.8),
        LAmax: property(94.5),
        LAS: property(91.6),
        LAeq_d: property(65.4),
        sonometerClass: property('1'),
        dateObservedFrom: property({ '@type': 'DateTime', '@value': '2016-12-28T11:00:00.00Z' }),
        dateObservedTo: property({ '@type': 'DateTime', '@value': '2016-12-28T12:00:00.00Z' }),
      }),
      CONTEXT,
    )
    expect(read).toEqual({
      ok: true,
      value: {
        entityId: 'urn:ngsi-ld:NoiseLevelObserved:test',
        entityType: 'NoiseLevelObserved',
        name: 'Vitoria 1',
        observedAtMs: Date.UTC(2016, 11, 28, 12),
        periodMs: 3_600_000,
        values: { laeq: 67.8, lamax: 94.5, las: 91.6, laeqDay: 65.4 },
        sonometerClass: '1',
        warnings: [],
      },
    })
  })

  it('reads NoisePollution, a class written out, and refuses what has no level', () => {
    const at = { dateObserved: property('2026-11-20T08:00:00Z') }
    expect(NOISE.read(entityOf('NoisePollution', { ...at, Laeq2: property(58) }), CONTEXT)).toMatchObject({ value: { values: { laeq: 58 }, warnings: [] } })
    expect(NOISE.read(entityOf('NoiseLevelObserved', { ...at, LAeq: property(58), sonometerClass: property('Class-1') }), CONTEXT)).toMatchObject({
      value: { sonometerClass: '1', warnings: [{ kind: 'enumVariant' }] },
    })
    expect(NOISE.read(entityOf('NoiseLevelObserved', { ...at, noiseIndex: property(3) }), CONTEXT)).toMatchObject({ error: { kind: 'no-value', path: 'LAeq' } })
  })
})

describe('the legend of noise', () => {
  it.each([
    [20, 'under 35'],
    [34.99, 'under 35'],
    [35, '35 to 40'],
    [64.9, '60 to 65'],
    [65, '65 to 70'],
    [95, '80 and more'],
  ])('puts %d dB(A) into "%s"', (level, label) => {
    expect(LEGEND.classes[classOf(LEGEND, level)]!.label).toBe(label)
  })
})
