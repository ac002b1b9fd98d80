/** What a register that only counts up has counted: an energy meter, a rain counter. */

export interface RegisterIncrease {
  /** In the register's own unit; absent with fewer than two readings. */
  readonly total?: number
  /** Times it fell: it was replaced, emptied, or ran over. */
  readonly resets: number
}

/**
 * Readings in order of time, undefined ones being holes. A fall is a reset, and the new reading counts
 * from 0; with the register's size (`rollover`) it is a wrap.
 */
export function registerIncrease(readings: readonly (number | undefined)[], rollover?: number): RegisterIncrease {
  let total = 0
  let resets = 0
  let count = 0
  let last: number | undefined
  for (const reading of readings) {
    if (reading === undefined) continue
    count++
    if (last !== undefined) {
      if (reading >= last) total += reading - last
      else {
        resets++
        total += rollover === undefined ? reading : rollover - last + reading
      }
    }
    last = reading
  }
  return count < 2 ? { resets } : { total, resets }
}
