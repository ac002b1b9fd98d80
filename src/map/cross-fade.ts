/**
 * Which of the two pictures of one layer is seen: cells far out, single sensors close up.
 *
 * What decides is how large a cell is on the screen, not the zoom: 500 m cells give way at the
 * same size in Porto and in Helsinki, on a telephone and on a wall. Between the two both are
 * drawn, so nothing pops.
 */
import type { LonLat } from '../core/geo/position.ts'

/** A cell whose radius is smaller than this stands alone; one larger than `CELLS_GONE_PX` has given way. */
export const CELLS_ALONE_PX = 17
export const CELLS_GONE_PX = 30

/** Web Mercator's equator on MapLibre's 512 px tiles. */
const EQUATOR_M = 40_075_016.69
const TILE_PX = 512

export interface Fade {
  /** 0 to 1. */
  readonly cells: number
  readonly sensors: number
}

/** CSS pixels of a length on the ground at that latitude. */
export function pixelsOf(lengthM: number, [, lat]: LonLat, zoom: number): number {
  return (lengthM * TILE_PX * 2 ** zoom) / (EQUATOR_M * Math.cos((lat * Math.PI) / 180))
}

export function crossFade(cellRadiusPx: number): Fade {
  const t = Math.min(1, Math.max(0, (cellRadiusPx - CELLS_ALONE_PX) / (CELLS_GONE_PX - CELLS_ALONE_PX)))
  const sensors = t * t * (3 - 2 * t)
  return { cells: 1 - sensors, sensors }
}
