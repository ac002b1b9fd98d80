/**
 * Sums from which numbers are also taken away again, many beside each other in two arrays.
 *
 * Each sum is two doubles (the rounded sum and what the rounding lost, Knuth's TwoSum), so one addition errs
 * by about 2^-105 of the largest number that ever went through it: a jet passing at 130 dB leaves no trace in
 * a street's mean when it has gone, and a sum kept for years needs no recount. With plain doubles each
 * addition would err by 2^-53.
 */
export interface RunningSums {
  readonly high: Float64Array
  readonly low: Float64Array
}

export function createRunningSums(length: number): RunningSums {
  return { high: new Float64Array(length), low: new Float64Array(length) }
}

export function addTo({ high, low }: RunningSums, index: number, value: number): void {
  const before = high[index]!
  const sum = before + value
  const part = sum - before
  const lost = before - (sum - part) + (value - part) + low[index]!
  // What was lost goes up as soon as the sum can hold it.
  const whole = sum + lost
  high[index] = whole
  low[index] = lost - (whole - sum)
}

export function sumAt({ high, low }: RunningSums, index: number): number {
  return high[index]! + low[index]!
}

/** Nothing is in the sum any more: it is nothing, to the last digit. */
export function clearSum({ high, low }: RunningSums, index: number): void {
  high[index] = 0
  low[index] = 0
}

export function grownSums({ high, low }: RunningSums, length: number): RunningSums {
  const grown = createRunningSums(length)
  grown.high.set(high)
  grown.low.set(low)
  return grown
}
