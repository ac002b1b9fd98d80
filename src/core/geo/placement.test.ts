import { test, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { alongPath, createPlacer, distanceToPathM, moved, pathLengthM, pickLonger } from './placement.ts'
import { distanceM, type LonLat } from './position.ts'

const position = fc.tuple(fc.double({ min: -9, max: 25, noNaN: true }), fc.double({ min: 40, max: 61, noNaN: true })) as fc.Arbitrary<LonLat>
const metres = fc.double({ min: -5_000, max: 5_000, noNaN: true })
const isAllowed = ([lon]: LonLat): boolean => lon > 4.4
const path: readonly LonLat[] = [[4.4, 51.2], [4.41, 51.21], [4.43, 51.205]]

describe('placement', () => {
  test.prop([position, metres, metres])('what is moved by metres is that far away', (from, east, north) => {
    expect(Math.abs(distanceM(from, moved(from, east, north)) - Math.hypot(east, north))).toBeLessThan(10)
  })

  test.prop([fc.double({ min: 0, max: 1, noNaN: true })])('a share of a path lies on it, that far along', (share) => {
    const on = alongPath(path, share)
    expect(distanceToPathM(on, path)).toBeLessThan(1)
    const [first] = path
    expect(distanceM(on, first!)).toBeLessThanOrEqual(share * pathLengthM(path) + 0.01)
  })

  it('knows the distance to a path from beside it', () => {
    expect(distanceToPathM(moved([4.4, 51.2], -300, 0), [[4.4, 51.19], [4.4, 51.21]])).toBeCloseTo(300, 0)
    expect(distanceToPathM([4.4, 51.2], [])).toBe(Infinity)
  })

  test.prop([fc.integer()])('places are allowed, within reach and never too close', (seed) => {
    const centre: LonLat = [4.4, 51.2]
    const placer = createPlacer({ isAllowed, random: createRandom(seed), apartM: 80 })
    const places = Array.from({ length: 30 }, () => placer.around(centre, 700)).filter((place) => place !== undefined)
    expect(places.length).toBeGreaterThan(10)
    for (const [i, place] of places.entries()) {
      expect(isAllowed(place)).toBe(true)
      expect(distanceM(place, centre)).toBeLessThan(702)
      for (const other of places.slice(0, i)) expect(distanceM(place, other)).toBeGreaterThanOrEqual(80)
    }
  })

  it('gives up where nothing is allowed', () => {
    const placer = createPlacer({ isAllowed: () => false, random: createRandom(1), apartM: 1 })
    expect(placer.around([4.4, 51.2], 500)).toBeUndefined()
    expect(placer.onPath(path, 0.5, 5)).toBeUndefined()
  })

  it('prefers longer paths and has none among none', () => {
    const long = { path }
    const short = { path: path.slice(0, 1) }
    expect(pickLonger([short, long], 0.5)).toBe(long)
    expect(pickLonger([], 0.5)).toBeUndefined()
  })
})
