/**
 * Which of many areas a position is in: districts of a city, asked for every sensor once and for each that moves.
 *
 * A grid lies over all areas. A square that no edge crosses has one answer for all its positions, found when it is
 * first asked for; only in the others the areas themselves are looked at. So an answer mostly costs one look-up, and
 * making the index costs what its edges cost.
 *
 * Rings are read by winding number, so one that overlaps itself encloses what it goes around; holes are taken out.
 * A position on a border that two areas share is in one of them; where areas overlap, the first has it.
 */
import { boundsOf, type Bounds, type LonLat, type Polygon, type Ring } from './position.ts'

export interface Area {
  readonly name: string
  readonly polygons: readonly Polygon[]
}

export interface AreaIndex {
  readonly count: number
  /** Number of the area, or -1 outside all. */
  at(lon: number, lat: number): number
}

const SQUARES = 128
/** Square of which nothing has been asked yet. */
const UNKNOWN = -2
/** Square that an edge goes through. */
const MIXED = -3
/** Of the height. */
const BELOW_TOP = 0.005

export function createAreaIndex(areas: readonly Area[]): AreaIndex {
  const boxes = areas.map(({ polygons }) => boundsOf(polygons.flatMap((polygon) => polygon[0] ?? [])))
  const extent = boundsOf(boxes.flatMap((box): LonLat[] => (box === undefined ? [] : [[box[0], box[1]], [box[2], box[3]]])))
  if (extent === undefined) return { count: areas.length, at: () => -1 }
  const [west, south, east, north] = extent
  const squares = new Int16Array(SQUARES * SQUARES).fill(UNKNOWN)
  const perLon = SQUARES / (east - west || 1)
  const perLat = SQUARES / (north - south || 1)
  for (const { polygons } of areas) for (const polygon of polygons) for (const ring of polygon) for (const [a, b] of edgesOf(ring)) markEdge(a, b)

  /** Marks the squares that the edge goes through, and a sliver more: rounding must not leave one out. */
  function markEdge([ax, ay]: LonLat, [bx, by]: LonLat): void {
    const [x1, y1, x2, y2] = [(ax - west) * perLon, (ay - south) * perLat, (bx - west) * perLon, (by - south) * perLat]
    const sliver = 1e-6
    const [low, high] = [Math.min(y1, y2) - sliver, Math.max(y1, y2) + sliver]
    for (let row = squareOf(low); row <= squareOf(high); row++) {
      const from = shareAt(Math.max(low, row - sliver), y1, y2)
      const to = shareAt(Math.min(high, row + 1 + sliver), y1, y2)
      const [one, other] = y1 === y2 ? [x1, x2] : [x1 + (x2 - x1) * from, x1 + (x2 - x1) * to]
      for (let column = squareOf(Math.min(one, other) - sliver); column <= squareOf(Math.max(one, other) + sliver); column++) squares[row * SQUARES + column] = MIXED
    }
  }

  function search(lon: number, lat: number): number {
    return areas.findIndex(({ polygons }, index) => isInBox(lon, lat, boxes[index]) && polygons.some((polygon) => isInside(lon, lat, polygon)))
  }

  return {
    count: areas.length,
    at(lon, lat) {
      if (!(lon >= west && lon <= east && lat >= south && lat <= north)) return -1
      const square = squareOf((lat - south) * perLat) * SQUARES + squareOf((lon - west) * perLon)
      const known = squares[square]!
      if (known >= -1) return known
      const found = search(lon, lat)
      if (known === UNKNOWN) squares[square] = found
      return found
    },
  }
}

/**
 * Where the area's name can stand and hide least: just below its upper end, in the middle of the widest stretch there. With
 * `within`, of what of the area lies in that box. Undefined when nothing does.
 */
export function labelPlaceOf({ polygons }: Area, within?: Bounds): LonLat | undefined {
  let widest: { readonly place: LonLat; readonly width: number } | undefined
  for (const polygon of polygons) {
    const box = intersection(boundsOf(polygon[0] ?? []), within)
    if (box === undefined) continue
    const [west, south, east, north] = box
    const lat = north - BELOW_TOP * (north - south)
    const crossings = polygon.flatMap((ring) => [...edgesOf(ring)].flatMap(([[ax, ay], [bx, by]]) => (ay > lat === by > lat ? [] : [ax + ((lat - ay) / (by - ay)) * (bx - ax)])))
    const stops = [west, ...crossings.filter((lon) => lon > west && lon < east), east].sort((one, other) => one - other)
    for (let i = 1; i < stops.length; i++) {
      const width = stops[i]! - stops[i - 1]!
      const place: LonLat = [(stops[i]! + stops[i - 1]!) / 2, lat]
      if ((widest === undefined || width > widest.width) && isInside(place[0], place[1], polygon)) widest = { place, width }
    }
  }
  return widest?.place
}

/** What two boxes have in common; undefined when that is nothing. Without the second it is the first. */
export function intersection(box: Bounds | undefined, other: Bounds | undefined): Bounds | undefined {
  if (box === undefined || other === undefined) return box
  const common: Bounds = [Math.max(box[0], other[0]), Math.max(box[1], other[1]), Math.min(box[2], other[2]), Math.min(box[3], other[3])]
  return common[0] < common[2] && common[1] < common[3] ? common : undefined
}

/** The smallest box around the area; undefined when it has no position. */
export function areaBounds({ polygons }: Area): Bounds | undefined {
  return boundsOf(polygons.flatMap((polygon) => polygon[0] ?? []))
}

/** Of a ring that repeats its first position, or not: the edge back to the start is there once. */
export function* edgesOf(ring: Ring): Generator<readonly [LonLat, LonLat]> {
  for (let i = 0; i < ring.length; i++) {
    const from = ring[i]!
    const to = ring[(i + 1) % ring.length]!
    if (from[0] !== to[0] || from[1] !== to[1]) yield [from, to]
  }
}

function isInside(lon: number, lat: number, [outline, ...holes]: Polygon): boolean {
  return outline !== undefined && windingOf(lon, lat, outline) !== 0 && !holes.some((hole) => windingOf(lon, lat, hole) !== 0)
}

/** How often the ring goes around the position. */
function windingOf(lon: number, lat: number, ring: Ring): number {
  let winding = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j]!
    const b = ring[i]!
    if (a[1] > lat === b[1] > lat) continue
    // Every edge is looked at from its lower end, whichever way its ring runs: two areas that share it round alike.
    const isUp = b[1] > a[1]
    const [low, high] = isUp ? [a, b] : [b, a]
    if ((high[0] - low[0]) * (lat - low[1]) - (lon - low[0]) * (high[1] - low[1]) > 0) winding += isUp ? 1 : -1
  }
  return winding
}

function isInBox(lon: number, lat: number, box: Bounds | undefined): boolean {
  return box !== undefined && lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3]
}

function squareOf(at: number): number {
  return Math.max(0, Math.min(SQUARES - 1, Math.floor(at)))
}

/** How far along from y1 to y2, within the edge. */
function shareAt(y: number, y1: number, y2: number): number {
  return y1 === y2 ? 0 : Math.max(0, Math.min(1, (y - y1) / (y2 - y1)))
}
