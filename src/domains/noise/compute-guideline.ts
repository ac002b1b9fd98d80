/**
 * How far a level is above what the World Health Organization recommends.
 *
 * The recommendations are for one source each, as a yearly average at the most exposed façade. A
 * street sensor hears all sources: a line for road traffic needs somebody to have said that the
 * road is what it hears.
 */
import type { Source } from '../../core/source.ts'

interface Guideline {
  readonly lden: number
  readonly lnight?: number
}

export type NoiseSource = 'road' | 'railway' | 'aircraft' | 'windTurbine'

/** dB; WHO Environmental Noise Guidelines for the European Region (2018). No night value is recommended for wind turbines. */
export const WHO_GUIDELINES: Readonly<Record<NoiseSource, Guideline>> & { readonly road: Required<Guideline> } = {
  road: { lden: 53, lnight: 45 },
  railway: { lden: 54, lnight: 44 },
  aircraft: { lden: 45, lnight: 40 },
  windTurbine: { lden: 45 },
}

export const WHO_SOURCE: Source = {
  document: 'WHO Environmental Noise Guidelines',
  year: 2018,
  confirmed: false,
  note: 'read as quoted by others',
}

export interface GuidelineExcess {
  /** Measured minus recommended, dB; negative when below. */
  readonly lden?: number
  readonly lnight?: number
}

export function whoExcess(source: NoiseSource, levels: { readonly lden?: number | undefined; readonly lnight?: number | undefined }): GuidelineExcess {
  const guideline = WHO_GUIDELINES[source]
  return {
    ...(levels.lden === undefined ? {} : { lden: levels.lden - guideline.lden }),
    ...(levels.lnight === undefined || guideline.lnight === undefined ? {} : { lnight: levels.lnight - guideline.lnight }),
  }
}
