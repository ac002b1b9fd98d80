/**
 * What the relay says to its readers: server-sent events, JSON in `data`.
 * Both ends of one wire: written by `server/relay`, read by the feed in the worker.
 *
 * Every `notification` carries an id `<epoch>.<seq>`; `seq` grows by one within an epoch (one life of
 * the relay). A reader that comes back sends its last id in `Last-Event-ID`; the relay replays what it
 * still has, or says `resync`.
 */
import type { Json } from '../ngsi-ld/entity.ts'
import type { TransportKind } from '../ngsi-ld/profile/profile.ts'

export type RelayEvent =
  | { readonly event: 'hello'; readonly data: RelayHello }
  | { readonly event: 'notification'; readonly data: RelayNotification }
  | { readonly event: 'brokers'; readonly data: readonly RelayBrokerState[] }
  /** What was missed cannot be replayed: take a new snapshot. */
  | { readonly event: 'resync'; readonly data: RelayResync }
  /** Every few seconds: proof of life, and the clock to judge ages by. */
  | { readonly event: 'tick'; readonly data: RelayTick }

export interface RelayHello {
  readonly epoch: string
  /** Sequence number of the newest notification; the next one is `seq + 1`. */
  readonly seq: number
  readonly serverTimeMs: number
  readonly brokers: readonly RelayBrokerState[]
}

export interface RelayNotification {
  readonly seq: number
  /** Id of the broker in the city's configuration. */
  readonly broker: string
  readonly receivedAtMs: number
  /** As the broker sent it; several of them, coalesced per entity, for a reader that could not keep up. */
  readonly notification: Json
  readonly coalesced?: number
}

export interface RelayBrokerState {
  readonly broker: string
  readonly state: 'connecting' | 'live' | 'down'
  readonly sinceMs: number
  /** Broker clock minus server clock, from the HTTP `Date` header; whole seconds are all it can tell. */
  readonly clockOffsetMs: number
  /** No answer of it names the time, as Scorpio's: it may be any. */
  readonly isClockUnknown?: boolean
  readonly lastNotificationAtMs?: number
  /** One sentence for the operator: what failed, when it is tried again. */
  readonly detail?: string
  readonly retryAtMs?: number
  /** What the server hears it by, where that is not its notifications. */
  readonly by?: TransportKind
  /** Ways by which nothing will be heard of it, each with the reason: it refuses such a subscription, say. */
  readonly cannot?: Readonly<Partial<Record<TransportKind, string>>>
  /** Absent until it was recognised. */
  readonly known?: KnownBroker
}

/** Which broker it is, and how that is known. */
export interface KnownBroker {
  /** Id of a profile; one that a page does not know is any broker to it. */
  readonly profile: string
  readonly version?: string
  /** In words. */
  readonly evidence: string
  /** Its history is another program's. */
  readonly temporalElsewhere?: boolean
}

export interface RelayResync {
  readonly reason: 'gap' | 'epoch' | 'broker-recovered'
  readonly broker?: string
}

export interface RelayTick {
  readonly serverTimeMs: number
  readonly seq: number
}
