/** Writes rows of the columns into a frame's buffers: those that the buffers miss, or all, page by page. */
import type { Columns } from './columns.ts'
import type { FrameBuffers } from './frame-buffers.ts'
import { PAGE_BITS, PAGE_MASK, PAGE_ROWS, pagesFor, type Pages } from './pages.ts'
import type { RowSet } from './row-set.ts'

export interface Shown {
  /** What a row's value says in the view that is shown. */
  valueOf(row: number): number
  /** Undefined where the view has none. */
  readonly medianOf?: (row: number) => number
}

/** `shown`: another view than the value itself. */
export function writeRows(columns: Columns, headline: number, buffers: FrameBuffers, missing: RowSet | undefined, shown: Shown | undefined): void {
  if (missing === undefined) writeAll(columns, headline, buffers)
  else writeSome(columns, headline, buffers, missing)
  if (shown === undefined) return
  const write = (row: number): void => {
    buffers.plain[row] = columns.values[row >>> PAGE_BITS]![row & PAGE_MASK]!
    buffers.values[row] = shown.valueOf(row)
    if (shown.medianOf !== undefined) buffers.medians[row] = shown.medianOf(row)
  }
  if (missing !== undefined) missing.forEach(columns.count, write)
  else for (let row = 0; row < columns.count; row++) write(row)
}

function writeSome({ count, positions, values, observedAtMs, freshness, measurePages }: Columns, headline: number, buffers: FrameBuffers, missing: RowSet): void {
  const latest = measurePages(headline)
  missing.forEach(count, (row) => {
    const page = row >>> PAGE_BITS
    const at = row & PAGE_MASK
    const places = positions[row >>> (PAGE_BITS - 1)]!
    buffers.positions[row * 2] = places[(row * 2) & PAGE_MASK]!
    buffers.positions[row * 2 + 1] = places[((row * 2) & PAGE_MASK) + 1]!
    buffers.values[row] = values[page]![at]!
    buffers.latest[row] = latest[page]?.[at] ?? NaN
    buffers.observedAtMs[row] = observedAtMs[page]![at]!
    buffers.freshness[row] = freshness[page]![at]!
  })
}

function writeAll({ count, positions, values, observedAtMs, freshness, measurePages }: Columns, headline: number, buffers: FrameBuffers): void {
  copyPages(positions, count * 2, (page, at) => buffers.positions.set(page, at))
  copyPages(values, count, (page, at) => buffers.values.set(page, at))
  copyPages(observedAtMs, count, (page, at) => buffers.observedAtMs.set(page, at))
  copyPages(freshness, count, (page, at) => buffers.freshness.set(page, at))
  const latest = measurePages(headline)
  for (let index = 0; index < pagesFor(count); index++) {
    const from = index * PAGE_ROWS
    const to = Math.min(count, from + PAGE_ROWS)
    const page = latest[index]
    if (page === undefined) buffers.latest.fill(NaN, from, to)
    else buffers.latest.set(page.subarray(0, to - from), from)
  }
}

function copyPages<T extends { subarray(from: number, to: number): T }>(pages: Pages<T>, length: number, copy: (page: T, at: number) => void): void {
  for (let at = 0; at < length; at += PAGE_ROWS) copy(pages[at >>> PAGE_BITS]!.subarray(0, Math.min(PAGE_ROWS, length - at)), at)
}
