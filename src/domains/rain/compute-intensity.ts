/**
 * What people call a rain, by its rate. Schemes differ, so the word never goes without its scheme:
 * 2.5 mm/h is moderate for the WMO and still light for the AMS.
 */
import type { Source } from '../../core/source.ts'

export type IntensityScheme = 'wmo' | 'ams' | 'ukmet' | 'ukmet-showers'

export interface SchemeRow {
  readonly name: string
  /** Ascending; a class reaches from the bound before it to its own. */
  readonly classes: readonly { readonly label: string; readonly to: number }[]
  /** Does a rate equal to a bound belong to the class above it or below? */
  readonly boundary: 'lower-inclusive' | 'upper-inclusive'
  /** Where it is not confirmed, the word says so. */
  readonly source: Source
}

/** mm/h. */
export const INTENSITY_SCHEMES: Readonly<Record<IntensityScheme, SchemeRow>> = {
  wmo: {
    name: 'WMO',
    classes: [
      { label: 'slight', to: 2.5 },
      { label: 'moderate', to: 10 },
      { label: 'heavy', to: 50 },
      { label: 'violent', to: Infinity },
    ],
    boundary: 'lower-inclusive',
    source: { document: 'WMO, intensity of precipitation', confirmed: false, note: 'as quoted by a weather station' },
  },
  ams: {
    name: 'AMS',
    classes: [
      { label: 'light', to: 2.5 },
      { label: 'moderate', to: 7.6 },
      { label: 'heavy', to: Infinity },
    ],
    boundary: 'upper-inclusive',
    source: { document: 'American Meteorological Society, Glossary of Meteorology', confirmed: true },
  },
  ukmet: {
    name: 'Met Office (rain)',
    classes: [
      { label: 'slight', to: 0.5 },
      { label: 'moderate', to: 4 },
      { label: 'heavy', to: Infinity },
    ],
    boundary: 'lower-inclusive',
    source: { document: 'Met Office', confirmed: false, note: 'as quoted by a weather station' },
  },
  'ukmet-showers': {
    name: 'Met Office (showers)',
    classes: [
      { label: 'slight', to: 2 },
      { label: 'moderate', to: 10 },
      { label: 'heavy', to: 50 },
      { label: 'violent', to: Infinity },
    ],
    boundary: 'lower-inclusive',
    source: { document: 'Met Office', confirmed: false, note: 'as quoted by a weather station' },
  },
}

/** "none" for no rain at all; undefined for what is no rate. */
export function intensityClass(mmPerHour: number, scheme: IntensityScheme = 'wmo'): string | undefined {
  if (!(mmPerHour >= 0)) return undefined
  if (mmPerHour === 0) return 'none'
  const { classes, boundary } = INTENSITY_SCHEMES[scheme]
  return classes.find(({ to }) => (boundary === 'lower-inclusive' ? mmPerHour < to : mmPerHour <= to))?.label
}
