/**
 * Positions on the globe, degrees WGS84, longitude first as in GeoJSON (RFC 7946).
 */
export type LonLat = readonly [lon: number, lat: number]

/** Box in degrees: west, south, east, north. Boxes across the antimeridian are not supported: no configured city needs one. */
export type Bounds = readonly [west: number, south: number, east: number, north: number]

/** A closed ring of positions; the first is repeated as the last, or not: readers accept both. */
export type Ring = readonly LonLat[]

/** Rings of one polygon: outline first, holes after. */
export type Polygon = readonly Ring[]

export const EARTH_RADIUS_M = 6_371_008.8 // IUGG mean radius

const RAD = Math.PI / 180

/** True for two finite numbers inside [-180, 180] × [-90, 90]. */
export function isPosition(value: unknown): value is LonLat {
  if (!Array.isArray(value) || value.length < 2) return false
  const [lon, lat] = value as unknown[]
  return (
    typeof lon === 'number' &&
    typeof lat === 'number' &&
    Number.isFinite(lon) &&
    Number.isFinite(lat) &&
    Math.abs(lon) <= 180 &&
    Math.abs(lat) <= 90
  )
}

export function isInBounds([lon, lat]: LonLat, [west, south, east, north]: Bounds): boolean {
  return lon >= west && lon <= east && lat >= south && lat <= north
}

/** Great-circle distance in metres (haversine; error under 0.5 % against the ellipsoid). */
export function distanceM([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const dLat = (latB - latA) * RAD
  const dLon = (lonB - lonA) * RAD
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(latA * RAD) * Math.cos(latB * RAD) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Even-odd test against one polygon with its holes. A point on an edge may fall on either side. */
export function isInPolygon([lon, lat]: LonLat, polygon: Polygon): boolean {
  let inside = false
  for (const ring of polygon) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!
      const [xj, yj] = ring[j]!
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside
    }
  }
  return inside
}

/** The smallest box around the positions, or undefined when there are none. */
export function boundsOf(positions: Iterable<LonLat>): Bounds | undefined {
  let west = Infinity
  let south = Infinity
  let east = -Infinity
  let north = -Infinity
  for (const [lon, lat] of positions) {
    west = Math.min(west, lon)
    south = Math.min(south, lat)
    east = Math.max(east, lon)
    north = Math.max(north, lat)
  }
  return west <= east ? [west, south, east, north] : undefined
}
