/**
 * Air quality over a window: the mean of each pollutant, then the worst of their bands.
 *
 * The index is taken once, of the means. A mean of indices would hide the pollutant that matters, and
 * the worst index of single readings would make a gust of dust an hour of bad air.
 */
import { EAQI_POLLUTANTS, eaqiIndex, type EaqiPollutant } from './compute-eaqi.ts'

/*
 * The accumulator: the end of the newest reading, then for each pollutant sum and number of its values, and the
 * newest value that came along with a reading of another pollutant though it is older, with its instant. That one
 * speaks only while nothing of the window itself does. Without it, a sensor whose gases are older than its
 * particles at the first snapshot would lack its gases for an hour; counted, it would weigh once a notification.
 */
const NEWEST = 0
const SUM = 0
const COUNT = 1
const HELD = 2
const HELD_AT = 3
const PER_POLLUTANT = 4

const POLLUTANTS = EAQI_POLLUTANTS.length

export const AIR_WIDTH = 1 + POLLUTANTS * PER_POLLUTANT

/** A held value older than this, against the newest reading, no longer speaks. */
export const HELD_FOR_MS = 3_600_000

export function clearAir(acc: Float64Array, at: number): void {
  acc[at + NEWEST] = -Infinity
  for (let p = at + 1; p < at + AIR_WIDTH; p += PER_POLLUTANT) {
    acc[p + SUM] = acc[p + COUNT] = acc[p + HELD] = 0
    acc[p + HELD_AT] = -Infinity
  }
}

/** Adds the values of one reading (µg/m³, undefined when there is none) at `atMs`, some of them older by `lagMs`. */
export function addAir(
  acc: Float64Array,
  at: number,
  reading: { readonly atMs: number; readonly valueOf: (pollutant: EaqiPollutant) => number | undefined; readonly lagMs?: Readonly<Record<string, number>> | undefined },
): void {
  acc[at + NEWEST] = Math.max(acc[at + NEWEST]!, reading.atMs)
  let p = at + 1
  for (const pollutant of EAQI_POLLUTANTS) {
    const value = reading.valueOf(pollutant)
    const lagMs = reading.lagMs?.[pollutant] ?? 0
    if (value !== undefined && lagMs === 0) {
      acc[p + SUM]! += value
      acc[p + COUNT]!++
    } else if (value !== undefined) {
      hold(acc, p, value, reading.atMs - lagMs)
    }
    p += PER_POLLUTANT
  }
}

/** The same of values in the order of `EAQI_POLLUTANTS`, NaN where there is none, none of them older. */
export function addPlainAir(acc: Float64Array, at: number, values: Float64Array, atMs: number): void {
  if (!(acc[at + NEWEST]! >= atMs)) acc[at + NEWEST] = atMs
  for (let index = 0, p = at + 1; index < POLLUTANTS; index++, p += PER_POLLUTANT) {
    const value = values[index]!
    if (Number.isNaN(value)) continue
    acc[p + SUM]! += value
    acc[p + COUNT]!++
  }
}

export function mergeAir(acc: Float64Array, at: number, other: Float64Array, otherAt: number): void {
  acc[at + NEWEST] = Math.max(acc[at + NEWEST]!, other[otherAt + NEWEST]!)
  for (let p = 1; p < AIR_WIDTH; p += PER_POLLUTANT) {
    acc[at + p + SUM]! += other[otherAt + p + SUM]!
    acc[at + p + COUNT]! += other[otherAt + p + COUNT]!
    hold(acc, at + p, other[otherAt + p + HELD]!, other[otherAt + p + HELD_AT]!)
  }
}

/** Means over the window, µg/m³; a pollutant that was not measured is absent. */
export function airMeans(acc: Float64Array, at: number): Partial<Record<EaqiPollutant, number>> {
  const means: Partial<Record<EaqiPollutant, number>> = {}
  let p = at + 1
  for (const pollutant of EAQI_POLLUTANTS) {
    const count = acc[p + COUNT]!
    if (count > 0) means[pollutant] = settled(acc[p + SUM]! / count)
    else if (acc[at + NEWEST]! - acc[p + HELD_AT]! <= HELD_FOR_MS) means[pollutant] = acc[p + HELD]!
    p += PER_POLLUTANT
  }
  return means
}

/** 1 Good to 6 Extremely poor: the worst of what was measured. */
export function airIndex(acc: Float64Array, at: number): number | undefined {
  return eaqiIndex(airMeans(acc, at)).worst
}

/**
 * To a ten-thousandth of a µg/m³, finer than any instrument. Sums in another order, and last readings kept as
 * Float32, differ in their last bits, and a mean that lies on the bound of a class (67.7, 59.8 and 54.0 make 60.5)
 * must not be in one class or the other by that. Bounds are whole or half, so they lie amid what is rounded to them.
 */
function settled(mean: number): number {
  return Math.round(mean * 1e4) / 1e4
}

// Of two with the same time the higher one: any rule does that does not ask which came first.
function hold(acc: Float64Array, p: number, value: number, atMs: number): void {
  const heldAtMs = acc[p + HELD_AT]!
  if (atMs < heldAtMs || (atMs === heldAtMs && value <= acc[p + HELD]!)) return
  acc[p + HELD] = value
  acc[p + HELD_AT] = atMs
}
