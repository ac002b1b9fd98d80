/**
 * Classes of a building's mean power: our own, from a flat to a campus; no document sets any. Cividis,
 * dark for much by day and bright for much at night; every colour reaches 3:1 on land and on water.
 */
import type { Legend } from '../domain-model.ts'

export const LEGEND: Legend = {
  title: 'Electric power',
  statistic: 'mean power over 15 min, sum of meters',
  unit: 'kW',
  boundary: 'lower-inclusive',
  classes: [
    { from: -Infinity, label: 'under 5', day: '#837F76', night: '#696970' },
    { from: 5, label: '5 to 20', day: '#66676F', night: '#8A8577' },
    { from: 20, label: '20 to 50', day: '#404F6E', night: '#ADA476' },
    { from: 50, label: '50 to 150', day: '#13376D', night: '#DAC561' },
    { from: 150, label: '150 and more', day: '#002051', night: '#FDEA45' },
  ],
  limits: [],
  source: { document: 'Belvedere, classes of its own', note: 'colours cividis (J. Nuñez, C. Anderton, R. Renslow, 2018)', confirmed: true },
}
