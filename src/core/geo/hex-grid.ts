/**
 * A hexagonal grid in metres around a city's anchor.
 *
 * The plane is the equirectangular projection at the anchor's latitude: within a city its
 * lengths are true to 0.1 %, so a 500 m cell is 500 m in Porto and in Helsinki and two cities
 * can be compared cell by cell. Web Mercator cells would be 1.5 times larger in Porto.
 */
import { EARTH_RADIUS_M, type LonLat } from './position.ts'

const RAD = Math.PI / 180
const SQRT3 = Math.sqrt(3)

export interface HexGrid {
  /** Distance from a cell's centre to its corner, metres. */
  readonly radiusM: number
  /** One integer for each cell: stable for a given anchor and radius. */
  cellOf(position: LonLat): number
  centreOf(cell: number): LonLat
}

// Axial coordinates are kept within ±2^20, so a cell is q·2^21 + r, exact in a double.
const OFFSET = 2 ** 20
const SPAN = 2 ** 21

export function createHexGrid(anchor: LonLat, radiusM: number): HexGrid {
  const metresPerLat = EARTH_RADIUS_M * RAD
  const metresPerLon = metresPerLat * Math.cos(anchor[1] * RAD)
  return {
    radiusM,
    cellOf([lon, lat]) {
      const x = (lon - anchor[0]) * metresPerLon
      const y = (lat - anchor[1]) * metresPerLat
      // Pointy-top axial coordinates, then rounding in cube space.
      const q = ((SQRT3 / 3) * x - y / 3) / radiusM
      const r = ((2 / 3) * y) / radiusM
      let rq = Math.round(q)
      let rr = Math.round(r)
      const rs = Math.round(-q - r)
      const dq = Math.abs(rq - q)
      const dr = Math.abs(rr - r)
      const ds = Math.abs(rs + q + r)
      if (dq > dr && dq > ds) rq = -rr - rs
      else if (dr > ds) rr = -rq - rs
      return (rq + OFFSET) * SPAN + (rr + OFFSET)
    },
    centreOf(cell) {
      const q = Math.floor(cell / SPAN) - OFFSET
      const r = (cell % SPAN) - OFFSET
      const x = radiusM * SQRT3 * (q + r / 2)
      const y = radiusM * 1.5 * r
      return [anchor[0] + x / metresPerLon, anchor[1] + y / metresPerLat]
    },
  }
}
