/**
 * Warmth and moisture of a room by EN 16798-1:2019, Annex B, and the dew point: below it, walls get wet.
 *
 * The standard itself was not read. Category I of temperature was confirmed elsewhere; what was not says so in its
 * row, and whoever prints it says so too.
 */
import { localTime } from '../../core/time/zone.ts'
import type { Category } from './compute.ts'

export type Season = 'heating' | 'cooling'

export const COMFORT_SOURCE = 'EN 16798-1:2019, Annex B'

interface Range {
  readonly category: Category
  /** Both ends belong to it. */
  readonly low: number
  readonly high: number
  /** False where the figure was seen in no source but memory. */
  readonly confirmed: boolean
}

/** Operative temperature of seated people, °C. A sensor tells the air's, which is near it away from cold walls. */
export const TEMPERATURE_RANGES: Readonly<Record<Season, readonly Range[]>> = {
  heating: [
    { category: 'I', low: 21, high: 23, confirmed: true },
    { category: 'II', low: 20, high: 24, confirmed: false },
    { category: 'III', low: 19, high: 25, confirmed: false },
    { category: 'IV', low: 17, high: 25, confirmed: false },
  ],
  cooling: [
    { category: 'I', low: 23.5, high: 25.5, confirmed: true },
    { category: 'II', low: 23, high: 26, confirmed: false },
    { category: 'III', low: 22, high: 27, confirmed: false },
    { category: 'IV', low: 21, high: 28, confirmed: false },
  ],
}

/** Relative humidity that systems are designed for, %. */
export const HUMIDITY_RANGES: readonly Range[] = [
  { category: 'I', low: 30, high: 50, confirmed: false },
  { category: 'II', low: 25, high: 60, confirmed: false },
  { category: 'III', low: 20, high: 70, confirmed: false },
]

export interface ComfortCategory {
  readonly category: Category
  readonly confirmed: boolean
}

/** The best category that the temperature is within; undefined outside all. */
export function temperatureCategory(temperatureC: number, season: Season): ComfortCategory | undefined {
  return within(TEMPERATURE_RANGES[season], temperatureC)
}

export function humidityCategory(percent: number): ComfortCategory | undefined {
  return within(HUMIDITY_RANGES, percent)
}

/** Heating from October to April, as in most of Europe: ours, to be printed beside the category. */
export function seasonAt(instantMs: number, timeZone: string): Season {
  const { month } = localTime(instantMs, timeZone)
  return month >= 10 || month <= 4 ? 'heating' : 'cooling'
}

/** °C at which the air's moisture condenses: Magnus formula over water, a = 17.62, b = 243.12 °C (WMO-No. 8). Undefined for air that is quite dry. */
export function dewPointC(temperatureC: number, relativeHumidityPercent: number): number | undefined {
  if (!(relativeHumidityPercent > 0) || temperatureC <= -243.12) return undefined
  const gamma = Math.log(relativeHumidityPercent / 100) + (17.62 * temperatureC) / (243.12 + temperatureC)
  return (243.12 * gamma) / (17.62 - gamma)
}

function within(ranges: readonly Range[], value: number): ComfortCategory | undefined {
  const range = ranges.find(({ low, high }) => low <= value && value <= high)
  return range === undefined ? undefined : { category: range.category, confirmed: range.confirmed }
}
