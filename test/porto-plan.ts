/** A city as small as a plan can be, for tests that give it what they are about. */
import type { CityPlan } from '../src/configuration/city-plan.ts'

export const PORTO_PLAN: CityPlan = {
  id: 'porto',
  name: 'Porto',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: [-8.61, 41.15],
  bounds: [-8.7, 41.1, -8.5, 41.2],
  layers: ['noise'],
  expectedIntervalS: {},
  brokers: [],
  basemap: { kind: 'outline' },
}
