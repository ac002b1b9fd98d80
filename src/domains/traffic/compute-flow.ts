/**
 * Flow, density and speed of one place: q = k · v, where v is the mean over the road.
 *
 * Two of the three tell the state of a road and one alone does not: 400 vehicles an hour pass in a quiet
 * night and in a jam.
 */
import { HOUR_MS, SECOND_MS } from '../../core/time/instant.ts'

/** Vehicles per hour from a count; undefined for a period of no length. */
export function vehiclesPerHour(count: number, periodS: number): number | undefined {
  return periodS > 0 ? (count * (HOUR_MS / SECOND_MS)) / periodS : undefined
}

/** Vehicles per kilometre; undefined where nothing moves, since flow and speed are then both 0 whatever stands there. */
export function vehiclesPerKm(perHour: number, kmh: number | undefined): number | undefined {
  return kmh !== undefined && kmh > 0 ? perHour / kmh : undefined
}

export interface SpotSpeeds {
  /** Arithmetic: the mean over the vehicles that passed the point. */
  readonly timeMeanKmh?: number
  /** Harmonic: the mean over the vehicles on the road, never above the other (Wardrop 1952). Absent with a vehicle that stands: it stays on the road for ever. */
  readonly spaceMeanKmh?: number
}

export function spotSpeeds(kmh: Iterable<number | undefined>): SpotSpeeds {
  let sum = 0
  let slowness = 0
  let count = 0
  for (const speed of kmh) {
    if (speed === undefined) continue
    sum += speed
    slowness += speed > 0 ? 1 / speed : Infinity
    count++
  }
  if (count === 0) return {}
  return { timeMeanKmh: sum / count, ...(slowness === Infinity ? {} : { spaceMeanKmh: count / slowness }) }
}

export interface Lane {
  /** Vehicles counted. */
  readonly vehicles: number | undefined
  readonly kmh: number | undefined
}

export interface LaneSpeed {
  readonly kmh?: number
  readonly vehicles: number
}

/** Arithmetic mean over the vehicles of all lanes. A lane without traffic reports the speed 0: that is no speed and must not drag the mean. */
export function flowWeightedSpeed(lanes: readonly Lane[]): LaneSpeed {
  let vehicles = 0
  let timed = 0
  let sum = 0
  for (const lane of lanes) {
    if (lane.vehicles === undefined || !(lane.vehicles > 0)) continue
    vehicles += lane.vehicles
    if (lane.kmh === undefined) continue
    timed += lane.vehicles
    sum += lane.vehicles * lane.kmh
  }
  return { vehicles, ...(timed === 0 ? {} : { kmh: sum / timed }) }
}
