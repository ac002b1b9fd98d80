/**
 * Which rows are to be looked at because time has passed: a wheel of short lists, one for each quarter second
 * of the next four minutes.
 *
 * A row stands in the wheel once, at or before the instant it is due, so a sensor that reports again in time
 * costs nothing: when its turn comes it is looked at, found not to be due and put further on. What is due
 * beyond the wheel's end stands at its end. So the cost of a turn is that of the rows that stand in it,
 * not that of all rows.
 */
import { INTS, TICK, type HotRows } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'

export interface DueWheel {
  /** The row is to be looked at when `dueMs` has come. Infinity = never. */
  schedule(row: number, dueMs: number, nowMs: number): void
  /** Hands over each row whose turn has come; it stands in the wheel no more. May name one that is not due, never misses one that is. */
  turn(nowMs: number, look: (row: number) => void): void
  /** The row has another sensor, or none. */
  forget(row: number): void
}

const TICK_MS = 250
const TICKS = 1_024
export const NEVER = 0

interface List {
  rows: Int32Array
  length: number
}

/** A row's tick stands with the row. Rows come with `NEVER`. */
export function createDueWheel({ ints: ticks }: HotRows): DueWheel {
  const lists: (List | undefined)[] = Array.from({ length: TICKS })
  let spare: Int32Array = EMPTY
  /** Tick of `turn`'s last instant. */
  let current = NaN
  let origin = NaN

  function begin(nowMs: number): void {
    if (!Number.isNaN(origin)) return
    // The tick of a row is counted from here; 31 bits of them are 17 years.
    origin = Math.floor(nowMs / TICK_MS) - 1
    current = origin
  }

  return {
    schedule(row, dueMs, nowMs) {
      begin(nowMs)
      const page = ticks[row >>> PAGE_BITS]!
      const place = ((row & PAGE_MASK) << INTS) + TICK
      const before = page[place]!
      if (dueMs === Infinity && before === NEVER) return
      // At the earliest with the next turn, at the latest when the wheel has gone round.
      const tick = Math.min(Math.max(Math.floor(dueMs / TICK_MS), current), current + TICKS - 1) - origin + 1
      if (before !== NEVER && before <= tick) return
      page[place] = tick
      const list = (lists[tick % TICKS] ??= { rows: EMPTY, length: 0 })
      if (list.length === list.rows.length) list.rows = grown(list.rows)
      list.rows[list.length++] = row
    },
    turn(nowMs, look) {
      begin(nowMs)
      const now = Math.floor(nowMs / TICK_MS)
      // More than once round is once round. A clock set back waits: nothing is due earlier than before.
      for (let tick = Math.max(current, now - TICKS + 1); tick <= now; tick++) {
        const key = tick - origin + 1
        const list = lists[key % TICKS]
        if (list === undefined) continue
        const { rows, length } = list
        // A row that is not due yet may come back into the same list.
        list.rows = spare
        list.length = 0
        for (let i = 0; i < length; i++) {
          const row = rows[i]!
          const page = ticks[row >>> PAGE_BITS]!
          const place = ((row & PAGE_MASK) << INTS) + TICK
          const at = page[place]!
          // Some stand in a list no more: they were called earlier, or their row has another sensor.
          if (at === NEVER || at % TICKS !== key % TICKS) continue
          page[place] = NEVER
          current = tick
          look(row)
        }
        spare = rows
      }
      current = Math.max(current, now)
    },
    forget(row) {
      ticks[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + TICK] = NEVER
    },
  }
}

const EMPTY = new Int32Array(0)

function grown(rows: Int32Array): Int32Array {
  const more = new Int32Array(Math.max(16, rows.length * 2))
  more.set(rows)
  return more
}
