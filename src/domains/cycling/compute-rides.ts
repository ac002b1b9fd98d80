/**
 * Rides recorded by riders' own lights and phones: speed, surface, events, and who may be seen.
 *
 * Rides are people. A cell is published by distinct riders, never by trips; cutting the ends off a trip
 * hides a door less well than it seems (arXiv 2502.08217), so it is no substitute for the floor.
 */
import { poissonRate, type Rate } from '../../core/stats/poisson.ts'

/** Distinct riders a cell needs: See.Sense showed 10 m squares of Antwerp from 3 on; 5 for the public is ours. */
export const RIDER_FLOOR = { officials: 3, public: 5 } as const

export interface RideSpeed {
  /** Distance over time, km/h. */
  readonly kmh?: number
  /** Mean of the segments' speeds, for contrast: it forgets how long each took. */
  readonly arithmeticMeanKmh?: number
}

/** Segments of no duration tell no speed and are left out. */
export function rideSpeed(segments: readonly { readonly metres: number; readonly seconds: number }[]): RideSpeed {
  const timed = segments.filter(({ seconds }) => seconds > 0)
  if (timed.length === 0) return {}
  const metres = timed.reduce((sum, one) => sum + one.metres, 0)
  const seconds = timed.reduce((sum, one) => sum + one.seconds, 0)
  const speeds = timed.reduce((sum, one) => sum + one.metres / one.seconds, 0)
  return { kmh: (metres / seconds) * 3.6, arithmeticMeanKmh: (speeds / timed.length) * 3.6 }
}

/** What a rider's light or phone told of one stretch. */
export interface RideSegment {
  readonly metres: number
  readonly seconds: number
  /** RMS of vertical acceleration over the stretch, m/s². */
  readonly roughness?: number
  /** Absent: the light does not tell such events. */
  readonly events: Readonly<Partial<Record<RideEvent, number>>>
}

export const RIDE_EVENTS = ['braking', 'swerving', 'nearMiss'] as const
export type RideEvent = (typeof RIDE_EVENTS)[number]

export interface RideSummary {
  readonly km: number
  readonly kmh?: number
  readonly roughness?: number
  /** Events per 1000 km with their exact 95 % limits: none seen is not none to come. */
  readonly rates: Readonly<Partial<Record<RideEvent, Rate>>>
}

/** All stretches of a cell and window together; of events, those that tell them. Roughness is averaged as power over time, as the RMS of the whole would be. */
export function summariseRides(segments: readonly RideSegment[]): RideSummary {
  const km = segments.reduce((sum, { metres }) => sum + metres, 0) / 1_000
  const { kmh } = rideSpeed(segments)
  const felt = segments.filter(({ roughness, seconds }) => roughness !== undefined && seconds > 0)
  const seconds = felt.reduce((sum, one) => sum + one.seconds, 0)
  const power = felt.reduce((sum, one) => sum + one.roughness! ** 2 * one.seconds, 0)
  const rates = RIDE_EVENTS.flatMap((event) => {
    const rate = poissonRate(segments.reduce((sum, { events }) => sum + (events[event] ?? 0), 0), km, 1_000)
    return rate === undefined ? [] : [[event, rate] as const]
  })
  return {
    km,
    ...(kmh === undefined ? {} : { kmh }),
    ...(seconds === 0 ? {} : { roughness: Math.sqrt(power / seconds) }),
    rates: Object.fromEntries(rates),
  }
}

/** RMS of vertical acceleration about its mean, m/s²: a proxy of roughness (See.Sense's own index is proprietary). */
export function roughnessRms(acceleration: readonly number[]): number | undefined {
  if (acceleration.length === 0) return undefined
  const mean = acceleration.reduce((a, b) => a + b, 0) / acceleration.length
  return Math.sqrt(acceleration.reduce((sum, a) => sum + (a - mean) ** 2, 0) / acceleration.length)
}

/** Cells with at least `floor` distinct riders, and those that are too few to show. */
export function riderFloor<Cell>(
  cells: Iterable<{ readonly cell: Cell; readonly riders: Iterable<string> }>,
  floor: number,
): { readonly published: readonly Cell[]; readonly suppressed: readonly Cell[] } {
  const published: Cell[] = []
  const suppressed: Cell[] = []
  for (const { cell, riders } of cells) (new Set(riders).size >= floor ? published : suppressed).push(cell)
  return { published, suppressed }
}

/** Indices of the first and the last point of a trip that are `trimMetres` along the path from either end; undefined when nothing is left. */
export function trimTrip(
  cumulativeMetres: readonly number[],
  trimMetres: number,
): { readonly first: number; readonly last: number; readonly keptMetres: number } | undefined {
  const start = cumulativeMetres[0] ?? 0
  const end = cumulativeMetres.at(-1) ?? 0
  if (end - start <= 2 * trimMetres) return undefined
  const first = cumulativeMetres.findIndex((metres) => metres - start >= trimMetres)
  const last = cumulativeMetres.findLastIndex((metres) => end - metres >= trimMetres)
  if (first < 0 || last < first) return undefined
  return { first, last, keptMetres: cumulativeMetres[last]! - cumulativeMetres[first]! }
}
