/**
 * The same values out of many sensors as `across`, from an array of doubles without NaN: for pictures of
 * a hundred thousand sensors made sixty times a second. The array is put out of order.
 */
import type { Across } from './across.ts'
import { medianIn } from './median.ts'

/** ln 10 / 10: a power as a power of e. */
const NEPERS_PER_DECIBEL = Math.LN10 / 10

export function acrossNumbers(statistic: Across, values: Float64Array): number | undefined {
  const { length } = values
  if (length === 0) return undefined
  switch (statistic) {
    case 'sum':
      return sumOf(values)
    case 'mean':
      return sumOf(values) / length
    case 'energetic-mean': {
      let sum = 0
      // e^x is several times as fast as 10^x, and differs in the last digit.
      for (let index = 0; index < length; index++) sum += Math.exp(values[index]! * NEPERS_PER_DECIBEL)
      return 10 * Math.log10(sum / length)
    }
    case 'max': {
      let most = -Infinity
      for (let index = 0; index < length; index++) if (values[index]! > most) most = values[index]!
      return most
    }
    case 'median':
      return medianIn(values, length)
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]!
  return sum
}
