/**
 * What a detector's own day says of its road: how fast it is when free, and how far one can rely on it.
 *
 * Nobody states the free flow of a street to us, so it is taken from the night, as its 85th percentile
 * of speeds, and is called that wherever it is shown. A night of few readings gives none.
 */
import { percentile } from '../../core/stats/percentile.ts'
import { localHourOfDay } from '../../core/time/zone.ts'
import { reliability, travelTimeIndex, type Reliability, type TravelTime } from './compute-travel-time.ts'

/** Local hours in which a road is taken to be free, [from, to). Ours. */
export const FREE_HOURS = { from: 0, to: 5 } as const
export const FREE_PERCENT = 85
/** One reading is chance; an hour of five-minute readings is the least that a percentile is taken of. Ours. */
const LEAST_READINGS = 12

export interface SpeedReading {
  readonly atMs: number
  readonly kmh: number | undefined
}

/** km/h, from the readings of the night; undefined when they are too few. */
export function freeFlowKmh(readings: readonly SpeedReading[], timeZone: string): number | undefined {
  const speeds = readings.flatMap(({ atMs, kmh }) => {
    const hour = localHourOfDay(atMs, timeZone)
    return kmh !== undefined && kmh > 0 && hour >= FREE_HOURS.from && hour < FREE_HOURS.to ? [kmh] : []
  })
  return speeds.length < LEAST_READINGS ? undefined : percentile(speeds, FREE_PERCENT)
}

/** How much longer it takes at this speed than on the free road. */
export function againstFreeFlow(kmh: number, freeKmh: number): TravelTime {
  return travelTimeIndex([{ km: 1, kmh, freeFlowKmh: freeKmh }])
}

/** Of the times for a kilometre past this detector, one a reading: not of a way, which no single detector sees. */
export function dayReliability(readings: readonly SpeedReading[], freeKmh: number): Reliability {
  return reliability(readings.flatMap(({ kmh }) => (kmh !== undefined && kmh > 0 ? [1 / kmh] : [])), 1 / freeKmh)
}
