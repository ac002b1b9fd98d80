/** A relay, its brokers and the clock, for laws of the feed: what it is told, what it asks for, and what must hold after each step. */
import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import { FEED_DEFAULTS, type FeedCommand, type FeedInput } from '../src/feed/feed-language.ts'
import type { FeedState } from '../src/feed/feed-draft.ts'
import { initialFeedState, step } from '../src/feed/feed-state.ts'
import type { RelayEvent } from '../src/feed/relay-events.ts'

export const BROKERS = ['a', 'b']

export class World {
  nowMs = 1_000
  state: FeedState
  /** Broker of each number, from 1. */
  log: string[] = []
  epoch = 1
  /** First number of this life of the relay, and the newest that it can no longer replay. */
  connection: { number: number; next: number } | undefined
  reads = new Map<string, { run: number; from: number }>()
  check: { broker: string; run: number } | undefined
  /** Numbers that the feed applied since the last `started` of the relay, in order. */
  applied: number[] = []
  /** Everything of the broker up to this number is in a finished snapshot. */
  covered = new Map<string, number>()
  commands: FeedCommand[] = []

  constructor(maxBuffered = 5, tolerated = BROKERS, checkEveryMs = FEED_DEFAULTS.checkEveryMs) {
    this.state = initialFeedState({ ...FEED_DEFAULTS, maxBuffered, checkEveryMs, brokers: tolerated }, this.nowMs)
    this.put({ type: 'start' })
  }

  put(input: Body): void {
    const before = this.state
    const result = step(before, { ...input, nowMs: this.nowMs, random: 0.5 })
    this.state = result.state
    for (const command of result.commands) this.obey(command)
    this.verify()
  }

  private obey(command: FeedCommand): void {
    this.commands.push(command)
    if (command.type === 'open') {
      this.connection = undefined
      this.pending = { number: command.connection, lastEventId: command.lastEventId }
    } else if (command.type === 'close') {
      this.connection = undefined
      this.pending = undefined
    } else if (command.type === 'check') {
      // One at a time, beside a stream that is whole, and never beside another snapshot.
      expect(this.check).toBeUndefined()
      expect(this.reads.size).toBe(0)
      expect(this.connection).toBeDefined()
      this.check = { broker: command.broker, run: command.run }
    } else if (command.type === 'read') {
      expect(this.reads.has(command.broker)).toBe(false)
      expect(this.check?.broker).not.toBe(command.broker)
      this.reads.set(command.broker, { run: command.run, from: this.log.length })
    } else if (command.type === 'cancel') {
      this.reads.delete(command.broker)
      if (this.check?.broker === command.broker) this.check = undefined
    }
    else if (command.type === 'apply') {
      // Behind the snapshot, never into it.
      expect(this.reads.has(command.notification.broker)).toBe(false)
      this.applied.push(command.notification.seq)
    }
  }

  pending: { number: number; lastEventId: string | undefined } | undefined

  say(event: RelayEvent): void {
    if (this.connection !== undefined) this.put({ type: 'relay', connection: this.connection.number, event })
  }

  /** The relay accepts the connection: hello, then replay or resync. `canReplay` numbers are still kept. */
  accept(canReplay: number): void {
    if (this.pending === undefined) return
    const { number, lastEventId } = this.pending
    this.pending = undefined
    const seq = this.log.length
    this.connection = { number, next: seq + 1 }
    this.say({ event: 'hello', data: { epoch: String(this.epoch), seq, serverTimeMs: this.nowMs, brokers: [] } })
    if (lastEventId === undefined) return
    const [epoch, last] = lastEventId.split('.')
    if (epoch !== String(this.epoch)) this.say({ event: 'resync', data: { reason: 'epoch' } })
    else if (Number(last) < seq - canReplay) this.say({ event: 'resync', data: { reason: 'gap' } })
    else for (let missed = Number(last) + 1; missed <= seq; missed++) this.send(missed)
  }

  send(seq: number, coalesced?: number): void {
    const broker = this.log[seq - 1]!
    this.say({ event: 'notification', data: { seq, broker, receivedAtMs: 0, notification: {}, ...(coalesced !== undefined && { coalesced }) } })
  }

  change(broker: string): void {
    this.log.push(broker)
  }

  finishRead(broker: string, complete: boolean): void {
    const read = this.reads.get(broker)
    if (read === undefined) return
    this.reads.delete(broker)
    // What the broker held when it was asked is the least that a finished snapshot holds.
    if (complete) this.covered.set(broker, read.from)
    this.put({ type: 'read', broker, run: read.run, complete })
  }

  finishCheck(complete: boolean): void {
    if (this.check === undefined) return
    const { broker, run } = this.check
    this.check = undefined
    this.put({ type: 'page', broker, run, page: [] })
    this.put({ type: 'read', broker, run, complete })
  }

  advance(ms: number): void {
    this.nowMs += ms
    this.put({ type: 'clock' })
  }

  /** Time in which nothing happens but the relay's sign of life. */
  quiet(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.advance(10_000)
      this.say({ event: 'tick', data: { serverTimeMs: this.nowMs, seq: this.log.length } })
    }
  }

  private verify(): void {
    if (this.state.phase.kind !== 'live') return
    expect(this.connection).toBeDefined()
    const syncs = [...this.state.brokers.values()]
    expect(syncs.some(({ at }) => at === 'done' || at === 'checking')).toBe(true)
    expect(syncs.some((sync) => sync.at === 'reading' && sync.first)).toBe(false)
  }

  /** From here on nothing goes wrong. */
  settle(): void {
    this.put({ type: 'start' })
    for (let round = 0; round < 120; round++) {
      this.accept(Infinity)
      if (this.connection !== undefined) this.say({ event: 'tick', data: { serverTimeMs: this.nowMs, seq: this.log.length } })
      for (const broker of BROKERS) this.finishRead(broker, true)
      this.finishCheck(true)
      this.advance(1_000)
    }
  }
}

export type Body = FeedInput extends infer Input ? (Input extends FeedInput ? Omit<Input, 'nowMs' | 'random'> : never) : never

/** What may happen to a feed, in any order. */
export const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('notify' as const), broker: fc.constantFrom(...BROKERS), lost: fc.boolean(), doubled: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('slow' as const), count: fc.integer({ min: 1, max: 4 }), broker: fc.constantFrom(...BROKERS) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('accept' as const), canReplay: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('rest' as const, 'start' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), broker: fc.constantFrom(...BROKERS), complete: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recovered' as const), broker: fc.constantFrom(...BROKERS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
  // Long enough for a check, and heard of in between, or the silence would be a dead connection.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('quiet' as const), minutes: fc.integer({ min: 5, max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('checked' as const), complete: fc.boolean() }) },
)

export function play(world: World, history: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[]): void {
  for (const one of history) {
    switch (one.kind) {
      case 'notify':
        world.change(one.broker)
        if (!one.lost) world.send(world.log.length)
        if (one.doubled) world.send(world.log.length)
        break
      case 'slow':
        for (let i = 0; i < one.count; i++) world.change(one.broker)
        world.send(world.log.length, one.count)
        break
      case 'accept':
        world.accept(one.canReplay)
        break
      case 'drop':
        if (world.connection !== undefined) world.put({ type: 'closed', connection: world.connection.number, reason: 'cut' })
        break
      case 'restart':
        world.epoch += 1
        world.put({ type: 'closed', connection: world.connection?.number ?? world.pending?.number ?? -1, reason: 'restarted' })
        break
      case 'rest':
      case 'start':
        world.put({ type: one.kind })
        break
      case 'read':
        world.finishRead(one.broker, one.complete)
        break
      case 'recovered':
        world.say({ event: 'resync', data: { reason: 'broker-recovered', broker: one.broker } })
        break
      case 'tick':
        world.say({ event: 'tick', data: { serverTimeMs: world.nowMs, seq: world.log.length } })
        break
      case 'advance':
        world.advance(one.ms)
        break
      case 'quiet':
        world.quiet(one.minutes * 60_000)
        break
      case 'checked':
        world.finishCheck(one.complete)
    }
  }
}
