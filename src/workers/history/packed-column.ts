/**
 * Many numbers in few bytes, without losing a digit.
 *
 * What sensors report are short decimals: 67.4 is 674 tenths. A column is kept as whole multiples of a
 * power of ten in the smallest unsigned array that holds their range, as one number when all are equal,
 * and as doubles when they are no decimals. Reading gives back the very double that was put in.
 */

export interface PackedColumn {
  /** Empty: every value is `base`. */
  readonly data: Uint8Array | Uint16Array | Uint32Array | Float64Array
  readonly base: number
  readonly factor: number
  readonly divisor: number
  /** What stands for NaN in `data`. */
  readonly absent: number
}

/** Whole thousands (seconds in ms) first, then ever finer decimals. */
const SCALES: readonly (readonly [factor: number, divisor: number])[] = [[1_000, 1], [1, 1], [1, 10], [1, 100], [1, 1_000], [1, 10_000], [1, 1_000_000]]
const MAX_RANGE = 2 ** 32 - 2

/** `isComparable`: by `rawOf`, so that even equals are kept one by one. */
export function packColumn(values: Float64Array, { isComparable = false } = {}): PackedColumn {
  if (!isComparable && areEqual(values)) return { data: new Uint8Array(0), base: values.length === 0 ? NaN : values[0]!, factor: 1, divisor: 1, absent: NaN }
  for (const [factor, divisor] of SCALES) {
    const range = rangeOf(values, factor, divisor)
    if (range === undefined) continue
    const [least, most] = range
    if (most - least > MAX_RANGE) break
    const data = most - least < 0xff ? new Uint8Array(values.length) : most - least < 0xffff ? new Uint16Array(values.length) : new Uint32Array(values.length)
    const absent = 2 ** (8 * data.BYTES_PER_ELEMENT) - 1
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      data[i] = Number.isNaN(value) ? absent : Math.round((value * divisor) / factor) - least
    }
    return { data, base: least, factor, divisor, absent }
  }
  return { data: values.slice(), base: 0, factor: 1, divisor: 1, absent: NaN }
}

export function valueAt({ data, base, factor, divisor, absent }: PackedColumn, index: number): number {
  if (data.length === 0) return base
  const raw = data[index]!
  return raw === absent ? NaN : ((raw + base) * factor) / divisor
}

/** Where a value would lie among `data`, not rounded: to compare many with one without unpacking them. Never for a column of equals. */
export function rawOf({ base, factor, divisor }: PackedColumn, value: number): number {
  return (value * divisor) / factor - base
}

/** Least and greatest multiple; undefined when a value is no whole multiple of this scale. */
function rangeOf(values: Float64Array, factor: number, divisor: number): readonly [number, number] | undefined {
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const multiple = Math.round((value * divisor) / factor)
    if ((multiple * factor) / divisor !== value || Math.abs(multiple) > Number.MAX_SAFE_INTEGER) return undefined
    if (multiple < least) least = multiple
    if (multiple > most) most = multiple
  }
  return [least, most]
}

function areEqual(values: Float64Array): boolean {
  const first = values[0]
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], first)) return false
  return true
}
