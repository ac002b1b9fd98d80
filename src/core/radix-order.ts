/**
 * Ordering many rows by numbers without an object or a comparison for any of them: a radix sort over indices,
 * stable, so that ordering by a lesser key first and by a greater one after it orders by both.
 *
 * The work comes in steps of some milliseconds at a million rows, so that a thread with other duties can
 * do them one at a time.
 */

const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
const KEY_BITS = 32

/** Orders `rows` by `keys[row]`, least first; rows with equal keys keep their order. Yields between the passes. */
export function* orderByKeys(rows: Uint32Array, keys: Uint32Array): Generator<undefined, Uint32Array> {
  const { length } = rows
  const ends = new Uint32Array(DIGITS)
  let from = rows
  let spare: Uint32Array | undefined
  for (let shift = 0; shift < KEY_BITS; shift += DIGIT_BITS) {
    ends.fill(0)
    for (let at = 0; at < length; at++) ends[(keys[from[at]!]! >>> shift) & (DIGITS - 1)]!++
    // All in one bucket: this digit orders nothing.
    if (length === 0 || ends[(keys[from[0]!]! >>> shift) & (DIGITS - 1)] === length) continue
    let start = 0
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = ends[digit]!
      ends[digit] = start
      start += count
    }
    const to: Uint32Array = spare ?? new Uint32Array(length)
    for (let at = 0; at < length; at++) {
      const row = from[at]!
      to[ends[(keys[row]! >>> shift) & (DIGITS - 1)]!++] = row
    }
    // What was given stays as it is; of our own two, one is always free.
    spare = from === rows ? new Uint32Array(length) : from
    from = to
    yield
  }
  return from
}

/** What is last of all keys. */
export const LAST_KEY = 0xffffffff

/** Keys that put the greatest number first and NaN last. Both zeros are one number. */
export function descendingKeys(count: number, valueAt: (row: number) => number): Uint32Array {
  const numbers = new Float32Array(count)
  for (let row = 0; row < count; row++) numbers[row] = valueAt(row) + 0 // -0 + 0 is 0
  const bits = new Uint32Array(numbers.buffer)
  for (let row = 0; row < count; row++) {
    if (Number.isNaN(numbers[row])) bits[row] = LAST_KEY
    else bits[row] = ~ascending(bits[row]!)
  }
  return bits
}

/** Keys of doubles that put the least first and NaN last: order by `low`, then by `high`. */
export function ascendingKeys(count: number, valueAt: (row: number) => number): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const low = new Uint32Array(count)
  const high = new Uint32Array(count)
  const number = new Float64Array(1)
  const halves = new Uint32Array(number.buffer)
  for (let row = 0; row < count; row++) {
    number[0] = valueAt(row) + 0
    if (Number.isNaN(number[0])) {
      low[row] = high[row] = LAST_KEY
    } else {
      const isNegative = halves[HIGH]! >>> 31 === 1
      low[row] = isNegative ? ~halves[LOW]! : halves[LOW]!
      high[row] = ascending(halves[HIGH]!)
    }
  }
  return { low, high }
}

// The order of bytes is the machine's, so that is asked.
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0
const LOW = 1 - HIGH

/** Bits of a float as an integer of the same order. */
function ascending(bits: number): number {
  return bits >>> 31 === 1 ? ~bits : bits | 0x80000000
}
