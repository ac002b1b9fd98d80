/** Entry of the page: the real worker, the real server, all domains. */
import { VIEWS } from '../domains/views.ts'
import { createCityPool } from '../workers/city-pool.client.ts'
import { createCityClient } from '../workers/city.client.ts'
import { fetchConfiguration } from './configuration.ts'
import { createLiveStore } from './live-store.ts'
import { mountApp } from './mount.tsx'
import { PAGE } from './page-effects.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

const pool = createCityPool(() => new Worker(new URL('../workers/city.worker.ts', import.meta.url), { type: 'module', name: 'city' }), { cores: navigator.hardwareConcurrency })
const live = createLiveStore(createCityClient(pool), PAGE)

mountApp(root, { live, views: VIEWS, fetchConfiguration })
