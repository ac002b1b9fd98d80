import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { Json } from './entity.ts'
import { distanceBetween, parseGeoFilter, parseGeometry, relates, type Shape } from './geo-relation.ts'

function shape(type: string, coordinates: Json): Shape {
  const parsed = parseGeometry({ type, coordinates })
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}
const stands = (a: Shape, kind: 'within' | 'contains' | 'intersects' | 'disjoint' | 'equals' | 'overlaps', b: Shape) => relates(a, { relation: { kind }, reference: b })
const box = (west: number, south: number, east: number, north: number): Json => [[west, south], [east, south], [east, north], [west, north], [west, south]]
const square = shape('Polygon', [box(0, 0, 4, 4)])
const ring = shape('Polygon', [box(0, 0, 4, 4), box(1, 1, 3, 3)])

describe('a geographical relation', () => {
  it('takes points inside and on the edge as within, and none in a hole', () => {
    expect(stands(shape('Point', [2, 2]), 'within', square)).toBe(true)
    expect(stands(shape('Point', [4, 2]), 'within', square)).toBe(true)
    expect(stands(shape('Point', [5, 2]), 'within', square)).toBe(false)
    expect(stands(shape('Point', [2, 2]), 'within', ring)).toBe(false)
    expect(stands(shape('MultiPoint', [[0.5, 0.5], [2, 2]]), 'within', ring)).toBe(false)
  })

  it('finds a line that leaves a polygon between two vertices inside', () => {
    const bay = shape('Polygon', [[[0, 0], [4, 0], [4, 4], [2, 1], [0, 4], [0, 0]]])
    expect(stands(shape('LineString', [[0.5, 3], [3.5, 3]]), 'within', bay)).toBe(false)
    expect(stands(shape('LineString', [[0.5, 0.5], [3.5, 0.5]]), 'within', bay)).toBe(true)
    expect(stands(shape('LineString', [[-1, 3], [5, 3]]), 'intersects', bay)).toBe(true)
  })

  it('knows a polygon around a hole from one inside the solid', () => {
    expect(stands(shape('Polygon', [box(0.5, 0.5, 3.5, 3.5)]), 'within', square)).toBe(true)
    expect(stands(shape('Polygon', [box(0.5, 0.5, 3.5, 3.5)]), 'within', ring)).toBe(false)
    expect(stands(shape('Polygon', [box(0.2, 0.2, 0.8, 0.8)]), 'within', ring)).toBe(true)
    expect(stands(shape('Polygon', [box(1.5, 1.5, 2.5, 2.5)]), 'disjoint', ring)).toBe(true)
    expect(stands(square, 'contains', shape('Polygon', [box(1, 1, 2, 2)]))).toBe(true)
  })

  it('sees through the seam of two touching parts', () => {
    const halves = shape('MultiPolygon', [[box(0, 0, 2, 4)], [box(2, 0, 4, 4)]])
    expect(stands(shape('Polygon', [box(1, 1, 3, 3)]), 'within', halves)).toBe(true)
    expect(stands(halves, 'equals', square)).toBe(true)
    const apart = shape('MultiPolygon', [[box(0, 0, 2, 4)], [box(2.1, 0, 4, 4)]])
    expect(stands(shape('Polygon', [box(1, 1, 3, 3)]), 'within', apart)).toBe(false)
  })

  it('takes shapes as equal whatever their first vertex and direction', () => {
    expect(stands(shape('Polygon', [[[4, 4], [0, 4], [0, 0], [2, 0], [4, 0], [4, 4]]]), 'equals', square)).toBe(true)
    expect(stands(shape('LineString', [[0, 0], [1, 1], [2, 2]]), 'equals', shape('LineString', [[2, 2], [0, 0]]))).toBe(true)
    expect(stands(shape('Point', [1, 1]), 'equals', shape('Point', [1, 1.0001]))).toBe(false)
  })

  it('calls overlapping only what shares some inside and keeps some apart', () => {
    expect(stands(shape('Polygon', [box(2, 2, 6, 6)]), 'overlaps', square)).toBe(true)
    expect(stands(shape('Polygon', [box(4, 0, 8, 4)]), 'overlaps', square)).toBe(false) // touch along an edge
    expect(stands(shape('Polygon', [box(1, 1, 2, 2)]), 'overlaps', square)).toBe(false) // inside
    expect(stands(shape('LineString', [[0, 0], [2, 0]]), 'overlaps', shape('LineString', [[1, 0], [3, 0]]))).toBe(true)
    expect(stands(shape('LineString', [[0, 0], [2, 0]]), 'overlaps', shape('LineString', [[1, -1], [1, 1]]))).toBe(false) // cross
    expect(stands(shape('LineString', [[0, 0], [2, 0]]), 'overlaps', square)).toBe(false)
  })

  it('measures near to the nearest edge, in metres', () => {
    // One degree of longitude on the equator of the mean sphere: 2π·6371008.8/360.
    expect(distanceBetween(shape('Point', [0, 0]), shape('Point', [1, 0]))).toBeCloseTo(111_195.08, 1)
    expect(distanceBetween(shape('Point', [5, 2]), square)).toBeCloseTo(distanceBetween(shape('Point', [5, 2]), shape('Point', [4, 2])), -1)
    expect(distanceBetween(shape('Point', [2, 2]), square)).toBe(0)
    const near = parseGeoFilter({ georel: 'near;maxDistance==2000', geometry: 'Point', coordinates: '[-8.61,41.15]' })
    expect(near.ok && relates(shape('Point', [-8.62, 41.15]), near.value)).toBe(true)
    expect(near.ok && relates(shape('Point', [-8.65, 41.15]), near.value)).toBe(false)
    const far = parseGeoFilter({ georel: 'near;minDistance==2000', geometry: 'Point', coordinates: [-8.61, 41.15] })
    expect(far.ok && relates(shape('Point', [-8.65, 41.15]), far.value)).toBe(true)
  })

  it.each(['', 'near', 'near;maxDistance==x', 'near;maxDistance=5', 'around', 'within;maxDistance==5'])('refuses %j', (georel) => {
    expect(parseGeoFilter({ georel, geometry: 'Point', coordinates: [0, 0] }).ok).toBe(false)
  })

  it.each<[string, Json]>([
    ['Point', [200, 0]],
    ['Point', ['1', '2']],
    ['Polygon', [[[0, 0], [1, 0], [1, 1]]]],
    ['Polygon', [[[0, 0], [1, 0], [1, 1], [0, 1]]]],
    ['LineString', [[0, 0]]],
    ['MultiPoint', []],
    ['GeometryCollection', []],
    ['point', [0, 0]],
  ])('refuses the coordinates of a broken %s', (type, coordinates) => {
    expect(parseGeometry({ type, coordinates }).ok).toBe(false)
  })
})

const degree = fc.integer({ min: -8, max: 8 })
const boxes = fc
  .tuple(degree, degree, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([west, south, wide, high]) => ({ west, south, east: west + wide, north: south + high, shape: shape('Polygon', [box(west, south, west + wide, south + high)]) }))

describe('relations of boxes', () => {
  test.prop([boxes, boxes], { seed: 3, numRuns: 500 })('are those of their sides', (a, b) => {
    const covered = a.west >= b.west && a.east <= b.east && a.south >= b.south && a.north <= b.north
    const touch = a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north
    const share = a.west < b.east && b.west < a.east && a.south < b.north && b.south < a.north
    const covers = b.west >= a.west && b.east <= a.east && b.south >= a.south && b.north <= a.north
    expect(stands(a.shape, 'within', b.shape)).toBe(covered)
    expect(stands(b.shape, 'contains', a.shape)).toBe(covered)
    expect(stands(a.shape, 'intersects', b.shape)).toBe(touch)
    expect(stands(a.shape, 'disjoint', b.shape)).toBe(!touch)
    expect(stands(a.shape, 'equals', b.shape)).toBe(covered && covers)
    expect(stands(a.shape, 'overlaps', b.shape)).toBe(share && !covered && !covers)
  })
})
