/**
 * What every change of a sensor touches, beside each other: 64 bytes a row, in pages.
 *
 * A changed sensor is anywhere in memory, and what a change costs is how often the processor must wait for it.
 * One array for each property would be one wait for each; so the properties that change together lie together,
 * and only what is read alone (ids, names, the measures beyond the first four) is in columns of its own. Four
 * views of one buffer, for four kinds of numbers: of row `row`, number `X` of the view is at
 * `(row & PAGE_MASK) * <numbers a row> + X`.
 */
import { FIRST_ROWS, PAGE_ROWS, pagesFor } from './pages.ts'

export interface HotRows {
  readonly doubles: Float64Array[]
  readonly floats: Float32Array[]
  readonly ints: Int32Array[]
  readonly bytes: Uint8Array[]
  /** Makes room for so many rows; what new ones hold is up to who adds them. */
  grow(rows: number): void
  move(from: number, to: number): void
}

/** Numbers of each kind that a row takes, as powers of two. */
export const DOUBLES = 3
export const FLOATS = 4
export const INTS = 4
export const BYTES = 6

// Doubles.
export const OBSERVED_AT = 0
export const VALUE = 1
// Floats.
export const LON = 4
export const LAT = 5
export const PERIOD = 6
// Ints.
export const BLOCK = 7
export const CELL = 8
export const TICK = 9
export const PLACE_IN_CELL = 10
// Bytes.
export const FRESHNESS = 44
export const FLAGS = 45
/** In `FLAGS`: the last reading is in the window. Only of rows without a block: the others' windows know. */
export const IN_WINDOW = 1
/** In `FLAGS`: the instant of the last reading is among those of which the newest is taken. */
export const IN_NEWEST = 2
export const TYPE = 46
export const HOLDERS = 47
/** In `HOLDERS`, above the marks of the brokers: all that hold the sensor were down when that was last looked at. */
export const CUT_OFF = 128
// Floats again: the first measures.
export const FIRST_MEASURE = 12
export const HOT_MEASURES = 4

const ROW_BYTES = 64

export function createHotRows(): HotRows {
  const doubles: Float64Array[] = []
  const floats: Float32Array[] = []
  const ints: Int32Array[] = []
  const bytes: Uint8Array[] = []

  function setPage(index: number, rows: number): void {
    const before = bytes[index]
    const buffer = new ArrayBuffer(rows * ROW_BYTES)
    doubles[index] = new Float64Array(buffer)
    floats[index] = new Float32Array(buffer)
    ints[index] = new Int32Array(buffer)
    bytes[index] = new Uint8Array(buffer)
    if (before !== undefined) bytes[index].set(before)
  }

  return {
    doubles,
    floats,
    ints,
    bytes,
    grow(rows) {
      const first = bytes[0] === undefined ? 0 : bytes[0].length / ROW_BYTES
      if (first < PAGE_ROWS && first < rows) setPage(0, Math.min(PAGE_ROWS, Math.max(FIRST_ROWS, 2 ** Math.ceil(Math.log2(rows)))))
      while (bytes.length < pagesFor(rows)) setPage(bytes.length, PAGE_ROWS)
    },
    move(from, to) {
      const at = (from % PAGE_ROWS) * ROW_BYTES
      bytes[Math.floor(to / PAGE_ROWS)]!.set(bytes[Math.floor(from / PAGE_ROWS)]!.subarray(at, at + ROW_BYTES), (to % PAGE_ROWS) * ROW_BYTES)
    },
  }
}
