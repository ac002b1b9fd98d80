/**
 * Mean speed over a window: kilometres driven over hours driven, by the vehicles that passed.
 *
 * Speeds at a point are averaged harmonically, weighted by vehicles: that is the mean over the road
 * (Wardrop 1952), the speed that belongs to flow and density, and the one in which a jam weighs as long
 * as it holds people up. An interval in which nobody passed has no speed, and none is made up.
 *
 * So a window is two sums: the vehicles whose speed is known, and the hours that they need for one
 * kilometre (vehicles / speed).
 */

/** What some vehicles at a mean speed add to the hours; undefined without vehicles or without motion: there is nothing to add. */
export function hoursPerKmOf(kmh: number, vehicles: number): number | undefined {
  return kmh > 0 && vehicles > 0 ? vehicles / kmh : undefined
}

/** km/h, or undefined when no vehicle gave one: an empty road has no speed. */
export function meanSpeedKmh(vehicles: number, hoursPerKm: number): number | undefined {
  return vehicles === 0 ? undefined : vehicles / hoursPerKm
}
