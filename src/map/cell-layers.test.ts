import { fc, test } from '@fast-check/vitest'
import type { Layer } from '@deck.gl/core'
import { describe, expect, it } from 'vitest'
import { beneath, createCellLayers, GIVE_WAY_MS } from './cell-layers.ts'
import { FILL } from './cell-tile-layer.ts'
import type { CellRows } from './cell-tiles.ts'

const LOOK = { id: 'a', scale: { boundary: 'lower-inclusive', classes: [{ from: Number.NEGATIVE_INFINITY, day: '#010203', night: '#111213' }] } } as const
const SHOWN = { theme: 'day', ownsColour: true, opacity: 1 } as const

function cellsOf(radiusM: number): CellRows {
  return { radiusM, count: 1, centres: Float32Array.of(1, 2), values: Float32Array.of(3) }
}

function opacities(layers: readonly Layer[]): Record<string, number> {
  return Object.fromEntries(layers.filter(({ props }) => props.visible).map(({ id, props }) => [id, props.opacity]))
}

describe('cells of another size', () => {
  it('come over the ones before, which stay until they are there', () => {
    const layersOf = createCellLayers(LOOK)
    let asked = 0
    const at = (nowMs: number) => ({ ...SHOWN, motion: { nowMs, again: () => asked++ } })
    expect(opacities(layersOf(cellsOf(500), at(0)))).toEqual({ 'a-cells': 1 })
    expect(asked).toBe(0)
    const coarse = cellsOf(1_000)
    expect(opacities(layersOf(coarse, at(1_000)))).toEqual({ 'a-cells': 1 })
    const half = layersOf(coarse, at(1_000 + GIVE_WAY_MS / 2))
    expect(opacities(half)).toEqual({ 'a-cells': beneath(0.5), 'a-cells-2': 0.5 })
    expect(half.at(-1)?.id).toBe('a-cells-2')
    expect(asked).toBe(2)
    expect(opacities(layersOf(coarse, at(1_000 + GIVE_WAY_MS)))).toEqual({ 'a-cells-2': 1 })
    expect(asked).toBe(2)
  })

  it('take their place at once when nothing may move', () => {
    const layersOf = createCellLayers(LOOK)
    layersOf(cellsOf(500), SHOWN)
    expect(opacities(layersOf(cellsOf(1_000), SHOWN))).toEqual({ 'a-cells-2': 1 })
  })

  test.prop([fc.double({ noNaN: true, min: 0, max: 1 })])('let the same ground shine through all the while', (above) => {
    expect((1 - FILL * above) * (1 - FILL * beneath(above))).toBeCloseTo(1 - FILL)
  })
})
