/**
 * From a sensor's id to its row, without keeping a string: open addressing over the id's bytes.
 *
 * A slot holds a row and 32 bits of the id's hash; bytes are compared only where those agree, so a look-up
 * is two cache misses, against the four or more of a `Map` with fresh strings. The slots lie in segments
 * of a few thousand that split one by one when they fill (extendible hashing), so the table grows from
 * nothing to a million without ever moving more than one segment.
 */
import { growPages, PAGE_BITS, PAGE_MASK, type Pages } from './pages.ts'
import { createTextStore, createUtf8Scratch, packWords } from './text-store.ts'

export interface IdTable {
  readonly count: number
  /** Row of the id, or -1. */
  rowOf(id: string): number
  /** The same from the UTF-8 of the id, as it stands between the quotes of a JSON text without escapes. */
  rowOfBytes(bytes: Uint8Array, start: number, end: number): number
  /** Gives the next row, `count`, to an id not yet known. */
  add(id: string): number
  addBytes(bytes: Uint8Array, start: number, end: number): number
  idOf(row: number): string
  isId(row: number, bytes: Uint8Array, start: number, end: number): boolean
  /** Frees the row: the last row takes its place, as in the columns. */
  remove(row: number): void
}

/** Slots of a segment; of two numbers each. */
const SEGMENT = 4_096
const FIRST_SEGMENT = 64
const FULL = 0.75
/** Beyond so many hash bits in common, ids were made to collide: their segment grows instead of splitting. */
const MAX_DEPTH = 20
const FREE = -1
const NUMBERS = (length: number): Float64Array => new Float64Array(length)

interface Segment {
  /** Hash and row by turns; row -1 = free. */
  slots: Int32Array
  used: number
  /** Upper hash bits that all ids in it share. */
  depth: number
}

export function createIdTable(): IdTable {
  const texts = createTextStore()
  const scratch = createUtf8Scratch()
  /** Address and length of each row's id. */
  const addresses: Pages<Float64Array> = []
  let directory: Segment[] = [createSegment(FIRST_SEGMENT, 0)]
  let directoryBits = 0
  let count = 0

  const segmentOf = (hash: number): Segment => directory[directoryBits === 0 ? 0 : hash >>> (32 - directoryBits)]!
  const packedOf = (row: number): number => addresses[row >>> PAGE_BITS]![row & PAGE_MASK]!

  /** The id in hand. */
  let words: Int32Array = new Int32Array(64)

  /** Of the bytes that ids were read from last: one notification has a thousand. */
  let seen: Uint8Array = new Uint8Array(0)
  let view = new DataView(seen.buffer)

  /** Takes the id in hand. Returns its hash. */
  function hold(bytes: Uint8Array, start: number, end: number): number {
    if (seen !== bytes) {
      seen = bytes
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    words = packWords(view, start, end, words)
    return hashOf(words, end - start)
  }

  const hashAt = (packed: number): number => texts.use(addressOf(packed), lengthOf(packed), hold)

  /** Of the id in hand. */
  function find(hash: number, length: number): number {
    const { slots } = segmentOf(hash)
    const mask = slots.length - 1
    for (let at = (hash << 1) & mask; ; at = (at + 2) & mask) {
      const row = slots[at + 1]!
      if (row === FREE) return -1
      if (slots[at] !== hash) continue
      const packed = packedOf(row)
      if (lengthOf(packed) === length && texts.equalsWords(addressOf(packed), length, words)) return row
    }
  }

  function insert(hash: number, row: number): void {
    let segment = segmentOf(hash)
    while (segment.used >= (segment.slots.length / 2) * FULL) {
      makeRoom(segment)
      segment = segmentOf(hash)
    }
    place(segment, hash, row)
  }

  function makeRoom(segment: Segment): void {
    if (segment.slots.length < SEGMENT * 2 || segment.depth >= MAX_DEPTH) {
      const { slots } = segment
      segment.slots = createSegment(slots.length, 0).slots
      segment.used = 0
      for (let at = 0; at < slots.length; at += 2) if (slots[at + 1] !== FREE) place(segment, slots[at]!, slots[at + 1]!)
      return
    }
    if (segment.depth === directoryBits) {
      directory = directory.flatMap((one) => [one, one])
      directoryBits++
    }
    const depth = segment.depth + 1
    const halves = [createSegment(SEGMENT, depth), createSegment(SEGMENT, depth)] as const
    const first = directory.indexOf(segment)
    const places = 2 ** (directoryBits - depth)
    for (let i = 0; i < places * 2; i++) directory[first + i] = halves[i < places ? 0 : 1]
    const { slots } = segment
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at + 1] !== FREE) place(halves[(slots[at]! >>> (32 - depth)) & 1]!, slots[at]!, slots[at + 1]!)
    }
  }

  function slotOf(segment: Segment, hash: number, row: number): number {
    const { slots } = segment
    const mask = slots.length - 1
    let at = (hash << 1) & mask
    while (slots[at + 1] !== row) at = (at + 2) & mask
    return at
  }

  function erase(hash: number, row: number): void {
    const segment = segmentOf(hash)
    const { slots } = segment
    const mask = slots.length - 1
    let hole = slotOf(segment, hash, row)
    // Those behind that would not be found past the hole move up into it.
    for (let at = (hole + 2) & mask; slots[at + 1] !== FREE; at = (at + 2) & mask) {
      const wanted = (slots[at]! << 1) & mask
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue
      slots[hole] = slots[at]!
      slots[hole + 1] = slots[at + 1]!
      hole = at
    }
    slots[hole + 1] = FREE
    segment.used--
  }

  function addBytes(bytes: Uint8Array, start: number, end: number): number {
    const hash = hold(bytes, start, end)
    const row = count++
    growPages(addresses, count, NUMBERS)
    addresses[row >>> PAGE_BITS]![row & PAGE_MASK] = texts.put(bytes, start, end) * LENGTHS + (end - start)
    insert(hash, row)
    return row
  }

  return {
    get count() {
      return count
    },
    rowOf(id) {
      const length = scratch.write(id)
      return find(hold(scratch.bytes, 0, length), length)
    },
    rowOfBytes(bytes, start, end) {
      const hash = hold(bytes, start, end)
      return find(hash, end - start)
    },
    isId(row, bytes, start, end) {
      const packed = packedOf(row)
      return texts.equals(addressOf(packed), lengthOf(packed), bytes, start, end)
    },
    add(id) {
      const length = scratch.write(id)
      return addBytes(scratch.bytes, 0, length)
    },
    addBytes,
    idOf(row) {
      const packed = packedOf(row)
      return texts.read(addressOf(packed), lengthOf(packed))
    },
    remove(row) {
      const last = count - 1
      const packed = packedOf(row)
      erase(hashAt(packed), row)
      texts.free(addressOf(packed), lengthOf(packed))
      if (row !== last) {
        const moved = packedOf(last)
        const hash = hashAt(moved)
        const segment = segmentOf(hash)
        segment.slots[slotOf(segment, hash, last) + 1] = row
        addresses[row >>> PAGE_BITS]![row & PAGE_MASK] = moved
      }
      count--
    },
  }
}

/** Address and length in one exact number: 4 GiB of ids, none longer than 2 MiB. */
const LENGTHS = 2 ** 21

const addressOf = (packed: number): number => Math.floor(packed / LENGTHS)
// The remainder of doubles is a loop in the processor, this is not.
const lengthOf = (packed: number): number => packed - Math.floor(packed / LENGTHS) * LENGTHS

function createSegment(slots: number, depth: number): Segment {
  return { slots: new Int32Array(slots * 2).fill(FREE), used: 0, depth }
}

function place(segment: Segment, hash: number, row: number): void {
  const { slots } = segment
  const mask = slots.length - 1
  let at = (hash << 1) & mask
  while (slots[at + 1] !== FREE) at = (at + 2) & mask
  slots[at] = hash
  slots[at + 1] = row
  segment.used++
}

/** FNV-1a over words with the last mixing of MurmurHash3, so that upper and lower bits are worth the same. */
function hashOf(words: Int32Array, length: number): number {
  let hash = 0x811c9dc5 ^ length
  const count = (length + 3) >>> 2
  for (let i = 0; i < count; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x01000193)
    // A product's low bits know nothing of its high ones: of a word's last letters, which are what differs.
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
