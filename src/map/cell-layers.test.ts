import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type CellRows, createCellTiles } from './cell-layers.ts'
import type { ColourScale } from './class-colours.ts'

const SCALE: ColourScale = {
  boundary: 'lower-inclusive',
  classes: [
    { from: Number.NEGATIVE_INFINITY, day: '#010203', night: '#111213' },
    { from: 50, day: '#040506', night: '#141516' },
  ],
}
const DAY = { theme: 'day', ownsColour: true } as const

function cellsOf(cells: readonly (readonly [lon: number, lat: number, value: number])[]): CellRows {
  return { radiusM: 500, count: cells.length, centres: Float32Array.from(cells.flatMap(([lon, lat]) => [lon, lat])), values: Float32Array.from(cells, ([, , value]) => value) }
}

describe('tiles of cells', () => {
  it('have the colour of their class, and say when nothing was measured', () => {
    const { length, attributes } = createCellTiles({ id: 'a', scale: SCALE })(cellsOf([[1, 2, 40], [3, 4, 50], [5, 6, Number.NaN]]), DAY)
    expect(length).toBe(3)
    expect(Array.from(attributes.getFillColor.value.subarray(0, 8))).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
    expect(attributes.getFillColor.value[11]).toBe(0)
  })

  it('keep the colour of what was measured and is none for their edge', () => {
    const scale: ColourScale = { ...SCALE, classes: [{ ...SCALE.classes[0]!, isClear: true }, SCALE.classes[1]!] }
    const { attributes } = createCellTiles({ id: 'a', scale })(cellsOf([[1, 2, 0], [3, 4, 50], [5, 6, Number.NaN]]), DAY)
    expect(Array.from(attributes.getFillColor.value.subarray(0, 8))).toEqual([1, 2, 3, 128, 4, 5, 6, 255])
    expect(attributes.getFillColor.value[11]).toBe(0)
  })

  it('send centres again only when one changed', () => {
    const tilesOf = createCellTiles({ id: 'a', scale: SCALE })
    const before = tilesOf(cellsOf([[1, 2, 40]]), DAY).attributes
    expect(tilesOf(cellsOf([[1, 2, 60]]), DAY).attributes.getPosition).toBe(before.getPosition)
    expect(tilesOf(cellsOf([[1, 3, 60]]), DAY).attributes.getPosition).not.toBe(before.getPosition)
  })

  // −0° is where 0° is and is not sent again, but `toEqual` tells them apart.
  const degrees = (most: number): fc.Arbitrary<number> => fc.float({ noNaN: true, min: -most, max: most }).map((value) => value + 0)
  const anyCell = fc.tuple(degrees(180), degrees(90), fc.float())
  test.prop([fc.array(fc.array(anyCell, { maxLength: 20 }), { maxLength: 6 })])('after any frames before are those of a first frame', (frames) => {
    const kept = createCellTiles({ id: 'a', scale: SCALE })
    for (const cells of frames) expect(kept(cellsOf(cells), DAY)).toEqual(createCellTiles({ id: 'a', scale: SCALE })(cellsOf(cells), DAY))
  })
})
