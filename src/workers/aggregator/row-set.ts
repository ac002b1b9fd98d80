/** A set of rows as bits: adding is two writes, and its rows come out in order, next to each other in memory. */
export interface RowSet {
  readonly isEmpty: boolean
  add(row: number): void
  delete(row: number): void
  /** Takes in all rows of the other. */
  addAll(other: RowSet): void
  clear(): void
  /** In ascending order, those below `end`. Rows that are added meanwhile may be left out. */
  forEach(end: number, visit: (row: number) => void): void
  /** What `addAll` reads: a bit for each row, and a bit for each word of those that is not empty. */
  readonly bits: Uint32Array
  readonly words: Uint32Array
}

export function createRowSet(): RowSet {
  let bits = new Uint32Array(32)
  let words = new Uint32Array(1)
  let isEmpty = true

  function makeRoom(wordCount: number): void {
    const larger = new Uint32Array(2 ** Math.ceil(Math.log2(wordCount)))
    larger.set(bits)
    bits = larger
    const above = new Uint32Array(larger.length / 32)
    above.set(words)
    words = above
  }

  return {
    get isEmpty() {
      return isEmpty
    },
    get bits() {
      return bits
    },
    get words() {
      return words
    },
    add(row) {
      isEmpty = false
      const word = row >>> 5
      if (word >= bits.length) makeRoom(word + 1)
      bits[word]! |= 1 << (row & 31)
      words[word >>> 5]! |= 1 << (word & 31)
    },
    delete(row) {
      const word = row >>> 5
      if (word < bits.length) bits[word]! &= ~(1 << (row & 31))
    },
    addAll(other) {
      if (other.isEmpty) return
      isEmpty = false
      if (other.bits.length > bits.length) makeRoom(other.bits.length)
      for (let above = 0; above < other.words.length; above++) {
        if (other.words[above] === 0) continue
        words[above]! |= other.words[above]!
        for (let word = above * 32; word < above * 32 + 32; word++) bits[word]! |= other.bits[word]!
      }
    },
    clear() {
      if (isEmpty) return
      isEmpty = true
      bits.fill(0)
      words.fill(0)
    },
    forEach(end, visit) {
      for (let above = 0; above < words.length; above++) {
        let left = words[above]!
        while (left !== 0) {
          const word = above * 32 + lowestBit(left)
          left &= left - 1
          let rows = bits[word]!
          while (rows !== 0) {
            const row = word * 32 + lowestBit(rows)
            rows &= rows - 1
            if (row >= end) return
            visit(row)
          }
        }
      }
    },
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}

const BATCH = 256
const batch = new Int32Array(BATCH)

/** Visits the rows as `forEach` does, after showing them some at a time to `before`. */
export function inBatches(set: RowSet, end: number, before: (rows: Int32Array, length: number) => void, visit: (row: number) => void): void {
  let length = 0
  const flush = (): void => {
    before(batch, length)
    for (let i = 0; i < length; i++) visit(batch[i]!)
    length = 0
  }
  set.forEach(end, (row) => {
    batch[length++] = row
    if (length === BATCH) flush()
  })
  if (length > 0) flush()
}
