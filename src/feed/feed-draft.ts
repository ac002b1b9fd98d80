/**
 * The feed's next state in the making: one input changes several things, and each says its commands in order. What they
 * mean together stands in `feed-state.ts`.
 */
import type { Json } from '../ngsi-ld/entity.ts'
import { backoffMs, type Backoff } from '../core/time/backoff.ts'
import type { HeardEvent, HeardNotification } from './byte-notification.ts'
import type { FeedCommand, FeedOptions } from './feed-language.ts'
import type { BrokerWay, FeedPhase } from './feed-output.ts'
import { isConnected, isSamePhase, phaseOf, type BrokerSync, type Held, type Link } from './feed-phase.ts'
import { NO_LANE, stepLane, type Lane, type LaneEvent } from './lane.ts'
import type { RelayBrokerState } from './relay-events.ts'
import { isDriven, waysOf, type FeedWay } from './ways.ts'

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
  readonly lanes: ReadonlyMap<string, Lane>
  /** Number of the newest driver. */
  readonly driver: number
  /** What the relay said last of its brokers. */
  readonly said: readonly RelayBrokerState[]
  readonly ways: readonly BrokerWay[]
}

export interface Step {
  readonly state: FeedState
  readonly commands: readonly FeedCommand[]
}

/** Of the interval, by chance: polls of many pages come apart. */
const LONGEST_POLL = 1.1

export class Draft {
  private state: FeedState
  private readonly brokers: Map<string, BrokerSync>
  /** Written only when one changes: most inputs are notifications. */
  private lanes: ReadonlyMap<string, Lane>
  private areWaysDue = false
  private readonly commands: FeedCommand[] = []
  private readonly nowMs: number
  private readonly random: number

  constructor(state: FeedState, { nowMs, random }: { readonly nowMs: number; readonly random: number }) {
    this.state = state
    this.brokers = new Map(state.brokers)
    this.lanes = state.lanes
    this.nowMs = nowMs
    this.random = random
  }

  open(): void {
    if (!this.state.options.hasRelay) {
      this.state = { ...this.state, link: { at: 'alone' } }
      this.lookAtLanes()
      this.readFirsts()
      return
    }
    const connection = this.state.connection + 1
    const { epoch, lastSeq } = this.state
    this.state = { ...this.state, connection, link: { at: 'opening', heardAtMs: this.nowMs } }
    this.commands.push(epoch === undefined ? { type: 'open', connection } : { type: 'open', connection, lastEventId: `${epoch}.${lastSeq}` })
  }

  stop(): void {
    if (isConnected(this.state.link)) this.commands.push({ type: 'close' })
    this.endLanes()
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
    this.endLanes()
    this.state = { ...this.state, link: { at: 'stopped' }, attempt: 0 }
  }

  reconnect(reason: string): void {
    const waitMs = backoffMs(this.state.attempt, this.random, this.state.options.reconnect)
    this.commands.push({ type: 'close' })
    // A check needs the stream beside it: without, what is new cannot be told from what is gone.
    for (const broker of this.brokers.keys()) if (this.wayOf(broker) === 'relay') this.callOffCheck(broker)
    this.state = { ...this.state, attempt: this.state.attempt + 1, link: { at: 'waiting', retryAtMs: this.nowMs + waitMs, reason } }
  }

  tick(unwatched: boolean): void {
    const { link, options } = this.state
    if (link.at === 'waiting' && this.nowMs >= link.retryAtMs) this.open()
    else if ((link.at === 'up' || link.at === 'opening') && this.nowMs - link.heardAtMs > 3 * options.tickMs) {
      this.reconnect(`nothing heard for ${Math.round((this.nowMs - link.heardAtMs) / 1000)} s`)
    }
    if (!this.isThere()) return
    this.lookAtLanes()
    this.readFirsts()
    for (const [broker, sync] of this.brokers) {
      const isIdle = unwatched && this.wayOf(broker) === 'poll'
      if (sync.at === 'waiting' && this.nowMs >= sync.retryAtMs && !isIdle) this.read(broker, sync.first, sync.attempt)
      else if (sync.at === 'done' && this.wayOf(broker) === 'poll') {
        // Its next look was set while it was heard in another way, or by nobody: that is seldom enough for a check only.
        if (sync.checkAtMs - this.nowMs > LONGEST_POLL * this.pollEveryMs(broker)) this.brokers.set(broker, this.done(broker))
        else if (this.nowMs >= sync.checkAtMs && !isIdle) this.check(broker)
      }
    }
    this.checkOne()
  }

  /** Is there somebody to be asked? */
  private isThere(): boolean {
    return this.state.link.at === 'up' || this.state.link.at === 'alone'
  }

  /** The broker whose check is due longest, unless something else is being read. */
  private checkOne(): void {
    const syncs = [...this.brokers].filter(([broker]) => this.wayOf(broker) !== 'poll')
    if (this.state.options.checkEveryMs <= 0 || this.phaseNow().kind !== 'live' || syncs.some(([, { at }]) => at === 'reading' || at === 'checking')) return
    let due: { readonly broker: string; readonly checkAtMs: number } | undefined
    for (const [broker, sync] of syncs) {
      if (sync.at === 'done' && sync.checkAtMs <= this.nowMs && sync.checkAtMs < (due?.checkAtMs ?? Infinity) && this.isHeard(broker)) due = { broker, checkAtMs: sync.checkAtMs }
    }
    if (due !== undefined) this.check(due.broker)
  }

  private check(broker: string): void {
    const run = this.state.run + 1
    this.state = { ...this.state, run }
    this.brokers.set(broker, { at: 'checking', run })
    this.commands.push({ type: 'check', broker, run, ...(this.wayOf(broker) === 'poll' && { poll: true }) })
  }

  private callOffCheck(broker: string): void {
    if (this.brokers.get(broker)?.at !== 'checking') return
    this.commands.push({ type: 'cancel', broker }, { type: 'ended', broker, complete: false })
    this.brokers.set(broker, this.done(broker))
  }

  // From half to one and a half of the interval: a thousand browsers that lost one relay in one instant come apart.
  // Polls come apart less: readings are as old as their interval is long.
  private done(broker: string): BrokerSync {
    const { checkEveryMs } = this.state.options
    return { at: 'done', checkAtMs: this.nowMs + (this.wayOf(broker) === 'poll' ? this.pollEveryMs(broker) * (LONGEST_POLL - 0.2 * this.random) : checkEveryMs * (0.5 + this.random)) }
  }

  private wayOf(broker: string): FeedWay {
    return this.lanes.get(broker)?.track?.way ?? 'relay'
  }

  /** Does its stream tell now? The relay's does while the feed is live. */
  private isHeard(broker: string): boolean {
    return (this.lanes.get(broker)?.track?.at ?? 'up') === 'up'
  }

  private lookAtLanes(): void {
    for (const broker of this.brokers.keys()) this.steer(broker, { type: 'look' })
  }

  private endLanes(): void {
    for (const broker of this.brokers.keys()) {
      this.callOffCheck(broker)
      this.steer(broker, { type: 'end' })
    }
  }

  steer(broker: string, event: LaneEvent): void {
    const { options, said } = this.state
    const told = said.find((one) => one.broker === broker)
    const before = this.lanes.get(broker) ?? NO_LANE
    const { lane, commands, isBroken } = stepLane(before, event, {
      nowMs: this.nowMs,
      random: this.random,
      limits: options.lane,
      order: options.ways.get(broker) ?? waysOf(told?.known, options.hasRelay),
      // A poll goes the relay's way where there is one: both are there, or neither.
      isThere: (way) => (way === 'relay' ? this.state.link.at === 'up' : this.isThere()),
      cannot: (way) => told?.cannot?.[way],
      nextConnection: () => {
        const driver = this.state.driver + 1
        this.state = { ...this.state, driver }
        return driver
      },
    })
    this.lanes = new Map([...this.lanes, [broker, lane]])
    this.areWaysDue = true
    this.commands.push(...commands.map((command) => ({ ...command, broker })))
    if (isBroken) this.mendLane(broker)
  }

  /** What was told before and what will be have a hole between them, unless nothing is told at all. */
  private mendLane(broker: string): void {
    const sync = this.brokers.get(broker)
    if (this.wayOf(broker) === 'poll' && (sync?.at === 'done' || sync?.at === 'checking')) {
      this.callOffCheck(broker)
      this.brokers.set(broker, this.done(broker))
    } else if (sync?.at === 'none') this.read(broker, true, 0)
    else if (this.isHeard(broker)) this.resync(broker)
  }

  /** Brokers of which nothing was read yet: at once, or when their lane has had its time to open. */
  private readFirsts(): void {
    for (const [broker, sync] of this.brokers) {
      const track = this.lanes.get(broker)?.track
      const isReady = track === undefined || !isDriven(track.way) || this.nowMs - track.sinceMs >= this.state.options.patienceMs
      if (sync.at === 'none' && isReady) this.read(broker, true, 0)
    }
  }

  hearDriver(broker: string, connection: number, notification: HeardNotification): void {
    const track = this.lanes.get(broker)?.track
    if (track?.connection !== connection || track.at !== 'up') return
    this.commands.push({ type: 'counted', what: 'notification', count: 1 })
    this.deliver(notification)
  }

  hear(event: HeardEvent): void {
    const { link } = this.state
    if (event.event === 'hello') {
      this.state = { ...this.state, link: { at: 'up', heardAtMs: this.nowMs, helloSeq: event.data.seq } }
      // First which brokers these are: a snapshot is asked for in the manner of its broker.
      this.commands.push({ type: 'brokers', brokers: event.data.brokers }, { type: 'clock', offsetMs: event.data.serverTimeMs - this.nowMs })
      this.state = { ...this.state, said: event.data.brokers }
      this.lookAtLanes()
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
        this.state = { ...this.state, said: event.data }
        this.lookAtLanes()
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
    if (isFirst) this.readFirsts()
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
    // What comes by its lane needs no second telling.
    if (this.wayOf(notification.broker) === 'relay') this.deliver(notification)
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
    for (const broker of this.brokers.keys()) if (broker === only || this.wayOf(broker) !== 'poll') this.callOffCheck(broker)
    for (const broker of this.brokers.keys()) {
      // A gap in the relay's numbers is none in a lane.
      if (only === undefined ? this.wayOf(broker) !== 'relay' : broker !== only) continue
      const sync = this.brokers.get(broker)!
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
    const waitMs = backoffMs(attempt, this.random, this.wayOf(broker) === 'poll' ? this.pollRetry(broker) : this.state.options.snapshotRetry)
    this.areWaysDue = true
    this.brokers.set(broker, { at: 'waiting', retryAtMs: this.nowMs + waitMs, attempt: attempt + 1, first, reason })
  }

  /** A poll that fails is tried no sooner than a stream's snapshot, and no later than the next poll would be. */
  private pollRetry(broker: string): Backoff {
    const { snapshotRetry } = this.state.options
    return { baseMs: snapshotRetry.baseMs, capMs: Math.max(snapshotRetry.capMs, this.pollEveryMs(broker)) }
  }

  private pollEveryMs(broker: string): number {
    return this.state.options.polls.get(broker) ?? this.state.options.pollEveryMs
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
    this.areWaysDue = true
    if (this.state.link.at === 'alone') this.commands.push({ type: 'clock', offsetMs: 0 })
    if (sync.at === 'checking') {
      // A check that failed is no alarm: that a broker is down the relay says, and the next check comes. A poll has nobody else to say it.
      if (complete || this.wayOf(broker) !== 'poll') this.brokers.set(broker, this.done(broker))
      else this.wait(broker, false, 0, reason)
      return
    }
    this.release(sync.held)
    if (complete) this.brokers.set(broker, this.done(broker))
    // Known to be down now: from here on it is a retry, which does not take the city out of `live`.
    else this.wait(broker, false, sync.attempt, reason)
  }

  finish(): Step {
    const phase = this.phaseNow()
    const before = this.state.phase
    const ways = this.areWaysDue ? waysNow(this.lanes, this.brokers) : this.state.ways
    const isSame = !this.areWaysDue || JSON.stringify(ways) === JSON.stringify(this.state.ways)
    if (!isSame) this.commands.push({ type: 'ways', ways })
    if (!isSamePhase(before, phase)) this.commands.push({ type: 'phase', phase })
    return {
      state: { ...this.state, brokers: this.brokers, lanes: this.lanes, phase: isSamePhase(before, phase) ? before : phase, ways: isSame ? this.state.ways : ways },
      commands: this.commands,
    }
  }

  private phaseNow(): FeedPhase {
    return phaseOf(this.state.link, this.brokers, { attempt: this.state.attempt, nowMs: this.nowMs })
  }
}

function waysNow(lanes: ReadonlyMap<string, Lane>, brokers: ReadonlyMap<string, BrokerSync>): readonly BrokerWay[] {
  return [...lanes].flatMap(([broker, { track, left }]): BrokerWay[] => {
    if (track === undefined) return []
    const sync = brokers.get(broker)
    // A poll is as good as its last reading.
    const failed = track.way === 'poll' && sync?.at === 'waiting' ? sync.reason : undefined
    const state = failed !== undefined || track.at === 'waiting' ? 'down' : track.at === 'up' ? 'live' : 'connecting'
    const reason = failed ?? track.reason ?? left
    return [{ broker, way: track.way, state, ...(reason !== undefined && { reason }) }]
  })
}
