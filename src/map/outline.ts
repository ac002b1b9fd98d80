/**
 * The offline basemap file: coast, rivers, parks and names of one city as GeoJSON.
 * It is fetched, so it is read with doubt: what is not as expected is left out and counted.
 */
import { type Bounds, isPosition, type LonLat } from '../core/geo/position.ts'
import { plainText } from './plain-text.ts'

export const OUTLINE_KINDS = ['land', 'water', 'river', 'outline', 'park', 'district', 'landmark'] as const
export type OutlineKind = (typeof OUTLINE_KINDS)[number]

export interface OutlineFeature {
  readonly type: 'Feature'
  readonly properties: { readonly kind: OutlineKind; readonly name?: string; readonly rank?: number; readonly widthM?: number }
  readonly geometry: OutlineGeometry
}

export type OutlineGeometry =
  | { readonly type: 'Point'; readonly coordinates: LonLat }
  | { readonly type: 'LineString'; readonly coordinates: readonly LonLat[] }
  | { readonly type: 'MultiLineString' | 'Polygon'; readonly coordinates: readonly (readonly LonLat[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly LonLat[])[])[] }

export interface Outline {
  readonly features: readonly OutlineFeature[]
  /** Plain text. */
  readonly attribution: string
  /** Features that were not understood. */
  readonly rejected: number
}

export const EMPTY_OUTLINE: Outline = { features: [], attribution: '', rejected: 0 }

/** How deep the positions of each geometry lie. */
const DEPTH: Readonly<Record<OutlineGeometry['type'], number>> = { Point: 0, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }

/** Undefined when it is not a FeatureCollection at all. */
export function readOutline(json: unknown): Outline | undefined {
  if (!isObject(json) || json['type'] !== 'FeatureCollection' || !Array.isArray(json['features'])) return undefined
  const features: OutlineFeature[] = []
  for (const candidate of json['features'] as unknown[]) {
    const feature = readFeature(candidate)
    if (feature) features.push(feature)
  }
  return { features, attribution: plainText(json['attribution']), rejected: json['features'].length - features.length }
}

/** The names on the map: what a font must be able to write. */
export function labelsOf(outline: Outline): string {
  return outline.features.map(({ properties }) => properties.name ?? '').join(' ')
}

/**
 * Where the file knows land from sea: the box around its land, or the city's box when it has none.
 * Beyond it the chart ends: drawing sea there would put Milan on an island.
 */
export function extentOf({ features }: Outline, otherwise: Bounds): Bounds {
  let [west, south, east, north]: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  const visit = (coordinates: unknown, depth: number): void => {
    if (depth > 0) return (coordinates as unknown[]).forEach((inner) => visit(inner, depth - 1))
    const [lon, lat] = coordinates as LonLat
    west = Math.min(west, lon)
    south = Math.min(south, lat)
    east = Math.max(east, lon)
    north = Math.max(north, lat)
  }
  for (const { properties, geometry } of features) {
    if (properties.kind === 'land') visit(geometry.coordinates, DEPTH[geometry.type])
  }
  return west < east && south < north ? [west, south, east, north] : otherwise
}

function readFeature(json: unknown): OutlineFeature | undefined {
  if (!isObject(json) || !isObject(json['properties']) || !isObject(json['geometry'])) return undefined
  const { kind, name, rank, widthM } = json['properties']
  const { type, coordinates } = json['geometry']
  if (!OUTLINE_KINDS.includes(kind as OutlineKind)) return undefined
  if (typeof type !== 'string' || !Object.hasOwn(DEPTH, type)) return undefined
  if (!arePositions(coordinates, DEPTH[type as OutlineGeometry['type']])) return undefined
  return {
    type: 'Feature',
    properties: {
      kind: kind as OutlineKind,
      ...(typeof name === 'string' ? { name: plainText(name) } : {}),
      ...(isNumber(rank) ? { rank } : {}),
      ...(isNumber(widthM) ? { widthM } : {}),
    },
    geometry: { type, coordinates } as OutlineGeometry,
  }
}

function arePositions(coordinates: unknown, depth: number): boolean {
  if (depth === 0) return isPosition(coordinates)
  return Array.isArray(coordinates) && coordinates.length > 0 && coordinates.every((inner) => arePositions(inner, depth - 1))
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
