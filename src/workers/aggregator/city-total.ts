/**
 * One value of all sensors of a domain in a city, kept by what changes: never a pass over all sensors.
 *
 * Means and sums are added to and taken away from. The highest is kept by blocks of a thousand rows: when a block loses
 * its highest, the block is looked through again, not the city. The median of many comes from a sketch,
 * within 0.4 % of the true one (`SKETCH_ERROR`; exact for an index); of up to a thousand sensors it is exact.
 */
import { across, type Across } from '../../core/stats/across.ts'
import { createQuantileSketch } from '../../core/stats/quantile-sketch.ts'
import { addTo, clearSum, createRunningSums, sumAt } from '../../core/stats/running-sums.ts'

export interface CityTotal {
  /** Sensors that give a value. */
  readonly reporting: number
  /** The sensor of `row` gave `before` and now gives `after`; NaN = nothing. */
  change(row: number, before: number, after: number): void
  /** Undefined when nobody gives a value. `valueOf`: what each of the first `rows` rows gives. */
  value(rows: number, valueOf: (row: number) => number): number | undefined
}

/** Sensors whose median is taken of themselves. */
export const EXACT_ROWS = 1_000

export function createCityTotal(statistic: Across): CityTotal {
  let reporting = 0
  const kept = keeperOf(statistic)
  return {
    get reporting() {
      return reporting
    },
    change(row, before, after) {
      if (Object.is(before, after)) return
      if (!Number.isNaN(before)) reporting--
      if (!Number.isNaN(after)) reporting++
      kept.change(row, before, after, reporting)
    },
    value: (rows, valueOf) => (reporting === 0 ? undefined : kept.value(rows, valueOf, reporting)),
  }
}

interface Kept {
  change(row: number, before: number, after: number, reporting: number): void
  value(rows: number, valueOf: (row: number) => number, reporting: number): number | undefined
}

function keeperOf(statistic: Across): Kept {
  switch (statistic) {
    case 'sum':
    case 'mean':
    case 'energetic-mean':
      return keepSum(statistic)
    case 'max': {
      const highest = createHighest()
      return { change: highest.change, value: (_, valueOf) => highest.value(valueOf) }
    }
    case 'median':
      return keepMedian()
  }
}

/** One sum is a chain in which each addition waits for the one before; several are added to side by side. */
const LANES = 4

function keepSum(statistic: 'sum' | 'mean' | 'energetic-mean'): Kept {
  const sums = createRunningSums(LANES)
  const part = partOf(statistic)
  return {
    change(row, before, after, reporting) {
      const lane = row & (LANES - 1)
      if (!Number.isNaN(before)) addTo(sums, lane, -part(before))
      if (!Number.isNaN(after)) addTo(sums, lane, part(after))
      if (reporting === 0) for (let each = 0; each < LANES; each++) clearSum(sums, each)
    },
    value(_, __, reporting) {
      let sum = 0
      for (let lane = 0; lane < LANES; lane++) sum += sumAt(sums, lane)
      return ofSum(statistic, sum, reporting)
    },
  }
}

/** What a value adds to the sum from which the statistic is made. */
export function partOf(statistic: 'sum' | 'mean' | 'energetic-mean'): (value: number) => number {
  return statistic === 'energetic-mean' ? powerOf : (value) => value
}

const POWER = Math.LN10 / 10
const asked = { one: NaN, power: NaN, other: NaN, otherPower: NaN }

/** 10^(L/10). Cell and total ask in turn for the same two levels, so the last two are remembered: an exponential is dearer than the sums. */
function powerOf(level: number): number {
  if (level === asked.one) return asked.power
  if (level === asked.other) return asked.otherPower
  asked.other = asked.one
  asked.otherPower = asked.power
  asked.one = level
  asked.power = Math.exp(level * POWER)
  return asked.power
}

export function ofSum(statistic: 'sum' | 'mean' | 'energetic-mean', sum: number, count: number): number {
  if (statistic === 'sum') return sum
  return statistic === 'mean' ? sum / count : 10 * Math.log10(sum / count)
}

function keepMedian(): Kept {
  const sketch = createQuantileSketch()
  return {
    change(_, before, after) {
      if (!Number.isNaN(before)) sketch.remove(before)
      if (!Number.isNaN(after)) sketch.add(after)
    },
    value(rows, valueOf) {
      if (rows > EXACT_ROWS) return sketch.median()
      return across('median', Array.from({ length: rows }, (_, row) => valueOf(row)))
    },
  }
}

/** Rows that are looked through together. */
const BLOCK_BITS = 10

export interface Highest {
  change(row: number, before: number, after: number): void
  /** Highest of what the rows give, -Infinity when none gives anything. */
  value(valueOf: (row: number) => number): number
}

/** The highest of many numbers that change. NaN = none. */
export function createHighest(): Highest {
  /** Of each block of rows. */
  let highest = new Float64Array(64).fill(-Infinity)
  let isStale = new Uint8Array(64)
  return {
    change(row, before, after) {
      const block = row >>> BLOCK_BITS
      if (block >= highest.length) {
        const length = highest.length * 2
        const before = { highest, isStale }
        highest = new Float64Array(length).fill(-Infinity)
        highest.set(before.highest)
        isStale = new Uint8Array(length)
        isStale.set(before.isStale)
      }
      if (after >= highest[block]!) {
        highest[block] = after
        // Whatever has left it, nothing else is higher.
        isStale[block] = 0
      } else if (before === highest[block]) {
        isStale[block] = 1
      }
    },
    value(valueOf) {
      for (let block = 0; block < highest.length; block++) {
        if (isStale[block] === 0) continue
        isStale[block] = 0
        let most = -Infinity
        for (let row = block << BLOCK_BITS; row < (block + 1) << BLOCK_BITS; row++) {
          const value = valueOf(row)
          if (value > most) most = value
        }
        highest[block] = most
      }
      let most = -Infinity
      for (const value of highest) if (value > most) most = value
      return most
    },
  }
}
