import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type CellRows, createCellTiles } from './cell-tiles.ts'
import type { ColourScale } from './class-colours.ts'
import { fakeDevice, heldBy } from '../../test/fake-device.ts'
import { createInstanceBuffers } from './instance-buffers.ts'
import type { InstanceRows } from './instance-rows.ts'

const SCALE: ColourScale = {
  boundary: 'lower-inclusive',
  classes: [
    { from: Number.NEGATIVE_INFINITY, day: '#010203', night: '#111213' },
    { from: 50, day: '#040506', night: '#141516' },
  ],
}
function fillsOf(tiles: InstanceRows): number[] {
  return [...tiles.columns.find(({ accessor }) => accessor === 'getFillColor')!.values]
}

const DAY = { theme: 'day', ownsColour: true } as const

function cellsOf(cells: readonly (readonly [lon: number, lat: number, value: number])[]): CellRows {
  return { radiusM: 500, count: cells.length, centres: Float32Array.from(cells.flatMap(([lon, lat]) => [lon, lat])), values: Float32Array.from(cells, ([, , value]) => value) }
}

describe('tiles of cells', () => {
  it('have the colour of their class, and say when nothing was measured', () => {
    const tiles = createCellTiles({ id: 'a', scale: SCALE })(cellsOf([[1, 2, 40], [3, 4, 50], [5, 6, Number.NaN]]), DAY)
    expect(tiles.length).toBe(3)
    expect(fillsOf(tiles).slice(0, 8)).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
    expect(fillsOf(tiles)[11]).toBe(0)
  })

  it('keep the colour of what was measured and is none for their edge', () => {
    const scale: ColourScale = { ...SCALE, classes: [{ ...SCALE.classes[0]!, isClear: true }, SCALE.classes[1]!] }
    const tiles = createCellTiles({ id: 'a', scale })(cellsOf([[1, 2, 0], [3, 4, 50], [5, 6, Number.NaN]]), DAY)
    expect(fillsOf(tiles).slice(0, 8)).toEqual([1, 2, 3, 128, 4, 5, 6, 255])
    expect(fillsOf(tiles)[11]).toBe(0)
  })

  it('change only where a cell does', () => {
    const tilesOf = createCellTiles({ id: 'a', scale: SCALE })
    const changedIn = (cells: CellRows): number[][] => tilesOf(cells, DAY).columns.map(({ changed }) => [...changed])
    tilesOf(cellsOf([[1, 2, 40], [3, 4, 40]]), DAY)
    expect(changedIn(cellsOf([[1, 2, 40], [3, 4, 60]]))).toEqual([[], [1, 2]])
    expect(changedIn(cellsOf([[1, 3, 40], [3, 4, 60]]))).toEqual([[0, 1], []])
  })

  // −0° is where 0° is and is not sent again, but `toEqual` tells them apart.
  const degrees = (most: number): fc.Arbitrary<number> => fc.float({ noNaN: true, min: -most, max: most }).map((value) => value + 0)
  const anyCell = fc.tuple(degrees(180), degrees(90), fc.float())
  test.prop([fc.array(fc.array(anyCell, { maxLength: 150 }), { maxLength: 6 })])('on the GPU, after any frames before, are those of a first frame', (frames) => {
    const tilesOf = createCellTiles({ id: 'a', scale: SCALE })
    const device = fakeDevice()
    const buffers = createInstanceBuffers(device)
    for (const cells of frames) {
      const { attributes, length } = buffers.sync(tilesOf(cellsOf(cells), DAY))
      expect(length).toBe(cells.length)
      for (const { accessor, size, values } of createCellTiles({ id: 'a', scale: SCALE })(cellsOf(cells), DAY).columns) {
        const used = cells.length * size
        expect(heldBy(attributes[accessor]!.buffer, values).subarray(0, used).join()).toBe(values.subarray(0, used).join())
      }
    }
  })
})
