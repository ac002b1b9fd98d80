import { fc, test } from '@fast-check/vitest'
import { expect, test as plain } from 'vitest'
import { pixelsOf } from './cross-fade.ts'
import { fanOut } from './fan-out.ts'
import { metresBetween } from './ground.ts'

const PORTO = [-8.61, 41.15] as const
const rowsAt = (places: readonly (readonly [number, number])[]) => ({ count: places.length, positions: Float32Array.from(places.flat()) })

plain('a sensor that stands alone has no fan, nor has one without a position', () => {
  expect(fanOut(rowsAt([PORTO, [-8.5, 41.15]]), 0, { zoom: 14 })).toEqual([])
  expect(fanOut(rowsAt([[NaN, NaN], PORTO]), 0, { zoom: 14 })).toEqual([])
  expect(fanOut(rowsAt([PORTO]), -1, { zoom: 14 })).toEqual([])
})

plain('what is apart close up stands together far out', () => {
  // 80 m to the east: 17 pixels at zoom 14, one at zoom 10.
  const rows = rowsAt([PORTO, [PORTO[0] + 0.00095, PORTO[1]]])
  expect(fanOut(rows, 0, { zoom: 14 })).toEqual([])
  expect(fanOut(rows, 0, { zoom: 10 }).map(({ row }) => row)).toEqual([1])
})

test.prop({ others: fc.integer({ min: 1, max: 12 }), selected: fc.nat({ max: 12 }), zoom: fc.double({ min: 9, max: 18, noNaN: true }) })(
  'all others at one place come out once, clear of the selected one and of each other',
  ({ others, selected, zoom }) => {
    const rows = rowsAt(Array.from({ length: others + 1 }, () => PORTO))
    const row = selected % (others + 1)
    const fan = fanOut(rows, row, { zoom })
    expect(fan.map((one) => one.row).toSorted((a, b) => a - b)).toEqual(Array.from({ length: others + 1 }, (_, at) => at).filter((at) => at !== row))
    const apartPx = (a: readonly [number, number], b: readonly [number, number]): number => metresBetween(a, b) * pixelsOf(1, [...PORTO], zoom)
    for (const [at, { position }] of fan.entries()) {
      expect(apartPx(PORTO, position)).toBeGreaterThan(20)
      for (const other of fan.slice(at + 1)) expect(apartPx(position, other.position)).toBeGreaterThan(18)
    }
  },
)
