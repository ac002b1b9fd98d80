/**
 * Which of the two pictures of one layer is seen: cells far out, single sensors close up.
 *
 * What decides is how large the finest cell is on the screen, not the zoom: cells give way at the
 * same size in Porto and in Helsinki, on a telephone and on a wall. Coarser cells stand for finer ones
 * that would be too small to see; if theirs were the size that counts, sensors would come and go again
 * with each step. Between the two both are drawn, so nothing pops.
 */
import type { LonLat } from '../core/geo/position.ts'

/** From centre to corner, on the ground. */
export const FINEST_CELL_M = 500

/** Finest cells whose radius is smaller than this stand alone; larger than `CELLS_GONE_PX` they have given way. */
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

export function crossFade(finestRadiusPx: number): Fade {
  const t = Math.min(1, Math.max(0, (finestRadiusPx - CELLS_ALONE_PX) / (CELLS_GONE_PX - CELLS_ALONE_PX)))
  const sensors = t * t * (3 - 2 * t)
  return { cells: 1 - sensors, sensors }
}
