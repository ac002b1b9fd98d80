import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createHexGrid } from './hex-grid.ts'
import { distanceM, type LonLat } from './position.ts'

const anchor = fc.constantFrom<LonLat>([-8.61, 41.15], [4.4, 51.22], [24.94, 60.17], [-43.2, -22.9])
const offset = fc.tuple(fc.double({ min: -0.2, max: 0.2, noNaN: true }), fc.double({ min: -0.1, max: 0.1, noNaN: true }))
const radius = fc.constantFrom(100, 250, 500, 1000, 2000)

describe('the hexagonal grid', () => {
  test.prop([anchor, offset, radius])('puts a position in the cell whose centre is nearest', (origin, [dLon, dLat], radiusM) => {
    const grid = createHexGrid(origin, radiusM)
    const position: LonLat = [origin[0] + dLon, origin[1] + dLat]
    const centre = grid.centreOf(grid.cellOf(position))
    // No point of a hexagon is further from its centre than its corner; 1 % for the projection.
    expect(distanceM(position, centre)).toBeLessThanOrEqual(radiusM * 1.01)
  })

  test.prop([anchor, offset, radius])('gives a centre back its own cell', (origin, [dLon, dLat], radiusM) => {
    const grid = createHexGrid(origin, radiusM)
    const cell = grid.cellOf([origin[0] + dLon, origin[1] + dLat])
    expect(grid.cellOf(grid.centreOf(cell))).toBe(cell)
  })

  test.prop([radius])('has cells of the same size in Porto and in Helsinki', (radiusM) => {
    const spacings = ([[-8.61, 41.15], [24.94, 60.17]] as const).map((origin) => {
      const grid = createHexGrid(origin, radiusM)
      const start = grid.cellOf(origin)
      const east: LonLat = [origin[0] + (radiusM * 1.8) / (111_195 * Math.cos((origin[1] * Math.PI) / 180)), origin[1]]
      return distanceM(grid.centreOf(start), grid.centreOf(grid.cellOf(east)))
    })
    expect(spacings[0]! / spacings[1]!).toBeCloseTo(1, 3)
    expect(spacings[0]).toBeCloseTo(radiusM * Math.sqrt(3), -1)
  })
})
