/**
 * One value of all sensors of a domain in a city, kept by what changes: never a pass over all sensors.
 *
 * Means and sums are added to and taken away from. The highest is kept by pages of rows: when a page loses
 * its highest, the page is looked through again, not the city. The median of many comes from a sketch,
 * within 0.4 % of the true one (`SKETCH_ERROR`; exact for an index); of up to a thousand sensors it is exact.
 */
import { across, type Across } from '../../core/stats/across.ts'
import { createQuantileSketch } from '../../core/stats/quantile-sketch.ts'
import { addTo, clearSum, createRunningSums, sumAt } from '../../core/stats/running-sums.ts'
import { PAGE_BITS, PAGE_ROWS } from './pages.ts'

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

function keepSum(statistic: 'sum' | 'mean' | 'energetic-mean'): Kept {
  const sum = createRunningSums(1)
  const part = partOf(statistic)
  return {
    change(_, before, after, reporting) {
      if (!Number.isNaN(before)) addTo(sum, 0, -part(before))
      if (!Number.isNaN(after)) addTo(sum, 0, part(after))
      if (reporting === 0) clearSum(sum, 0)
    },
    value: (_, __, reporting) => ofSum(statistic, sumAt(sum, 0), reporting),
  }
}

/** What a value adds to the sum from which the statistic is made. */
export function partOf(statistic: 'sum' | 'mean' | 'energetic-mean'): (value: number) => number {
  return statistic === 'energetic-mean' ? (level) => 10 ** (level / 10) : (value) => value
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

export interface Highest {
  change(row: number, before: number, after: number): void
  /** Highest of what the rows give, -Infinity when none gives anything. */
  value(valueOf: (row: number) => number): number
}

/** The highest of many numbers that change. NaN = none. */
export function createHighest(): Highest {
  /** Of each page of rows. */
  const highest: number[] = []
  const stale = new Set<number>()
  return {
    change(row, before, after) {
      const page = row >>> PAGE_BITS
      while (highest.length <= page) highest.push(-Infinity)
      if (after >= highest[page]!) {
        highest[page] = after
        // Whatever has left it, nothing else is higher.
        stale.delete(page)
      } else if (before === highest[page]) {
        stale.add(page)
      }
    },
    value(valueOf) {
      for (const page of stale) {
        let most = -Infinity
        for (let row = page * PAGE_ROWS; row < (page + 1) * PAGE_ROWS; row++) {
          const value = valueOf(row)
          if (value > most) most = value
        }
        highest[page] = most
      }
      stale.clear()
      let most = -Infinity
      for (const value of highest) if (value > most) most = value
      return most
    },
  }
}
