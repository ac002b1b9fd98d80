/**
 * Classes of the European Air Quality Index with the EEA's colours, and limit values by document.
 *
 * The EEA's colours are known and kept by day, though against the paper of our map three miss 3:1
 * by far (Good 1.2, Fair 1.7, Moderate 1.1) and Poor by a little (2.7): marks have a casing and every class its word. At night
 * the two worst would sink into the dark (2.0) and are mixed with white until 3:1.
 */
import type { Source } from '../../core/source.ts'
import { HOUR_MS } from '../../core/time/instant.ts'
import type { IncidentLimit, Legend, Limit } from '../domain-model.ts'
import { EAQI_2024, EAQI_COLOURS, EAQI_LABELS } from './compute-eaqi.ts'

const NIGHT = ['#50F0E6', '#50CCAA', '#F0E641', '#FF5050', '#AF3D63', '#944998']

export const LEGEND: Legend = {
  title: 'European Air Quality Index',
  statistic: 'EAQI, worst pollutant of means over 1 h',
  unit: '',
  boundary: 'lower-inclusive',
  // A median over sensors can fall between two classes; the half goes to the worse one.
  classes: EAQI_LABELS.map((label, index) => ({
    from: index === 0 ? -Infinity : index + 0.5,
    label,
    day: EAQI_COLOURS[index]!,
    night: NIGHT[index]!,
  })),
  limits: [],
  source: EAQI_2024.source,
}

/** A limit of one pollutant: which mean it binds, and how often a year it may be passed. */
export interface PollutantLimit extends Limit {
  readonly measure: string
  readonly unit: string
  readonly averaging: 'year' | 'day' | '8 h, daily maximum' | 'hour'
  readonly permittedPerYear?: number
}

const EU_2030: Source = { document: 'Directive (EU) 2024/2881, Annex I', year: 2024, confirmed: true, note: 'from 1 January 2030' }
/** Figures of the annex that were not read there. */
const EU_2030_BY_HEARSAY: Source = { ...EU_2030, confirmed: false }
const EU_TODAY: Source = { document: 'Directive 2008/50/EC', year: 2008, confirmed: true, note: 'until 2030' }
const WHO: Source = { document: 'WHO global air quality guidelines', year: 2021, confirmed: true }

export const POLLUTANT_LIMITS: readonly PollutantLimit[] = [
  limit('pm25', 'EU 2030', 10, 'year', EU_2030),
  limit('pm25', 'EU 2030', 25, 'day', EU_2030, 18),
  limit('pm10', 'EU 2030', 20, 'year', EU_2030),
  limit('pm10', 'EU 2030', 45, 'day', EU_2030, 18),
  limit('no2', 'EU 2030', 20, 'year', EU_2030),
  limit('no2', 'EU 2030', 50, 'day', EU_2030, 18),
  limit('no2', 'EU 2030', 200, 'hour', EU_2030_BY_HEARSAY, 3),
  limit('so2', 'EU 2030', 20, 'year', EU_2030),
  limit('so2', 'EU 2030', 50, 'day', EU_2030, 18),
  limit('so2', 'EU 2030', 350, 'hour', EU_2030_BY_HEARSAY, 3),
  limit('o3', 'EU 2030 target', 120, '8 h, daily maximum', EU_2030, 18),
  limit('pm25', 'EU today', 25, 'year', EU_TODAY),
  limit('pm10', 'EU today', 40, 'year', EU_TODAY),
  limit('pm10', 'EU today', 50, 'day', EU_TODAY, 35),
  limit('no2', 'EU today', 40, 'year', EU_TODAY),
  limit('no2', 'EU today', 200, 'hour', EU_TODAY, 18),
  limit('so2', 'EU today', 350, 'hour', EU_TODAY, 24),
  limit('so2', 'EU today', 125, 'day', EU_TODAY, 3),
  limit('o3', 'EU today, target', 120, '8 h, daily maximum', EU_TODAY, 25),
  limit('pm25', 'WHO', 5, 'year', WHO),
  limit('pm25', 'WHO', 15, 'day', WHO),
  limit('pm10', 'WHO', 15, 'year', WHO),
  limit('pm10', 'WHO', 45, 'day', WHO),
  limit('no2', 'WHO', 10, 'year', WHO),
  limit('no2', 'WHO', 25, 'day', WHO),
  limit('o3', 'WHO', 100, '8 h, daily maximum', WHO),
  limit('so2', 'WHO', 40, 'day', WHO),
]

/** Limits of an hour that hold today, for what is raised at once; those of a day or a year are nobody's to act on tonight. */
export const HOURLY_LIMITS: readonly IncidentLimit[] = POLLUTANT_LIMITS.filter(({ averaging, source }) => averaging === 'hour' && source === EU_TODAY).map(({ measure, value, source }) => ({
  measure,
  above: value,
  // No document says; a tenth stills a flutter.
  deadBand: value / 10,
  lastingMs: HOUR_MS,
  source,
}))

function limit(
  measure: string,
  label: string,
  value: number,
  averaging: PollutantLimit['averaging'],
  source: Source,
  permittedPerYear?: number,
): PollutantLimit {
  return { measure, label, value, unit: 'µg/m³', averaging, source, ...(permittedPerYear === undefined ? {} : { permittedPerYear }) }
}
