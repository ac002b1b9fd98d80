/**
 * UK Daily Air Quality Index, 1 to 10 (Defra, COMEAP 2012).
 *
 * Averages by pollutant: NO₂ 1 h, O₃ running 8 h, SO₂ 15 min, particles 24 h. The published ranges are
 * whole µg/m³, so a value is rounded half up first.
 */
export type DaqiPollutant = 'no2' | 'o3' | 'so2' | 'pm25' | 'pm10'

export const DAQI_SOURCE = 'UK Daily Air Quality Index, Defra (2012)'

/** Highest whole µg/m³ of index 1 to 9. One published copy starts PM10's index 4 at 52: a misprint of 51. */
export const DAQI_UPPERS: Readonly<Record<DaqiPollutant, readonly number[]>> = {
  no2: [67, 134, 200, 267, 334, 400, 467, 534, 600],
  o3: [33, 66, 100, 120, 140, 160, 187, 213, 240],
  so2: [88, 177, 266, 354, 443, 532, 710, 887, 1064],
  pm25: [11, 23, 35, 41, 47, 53, 58, 64, 70],
  pm10: [16, 33, 50, 58, 66, 75, 83, 91, 100],
}

export interface Daqi {
  readonly index: number
  readonly band: 'Low' | 'Moderate' | 'High' | 'Very High'
}

/** Undefined for a negative value. */
export function ukDaqi(pollutant: DaqiPollutant, valueUgM3: number): Daqi | undefined {
  if (!(valueUgM3 >= 0)) return undefined
  const rounded = Math.floor(valueUgM3 + 0.5)
  const below = DAQI_UPPERS[pollutant].findIndex((upper) => rounded <= upper)
  const index = below < 0 ? 10 : below + 1
  return { index, band: index <= 3 ? 'Low' : index <= 6 ? 'Moderate' : index <= 9 ? 'High' : 'Very High' }
}
