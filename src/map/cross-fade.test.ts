import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { CELLS_ALONE_PX, CELLS_GONE_PX, crossFade, pixelsOf } from './cross-fade.ts'

describe('the cross-fade of cells and sensors', () => {
  it('shows one alone at either end', () => {
    expect(crossFade(CELLS_ALONE_PX)).toEqual({ cells: 1, sensors: 0 })
    expect(crossFade(CELLS_GONE_PX)).toEqual({ cells: 0, sensors: 1 })
  })

  test.prop([fc.double({ noNaN: true, min: 0, max: 100 }), fc.double({ noNaN: true, min: 0, max: 0.1 })])('never pops: a little nearer is a little more', (px, step) => {
    const before = crossFade(px)
    const after = crossFade(px + step)
    expect(after.sensors).toBeGreaterThanOrEqual(before.sensors)
    expect(after.sensors - before.sensors).toBeLessThan(0.02)
    expect(after.cells + after.sensors).toBeCloseTo(1)
  })

  // OpenStreetMap wiki, "Zoom levels": 19.109 m a pixel at zoom 13 on the equator, for 256 px tiles; MapLibre's are 512 px, so zoom 12.
  it('knows how long a length is on the screen', () => {
    expect(pixelsOf(19.109, [0, 0], 12)).toBeCloseTo(1, 3)
    expect(pixelsOf(19.109, [24.94, 60], 12)).toBeCloseTo(2, 3)
  })
})
