/**
 * Classes of rain intensity: the WMO's words, and below them what a gauge tells from nothing. Weather
 * services each have colours of their own and none is official, so this is a sequence of blues of ours;
 * every colour reaches 3:1 on land and on water.
 *
 * No rain has no colour: a grey point where a gauge stands, and a cell without a fill.
 */
import type { Legend } from '../domain-model.ts'

export const LEGEND: Legend = {
  title: 'Rain',
  statistic: 'intensity over 15 min, highest of gauges',
  unit: 'mm/h',
  boundary: 'lower-inclusive',
  classes: [
    // A tenth is the last digit shown.
    { from: -Infinity, label: 'none', day: '#77808A', night: '#6F7B86', isClear: true },
    { from: 0.1, label: 'slight', day: '#3C84BD', night: '#3F86C6' },
    { from: 2.5, label: 'moderate', day: '#2463A3', night: '#73AFE0' },
    { from: 10, label: 'heavy', day: '#16457F', night: '#AFD5F2' },
    { from: 50, label: 'violent', day: '#0A2756', night: '#EAF5FD' },
  ],
  limits: [],
  source: { document: 'WMO, intensity of precipitation', confirmed: false, note: 'as quoted by a weather station, year not known; blues of our own' },
}
