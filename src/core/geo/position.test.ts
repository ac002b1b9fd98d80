import { describe, expect, it } from 'vitest'
import { EARTH_RADIUS_M, boundsOf, distanceM, isInPolygon, isPosition } from './position.ts'

describe('positions', () => {
  it('measures along a meridian and along a parallel', () => {
    // One degree of a great circle is R·π/180; of the parallel at 60° half of that, less what the chord saves.
    const degreeM = (EARTH_RADIUS_M * Math.PI) / 180
    expect(distanceM([24.9, 60], [24.9, 61])).toBeCloseTo(degreeM, 3)
    expect(distanceM([24.9, 60], [24.91, 60]) / (degreeM / 200)).toBeCloseTo(1, 6)
  })

  it('knows a hole from the land around it', () => {
    const outline = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]] as const
    const lake = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]] as const
    expect(isInPolygon([5, 5], [outline, lake])).toBe(false)
    expect(isInPolygon([2, 5], [outline, lake])).toBe(true)
    expect(isInPolygon([12, 5], [outline, lake])).toBe(false)
  })

  it('accepts only finite degrees', () => {
    expect(isPosition([-8.6, 41.1])).toBe(true)
    expect(isPosition([-8.6, 41.1, 80])).toBe(true)
    for (const bad of [[200, 1], [1, 91], [Number.NaN, 1], ['1', 2], [1], {}, null]) expect(isPosition(bad)).toBe(false)
  })

  it('has no bounds for no positions', () => {
    expect(boundsOf([])).toBeUndefined()
    expect(boundsOf([[1, 5], [3, 2]])).toEqual([1, 2, 3, 5])
  })
})
