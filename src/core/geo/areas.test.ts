import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { areaBounds, createAreaIndex, edgesOf, labelPlaceOf, type Area } from './areas.ts'
import { isInPolygon, type LonLat, type Ring } from './position.ts'

const square = (west: number, south: number, size: number): Ring => [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
const area = (name: string, ...rings: Ring[]): Area => ({ name, polygons: [rings] })

/** Rays from the middle at rising angles: a ring that does not cross itself. */
const star = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 3, maxLength: 24 })).map(([x, y, radii]): Ring => {
  const ring = radii.map((radius, index): LonLat => [(x + radius * Math.cos((2 * Math.PI * index) / radii.length)) / 10, (y + radius * Math.sin((2 * Math.PI * index) / radii.length)) / 10])
  return [...ring, ring[0]!]
})
const place = fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.double({ min: -6, max: 6, noNaN: true }))

function isOnBorder([x, y]: LonLat, ring: Ring): boolean {
  return [...edgesOf(ring)].some(([[ax, ay], [bx, by]]) => {
    const length = Math.hypot(bx - ax, by - ay)
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
    return Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length < 1e-9 && along > -1e-9 && along < length + 1e-9
  })
}

describe('an index of areas', () => {
  test.prop([fc.array(star, { minLength: 1, maxLength: 8 }), fc.array(place, { minLength: 1, maxLength: 60 })])('gives what looking at each area gives, in whatever order it is asked', (rings, places) => {
    const index = createAreaIndex(rings.map((ring, at) => area(String(at), ring)))
    // To which side a position on a border is rounded is nobody's to say; the law below has those that matter.
    const inside = places.filter((position) => !rings.some((ring) => isOnBorder(position, ring)))
    for (const position of [...inside, ...inside]) expect(index.at(...position)).toBe(rings.findIndex((ring) => isInPolygon(position, [ring])))
  })

  // Squares of 8 in a city of 96, all with another direction than their neighbours.
  const squares = Array.from({ length: 144 }, (_, at) => {
    const ring = square((at % 12) * 8, Math.floor(at / 12) * 8, 8)
    return area(String(at), (at + Math.floor(at / 12)) % 2 === 0 ? ring : ring.toReversed())
  })
  const each = squares.map((one) => createAreaIndex([one]))
  const index = createAreaIndex(squares)

  test.prop([fc.array(fc.tuple(fc.integer({ min: 0, max: 96 }), fc.integer({ min: 0, max: 96 })), { minLength: 1, maxLength: 100 })])('has each position of a city that is cut into squares in exactly one of them, borders too', (places) => {
    for (const [x, y] of places) {
      const holding = each.filter((one) => one.at(x, y) === 0).length
      const isAtEnd = x === 96 || y === 96
      if (!isAtEnd) expect(holding).toBe(1)
      expect(index.at(x, y) >= 0).toBe(holding > 0)
    }
  })

  it('has nothing in a hole', () => {
    const index = createAreaIndex([area('ring', square(0, 0, 9), square(3, 3, 3))])
    expect([index.at(1, 1), index.at(4, 4), index.at(7, 4), index.at(10, 4)]).toEqual([0, -1, 0, -1])
  })

  it('has another area in the hole of the first', () => {
    const index = createAreaIndex([area('around', square(0, 0, 9), square(3, 3, 3)), area('inside', square(3, 3, 3))])
    expect([index.at(1, 1), index.at(4, 4)]).toEqual([0, 1])
  })

  it('takes what a ring that overlaps itself goes around, twice or once', () => {
    // Twice around the same square, then a lap out to the right.
    const ring: Ring = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0], [6, 0], [6, 4], [0, 4], [0, 0]]
    const index = createAreaIndex([area('lap', ring)])
    expect([index.at(2, 2), index.at(5, 2), index.at(7, 2)]).toEqual([0, 0, -1])
  })

  it('gives what two areas both have to the first', () => {
    const index = createAreaIndex([area('a', square(0, 0, 4)), area('b', square(2, 2, 4))])
    expect([index.at(3, 3), index.at(5, 5)]).toEqual([0, 1])
  })

  it('knows the parts of an area that has several', () => {
    const index = createAreaIndex([{ name: 'islands', polygons: [[square(0, 0, 1)], [square(5, 5, 1)]] }])
    expect([index.at(0.5, 0.5), index.at(5.5, 5.5), index.at(3, 3)]).toEqual([0, 0, -1])
  })

  it('has nobody without a position, and nobody when there are no areas', () => {
    expect(createAreaIndex([area('a', square(0, 0, 4))]).at(NaN, NaN)).toBe(-1)
    expect(createAreaIndex([]).at(1, 1)).toBe(-1)
    expect(createAreaIndex([{ name: 'nothing', polygons: [] }]).at(1, 1)).toBe(-1)
  })
})

describe('the place of a name', () => {
  test.prop([star])('is inside the area', (ring) => {
    const one = area('star', ring)
    const found = labelPlaceOf(one)
    if (found !== undefined) expect(createAreaIndex([one]).at(...found)).toBe(0)
  })

  it('is at the upper end, and not in a hole', () => {
    const [lon, lat] = labelPlaceOf(area('a', square(0, 0, 9)))!
    expect([lon, Math.round(lat)]).toEqual([4.5, 9])
    expect(labelPlaceOf(area('open above', square(0, 0, 9), square(2, 1, 20)))![0]).toBeCloseTo(1, 6)
  })

  it('is in what is looked at of the area', () => {
    const [lon, lat] = labelPlaceOf(area('a', square(0, 0, 9)), [6, -5, 20, 4])!
    expect([lon, Math.round(lat)]).toEqual([7.5, 4])
    expect(labelPlaceOf(area('a', square(0, 0, 9)), [10, 0, 20, 4])).toBeUndefined()
  })

  it('is nowhere when there is no extent', () => {
    expect(labelPlaceOf({ name: 'nothing', polygons: [] })).toBeUndefined()
    expect(areaBounds({ name: 'nothing', polygons: [] })).toBeUndefined()
  })
})
