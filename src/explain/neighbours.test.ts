import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { distanceM, type LonLat } from '../core/geo/position.ts'
import { FRESHNESS, freshnessCode } from '../core/time/freshness.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import { layerOf } from '../../test/layer-in-hand.ts'
import { neighboursOf, verdictOf } from './neighbours.ts'

const RULE = { withinM: 400, agreeWithin: 2 }

interface Sensor {
  readonly position: LonLat
  readonly value: number
  readonly freshness?: number
}

function pictureOf(sensors: readonly Sensor[]): { readonly frame: Frame; readonly roster: Roster } {
  const { frame, roster } = layerOf(sensors.map(({ value, freshness = 0 }, index) => ({ name: `s${index}`, value, freshness })))
  return { frame: { ...frame, positions: Float32Array.from(sensors.flatMap(({ position }) => position)) }, roster }
}

const degrees = fc.double({ min: -0.01, max: 0.01, noNaN: true })
const sensor = fc.record({ position: fc.tuple(degrees, degrees), value: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constant(Number.NaN)), freshness: fc.integer({ min: 0, max: FRESHNESS.length - 1 }) })
const city = fc.array(sensor, { minLength: 1, maxLength: 20 })

describe('neighbours', () => {
  test.prop([city])('are near, ascending, and never the sensor itself', (sensors) => {
    const found = neighboursOf({ ...pictureOf(sensors), rule: RULE, row: 0 }) ?? []
    for (const [index, { row, distanceM: metres }] of found.entries()) {
      expect(row).not.toBe(0)
      expect(metres).toBeLessThanOrEqual(RULE.withinM)
      expect(metres).toBeGreaterThanOrEqual(found[index - 1]?.distanceM ?? 0)
      // Positions of a frame are of single precision.
      expect(metres).toBeCloseTo(distanceM(sensors[0]!.position, sensors[row]!.position), -1)
    }
  })

  test.prop([city])('are so to each other, and agree with each other', (sensors) => {
    const picture = pictureOf(sensors)
    for (const { row, agrees } of neighboursOf({ ...picture, rule: RULE, row: 0 }) ?? []) {
      expect(neighboursOf({ ...picture, rule: RULE, row })?.find((back) => back.row === 0)?.agrees).toBe(agrees)
    }
  })

  test.prop([city, fc.double({ min: 0, max: 800, noNaN: true })])('are not fewer in a wider circle', (sensors, withinM) => {
    const picture = pictureOf(sensors)
    const inside = (metres: number): number => neighboursOf({ ...picture, rule: { ...RULE, withinM: metres }, row: 0 })?.length ?? 0
    expect(inside(withinM)).toBeLessThanOrEqual(inside(withinM + 100))
  })

  it('that are old are compared with nobody, and compare with nobody', () => {
    const lost = freshnessCode('lost')
    const sensors: readonly Sensor[] = [{ position: [0, 0], value: 5 }, { position: [0, 0.001], value: 5, freshness: lost }]
    expect(neighboursOf({ ...pictureOf(sensors), rule: RULE, row: 0 })).toEqual([])
    expect(neighboursOf({ ...pictureOf(sensors), rule: RULE, row: 1 })).toBeUndefined()
  })
})

describe('the verdict', () => {
  it.each([
    [0, 0, 'none'],
    [1, 1, 'too-few'],
    [1, 0, 'too-few'],
    [2, 1, 'divided'],
    [3, 2, 'real'],
    [3, 1, 'doubtful'],
  ] as const)('of %i neighbours of which %i agree', (compared, agreeing, verdict) => {
    expect(verdictOf({ compared, agreeing })).toBe(verdict)
  })

  test.prop([fc.integer({ min: 2, max: 50 }), fc.nat(50)])('turns over when all change sides', (compared, some) => {
    const agreeing = Math.min(some, compared)
    const turned = { real: 'doubtful', doubtful: 'real', divided: 'divided' } as const
    const verdict = verdictOf({ compared, agreeing }) as keyof typeof turned
    expect(verdictOf({ compared, agreeing: compared - agreeing })).toBe(turned[verdict])
  })
})
