/**
 * The relay: for every city a feed, for every broker of it a subscription that the relay owns.
 *
 * Browsers never subscribe at a broker: a page that is closed would leave its subscription behind, and a
 * hundred pages would be a hundred subscriptions. Today all are made at the start; a count of readers per
 * city belongs into `start` of one broker's source, which begins and ends on its own.
 */
import { randomBytes } from 'node:crypto'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import { createClient } from '../../ngsi-ld/client.ts'
import { adviceFor } from '../../ngsi-ld/profile/profiles.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import { hideSecrets } from '../access/secrets.ts'
import { headersFor, profileAt, type BrokerAddress } from '../broker-address.ts'
import type { Logger } from '../log.ts'
import type { ServerTimers } from '../timers.ts'
import { createBrokerClock } from './broker-clock.ts'
import { createCityHub, type CityHub, type HubLimits, type HubStats } from './city-hub.ts'
import { createHeard, type HeardStats } from './heard.ts'
import { createIntake, type IntakeStats, type Sieve } from './intake.ts'
import { meetBroker } from './meet-broker.ts'
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
  /** More of one city's brokers, for the screen that shows it; by broker. */
  healthOf(city: string): ReadonlyMap<string, BrokerHealth>
  /** Deletes the subscriptions and ends the readers. */
  close(): Promise<void>
}

export interface BrokerHealth {
  readonly subscriptions: { readonly wanted: number; readonly held: number }
  readonly lastFailure?: { readonly atMs: number; readonly words: string }
  readonly heard: HeardStats
}

export interface RelayStats {
  readonly cities: readonly {
    readonly city: string
    readonly hub: HubStats
    readonly brokers: readonly (RelayBrokerState & { readonly intake: IntakeStats })[]
  }[]
}

export const TICK_MS = 5_000
/** As long as a token may take. */
const TOKEN_MS = 10_000
const LOSS_LOG_MS = 60_000

export function createRelay(given: {
  readonly installation: string
  readonly sources: readonly RelaySource[]
  readonly door: NotifyDoor
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
    const heard = createHeard(() => timers.now())
    const hide = (words: string): string => withoutAddress(address.line.veil.hide(hideSecrets(words, [keyhole.key])), address.apiUrl)
    const intake = createIntake({
      broker,
      hub,
      timers,
      get repeats() {
        return profileAt(address).repeats
      },
      sieve,
      heard,
    })
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
      fetch: address.line.fetchAs('relay'),
      baseUrl: address.apiUrl,
      profile: () => profileAt(address),
      headers: address.headers,
      // The line bounds the answer; this bounds what comes before it too: a turn, and a token.
      timeoutMs: 2 * address.timeoutMs + TOKEN_MS,
      wait: (ms, signal) => timers.wait(ms, signal as AbortSignal),
      onAnswer: ({ date }) => clock.hear(date, timers.now()),
      ...(address.tenant !== undefined && { tenant: address.tenant }),
      ...(address.context !== undefined && { context: address.context }),
    })
    let said = ''
    async function meet(signal: AbortSignal): Promise<void> {
      const { kind } = address
      if (kind === undefined || !kind.isAuto) return
      const before = kind.profile
      const recognition = await meetBroker({ apiUrl: address.apiUrl, headers: headersFor(address), fetch: address.line.fetchAs('probe'), signal })
      if (signal.aborted) return
      kind.recognised(recognition)
      log.info('broker recognised', { city, broker, as: nameOfBroker(recognition), evidence: recognition.evidence })
      // Whoever read it as any broker meanwhile may have read too little.
      if (kind.profile.page.kind !== before.page.kind) hub.resync({ reason: 'broker-recovered', broker })
    }
    const owner = createSubscriptionOwner({
      broker,
      id: subscriptionId(installation, city, broker),
      wish: () => wishFor({ installation, address, types, endpoint: `${callbackUrl}/notify/${keyhole.key}` }),
      meet,
      advice: (error) => adviceFor(profileAt(address), error),
      api: client,
      clockOffsetMs: () => clock.offsetMs,
      effects: { now: () => timers.now(), random: given.random, wait: (ms, signal) => timers.wait(ms, signal) },
      isOrphan: (id) => isOrphan(id, installation, wanted),
      onState(told) {
        const state = told.detail === undefined ? told : { ...told, detail: hide(told.detail) }
        const known = address.kind?.known
        hub.setBroker({ ...state, ...(known !== undefined && { known }) })
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
      onLearned: (words) => log.warn('broker refuses what its profile has', { city, broker, detail: hideSecrets(words, [keyhole.key, ...Object.values(address.headers)]) }),
    })
    function health(): BrokerHealth {
      const { subscriptions, lastFailure } = owner
      return { subscriptions, ...(lastFailure !== undefined && { lastFailure: { ...lastFailure, words: hide(lastFailure.words) } }), heard: heard.stats() }
    }
    return { city, broker, intake, owner, keyhole, health }
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
    healthOf: (city) => new Map(running.flatMap((one) => (one.city === city ? [[one.broker, one.health()] as const] : []))),
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

/** Pages know no broker's address: of what failed they are told the path and the system's code. */
function withoutAddress(words: string, apiUrl: string): string {
  return words
    .replaceAll(apiUrl, '')
    .replaceAll(/\b(connect|getaddrinfo|read|write) (E[A-Z_]+) [^\s,;)]+/g, '$1 $2')
    .replaceAll(new URL(apiUrl).host, 'the broker')
}
