/**
 * Geographical relations between GeoJSON geometries (CIM 009 v1.9.1, 4.10; meanings of OGC 06-103r4).
 *
 * Exact on the plane of longitude and latitude for every pair of Point, LineString, Polygon and their Multi
 * forms, with a tolerance of 1e-9° (0.1 mm). What differs from the letter:
 * - Edges are straight on that plane, as RFC 7946 says; nothing crosses the antimeridian.
 * - The boundary belongs to a geometry: a point on the edge is `within`, where OGC wants one interior point.
 *   For a box drawn around sensors that is what people mean.
 * - `near` measures on the sphere, to the nearest point of a line or outline; that point is found on a local
 *   flat map, good to 0.1 % for edges under 100 km.
 * - Polygons of a MultiPolygon must not overlap one another (RFC 7946 wants that too).
 * - GeometryCollection is refused.
 */
import { boundsOf, distanceM, isInPolygon, isPosition, type Bounds, type LonLat } from '../core/geo/position.ts'
import { err, ok, type Result } from '../core/result.ts'
import type { Json } from './entity.ts'
import { parseGeorel, type GeoQuery, type GeoRelation } from './query.ts'

/** A geo-query made ready: reference shape, relation, and the geo-property it looks at (`location` unless named). */
export interface GeoFilter {
  readonly relation: GeoRelation
  readonly reference: Shape
  readonly geoproperty?: string
}

/** A geometry taken apart: loose points, lines, and polygons as closed rings (outline first). */
export interface Shape {
  readonly points: readonly LonLat[]
  readonly lines: readonly (readonly LonLat[])[]
  readonly polygons: readonly (readonly (readonly LonLat[])[])[]
  readonly bounds: Bounds
}

/** Members as they come from query parameters or from a `geoQ`. */
export interface GeoQueryText {
  readonly georel: Json | undefined
  readonly geometry: Json | undefined
  readonly coordinates: Json | undefined
  readonly geoproperty?: Json | undefined
}

type Segment = readonly [LonLat, LonLat]

const MAX_POSITIONS = 5_000
const TOLERANCE_DEG = 1e-9

/** Ready to be asked again and again; an error when the geometry is none. */
export function geoFilterOf({ georel, geometry, coordinates, geoproperty }: GeoQuery): Result<GeoFilter, string> {
  const reference = parseGeometry({ type: geometry, coordinates })
  if (!reference.ok) return reference
  return ok({ relation: georel, reference: reference.value, ...(geoproperty === undefined ? {} : { geoproperty }) })
}

/** `coordinates` may be an array or its JSON text, as in a query parameter. */
export function parseGeoFilter({ georel, geometry, coordinates, geoproperty }: GeoQueryText): Result<GeoFilter, string> {
  if (typeof georel !== 'string' || typeof geometry !== 'string' || coordinates === undefined) {
    return err('georel, geometry and coordinates must come together')
  }
  if (geoproperty !== undefined && (typeof geoproperty !== 'string' || geoproperty === '')) return err('geoproperty: expected the name of an attribute')
  const relation = parseGeorel(georel)
  if (relation === undefined) return err(`georel: expected near;maxDistance==metres, near;minDistance==metres, within, contains, intersects, disjoint, equals or overlaps, got ${JSON.stringify(georel.slice(0, 80))}`)
  let value: Json = coordinates
  if (typeof coordinates === 'string') {
    try {
      value = JSON.parse(coordinates) as Json
    } catch {
      return err('coordinates: expected a JSON array')
    }
  }
  return geoFilterOf({ georel: relation, geometry, coordinates: value, ...(geoproperty === undefined ? {} : { geoproperty }) })
}

// Entities are asked about again and again and do not change: each geometry object is taken apart once.
const parsed = new WeakMap<object, Result<Shape, string>>()

export function parseGeometry(geometry: { readonly type: string; readonly coordinates: Json }): Result<Shape, string> {
  const known = parsed.get(geometry)
  if (known !== undefined) return known
  const shape = shapeOf(geometry.type, geometry.coordinates)
  parsed.set(geometry, shape)
  return shape
}

export function relates(shape: Shape, { relation, reference }: GeoFilter): boolean {
  switch (relation.kind) {
    case 'near': {
      const distance = distanceBetween(shape, reference)
      return distance >= (relation.minDistanceM ?? 0) && distance <= (relation.maxDistanceM ?? Infinity)
    }
    case 'within':
      return isCovered(shape, reference)
    case 'contains':
      return isCovered(reference, shape)
    case 'intersects':
      return doIntersect(shape, reference)
    case 'disjoint':
      return !doIntersect(shape, reference)
    case 'equals':
      return isCovered(shape, reference) && isCovered(reference, shape)
    case 'overlaps':
      return doOverlap(shape, reference)
  }
}

/** Metres between the nearest points; 0 when they touch. */
export function distanceBetween(a: Shape, b: Shape): number {
  if (doIntersect(a, b)) return 0
  return Math.min(nearestM(a, b), nearestM(b, a))
}

function shapeOf(type: string, coordinates: Json): Result<Shape, string> {
  const expected = (what: string): Result<never, string> => err(`coordinates: expected ${what} for ${type}`)
  const shape = { points: [] as LonLat[], lines: [] as LonLat[][], polygons: [] as LonLat[][][] }
  switch (type) {
    case 'Point':
    case 'MultiPoint': {
      const points = pointsIn(type === 'Point' ? [coordinates] : coordinates, 1)
      if (points === undefined) return expected('[longitude, latitude] in degrees')
      shape.points = points
      break
    }
    case 'LineString':
    case 'MultiLineString': {
      const lines = each(type === 'LineString' ? [coordinates] : coordinates, (line) => pointsIn(line, 2))
      if (lines === undefined) return expected('two or more positions')
      shape.lines = lines
      break
    }
    case 'Polygon':
    case 'MultiPolygon': {
      const polygons = each(type === 'Polygon' ? [coordinates] : coordinates, (polygon) => each(polygon, ringOf))
      if (polygons === undefined) return expected('closed rings of four or more positions')
      shape.polygons = polygons
      break
    }
    default:
      return err(`geometry: expected Point, LineString, Polygon or a Multi form, got ${JSON.stringify(type.slice(0, 40))}`)
  }
  const positions = verticesOf(shape)
  const bounds = boundsOf(positions)
  if (bounds === undefined) return expected('at least one position')
  if (positions.length > MAX_POSITIONS) return err(`coordinates: more than ${MAX_POSITIONS} positions`)
  return ok({ ...shape, bounds })
}

function each<T>(json: Json, read: (part: Json) => T | undefined): T[] | undefined {
  if (!Array.isArray(json) || json.length === 0) return undefined
  const parts: T[] = []
  for (const part of json as readonly Json[]) {
    const value = read(part)
    if (value === undefined) return undefined
    parts.push(value)
  }
  return parts
}

function pointsIn(json: Json, atLeast: number): LonLat[] | undefined {
  const points = each(json, (point) => (isPosition(point) ? ([point[0], point[1]] as const) : undefined))
  return points !== undefined && points.length >= atLeast ? points : undefined
}

function ringOf(json: Json): LonLat[] | undefined {
  const ring = pointsIn(json, 4)
  const first = ring?.[0]
  const last = ring?.at(-1)
  return first !== undefined && last !== undefined && isSame(first, last) ? ring : undefined
}

type Parts = Omit<Shape, 'bounds'>

function verticesOf({ points, lines, polygons }: Parts): LonLat[] {
  return [...points, ...lines.flat(), ...polygons.flat(2)]
}

function segmentsOf({ lines, polygons }: Parts): Segment[] {
  return [...lines, ...polygons.flat()].flatMap((line) => line.slice(1).map((point, index): Segment => [line[index]!, point]))
}

function areApart(a: Bounds, b: Bounds): boolean {
  return a[0] > b[2] + TOLERANCE_DEG || b[0] > a[2] + TOLERANCE_DEG || a[1] > b[3] + TOLERANCE_DEG || b[1] > a[3] + TOLERANCE_DEG
}

function doIntersect(a: Shape, b: Shape): boolean {
  if (areApart(a.bounds, b.bounds)) return false
  // Where no edges touch, one lies inside the other whole: one vertex of each part tells.
  if (samplesOf(a).some((point) => covers(b, point)) || samplesOf(b).some((point) => covers(a, point))) return true
  const edges = segmentsOf(b)
  return segmentsOf(a).some((edge) => edges.some((other) => crossings(edge, other).length > 0))
}

function samplesOf({ points, lines, polygons }: Shape): LonLat[] {
  return [...points, ...lines.map((line) => line[0]!), ...polygons.flatMap((rings) => rings.map((ring) => ring[0]!))]
}

/** Is every point of `inner` a point of `outer`? */
function isCovered(inner: Shape, outer: Shape): boolean {
  if (!inner.points.every((point) => covers(outer, point))) return false
  const innerEdges = segmentsOf(inner)
  const outerEdges = segmentsOf(outer)
  if (!innerEdges.every((edge) => piecesOf(edge, outerEdges, outer.points).every((middle) => covers(outer, middle)))) return false
  if (inner.polygons.length === 0) return true
  if (outer.polygons.length === 0) return false
  // An edge of `outer` inside `inner` is a hole or a gap, unless both of its sides belong to `outer`.
  return outerEdges.every((edge) =>
    piecesOf(edge, innerEdges, []).every((middle) => !isInside(inner, middle) || sidesOf(edge, middle).every((side) => covers(outer, side))),
  )
}

function doOverlap(a: Shape, b: Shape): boolean {
  const dimension = dimensionOf(a)
  if (dimension !== dimensionOf(b) || areApart(a.bounds, b.bounds)) return false
  const share =
    dimension === 0
      ? a.points.some((point) => covers(b, point))
      : dimension === 1
        ? segmentsOf(a).some((edge) => piecesOf(edge, segmentsOf(b), []).some((middle) => covers(b, middle)))
        : doShareArea(a, b)
  return share && !isCovered(a, b) && !isCovered(b, a)
}

function doShareArea(a: Shape, b: Shape): boolean {
  const [edgesA, edgesB] = [segmentsOf(a), segmentsOf(b)]
  return (
    edgesA.some((edge) => piecesOf(edge, edgesB, []).some((middle) => isInside(b, middle))) ||
    edgesB.some((edge) => piecesOf(edge, edgesA, []).some((middle) => isInside(a, middle)))
  )
}

function dimensionOf({ lines, polygons }: Shape): 0 | 1 | 2 {
  return polygons.length > 0 ? 2 : lines.length > 0 ? 1 : 0
}

function covers(shape: Shape, point: LonLat): boolean {
  return (
    shape.points.some((own) => isSame(own, point)) ||
    isOnEdge(shape, point) ||
    shape.polygons.some((polygon) => isInPolygon(point, polygon))
  )
}

function isInside(shape: Shape, point: LonLat): boolean {
  return !isOnEdge(shape, point) && shape.polygons.some((polygon) => isInPolygon(point, polygon))
}

function isOnEdge({ lines, polygons }: Shape, point: LonLat): boolean {
  const isOn = (line: readonly LonLat[]): boolean => line.some((end, index) => index > 0 && isOnSegment(point, [line[index - 1]!, end]))
  return lines.some(isOn) || polygons.some((rings) => rings.some(isOn))
}

function isSame(a: LonLat, b: LonLat): boolean {
  return Math.abs(a[0] - b[0]) <= TOLERANCE_DEG && Math.abs(a[1] - b[1]) <= TOLERANCE_DEG
}

function isOnSegment(point: LonLat, [from, to]: Segment): boolean {
  const share = shareAlong(point, [from, to])
  return Math.hypot(from[0] + (to[0] - from[0]) * share - point[0], from[1] + (to[1] - from[1]) * share - point[1]) <= TOLERANCE_DEG
}

/** Where along the segment, from 0 to 1, the nearest point lies; `shrink` scales longitudes for a local flat map. */
function shareAlong(point: LonLat, [from, to]: Segment, shrink = 1): number {
  const dx = (to[0] - from[0]) * shrink
  const dy = to[1] - from[1]
  const squared = dx * dx + dy * dy
  if (squared === 0) return 0
  const share = ((point[0] - from[0]) * shrink * dx + (point[1] - from[1]) * dy) / squared
  return Math.min(1, Math.max(0, share))
}

/** Shares along `edge` where `other` touches it: none, a point, or the two ends of a common stretch. */
function crossings(edge: Segment, other: Segment): number[] {
  const [[ax, ay], [bx, by]] = edge
  const [[cx, cy], [dx, dy]] = other
  if (Math.max(ax, bx) < Math.min(cx, dx) - TOLERANCE_DEG || Math.max(cx, dx) < Math.min(ax, bx) - TOLERANCE_DEG) return []
  if (Math.max(ay, by) < Math.min(cy, dy) - TOLERANCE_DEG || Math.max(cy, dy) < Math.min(ay, by) - TOLERANCE_DEG) return []
  const touching = [
    ...other.filter((end) => isOnSegment(end, edge)).map((end) => shareAlong(end, edge)),
    ...(isOnSegment(edge[0], other) ? [0] : []),
    ...(isOnSegment(edge[1], other) ? [1] : []),
  ]
  if (touching.length > 0) return touching
  const cross = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
  if (cross === 0) return []
  const onEdge = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / cross
  const onOther = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / cross
  return onEdge >= 0 && onEdge <= 1 && onOther >= 0 && onOther <= 1 ? [onEdge] : []
}

/** The edge cut wherever the others touch it: the middle of each piece, and the edge's own ends. */
function piecesOf(edge: Segment, others: readonly Segment[], points: readonly LonLat[]): LonLat[] {
  const cuts = new Set([0, 1])
  for (const other of others) for (const share of crossings(edge, other)) cuts.add(share)
  for (const point of points) if (isOnSegment(point, edge)) cuts.add(shareAlong(point, edge))
  const sorted = [...cuts].sort((a, b) => a - b)
  const [[ax, ay], [bx, by]] = edge
  const length = Math.hypot(bx - ax, by - ay)
  const at = (share: number): LonLat => [ax + (bx - ax) * share, ay + (by - ay) * share]
  const middles: LonLat[] = []
  for (let index = 1; index < sorted.length; index++) {
    // Cuts closer than the tolerance are one cut, found twice.
    if ((sorted[index]! - sorted[index - 1]!) * length > TOLERANCE_DEG * 4) middles.push(at((sorted[index]! + sorted[index - 1]!) / 2))
  }
  return middles.length > 0 ? middles : [edge[0]]
}

function sidesOf([from, to]: Segment, middle: LonLat): LonLat[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  if (length === 0) return []
  const dx = ((to[1] - from[1]) / length) * TOLERANCE_DEG * 100
  const dy = ((to[0] - from[0]) / length) * TOLERANCE_DEG * 100
  return [
    [middle[0] + dx, middle[1] - dy],
    [middle[0] - dx, middle[1] + dy],
  ]
}

function nearestM(from: Shape, to: Shape): number {
  let nearest = Infinity
  const edges = segmentsOf(to)
  for (const point of verticesOf(from)) {
    for (const other of to.points) nearest = Math.min(nearest, distanceM(point, other))
    const shrink = Math.cos((point[1] * Math.PI) / 180)
    for (const [start, end] of edges) {
      const share = shareAlong(point, [start, end], shrink)
      nearest = Math.min(nearest, distanceM(point, [start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share]))
    }
  }
  return nearest
}
