/** Where the map looks, as a link says it: latitude, longitude and zoom, so exact that nobody sees the difference. */
import type { LonLat } from '../core/geo/position.ts'

export interface MapPlace {
  readonly centre: LonLat
  readonly zoom: number
}

/** Of Web Mercator: beyond, no map is drawn. */
const MAX_LATITUDE = 85
const MAX_ZOOM = 24

/** "41.14961,-8.61099,12.4": latitude first, as people copy it from maps. Five digits are a metre. */
export function placeParameter({ centre: [lon, lat], zoom }: MapPlace): string {
  return [digits(lat, 5), digits(lon, 5), digits(zoom, 2)].join(',')
}

export function readPlace(text: string): MapPlace | undefined {
  const parts = text.split(',')
  if (parts.length !== 3 || !parts.every((part) => /^-?\d{1,3}(\.\d{1,15})?$/.test(part))) return undefined
  const [lat, lon, zoom] = parts.map(Number) as [number, number, number]
  if (Math.abs(lat) > MAX_LATITUDE || Math.abs(lon) > 180 || zoom < 0 || zoom > MAX_ZOOM) return undefined
  return { centre: [lon, lat], zoom }
}

// Adding zero makes 0 of −0, which would be read as another text.
function digits(value: number, most: number): string {
  return String(Number(value.toFixed(most)) + 0)
}
