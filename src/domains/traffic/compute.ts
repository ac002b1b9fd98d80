/**
 * Mean speed over a window: kilometres driven over hours driven, by the vehicles that passed.
 *
 * Speeds at a point are averaged harmonically, weighted by vehicles: that is the mean over the road
 * (Wardrop 1952), the speed that belongs to flow and density, and the one in which a jam weighs as long
 * as it holds people up. An interval in which nobody passed has no speed, and none is made up.
 *
 * The sum is two numbers, so windows merge in any order.
 */

/** Running sums of one window. */
export interface SpeedSum {
  /** Vehicles whose speed is known. */
  readonly vehicles: number
  /** Sum of vehicles / speed: hours that they need for one kilometre. */
  readonly hoursPerKm: number
}

export const EMPTY_SPEED: SpeedSum = { vehicles: 0, hoursPerKm: 0 }

/** Adds the mean speed of some vehicles. Without vehicles or without motion there is nothing to add. */
export function addSpeed(sum: SpeedSum, kmh: number, vehicles: number): SpeedSum {
  if (!(kmh > 0) || !(vehicles > 0)) return sum
  return { vehicles: sum.vehicles + vehicles, hoursPerKm: sum.hoursPerKm + vehicles / kmh }
}

export function mergeSpeeds(a: SpeedSum, b: SpeedSum): SpeedSum {
  return { vehicles: a.vehicles + b.vehicles, hoursPerKm: a.hoursPerKm + b.hoursPerKm }
}

/** km/h, or undefined when no vehicle gave one: an empty road has no speed. */
export function meanSpeedKmh({ vehicles, hoursPerKm }: SpeedSum): number | undefined {
  return vehicles === 0 ? undefined : vehicles / hoursPerKm
}
