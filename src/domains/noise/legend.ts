/**
 * Classes of sound level: 5 dB bands of DIN 45682:2020-04 with its colours by B. Weninger, which
 * people with any colour vision tell apart.
 *
 * By day they are the standard's own. Below 65 dB(A) these miss 3:1 against the paper of our map
 * (1.0 to 2.4): quiet is meant to whisper, and a mark has its casing. At night the three loudest would
 * sink into the dark (1.2 to 2.3), so they are mixed with white until 3:1 on every night surface.
 */
import type { Source } from '../../core/source.ts'
import type { Legend, Limit } from '../domain-model.ts'
import { WHO_GUIDELINES, WHO_SOURCE } from './compute-guideline.ts'

const END: Source = { document: 'Directive 2002/49/EC', year: 2002, confirmed: true }

/** What "versus limit" compares with: where the EU's noise maps begin. */
export const YEARLY_LIMIT: Limit = { label: 'EU noise maps start (Lden, year)', value: 55, binds: 'the Lden of a year', source: END }

export const LEGEND: Legend = {
  title: 'Sound level',
  statistic: 'LAeq over 15 min, energetic mean of sensors',
  unit: 'dB(A)',
  boundary: 'lower-inclusive',
  classes: [
    { from: -Infinity, label: 'under 35', day: '#82A6AD', night: '#82A6AD' },
    { from: 35, label: '35 to 40', day: '#A0BABF', night: '#A0BABF' },
    { from: 40, label: '40 to 45', day: '#B8D6D1', night: '#B8D6D1' },
    { from: 45, label: '45 to 50', day: '#CEE4CC', night: '#CEE4CC' },
    { from: 50, label: '50 to 55', day: '#E2F2BF', night: '#E2F2BF' },
    { from: 55, label: '55 to 60', day: '#F3C683', night: '#F3C683' },
    { from: 60, label: '60 to 65', day: '#E87E4D', night: '#E87E4D' },
    { from: 65, label: '65 to 70', day: '#CD463E', night: '#CD463E' },
    { from: 70, label: '70 to 75', day: '#A11A4D', night: '#AF3C68' },
    { from: 75, label: '75 to 80', day: '#75085C', night: '#9A4B88' },
    { from: 80, label: '80 and more', day: '#430A4A', night: '#815B86' },
  ],
  // Yearly indicators: lines to read a quarter of an hour against, never a breach by one.
  limits: [
    YEARLY_LIMIT,
    { label: 'WHO road traffic (Lden, year)', value: WHO_GUIDELINES.road.lden, binds: 'the Lden of a year, of road traffic alone', source: WHO_SOURCE },
    { label: 'EU noise maps start (Lnight, year)', value: 50, binds: 'the Lnight of a year', source: END },
    { label: 'WHO road traffic (Lnight, year)', value: WHO_GUIDELINES.road.lnight, binds: 'the Lnight of a year, of road traffic alone', source: WHO_SOURCE },
  ],
  source: { document: 'DIN 45682', year: 2020, confirmed: false, note: 'read as quoted by others; colours B. Weninger' },
}
