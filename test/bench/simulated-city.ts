/** What a simulated city costs the server: any past hour is computed, none is stored. */
import { readFileSync } from 'node:fs'
import { DAY_MS } from '../../src/core/time/instant.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createSimulation } from '../../src/server/simulation/simulation.ts'
import { loadSampleCity } from '../../src/server/simulation/load-city.ts'
import { SAMPLE_CITIES } from '../sample-cities.ts'
import { fastestMs, type Figure } from './figure.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

// From the project's root: the bundle lies elsewhere than this file.
const PORTO = loadSampleCity(JSON.parse(readFileSync('public/basemap/porto.json', 'utf8')), SAMPLE_CITIES[0]!)

export function measureSimulation(): Figure[] {
  const simulation = createSimulation({ models: MODELS, city: PORTO, seed: 1, sensors: 300, now: () => NOW })
  const [site] = simulation.sites
  const dayMs = fastestMs(8, () => void [...simulation.source.statesOf(site!.entityId, NOW - DAY_MS, NOW)])
  const presentMs = fastestMs(8, () => void simulation.current(NOW))
  return [
    { name: 'a simulated day of one sensor, every minute', value: dayMs, unit: 'ms' },
    { name: 'the present of 300 simulated sensors', value: presentMs, unit: 'ms' },
  ]
}
