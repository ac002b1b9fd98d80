/**
 * A city to simulate, out of its basemap file: what is dry land inside the boundary, which districts and
 * main axes it has.
 */
import { distanceToPathM } from '../../core/geo/placement.ts'
import { boundsOf, distanceM, isInBounds, isInPolygon, isPosition, type Bounds, type LonLat, type Polygon } from '../../core/geo/position.ts'
import type { SampleCity, SampleCorridor, SampleDistrict } from '../../domains/sample-world.ts'

export interface SampleCityMeta {
  readonly id: string
  readonly name: string
  readonly timeZone: string
  readonly anchor: LonLat
}

const DISTRICT_KINDS: readonly SampleDistrict['kind'][] = ['centre', 'residential', 'industrial', 'park', 'waterfront', 'campus']
const CENTRE_M = 1_300 // a district this close to the anchor is part of the centre unless the file says otherwise
const BANK_M = 8 // nothing is put nearer to the edge of a stream

interface Area {
  readonly bounds: Bounds
  readonly polygon: Polygon
}

interface Stream {
  readonly bounds: Bounds
  readonly path: readonly LonLat[]
  readonly halfM: number
}

/** `geojson` is the parsed basemap file. What it does not have is not demanded: without an outline all land counts. */
export function loadSampleCity(geojson: unknown, meta: SampleCityMeta): SampleCity {
  const land: Area[] = []
  const water: Area[] = []
  const outline: Area[] = []
  const streams: Stream[] = []
  const corridors: SampleCorridor[] = []
  const places: { readonly name: string; readonly centre: LonLat; readonly use: unknown }[] = []

  for (const { properties, type, coordinates } of featuresOf(geojson)) {
    const kind = properties['kind']
    const name = typeof properties['name'] === 'string' ? properties['name'] : ''
    if (type === 'Polygon') {
      const area = areaOf(coordinates)
      if (area === undefined) continue
      if (kind === 'land') land.push(area)
      else if (kind === 'water' || kind === 'river') water.push(area)
      else if (kind === 'outline') outline.push(area)
    } else if (type === 'LineString') {
      const path = positionsOf(coordinates)
      if (path.length < 2) continue
      if (kind === 'road') corridors.push({ name, path, isMotorway: properties['motorway'] === true })
      else if (kind === 'river') {
        const halfM = (typeof properties['widthM'] === 'number' ? properties['widthM'] : 20) / 2 + BANK_M
        streams.push({ path, halfM, bounds: widened(boundsOf(path)!) })
      }
    } else if (type === 'Point' && kind === 'district' && isPosition(coordinates)) {
      places.push({ name, centre: [coordinates[0], coordinates[1]], use: properties['use'] })
    }
  }

  const isWithin = (position: LonLat, areas: readonly Area[]): boolean =>
    areas.some(({ bounds, polygon }) => isInBounds(position, bounds) && isInPolygon(position, polygon))
  const isInStream = (position: LonLat): boolean =>
    streams.some(({ bounds, path, halfM }) => isInBounds(position, bounds) && distanceToPathM(position, path) < halfM)
  const isInside = (position: LonLat): boolean => outline.length === 0 || isWithin(position, outline)

  // Neighbouring towns have names on the map, too, but no sensors of this city.
  const inside = places.filter(({ centre }) => isInside(centre))
  return {
    ...meta,
    districts: inside.map(({ name, centre, use }) => ({ name, centre, radiusM: reachM(centre, inside), kind: kindOf(use, distanceM(centre, meta.anchor)) })),
    corridors,
    isLand: (position) =>
      isInside(position) && (land.length === 0 || isWithin(position, land)) && !isWithin(position, water) && !isInStream(position),
  }
}

/** Two thirds of the way to the next district: names near each other mean small quarters. */
function reachM(centre: LonLat, places: readonly { readonly centre: LonLat }[]): number {
  const others = places.map((place) => distanceM(centre, place.centre)).filter((distance) => distance > 1)
  const nearest = others.length === 0 ? 1_500 : Math.min(...others)
  return Math.min(1_500, Math.max(450, nearest * 0.66))
}

function kindOf(use: unknown, fromAnchorM: number): SampleDistrict['kind'] {
  const said = DISTRICT_KINDS.find((kind) => kind === use)
  return said ?? (fromAnchorM < CENTRE_M ? 'centre' : 'residential')
}

function areaOf(coordinates: unknown): Area | undefined {
  if (!Array.isArray(coordinates)) return undefined
  const polygon = (coordinates as unknown[]).map(positionsOf)
  const bounds = boundsOf(polygon[0] ?? [])
  return bounds === undefined ? undefined : { bounds, polygon }
}

function positionsOf(coordinates: unknown): readonly LonLat[] {
  return Array.isArray(coordinates) ? (coordinates as unknown[]).filter(isPosition) : []
}

function widened([west, south, east, north]: Bounds): Bounds {
  const by = 0.003 // 200 m and more: wider than any stream drawn as a line
  return [west - by, south - by, east + by, north + by]
}

interface LooseFeature {
  readonly properties: Readonly<Record<string, unknown>>
  readonly type: unknown
  readonly coordinates: unknown
}

function featuresOf(geojson: unknown): readonly LooseFeature[] {
  const features = isObject(geojson) && Array.isArray(geojson['features']) ? (geojson['features'] as unknown[]) : []
  return features.flatMap((feature) => {
    if (!isObject(feature) || !isObject(feature['properties']) || !isObject(feature['geometry'])) return []
    return [{ properties: feature['properties'], type: feature['geometry']['type'], coordinates: feature['geometry']['coordinates'] }]
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
