/**
 * Which sensors stand in which hexagonal cell, and the cell's value.
 *
 * A sensor's cell is computed when its position arrives, never again. A change of a sensor marks its
 * cell, and only marked cells are computed again: the cost grows with updates, not with sensors.
 */
import type { HexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { across, type Across } from '../../core/stats/across.ts'

interface Cell {
  readonly centre: LonLat
  readonly rows: Set<number>
  value: number
  sensors: number
  marked: boolean
}

export interface Cells {
  readonly radiusM: number
  readonly count: number
  /** Row `row` stands in `cell` now, and stood in `before` (NaN = in none). */
  place(row: number, before: number, cell: number): void
  /** The sensor of `from` is now in row `to`. */
  renumber(from: number, to: number, cell: number): void
  /** What the sensor says, or whether it counts, has changed. */
  mark(cell: number): void
  /** Computes the marked cells. `valueOf`: what a row says; NaN when it does not count. True when a cell was marked. */
  refresh(valueOf: (row: number) => number): boolean
  /** The cells one after another, always in the same order while none is added or removed. */
  write(target: { readonly centres: Float32Array; readonly values: Float32Array; readonly sensors: Uint16Array }): void
}

export function createCells(grid: HexGrid, statistic: Across): Cells {
  const cells = new Map<number, Cell>()
  const marked: Cell[] = []
  const present: number[] = []
  let changed = false

  function markCell(cell: Cell): void {
    if (cell.marked) return
    cell.marked = true
    marked.push(cell)
  }

  function leave(row: number, id: number): void {
    const cell = cells.get(id)
    if (cell === undefined) return
    cell.rows.delete(row)
    changed = true
    if (cell.rows.size === 0) cells.delete(id)
    else markCell(cell)
  }

  return {
    radiusM: grid.radiusM,
    get count() {
      return cells.size
    },
    place(row, before, id) {
      if (!Number.isNaN(before)) leave(row, before)
      if (Number.isNaN(id)) return
      let cell = cells.get(id)
      if (cell === undefined) {
        cell = { centre: grid.centreOf(id), rows: new Set(), value: NaN, sensors: 0, marked: false }
        cells.set(id, cell)
      }
      cell.rows.add(row)
      changed = true
      markCell(cell)
    },
    renumber(from, to, id) {
      const cell = cells.get(id)
      if (cell?.rows.delete(from) === true) cell.rows.add(to)
    },
    mark(id) {
      const cell = cells.get(id)
      if (cell !== undefined) markCell(cell)
    },
    refresh(valueOf) {
      const any = changed || marked.length > 0
      for (const cell of marked) {
        cell.marked = false
        present.length = 0
        for (const row of cell.rows) {
          const value = valueOf(row)
          if (!Number.isNaN(value)) present.push(value)
        }
        cell.sensors = present.length
        cell.value = across(statistic, present) ?? NaN
      }
      marked.length = 0
      changed = false
      return any
    },
    write({ centres, values, sensors }) {
      let index = 0
      for (const cell of cells.values()) {
        centres[index * 2] = cell.centre[0]
        centres[index * 2 + 1] = cell.centre[1]
        values[index] = cell.value
        sensors[index] = Math.min(cell.sensors, 0xffff)
        index++
      }
    },
  }
}
