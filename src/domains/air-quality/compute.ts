/**
 * Air quality over a window: the mean of each pollutant, then the worst of their bands.
 *
 * The index is taken once, of the means. A mean of indices would hide the pollutant that matters, and
 * the worst index of single readings would make a gust of dust an hour of bad air.
 */
import { EAQI_POLLUTANTS, eaqiIndex, type EaqiIndex, type EaqiPollutant, type FractionRule } from './compute-eaqi.ts'

/** Running sums of one pollutant, µg/m³. */
export interface PollutantSum {
  readonly sum: number
  readonly count: number
  /**
   * Newest value that came along with a reading of another pollutant, though it is older: it speaks only
   * while nothing of the window itself does. Without it, a sensor whose gases are older than its
   * particles at the first snapshot would lack its gases for an hour; counted, it would weigh once a notification.
   */
  readonly held?: Held
}

export interface Held {
  readonly value: number
  readonly atMs: number
}

/** Running sums of one window, by pollutant. */
export interface AirSum {
  readonly pollutants: Readonly<Partial<Record<EaqiPollutant, PollutantSum>>>
  /** End of the newest reading. */
  readonly newestMs: number
}

export const EMPTY_AIR: AirSum = { pollutants: {}, newestMs: -Infinity }

/** A held value older than this, against the newest reading, no longer speaks. */
export const HELD_FOR_MS = 3_600_000

/** Adds one reading: values in µg/m³ at `atMs`, some of them older by `lagMs`. */
export function addAir(
  acc: AirSum,
  reading: {
    readonly atMs: number
    readonly values: Readonly<Partial<Record<string, number>>>
    readonly lagMs?: Readonly<Record<string, number>> | undefined
    readonly implausible?: readonly string[] | undefined
  },
): AirSum {
  const pollutants: Partial<Record<EaqiPollutant, PollutantSum>> = {}
  for (const pollutant of EAQI_POLLUTANTS) {
    const value = reading.values[pollutant]
    if (value === undefined || reading.implausible?.includes(pollutant) === true) continue
    const lagMs = reading.lagMs?.[pollutant] ?? 0
    pollutants[pollutant] = lagMs === 0 ? { sum: value, count: 1 } : { sum: 0, count: 0, held: { value, atMs: reading.atMs - lagMs } }
  }
  return mergeAir(acc, { pollutants, newestMs: reading.atMs })
}

export function mergeAir(a: AirSum, b: AirSum): AirSum {
  const pollutants: Partial<Record<EaqiPollutant, PollutantSum>> = { ...a.pollutants }
  for (const pollutant of EAQI_POLLUTANTS) {
    const one = a.pollutants[pollutant]
    const other = b.pollutants[pollutant]
    if (other !== undefined) pollutants[pollutant] = one === undefined ? other : mergePollutants(one, other)
  }
  return { pollutants, newestMs: Math.max(a.newestMs, b.newestMs) }
}

/** Means over the window, µg/m³; a pollutant that was not measured is absent. */
export function airMeans(acc: AirSum): Partial<Record<EaqiPollutant, number>> {
  const means: Partial<Record<EaqiPollutant, number>> = {}
  for (const pollutant of EAQI_POLLUTANTS) {
    const sums = acc.pollutants[pollutant]
    if (sums === undefined) continue
    if (sums.count > 0) means[pollutant] = sums.sum / sums.count
    else if (sums.held !== undefined && acc.newestMs - sums.held.atMs <= HELD_FOR_MS) means[pollutant] = sums.held.value
  }
  return means
}

export function airIndex(acc: AirSum, options: { readonly stationType?: string | undefined; readonly rule?: FractionRule } = {}): EaqiIndex {
  return eaqiIndex(airMeans(acc), options)
}

function mergePollutants(a: PollutantSum, b: PollutantSum): PollutantSum {
  const held = newer(a.held, b.held)
  return { sum: a.sum + b.sum, count: a.count + b.count, ...(held === undefined ? {} : { held }) }
}

// Of two with the same time the higher one: any rule does that does not ask which came first.
function newer(a: Held | undefined, b: Held | undefined): Held | undefined {
  if (a === undefined || b === undefined) return a ?? b
  if (a.atMs !== b.atMs) return a.atMs > b.atMs ? a : b
  return a.value >= b.value ? a : b
}
