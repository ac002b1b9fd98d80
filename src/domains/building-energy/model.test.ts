import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityOf, property } from '../../../test/entity-of.ts'
import { checkFoldLaws } from '../../../test/fold-laws.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { BUILDING_ENERGY } from './model.ts'
import type { EnergyReading } from './read.ts'

const { fold } = BUILDING_ENERGY
const CONTEXT = { timeZone: 'Europe/Zurich' }
const observedAt = '2024-02-02T10:00:00Z'
const MINUTE_MS = 60_000

function readingOf(values: { activePower?: number; energyImport?: number }, atMs = 0): EnergyReading {
  return { entityId: 'm', entityType: 'ThreePhaseAcMeasurement', observedAtMs: atMs as EpochMs, values, warnings: [] }
}

const foldAll = (readings: readonly EnergyReading[]): number | undefined => fold.value(readings.reduce((acc, reading) => fold.add(acc, reading), fold.empty))

const option = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary, { nil: undefined })

describe('mean power of a window', () => {
  it('is the mean of the samples', () => {
    expect(foldAll([readingOf({ activePower: 8 }), readingOf({ activePower: 10 })])).toBe(9)
  })

  it('comes from the ends of a register, in whatever order they arrive', () => {
    const [early, middle, late] = [0, 5, 15].map((minute) => readingOf({ energyImport: 1_000 + minute * 0.2 }, minute * MINUTE_MS))
    expect(foldAll([late!, early!, middle!])).toBeCloseTo(12, 9)
  })

  it('is absent with one register reading, or when the register was reset', () => {
    expect(foldAll([readingOf({ energyImport: 1_000 })])).toBeUndefined()
    expect(foldAll([readingOf({ energyImport: 1_000 }), readingOf({ energyImport: 2 }, MINUTE_MS)])).toBeUndefined()
  })

  it('keeps the laws of a fold', () => {
    const reading = fc
      .record({ power: option(fc.double({ min: -50, max: 500, noNaN: true })), register: option(fc.double({ min: 0, max: 1e6, noNaN: true })), atMs: fc.nat(900_000) })
      .map(({ power, register, atMs }) => readingOf({ ...(power === undefined ? {} : { activePower: power }), ...(register === undefined ? {} : { energyImport: register }) }, atMs))
    checkFoldLaws(fold, reading)
    expect(fold.value(fold.empty)).toBeUndefined()
  })
})

const phases = (value: Record<string, number>) => entityOf('ThreePhaseAcMeasurement', { activePower: property(value, { observedAt }) })

describe('reading building energy', () => {
  it('reads watts and a cumulative register', () => {
    const entity = entityOf('ThreePhaseAcMeasurement', {
      totalActivePower: property(8720, { unitCode: 'WTT', observedAt }),
      totalActiveEnergyImport: property(150_781.4, { unitCode: 'KWH', observedAt }),
      dateEnergyMeteringStarted: property({ '@type': 'DateTime', '@value': '2018-07-07T15:05:59.408Z' }),
    })
    expect(BUILDING_ENERGY.read(entity, CONTEXT)).toMatchObject({ value: { values: { activePower: 8.72, energyImport: 150_781.4 }, observedAtMs: Date.parse(observedAt), warnings: [] } })
  })

  it('takes a bare number for watts, as the model says', () => {
    expect(BUILDING_ENERGY.read(entityOf('ACMeasurement', { activePower: property(2400, { observedAt }) }), CONTEXT)).toMatchObject({ value: { values: { activePower: 2.4 } } })
  })

  it('adds up three phases when no total comes, and never two of them', () => {
    expect(BUILDING_ENERGY.read(phases({ L1: 1_000, L2: 2_000, L3: 3_000 }), CONTEXT)).toMatchObject({ value: { values: { activePower: 6 }, warnings: [{ kind: 'summed' }] } })
    expect(BUILDING_ENERGY.read(phases({ L1: 1_000, L2: 2_000 }), CONTEXT)).toMatchObject({ error: { kind: 'no-value', path: 'activePower' } })
  })

  it('reads circuits by label', () => {
    const circuits = [
      { circuitLabel: 'lighting', activePower: 400 },
      { circuitLabel: 'kitchen', activePower: 1_600 },
    ]
    const read = BUILDING_ENERGY.read(entityOf('ThreePhaseMultiCircuitAcMeasurement', { currentCircuit: property(circuits, { observedAt }) }), CONTEXT)
    expect(read).toMatchObject({ value: { values: { activePower: 2 } } })
    expect(read.ok && read.value.circuitsKW).toEqual(new Map([['lighting', 0.4], ['kitchen', 1.6]]))
  })

  it('names a unit it does not know', () => {
    expect(BUILDING_ENERGY.read(entityOf('ACMeasurement', { activePower: property(3, { unitCode: 'BHP', observedAt }) }), CONTEXT)).toEqual({
      ok: false,
      error: { kind: 'unknown-unit', path: 'activePower.unitCode', expected: 'a UN/CEFACT code of a power, such as WTT', got: '"BHP"' },
    })
  })
})
