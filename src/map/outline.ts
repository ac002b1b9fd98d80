/**
 * The offline basemap file: coast, rivers, parks and names of one city as GeoJSON.
 * It is fetched, so it is read with doubt: what is not as expected is left out and counted.
 */
import { type Bounds, isPosition, type LonLat } from '../core/geo/position.ts'
import { plainText } from './plain-text.ts'

export const OUTLINE_KINDS = ['land', 'water', 'river', 'outline', 'park', 'road', 'district', 'landmark'] as const
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
  /** Box the file covers: within it, what is not land is sea. */
  readonly bounds?: Bounds
  /** Features that are broken. One of a kind we do not draw is no mistake. */
  readonly rejected: number
}

export const EMPTY_OUTLINE: Outline = { features: [], attribution: '', rejected: 0 }

/** How deep the positions of each geometry lie. */
const DEPTH: Readonly<Record<OutlineGeometry['type'], number>> = { Point: 0, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }

/** Undefined when it is not a FeatureCollection at all. */
export function readOutline(json: unknown): Outline | undefined {
  if (!isObject(json) || json['type'] !== 'FeatureCollection' || !Array.isArray(json['features'])) return undefined
  const features: OutlineFeature[] = []
  let rejected = 0
  for (const candidate of json['features'] as unknown[]) {
    const feature = readFeature(candidate)
    if (feature === undefined) rejected++
    else if (feature !== 'unknown kind') features.push(feature)
  }
  const bounds = json['bbox']
  return {
    features,
    attribution: plainText(json['attribution']),
    ...(isBounds(bounds) ? { bounds } : {}),
    rejected,
  }
}

/** The names on the map: what a font must be able to write. */
export function labelsOf(outline: Outline): string {
  return outline.features.map(({ properties }) => properties.name ?? '').join(' ')
}

function isBounds(value: unknown): value is Bounds {
  return Array.isArray(value) && value.length === 4 && isPosition(value.slice(0, 2)) && isPosition(value.slice(2)) && value[0] < value[2] && value[1] < value[3]
}

function readFeature(json: unknown): OutlineFeature | 'unknown kind' | undefined {
  if (!isObject(json) || !isObject(json['properties']) || !isObject(json['geometry'])) return undefined
  const { kind, name, rank, widthM } = json['properties']
  const { type, coordinates } = json['geometry']
  if (typeof kind !== 'string') return undefined
  if (!OUTLINE_KINDS.includes(kind as OutlineKind)) return 'unknown kind'
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
