/**
 * The broker inside this server, one tenant for each city that asks for it, and the simulations that fill them.
 * Made for trying out, for tests and for small offline demos: what it holds is gone when the server ends.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CityConfiguration, Configuration } from '../configuration/schema.ts'
import { layersOf } from '../configuration/public-configuration.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { JsonObject } from '../ngsi-ld/entity.ts'
import { createBroker, type Broker } from './broker/broker.ts'
import type { TemporalSource } from './broker/temporal-source.ts'
import { tenantOf } from './broker-address.ts'
import type { Logger } from './log.ts'
import { isFromThisMachine } from './origin.ts'
import { loadSampleCity } from './simulation/load-city.ts'
import { runSimulation } from './simulation/run-simulation.ts'
import { createSimulation, type Simulation } from './simulation/simulation.ts'

export interface Embedded {
  readonly broker: Broker
  /** Fills the tenants with the present and goes on from there. */
  start(): void
  close(): Promise<void>
}

/** Undefined when every broker is elsewhere. `publicFolders`: where basemaps may lie, the first that has one counts. */
export function createEmbedded(given: {
  readonly configuration: Configuration
  readonly models: readonly DomainModel[]
  readonly publicFolders: readonly string[]
  readonly now: () => number
  readonly log: Logger
}): Embedded | undefined {
  const { configuration, models, publicFolders, now, log } = given
  const wanted = configuration.cities.flatMap((city) =>
    city.brokers.flatMap((broker) => (broker.embedded === undefined ? [] : [{ city, tenant: tenantOf(city, broker) ?? city.id, simulate: broker.embedded.simulate }])),
  )
  if (wanted.length === 0) return undefined
  const simulations = new Map<string, Simulation>()
  for (const { city, tenant, simulate } of wanted) {
    if (simulate === undefined) continue
    const layers = layersOf(city, models.map(({ id }) => id))
    const sample = loadSampleCity(readBasemap(city, publicFolders), { id: city.id, name: city.name, timeZone: city.timeZone, anchor: city.anchor })
    simulations.set(tenant, createSimulation({ models: models.filter(({ id }) => layers.includes(id)), city: sample, seed: simulate.seed, sensors: simulate.sensors, now }))
  }
  const broker = createBroker({
    now,
    mayWrite: isFromThisMachine,
    temporalSource: (tenant): TemporalSource | undefined => simulations.get(tenant)?.source,
    onFault: (error) => log.error('embedded broker failed', { reason: error instanceof Error ? error.message : String(error) }),
  })
  function fill(tenant: string, entities: readonly JsonObject[]): void {
    const [first, ...others] = broker.upsert(tenant, entities)
    if (first !== undefined) log.warn('embedded broker refused entities', { tenant, count: others.length + 1, id: first.id, reason: first.reason })
  }
  let stops: (() => void)[] = []

  return {
    broker,
    start() {
      // An empty batch makes the tenant: what is not there yet would be an error to who asks for it.
      for (const { tenant } of wanted) fill(tenant, [])
      for (const [tenant, simulation] of simulations) {
        fill(tenant, simulation.current(now()))
        stops.push(runSimulation(simulation, (entities) => fill(tenant, entities), { setInterval, clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout) }))
        log.info('simulating', { tenant, sensors: simulation.sites.length })
      }
    },
    async close() {
      for (const stop of stops) stop()
      stops = []
      await broker.close()
    },
  }
}

/** Where the simulated city's land and water are. Without a basemap of its own, a city is a plain. */
function readBasemap(city: CityConfiguration, folders: readonly string[]): unknown {
  const { basemap } = city
  const url = basemap === undefined ? `/basemap/${city.id}.json` : basemap.kind === 'outline' ? basemap.url : undefined
  if (url === undefined || !/^\/[\w/-]+\.(geo)?json$/.test(url)) return undefined
  for (const folder of folders) {
    try {
      return JSON.parse(readFileSync(join(folder, url), 'utf8')) as unknown
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return undefined
}
