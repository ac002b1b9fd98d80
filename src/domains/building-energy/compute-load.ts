/**
 * What a building's load says: how peaky it is, what never goes off, whether nights and weekends
 * differ from work, which appliances take how much, and what the grid emitted for it.
 */
import { percentile } from '../../core/stats/percentile.ts'

export interface LoadStats {
  readonly meanKW?: number
  readonly peakKW?: number
  /** Mean over peak, 0 to 1. */
  readonly loadFactor?: number
  /** 5th percentile (Hyndman-Fan type 7): what is always on. */
  readonly baseLoadKW?: number
}

/** Of equally long intervals; undefined ones are left out. */
export function loadStats(kW: Iterable<number | undefined>): LoadStats {
  const present = presentOf(kW)
  const meanKW = meanOf(present)
  if (meanKW === undefined) return {}
  const peakKW = present.reduce((a, b) => Math.max(a, b))
  return { meanKW, peakKW, ...(peakKW > 0 ? { loadFactor: meanKW / peakKW } : {}), baseLoadKW: percentile(present, 5)! }
}

export interface Setback {
  readonly occupiedMeanKW?: number
  readonly unoccupiedMeanKW?: number
  /** Unoccupied over occupied. */
  readonly ratio?: number
  readonly setbackPercent?: number
}

/** Mean power of empty against used hours; both lists run in parallel. */
export function setback(kW: readonly (number | undefined)[], occupied: readonly boolean[]): Setback {
  const occupiedMeanKW = meanOf(presentOf(kW.filter((_, index) => occupied[index] === true)))
  const unoccupiedMeanKW = meanOf(presentOf(kW.filter((_, index) => occupied[index] === false)))
  const ratio = occupiedMeanKW === undefined || unoccupiedMeanKW === undefined || occupiedMeanKW === 0 ? undefined : unoccupiedMeanKW / occupiedMeanKW
  return {
    ...(occupiedMeanKW === undefined ? {} : { occupiedMeanKW }),
    ...(unoccupiedMeanKW === undefined ? {} : { unoccupiedMeanKW }),
    ...(ratio === undefined ? {} : { ratio, setbackPercent: (1 - ratio) * 100 }),
  }
}

export interface ApplianceShares {
  /** 0 to 1 of the main meter; undefined for all when it counted nothing. Never forced to add up to 1. */
  readonly shares: ReadonlyMap<string, number | undefined>
  /** What no sub-meter explains; negative when they say more than the main meter. */
  readonly residualKWh: number
  readonly residualShare?: number
  readonly isInconsistent: boolean
}

export function applianceShares(totalKWh: number, appliancesKWh: ReadonlyMap<string, number>): ApplianceShares {
  let sum = 0
  for (const kWh of appliancesKWh.values()) sum += kWh
  const residualKWh = totalKWh - sum
  return {
    shares: new Map([...appliancesKWh].map(([name, kWh]) => [name, totalKWh > 0 ? kWh / totalKWh : undefined])),
    residualKWh,
    ...(totalKWh > 0 ? { residualShare: residualKWh / totalKWh } : {}),
    isInconsistent: sum > totalKWh,
  }
}

export interface Emissions {
  readonly kgCO2?: number
  /** Weighted by consumption, g/kWh: what this building's hours had, not the grid's mean. */
  readonly intensityGPerKWh?: number
}

/** Energy times the grid's factor of the same interval; an interval that lacks either is left out. Name the factors' source and year. */
export function emissions(kWh: readonly (number | undefined)[], gPerKWh: readonly (number | undefined)[]): Emissions {
  let grams = 0
  let energyKWh = 0
  let count = 0
  kWh.forEach((energy, index) => {
    const factor = gPerKWh[index]
    if (energy === undefined || factor === undefined) return
    grams += energy * factor
    energyKWh += energy
    count++
  })
  if (count === 0) return {}
  return { kgCO2: grams / 1_000, ...(energyKWh > 0 ? { intensityGPerKWh: grams / energyKWh } : {}) }
}

function presentOf(values: Iterable<number | undefined>): number[] {
  const present: number[] = []
  for (const value of values) if (value !== undefined) present.push(value)
  return present
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
}
