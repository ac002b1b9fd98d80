/**
 * The hexagonal cells of a layer and what each shows, kept by what changes.
 *
 * A sensor's cell is computed when its position arrives, never again. Means and sums are kept by adding
 * and taking away, exactly enough never to be counted anew (`running-sums.ts`). Of the highest and the median a
 * cell keeps its sensors' values beside each other: the highest is looked for again when it leaves, a median
 * whenever a value changes, of up to a few hundred sensors exactly and of more by a sketch.
 *
 * A cell's place in the arrays is its own while a sensor stands in it; frames leave out the empty ones.
 */
import type { HexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import type { Across } from '../../core/stats/across.ts'
import { createGroupedValues } from './grouped-values.ts'
import { addTo, clearSum, createRunningSums, grownSums, sumAt } from '../../core/stats/running-sums.ts'
import { ofSum, partOf } from './city-total.ts'
import { CELL, INTS, type HotRows } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'

export interface Cells {
  readonly radiusM: number
  /** Cells with a sensor in them. */
  readonly count: number
  /** The sensor of `row` stands here and gives `value` (NaN = it does not count). Undefined: it stands nowhere any more. */
  place(row: number, position: LonLat | undefined, value: number): void
  /** What the sensor gives has changed. */
  change(row: number, before: number, after: number): void
  /** The sensor of `from` is now in row `to`, and its cell with it. */
  move(from: number, to: number): void
  /** Computes what changed. True when something had. */
  refresh(): boolean
  /** The cells one after another, always in the same order while none is added or removed. */
  write(target: { readonly centres: Float32Array; readonly values: Float32Array; readonly sensors: Uint16Array }): void
}

/** Keeps one statistic of each cell. */
export interface CellStatistic {
  grow(cells: number): void
  /** `count`: how many sensors of the cell give a value now. */
  join(cell: number, row: number, value: number, count: number): void
  leave(cell: number, row: number, value: number, count: number): void
  change(cell: number, row: number, before: number, after: number, count: number): void
  /** The sensor of row `from` in the cell is now in row `to`. */
  move(cell: number, from: number, to: number): void
  /** `count`: how many sensors of the cell give a value, at least one. */
  value(cell: number, count: number): number
}

export const NO_CELL = -1

/** The cell of a row stands with the row. Rows come with `NO_CELL`. */
export function createCells(grid: HexGrid, statistic: Across, hot: HotRows): Cells {
  const { ints } = hot
  const kept: CellStatistic = statistic === 'max' || statistic === 'median' ? createGroupedValues(statistic, hot) : keepSums(statistic)
  const slots = new Map<number, number>()
  const free: number[] = []
  let centres = new Float32Array(0)
  let values = new Float32Array(0)
  /** Sensors that stand in the cell, and those of them that give a value. */
  let standing = new Uint32Array(0)
  let giving = new Uint32Array(0)
  let ids = new Float64Array(0)
  let isMarked = new Uint8Array(0)
  let marked = new Int32Array(0)
  let markedCount = 0
  let slotCount = 0
  let changed = false

  function growCells(): void {
    const length = Math.max(64, values.length * 2)
    centres = grown(new Float32Array(length * 2), centres)
    values = grown(new Float32Array(length), values)
    standing = grown(new Uint32Array(length), standing)
    giving = grown(new Uint32Array(length), giving)
    ids = grown(new Float64Array(length), ids)
    isMarked = grown(new Uint8Array(length), isMarked)
    marked = grown(new Int32Array(length), marked)
    kept.grow(length)
  }

  function slotOf(id: number): number {
    const known = slots.get(id)
    if (known !== undefined) return known
    if (free.length === 0 && slotCount === values.length) growCells()
    const cell = free.pop() ?? slotCount++
    slots.set(id, cell)
    ids[cell] = id
    const [lon, lat] = grid.centreOf(id)
    centres[cell * 2] = lon
    centres[cell * 2 + 1] = lat
    standing[cell] = giving[cell] = 0
    return cell
  }

  function mark(cell: number): void {
    if (isMarked[cell] === 1) return
    isMarked[cell] = 1
    marked[markedCount++] = cell
  }

  function leave(cell: number, row: number, value: number): void {
    changed = true
    if (!Number.isNaN(value)) giving[cell]!--
    kept.leave(cell, row, value, giving[cell]!)
    if (--standing[cell]! === 0) {
      slots.delete(ids[cell]!)
      free.push(cell)
    } else {
      mark(cell)
    }
  }

  return {
    radiusM: grid.radiusM,
    get count() {
      return slots.size
    },
    place(row, position, value) {
      const page = ints[row >>> PAGE_BITS]!
      const at = ((row & PAGE_MASK) << INTS) + CELL
      const before = page[at]!
      const cell = position === undefined ? NO_CELL : slotOf(grid.cellOf(position))
      if (cell === before) return
      if (before !== NO_CELL) leave(before, row, value)
      page[at] = cell
      if (cell === NO_CELL) return
      changed = true
      standing[cell]!++
      if (!Number.isNaN(value)) giving[cell]!++
      kept.join(cell, row, value, giving[cell]!)
      mark(cell)
    },
    change(row, before, after) {
      const cell = ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + CELL]!
      if (cell === NO_CELL) return
      giving[cell]! += (Number.isNaN(after) ? 0 : 1) - (Number.isNaN(before) ? 0 : 1)
      kept.change(cell, row, before, after, giving[cell]!)
      mark(cell)
    },
    move(from, to) {
      const cell = ints[to >>> PAGE_BITS]![((to & PAGE_MASK) << INTS) + CELL]!
      if (cell !== NO_CELL) kept.move(cell, from, to)
    },
    refresh() {
      const any = changed || markedCount > 0
      for (let i = 0; i < markedCount; i++) {
        const cell = marked[i]!
        isMarked[cell] = 0
        values[cell] = giving[cell] === 0 ? NaN : kept.value(cell, giving[cell]!)
      }
      markedCount = 0
      changed = false
      return any
    },
    write(target) {
      if (free.length === 0) {
        target.centres.set(centres.subarray(0, slotCount * 2))
        target.values.set(values.subarray(0, slotCount))
        for (let cell = 0; cell < slotCount; cell++) target.sensors[cell] = Math.min(giving[cell]!, 0xffff)
        return
      }
      let index = 0
      for (let cell = 0; cell < slotCount; cell++) {
        if (standing[cell] === 0) continue
        target.centres[index * 2] = centres[cell * 2]!
        target.centres[index * 2 + 1] = centres[cell * 2 + 1]!
        target.values[index] = values[cell]!
        target.sensors[index] = Math.min(giving[cell]!, 0xffff)
        index++
      }
    },
  }
}

function keepSums(statistic: 'sum' | 'mean' | 'energetic-mean'): CellStatistic {
  const part = partOf(statistic)
  let sums = createRunningSums(0)

  function change(cell: number, before: number, after: number, count: number): void {
    if (!Number.isNaN(before)) addTo(sums, cell, -part(before))
    if (!Number.isNaN(after)) addTo(sums, cell, part(after))
    if (count === 0) clearSum(sums, cell)
  }

  return {
    grow(cells) {
      sums = grownSums(sums, cells)
    },
    join: (cell, _, value, count) => change(cell, NaN, value, count),
    leave: (cell, _, value, count) => change(cell, value, NaN, count),
    change: (cell, _, before, after, count) => change(cell, before, after, count),
    move() {},
    value: (cell, count) => ofSum(statistic, sumAt(sums, cell), count),
  }
}

function grown<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from)
  return to
}
