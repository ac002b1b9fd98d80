/** A set of rows as bits: adding is two writes, and its rows come out in order, next to each other in memory. */
export interface RowSet {
  readonly isEmpty: boolean
  add(row: number): void
  delete(row: number): void
  /** Takes in all rows of the other. */
  addAll(other: RowSet): void
  clear(): void
  /** Those below `end`, in ascending order, and how many they are. The array is longer, and is the same for all sets: use it at once. */
  list(end: number): { readonly rows: Int32Array; readonly length: number }
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
    list(end) {
      let length = 0
      for (let above = 0; above < words.length; above++) {
        let left = words[above]!
        while (left !== 0) {
          const word = above * 32 + lowestBit(left)
          left &= left - 1
          let found = bits[word]!
          if (length + 32 > listed.length) listed = doubled(listed)
          while (found !== 0) {
            const row = word * 32 + lowestBit(found)
            found &= found - 1
            if (row < end) listed[length++] = row
          }
        }
      }
      return { rows: listed, length }
    },
  }
}

// Functions that are given to others and made anew for each use are never compiled well: so a list, and a plain loop over it.
let listed = new Int32Array(1_024)

function doubled(rows: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(rows.length * 2)
  more.set(rows)
  return more
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}
