import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { FRESHNESS, freshnessCode } from '../core/time/freshness.ts'
import type { ColourScale } from './class-colours.ts'
import { PALETTES, rgbOf } from './map-palette.ts'
import { createInstanceBuffers } from './instance-buffers.ts'
import type { InstanceColumn, InstanceRows } from './instance-rows.ts'
import { fakeDevice, heldBy } from '../../test/fake-device.ts'
import { INKS, NO_MARK } from './sensor-glyph-layer.ts'
import { createSensorMarks, DEFAULT_RADIUS_PX, inkOf, type SensorRows } from './sensor-marks.ts'

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

function columnOf(marks: InstanceRows, accessor: InstanceColumn['accessor']): InstanceColumn {
  return marks.columns.find((column) => column.accessor === accessor)!
}

function markAt(marks: InstanceRows, row: number): { colour: number[]; ink: string | undefined } {
  const bytes = columnOf(marks, 'getFillColor').values
  return { colour: Array.from(bytes.subarray(4 * row, 4 * row + 3)), ink: INKS[bytes[4 * row + 3]!] }
}

function changedIn(marks: InstanceRows): Record<string, number[]> {
  return Object.fromEntries(marks.columns.map(({ accessor, changed }) => [accessor, [...changed]]))
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
      { colour: [1, 2, 3], ink: 'fresh' },
      { colour: [4, 5, 6], ink: 'ageing' },
      { colour: [4, 5, 6], ink: 'stale' },
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
      { colour: grey, ink: 'no-data' },
      { colour: grey, ink: 'lost' },
      { colour: grey, ink: 'clock-error' },
    ])
  })

  it('keep the row of a sensor without a position, and draw none', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE })(rowsOf([{ value: 1 }, { at: [1, 2], value: 1 }, { value: 1 }, { at: [3, 4], value: 60 }]), DAY)
    expect(marks.length).toBe(4)
    expect([0, 1, 2, 3].map((row) => columnOf(marks, 'getFillColor').values[4 * row + 3] === NO_MARK)).toEqual([true, false, true, false])
    expect(Array.from(columnOf(marks, 'getPosition').values.subarray(6, 8))).toEqual([3, 4])
    expect(markAt(marks, 3)).toEqual({ colour: [4, 5, 6], ink: 'fresh' })
  })

  it('are grey ghosts while another layer owns colour', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE })(rowsOf([{ at: [1, 2], value: 60 }]), { theme: 'night', ownsColour: false })
    expect(markAt(marks, 0)).toEqual({ colour: [...rgbOf(PALETTES.night.stale)], ink: 'ghost' })
  })

  it('have a size of their own only with a value that counts', () => {
    const marks = createSensorMarks({ id: 'a', scale: SCALE, radiusPx: (value) => value / 10 })(
      rowsOf([{ at: [1, 2], value: 90 }, { at: [1, 2] }, { at: [1, 2], value: 90, freshness: freshnessCode('lost') }]),
      DAY,
    )
    expect(Array.from(columnOf(marks, 'getRadius').values.subarray(0, 3))).toEqual([9, DEFAULT_RADIUS_PX, DEFAULT_RADIUS_PX])
  })

  it('change only where a sensor does: its colour, its place, nothing else', () => {
    const marksOf = createSensorMarks({ id: 'a', scale: SCALE })
    marksOf(rowsOf([{ at: [1, 2], value: 40 }, { at: [3, 4], value: 40 }]), DAY)
    expect(changedIn(marksOf(rowsOf([{ at: [1, 2], value: 40 }, { at: [3, 4], value: 60 }]), DAY))).toEqual({ getPosition: [], getFillColor: [1, 2] })
    expect(changedIn(marksOf(rowsOf([{ at: [1, 3], value: 40 }, { at: [3, 4], value: 60 }]), DAY))).toEqual({ getPosition: [0, 1], getFillColor: [] })
  })

  it('are the same state when a value moved within its class', () => {
    const marksOf = createSensorMarks({ id: 'a', scale: SCALE })
    expect(marksOf(rowsOf([{ at: [1, 2], value: 41 }]), DAY)).toBe(marksOf(rowsOf([{ at: [1, 2], value: 40 }]), DAY))
  })

  it('are coloured anew in another theme, once', () => {
    const marksOf = createSensorMarks({ id: 'a', scale: SCALE })
    const rows = rowsOf([{ at: [1, 2], value: 40 }, { at: [3, 4], value: 60 }])
    marksOf(rows, DAY)
    const night = marksOf(rows, { ...DAY, theme: 'night' })
    expect(changedIn(night)).toEqual({ getPosition: [], getFillColor: [0, 2] })
    expect(marksOf(rows, { ...DAY, theme: 'night' })).toBe(night)
  })

  it('look only at the rows a frame names, when it follows the one that was read', () => {
    const marksOf = createSensorMarks({ id: 'a', scale: SCALE })
    const roster = {}
    const at = { at: [1, 2] } as const
    marksOf({ ...rowsOf([{ ...at, value: 40 }, { ...at, value: 40 }]), sequence: 7 }, { ...DAY, roster })
    const named = { ...rowsOf([{ ...at, value: 60 }, { ...at, value: 60 }]), sequence: 8, changedRows: { sinceSequence: 7, spans: Uint32Array.of(1, 2) } }
    expect(changedIn(marksOf(named, { ...DAY, roster }))['getFillColor']).toEqual([1, 2])
    // Another frame came between, or the rows are those of another roster: then all are looked at.
    expect(changedIn(marksOf({ ...named, sequence: 10, changedRows: { sinceSequence: 9, spans: Uint32Array.of() } }, { ...DAY, roster }))['getFillColor']).toEqual([0, 1])
    const renamed = { ...rowsOf([{ ...at, value: 40 }, { ...at, value: 60 }]), sequence: 11, changedRows: { sinceSequence: 10, spans: Uint32Array.of() } }
    expect(changedIn(marksOf(renamed, { ...DAY, roster: {} }))['getFillColor']).toEqual([0, 1])
  })

  const anySensor = fc.record({
    at: fc.option(fc.tuple(fc.float({ noNaN: true, min: -180, max: 180 }), fc.float({ noNaN: true, min: -90, max: 90 })), { nil: undefined as never }),
    value: fc.float(),
    freshness: fc.nat(FRESHNESS.length - 1),
  })
  const anyFrame = fc.record({ sensors: fc.array(anySensor, { maxLength: 150 }), theme: fc.constantFrom('day' as const, 'night' as const), ownsColour: fc.boolean(), isTaken: fc.boolean() })
  test.prop([fc.array(anyFrame, { maxLength: 6 })])('on the GPU, after any frames before, are those of a first frame', (frames) => {
    const look = { id: 'a', scale: SCALE, radiusPx: (value: number) => value / 10 }
    const marksOf = createSensorMarks(look)
    const device = fakeDevice()
    const buffers = createInstanceBuffers(device)
    for (const { sensors, theme, ownsColour, isTaken } of frames) {
      const marks = marksOf(rowsOf(sensors), { theme, ownsColour })
      // A layer may miss states, as one of a lost context does.
      if (!isTaken) continue
      const { attributes, length } = buffers.sync(marks)
      expect(length).toBe(sensors.length)
      const first = createSensorMarks(look)(rowsOf(sensors), { theme, ownsColour })
      for (const { accessor, size, values } of first.columns) {
        const held = heldBy(attributes[accessor]!.buffer, values)
        for (const [row, { at }] of sensors.entries()) {
          // Where a sensor without a position last stood does not matter: it is not drawn.
          if (accessor !== 'getPosition' || at !== undefined) expect(held.subarray(row * size, (row + 1) * size).join()).toBe(values.subarray(row * size, (row + 1) * size).join())
        }
      }
    }
    buffers.destroy()
    expect(device.alive()).toBe(0)
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
