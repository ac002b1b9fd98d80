/**
 * Classes of CO₂ in rooms: the categories of EN 16798-1, which are differences to the outdoor air, drawn at the
 * absolute values they have over the 420 ppm that are assumed outdoors.
 *
 * The standard gives no colours. Plasma, dark for much by day and bright for much at night; every colour reaches
 * 3:1 on land and on water.
 */
import type { Legend } from '../domain-model.ts'
import { ASSUMED_OUTDOOR_PPM, CO2_ABOVE_OUTDOOR_PPM } from './compute.ts'

const above = (category: keyof typeof CO2_ABOVE_OUTDOOR_PPM): number => ASSUMED_OUTDOOR_PPM + CO2_ABOVE_OUTDOOR_PPM[category]

export const LEGEND: Legend = {
  title: 'CO₂ in schools',
  statistic: 'mean over 15 min, median of schools',
  unit: 'ppm',
  boundary: 'upper-inclusive',
  classes: [
    { from: -Infinity, label: 'I, best', day: '#CC4778', night: '#B12A90' },
    { from: above('I'), label: 'II', day: '#A11B9B', night: '#E16462' },
    { from: above('II'), label: 'III', day: '#6A00A8', night: '#FCA636' },
    { from: above('III'), label: 'IV, worst', day: '#0D0887', night: '#F0F921' },
  ],
  limits: [
    { label: 'air it (Germany)', value: 1_000, source: 'Umweltbundesamt, guide for school buildings (2008)' },
    { label: 'not acceptable (Germany)', value: 2_000, source: 'Umweltbundesamt, guide for school buildings (2008)' },
  ],
  source: `EN 16798-1:2019, Annex B: 550, 800 and 1,350 ppm above outdoors, for which ${ASSUMED_OUTDOOR_PPM} ppm are assumed; plasma (S. van der Walt, N. Smith, 2015)`,
}
