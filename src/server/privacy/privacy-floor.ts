/**
 * The privacy floor of the whole server. Pages know it as one more broker of a city, with what passed whole and what was put
 * together; it is asked, subscribed to and remembered like any other, so no page needs to know that it is ours.
 *
 * What it holds is gone when the server ends. It starts by reading what the brokers have now and, for windows that
 * are not over or just were, what they had lately; until that is done, it is filling and tells nothing of groups.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { createClient } from '../../ngsi-ld/client.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import type { Entity, JsonObject } from '../../ngsi-ld/entity.ts'
import { statesOf } from '../../ngsi-ld/temporal.ts'
import { createBrokerLine } from '../access/broker-line.ts'
import { profileAt, type BrokerAddress } from '../broker-address.ts'
import { createBroker } from '../broker/broker.ts'
import { SERVER_OPTIONS } from '../broker/limits.ts'
import { sendProblem } from '../http.ts'
import type { Logger } from '../log.ts'
import type { ServerTimers } from '../timers.ts'
import type { CityFloor, FloorStats, Outcome } from './city-floor.ts'

/** No broker of a configuration can be called so: ids there have no underscore. */
export const FLOOR_BROKER = 'privacy_floor'

export interface FloorCity {
  readonly city: string
  readonly floor: CityFloor
  readonly brokers: readonly BrokerAddress[]
}

export interface PrivacyFloor {
  /** What pages ask in place of the brokers; undefined for a city without a layer about people. */
  addressOf(city: string): BrokerAddress | undefined
  /** Entities about people that a broker has told. */
  take(address: BrokerAddress, personal: readonly JsonObject[]): void
  /** Something was missed: the broker is read anew. */
  reread(address: BrokerAddress): void
  start(): void
  close(): Promise<void>
  readonly stats: readonly { readonly city: string; readonly state: 'filling' | 'ready'; readonly refused: number; readonly domains: readonly FloorStats[] }[]
}

/** What a broker has now, by id. */
type Present = Map<string, Entity>

/** Windows that are read at the start: the one under way, the last that is over, and one before it, so that its cells are known. */
const BACKFILL_WINDOWS = 3
/** Whatever was lost on the way is mended in this time. */
const REREAD_MS = 10 * MINUTE_MS
const TICK_MS = 1_000
const PAGE = 100
const MAX_PAGES = 1_000

/** History of what is put together, for about a month of a thousand groups an hour; wholes have theirs at their own broker. */
const FLOOR_LIMITS = { history: 400_000, tenants: 1_000 } as const

export async function createPrivacyFloor(given: { readonly cities: readonly FloorCity[]; readonly timers: ServerTimers; readonly log: Logger; readonly http?: ServerOptions | undefined }): Promise<PrivacyFloor> {
  const { cities, timers, log } = given
  const key = `Bearer ${randomBytes(32).toString('base64url')}`
  const broker = createBroker({ now: () => timers.now(), limits: FLOOR_LIMITS, onFault: (error) => log.error('privacy floor failed', { reason: error instanceof Error ? error.message : 'unknown' }) })
  // Reached over a socket like any other broker, by whoever has the key: nobody outside this process.
  const server = createServer({ ...SERVER_OPTIONS, ...given.http }, (request, response) => {
    if (isSame(request.headers.authorization ?? '', key)) broker.handle(request, response)
    else sendProblem(response, { status: 404, type: 'ResourceNotFound', title: 'Not found' })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ngsi-ld/v1`
  const line = createBrokerLine({ apiUrl, timers })
  line.veil.keep(key)
  const lines = new Map(cities.map((one) => [one.city, { ...one, isReady: false, isRefused: 0, address: addressFor(one) }]))
  const running = new AbortController()
  let stopTicks: (() => void) | undefined
  let stopRereads: (() => void) | undefined
  const reading = new Map<BrokerAddress, Promise<void>>()

  function addressFor({ city, floor }: FloorCity): BrokerAddress {
    return { city, broker: FLOOR_BROKER, apiUrl, headers: { authorization: key }, tenant: city, timeoutMs: 10_000, profile: 'generic', isEmbedded: true, line, origins: floor }
  }

  function tell(city: string, { entities, gone }: Outcome): void {
    const line = lines.get(city)
    if (line === undefined) return
    line.isRefused += broker.upsert(city, entities).length
    if (gone.length === 0) return
    const request = { method: 'POST', headers: { authorization: key, 'content-type': 'application/json', 'ngsild-tenant': city }, body: JSON.stringify(gone), redirect: 'error' as const, signal: running.signal }
    fetch(`${apiUrl}/entityOperations/delete`, request).catch((error: unknown) => {
      if (!running.signal.aborted) log.error('privacy floor failed', { city, reason: error instanceof Error ? error.message : 'unknown' })
    })
  }

  /** What the broker has now. False when it could not be read to its end. */
  async function readPresent(address: BrokerAddress, floor: CityFloor, keep?: Present): Promise<boolean> {
    const seen = new Set<string>()
    for await (const page of clientOf(address).queryEntities({ types: floor.types }, { signal: running.signal, maxEntities: 1_000_000, mayRestart: true })) {
      if (!page.ok) return false
      if (page.value.isRestart) {
        seen.clear()
        keep?.clear()
      }
      for (const json of page.value.entities) if (typeof json === 'object' && json !== null && 'id' in json) seen.add(String(json.id))
      if (keep !== undefined) for (const entity of decodeEntities(page.value.entities).ok) keep.set(entity.id, entity)
      tell(address.city, floor.take(address, page.value.entities, timers.now()))
      if (page.value.end === 'capped') return false
    }
    tell(address.city, floor.endSnapshot(address, seen))
    return true
  }

  /** What entities of these types were lately. False when the broker has no history, or not all of it. */
  async function readPast(address: BrokerAddress, floor: CityFloor, { types, fromMs, present }: { readonly types: readonly string[]; readonly fromMs: number; readonly present: Present }): Promise<boolean> {
    const client = clientOf(address)
    for (let page = 0; page < MAX_PAGES; page++) {
      const history = await client.queryTemporal(
        { entities: { types, limit: PAGE, offset: page * PAGE }, timerel: 'between', timeAtMs: fromMs, endTimeAtMs: timers.now() + MINUTE_MS },
        { signal: running.signal },
      )
      if (!history.ok) return false
      for (const entity of history.value.entities) floor.takePast(statesOf(entity).map((state) => withLasting(state, present.get(entity.id))), timers.now())
      if (history.value.entities.length < PAGE) return history.value.isComplete
    }
    return false
  }

  function reread(address: BrokerAddress): void {
    const line = lines.get(address.city)
    if (line === undefined || reading.has(address) || running.signal.aborted) return
    const done = readPresent(address, line.floor)
      .catch((error: unknown) => void log.warn('privacy floor could not read a broker', { city: address.city, broker: address.broker, reason: error instanceof Error ? error.name : 'unknown' }))
      .then(() => void reading.delete(address))
    reading.set(address, done)
  }

  /** One city after another: a start must not stand still for history. */
  async function fill(): Promise<void> {
    // What passes whole waits for no history.
    const presents = new Map<BrokerAddress, Present>()
    for (const { brokers, floor } of lines.values()) {
      for (const address of brokers) {
        const present: Present = new Map()
        await readPresent(address, floor, present)
        presents.set(address, present)
      }
    }
    for (const line of lines.values()) {
      for (const { domain, rule } of line.floor.rules) {
        const nowMs = timers.now()
        const fromMs = nowMs - BACKFILL_WINDOWS * rule.windowMs - rule.graceMs
        // Windows are whole from where every broker's history begins; else from now on.
        let isWhole = true
        for (const address of line.brokers) isWhole = (await readPast(address, line.floor, { types: rule.types, fromMs, present: presents.get(address)! })) && isWhole
        if (running.signal.aborted) return
        line.floor.wholeFrom(domain, isWhole ? fromMs : nowMs)
        if (!isWhole) log.info('privacy floor is filling', { city: line.city, domain })
      }
      line.isReady = true
    }
  }

  function tick(): void {
    for (const { city, floor, isReady } of lines.values()) if (isReady) tell(city, floor.close(timers.now()))
    stopTicks = timers.after(TICK_MS, tick)
  }

  function rereadAll(): void {
    for (const { brokers } of lines.values()) for (const address of brokers) reread(address)
    stopRereads = timers.after(REREAD_MS, rereadAll)
  }

  // An empty batch makes the tenant: what is not there yet would be an error to who asks for it.
  for (const { city } of cities) broker.upsert(city, [])

  return {
    addressOf: (city) => lines.get(city)?.address,
    take(address, personal) {
      const line = lines.get(address.city)
      if (line !== undefined && personal.length > 0) tell(address.city, line.floor.take(address, personal, timers.now()))
    },
    reread,
    start() {
      if (lines.size === 0) return
      void fill().catch((error: unknown) => {
        if (!running.signal.aborted) log.error('privacy floor failed', { reason: error instanceof Error ? error.message : 'unknown' })
      })
      stopTicks = timers.after(TICK_MS, tick)
      stopRereads = timers.after(REREAD_MS, rereadAll)
    },
    async close() {
      running.abort()
      stopTicks?.()
      stopRereads?.()
      await broker.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    get stats() {
      return [...lines.values()].map(({ city, floor, isReady, isRefused }) => ({ city, state: isReady ? ('ready' as const) : ('filling' as const), refused: isRefused, domains: floor.stats }))
    },
  }
}

function clientOf(address: BrokerAddress) {
  const { apiUrl: baseUrl, temporalUrl, line: own, headers, tenant, context } = address
  return createClient({ fetch: own.fetchAs('floor'), baseUrl, profile: () => profileAt(address), headers, ...(temporalUrl !== undefined && { temporalBaseUrl: temporalUrl }), ...(tenant !== undefined && { tenant }), ...(context !== undefined && { context }) })
}

/** History by `observedAt` leaves out what has none: whose light it is, which room. That is as it is now. */
function withLasting(state: Entity, present: Entity | undefined): Entity {
  if (present === undefined) return state
  const lasting = [...present.attributes].filter(([name, instances]) => !state.attributes.has(name) && instances.every(({ observedAt }) => observedAt === undefined))
  return lasting.length === 0 ? state : { ...state, attributes: new Map([...lasting, ...state.attributes]) }
}

function isSame(given: string, key: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(key)
  return a.length === b.length && timingSafeEqual(a, b)
}
