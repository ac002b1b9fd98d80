import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createAreaIndex } from './areas.ts'
import { moved } from './placement.ts'
import { isInBounds, type Bounds, type LonLat } from './position.ts'
import { createSectors, isRadiusInside, SECTOR_NAMES } from './sectors.ts'

const ANCHOR: LonLat = [-8.6109, 41.1496]
const BOUNDS: Bounds = [-8.76, 41.09, -8.5, 41.23]
const index = createAreaIndex(createSectors(ANCHOR, BOUNDS, 1_500))
const nameAt = (eastM: number, northM: number): string | undefined => SECTOR_NAMES[index.at(...moved(ANCHOR, eastM, northM))]

describe('sectors', () => {
  it.each([
    [0, 0, 'Centre'],
    [0, 1_490, 'Centre'],
    [0, 1_510, 'North'],
    [2_000, 1_900, 'East'],
    [1_900, 2_000, 'North'],
    [-2_000, -1_900, 'West'],
    [100, -3_000, 'South'],
    [-9_000, 0, 'West'],
    [0, 20_000, undefined],
  ])('%i m east and %i m north of the middle is %s', (east, north, name) => {
    expect(nameAt(east, north)).toBe(name)
  })

  const inBox = fc.tuple(fc.double({ min: BOUNDS[0], max: BOUNDS[2], noNaN: true, maxExcluded: true, minExcluded: true }), fc.double({ min: BOUNDS[1], max: BOUNDS[3], noNaN: true, minExcluded: true, maxExcluded: true }))

  test.prop([fc.array(inBox, { minLength: 20, maxLength: 60 }), fc.tuple(fc.double({ min: 0.3, max: 0.7, noNaN: true }), fc.double({ min: 0.3, max: 0.7, noNaN: true }))])('hold every place of the box, each in one of them, wherever the middle is', (places, [x, y]) => {
    const anchor: LonLat = [BOUNDS[0] + x * (BOUNDS[2] - BOUNDS[0]), BOUNDS[1] + y * (BOUNDS[3] - BOUNDS[1])]
    const sectors = createSectors(anchor, BOUNDS, 1_500)
    const each = sectors.map((one) => createAreaIndex([one]))
    for (const [lon, lat] of places) expect(each.filter((one) => one.at(lon, lat) === 0).length).toBe(1)
    // What is outside of the box is no sector's: nothing of a ring lies there.
    for (const { polygons } of sectors) for (const [lon, lat] of polygons[0]![0]!) expect(isInBounds([lon, lat], [BOUNDS[0] - 1e-9, BOUNDS[1] - 1e-9, BOUNDS[2] + 1e-9, BOUNDS[3] + 1e-9])).toBe(true)
  })

  it('need a circle that lies in the box', () => {
    expect(isRadiusInside(ANCHOR, BOUNDS, 1_500)).toBe(true)
    expect(isRadiusInside(ANCHOR, BOUNDS, 7_000)).toBe(false)
  })
})
