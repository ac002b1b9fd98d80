/**
 * Carbon dioxide of a room over a window, and what it says of the room's ventilation.
 *
 * People breathe it out, so above the outdoor air it counts how much of the air in a room was already
 * breathed. It is no poison at these levels: it stands for ventilation.
 */

/** Mean, ppm; undefined when nothing was measured. */
export function meanCo2(sumPpm: number, samples: number): number | undefined {
  return samples === 0 ? undefined : sumPpm / samples
}

/** Outdoor air where no sensor of the city says otherwise, ppm: to be printed beside whatever rests on it. */
export const ASSUMED_OUTDOOR_PPM = 420

export type Category = 'I' | 'II' | 'III' | 'IV'

/**
 * Highest CO₂ above outdoors of categories I to III, ppm; IV is beyond. EN 16798-1:2019, Annex B, default values
 * (from 20 L of CO₂ an hour and person; the standard itself was not read).
 */
export const CO2_ABOVE_OUTDOOR_PPM: Readonly<Record<Exclude<Category, 'IV'>, number>> = { I: 550, II: 800, III: 1_350 }

export interface Co2Category {
  /** Indoor minus outdoor, ppm. */
  readonly deltaPpm: number
  readonly category: Category
}

/** A value on a bound belongs to the better category. */
export function co2Category(indoorPpm: number, outdoorPpm = ASSUMED_OUTDOOR_PPM): Co2Category {
  const deltaPpm = indoorPpm - outdoorPpm
  const category = (['I', 'II', 'III'] as const).find((one) => deltaPpm <= CO2_ABOVE_OUTDOOR_PPM[one]) ?? 'IV'
  return { deltaPpm, category }
}

/** What a seated person breathes out, L of CO₂ an hour: the figure behind the categories. A child gives less. */
export const EMISSION_L_PER_H = 20

/**
 * Fresh air, L/s per person, by mass balance: Q = G / (C_in − C_out). Holds only once the room has settled: soon after
 * people come in it is too high. Undefined when the room holds no more than outdoors.
 */
export function ventilationPerPerson(indoorPpm: number, outdoorPpm = ASSUMED_OUTDOOR_PPM, emissionLPerH = EMISSION_L_PER_H): number | undefined {
  const deltaPpm = indoorPpm - outdoorPpm
  return deltaPpm > 0 ? emissionLPerH / 3_600 / (deltaPpm * 1e-6) : undefined
}

/**
 * Air changes an hour of an empty room, from how fast its CO₂ falls (ASTM E741): n = ln((C₀ − C_out)/(C_t − C_out)) / Δt.
 * Undefined when it does not fall, or when nothing is left above outdoors to fall.
 */
export function airChangesPerHour(decay: { readonly startPpm: number; readonly endPpm: number; readonly outdoorPpm?: number | undefined; readonly hours: number }): number | undefined {
  const { startPpm, endPpm, outdoorPpm = ASSUMED_OUTDOOR_PPM, hours } = decay
  if (!(hours > 0) || !(endPpm > outdoorPpm) || !(startPpm >= endPpm)) return undefined
  return Math.log((startPpm - outdoorPpm) / (endPpm - outdoorPpm)) / hours
}
