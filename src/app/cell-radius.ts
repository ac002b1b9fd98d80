/** Size of the hexagonal cells: 500 m on the ground, doubled far out until a cell can be seen. */
import { FINEST_CELL_M } from '../map/cross-fade.ts'

export const BASE_RADIUS_M = FINEST_CELL_M
const SMALLEST_PX = 11
const LARGEST_M = 32_000

export function cellRadiusFor(pixelsOf: (radiusM: number) => number): number {
  let radiusM = BASE_RADIUS_M
  while (pixelsOf(radiusM) < SMALLEST_PX && radiusM < LARGEST_M) radiusM *= 2
  return radiusM
}
