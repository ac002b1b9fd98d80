/**
 * How the readings of one sensor become the value of a window.
 *
 * An accumulator is a fixed number of numbers at an offset of a `Float64Array`, never an object: a million
 * windows are then a few arrays, which the collector does not walk and a merge does not allocate. `merge`
 * is associative and commutative and `clear` writes its identity, so windows combine and a late reading
 * fits in.
 */

/** The part of a reading that a fold may look at: what the store keeps of a sensor's last reading can be folded again. */
export interface Foldable {
  readonly observedAtMs: number
  readonly periodMs?: number | undefined
  readonly values: Readonly<Record<string, number | undefined>>
  readonly implausible?: readonly string[] | undefined
  readonly lagMs?: Readonly<Record<string, number>> | undefined
}

export interface ColumnFold {
  /** Numbers an accumulator takes. */
  readonly width: number
  /** Ids of the measures that `add` looks at. */
  readonly reads: readonly string[]
  /** Writes the accumulator of no readings. */
  clear(acc: Float64Array, at: number): void
  add(acc: Float64Array, at: number, reading: Foldable): void
  /** Adds another accumulator to the one at `at`. */
  merge(acc: Float64Array, at: number, other: Float64Array, otherAt: number): void
  /** The headline measure over the window, or undefined when nothing was measured. */
  value(acc: Float64Array, at: number): number | undefined
  /**
   * `add` of a reading in which nothing is implausible or older than the reading, without its object: what it says of
   * `reads`, in their order, NaN where it says nothing; `periodMs` likewise. For stores that fold many thousands at once.
   */
  addPlain?(acc: Float64Array, at: number, values: Float64Array, observedAtMs: number, periodMs: number): void
  /** Every number of an accumulator is a sum: `merge` adds them one by one, and `clear` writes zeros. */
  readonly isSum?: boolean
}

/** The same with an accumulator as a value that is never changed: for few windows, and for stating the laws. */
export interface Fold {
  readonly columns: ColumnFold
  readonly empty: Float64Array
  add(acc: Float64Array, reading: Foldable): Float64Array
  merge(a: Float64Array, b: Float64Array): Float64Array
  value(acc: Float64Array): number | undefined
}

export function createFold(columns: ColumnFold): Fold {
  const empty = new Float64Array(columns.width)
  columns.clear(empty, 0)
  return {
    columns,
    empty,
    add(acc, reading) {
      const sum = Float64Array.from(acc)
      columns.add(sum, 0, reading)
      return sum
    },
    merge(a, b) {
      const sum = Float64Array.from(a)
      columns.merge(sum, 0, b, 0)
      return sum
    },
    value: (acc) => columns.value(acc, 0),
  }
}

/** A fold whose numbers are all sums: the usual case. */
export function createSumFold({ width, ...rest }: Omit<ColumnFold, 'clear' | 'merge' | 'isSum'>): Fold {
  return createFold({
    ...rest,
    width,
    isSum: true,
    clear(acc, at) {
      for (let i = at; i < at + width; i++) acc[i] = 0
    },
    merge(acc, at, other, otherAt) {
      for (let i = 0; i < width; i++) acc[at + i]! += other[otherAt + i]!
    },
  })
}

/** What the reading says of the measure, or undefined when it says nothing, or what cannot be. */
export function plausibleValue(reading: Foldable, measure: string): number | undefined {
  return reading.implausible?.includes(measure) === true ? undefined : reading.values[measure]
}

/** `addPlain` of any fold: its own, or by an object that is filled anew for each reading. */
export function plainAdderOf(fold: ColumnFold): NonNullable<ColumnFold['addPlain']> {
  if (fold.addPlain !== undefined) return fold.addPlain
  const { reads } = fold
  const reading = { observedAtMs: NaN, periodMs: undefined as number | undefined, values: Object.fromEntries(reads.map((id) => [id, undefined])) as Record<string, number | undefined> }
  return (acc, at, values, observedAtMs, periodMs) => {
    reading.observedAtMs = observedAtMs
    reading.periodMs = Number.isNaN(periodMs) ? undefined : periodMs
    for (let index = 0; index < reads.length; index++) {
      const value = values[index]!
      reading.values[reads[index]!] = Number.isNaN(value) ? undefined : value
    }
    fold.add(acc, at, reading)
  }
}
