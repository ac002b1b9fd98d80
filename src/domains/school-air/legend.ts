/**
 * Classes of CO₂ in rooms: the categories of EN 16798-1, which are differences to the outdoor air, drawn at the
 * absolute values they have over the 420 ppm that are assumed outdoors.
 *
 * The standard gives no colours. Ours are browns of stale air that differ by lightness first, each from the next by
 * 1.5:1 and more, so that any colour vision tells them apart; dark for much by day and bright for much at night,
 * all of them 3:1 on land and on water.
 */
import type { Source } from '../../core/source.ts'
import type { Legend, Limit } from '../domain-model.ts'
import { ASSUMED_OUTDOOR_PPM, CO2_ABOVE_OUTDOOR_PPM } from './compute.ts'

const above = (category: keyof typeof CO2_ABOVE_OUTDOOR_PPM): number => ASSUMED_OUTDOOR_PPM + CO2_ABOVE_OUTDOOR_PPM[category]

const UBA: Source = { document: 'Umweltbundesamt, guide for school buildings', year: 2008, confirmed: false, note: 'as quoted by others, and so is its year' }

/** What "versus limit" compares with: from here on the guide asks for more air. */
export const CONSPICUOUS: Limit = { label: 'conspicuous (Germany)', value: 1_000, source: UBA }

/** From here on a room is to be aired at once. */
export const UNACCEPTABLE: Limit = { label: 'unacceptable (Germany)', value: 2_000, source: UBA }

export const LEGEND: Legend = {
  title: 'CO₂ in schools',
  statistic: 'mean over 15 min, median of schools',
  unit: 'ppm',
  boundary: 'upper-inclusive',
  classes: [
    { from: -Infinity, label: 'I, best', day: '#987828', night: '#96622F' },
    { from: above('I'), label: 'II', day: '#9C4F14', night: '#CC7F33' },
    { from: above('II'), label: 'III', day: '#6B260B', night: '#F2AE52' },
    { from: above('III'), label: 'IV, worst', day: '#2B0A06', night: '#FFF0CC' },
  ],
  limits: [
    CONSPICUOUS,
    UNACCEPTABLE,
  ],
  source: {
    document: 'EN 16798-1, Annex B',
    year: 2019,
    confirmed: false,
    note: `the standard was not read; 550, 800 and 1,350 ppm above outdoors, for which ${ASSUMED_OUTDOOR_PPM} ppm are assumed; colours Belvedere`,
  },
}
