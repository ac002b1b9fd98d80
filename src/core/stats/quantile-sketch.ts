/**
 * Quantiles of many values that come and go, in bounded room and without sorting.
 *
 * Values are counted in bins whose width is at most a 256th of the values in them: the exponent and the
 * upper eight bits of the fraction of the double itself (as in HDR histograms; DDSketch takes a logarithm to
 * the same end). A bin also keeps the sum of what is in it, so it answers with the mean of its values. The
 * answer is therefore within 1/256 (0.4 %) of the order statistic asked for, and exact where all values of its bin
 * are equal: an index from 1 to 6 stays whole.
 *
 * Counts and sums can be taken away, and two sketches are merged by adding them up.
 */
import { addTo, clearSum, createRunningSums, sumAt, type RunningSums } from './running-sums.ts'

export interface QuantileSketch {
  readonly count: number
  /** NaN is no value and must not be added. */
  add(value: number): void
  /** The value must have been added before. */
  remove(value: number): void
  merge(other: QuantileSketch): void
  /** Value of rank `rank`, counted from 0 for the lowest to `count - 1`; undefined outside. */
  valueAt(rank: number): number | undefined
  /** The middle one, or the mean of the two in the middle. */
  median(): number | undefined
  /** Bins in use with their number of values, ascending: what `merge` reads. */
  bins(): Iterable<{ readonly key: number; readonly count: number; readonly sum: number }>
}

/** Largest relative distance of an answer from the order statistic. */
export const SKETCH_ERROR = 1 / 256

/** One power of two. */
interface Octave {
  readonly counts: Uint32Array
  readonly sums: RunningSums
  total: number
}

const BINS = 256
const FRACTION_BITS = 8
const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
// Which half of a double holds sign and exponent.
double[0] = 1
const HIGH = words[1] === 0 ? 0 : 1

export function createQuantileSketch(): QuantileSketch {
  const octaves = new Map<number, Octave>()
  let sorted: readonly number[] = []
  let count = 0

  function change(key: number, by: number, sum: number): void {
    const place = Math.floor(key / BINS)
    let octave = octaves.get(place)
    if (octave === undefined) {
      octave = { counts: new Uint32Array(BINS), sums: createRunningSums(BINS), total: 0 }
      octaves.set(place, octave)
      sorted = [...octaves.keys()].sort((a, b) => a - b)
    }
    const bin = key - place * BINS
    octave.counts[bin]! += by
    octave.total += by
    count += by
    if (octave.counts[bin] === 0) clearSum(octave.sums, bin)
    else addTo(octave.sums, bin, sum)
  }

  function valueAt(rank: number): number | undefined {
    if (!(rank >= 0 && rank < count)) return undefined
    let before = 0
    for (const place of sorted) {
      const { counts, sums, total } = octaves.get(place)!
      if (before + total <= rank) {
        before += total
        continue
      }
      for (let bin = 0; bin < BINS; bin++) {
        before += counts[bin]!
        if (before > rank) return sumAt(sums, bin) / counts[bin]!
      }
    }
    return undefined
  }

  return {
    get count() {
      return count
    },
    add(value) {
      change(keyOf(value), 1, value)
    },
    remove(value) {
      change(keyOf(value), -1, -value)
    },
    merge(other) {
      for (const bin of other.bins()) change(bin.key, bin.count, bin.sum)
    },
    valueAt,
    median() {
      const middle = (count - 1) / 2
      const low = valueAt(Math.floor(middle))
      const high = valueAt(Math.ceil(middle))
      return low === undefined || high === undefined ? undefined : (low + high) / 2
    },
    *bins() {
      for (const place of sorted) {
        const { counts, sums } = octaves.get(place)!
        for (let bin = 0; bin < BINS; bin++) if (counts[bin]! > 0) yield { key: place * BINS + bin, count: counts[bin]!, sum: sumAt(sums, bin) }
      }
    },
  }
}

/** Number of the bin: rises with the value, so bins in order are values in order. */
function keyOf(value: number): number {
  double[0] = value
  const high = words[HIGH]!
  const magnitude = (high & 0x7fffffff) >>> (20 - FRACTION_BITS)
  // Zero and its negative share a bin; below it the order of magnitudes is turned around.
  return high >>> 31 === 0 || magnitude === 0 ? magnitude : -magnitude
}
