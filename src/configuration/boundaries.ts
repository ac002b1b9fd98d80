/**
 * Boundaries of districts as GeoJSON (RFC 7946), read with doubt: the file comes from elsewhere, and a city that is
 * drawn turned round or in metres must be refused with the place in the file, not shown empty.
 *
 * Features of one name are one district. What is refused: rings that do not close, latitude before longitude, positions
 * far from the city, features without a name, and more vertices than every page should carry. A ring that overlaps
 * itself is taken as it is.
 */
import type { Area } from '../core/geo/areas.ts'
import { boundsOf, isInBounds, isPosition, type Bounds, type LonLat, type Polygon } from '../core/geo/position.ts'
import { err, ok, type Result } from '../core/result.ts'
import { show, type Problem } from './problem.ts'

export interface BoundaryOptions {
  /** The property that has a feature's name. */
  readonly nameKey: string
  /** The city's box: what lies far from it is another city's, or turned round. */
  readonly bounds: Bounds
}

/** One byte tells a sensor's district, and one of its values that it has none. */
export const MAX_DISTRICTS = 254
/** Of a city. Each page carries the boundaries of all cities; a district of 100 vertices is true to some metres. */
export const MAX_VERTICES = 8_000
const MAX_NAME = 80
/** More would only repeat what the first say. */
const MAX_PROBLEMS = 20
/** Five decimals: a metre. */
const DIGITS = 1e5

export function readBoundaries(json: unknown, { nameKey, bounds }: BoundaryOptions): Result<readonly Area[], readonly Problem[]> {
  if (!isObject(json) || json['type'] !== 'FeatureCollection') return err([{ path: 'type', expected: '"FeatureCollection"', got: isObject(json) ? show(json['type']) : show(json) }])
  const { features } = json
  if (!Array.isArray(features) || features.length === 0) return err([{ path: 'features', expected: 'a list with at least one district', got: show(features) }])
  const problems: Problem[] = []
  const polygons = new Map<string, Polygon[]>()
  let vertices = 0
  for (const [index, feature] of (features as unknown[]).entries()) {
    const path = `features[${index}]`
    const read = readFeature(feature, path, nameKey)
    if (!read.ok) {
      problems.push(...read.error)
      if (problems.length >= MAX_PROBLEMS) break
      continue
    }
    const { name, parts } = read.value
    vertices += parts.reduce((sum, rings) => sum + rings.reduce((length, ring) => length + ring.length, 0), 0)
    const known = polygons.get(name)
    if (known === undefined) polygons.set(name, [...parts])
    else known.push(...parts)
  }
  if (problems.length > 0) return err(problems.slice(0, MAX_PROBLEMS))
  const areas = [...polygons].map(([name, parts]): Area => ({ name, polygons: parts }))
  const first = misplaced(areas, bounds)
  if (first !== undefined) return err([first])
  if (areas.length > MAX_DISTRICTS) return err([{ path: 'features', expected: `at most ${MAX_DISTRICTS} names`, got: String(areas.length) }])
  if (vertices > MAX_VERTICES) return err([{ path: 'features', expected: `at most ${MAX_VERTICES} vertices in all (simplify the boundaries)`, got: String(vertices) }])
  return ok(areas.map(({ name, polygons: parts }) => ({ name, polygons: parts.map((rings) => rings.map((ring) => ring.map(rounded))) })))
}

interface Feature {
  readonly name: string
  readonly parts: readonly Polygon[]
}

function readFeature(feature: unknown, path: string, nameKey: string): Result<Feature, readonly Problem[]> {
  if (!isObject(feature) || feature['type'] !== 'Feature') return err([{ path: `${path}.type`, expected: '"Feature"', got: show(isObject(feature) ? feature['type'] : feature) }])
  const properties = isObject(feature['properties']) ? feature['properties'] : {}
  const name = nameIn(properties, nameKey)
  if (name === undefined) {
    const keys = Object.keys(properties).slice(0, 8).join(', ')
    return err([{ path: `${path}.properties.${nameKey}`, expected: `a name of up to ${MAX_NAME} letters${keys === '' ? '' : ` (there are: ${keys})`}`, got: show(Object.hasOwn(properties, nameKey) ? properties[nameKey] : undefined) }])
  }
  const { geometry } = feature
  const type = isObject(geometry) ? geometry['type'] : undefined
  if (!isObject(geometry) || (type !== 'Polygon' && type !== 'MultiPolygon')) return err([{ path: `${path}.geometry.type`, expected: '"Polygon" or "MultiPolygon"', got: show(type) }])
  const { coordinates } = geometry
  const at = `${path}.geometry.coordinates`
  const listed: unknown = type === 'Polygon' ? [coordinates] : coordinates
  if (!isFilled(listed)) return err([{ path: at, expected: 'at least one polygon', got: show(coordinates) }])
  const parts: Polygon[] = []
  for (const [index, polygon] of listed.entries()) {
    const read = readPolygon(polygon, type === 'Polygon' ? at : `${at}[${index}]`)
    if (!read.ok) return err([read.error])
    parts.push(read.value)
  }
  return ok({ name, parts })
}

function readPolygon(polygon: unknown, path: string): Result<Polygon, Problem> {
  if (!isFilled(polygon)) return err({ path, expected: 'a list of rings, the outline first', got: show(polygon) })
  const rings: LonLat[][] = []
  for (const [index, ring] of polygon.entries()) {
    const at = `${path}[${index}]`
    if (!Array.isArray(ring) || ring.length < 4) return err({ path: at, expected: 'a ring of at least four positions', got: Array.isArray(ring) ? String(ring.length) : show(ring) })
    const positions: LonLat[] = []
    for (const [place, position] of (ring as unknown[]).entries()) {
      if (!isPosition(position)) return err({ path: `${at}[${place}]`, expected: 'longitude and latitude in degrees (WGS84)', got: show(position) })
      positions.push([position[0], position[1]])
    }
    const [first, last] = [positions[0]!, positions.at(-1)!]
    if (first[0] !== last[0] || first[1] !== last[1]) return err({ path: at, expected: `a ring that ends where it begins, ${show(first)}`, got: show(last) })
    rings.push(positions)
  }
  return ok(rings)
}

/** The first district that is far from the city; undefined when all touch its surroundings. */
function misplaced(areas: readonly Area[], bounds: Bounds): Problem | undefined {
  const [west, south, east, north] = bounds
  // Districts reach beyond a box that was drawn around the sensors.
  const [air, airLat] = [east - west, north - south]
  const near: Bounds = [west - air, south - airLat, east + air, north + airLat]
  for (const { name, polygons } of areas) {
    const [first] = polygons[0]![0]!
    const [lon, lat] = first!
    if (isInBounds([lon, lat], near)) continue
    const box = boundsOf(polygons.flatMap((polygon) => polygon[0]!))!
    if (box[0] <= near[2] && box[2] >= near[0] && box[1] <= near[3] && box[3] >= near[1]) continue
    const where = `the boundary of ${JSON.stringify(name)}`
    if (isInBounds([lat, lon], near)) return { path: where, expected: 'longitude before latitude (RFC 7946)', got: show(first) }
    return { path: where, expected: `positions near the city's bounds ${show(bounds)}`, got: show(first) }
  }
  return undefined
}

function nameIn(properties: Record<string, unknown>, key: string): string | undefined {
  const value = Object.hasOwn(properties, key) ? properties[key] : undefined
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : ''
  return text === '' || text.length > MAX_NAME ? undefined : text
}

function rounded([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * DIGITS) / DIGITS, Math.round(lat * DIGITS) / DIGITS]
}

function isFilled(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
