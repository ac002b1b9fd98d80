/**
 * Puts the server together and starts it: listen first, because an embedded broker is reached over HTTP like any
 * other, then fill the cities, then subscribe. Ends in the opposite order.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { layersOf, toPublicConfiguration, transportsOf } from '../configuration/public-configuration.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Area } from '../core/geo/areas.ts'
import { MODELS } from '../domains/models.ts'
import { createAccess } from './access/access.ts'
import { createBrokerStore, createMemoryStore } from './annotations/annotation-store.ts'
import { createCityAnnotations } from './annotations/city-annotations.ts'
import { addressOf, type BrokerAddress } from './broker-address.ts'
import { createCityChecks } from './conformance/city-checks.ts'
import { SERVER_OPTIONS } from './broker/limits.ts'
import { createEmbedded } from './embedded.ts'
import { createForwarder } from './forward.ts'
import { createLogger, type Logger } from './log.ts'
import { createMqttSource, type MqttSource } from './mqtt-source.ts'
import { sendProblem } from './http.ts'
import { createIncidents } from './incidents/all-cities.ts'
import { floorOf, floorTypes, floorWords, guarded, guardOf } from './privacy/floor-cities.ts'
import { siftPayload, type Guard } from './privacy/guard.ts'
import { createPrivacyFloor, FLOOR_BROKER } from './privacy/privacy-floor.ts'
import { createNotifyDoor } from './relay/notify-door.ts'
import { createRelay, type RelaySource } from './relay/relay.ts'
import { route, type Parts } from './routes.ts'
import { createStaticFiles } from './static.ts'
import { SERVER_TIMERS, type ServerTimers } from './timers.ts'

export interface StartOptions {
  readonly configuration: Configuration
  /** Districts of the cities that have boundaries, by city. */
  readonly boundaries?: ReadonlyMap<string, readonly Area[]>
  /** Stronger than the configuration's. 0 takes any free one. */
  readonly port?: number
  readonly host?: string
  readonly log?: Logger
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Folder of the built page; found beside the program when left out. */
  readonly pageFolder?: string
  readonly timers?: ServerTimers
  /** Instead of the bounds on slow and swollen requests that `SERVER_OPTIONS` names. */
  readonly http?: ServerOptions
}

export interface RunningServer {
  /** For people on this machine. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** Rejects when the port cannot be had: the error is Node's, with its `code`. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { configuration, log = createLogger(), environment = process.env, timers = SERVER_TIMERS } = options
  const root = projectRoot()
  // These bound how long a request may take to arrive, not how long its answer lasts: a feed lives on.
  const server = createServer({ ...SERVER_OPTIONS, ...options.http })
  let parts: Parts | undefined
  server.on('request', (request, response) => {
    if (parts === undefined) return sendProblem(response, { status: 503, type: 'InternalError', title: 'The server is starting' }, { 'retry-after': '1' })
    route(parts, request, response).catch((error: unknown) => {
      log.error('request failed', { method: request.method, reason: error instanceof Error ? error.message : String(error) })
      if (response.headersSent) response.destroy()
      else sendProblem(response, { status: 500, type: 'InternalError', title: 'The server failed' })
    })
  })
  const host = options.host ?? configuration.server.host
  const port = await listen(server, options.port ?? configuration.server.port, host)
  const selfUrl = `http://${selfHost(host)}:${port}`
  const startedAtMs = timers.now()

  const domains = MODELS.map(({ id }) => id)
  const embedded = createEmbedded({ configuration, models: MODELS, publicFolders: [join(root, 'public'), join(root, 'dist', 'page')], now: () => timers.now(), log })
  const door = createNotifyDoor({ now: () => timers.now() })
  const access = createAccess({ configuration, addressOf: (city, broker) => addressOf(city, broker, { selfUrl, environment }), environment, timers, random: Math.random, log })
  const { addresses } = access
  const guards = new Map(configuration.cities.map((city) => [city.id, guardOf(city, MODELS)]))
  const privacy = await createPrivacyFloor({
    cities: configuration.cities.flatMap((city) => {
      const floor = floorOf(city, MODELS)
      return floor === undefined ? [] : [{ city: city.id, floor, brokers: addresses.get(city.id)! }]
    }),
    timers,
    log,
    http: options.http,
  })
  const installation = configuration.server.installation ?? installationName(configuration.server.publicUrl ?? `${hostname()}:${port}`)
  const mqttSources = mqttSourcesOf(configuration, installation, environment)
  const sources = configuration.cities.flatMap((city) => {
    const layers = layersOf(city, domains)
    const shown = MODELS.filter(({ id }) => layers.includes(id))
    const types = [...new Set(shown.flatMap((model) => [...model.watches.map(({ type }) => type), ...(model.privacy?.types ?? [])]))]
    const guard = guards.get(city.id)!
    const brokers = addresses.get(city.id)!.map((address, index): RelaySource => ({
      address,
      ...subscribedTypes(types, guard, address, transportsOf(city.brokers[index]!), mqttSources.get(`${city.id}/${address.broker}`)),
      callbackUrl: callbackUrl(address, configuration, selfUrl, log),
      sieve: {
        sift(payload) {
          const { personal, ...sifted } = siftPayload(guard, payload)
          privacy.take(address, personal)
          return sifted
        },
        passes: (type) => !guard.isPersonal(type),
      },
      onMissed: () => privacy.reread(address),
    }))
    const own = privacy.addressOf(city.id)
    return own === undefined ? brokers : [...brokers, { address: own, types: floorTypes(city, MODELS), callbackUrl: selfUrl }]
  })
  const relay = createRelay({
    installation,
    sources,
    door,
    timers,
    random: Math.random,
    log,
  })
  const files = createStaticFiles(options.pageFolder ?? join(root, 'dist', 'page'), { connect: [...basemapOrigins(configuration), ...mqttOrigins(configuration)] })
  // While the page is not built, Vite gives out what lies in `public`.
  const hasFile = (path: string): boolean => (files.hasPage ? files.has(path) : existsSync(join(root, 'public', path)))
  for (const { city, path } of missingBasemaps(configuration, hasFile)) log.warn('basemap file is not there', { city, path })
  const checks = new Map(
    configuration.cities.map((city) => {
      const layers = layersOf(city, domains)
      const types = MODELS.filter(({ id }) => layers.includes(id)).flatMap(({ watches }) => watches.map(({ type }) => type))
      const brokers = addresses.get(city.id)!.map((address) => guarded(address, guards.get(city.id)!))
      return [city.id, createCityChecks({ city, types, addresses: brokers, floor: floorWords(city, MODELS), mims: configuration.mims, now: () => timers.now() })] as const
    }),
  )
  const pageAddresses = sources.map(({ address }) => (address.origins === undefined ? guarded(address, guards.get(address.city)!) : address))
  const incidents = createIncidents({ configuration, models: MODELS, addresses: pageAddresses, relay, selfUrl, timers, log })
  parts = {
    configuration: toPublicConfiguration(configuration, { version: versionOf(root), domains, hasFile, boundariesOf: (city) => options.boundaries?.get(city), floorOf: (city) => (privacy.addressOf(city) === undefined ? undefined : FLOOR_BROKER) }),
    addresses: pageAddresses,
    relay,
    door,
    forwarder: createForwarder({ log }),
    files,
    privacy,
    access,
    mqtt: mqttSources,
    checks,
    annotations: new Map(
      configuration.cities.map((city) => {
        const given = { city: city.id, now: () => timers.now(), newId: randomUUID }
        const keeper = addresses.get(city.id)!.find((address) => (city.annotations?.broker === undefined ? address.isEmbedded : address.broker === city.annotations.broker))
        const store = keeper === undefined ? createMemoryStore(given) : createBrokerStore(keeper, given)
        return [city.id, createCityAnnotations({ store, mayWrite: city.annotations?.mayWrite === true, now: given.now })] as const
      }),
    ),
    incidents,
    ...(embedded !== undefined && { broker: embedded.broker, publicTenant: tenantsOf(configuration, addresses, guards) }),
    startedAtMs,
    now: () => timers.now(),
  }
  embedded?.start()
  access.start()
  relay.start()
  privacy.start()
  for (const one of incidents.values()) await one.start()

  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    for (const one of checks.values()) one.close()
    for (const one of incidents.values()) await one.close()
    await relay.close()
    await privacy.close()
    await embedded?.close()
    access.close()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
  return { url: `http://${selfHost(host) === '127.0.0.1' ? 'localhost' : selfHost(host)}:${port}/`, port, close: () => (closing ??= close()) }
}

/** Tenants that a city has, each under its city's guard. Others have no city that says what may be seen. */
function tenantsOf({ cities }: Configuration, addresses: ReadonlyMap<string, readonly BrokerAddress[]>, guards: ReadonlyMap<string, Guard>): (tenant: string) => BrokerAddress | undefined {
  const tenants = new Map(
    cities.flatMap(({ id }) => addresses.get(id)!.flatMap((address) => (address.isEmbedded && address.tenant !== undefined ? [[address.tenant, guarded(address, guards.get(id)!)] as const] : []))),
  )
  return (tenant) => tenants.get(tenant)
}

function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Where the server reaches itself: on its own address when it listens on one, else on loopback. */
function selfHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::' || host === 'localhost') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function callbackUrl(address: BrokerAddress, { server }: Configuration, selfUrl: string, log: Logger): string {
  if (address.isEmbedded) return selfUrl
  if (server.publicUrl !== undefined) return server.publicUrl.replace(/\/+$/, '')
  const { hostname: brokerHost } = new URL(address.apiUrl)
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(brokerHost)) {
    log.warn('server.publicUrl is not set: a broker elsewhere cannot notify this server', { city: address.city, broker: address.broker, callback: selfUrl })
  }
  return selfUrl
}

/** Stable over restarts, different between machines: short enough for an id. */
function installationName(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 12)
}

/** Walks up to the package of this name: sources and bundle lie at different depths. */
export function projectRoot(from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'belvedere') return folder
    if (folder === dirname(folder)) throw new Error(`no package.json of belvedere above ${from}`)
  }
}

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: unknown }
  return typeof version === 'string' ? version : '0'
}

/** Files that the configuration names and nobody has. A city without a word about its basemap has none, which is no mistake. */
function missingBasemaps({ cities }: Configuration, hasFile: (path: string) => boolean): readonly { readonly city: string; readonly path: string }[] {
  return cities.flatMap(({ id, basemap }) => {
    const path = basemap === undefined || basemap.kind === 'style' ? undefined : basemap.url
    return path?.startsWith('/') === true && !hasFile(path) ? [{ city: id, path }] : []
  })
}

/** By city and broker. */
function mqttSourcesOf({ cities }: Configuration, installation: string, environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, MqttSource> {
  return new Map(
    cities.flatMap(({ id: city, brokers }) =>
      brokers.flatMap((broker) => {
        const isWanted = broker.mqtt !== undefined && transportsOf(broker)?.includes('mqtt') === true
        return isWanted ? [[`${city}/${broker.id}`, createMqttSource({ configuration: broker.mqtt!, installation, city, broker: broker.id, environment })] as const] : []
      }),
    ),
  )
}

/**
 * What a broker is to notify this server of, and what it is to publish to MQTT. What is about people comes here in any
 * case, since the privacy floor is here, and never goes there.
 */
function subscribedTypes(types: readonly string[], guard: Guard, { eventsUrl, socketUrl }: BrokerAddress, transports: readonly string[] | undefined, mqtt: MqttSource | undefined): Pick<RelaySource, 'types' | 'socketTypes' | 'mqtt'> {
  const isRelayed = transports === undefined || transports.includes('relay')
  // What is read in their place passes the same sieve as notifications.
  const isRead = eventsUrl !== undefined || socketUrl !== undefined
  return {
    ...(socketUrl !== undefined && { socketTypes: types }),
    types: isRead ? [] : isRelayed ? types : types.filter((type) => guard.isPersonal(type)),
    ...(mqtt !== undefined && { mqtt: { ...mqtt, types: types.filter((type) => !guard.isPersonal(type)) } }),
  }
}

/** Pages read there: its origin goes into their policy. */
function mqttOrigins({ cities }: Configuration): readonly string[] {
  return [...new Set(cities.flatMap(({ brokers }) => brokers.flatMap(({ mqtt }) => (mqtt === undefined ? [] : [new URL(mqtt.pageSees).origin]))))]
}

/** Online basemaps are asked by the page itself: their origins go into the page's policy, no others. */
function basemapOrigins({ cities }: Configuration): readonly string[] {
  const urls = cities.flatMap(({ basemap }) => (basemap?.url !== undefined && /^https?:/.test(basemap.url) ? [basemap.url] : []))
  return [...new Set(urls.map((url) => new URL(url).origin))]
}
