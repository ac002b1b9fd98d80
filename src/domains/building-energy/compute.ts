/**
 * Mean power over a window, from samples of power, or from the first and the last reading of a register.
 *
 * A register tells the energy between two readings exactly, however few come; only its two ends are
 * kept, so windows merge in any order. Power samples are preferred where they come, because two
 * readings of a coarse register a minute apart are mostly rounding.
 */
import { HOUR_MS } from '../../core/time/instant.ts'

export interface RegisterReading {
  readonly atMs: number
  readonly kWh: number
}

/** Running sums of one meter over one window. */
export interface PowerSum {
  /** Of all samples, kW. */
  readonly sumKW: number
  readonly samples: number
  readonly first?: RegisterReading
  readonly last?: RegisterReading
}

export const EMPTY_POWER: PowerSum = { sumKW: 0, samples: 0 }

export function addPower(sum: PowerSum, kW: number): PowerSum {
  return { ...sum, sumKW: sum.sumKW + kW, samples: sum.samples + 1 }
}

export function addRegister(sum: PowerSum, reading: RegisterReading): PowerSum {
  return mergePower(sum, { ...EMPTY_POWER, first: reading, last: reading })
}

export function mergePower(a: PowerSum, b: PowerSum): PowerSum {
  const first = pick(a.first, b.first, (one, other) => isBefore(one, other))
  const last = pick(a.last, b.last, (one, other) => !isBefore(one, other))
  return {
    sumKW: a.sumKW + b.sumKW,
    samples: a.samples + b.samples,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  }
}

/** Mean power, kW; undefined when nothing tells it. A register that fell in the window was reset: it tells nothing here. */
export function meanPowerKW({ sumKW, samples, first, last }: PowerSum): number | undefined {
  if (samples > 0) return sumKW / samples
  if (first === undefined || last === undefined || last.atMs <= first.atMs || last.kWh < first.kWh) return undefined
  return ((last.kWh - first.kWh) * HOUR_MS) / (last.atMs - first.atMs)
}

// Two readings of one instant are ordered by value, so that the order of arrival does not matter.
function isBefore(one: RegisterReading, other: RegisterReading): boolean {
  return one.atMs === other.atMs ? one.kWh < other.kWh : one.atMs < other.atMs
}

function pick<T>(a: T | undefined, b: T | undefined, takesFirst: (a: T, b: T) => boolean): T | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return takesFirst(a, b) ? a : b
}
