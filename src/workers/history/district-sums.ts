/** Totals of districts at one past instant, summed up whole: a jump in time changes most sensors. */
import { acrossNumbers } from '../../core/stats/across-numbers.ts'
import type { Across } from '../../core/stats/across.ts'
import { freshnessCode } from '../../core/time/freshness.ts'
import type { DistrictTotal } from '../../domains/frame.ts'

/** By row. */
export interface DistrictRows {
  readonly rows: number
  /** 1 for a row that is in the picture. */
  readonly shown: Uint8Array
  /** 0 = in none. */
  readonly districtOf: Uint8Array
  /** The value where it counts, else NaN. */
  readonly counting: Float64Array
  readonly freshness: Uint8Array
  isTooFew(row: number): boolean
}

const STALE = freshnessCode('stale')
const LOST = freshnessCode('lost')

/** At 0 those in no district. */
export function totalsByDistrict(statistic: Across, districts: number, { rows, shown, districtOf, counting, freshness, isTooFew }: DistrictRows): readonly DistrictTotal[] {
  const counts = Array.from({ length: districts + 1 }, () => ({ reporting: 0, known: 0, late: 0, lost: 0, tooFew: 0 }))
  for (let row = 0; row < rows; row++) {
    if (shown[row] !== 1) continue
    const count = counts[districtOf[row]!]!
    if (isTooFew(row)) {
      count.tooFew++
      continue
    }
    count.known++
    if (!Number.isNaN(counting[row]!)) count.reporting++
    if (freshness[row] === STALE) count.late++
    else if (freshness[row] === LOST) count.lost++
  }
  // The values of each district behind each other in one array.
  const starts = counts.map(() => 0)
  for (let district = 1; district < counts.length; district++) starts[district] = starts[district - 1]! + counts[district - 1]!.reporting
  const ends = [...starts]
  const gathered = new Float64Array(starts.at(-1)! + counts.at(-1)!.reporting)
  for (let row = 0; row < rows; row++) {
    if (shown[row] !== 1 || Number.isNaN(counting[row]!)) continue
    const district = districtOf[row]!
    gathered[ends[district]!] = counting[row]!
    ends[district]!++
  }
  return counts.map((count, district) => {
    const value = acrossNumbers(statistic, gathered.subarray(starts[district], ends[district]))
    return value === undefined ? count : { ...count, value }
  })
}
