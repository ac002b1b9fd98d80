import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { FRESHNESS, freshnessCode } from '../core/time/freshness.ts'
import type { ColourScale } from './class-colours.ts'
import { PALETTES, rgbOf } from './map-palette.ts'
import { INKS } from './sensor-glyph-layer.ts'
import { createSensorMarks, DEFAULT_RADIUS_PX, inkOf, type SensorMarks, type SensorRows } from './sensor-layers.ts'

const SCALE: ColourScale = {
  boundary: 'lower-inclusive',
  classes: [
    { from: Number.NEGATIVE_INFINITY, day: '#010203', night: '#111213' },
    { from: 50, day: '#040506', night: '#141516' },
  ],
}
const DAY = { theme: 'day', ownsColour: true } as const
const FRESH = freshnessCode('fresh')

function rowsOf(sensors: readonly { at?: readonly [number, number]; value?: number; freshness?: number }[]): SensorRows {
  return {
    count: sensors.length,
    positions: Float32Array.from(sensors.flatMap(({ at }) => at ?? [Number.NaN, Number.NaN])),
    values: Float32Array.from(sensors, ({ value }) => value ?? Number.NaN),
    freshness: Uint8Array.from(sensors, ({ freshness }) => freshness ?? FRESH),
  }
}

function markAt({ attributes }: SensorMarks, mark: number): { colour: number[]; ink: string; row: number } {
  const bytes = attributes.getFillColor.value
  return { colour: Array.from(bytes.subarray(4 * mark, 4 * mark + 3)), ink: INKS[bytes[4 * mark + 3]!]!, row: attributes.rowIndexes.value[mark]! }
}

describe('marks of sensors', () => {
  it('have the colour of their class and the ink of their age', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE })(
      rowsOf([
        { at: [1, 2], value: 40 },
        { at: [1, 2], value: 60, freshness: freshnessCode('ageing') },
        { at: [1, 2], value: 60, freshness: freshnessCode('stale') },
      ]),
      DAY,
    )
    expect([0, 1, 2].map((mark) => markAt(marks, mark))).toEqual([
      { colour: [1, 2, 3], ink: 'fresh', row: 0 },
      { colour: [4, 5, 6], ink: 'ageing', row: 1 },
      { colour: [4, 5, 6], ink: 'stale', row: 2 },
    ])
  })

  it('show no class where nothing was measured, the sensor is lost or its clock is wrong', () => {
    const grey = [...rgbOf(PALETTES.day.stale)]
    const marks = createSensorMarks({ id: 'a', scale: SCALE })(
      rowsOf([
        { at: [1, 2] },
        { at: [1, 2], value: 60, freshness: freshnessCode('lost') },
        { at: [1, 2], value: 60, freshness: freshnessCode('clock-error') },
      ]),
      DAY,
    )
    expect([0, 1, 2].map((mark) => markAt(marks, mark))).toEqual([
      { colour: grey, ink: 'no-data', row: 0 },
      { colour: grey, ink: 'lost', row: 1 },
      { colour: grey, ink: 'clock-error', row: 2 },
    ])
  })

  it('leave out rows without a position and keep the row of each for picking', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE })(rowsOf([{ value: 1 }, { at: [1, 2], value: 1 }, { value: 1 }, { at: [3, 4], value: 60 }]), DAY)
    expect(marks.length).toBe(2)
    expect([...marks.attributes.getPosition.value]).toEqual([1, 2, 3, 4])
    expect([...marks.attributes.rowIndexes.value]).toEqual([1, 3])
    expect(markAt(marks, 1)).toEqual({ colour: [4, 5, 6], ink: 'fresh', row: 3 })
  })

  it('are grey ghosts while another layer owns colour', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE })(rowsOf([{ at: [1, 2], value: 60 }]), { theme: 'night', ownsColour: false })
    expect(markAt(marks, 0)).toEqual({ colour: [...rgbOf(PALETTES.night.stale)], ink: 'ghost', row: 0 })
  })

  it('have a size of their own only with a value that counts', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE, radiusPx: (value) => value / 10 })(
      rowsOf([{ at: [1, 2], value: 90 }, { at: [1, 2] }, { at: [1, 2], value: 90, freshness: freshnessCode('lost') }]),
      DAY,
    )
    expect([...marks.attributes.getRadius!.value]).toEqual([9, DEFAULT_RADIUS_PX, DEFAULT_RADIUS_PX])
  })

  it('send positions again only when one changed', () => {
    const marksOf = createSensorMarks({ id: 'a', scale: SCALE })
    const before = marksOf(rowsOf([{ at: [1, 2], value: 40 }, { at: [3, 4], value: 40 }]), DAY).attributes
    const recoloured = marksOf(rowsOf([{ at: [1, 2], value: 60 }, { at: [3, 4], value: 40 }]), DAY).attributes
    expect(recoloured.getPosition).toBe(before.getPosition)
    expect(recoloured.rowIndexes).toBe(before.rowIndexes)
    expect(recoloured.getFillColor).not.toBe(before.getFillColor)
    const moved = marksOf(rowsOf([{ at: [1, 2], value: 60 }, { at: [3, 5], value: 40 }]), DAY).attributes
    expect(moved.getPosition).not.toBe(recoloured.getPosition)
    expect(marksOf(rowsOf([{ at: [1, 2], value: 60 }]), DAY).attributes.getPosition.value.length).toBe(2)
  })

  it('are not made again for the same frame', () => {
    const marksOf = createSensorMarks({ id: 'a', scale: SCALE })
    const rows = rowsOf([{ at: [1, 2], value: 40 }])
    expect(marksOf(rows, DAY)).toBe(marksOf(rows, DAY))
    expect(marksOf(rows, { ...DAY, theme: 'night' })).not.toBe(marksOf(rows, DAY))
  })

  const anySensor = fc.record({
    at: fc.option(fc.tuple(fc.float({ noNaN: true, min: -180, max: 180 }), fc.float({ noNaN: true, min: -90, max: 90 })), { nil: undefined as never }),
    value: fc.float(),
    freshness: fc.nat(FRESHNESS.length - 1),
  })
  test.prop([fc.array(fc.array(anySensor, { maxLength: 20 }), { maxLength: 6 })])('after any frames before are those of a first frame', (frames) => {
    const kept = createSensorMarks({ id: 'a', scale: SCALE })
    for (const sensors of frames) {
      const marks = kept(rowsOf(sensors), DAY)
      const first = createSensorMarks({ id: 'a', scale: SCALE })(rowsOf(sensors), DAY)
      expect(marks).toEqual(first)
    }
  })
})

describe('ink', () => {
  it('is lost for a freshness it does not know', () => {
    expect(INKS[inkOf(50, 200)]).toBe('lost')
  })
  it('stays stale without a value: age comes first', () => {
    expect(INKS[inkOf(Number.NaN, freshnessCode('stale'))]).toBe('stale')
  })
})
