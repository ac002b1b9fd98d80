/**
 * Energy from power now and then. (A meter that counts up is a register as any: core's `registerIncrease`.)
 *
 * How power between two samples is read must match what the sample is: a mean of its interval holds
 * until the next (`step`), an instant's value is joined by a line (`trapezoid`). A gap longer than allowed
 * is not filled: it is reported beside the energy of the covered time.
 */
import { SECOND_MS } from '../../core/time/instant.ts'

export interface PowerSample {
  readonly atMs: number
  /** Undefined: the meter said that it did not know. */
  readonly kW: number | undefined
}

export interface IntegrateOptions {
  readonly method: 'step' | 'trapezoid'
  /** Longer stretches between samples are gaps. */
  readonly maxGapMs?: number | undefined
  /** With `step`, the last sample holds until here. */
  readonly endMs?: number | undefined
}

export interface Energy {
  /** Energy of the covered time; absent when none is covered. */
  readonly kWh?: number
  readonly coveredS: number
  readonly gapS: number
}

export function integratePower(samples: readonly PowerSample[], { method, maxGapMs = Infinity, endMs }: IntegrateOptions): Energy {
  const ordered = samples.toSorted((a, b) => a.atMs - b.atMs)
  let kWs = 0
  let coveredMs = 0
  let gapMs = 0
  ordered.forEach(({ atMs, kW }, index) => {
    const next = ordered[index + 1]
    const untilMs = next?.atMs ?? (method === 'step' ? endMs : undefined)
    if (untilMs === undefined || untilMs <= atMs) return
    const meanKW = method === 'step' ? kW : kW === undefined || next?.kW === undefined ? undefined : (kW + next.kW) / 2
    if (meanKW === undefined || untilMs - atMs > maxGapMs) {
      gapMs += untilMs - atMs
      return
    }
    kWs += (meanKW * (untilMs - atMs)) / SECOND_MS
    coveredMs += untilMs - atMs
  })
  return { coveredS: coveredMs / SECOND_MS, gapS: gapMs / SECOND_MS, ...(coveredMs === 0 ? {} : { kWh: kWs / 3_600 }) }
}

/** A gap is longer than `factor` times the usual distance between samples: the allowance for `maxGapMs`. */
export function gapAllowanceMs(samples: readonly { readonly atMs: number }[], factor = 3): number | undefined {
  const times = samples.map(({ atMs }) => atMs).sort((a, b) => a - b)
  const steps = times.slice(1).map((atMs, index) => atMs - times[index]!).sort((a, b) => a - b)
  if (steps.length === 0) return undefined
  return factor * ((steps[Math.floor((steps.length - 1) / 2)]! + steps[Math.ceil((steps.length - 1) / 2)]!) / 2)
}
