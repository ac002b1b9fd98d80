/**
 * The feed as a state machine: snapshot, then stream. Pure: what happens comes in as inputs with the time
 * and a random number, what is to be done goes out as commands.
 *
 * A connection begins with `hello`. Then, broker by broker, notifications are buffered while the snapshot
 * is read, applied behind it, and from then on at once. Numbers tell what was missed: after a gap, in a new
 * epoch, or when the relay says so, snapshots are read again. A broker whose snapshot fails is tried
 * again later and meanwhile shows what its notifications say; it never holds up the others.
 *
 * While all is well a broker is checked from time to time: a fresh snapshot beside the stream mends what was
 * lost without a trace. A check changes nothing else: notifications are applied at once, the feed stays
 * live, one broker is checked at a time, and whatever else wants a snapshot ends the check.
 *
 * Live means: connected, some broker's snapshot is complete, and none is being read for the first time.
 */
import type { Json } from '../ngsi-ld/entity.ts'
import { backoffMs, type Backoff } from '../core/time/backoff.ts'
import type { FeedPhase } from './feed-output.ts'
import type { HeardEvent, HeardNotification } from './byte-notification.ts'
import type { RelayBrokerState } from './relay-events.ts'

export interface FeedOptions {
  readonly brokers: readonly string[]
  /** The relay ticks so often; three ticks of silence are a dead connection that nobody closed. */
  readonly tickMs: number
  readonly reconnect: Backoff
  readonly snapshotRetry: Backoff
  /** Notifications held back per broker while its snapshot is read. */
  readonly maxBuffered: number
  /** Time between two checks of a broker, on average; 0 checks never. */
  readonly checkEveryMs: number
}

export const FEED_DEFAULTS: Omit<FeedOptions, 'brokers'> = {
  tickMs: 5_000,
  reconnect: { baseMs: 1_000, capMs: 30_000 },
  snapshotRetry: { baseMs: 2_000, capMs: 60_000 },
  maxBuffered: 20_000,
  checkEveryMs: 600_000,
}

export type FeedInput = { readonly nowMs: number; readonly random: number } & (
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** Stops, but remembers where: the next start goes on from there. */
  | { readonly type: 'rest' }
  /** `connection` is the number the `open` command gave; what an older one still says is ignored. */
  | { readonly type: 'relay'; readonly connection: number; readonly event: HeardEvent }
  | { readonly type: 'closed'; readonly connection: number; readonly reason: string }
  | { readonly type: 'page'; readonly broker: string; readonly run: number; readonly page: Json }
  /** The pages of this run begin anew. */
  | { readonly type: 'restarted'; readonly broker: string; readonly run: number }
  | { readonly type: 'read'; readonly broker: string; readonly run: number; readonly complete: boolean; readonly reason?: string }
  /** From time to time: what is due is found by the clock. */
  | { readonly type: 'clock' }
)

export type FeedCommand =
  | { readonly type: 'open'; readonly connection: number; readonly lastEventId?: string }
  | { readonly type: 'close' }
  | { readonly type: 'read'; readonly broker: string; readonly run: number }
  /** The same, beside the stream. It ends as a `read` does. */
  | { readonly type: 'check'; readonly broker: string; readonly run: number }
  | { readonly type: 'cancel'; readonly broker: string }
  | { readonly type: 'apply'; readonly notification: HeardNotification }
  /** `check`: it is applied beside the stream, not before it. */
  | { readonly type: 'page'; readonly broker: string; readonly page: Json; readonly check: boolean }
  /** Pages that were applied count no longer for what the broker holds. */
  | { readonly type: 'begin-again'; readonly broker: string; readonly check: boolean }
  | { readonly type: 'ended'; readonly broker: string; readonly complete: boolean }
  | { readonly type: 'phase'; readonly phase: FeedPhase }
  | { readonly type: 'brokers'; readonly brokers: readonly RelayBrokerState[] }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'counted'; readonly what: 'notification' | 'gap' | 'resync' | 'coalesced'; readonly count: number }

type Link =
  | { readonly at: 'idle' }
  | { readonly at: 'opening'; readonly heardAtMs: number }
  /** `helloSeq`: where the relay's numbers stood at the start of this connection. */
  | { readonly at: 'up'; readonly heardAtMs: number; readonly helloSeq: number }
  | { readonly at: 'waiting'; readonly retryAtMs: number; readonly reason: string }
  | { readonly at: 'stopped' }

type BrokerSync =
  | { readonly at: 'none' }
  /** `first`: nothing of this broker is on the screen yet, or what is there has a hole. */
  | { readonly at: 'reading'; readonly run: number; readonly first: boolean; readonly attempt: number; readonly held?: Held }
  | { readonly at: 'waiting'; readonly retryAtMs: number; readonly attempt: number; readonly first: boolean; readonly reason: string }
  | { readonly at: 'done'; readonly checkAtMs: number }
  | { readonly at: 'checking'; readonly run: number }

/** Notifications held back, newest first: a list that grows without being copied. */
interface Held {
  readonly notification: HeardNotification
  readonly before: Held | undefined
  readonly count: number
}

export interface FeedState {
  readonly options: FeedOptions
  readonly link: Link
  readonly connection: number
  readonly attempt: number
  readonly run: number
  readonly epoch?: string
  readonly lastSeq: number
  readonly brokers: ReadonlyMap<string, BrokerSync>
  readonly phase: FeedPhase
}

export interface Step {
  readonly state: FeedState
  readonly commands: readonly FeedCommand[]
}

export function initialFeedState(options: FeedOptions, nowMs: number): FeedState {
  return {
    options,
    link: { at: 'idle' },
    connection: 0,
    attempt: 0,
    run: 0,
    lastSeq: 0,
    brokers: new Map(options.brokers.map((broker) => [broker, { at: 'none' }])),
    phase: { kind: 'stopped', sinceMs: nowMs },
  }
}

export function step(state: FeedState, input: FeedInput): Step {
  const draft = new Draft(state, input)
  switch (input.type) {
    case 'start':
      if (state.link.at === 'idle' || state.link.at === 'stopped') draft.open()
      break
    case 'stop':
      draft.stop()
      break
    case 'rest':
      draft.rest()
      break
    case 'relay':
      if (input.connection === state.connection && isConnected(state.link)) draft.hear(input.event)
      break
    case 'closed':
      if (input.connection === state.connection && isConnected(state.link)) draft.reconnect(input.reason)
      break
    case 'page':
      draft.page(input.broker, input.run, input.page)
      break
    case 'restarted':
      draft.restarted(input.broker, input.run)
      break
    case 'read':
      draft.endRead(input.broker, input.run, input.complete, input.reason ?? 'the snapshot failed')
      break
    case 'clock':
      draft.tick()
  }
  return draft.finish()
}

function isConnected(link: Link): boolean {
  return link.at === 'opening' || link.at === 'up'
}

/** The next state in the making: one input changes several things, and each says its commands in order. */
class Draft {
  private state: FeedState
  private readonly brokers: Map<string, BrokerSync>
  private readonly commands: FeedCommand[] = []
  private readonly nowMs: number
  private readonly random: number

  constructor(state: FeedState, { nowMs, random }: { readonly nowMs: number; readonly random: number }) {
    this.state = state
    this.brokers = new Map(state.brokers)
    this.nowMs = nowMs
    this.random = random
  }

  open(): void {
    const connection = this.state.connection + 1
    const { epoch, lastSeq } = this.state
    this.state = { ...this.state, connection, link: { at: 'opening', heardAtMs: this.nowMs } }
    this.commands.push(epoch === undefined ? { type: 'open', connection } : { type: 'open', connection, lastEventId: `${epoch}.${lastSeq}` })
  }

  stop(): void {
    if (isConnected(this.state.link)) this.commands.push({ type: 'close' })
    this.callOffCheck()
    for (const [broker, sync] of this.brokers) {
      if (sync.at === 'reading') this.commands.push({ type: 'cancel', broker })
      this.brokers.set(broker, { at: 'none' })
    }
    // What it missed while stopped is unknown: a new start is a new snapshot.
    const { epoch: _, ...rest } = this.state
    this.state = { ...rest, link: { at: 'stopped' }, lastSeq: 0, attempt: 0 }
  }

  // Snapshots that are being read are read to their end, as they are when a connection breaks.
  rest(): void {
    if (isConnected(this.state.link)) this.commands.push({ type: 'close' })
    this.callOffCheck()
    this.state = { ...this.state, link: { at: 'stopped' }, attempt: 0 }
  }

  reconnect(reason: string): void {
    const waitMs = backoffMs(this.state.attempt, this.random, this.state.options.reconnect)
    this.commands.push({ type: 'close' })
    // A check needs the stream beside it: without, what is new cannot be told from what is gone.
    this.callOffCheck()
    this.state = { ...this.state, attempt: this.state.attempt + 1, link: { at: 'waiting', retryAtMs: this.nowMs + waitMs, reason } }
  }

  tick(): void {
    const { link, options } = this.state
    if (link.at === 'waiting' && this.nowMs >= link.retryAtMs) this.open()
    else if ((link.at === 'up' || link.at === 'opening') && this.nowMs - link.heardAtMs > 3 * options.tickMs) {
      this.reconnect(`nothing heard for ${Math.round((this.nowMs - link.heardAtMs) / 1000)} s`)
    }
    if (this.state.link.at !== 'up') return
    for (const [broker, sync] of this.brokers) {
      if (sync.at === 'waiting' && this.nowMs >= sync.retryAtMs) this.read(broker, sync.first, sync.attempt)
    }
    this.checkOne()
  }

  /** The broker whose check is due longest, unless something else is being read. */
  private checkOne(): void {
    const syncs = [...this.brokers]
    if (this.state.options.checkEveryMs <= 0 || this.phaseNow().kind !== 'live' || syncs.some(([, { at }]) => at === 'reading' || at === 'checking')) return
    let due: { readonly broker: string; readonly checkAtMs: number } | undefined
    for (const [broker, sync] of syncs) {
      if (sync.at === 'done' && sync.checkAtMs <= this.nowMs && sync.checkAtMs < (due?.checkAtMs ?? Infinity)) due = { broker, checkAtMs: sync.checkAtMs }
    }
    if (due === undefined) return
    const run = this.state.run + 1
    this.state = { ...this.state, run }
    this.brokers.set(due.broker, { at: 'checking', run })
    this.commands.push({ type: 'check', broker: due.broker, run })
  }

  private callOffCheck(): void {
    for (const [broker, sync] of this.brokers) {
      if (sync.at !== 'checking') continue
      this.commands.push({ type: 'cancel', broker }, { type: 'ended', broker, complete: false })
      this.brokers.set(broker, this.done())
    }
  }

  // From half to one and a half of the interval: a thousand browsers that lost one relay in one instant come apart.
  private done(): BrokerSync {
    return { at: 'done', checkAtMs: this.nowMs + this.state.options.checkEveryMs * (0.5 + this.random) }
  }

  hear(event: HeardEvent): void {
    const { link } = this.state
    if (event.event === 'hello') {
      this.state = { ...this.state, link: { at: 'up', heardAtMs: this.nowMs, helloSeq: event.data.seq } }
      // First which brokers these are: a snapshot is asked for in the manner of its broker.
      this.commands.push({ type: 'brokers', brokers: event.data.brokers }, { type: 'clock', offsetMs: event.data.serverTimeMs - this.nowMs })
      this.greet(event.data.epoch, event.data.seq)
      return
    }
    if (link.at !== 'up') return
    this.state = { ...this.state, link: { ...link, heardAtMs: this.nowMs } }
    switch (event.event) {
      case 'notification':
        this.take(event.data)
        return
      case 'brokers':
        this.commands.push({ type: 'brokers', brokers: event.data })
        return
      case 'resync':
        if (event.data.reason === 'gap' && event.data.broker === undefined) this.miss(Math.max(this.state.lastSeq, link.helloSeq))
        // A new epoch was noticed at `hello`, before the relay said so.
        else if (event.data.reason !== 'epoch') this.resync(event.data.broker)
        return
      case 'tick':
        // A connection that lasts until its first tick is good: the next failure is a first one.
        this.state = { ...this.state, attempt: 0 }
        this.commands.push({ type: 'clock', offsetMs: event.data.serverTimeMs - this.nowMs })
        if (event.data.seq > this.state.lastSeq) this.miss(event.data.seq)
    }
  }

  private greet(epoch: string, seq: number): void {
    const isFirst = this.state.epoch === undefined
    // Numbers that ran backwards are another life of the relay, whatever it calls itself.
    if (epoch === this.state.epoch && seq >= this.state.lastSeq) return
    this.state = { ...this.state, epoch, lastSeq: seq }
    if (isFirst) for (const broker of this.brokers.keys()) this.read(broker, true, 0)
    else this.resync(undefined)
  }

  private take(notification: HeardNotification): void {
    const { seq, coalesced } = notification
    const { lastSeq } = this.state
    if (seq <= lastSeq) return
    const parts = coalesced ?? 1
    if (parts > 0) {
      if (seq - parts > lastSeq) this.miss(seq)
      this.state = { ...this.state, lastSeq: seq }
      this.commands.push({ type: 'counted', what: 'notification', count: parts })
      if (parts > 1) this.commands.push({ type: 'counted', what: 'coalesced', count: parts })
    }
    this.deliver(notification)
  }

  private deliver(notification: HeardNotification): void {
    const { broker } = notification
    const sync = this.brokers.get(broker)
    // A broker this feed was not asked for: the relay serves the whole city.
    if (sync === undefined) return
    if (sync.at !== 'reading') {
      this.commands.push({ type: 'apply', notification })
      return
    }
    const count = (sync.held?.count ?? 0) + 1
    const held = { notification, before: sync.held, count }
    if (count <= this.state.options.maxBuffered) {
      this.brokers.set(broker, { ...sync, held })
      return
    }
    this.giveUp(broker, { ...sync, held })
    this.commands.push({ type: 'counted', what: 'resync', count: 1 })
    this.wait(broker, sync.first, sync.attempt, 'more changes than can be held while the snapshot is read')
  }

  private miss(seq: number): void {
    this.commands.push({ type: 'counted', what: 'gap', count: 1 })
    this.state = { ...this.state, lastSeq: seq }
    this.resync(undefined)
  }

  private resync(only: string | undefined): void {
    this.commands.push({ type: 'counted', what: 'resync', count: 1 })
    this.callOffCheck()
    for (const [broker, sync] of this.brokers) {
      if (only !== undefined && broker !== only) continue
      if (sync.at === 'reading') {
        this.giveUp(broker, sync)
        // Straight away the first time; a stream full of holes must not hammer the broker with queries.
        if (sync.attempt === 0) this.read(broker, true, 1)
        else this.wait(broker, true, sync.attempt, 'changes were missed while the snapshot was read')
      } else if (sync.at !== 'waiting') this.read(broker, true, 0)
      // One that is down stays so until its retry, unless the relay says that it is back.
      else if (only !== undefined) this.read(broker, sync.first, sync.attempt)
    }
  }

  /** An unfinished snapshot ends here. What was held behind it is still true, so it is applied, not lost. */
  private giveUp(broker: string, { held }: { readonly held?: Held }): void {
    this.commands.push({ type: 'cancel', broker }, { type: 'ended', broker, complete: false })
    this.release(held)
  }

  private release(held: Held | undefined): void {
    const notifications: HeardNotification[] = []
    for (let one = held; one !== undefined; one = one.before) notifications.push(one.notification)
    for (const notification of notifications.toReversed()) this.commands.push({ type: 'apply', notification })
  }

  private read(broker: string, first: boolean, attempt: number): void {
    const run = this.state.run + 1
    this.state = { ...this.state, run }
    this.brokers.set(broker, { at: 'reading', run, first, attempt })
    this.commands.push({ type: 'read', broker, run })
  }

  private wait(broker: string, first: boolean, attempt: number, reason: string): void {
    const waitMs = backoffMs(attempt, this.random, this.state.options.snapshotRetry)
    this.brokers.set(broker, { at: 'waiting', retryAtMs: this.nowMs + waitMs, attempt: attempt + 1, first, reason })
  }

  page(broker: string, run: number, page: Json): void {
    const sync = this.brokers.get(broker)
    if ((sync?.at === 'reading' || sync?.at === 'checking') && sync.run === run) this.commands.push({ type: 'page', broker, page, check: sync.at === 'checking' })
  }

  restarted(broker: string, run: number): void {
    const sync = this.brokers.get(broker)
    if ((sync?.at === 'reading' || sync?.at === 'checking') && sync.run === run) this.commands.push({ type: 'begin-again', broker, check: sync.at === 'checking' })
  }

  endRead(broker: string, run: number, complete: boolean, reason: string): void {
    const sync = this.brokers.get(broker)
    if ((sync?.at !== 'reading' && sync?.at !== 'checking') || sync.run !== run) return
    this.commands.push({ type: 'ended', broker, complete })
    if (sync.at === 'checking') {
      // A check that failed is no alarm: that a broker is down the relay says, and the next check comes.
      this.brokers.set(broker, this.done())
      return
    }
    this.release(sync.held)
    if (complete) this.brokers.set(broker, this.done())
    // Known to be down now: from here on it is a retry, which does not take the city out of `live`.
    else this.wait(broker, false, sync.attempt, reason)
  }

  finish(): Step {
    const phase = this.phaseNow()
    const before = this.state.phase
    if (!isSamePhase(before, phase)) this.commands.push({ type: 'phase', phase })
    return {
      state: { ...this.state, brokers: this.brokers, phase: isSamePhase(before, phase) ? before : phase },
      commands: this.commands,
    }
  }

  private phaseNow(): FeedPhase {
    const { link, attempt } = this.state
    const sinceMs = this.nowMs
    switch (link.at) {
      case 'idle':
      case 'stopped':
        return { kind: 'stopped', sinceMs }
      case 'opening':
        return { kind: 'connecting', sinceMs, attempt }
      case 'waiting':
        return { kind: 'retrying', sinceMs, attempt, retryAtMs: link.retryAtMs, reason: link.reason }
      case 'up': {
        const syncs = [...this.brokers.values()]
        const isFirst = syncs.some((sync) => sync.at === 'none' || ((sync.at === 'reading' || sync.at === 'waiting') && sync.first))
        if (isFirst) return { kind: 'snapshot', sinceMs }
        if (syncs.some((sync) => sync.at === 'done' || sync.at === 'checking')) return { kind: 'live', sinceMs }
        const waiting = syncs.filter((sync) => sync.at === 'waiting')
        const [soonest] = waiting.sort((a, b) => a.retryAtMs - b.retryAtMs)
        if (soonest === undefined) return { kind: 'snapshot', sinceMs }
        return { kind: 'retrying', sinceMs, attempt: soonest.attempt, retryAtMs: soonest.retryAtMs, reason: soonest.reason }
      }
    }
  }
}

function isSamePhase(a: FeedPhase, b: FeedPhase): boolean {
  if (a.kind !== b.kind) return false
  if (a.kind === 'retrying' && b.kind === 'retrying') return a.retryAtMs === b.retryAtMs && a.reason === b.reason
  if (a.kind === 'connecting' && b.kind === 'connecting') return a.attempt === b.attempt
  return true
}
