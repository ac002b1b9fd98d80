/**
 * Which rows stand in which hexagonal cell, all computed at once, and the cells' values at one instant.
 *
 * A jump in time changes most sensors, so following single changes would cost more than summing up
 * every cell: rows are kept in the order of their cells, and each cell is a stretch of one array.
 */
import type { HexGrid } from '../../core/geo/hex-grid.ts'
import { acrossNumbers } from '../../core/stats/across-numbers.ts'
import type { Across } from '../../core/stats/across.ts'

export interface CellGroups {
  readonly count: number
  /** `values`: by row, NaN = does not count. */
  write(statistic: Across, values: Float64Array, target: { readonly centres: Float32Array; readonly values: Float32Array; readonly sensors: Uint16Array }): void
}

/** `shown`: 1 for a row that is in the picture. */
export function groupByCell(grid: HexGrid, { rows, positions, shown }: { readonly rows: number; readonly positions: Float32Array; readonly shown: Uint8Array }): CellGroups {
  const indexOf = new Map<number, number>()
  const centres: number[] = []
  const sizes: number[] = []
  const cellOfRow = new Int32Array(rows).fill(-1)
  for (let row = 0; row < rows; row++) {
    const lon = positions[row * 2]!
    if (shown[row] !== 1 || Number.isNaN(lon)) continue
    const cell = grid.cellOf([lon, positions[row * 2 + 1]!])
    let index = indexOf.get(cell)
    if (index === undefined) {
      indexOf.set(cell, (index = sizes.length))
      centres.push(...grid.centreOf(cell))
      sizes.push(0)
    }
    cellOfRow[row] = index
    sizes[index]!++
  }
  const starts = new Uint32Array(sizes.length + 1)
  sizes.forEach((size, index) => (starts[index + 1] = starts[index]! + size))
  const next = starts.slice()
  const order = new Uint32Array(starts[sizes.length]!)
  for (let row = 0; row < rows; row++) if (cellOfRow[row]! >= 0) order[next[cellOfRow[row]!]!++] = row
  const gathered = new Float64Array(sizes.reduce((a, b) => Math.max(a, b), 0))
  return {
    count: sizes.length,
    write(statistic, values, target) {
      target.centres.set(centres)
      for (let cell = 0; cell < sizes.length; cell++) {
        let count = 0
        for (let index = starts[cell]!; index < starts[cell + 1]!; index++) {
          const value = values[order[index]!]!
          if (!Number.isNaN(value)) gathered[count++] = value
        }
        target.values[cell] = acrossNumbers(statistic, gathered.subarray(0, count)) ?? NaN
        target.sensors[cell] = Math.min(count, 0xffff)
      }
    },
  }
}
