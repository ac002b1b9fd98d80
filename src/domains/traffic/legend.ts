/**
 * Classes of mean speed: our own, from standing to free; no document sets any, and no authority's colours
 * for congestion were found. Cividis the other way round: what is slow has the strongest ink and what
 * flows nearly none; every colour reaches 3:1 on land and on water.
 *
 * A class says how fast, not how congested: 28 km/h is free in a street of 30 and a jam on a motorway.
 */
import type { Legend } from '../domain-model.ts'

export const LEGEND: Legend = {
  title: 'Mean speed of motor vehicles',
  statistic: 'speed over 15 min by vehicles that passed, median of detectors',
  unit: 'km/h',
  boundary: 'lower-inclusive',
  classes: [
    { from: -Infinity, label: 'under 10', day: '#002051', night: '#FDEA45' },
    { from: 10, label: '10 to 20', day: '#13376D', night: '#DAC561' },
    { from: 20, label: '20 to 30', day: '#404F6E', night: '#ADA476' },
    { from: 30, label: '30 to 50', day: '#66676F', night: '#8A8577' },
    { from: 50, label: '50 and more', day: '#837F76', night: '#696970' },
  ],
  limits: [],
  source: { document: 'Belvedere, classes of its own', note: 'colours cividis (J. Nuñez, C. Anderton, R. Renslow, 2018), slow is strong', confirmed: true },
}
