/**
 * European Air Quality Index: the band of each pollutant, and the worst of them.
 *
 * In force is the revised index of ETC HE Report 2024/17 (Table 5.2, 2025, DOI 10.5281/zenodo.15781195):
 * hourly values for all five pollutants. The table prints whole numbers ("6–15", "16–50") and no rule
 * for 15.48 is published, so both readings are here by name: `integer-rounded` rounds half up first,
 * `upper-inclusive` compares the unrounded value with (lower, upper]. The first is our default: it agreed
 * with the index viewer on all pairs of the one check known to us (6,760 hours of Malta).
 *
 * The superseded six bands of 2020 to 2024 stand beside it because portals still show them; there
 * particles are running means of 24 h.
 */
import type { Source } from '../../core/source.ts'

export type EaqiPollutant = 'pm25' | 'pm10' | 'o3' | 'no2' | 'so2'
export type FractionRule = 'integer-rounded' | 'upper-inclusive'
/** 1 Good to 6 Extremely poor. */
export type EaqiBand = 1 | 2 | 3 | 4 | 5 | 6

export interface EaqiTable {
  readonly name: string
  readonly source: Source
  /** Upper bounds of the bands, µg/m³. Five leave the sixth band open; a sixth closes it: what is above is not banded. */
  readonly uppers: Readonly<Record<EaqiPollutant, readonly number[]>>
}

export const EAQI_POLLUTANTS: readonly EaqiPollutant[] = ['no2', 'o3', 'pm10', 'pm25', 'so2']

export const EAQI_LABELS = ['Good', 'Fair', 'Moderate', 'Poor', 'Very poor', 'Extremely poor'] as const
export const EAQI_COLOURS = ['#50F0E6', '#50CCAA', '#F0E641', '#FF5050', '#960032', '#7D2181'] as const

export const EAQI_2024: EaqiTable = {
  name: 'EAQI (revised bands)',
  // Three independent programs that quote the table agree; the report's PDF was not to be had.
  source: { document: 'ETC HE Report 2024/17, Table 5.2', year: 2025, confirmed: false, note: 'read as three programs quote it' },
  uppers: {
    pm25: [5, 15, 50, 90, 140],
    pm10: [15, 45, 120, 195, 270],
    o3: [60, 100, 120, 160, 180],
    no2: [10, 25, 60, 100, 150],
    so2: [20, 40, 125, 190, 275],
  },
}

export const EAQI_2020: EaqiTable = {
  name: 'EAQI 2020–2024 (superseded)',
  source: { document: 'EEA European Air Quality Index, six bands', year: 2020, confirmed: false, note: 'superseded 2025, read as others quote it' },
  uppers: {
    pm25: [10, 20, 25, 50, 75, 800],
    pm10: [20, 40, 50, 100, 150, 1200],
    no2: [40, 90, 120, 230, 340, 1000],
    o3: [50, 100, 130, 240, 380, 800],
    so2: [100, 200, 350, 500, 750, 1250],
  },
}

export function isEaqiPollutant(name: string): name is EaqiPollutant {
  return (EAQI_POLLUTANTS as readonly string[]).includes(name)
}

/** Band of an hourly value in µg/m³ by the index in force; undefined for a negative value. */
export function eaqiBand(pollutant: EaqiPollutant, valueUgM3: number, rule: FractionRule = 'integer-rounded'): EaqiBand | undefined {
  // Rounding half up: a reading just below zero, which instruments give in clean air, is a negative all the same.
  return bandIn(EAQI_2024, pollutant, valueUgM3 >= 0 && rule === 'integer-rounded' ? Math.floor(valueUgM3 + 0.5) : valueUgM3)
}

/** Band by the table of 2020 to 2024: hourly gases, particles as running means of 24 h. Compared unrounded. */
export function eaqiLegacyBand(pollutant: EaqiPollutant, valueUgM3: number): EaqiBand | undefined {
  return bandIn(EAQI_2020, pollutant, valueUgM3)
}

function bandIn(table: EaqiTable, pollutant: EaqiPollutant, value: number): EaqiBand | undefined {
  if (!(value >= 0)) return undefined
  const uppers = table.uppers[pollutant]
  const index = uppers.findIndex((upper) => value <= upper)
  if (index >= 0) return (index + 1) as EaqiBand
  return uppers.length < 6 ? 6 : undefined
}

export interface EaqiIndex {
  /** Worst band of what was measured, whether or not that is enough for an index. */
  readonly worst?: EaqiBand
  /** The index: absent unless the minimum set was measured. */
  readonly band?: EaqiBand
  /** Pollutants in the worst band, in alphabetical order. */
  readonly drivers: readonly EaqiPollutant[]
  /** Traffic stations: NO₂ and PM. All others: NO₂, O₃ and PM. */
  readonly minimumSetMet: boolean
}

/** `stationType` as the station says it; anything but `traffic` needs ozone too. EEA fills gaps from a model, we do not. */
export function eaqiIndex(
  valuesUgM3: Readonly<Partial<Record<EaqiPollutant, number | undefined>>>,
  { stationType, rule = 'integer-rounded' }: { readonly stationType?: string | undefined; readonly rule?: FractionRule | undefined } = {},
): EaqiIndex {
  const bands = new Map<EaqiPollutant, EaqiBand>()
  for (const pollutant of EAQI_POLLUTANTS) {
    const value = valuesUgM3[pollutant]
    const band = value === undefined ? undefined : eaqiBand(pollutant, value, rule)
    if (band !== undefined) bands.set(pollutant, band)
  }
  const hasParticles = bands.has('pm25') || bands.has('pm10')
  const minimumSetMet = hasParticles && bands.has('no2') && (stationType === 'traffic' || bands.has('o3'))
  if (bands.size === 0) return { drivers: [], minimumSetMet }
  const worst = Math.max(...bands.values()) as EaqiBand
  const drivers = EAQI_POLLUTANTS.filter((pollutant) => bands.get(pollutant) === worst)
  return { worst, ...(minimumSetMet ? { band: worst } : {}), drivers, minimumSetMet }
}
