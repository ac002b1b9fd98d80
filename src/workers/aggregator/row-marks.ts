/**
 * Beside each row: which brokers are known to hold its sensor, and which of their snapshots have shown it.
 *
 * A notification's sensor is nearly always one that its broker has held for long. The marks say so without its id,
 * which would have to be made a string of to ask the broker's set (`broker-set.ts`). A mark that is missing says nothing:
 * then the set is asked. One that stands is true: whoever takes an id out of a set takes the mark away.
 */
import { BYTES, FLAGS, HOLDERS, type HotRows } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'

export interface RowMarks {
  /** Do all of these stand? A mark of 0 always does. */
  has(row: number, held: number, seen: number): boolean
  set(row: number, held: number, seen: number): void
  clear(row: number, held: number): void
  /** A snapshot begins: no row of `count` has been shown by it. */
  clearSeen(count: number, seen: number): void
}

/** Brokers that have marks: the first few of a city, which are all that any city of ours has. */
const MARKED = 6
/** Not in a byte: it never stands. */
const NEVER = 256
/** The bits of `FLAGS` below it have other uses. */
const FIRST_SEEN = 4

export function marksOf(broker: number): { readonly held: number; readonly seen: number } {
  return broker < MARKED ? { held: 1 << broker, seen: FIRST_SEEN << broker } : { held: NEVER, seen: NEVER }
}

export function createRowMarks({ bytes }: HotRows): RowMarks {
  return {
    has(row, held, seen) {
      const page = bytes[row >>> PAGE_BITS]!
      const at = (row & PAGE_MASK) << BYTES
      return (page[at + HOLDERS]! & held) === held && (page[at + FLAGS]! & seen) === seen
    },
    set(row, held, seen) {
      const page = bytes[row >>> PAGE_BITS]!
      const at = (row & PAGE_MASK) << BYTES
      page[at + HOLDERS]! |= held
      page[at + FLAGS]! |= seen
    },
    clear(row, held) {
      bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + HOLDERS]! &= ~held
    },
    clearSeen(count, seen) {
      for (let row = 0; row < count; row++) bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + FLAGS]! &= ~seen
    },
  }
}
