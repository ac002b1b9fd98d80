/**
 * Gases by volume and by mass: c [µg/m³] = ppb · M · p / (R · T) · 10⁻³ (ideal gas).
 *
 * The same ppb is a different mass at another temperature, so the reference belongs to the number:
 * the EU states gases at 20 °C and 101.3 kPa (Directive 2008/50/EC Annex VI.C, kept by (EU) 2024/2881),
 * the US and WHO at 25 °C. One atmosphere is 101.325 kPa; the directives print it rounded, and only the
 * whole gives the 1.9125 µg/m³ per ppb of NO₂ in use. Particles are stated at ambient conditions.
 */
const R = 8.314_462_618 // J/(mol·K), CODATA 2018

export interface GasReference {
  readonly temperatureC: number
  readonly pressurePa: number
}

export const EU_REFERENCE: GasReference = { temperatureC: 20, pressurePa: 101_325 }
export const US_REFERENCE: GasReference = { temperatureC: 25, pressurePa: 101_325 }

/** g/mol, from the standard atomic weights of IUPAC. */
export const MOLAR_MASS = {
  no2: 46.0055,
  no: 30.006,
  o3: 47.9982,
  so2: 64.064,
  co: 28.01,
  co2: 44.0095,
  benzene: 78.114,
} as const

/** µg/m³ of a gas that makes `ppb` parts in 10⁹ by volume; `molarMass` in g/mol. */
export function ppbToUgM3(ppb: number, molarMass: number, reference: GasReference = EU_REFERENCE): number {
  return ppb * ugM3PerPpb(molarMass, reference)
}

export function ugM3ToPpb(ugM3: number, molarMass: number, reference: GasReference = EU_REFERENCE): number {
  return ugM3 / ugM3PerPpb(molarMass, reference)
}

function ugM3PerPpb(molarMass: number, { temperatureC, pressurePa }: GasReference): number {
  return ((molarMass * pressurePa) / (R * (temperatureC + 273.15))) * 1e-3
}
