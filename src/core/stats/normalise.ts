/**
 * Counts and events of cities of different size beside each other (in the manner of ISO 37120:2018), and how
 * much of what was expected a number rests on. A city that nobody measured the size of has no rate.
 */

/** Per so many inhabitants; undefined when their number is not known. Say with it from which year the number is. */
export function perPopulation(value: number, population: number | undefined, per = 100_000): number | undefined {
  return population === undefined || !(population > 0) ? undefined : (value / population) * per
}

export function perSquareKm(value: number, areaKm2: number | undefined): number | undefined {
  return areaKm2 === undefined || !(areaKm2 > 0) ? undefined : value / areaKm2
}

export interface Completeness {
  /** Received of expected, 0 to 1; absent when none was expected. */
  readonly ratio?: number
  /** Enough to show a mean? Three quarters of the hours are: Directive 2008/50/EC, Annex XI. */
  readonly isEnough: boolean
}

export function completeness(received: number, expected: number, threshold = 0.75): Completeness {
  if (!(expected > 0)) return { isEnough: false }
  const ratio = received / expected
  return { ratio, isEnough: ratio >= threshold }
}
