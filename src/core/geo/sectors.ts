/**
 * A city cut by geometry, where nobody gave its districts: a circle around its middle, and north, east, south and west of
 * it out to the city's box. The parting lines run to the north-east, south-east, south-west and north-west.
 */
import type { Area } from './areas.ts'
import { moved } from './placement.ts'
import { distanceM, type Bounds, type LonLat } from './position.ts'

export const SECTOR_NAMES = ['Centre', 'North', 'East', 'South', 'West'] as const

/** Of a quarter of the circle. With 24 of them a circle of 2 km is off by 1 m at most. */
const STEPS = 24

/** The circle must lie inside the box: `isRadiusInside`. */
export function createSectors(anchor: LonLat, bounds: Bounds, centreRadiusM: number): readonly Area[] {
  const onCircle = (degrees: number): LonLat => moved(anchor, centreRadiusM * Math.sin((degrees * Math.PI) / 180), centreRadiusM * Math.cos((degrees * Math.PI) / 180))
  const circle = Array.from({ length: 4 * STEPS }, (_, step) => onCircle(-45 + (step * 90) / STEPS))
  const [centre, ...around] = SECTOR_NAMES
  const wedges = around.map((name, quarter): Area => {
    const arc = Array.from({ length: STEPS + 1 }, (_, step) => circle[(quarter * STEPS + step) % circle.length]!)
    const from = edgeOfBox(anchor, bounds, -45 + quarter * 90)
    const to = edgeOfBox(anchor, bounds, 45 + quarter * 90)
    // Out along one line, round by the box's corners, and back along the other.
    const ring = [...arc, to, ...cornersBetween(anchor, bounds, -45 + quarter * 90, 45 + quarter * 90).toReversed(), from, arc[0]!]
    return { name, polygons: [[ring]] }
  })
  return [{ name: centre, polygons: [[[...circle, circle[0]!]]] }, ...wedges]
}

export function isRadiusInside([lon, lat]: LonLat, [west, south, east, north]: Bounds, radiusM: number): boolean {
  return [[west, lat], [east, lat], [lon, south], [lon, north]].every(([x, y]) => distanceM([lon, lat], [x!, y!]) > radiusM)
}

/** Where the ray from the middle leaves the box. Degrees clockwise from north. */
function edgeOfBox(anchor: LonLat, [west, south, east, north]: Bounds, degrees: number): LonLat {
  const [dLon, dLat] = direction(anchor, degrees)
  const far = Math.min(toSide(dLon, anchor[0], west, east), toSide(dLat, anchor[1], south, north))
  return [anchor[0] + far * dLon, anchor[1] + far * dLat]
}

/** Corners of the box that are seen between two bearings, clockwise. */
function cornersBetween(anchor: LonLat, [west, south, east, north]: Bounds, fromDegrees: number, toDegrees: number): readonly LonLat[] {
  const corners: readonly LonLat[] = [[west, north], [east, north], [east, south], [west, south]]
  return corners
    .map((corner) => ({ corner, turn: (bearingOf(anchor, corner) - fromDegrees + 720) % 360 }))
    .filter(({ turn }) => turn > 0 && turn < toDegrees - fromDegrees)
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ corner }) => corner)
}

/** How many steps of `delta` it is to the side that they lead to. */
function toSide(delta: number, from: number, low: number, high: number): number {
  return delta === 0 ? Infinity : ((delta > 0 ? high : low) - from) / delta
}

function direction(anchor: LonLat, degrees: number): LonLat {
  // Two sectors share each line: to the last digit, so -45 and 315 are one.
  const angle = (((degrees + 360) % 360) * Math.PI) / 180
  const [lon, lat] = moved(anchor, Math.sin(angle), Math.cos(angle))
  return [lon - anchor[0], lat - anchor[1]]
}

function bearingOf(anchor: LonLat, [lon, lat]: LonLat): number {
  return (Math.atan2((lon - anchor[0]) * Math.cos((anchor[1] * Math.PI) / 180), lat - anchor[1]) * 180) / Math.PI
}
