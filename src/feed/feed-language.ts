/** What the feed's machine is told, what it asks for, and by which measures it decides. Words only; the decisions are in `feed-state.ts`. */
import type { Backoff } from '../core/time/backoff.ts'
import type { Json } from '../ngsi-ld/entity.ts'
import type { HeardEvent, HeardNotification } from './byte-notification.ts'
import type { BrokerWay, FeedPhase } from './feed-output.ts'
import { LANE_DEFAULTS, type LaneLimits } from './lane.ts'
import type { RelayBrokerState } from './relay-events.ts'
import type { FeedWay } from './ways.ts'

export interface FeedOptions {
  readonly brokers: readonly string[]
  /** False: a page without a server of ours. Nothing but the lanes tells what changes. */
  readonly hasRelay: boolean
  /** Ways of a broker, the best first, where the configuration names them; by its profile otherwise. */
  readonly ways: ReadonlyMap<string, readonly FeedWay[]>
  /** The relay ticks so often; three ticks of silence are a dead connection that nobody closed. */
  readonly tickMs: number
  readonly reconnect: Backoff
  readonly snapshotRetry: Backoff
  /** Notifications held back per broker while its snapshot is read. */
  readonly maxBuffered: number
  /** Time between two checks of a broker, on average; 0 checks never. */
  readonly checkEveryMs: number
  /** The same where a broker is polled: checks are then all that tells what changes. */
  readonly pollEveryMs: number
  /** Of brokers that differ. */
  readonly polls: ReadonlyMap<string, number>
  readonly lane: LaneLimits
  /** A lane that is still opening may keep the first picture waiting so long. */
  readonly patienceMs: number
}

export const FEED_DEFAULTS: Omit<FeedOptions, 'brokers'> = {
  hasRelay: true,
  ways: new Map(),
  tickMs: 5_000,
  reconnect: { baseMs: 1_000, capMs: 30_000 },
  snapshotRetry: { baseMs: 2_000, capMs: 60_000 },
  maxBuffered: 20_000,
  checkEveryMs: 600_000,
  pollEveryMs: 60_000,
  polls: new Map(),
  lane: LANE_DEFAULTS,
  patienceMs: 3_000,
}

export type FeedInput = { readonly nowMs: number; readonly random: number } & (
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** Stops, but remembers where: the next start goes on from there. */
  | { readonly type: 'rest' }
  /** `connection` is the number the `open` command gave; what an older one still says is ignored. */
  | { readonly type: 'relay'; readonly connection: number; readonly event: HeardEvent }
  | { readonly type: 'closed'; readonly connection: number; readonly reason: string }
  /** Of a driver, by the number that `attach` gave. */
  | { readonly type: 'attached'; readonly broker: string; readonly connection: number }
  | { readonly type: 'heard'; readonly broker: string; readonly connection: number; readonly notification: HeardNotification }
  | { readonly type: 'detached'; readonly broker: string; readonly connection: number; readonly reason: string }
  | { readonly type: 'page'; readonly broker: string; readonly run: number; readonly page: Json }
  /** The pages of this run begin anew. */
  | { readonly type: 'restarted'; readonly broker: string; readonly run: number }
  | { readonly type: 'read'; readonly broker: string; readonly run: number; readonly complete: boolean; readonly reason?: string }
  /** From time to time: what is due is found by the clock. `unwatched`: nobody has seen the picture for long. */
  | { readonly type: 'clock'; readonly unwatched?: boolean }
)

export type FeedCommand =
  | { readonly type: 'open'; readonly connection: number; readonly lastEventId?: string }
  | { readonly type: 'close' }
  /** Opens a driver: what it hears comes back under this number. */
  | { readonly type: 'attach'; readonly broker: string; readonly way: FeedWay; readonly connection: number }
  | { readonly type: 'detach'; readonly connection: number }
  | { readonly type: 'read'; readonly broker: string; readonly run: number }
  /** The same, beside the stream. It ends as a `read` does. `poll`: in place of one. */
  | { readonly type: 'check'; readonly broker: string; readonly run: number; readonly poll?: true }
  | { readonly type: 'cancel'; readonly broker: string }
  | { readonly type: 'apply'; readonly notification: HeardNotification }
  /** `check`: it is applied beside the stream, not before it. */
  | { readonly type: 'page'; readonly broker: string; readonly page: Json; readonly check: boolean }
  /** Pages that were applied count no longer for what the broker holds. */
  | { readonly type: 'begin-again'; readonly broker: string; readonly check: boolean }
  | { readonly type: 'ended'; readonly broker: string; readonly complete: boolean }
  | { readonly type: 'phase'; readonly phase: FeedPhase }
  | { readonly type: 'ways'; readonly ways: readonly BrokerWay[] }
  | { readonly type: 'brokers'; readonly brokers: readonly RelayBrokerState[] }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'counted'; readonly what: 'notification' | 'gap' | 'resync' | 'coalesced'; readonly count: number }
