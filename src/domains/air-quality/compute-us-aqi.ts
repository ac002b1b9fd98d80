/**
 * US Air Quality Index (EPA-454/B-24-002, May 2024, Tables 3 and 6; 40 CFR 58 App. G).
 *
 * A concentration is truncated to the table's precision, interpolated within its row and rounded.
 * Above the last row EPA speaks of "beyond the AQI": then there is a category and no number.
 */

/** Particles µg/m³ over 24 h; ozone ppm over 8 h; NO₂ ppb over 1 h. */
export type UsAqiPollutant = 'pm25' | 'pm10' | 'o3_8h_ppm' | 'no2_1h_ppb'

interface Scale {
  readonly decimals: number
  /** Highest concentration of each category, in the table's precision. */
  readonly highs: readonly number[]
}

const SCALES: Readonly<Record<UsAqiPollutant, Scale>> = {
  pm25: { decimals: 1, highs: [9.0, 35.4, 55.4, 125.4, 225.4, 325.4] },
  pm10: { decimals: 0, highs: [54, 154, 254, 354, 424, 604] },
  // Above 0.200 ppm EPA goes over to the 1 h mean of ozone.
  o3_8h_ppm: { decimals: 3, highs: [0.054, 0.07, 0.085, 0.105, 0.2] },
  no2_1h_ppb: { decimals: 0, highs: [53, 100, 360, 649, 1249, 2049] },
}

const INDEX_HIGHS = [50, 100, 150, 200, 300, 500]

export const US_AQI_CATEGORIES = [
  { name: 'Good', colour: '#00E400' },
  { name: 'Moderate', colour: '#FFFF00' },
  { name: 'Unhealthy for Sensitive Groups', colour: '#FF7E00' },
  { name: 'Unhealthy', colour: '#FF0000' },
  { name: 'Very Unhealthy', colour: '#8F3F97' },
  { name: 'Hazardous', colour: '#7E0023' },
] as const

export interface UsAqi {
  /** The concentration that was looked up. */
  readonly truncated: number
  readonly aqi?: number
  readonly category: string
  readonly colour: string
}

/** Undefined for a negative value. */
export function usAqi(pollutant: UsAqiPollutant, value: number): UsAqi | undefined {
  if (!(value >= 0)) return undefined
  const { decimals, highs } = SCALES[pollutant]
  const truncated = truncate(value, decimals)
  const row = highs.findIndex((high) => truncated <= high)
  const category = US_AQI_CATEGORIES[row]
  if (category === undefined) return { truncated, category: 'Beyond the AQI', colour: US_AQI_CATEGORIES[5].colour }
  const step = 10 ** -decimals
  const low = row === 0 ? 0 : highs[row - 1]! + step
  const indexLow = row === 0 ? 0 : INDEX_HIGHS[row - 1]! + 1
  const slope = (INDEX_HIGHS[row]! - indexLow) / (highs[row]! - low)
  return { truncated, aqi: Math.floor(slope * (truncated - low) + indexLow + 0.5), category: category.name, colour: category.colour }
}

export interface NowCast {
  readonly valueUgM3: number
  /** 0.5 when the air changes fast, towards 1 when it is steady. */
  readonly weightFactor: number
  readonly truncated: number
}

/** NowCast of particles from hourly means of up to 12 h, newest first; undefined unless two of the newest three are there. */
export function nowCast(hourlyNewestFirst: readonly (number | undefined)[], decimals = 1): NowCast | undefined {
  const hours = hourlyNewestFirst.slice(0, 12)
  const present = hours.filter((value) => value !== undefined)
  if (hours.slice(0, 3).filter((value) => value !== undefined).length < 2) return undefined
  const highest = Math.max(...present)
  const weightFactor = highest > 0 ? Math.max(Math.min(...present) / highest, 0.5) : 1
  let sum = 0
  let weights = 0
  hours.forEach((value, hoursAgo) => {
    if (value === undefined) return
    const weight = weightFactor ** hoursAgo
    sum += weight * value
    weights += weight
  })
  const valueUgM3 = sum / weights
  return { valueUgM3, weightFactor, truncated: truncate(valueUgM3, decimals) }
}

function truncate(value: number, decimals: number): number {
  const scale = 10 ** decimals
  // 0.057 · 1000 is 57.000000000000007, and 4.35 · 100 is 434.99999999999994: a hair must not cost a digit.
  return Math.floor(value * scale + 1e-7) / scale
}
