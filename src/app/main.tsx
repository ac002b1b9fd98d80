/** Entry of the page: the real worker, the real server, all domains. */
import { VIEWS } from '../domains/views.ts'
import { createCityClient } from '../workers/city.client.ts'
import { fetchConfiguration } from './configuration.ts'
import { createLiveStore } from './live-store.ts'
import { mountApp } from './mount.tsx'
import { PAGE } from './page-effects.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

const client = createCityClient(() => new Worker(new URL('../workers/city.worker.ts', import.meta.url), { type: 'module', name: 'city' }))
const live = createLiveStore(client, PAGE)

mountApp(root, { live, views: VIEWS, fetchConfiguration })
