/**
 * A kilometre grid around the city's anchor, clipped to the chart: how far is far, at a glance.
 * It lies in the same plane as the cells (`core/geo/hex-grid`), so a square is a true kilometre.
 */
import { type Bounds, EARTH_RADIUS_M, type LonLat } from '../core/geo/position.ts'

const METRES_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180

export interface GridLine {
  /** The largest step the line belongs to: 10 km lines are on the 5 km grid too. */
  readonly stepKm: 10 | 5 | 1
  readonly from: LonLat
  readonly to: LonLat
}

/** A box of more lines than this is no city. */
const MOST_LINES = 400

export function kilometreGrid(anchor: LonLat, [west, south, east, north]: Bounds): readonly GridLine[] {
  const kmPerLon = (METRES_PER_DEGREE * Math.cos((anchor[1] * Math.PI) / 180)) / 1000
  const kmPerLat = METRES_PER_DEGREE / 1000
  const columns = stepsBetween((west - anchor[0]) * kmPerLon, (east - anchor[0]) * kmPerLon)
  const rows = stepsBetween((south - anchor[1]) * kmPerLat, (north - anchor[1]) * kmPerLat)
  if (columns.length + rows.length > MOST_LINES) return []
  return [
    ...columns.map((km): GridLine => {
      const lon = anchor[0] + km / kmPerLon
      return { stepKm: stepOf(km), from: [lon, south], to: [lon, north] }
    }),
    ...rows.map((km): GridLine => {
      const lat = anchor[1] + km / kmPerLat
      return { stepKm: stepOf(km), from: [west, lat], to: [east, lat] }
    }),
  ]
}

function stepsBetween(from: number, to: number): number[] {
  const first = Math.ceil(from)
  const count = Math.max(0, Math.min(MOST_LINES + 1, Math.floor(to) - first + 1))
  return Array.from({ length: Number.isFinite(count) ? count : 0 }, (_, step) => first + step)
}

function stepOf(km: number): GridLine['stepKm'] {
  if (km % 10 === 0) return 10
  return km % 5 === 0 ? 5 : 1
}
