import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { distanceM, type LonLat } from '../core/geo/position.ts'
import { hatchedHexagon } from './too-few-layers.ts'

describe('a hatched hexagon', () => {
  test.prop([fc.double({ min: -20, max: 30, noNaN: true }), fc.double({ min: 36, max: 65, noNaN: true }), fc.double({ min: 5, max: 2_000, noNaN: true })])('has six edges and lines across, none of them outside the cell', (lon, lat, radiusM) => {
    const centre: LonLat = [lon, lat]
    const strokes = hatchedHexagon(centre, radiusM)
    expect(strokes.length).toBeGreaterThanOrEqual(6 + 3)
    for (const { from, to } of strokes) {
      // The plane of the grid is true to 0.1 %, the sphere of the measure to 0.5 %.
      for (const end of [from, to]) expect(distanceM(centre, end)).toBeLessThan(radiusM * 1.01)
      expect(distanceM(from, to)).toBeGreaterThan(0)
    }
  })
})
