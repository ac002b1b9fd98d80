/**
 * The highest and the median of cells: statistics of which a value cannot be taken away again.
 *
 * Each cell has its sensors' values in one array, so looking through them is one sweep over memory. Cells
 * of more than a few hundred sensors keep a sketch of their median, which values leave as they came.
 */
import { createQuantileSketch, type QuantileSketch } from '../../core/stats/quantile-sketch.ts'
import { medianIn } from '../../core/stats/median.ts'
import type { CellStatistic } from './cells.ts'
import { INTS, PLACE_IN_CELL, type HotRows } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'

interface Group {
  values: Float64Array
  rows: Int32Array
  length: number
  highest: number
  isStale: boolean
  sketch: QuantileSketch | undefined
}

/** Sensors of a cell whose median is exact. */
export const EXACT_SENSORS = 512

export function createGroupedValues(statistic: 'max' | 'median', { ints }: HotRows): CellStatistic {
  const groups: Group[] = []
  let scratch = new Float64Array(64)

  /** Where in its cell's array a row stands. */
  const placeOf = (row: number): number => ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + PLACE_IN_CELL]!
  const setPlace = (row: number, place: number): void => {
    ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + PLACE_IN_CELL] = place
  }

  function changed(group: Group, before: number, after: number): void {
    if (statistic === 'max') {
      if (after >= group.highest) group.highest = after
      else if (before === group.highest) group.isStale = true
      return
    }
    if (group.sketch === undefined && group.length > EXACT_SENSORS) {
      group.sketch = createQuantileSketch()
      for (let i = 0; i < group.length; i++) if (!Number.isNaN(group.values[i]!)) group.sketch.add(group.values[i]!)
      return
    }
    if (group.sketch === undefined) return
    if (!Number.isNaN(before)) group.sketch.remove(before)
    if (!Number.isNaN(after)) group.sketch.add(after)
    // Not at the bound itself: a cell at it would make and drop its sketch with every sensor.
    if (group.length < EXACT_SENSORS / 2) group.sketch = undefined
  }

  return {
    grow(cells) {
      while (groups.length < cells) groups.push({ values: new Float64Array(0), rows: new Int32Array(0), length: 0, highest: -Infinity, isStale: false, sketch: undefined })
    },
    join(cell, row, value) {
      const group = groups[cell]!
      if (group.length === group.rows.length) makeRoom(group)
      const place = group.length++
      group.values[place] = value
      group.rows[place] = row
      setPlace(row, place)
      changed(group, NaN, value)
    },
    leave(cell, row, value) {
      const group = groups[cell]!
      const place = placeOf(row)
      const last = --group.length
      const moved = group.rows[last]!
      group.values[place] = group.values[last]!
      group.rows[place] = moved
      setPlace(moved, place)
      changed(group, value, NaN)
      if (last === 0) Object.assign(group, { highest: -Infinity, isStale: false, sketch: undefined })
    },
    change(cell, row, before, after) {
      const group = groups[cell]!
      group.values[placeOf(row)] = after
      changed(group, before, after)
    },
    move(cell, _, to) {
      groups[cell]!.rows[placeOf(to)] = to
    },
    value(cell) {
      const group = groups[cell]!
      const { values, length } = group
      if (statistic === 'max') {
        if (group.isStale) {
          group.isStale = false
          group.highest = -Infinity
          for (let i = 0; i < length; i++) if (values[i]! > group.highest) group.highest = values[i]!
        }
        return group.highest
      }
      if (group.sketch !== undefined) return group.sketch.median() ?? NaN
      if (scratch.length < length) scratch = new Float64Array(length * 2)
      let count = 0
      for (let i = 0; i < length; i++) if (!Number.isNaN(values[i]!)) scratch[count++] = values[i]!
      return medianIn(scratch, count)
    },
  }
}

function makeRoom(group: Group): void {
  const length = Math.max(4, Math.ceil(group.rows.length * 1.5))
  const values = new Float64Array(length)
  const rows = new Int32Array(length)
  values.set(group.values)
  rows.set(group.rows)
  group.values = values
  group.rows = rows
}
