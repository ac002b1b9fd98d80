/**
 * The relay: for every city a feed, for every broker of it a subscription that the relay owns.
 *
 * Browsers never subscribe at a broker: a page that is closed would leave its subscription behind, and a
 * hundred pages would be a hundred subscriptions. Today all are made at the start; a count of readers per
 * city belongs into `start` of one broker's source, which begins and ends on its own.
 */
import { randomBytes } from 'node:crypto'
import { err } from '../../core/result.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import { createClient, type NgsiLdError } from '../../ngsi-ld/client.ts'
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
import type { Listener, Listening, ListeningStats } from './listening.ts'
import { meetBroker } from './meet-broker.ts'
import type { NotifyDoor } from './notify-door.ts'
import type { MqttSource } from '../mqtt-source.ts'
import { createObeliskEvents } from './obelisk-events.ts'
import { createOrionSocket } from './orion-socket.ts'
import { createSubscriptionOwner, type SubscriptionOwner } from './subscription-owner.ts'
import { isOrphan, mqttSubscriptionId, socketSubscriptionId, subscriptionId, wishFor } from './wishes.ts'

export interface RelaySource {
  readonly address: BrokerAddress
  /** Entity types that the broker is to notify of; none when it is heard otherwise. */
  readonly types: readonly string[]
  /** Those that it is to tell by its WebSocket, where that is read. */
  readonly socketTypes?: readonly string[]
  /** The broker publishes to it what pages read there. None of these types may be about people: nobody holds them back. */
  readonly mqtt?: MqttSource & { readonly types: readonly string[] }
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
    readonly brokers: readonly (RelayBrokerState & { readonly intake: IntakeStats; readonly events?: ListeningStats })[]
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
  const wanted = new Set(
    sources.flatMap(({ address: { city, broker, socketUrl }, mqtt }) => [
      subscriptionId(installation, city, broker),
      ...(mqtt === undefined ? [] : [mqttSubscriptionId(installation, city, broker)]),
      ...(socketUrl === undefined ? [] : [socketSubscriptionId(installation, city, broker)]),
    ]),
  )
  const hubs = new Map<string, CityHub>()
  for (const { address } of sources) {
    if (!hubs.has(address.city)) hubs.set(address.city, createCityHub({ epoch, timers, ...(given.limits !== undefined && { limits: given.limits }) }))
  }
  const running = sources.map((source) => runSource(source, hubs.get(source.address.city)!))
  let stopTicks: (() => void) | undefined

  function runSource({ address, types, socketTypes = [], mqtt, callbackUrl, sieve, onMissed }: RelaySource, hub: CityHub) {
    const { city, broker } = address
    const heard = createHeard(() => timers.now())
    const hide = (words: string): string => withoutAddress(address.line.veil.hide(hideSecrets(words, [keyhole.key, ...(mqtt?.secrets ?? [])])), address.apiUrl)
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
    const secrets = [keyhole.key, ...(mqtt?.secrets ?? [])]
    const common = {
      broker,
      advice: (error: NgsiLdError) => adviceFor(profileAt(address), error),
      api: client,
      clockOffsetMs: () => clock.offsetMs,
      effects: { now: () => timers.now(), random: given.random, wait: (ms: number, signal: AbortSignal) => timers.wait(ms, signal) },
      isOrphan: (id: string) => isOrphan(id, installation, wanted),
      onLearned: (words: string) => log.warn('broker refuses what its profile has', { city, broker, detail: hideSecrets(words, [...secrets, ...Object.values(address.headers)]) }),
    }
    let state: RelayBrokerState | undefined
    /** Why the broker does not publish to MQTT, though it is there. */
    let mqttTrouble: string | undefined
    /** Why its event stream is not read, though it is there. */
    let streamTrouble: string | undefined
    const stream = listeningOf({
      take: intake.receive,
      onGap() {
        hub.resync({ reason: 'gap', broker })
        onMissed?.()
      },
      onTrouble(words) {
        const before = streamTrouble
        streamTrouble = words === undefined ? undefined : hide(words)
        if (streamTrouble === before) return
        if (streamTrouble !== undefined) log.warn('event stream is not read', { city, broker, detail: streamTrouble })
        tell()
      },
    })

    function listeningOf(listener: Listener): Listening | undefined {
      const { line, socketUrl, eventsUrl, tenant } = address
      const { effects } = common
      if (eventsUrl !== undefined) return createObeliskEvents({ streamUrl: eventsUrl, line, headers: address.headers, effects, ...listener })
      if (socketUrl === undefined) return undefined
      const id = socketSubscriptionId(installation, city, broker)
      // Which address stands in it is all the same: none is sent.
      const wish = () => wishFor({ id, address, types: socketTypes, endpoint: callbackUrl })
      return createOrionSocket({ url: socketUrl, line, headers: () => headersFor(address), tenant, api: client, effects, wish, ...listener })
    }

    /** Made from what the city's other brokers tell: when all of those are down it tells nothing new, however well it answers. */
    const isMadeOfOthers = address.origins !== undefined

    function cutOff(): RelayBrokerState | undefined {
      const makers = isMadeOfOthers ? running.filter((one) => one.city === city && !one.isMadeOfOthers).map((one) => one.state) : []
      if (state === undefined || makers.length === 0 || !makers.every((maker) => maker?.state === 'down')) return undefined
      return { ...state, state: 'down', sinceMs: Math.max(...makers.map((maker) => maker!.sinceMs)) }
    }

    function tell(): void {
      if (state === undefined) return
      if (!isMadeOfOthers) for (const one of running) if (one.city === city && one.isMadeOfOthers) one.tell()
      const known = address.kind?.known
      const cannot = { ...state.cannot, ...(streamTrouble !== undefined && { relay: streamTrouble }), ...(mqttTrouble !== undefined && state.state === 'live' && { mqtt: mqttTrouble }) }
      hub.setBroker({ ...(cutOff() ?? state), ...(state.state === 'live' && !clock.isKnown && { isClockUnknown: true }), ...(stream !== undefined && { by: stream.by }), ...(Object.keys(cannot).length > 0 && { cannot }), ...(known !== undefined && { known }) })
    }

    function missed(isFirst: boolean): void {
      if (!isFirst || hub.hasBeenRead) hub.resync({ reason: 'broker-recovered', broker })
    }

    const publishing: SubscriptionOwner | undefined =
      mqtt &&
      createSubscriptionOwner({
        ...common,
        id: mqttSubscriptionId(installation, city, broker),
        wish: () => wishFor({ id: mqttSubscriptionId(installation, city, broker), address, types: mqtt.types, endpoint: mqtt.endpoint, notifierInfo: mqtt.notifierInfo }),
        // The other owner has met it by then.
        meet: () => Promise.resolve(),
        onState({ state: kind, detail, cannot }) {
          const trouble = kind === 'down' ? (detail ?? 'it does not take the subscription') : cannot?.relay
          const before = mqttTrouble
          mqttTrouble = trouble === undefined ? undefined : hide(trouble)
          if (mqttTrouble === before) return
          if (mqttTrouble !== undefined) log.warn('broker does not publish to MQTT', { city, broker, detail: mqttTrouble })
          tell()
        },
        onMissed: ({ isFirst }) => missed(isFirst),
      })
    const owner = createSubscriptionOwner({
      ...common,
      id: subscriptionId(installation, city, broker),
      wish: () => (types.length === 0 ? err('') : wishFor({ id: subscriptionId(installation, city, broker), address, types, endpoint: `${callbackUrl}/notify/${keyhole.key}` })),
      meet,
      onState(told) {
        const { detail, cannot } = told
        const before = state?.cannot?.relay
        state = { ...told, ...(detail !== undefined && { detail: hide(detail) }), ...(cannot?.relay !== undefined && { cannot: { relay: hide(cannot.relay) } }) }
        if (state.cannot?.relay !== before && state.cannot?.relay !== undefined) log.warn('broker is not heard by a subscription', { city, broker, detail: state.cannot?.relay })
        if (state.state === 'live') {
          publishing?.start()
          stream?.start()
        }
        tell()
        if (state.state === said) return
        said = state.state
        if (state.state === 'down') log.warn('broker down', { city, broker, detail: state.detail })
        else if (state.state === 'live') log.info('broker live', { city, broker })
      },
      onMissed({ isFirst }) {
        if (!isFirst) log.info('broker recovered', { city, broker })
        missed(isFirst)
        onMissed?.()
      },
    })
    function health(): BrokerHealth {
      const { lastFailure } = owner
      const both = [owner, ...(publishing === undefined ? [] : [publishing])].map(({ subscriptions }) => subscriptions)
      const subscriptions = { wanted: both.reduce((sum, { wanted }) => sum + wanted, 0), held: both.reduce((sum, { held }) => sum + held, 0) }
      return { subscriptions, ...(lastFailure !== undefined && { lastFailure: { ...lastFailure, words: hide(lastFailure.words) } }), heard: heard.stats() }
    }
    return {
      city,
      broker,
      isMadeOfOthers,
      get state() {
        return state
      },
      tell,
      intake,
      owner,
      publishing,
      stream,
      keyhole,
      health,
    }
  }

  function statsOf(city: string, broker: string): { readonly intake: IntakeStats; readonly events?: ListeningStats } {
    const { intake, stream } = running.find((one) => one.city === city && one.broker === broker)!
    return { intake: intake.stats, ...(stream !== undefined && { events: stream.stats }) }
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
          brokers: hub.brokers.map((state) => ({ ...state, ...statsOf(city, state.broker) })),
        })),
      }
    },
    async close() {
      stopTicks?.()
      stopTicks = undefined
      for (const { stream } of running) stream?.close()
      await Promise.all(running.flatMap(({ owner, publishing }) => [owner.close(), publishing?.close()]))
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
