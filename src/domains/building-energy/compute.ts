/**
 * Mean power over a window, from samples of power, or from the first and the last reading of a register.
 *
 * A register tells the energy between two readings exactly, however few come; only its two ends are
 * kept, so windows merge in any order. Power samples are preferred where they come, because two
 * readings of a coarse register a minute apart are mostly rounding.
 */
import { HOUR_MS } from '../../core/time/instant.ts'
import { createFold, plausibleValue } from '../fold.ts'

// Power: sum and samples. Register: instant and reading of the first and of the last.
const FIRST = 2
const LAST = 4

export const POWER_FOLD = createFold({
  width: 6,
  reads: ['activePower', 'energyImport'],
  clear(acc, at) {
    acc[at] = acc[at + 1] = 0
    for (let i = FIRST; i < LAST + 2; i++) acc[at + i] = NaN
  },
  add(acc, at, reading) {
    const activePower = plausibleValue(reading, 'activePower')
    // Power that is older than the reading was counted when it came.
    if (activePower !== undefined && reading.lagMs?.['activePower'] === undefined) {
      acc[at]! += activePower
      acc[at + 1]!++
    }
    const kWh = plausibleValue(reading, 'energyImport')
    if (kWh !== undefined) addRegister(acc, at, reading.observedAtMs - (reading.lagMs?.['energyImport'] ?? 0), kWh)
  },
  merge(acc, at, other, otherAt) {
    acc[at]! += other[otherAt]!
    acc[at + 1]! += other[otherAt + 1]!
    for (const end of [FIRST, LAST]) {
      const ms = other[otherAt + end]!
      if (!Number.isNaN(ms)) addRegister(acc, at, ms, other[otherAt + end + 1]!)
    }
  },
  value: (acc, at) =>
    meanPowerKW({ sumKW: acc[at]!, samples: acc[at + 1]!, firstMs: acc[at + FIRST]!, firstKWh: acc[at + FIRST + 1]!, lastMs: acc[at + LAST]!, lastKWh: acc[at + LAST + 1]! }),
})

/** Of one window. */
interface PowerSum {
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
function meanPowerKW({ sumKW, samples, firstMs, firstKWh, lastMs, lastKWh }: PowerSum): number | undefined {
  if (samples > 0) return sumKW / samples
  if (!(lastMs > firstMs) || lastKWh < firstKWh) return undefined
  return ((lastKWh - firstKWh) * HOUR_MS) / (lastMs - firstMs)
}

/** Was the register read earlier? Two readings of one instant are ordered by value, so that the order of arrival does not matter. */
function isBefore(ms: number, kWh: number, otherMs: number, otherKWh: number): boolean {
  return ms === otherMs ? kWh < otherKWh : ms < otherMs
}

function addRegister(acc: Float64Array, at: number, ms: number, kWh: number): void {
  if (Number.isNaN(acc[at + FIRST]!) || isBefore(ms, kWh, acc[at + FIRST]!, acc[at + FIRST + 1]!)) {
    acc[at + FIRST] = ms
    acc[at + FIRST + 1] = kWh
  }
  if (Number.isNaN(acc[at + LAST]!) || isBefore(acc[at + LAST]!, acc[at + LAST + 1]!, ms, kWh)) {
    acc[at + LAST] = ms
    acc[at + LAST + 1] = kWh
  }
}
