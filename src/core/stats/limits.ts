/**
 * What is said beside a number that comes from few observations: between which limits the true one
 * may lie. Two cities whose limits overlap are not ranked.
 */

/** Both ends belong to it. */
export interface Limits {
  readonly lower: number
  readonly upper: number
}

/** An end that does not exist is no end: it reaches any other. */
export interface OpenLimits {
  readonly lower?: number | undefined
  readonly upper?: number | undefined
}

export function overlap(a: OpenLimits, b: OpenLimits): boolean {
  const { lower: aLower = -Infinity, upper: aUpper = Infinity } = a
  const { lower: bLower = -Infinity, upper: bUpper = Infinity } = b
  return aLower <= bUpper && bLower <= aUpper
}
