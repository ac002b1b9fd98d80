/**
 * Mean power over a window, from samples of power, or from the first and the last reading of a register.
 *
 * A register tells the energy between two readings exactly, however few come; only its two ends are
 * kept, so windows merge in any order. Power samples are preferred where they come, because two
 * readings of a coarse register a minute apart are mostly rounding.
 */
import { HOUR_MS } from '../../core/time/instant.ts'

/** Of one window. */
export interface PowerSum {
  /** Of all samples, kW. */
  readonly sumKW: number
  readonly samples: number
  /** First and last reading of the register; NaN when there is none. */
  readonly firstMs: number
  readonly firstKWh: number
  readonly lastMs: number
  readonly lastKWh: number
}

/** Mean power, kW; undefined when nothing tells it. A register that fell in the window was reset: it tells nothing here. */
export function meanPowerKW({ sumKW, samples, firstMs, firstKWh, lastMs, lastKWh }: PowerSum): number | undefined {
  if (samples > 0) return sumKW / samples
  if (!(lastMs > firstMs) || lastKWh < firstKWh) return undefined
  return ((lastKWh - firstKWh) * HOUR_MS) / (lastMs - firstMs)
}

/** Was the register read earlier? Two readings of one instant are ordered by value, so that the order of arrival does not matter. */
export function isBefore(ms: number, kWh: number, otherMs: number, otherKWh: number): boolean {
  return ms === otherMs ? kWh < otherKWh : ms < otherMs
}
