/**
 * Sensors that stand on one another: when one of them is selected the others fan out around it, so that each can be
 * seen and hit. Where they really stand is shown by a line to it.
 */
import { offsetMetres } from './ground.ts'
import { pixelsOf } from './cross-fade.ts'
import type { SensorRows } from './sensor-marks.ts'

export interface FannedRow {
  readonly row: number
  /** Where it is drawn. */
  readonly position: readonly [lon: number, lat: number]
}

/** So near on the screen, one mark covers the other. */
const NEAR_PX = 8
/** More would be no fan but a crowd: those are for the list. */
const MOST = 12
const RADIUS_PX = 26
/** Along the circle, between two of the fan. */
const STEP_PX = 22
/** Straight up first: nothing of ours stands there. */
const FIRST_RAD = Math.PI / 2

/** The others within a few pixels of the row, around it on a circle; none where it stands alone. */
export function fanOut({ count, positions }: Pick<SensorRows, 'count' | 'positions'>, row: number, { zoom, scale = 1 }: { readonly zoom: number; readonly scale?: number }): readonly FannedRow[] {
  const lon = positions[2 * row]!
  const lat = positions[2 * row + 1]!
  if (row < 0 || row >= count || Number.isNaN(lon) || Number.isNaN(lat)) return []
  const pxPerMetre = pixelsOf(1, [lon, lat], zoom)
  const nearM = (NEAR_PX * scale) / pxPerMetre
  const rows = rowsNear(positions, count, row, nearM)
  const around = rows.length
  const radiusPx = scale * Math.max(RADIUS_PX, (around * STEP_PX) / (2 * Math.PI))
  return rows.map((one, at) => {
    const angle = FIRST_RAD - (at * 2 * Math.PI) / around
    const [dLon, dLat] = offsetMetres(lat, (Math.cos(angle) * radiusPx) / pxPerMetre, (Math.sin(angle) * radiusPx) / pxPerMetre)
    return { row: one, position: [lon + dLon, lat + dLat] }
  })
}

/** Nearest rows within the distance, without the row itself, in the order of the rows. */
function rowsNear(positions: Float32Array, count: number, row: number, nearM: number): number[] {
  const lon = positions[2 * row]!
  const lat = positions[2 * row + 1]!
  const [nearLon, nearLat] = offsetMetres(lat, nearM, nearM)
  const found: number[] = []
  for (let other = 0; other < count && found.length < MOST; other++) {
    const east = (positions[2 * other]! - lon) / nearLon
    const north = (positions[2 * other + 1]! - lat) / nearLat
    if (other !== row && east * east + north * north <= 1) found.push(other)
  }
  return found
}
