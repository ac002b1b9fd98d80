/**
 * The relay: for every city a feed, for every broker of it a subscription that the relay owns.
 *
 * Browsers never subscribe at a broker: a page that is closed would leave its subscription behind, and a
 * hundred pages would be a hundred subscriptions. Today all are made at the start; a count of readers per
 * city belongs into `start` of one broker's source, which begins and ends on its own.
 */
import { randomBytes } from 'node:crypto'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import { createClient, type FetchLike } from '../../ngsi-ld/client.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Logger } from '../log.ts'
import type { ServerTimers } from '../timers.ts'
import { createBrokerClock } from './broker-clock.ts'
import { createCityHub, type CityHub, type HubLimits, type HubStats } from './city-hub.ts'
import { createIntake, type IntakeStats, type Sieve } from './intake.ts'
import type { NotifyDoor } from './notify-door.ts'
import { createSubscriptionOwner } from './subscription-owner.ts'
import { isOrphan, subscriptionId, wishFor } from './wishes.ts'

export interface RelaySource {
  readonly address: BrokerAddress
  /** Entity types of the city's layers. */
  readonly types: readonly string[]
  /** Where this broker reaches the relay. */
  readonly callbackUrl: string
  /** When the broker holds entities about people. */
  readonly sieve?: Sieve
  /** Notifications may have been missed. */
  readonly onMissed?: () => void
}

export interface Relay {
  start(): void
  hub(city: string): CityHub | undefined
  readonly stats: RelayStats
  /** Deletes the subscriptions and ends the readers. */
  close(): Promise<void>
}

export interface RelayStats {
  readonly cities: readonly {
    readonly city: string
    readonly hub: HubStats
    readonly brokers: readonly (RelayBrokerState & { readonly intake: IntakeStats })[]
  }[]
}

export const TICK_MS = 5_000
const LOSS_LOG_MS = 60_000

export function createRelay(given: {
  readonly installation: string
  readonly sources: readonly RelaySource[]
  readonly door: NotifyDoor
  readonly fetch: FetchLike
  readonly timers: ServerTimers
  readonly random: () => number
  readonly log: Logger
  readonly limits?: Partial<HubLimits>
}): Relay {
  const { installation, sources, door, timers, log } = given
  const epoch = randomBytes(6).toString('hex')
  const wanted = new Set(sources.map(({ address }) => subscriptionId(installation, address.city, address.broker)))
  const hubs = new Map<string, CityHub>()
  for (const { address } of sources) {
    if (!hubs.has(address.city)) hubs.set(address.city, createCityHub({ epoch, timers, ...(given.limits !== undefined && { limits: given.limits }) }))
  }
  const running = sources.map((source) => runSource(source, hubs.get(source.address.city)!))
  let stopTicks: (() => void) | undefined

  function runSource({ address, types, callbackUrl, sieve, onMissed }: RelaySource, hub: CityHub) {
    const { city, broker } = address
    const intake = createIntake({ broker, hub, timers, repeats: address.profile === 'stellio', sieve })
    let lossLoggedMs = -Infinity
    const keyhole = door.open(intake.receive, (reason) => {
      intake.lost()
      onMissed?.()
      // All are counted; a flood of them is no flood of lines.
      if (timers.now() - lossLoggedMs < LOSS_LOG_MS) return
      lossLoggedMs = timers.now()
      log.warn('notification lost', { city, broker, reason: reason === 'too-long' ? `it is longer than ${door.maxBodyBytes} bytes` : 'more wait than the door holds' })
    })
    const clock = createBrokerClock()
    const client = createClient({
      fetch: given.fetch,
      baseUrl: address.apiUrl,
      headers: address.headers,
      timeoutMs: address.timeoutMs,
      wait: (ms, signal) => timers.wait(ms, signal as AbortSignal),
      onAnswer: ({ date }) => clock.hear(date, timers.now()),
      ...(address.tenant !== undefined && { tenant: address.tenant }),
      ...(address.context !== undefined && { context: address.context }),
    })
    let said = ''
    const owner = createSubscriptionOwner({
      broker,
      wish: wishFor({ installation, address, types, endpoint: `${callbackUrl}/notify/${keyhole.key}` }),
      api: client,
      clockOffsetMs: () => clock.offsetMs,
      effects: { now: () => timers.now(), random: given.random, wait: (ms, signal) => timers.wait(ms, signal) },
      isOrphan: (id) => isOrphan(id, installation, wanted),
      onState(told) {
        const state = told.detail === undefined ? told : { ...told, detail: hideSecrets(told.detail, [keyhole.key, ...Object.values(address.headers)]) }
        hub.setBroker(state)
        if (state.state === said) return
        said = state.state
        if (state.state === 'down') log.warn('broker down', { city, broker, detail: state.detail })
        else if (state.state === 'live') log.info('broker live', { city, broker })
      },
      onRecovered() {
        log.info('broker recovered', { city, broker })
        hub.resync({ reason: 'broker-recovered', broker })
        onMissed?.()
      },
    })
    return { city, broker, intake, owner, keyhole }
  }

  function tick(): void {
    for (const hub of hubs.values()) hub.tick()
    stopTicks = timers.after(TICK_MS, tick)
  }

  return {
    start() {
      if (stopTicks !== undefined) return
      for (const { owner } of running) owner.start()
      stopTicks = timers.after(TICK_MS, tick)
    },
    hub: (city) => hubs.get(city),
    get stats() {
      return {
        cities: [...hubs].map(([city, hub]) => ({
          city,
          hub: hub.stats,
          brokers: hub.brokers.map((state) => ({ ...state, intake: running.find((one) => one.city === city && one.broker === state.broker)!.intake.stats })),
        })),
      }
    },
    async close() {
      stopTicks?.()
      stopTicks = undefined
      await Promise.all(running.map(({ owner }) => owner.close()))
      for (const { keyhole } of running) keyhole.close()
      for (const hub of hubs.values()) hub.close()
    },
  }
}

/** A broker that refuses a request may repeat it in its answer: what it says goes to every page, without our key and token. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  // A token is repeated with or without its scheme (`Bearer …`). Shorter words are no secrets, and stand in every sentence.
  const words = secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)]).filter((word) => word.length >= 6)
  return words.reduce((rest, word) => rest.replaceAll(word, '…'), text)
}
