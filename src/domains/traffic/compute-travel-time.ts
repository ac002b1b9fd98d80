/**
 * How much longer a way takes than on a free road, and how far one can rely on it.
 *
 * Indices of the Texas A&M Transportation Institute (Urban Mobility Report, glossary) and of FHWA. All
 * compare with a free flow that somebody has stated: the 85th percentile of speeds at night, or the
 * speed limit. Without it there is no index, so none is made from a speed alone.
 */
import { percentile } from '../../core/stats/percentile.ts'

export interface RoadSegment {
  readonly km: number
  readonly kmh: number | undefined
  readonly freeFlowKmh: number | undefined
  /** How many drove it; without any count each segment weighs its length. */
  readonly vehicles?: number | undefined
}

export interface TravelTime {
  /** Travel time over free-flow time of the distance that was driven: 1 is free, 1.3 takes 30 % longer. */
  readonly index?: number
  /** (index − 1) · 100. */
  readonly congestionPercent?: number
}

/** Over all segments whose speeds are known; a segment that stands has no travel time, and then there is none at all. */
export function travelTimeIndex(segments: readonly RoadSegment[]): TravelTime {
  let actualH = 0
  let freeH = 0
  for (const { km, kmh, freeFlowKmh, vehicles = 1 } of segments) {
    if (kmh === undefined || freeFlowKmh === undefined || !(freeFlowKmh > 0) || !(vehicles > 0)) continue
    actualH += (vehicles * km) / kmh
    freeH += (vehicles * km) / freeFlowKmh
  }
  if (!(freeH > 0) || !Number.isFinite(actualH)) return {}
  const index = actualH / freeH
  return { index, congestionPercent: (index - 1) * 100 }
}

export interface Reliability {
  /** Mean over free flow. */
  readonly travelTimeIndex?: number
  /** 95th percentile over free flow: the time to plan with when one may be late once in twenty times. */
  readonly planningTimeIndex?: number
  /** (95th percentile − mean) / mean: what to add to the mean. */
  readonly bufferIndex?: number
  /** In the unit of the times (Hyndman-Fan type 7). */
  readonly p95?: number
}

/** Travel times of one way, any unit; `freeFlow` in the same one. */
export function reliability(travelTimes: readonly (number | undefined)[], freeFlow: number | undefined): Reliability {
  const present = travelTimes.filter((time) => time !== undefined)
  const p95 = percentile(present, 95)
  if (p95 === undefined) return {}
  const mean = present.reduce((a, b) => a + b, 0) / present.length
  return {
    p95,
    ...(mean > 0 ? { bufferIndex: (p95 - mean) / mean } : {}),
    ...(freeFlow !== undefined && freeFlow > 0 ? { travelTimeIndex: mean / freeFlow, planningTimeIndex: p95 / freeFlow } : {}),
  }
}
