/**
 * Equivalent continuous sound level, LAeq (ISO 1996-1:2016).
 *
 * A level is the logarithm of a power, so levels are averaged as power and then
 * turned back: a minute at 60 and a minute at 70 dB(A) make 67.4, not 65.
 *
 * The sum is two numbers, so windows merge in any order and a late notification
 * is one more `addLevel`, never a recount.
 */
import type { DbA } from '../../core/units.ts'

/** Running sums of one window. Plain data: it crosses thread borders as it is. */
export interface LaeqSum {
  /** Sum of 10^(L/10) · seconds: relative power times time. */
  readonly energy: number
  readonly durationS: number
}

export const EMPTY: LaeqSum = { energy: 0, durationS: 0 }

export function addLevel(sum: LaeqSum, level: DbA, durationS: number): LaeqSum {
  return {
    energy: sum.energy + energyOf(level, durationS),
    durationS: sum.durationS + durationS,
  }
}

export function mergeSums(a: LaeqSum, b: LaeqSum): LaeqSum {
  return { energy: a.energy + b.energy, durationS: a.durationS + b.durationS }
}

/** The level of the window, or undefined when nothing was measured: a quiet street has a level, a dead sensor none. */
export function laeq({ energy, durationS }: LaeqSum): DbA | undefined {
  return laeqOf(energy, durationS)
}

/** Relative power times time of one level. */
export function energyOf(level: number, durationS: number): number {
  return powerOf(level) * durationS
}

export function laeqOf(energy: number, durationS: number): DbA | undefined {
  return durationS === 0 ? undefined : levelOf(energy / durationS)
}

/** LAeq of levels of equal weight: equal intervals of one sensor, or one value from each of many. Undefined ones are left out. */
export function laeqOfEqual(levels: Iterable<number | undefined>): DbA | undefined {
  let sum = EMPTY
  for (const level of levels) if (level !== undefined) sum = addLevel(sum, level as DbA, 1)
  return laeq(sum)
}

/** What a calculator makes of decibels: the mean of logarithms. Never above LAeq (Jensen); kept only to show the difference. */
export function arithmeticMean(levels: Iterable<number | undefined>): number | undefined {
  let sum = 0
  let count = 0
  for (const level of levels) {
    if (level === undefined) continue
    sum += level
    count++
  }
  return count === 0 ? undefined : sum / count
}

/** Level of incoherent sources that sound together: 60 and 60 dB(A) make 63. */
export function sumOfLevels(levels: Iterable<number | undefined>): DbA | undefined {
  let power = 0
  for (const level of levels) if (level !== undefined) power += powerOf(level)
  return power === 0 ? undefined : levelOf(power)
}

const NEPERS = Math.LN10 / 10

/** Power relative to the 20 µPa of 0 dB: 10^(L/10), by the exponential because it is four times as fast as the power and as exact. */
function powerOf(level: number): number {
  return Math.exp(level * NEPERS)
}

function levelOf(power: number): DbA {
  return (10 * Math.log10(power)) as DbA
}
