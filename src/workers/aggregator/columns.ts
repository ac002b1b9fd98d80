/**
 * The sensors of one domain as columns: one row a sensor, one typed array a property.
 *
 * Rows are dense, so a frame is a copy of the front of each array. When a sensor goes, the last one
 * takes its row: whoever keeps row numbers is told of that move. Arrays double when they are full
 * and are never given back, so a steady city allocates nothing.
 */
import type { Warning } from '../../domains/domain-model.ts'

export interface Columns {
  /** Rows in use. */
  readonly count: number
  /** Rows the arrays have room for. They are replaced when it grows: do not keep them. */
  readonly capacity: number
  readonly ids: readonly string[]
  readonly names: string[]
  readonly types: string[]
  readonly warnings: (readonly Warning[])[]
  /** [lon, lat] per row; NaN = no position. */
  readonly positions: Float32Array<ArrayBuffer>
  /** Of the last reading; NaN = none yet. */
  readonly observedAtMs: Float64Array<ArrayBuffer>
  /** Values of the last reading, one array for each measure; NaN = not observed. */
  readonly measures: readonly Float64Array<ArrayBuffer>[]
  /** Headline over the window; NaN = nothing measured. */
  readonly values: Float64Array<ArrayBuffer>
  /** Index into FRESHNESS. */
  readonly freshness: Uint8Array<ArrayBuffer>
  /** Hexagonal cell; NaN = no position. */
  readonly cells: Float64Array<ArrayBuffer>
  /** Window step at which the oldest bucket falls out and `values` is to be folded again. */
  readonly expiresAtStep: Float64Array<ArrayBuffer>
  /** Row of the sensor, or -1. */
  rowOf(id: string): number
  /** A row for a sensor not yet known, with nothing measured. */
  add(id: string): number
  /** Frees the row. Returns the row that moved into it, or -1 when it was the last. */
  remove(row: number): number
}

const FIRST_CAPACITY = 64

interface Arrays {
  positions: Float32Array<ArrayBuffer>
  observedAtMs: Float64Array<ArrayBuffer>
  measures: Float64Array<ArrayBuffer>[]
  values: Float64Array<ArrayBuffer>
  freshness: Uint8Array<ArrayBuffer>
  cells: Float64Array<ArrayBuffer>
  expiresAtStep: Float64Array<ArrayBuffer>
}

export function createColumns(measureCount: number): Columns {
  const rows = new Map<string, number>()
  const ids: string[] = []
  const names: string[] = []
  const types: string[] = []
  const warnings: (readonly Warning[])[] = []
  let arrays = allocate(FIRST_CAPACITY, measureCount)

  return {
    get count() {
      return ids.length
    },
    get capacity() {
      return arrays.values.length
    },
    get positions() {
      return arrays.positions
    },
    get observedAtMs() {
      return arrays.observedAtMs
    },
    get measures() {
      return arrays.measures
    },
    get values() {
      return arrays.values
    },
    get freshness() {
      return arrays.freshness
    },
    get cells() {
      return arrays.cells
    },
    get expiresAtStep() {
      return arrays.expiresAtStep
    },
    ids,
    names,
    types,
    warnings,
    rowOf(id) {
      return rows.get(id) ?? -1
    },
    add(id) {
      const row = ids.length
      if (row === arrays.values.length) arrays = grow(arrays, row * 2, measureCount)
      rows.set(id, row)
      ids.push(id)
      names.push(id)
      types.push('')
      warnings.push([])
      clear(arrays, row)
      return row
    },
    remove(row) {
      const last = ids.length - 1
      rows.delete(ids[row]!)
      if (row !== last) {
        ids[row] = ids[last]!
        names[row] = names[last]!
        types[row] = types[last]!
        warnings[row] = warnings[last]!
        rows.set(ids[row], row)
        move(arrays, last, row)
      }
      ids.pop()
      names.pop()
      types.pop()
      warnings.pop()
      return row === last ? -1 : last
    },
  }
}

function allocate(capacity: number, measureCount: number): Arrays {
  return {
    positions: new Float32Array(capacity * 2),
    observedAtMs: new Float64Array(capacity),
    measures: Array.from({ length: measureCount }, () => new Float64Array(capacity)),
    values: new Float64Array(capacity),
    freshness: new Uint8Array(capacity),
    cells: new Float64Array(capacity),
    expiresAtStep: new Float64Array(capacity),
  }
}

function grow(from: Arrays, capacity: number, measureCount: number): Arrays {
  const to = allocate(capacity, measureCount)
  to.positions.set(from.positions)
  to.observedAtMs.set(from.observedAtMs)
  for (const [index, measure] of to.measures.entries()) measure.set(from.measures[index]!)
  to.values.set(from.values)
  to.freshness.set(from.freshness)
  to.cells.set(from.cells)
  to.expiresAtStep.set(from.expiresAtStep)
  return to
}

function clear(arrays: Arrays, row: number): void {
  arrays.positions.fill(NaN, row * 2, row * 2 + 2)
  arrays.observedAtMs[row] = NaN
  for (const measure of arrays.measures) measure[row] = NaN
  arrays.values[row] = NaN
  arrays.freshness[row] = 0
  arrays.cells[row] = NaN
  arrays.expiresAtStep[row] = Infinity
}

function move(arrays: Arrays, from: number, to: number): void {
  arrays.positions.copyWithin(to * 2, from * 2, from * 2 + 2)
  arrays.observedAtMs[to] = arrays.observedAtMs[from]!
  for (const measure of arrays.measures) measure[to] = measure[from]!
  arrays.values[to] = arrays.values[from]!
  arrays.freshness[to] = arrays.freshness[from]!
  arrays.cells[to] = arrays.cells[from]!
  arrays.expiresAtStep[to] = arrays.expiresAtStep[from]!
}
