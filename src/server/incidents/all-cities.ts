/** The incidents of every city that asks for them, with the ways that they need: to the sensors, to a file, to a broker. */
import { join } from 'node:path'
import { layersOf } from '../../configuration/public-configuration.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { createClient, type AbortSignalLike } from '../../ngsi-ld/client.ts'
import { profileAt, type BrokerAddress } from '../broker-address.ts'
import type { Logger } from '../log.ts'
import type { Relay } from '../relay/relay.ts'
import type { ServerTimers } from '../timers.ts'
import { createAlertWriter } from './alert-writer.ts'
import { createJournalFile } from './journal-file.ts'
import { createCityIncidents, type CityIncidents } from './watch.ts'

/** By city; empty where none asks for it. `addresses`: as pages reach them, guarded. */
export function createIncidents(given: {
  readonly configuration: Configuration
  readonly models: readonly DomainModel[]
  readonly addresses: readonly BrokerAddress[]
  readonly relay: Relay
  readonly selfUrl: string
  readonly timers: ServerTimers
  readonly log: Logger
}): ReadonlyMap<string, CityIncidents> {
  const { configuration, models, addresses, relay, selfUrl, timers, log } = given
  const domains = models.map(({ id }) => id)
  return new Map(
    configuration.cities.flatMap((city) => {
      if (city.incidents === undefined) return []
      const layers = layersOf(city, domains)
      const own = addresses.filter((address) => address.city === city.id)
      const clients = new Map(own.map((address) => [address.broker, clientOf(address, selfUrl, timers)]))
      const { alertsTo } = city.incidents
      const target = own.find(({ broker, isEmbedded, origins }) => origins === undefined && (alertsTo === undefined ? isEmbedded : broker === alertsTo))
      const { dataFolder, publicUrl } = configuration.server
      const incidents = createCityIncidents({
        city,
        models: models.filter(({ id }) => layers.includes(id)),
        clients,
        profileOf: (broker) => profileAt(own.find((address) => address.broker === broker)!),
        // The embedded broker's clock is this server's: `Date` would tell it less exactly.
        brokers: () => (relay.hub(city.id)?.brokers ?? []).map((state) => (own.some(({ broker, isEmbedded }) => isEmbedded && broker === state.broker) ? { ...state, clockOffsetMs: 0 } : state)),
        timers,
        log,
        source: publicUrl ?? 'Belvedere',
        ...(dataFolder !== undefined && { file: createJournalFile(join(dataFolder, `incidents-${city.id}.jsonl`)) }),
        ...(target !== undefined && { alerts: { broker: target.broker, writer: createAlertWriter(target) } }),
      })
      return [[city.id, incidents] as const]
    }),
  )
}

/** Through this server's own door, which guards what is about people and paces what is asked of a broker. */
function clientOf(address: BrokerAddress, selfUrl: string, timers: ServerTimers) {
  return createClient({
    fetch,
    baseUrl: `${selfUrl}/api/cities/${address.city}/brokers/${address.broker}`,
    profile: () => profileAt(address),
    timeoutMs: 2 * address.timeoutMs,
    wait: (ms, signal: AbortSignalLike) => timers.wait(ms, signal as AbortSignal),
  })
}
