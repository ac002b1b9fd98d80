import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../core/time/backoff.ts'
import { FEED_DEFAULTS, initialFeedState, step, type FeedCommand, type FeedInput, type FeedState } from './feed-state.ts'
import type { RelayEvent } from './relay-events.ts'

const BROKERS = ['a', 'b']

/** A relay, its brokers and the clock, made small: what the feed is told and what it asks for. */
class World {
  nowMs = 1_000
  state: FeedState
  /** Broker of each number, from 1. */
  log: string[] = []
  epoch = 1
  /** First number of this life of the relay, and the newest that it can no longer replay. */
  connection: { number: number; next: number } | undefined
  reads = new Map<string, { run: number; from: number }>()
  /** Numbers that the feed applied since the last `started` of the relay, in order. */
  applied: number[] = []
  /** Everything of the broker up to this number is in a finished snapshot. */
  covered = new Map<string, number>()
  commands: FeedCommand[] = []

  constructor(maxBuffered = 5, tolerated = BROKERS) {
    this.state = initialFeedState({ ...FEED_DEFAULTS, maxBuffered, brokers: tolerated }, this.nowMs)
    this.put({ type: 'start' })
  }

  put(input: Body): void {
    const before = this.state
    const result = step(before, { ...input, nowMs: this.nowMs, random: 0.5 })
    this.state = result.state
    for (const command of result.commands) this.obey(command)
    this.check()
  }

  private obey(command: FeedCommand): void {
    this.commands.push(command)
    if (command.type === 'open') {
      this.connection = undefined
      this.pending = { number: command.connection, lastEventId: command.lastEventId }
    } else if (command.type === 'close') {
      this.connection = undefined
      this.pending = undefined
    } else if (command.type === 'read') {
      expect(this.reads.has(command.broker)).toBe(false)
      this.reads.set(command.broker, { run: command.run, from: this.log.length })
    } else if (command.type === 'cancel') this.reads.delete(command.broker)
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

  advance(ms: number): void {
    this.nowMs += ms
    this.put({ type: 'clock' })
  }

  private check(): void {
    if (this.state.phase.kind !== 'live') return
    expect(this.connection).toBeDefined()
    const syncs = [...this.state.brokers.values()]
    expect(syncs.some(({ at }) => at === 'done')).toBe(true)
    expect(syncs.some((sync) => sync.at === 'reading' && sync.first)).toBe(false)
  }

  /** From here on nothing goes wrong. */
  settle(): void {
    for (let round = 0; round < 120; round++) {
      this.accept(Infinity)
      if (this.connection !== undefined) this.say({ event: 'tick', data: { serverTimeMs: this.nowMs, seq: this.log.length } })
      for (const broker of BROKERS) this.finishRead(broker, true)
      this.advance(1_000)
    }
  }
}

type Body = FeedInput extends infer Input ? (Input extends FeedInput ? Omit<Input, 'nowMs' | 'random'> : never) : never

const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('notify' as const), broker: fc.constantFrom(...BROKERS), lost: fc.boolean(), doubled: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('slow' as const), count: fc.integer({ min: 1, max: 4 }), broker: fc.constantFrom(...BROKERS) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('accept' as const), canReplay: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), broker: fc.constantFrom(...BROKERS), complete: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recovered' as const), broker: fc.constantFrom(...BROKERS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
)

function play(world: World, history: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[]): void {
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
    }
  }
}

describe('the feed', () => {
  test.prop([fc.array(happening, { maxLength: 80 })])('ends live and complete after any history, with nothing lost and nothing applied twice', (history) => {
    const world = new World()
    play(world, history)
    world.settle()
    expect(world.state.phase.kind).toBe('live')
    expect(new Set(world.applied).size).toBe(world.applied.length)
    for (const broker of BROKERS) {
      const ofBroker = world.applied.filter((seq) => world.log[seq - 1] === broker)
      expect(ofBroker).toEqual([...ofBroker].sort((x, y) => x - y))
    }
    const known = new Set(world.applied)
    const missing = world.log.flatMap((broker, index) => {
      const seq = index + 1
      return known.has(seq) || seq <= (world.covered.get(broker) ?? 0) || isInRun(world, seq) ? [] : [seq]
    })
    expect(missing).toEqual([])
  })

  test.prop([fc.array(happening, { maxLength: 60 })])('holds back no more than its bound', (history) => {
    const world = new World(3)
    for (const one of history) {
      play(world, [one])
      for (const sync of world.state.brokers.values()) if (sync.at === 'reading') expect(sync.held?.count ?? 0).toBeLessThanOrEqual(3)
    }
  })

  test.prop([fc.nat(60), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])('waits with full jitter, never longer than the cap', (attempt, random) => {
    const waitMs = backoffMs(attempt, random, FEED_DEFAULTS.reconnect)
    expect(waitMs).toBeGreaterThanOrEqual(100)
    expect(waitMs).toBeLessThanOrEqual(30_000)
  })
})

/** Several notifications that came as one have the number of the last. */
function isInRun(world: World, seq: number): boolean {
  return world.commands.some((command) => command.type === 'apply' && command.notification.seq >= seq && command.notification.seq - (command.notification.coalesced ?? 1) < seq)
}

describe('the feed, one thing at a time', () => {
  it('holds a notification back until its snapshot is complete', () => {
    const world = new World()
    world.accept(0)
    world.change('a')
    world.send(1)
    expect(world.applied).toEqual([])
    expect(world.state.phase.kind).toBe('snapshot')
    world.finishRead('a', true)
    expect(world.applied).toEqual([1])
    expect(world.state.phase.kind).toBe('snapshot')
    world.finishRead('b', true)
    expect(world.state.phase.kind).toBe('live')
  })

  it('goes live without a broker that is down, and tries that one again', () => {
    const world = new World()
    world.accept(0)
    world.finishRead('b', false)
    expect(world.state.phase.kind).toBe('snapshot')
    world.finishRead('a', true)
    expect(world.state.phase.kind).toBe('live')
    world.advance(2_000)
    expect(world.reads.has('b')).toBe(true)
    expect(world.state.phase.kind).toBe('live')
  })

  it('says that it retries when every broker is down', () => {
    const world = new World()
    world.accept(0)
    world.finishRead('a', false)
    world.finishRead('b', false)
    expect(world.state.phase.kind).toBe('retrying')
  })

  it('comes back from a cut with its last number and reads no snapshot when the relay replays', () => {
    const world = new World()
    world.accept(0)
    world.finishRead('a', true)
    world.finishRead('b', true)
    world.change('a')
    world.send(1)
    world.put({ type: 'closed', connection: world.connection!.number, reason: 'cut' })
    expect(world.state.phase).toMatchObject({ kind: 'retrying', reason: 'cut' })
    world.change('b')
    world.advance(1_000)
    expect(world.pending?.lastEventId).toBe('1.1')
    world.accept(10)
    expect(world.applied).toEqual([1, 2])
    expect(world.reads.size).toBe(0)
    expect(world.state.phase.kind).toBe('live')
  })

  it('gives a connection up after three silent ticks, and not before', () => {
    const world = new World()
    world.accept(0)
    world.advance(15_000)
    expect(world.connection).toBeDefined()
    world.advance(1)
    expect(world.connection).toBeUndefined()
    expect(world.state.phase).toMatchObject({ kind: 'retrying', reason: 'nothing heard for 15 s' })
  })

  it('takes a new snapshot when a number is missing, and counts the gap', () => {
    const world = new World()
    world.accept(0)
    world.finishRead('a', true)
    world.finishRead('b', true)
    world.change('a')
    world.change('a')
    world.send(2)
    expect(world.commands.filter((command) => command.type === 'counted' && command.what === 'gap')).toHaveLength(1)
    expect([...world.reads.keys()]).toEqual(['a', 'b'])
  })

  it('backs off more and more while connections fail, and starts over once one holds', () => {
    const world = new World()
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      world.put({ type: 'closed', connection: world.pending?.number ?? -1, reason: 'refused' })
      const { phase } = world.state
      if (phase.kind !== 'retrying') throw new Error('expected to be retrying')
      waits.push(phase.retryAtMs - world.nowMs)
      world.advance(phase.retryAtMs - world.nowMs)
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
    world.accept(0)
    world.say({ event: 'tick', data: { serverTimeMs: 0, seq: 0 } })
    expect(world.state.attempt).toBe(0)
  })

  it('stops for good: nothing that comes later is heard', () => {
    const world = new World()
    world.accept(0)
    const late = world.connection!.number
    world.put({ type: 'stop' })
    expect(world.state.phase.kind).toBe('stopped')
    world.put({ type: 'relay', connection: late, event: { event: 'tick', data: { serverTimeMs: 0, seq: 9 } } })
    world.advance(100_000)
    expect(world.state.phase.kind).toBe('stopped')
    expect(world.reads.size).toBe(0)
  })
})
