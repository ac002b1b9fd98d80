/**
 * GeoJSON geometries (RFC 7946) as a GeoProperty may hold them: all but GeometryCollection (CIM 009, 4.7.1).
 *
 * Positions are checked, shapes are not mended: an open ring or a line of one point passes, because it
 * can be drawn; a position off the globe or not of numbers makes the whole geometry unusable.
 */
import { isPosition } from '../core/geo/position.ts'
import type { Geometry } from './entity.ts'
import { isObject, own, shown, type DecodeRun, type UnknownObject } from './decode-run.ts'

/** Geometry types by lower-case name, with how many lists lie around a position. */
const GEOMETRIES: ReadonlyMap<string, readonly [type: string, nesting: number]> = new Map([
  ['point', ['Point', 0]],
  ['multipoint', ['MultiPoint', 1]],
  ['linestring', ['LineString', 1]],
  ['multilinestring', ['MultiLineString', 2]],
  ['polygon', ['Polygon', 2]],
  ['multipolygon', ['MultiPolygon', 3]],
])

/** Does it look like a geometry, right or wrong? */
export function looksLikeGeometry(json: unknown): json is UnknownObject {
  if (!isObject(json) || !Array.isArray(own(json, 'coordinates'))) return false
  const type = own(json, 'type')
  if (typeof type === 'string') return GEOMETRIES.has(type.toLowerCase())
  // Scorpio's concise form drops the type of all but points: what is left is `coordinates` alone.
  return type === undefined && Object.keys(json).length === 1 && guessType(own(json, 'coordinates')) !== undefined
}

/** Reads a geometry, also one in lower case, without type, or written as text. Notes what is wrong with it. */
export function readGeometry(run: DecodeRun, json: unknown): Geometry | undefined {
  const geometry = typeof json === 'string' ? parsed(json, run.limits.maxTextLength) : json
  if (!isObject(geometry)) return run.reject(`expected a GeoJSON geometry, got ${shown(json)}`)
  const coordinates = own(geometry, 'coordinates')
  const name = own(geometry, 'type') ?? guessType(coordinates)
  const known = typeof name === 'string' ? GEOMETRIES.get(name.toLowerCase()) : undefined
  if (known === undefined) return run.reject(`expected a GeoJSON geometry type, got ${shown(name)}`, 'type')
  const [type, nesting] = known
  run.path.push('coordinates')
  const usable = run.allowsJson(coordinates) && arePositions(run, coordinates, nesting)
  run.path.pop()
  return usable ? { type, coordinates } : undefined
}

function arePositions(run: DecodeRun, coordinates: unknown, nesting: number): boolean {
  if (nesting === 0) {
    if (isPosition(coordinates)) return true
    run.reject(`expected [longitude, latitude] within ±180 and ±90 degrees, got ${textOf(coordinates)}`)
    return false
  }
  if (!Array.isArray(coordinates) || coordinates.length === 0) {
    run.reject(`expected a list of positions, got ${shown(coordinates)}`)
    return false
  }
  return coordinates.every((inner: unknown, index) => {
    run.path.push(index)
    const right = arePositions(run, inner, nesting - 1)
    run.path.pop()
    return right
  })
}

// The most common type of that nesting; only a closed ring makes a polygon.
function guessType(coordinates: unknown): string | undefined {
  if (isPosition(coordinates)) return 'Point'
  if (!Array.isArray(coordinates)) return undefined
  const [first] = coordinates as unknown[]
  if (isPosition(first)) return 'LineString'
  if (!Array.isArray(first)) return undefined
  const [start] = first as unknown[]
  const end: unknown = first.at(-1)
  if (isPosition(start) && isPosition(end)) {
    return first.length > 3 && start[0] === end[0] && start[1] === end[1] ? 'Polygon' : 'MultiLineString'
  }
  return Array.isArray(start) && isPosition(start[0]) ? 'MultiPolygon' : undefined
}

// CIM 009 4.7.2: a context that cannot nest lists carries the geometry as its text.
function parsed(text: string, maxLength: number): unknown {
  if (!text.startsWith('{') || text.length > maxLength) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller says what came instead
  }
}

function textOf(position: unknown): string {
  if (!Array.isArray(position) || position.length > 4) return shown(position)
  return `[${position.map(shown).join(', ')}]`
}
