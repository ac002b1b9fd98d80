/**
 * Ordering many rows by numbers without an object or a comparison for any of them: a radix sort over indices,
 * stable, so that ordering by a lesser key first and by a greater one after it orders by both.
 *
 * The work comes in steps of a millisecond or two, so that a thread with other duties can do a few at a time.
 */

const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
const KEY_BITS = 32
/** Rows between two yields. */
const STEP = 0x8000

/** Orders `rows` by `keys[row]`, least first; rows with equal keys keep their order. */
export function* orderByKeys(rows: Uint32Array, keys: Uint32Array): Generator<undefined, Uint32Array> {
  const { length } = rows
  const ends = new Uint32Array(DIGITS)
  let from = rows
  let spare: Uint32Array | undefined
  for (let shift = 0; shift < KEY_BITS; shift += DIGIT_BITS) {
    ends.fill(0)
    for (let start = 0; start < length; start += STEP) {
      const end = Math.min(start + STEP, length)
      for (let at = start; at < end; at++) ends[(keys[from[at]!]! >>> shift) & (DIGITS - 1)]!++
      yield
    }
    // All in one bucket: this digit orders nothing.
    if (length === 0 || ends[(keys[from[0]!]! >>> shift) & (DIGITS - 1)] === length) continue
    let place = 0
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = ends[digit]!
      ends[digit] = place
      place += count
    }
    const to: Uint32Array = spare ?? new Uint32Array(length)
    for (let start = 0; start < length; start += STEP) {
      const end = Math.min(start + STEP, length)
      for (let at = start; at < end; at++) {
        const row = from[at]!
        to[ends[(keys[row]! >>> shift) & (DIGITS - 1)]!++] = row
      }
      yield
    }
    // What was given stays as it is; of our own two, one is always free.
    spare = from === rows ? new Uint32Array(length) : from
    from = to
  }
  return from
}

/** What is last of all keys. */
const LAST_KEY = 0xffffffff

/** Keys that put the greatest number first (with `sign` -1 the least) and NaN last. Both zeros are one number. The numbers are used up. */
export function* descendingKeys(numbers: Float32Array<ArrayBuffer>, sign: 1 | -1): Generator<undefined, Uint32Array> {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  for (let start = 0; start < numbers.length; start += STEP) {
    const end = Math.min(start + STEP, numbers.length)
    for (let row = start; row < end; row++) {
      const number = numbers[row]!
      numbers[row] = sign * number + 0 // -0 + 0 is 0
      bits[row] = Number.isNaN(number) ? LAST_KEY : ~ascending(bits[row]!)
    }
    yield
  }
  return bits
}

/** Keys of doubles that put the least first and NaN last: order by `low`, then by `high`. */
export function* ascendingKeys(numbers: Float64Array): Generator<undefined, { readonly low: Uint32Array; readonly high: Uint32Array }> {
  const low = new Uint32Array(numbers.length)
  const high = new Uint32Array(numbers.length)
  const number = new Float64Array(1)
  const halves = new Uint32Array(number.buffer)
  for (let start = 0; start < numbers.length; start += STEP) {
    const end = Math.min(start + STEP, numbers.length)
    for (let row = start; row < end; row++) {
      number[0] = numbers[row]! + 0
      if (Number.isNaN(number[0])) {
        low[row] = high[row] = LAST_KEY
      } else {
        low[row] = halves[HIGH]! >>> 31 === 1 ? ~halves[LOW]! : halves[LOW]!
        high[row] = ascending(halves[HIGH]!)
      }
    }
    yield
  }
  return { low, high }
}

/** 0, 1, 2 and so on. */
export function rowsUpTo(count: number): Uint32Array {
  const rows = new Uint32Array(count)
  for (let row = 0; row < count; row++) rows[row] = row
  return rows
}

// The order of bytes is the machine's, so that is asked.
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0
const LOW = 1 - HIGH

/** Bits of a float as an integer of the same order. */
function ascending(bits: number): number {
  return bits >>> 31 === 1 ? ~bits : bits | 0x80000000
}
