/**
 * The page on made-up data, for looking at it: `npx vite --config test/browser/lab/vite.config.ts`.
 * `?mode=retrying|connecting|failed` in the first address forces a state. Never part of the build.
 */
import { createLiveStore } from '../../../src/app/live-store.ts'
import { mountApp } from '../../../src/app/mount.tsx'
import { PAGE } from '../../../src/app/page-effects.ts'
import type { CityPlan } from '../../../src/configuration/city-plan.ts'
import type { CityStatus } from '../../../src/workers/city.messages.ts'
import { createFakeClient } from './fake-client.ts'
import { FAKE_DOMAINS, FAKE_VIEWS } from './fake-domains.ts'

const mode = new URLSearchParams(location.search).get('mode') as CityStatus['mode'] | null

const live = createLiveStore(createFakeClient(mode === null ? {} : { mode }), PAGE)

const layers = FAKE_DOMAINS.map(({ model }) => model.id)
const common = { layers, expectedIntervalS: {}, brokers: [{ id: 'b', name: 'Embedded broker', simulated: true }], attribution: 'made up for the lab; outline © OpenStreetMap contributors', licence: 'CC0' } as const
const cities: readonly CityPlan[] = [
  { ...common, id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.155], bounds: [-8.7, 41.13, -8.55, 41.19], basemap: { kind: 'outline', url: '/basemap/porto.json' } },
  { ...common, id: 'helsinki', name: 'Helsinki', country: 'FI', timeZone: 'Europe/Helsinki', anchor: [24.94, 60.19], bounds: [24.82, 60.14, 25.1, 60.25], basemap: { kind: 'outline', url: '/basemap/helsinki.json' } },
]

const root = document.getElementById('root')
if (root === null) throw new Error('no #root')
mountApp(root, { live, views: FAKE_VIEWS, fetchConfiguration: () => Promise.resolve({ title: 'Lab', version: '0', cities }) })
