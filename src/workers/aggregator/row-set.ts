/** A set of rows as bits in pages: adding is one write, and its rows come out in order, next to each other in memory. */
import { PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './pages.ts'

export interface RowSet {
  readonly isEmpty: boolean
  add(row: number): void
  delete(row: number): void
  /** Takes in all rows of the other. */
  addAll(other: RowSet): void
  clear(): void
  /** In ascending order, those below `end`. Rows that are added meanwhile may be left out. */
  forEach(end: number, visit: (row: number) => void): void
  /** The pages, a word for 32 rows; what `addAll` reads. Undefined where nothing is. */
  readonly pages: readonly (Uint32Array | undefined)[]
}

const WORDS = PAGE_ROWS / 32

export function createRowSet(): RowSet {
  const pages: (Uint32Array | undefined)[] = []
  const spare: Uint32Array[] = []
  let isEmpty = true

  function pageAt(index: number): Uint32Array {
    while (pages.length <= index) pages.push(undefined)
    return (pages[index] ??= spare.pop() ?? new Uint32Array(WORDS))
  }

  return {
    get isEmpty() {
      return isEmpty
    },
    pages,
    add(row) {
      isEmpty = false
      pageAt(row >>> PAGE_BITS)[(row & PAGE_MASK) >>> 5]! |= 1 << (row & 31)
    },
    delete(row) {
      const page = pages[row >>> PAGE_BITS]
      if (page !== undefined) page[(row & PAGE_MASK) >>> 5]! &= ~(1 << (row & 31))
    },
    addAll(other) {
      if (other.isEmpty) return
      isEmpty = false
      for (const [index, from] of other.pages.entries()) {
        if (from === undefined) continue
        const to = pageAt(index)
        for (let i = 0; i < WORDS; i++) to[i]! |= from[i]!
      }
    },
    clear() {
      isEmpty = true
      for (const page of pages) if (page !== undefined) spare.push(page.fill(0))
      pages.length = 0
    },
    forEach(end, visit) {
      for (let index = 0; index < pages.length; index++) {
        const page = pages[index]
        if (page === undefined) continue
        for (let i = 0; i < WORDS; i++) {
          let word = page[i]!
          while (word !== 0) {
            const bit = 31 - Math.clz32(word & -word)
            word &= word - 1
            const row = index * PAGE_ROWS + i * 32 + bit
            if (row >= end) return
            visit(row)
          }
        }
      }
    },
  }
}
