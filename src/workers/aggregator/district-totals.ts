/**
 * Totals of a city's districts, kept as the city's own is: each row is added to its district and taken away again,
 * never a pass over all sensors. The statistic is the city's, and so is the code that keeps it (`city-total.ts`).
 *
 * A row's district is one byte of a column of its own: 0 for a sensor in none, else the number of the area plus
 * one. It is looked up when the sensor gets a position or another one, and at no other time.
 *
 * Whoever holds the rows says what changes, always before the change or with what was before it: what is added and
 * what is taken away must be the same number.
 */
import type { Across } from '../../core/stats/across.ts'
import type { AreaIndex } from '../../core/geo/areas.ts'
import { freshnessCode } from '../../core/time/freshness.ts'
import type { DistrictTotal } from '../../domains/frame.ts'
import { createCityTotal } from './city-total.ts'
import { BYTES, FRESHNESS, type HotRows } from './hot-rows.ts'
import { growPages, PAGE_BITS, PAGE_MASK, type Pages } from './pages.ts'

export interface DistrictTotals {
  /** By row: where a frame writes it from. */
  readonly ofRow: Pages<Uint8Array>
  /** A new row, without a position and never heard of. */
  join(row: number): void
  /** The row stands somewhere else now; its value and freshness are what they were. */
  stand(row: number, lon: number, lat: number): void
  /** The row gave one value and freshness and gives others now; NaN = no value that counts. */
  change(row: number, before: number, freshnessBefore: number, after: number, freshnessAfter: number): void
  /** Of too few people to show: it counts nowhere from now on, or again. */
  setTooFew(row: number, isTooFew: boolean): void
  /** Before the row is removed. */
  leave(row: number): void
  /** After the last row was moved to a freed one. */
  rename(from: number, to: number): void
  /** At 0 of the sensors in no district. The same list while nothing has changed. `rows`: in use. */
  list(rows: number): readonly DistrictTotal[]
}

const STALE = freshnessCode('stale')
const LOST = freshnessCode('lost')

/** `valueOf`: what a row gives to the city's total now, NaN = nothing. */
export function createDistrictTotals(index: AreaIndex, statistic: Across, { bytes }: HotRows, valueOf: (row: number) => number): DistrictTotals {
  const length = index.count + 1
  const totals = Array.from({ length }, () => createCityTotal(statistic))
  const known = new Uint32Array(length)
  const late = new Uint32Array(length)
  const lost = new Uint32Array(length)
  const tooFew = new Uint32Array(length)
  /** They are few, and only where people are counted. */
  const tooFewRows = new Set<number>()
  const ofRow: Pages<Uint8Array> = []
  const isStale = new Uint8Array(length).fill(1)
  let listed: readonly DistrictTotal[] = []
  let isChanged = true

  const freshnessAt = (row: number): number => bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + FRESHNESS]!
  const districtOf = (row: number): number => ofRow[row >>> PAGE_BITS]![row & PAGE_MASK]!
  const isTooFew = (row: number): boolean => tooFewRows.size > 0 && tooFewRows.has(row)

  function setDistrict(row: number, district: number): void {
    ofRow[row >>> PAGE_BITS]![row & PAGE_MASK] = district
  }

  function touch(district: number): void {
    isStale[district] = 1
    isChanged = true
  }

  /** The row as it is, into the counts of a district or out of them. */
  function count(row: number, district: number, by: 1 | -1): void {
    touch(district)
    if (isTooFew(row)) {
      tooFew[district]! += by
      return
    }
    known[district]! += by
    countFreshness(district, freshnessAt(row), by)
  }

  function countFreshness(district: number, freshness: number, by: 1 | -1): void {
    if (freshness === STALE) late[district]! += by
    else if (freshness === LOST) lost[district]! += by
  }

  function totalOf(district: number, rows: number): DistrictTotal {
    const value = totals[district]!.value(rows, (row) => (row < rows && districtOf(row) === district ? valueOf(row) : NaN))
    return { reporting: totals[district]!.reporting, known: known[district]!, late: late[district]!, lost: lost[district]!, tooFew: tooFew[district]!, ...(value === undefined ? {} : { value }) }
  }

  return {
    ofRow,
    join(row) {
      growPages(ofRow, row + 1, (rows) => new Uint8Array(rows))
      setDistrict(row, 0)
      count(row, 0, 1)
    },
    stand(row, lon, lat) {
      const before = districtOf(row)
      const after = index.at(lon, lat) + 1
      if (after === before) return
      const value = valueOf(row)
      totals[before]!.change(row, value, NaN)
      count(row, before, -1)
      setDistrict(row, after)
      totals[after]!.change(row, NaN, value)
      count(row, after, 1)
    },
    change(row, before, freshnessBefore, after, freshnessAfter) {
      const district = districtOf(row)
      totals[district]!.change(row, before, after)
      if (freshnessBefore !== freshnessAfter && !isTooFew(row)) {
        countFreshness(district, freshnessBefore, -1)
        countFreshness(district, freshnessAfter, 1)
      }
      touch(district)
    },
    setTooFew(row, next) {
      if (next === isTooFew(row)) return
      const district = districtOf(row)
      count(row, district, -1)
      if (next) tooFewRows.add(row)
      else tooFewRows.delete(row)
      count(row, district, 1)
    },
    leave(row) {
      const district = districtOf(row)
      totals[district]!.change(row, valueOf(row), NaN)
      count(row, district, -1)
      tooFewRows.delete(row)
    },
    rename(from, to) {
      setDistrict(to, districtOf(from))
      const value = valueOf(to)
      const total = totals[districtOf(to)]!
      total.change(from, value, NaN)
      total.change(to, NaN, value)
      if (tooFewRows.delete(from)) tooFewRows.add(to)
    },
    list(rows) {
      if (!isChanged) return listed
      isChanged = false
      listed = totals.map((_, district) => {
        if (isStale[district] === 0) return listed[district]!
        isStale[district] = 0
        return totalOf(district, rows)
      })
      return listed
    },
  }
}
