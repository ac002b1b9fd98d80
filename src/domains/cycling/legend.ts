/**
 * Classes of bicycles per hour: our own, doubling and more from a side street to a main route; no
 * document sets any. Viridis, dark for much by day and bright for much at night. Day colours reach 3:1
 * on land (2.8 on water for the lightest), night colours everywhere.
 */
import type { Legend } from '../domain-model.ts'

export const LEGEND: Legend = {
  title: 'Bicycles',
  statistic: 'bicycles per hour over the last hour, sum of counters',
  unit: '/h',
  boundary: 'lower-inclusive',
  classes: [
    { from: -Infinity, label: 'under 20', day: '#1F958B', night: '#2C738E' },
    { from: 20, label: '20 to 60', day: '#2B758E', night: '#1F988B' },
    { from: 60, label: '60 to 150', day: '#3A548C', night: '#3FBC73' },
    { from: 150, label: '150 to 400', day: '#472E7C', night: '#98D83E' },
    { from: 400, label: '400 and more', day: '#440154', night: '#FDE725' },
  ],
  limits: [],
  source: { document: 'Belvedere, classes of its own', note: 'colours viridis (S. van der Walt, N. Smith, 2015)', confirmed: true },
}
