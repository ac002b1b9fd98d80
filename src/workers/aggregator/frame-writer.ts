/** Writes rows of the columns into a frame's buffers: those that the buffers miss, or all. */
import type { Columns } from './columns.ts'
import type { FrameBuffers } from './frame-buffers.ts'
import { BYTES, DOUBLES, FLOATS, FRESHNESS, LAT, LON, OBSERVED_AT, VALUE } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK, type Pages } from './pages.ts'
import type { RowSet } from './row-set.ts'

export interface Shown {
  /** What a row's value says in the view that is shown. */
  valueOf(row: number): number
  /** Undefined where the view has none. */
  readonly medianOf?: (row: number) => number
}

/** `missing`: the rows to write; undefined = all. `shown`: another view than the value itself. `districts`: by row, where the city has any. */
export function writeRows(columns: Columns, headline: number, buffers: FrameBuffers, missing: RowSet | undefined, shown: Shown | undefined, districts: Pages<Uint8Array> | undefined): void {
  const { count } = columns
  const { rows, length } = missing === undefined ? { rows: undefined, length: count } : missing.list(count)
  const { doubles, floats, bytes } = columns.hot
  const { positions, values, latest, observedAtMs, freshness, districtOf } = buffers
  for (let i = 0; i < length; i++) {
    const row = rows === undefined ? i : rows[i]!
    const page = row >>> PAGE_BITS
    const at = row & PAGE_MASK
    positions[row * 2] = floats[page]![(at << FLOATS) + LON]!
    positions[row * 2 + 1] = floats[page]![(at << FLOATS) + LAT]!
    observedAtMs[row] = doubles[page]![(at << DOUBLES) + OBSERVED_AT]!
    freshness[row] = bytes[page]![(at << BYTES) + FRESHNESS]!
    // Without districts the buffer is all 0, as it was made.
    if (districts !== undefined) districtOf[row] = districts[page]![at]!
    latest[row] = columns.measure(headline, row)
    values[row] = doubles[page]![(at << DOUBLES) + VALUE]!
  }
  if (shown === undefined) return
  for (let i = 0; i < length; i++) {
    const row = rows === undefined ? i : rows[i]!
    buffers.plain[row] = values[row]!
    values[row] = shown.valueOf(row)
    if (shown.medianOf !== undefined) buffers.medians[row] = shown.medianOf(row)
  }
}
