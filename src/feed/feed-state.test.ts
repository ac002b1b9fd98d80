import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../core/time/backoff.ts'
import { FEED_DEFAULTS, type FeedCommand, type FeedInput } from './feed-language.ts'
import type { FeedState } from './feed-draft.ts'
import { initialFeedState, step } from './feed-state.ts'
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

type Body = FeedInput extends infer Input ? (Input extends FeedInput ? Omit<Input, 'nowMs' | 'random'> : never) : never

const happening = fc.oneof(
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

describe('a feed that rested', () => {
  it('goes on where it was: what came meanwhile is told by the relay, and no snapshot is read', () => {
    const world = new World()
    world.accept(0)
    for (const broker of BROKERS) world.finishRead(broker, true)
    world.put({ type: 'rest' })
    expect(world.state.phase.kind).toBe('stopped')
    world.change('a')
    world.change('b')
    world.advance(50_000)
    expect(world.pending).toBeUndefined()
    world.put({ type: 'start' })
    world.accept(2)
    expect(world.applied).toEqual([1, 2])
    expect(world.state.phase.kind).toBe('live')
    expect(world.reads.size).toBe(0)
  })

  it('for longer than the relay remembers reads a new snapshot', () => {
    const world = new World()
    world.accept(0)
    for (const broker of BROKERS) world.finishRead(broker, true)
    world.put({ type: 'rest' })
    world.change('a')
    world.change('b')
    world.put({ type: 'start' })
    world.accept(1)
    expect([...world.reads.keys()]).toEqual(BROKERS)
  })
})

describe('a check', () => {
  const live = (): World => {
    const world = new World()
    world.accept(0)
    for (const broker of BROKERS) world.finishRead(broker, true)
    return world
  }
  const checks = (world: World): string[] => world.commands.flatMap((command) => (command.type === 'check' ? [command.broker] : []))
  const EVERY_MS = FEED_DEFAULTS.checkEveryMs

  it('of each broker comes about every ten minutes, one after the other', () => {
    const world = live()
    world.quiet(EVERY_MS - 20_000)
    expect(checks(world)).toEqual([])
    world.quiet(30_000)
    expect(checks(world)).toEqual(['a'])
    world.quiet(30_000)
    expect(checks(world)).toEqual(['a'])
    world.finishCheck(true)
    world.quiet(10_000)
    expect(checks(world)).toEqual(['a', 'b'])
    world.finishCheck(true)
    world.quiet(EVERY_MS + 10_000)
    expect(checks(world)).toEqual(['a', 'b', 'a'])
  })

  it('changes nothing that is seen: the feed stays live and notifications are applied at once', () => {
    const world = live()
    world.quiet(EVERY_MS + 10_000)
    const before = world.commands.length
    expect(world.check).toBeDefined()
    world.change('a')
    world.send(1)
    expect(world.applied).toEqual([1])
    world.finishCheck(false)
    expect(world.state.phase.kind).toBe('live')
    expect(world.commands.slice(before).map(({ type }) => type)).toEqual(['counted', 'apply', 'page', 'ended'])
    expect(world.commands.at(-2)).toMatchObject({ check: true })
  })

  it.each([
    ['the relay says that something is missing', (world: World) => world.say({ event: 'resync', data: { reason: 'gap' } }), 2],
    ['the broker has come back', (world: World) => world.say({ event: 'resync', data: { reason: 'broker-recovered', broker: 'a' } }), 1],
    ['another broker has come back', (world: World) => world.say({ event: 'resync', data: { reason: 'broker-recovered', broker: 'b' } }), 1],
    ['the connection is cut', (world: World) => world.put({ type: 'closed', connection: world.connection!.number, reason: 'cut' }), 0],
    ['the feed is stopped', (world: World) => world.put({ type: 'stop' }), 0],
    ['the feed rests', (world: World) => world.put({ type: 'rest' }), 0],
  ])('ends when %s, and takes nothing for gone', (_, happen, reads) => {
    const world = live()
    world.quiet(EVERY_MS + 10_000)
    const run = world.check!.run
    const before = world.commands.length
    happen(world)
    expect(world.check).toBeUndefined()
    expect(world.commands.slice(before)).toContainEqual({ type: 'ended', broker: 'a', complete: false })
    expect(world.reads.size).toBe(reads)
    const then = world.commands.length
    world.put({ type: 'page', broker: 'a', run, page: [] })
    world.put({ type: 'read', broker: 'a', run, complete: true })
    expect(world.commands.length).toBe(then)
  })

  it('does not begin while a broker is being read', () => {
    const world = live()
    world.quiet(EVERY_MS - 20_000)
    world.say({ event: 'resync', data: { reason: 'broker-recovered', broker: 'b' } })
    world.quiet(60_000)
    expect(checks(world)).toEqual([])
    world.finishRead('b', true)
    world.quiet(10_000)
    expect(checks(world)).toEqual(['a'])
  })

  it('can be left out', () => {
    const world = new World(5, BROKERS, 0)
    world.accept(0)
    for (const broker of BROKERS) world.finishRead(broker, true)
    world.quiet(6 * EVERY_MS)
    expect(checks(world)).toEqual([])
  })

  test.prop([fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])('is due between half and one and a half of its time, so that a thousand browsers come apart', (random) => {
    const state = initialFeedState({ ...FEED_DEFAULTS, brokers: ['a'] }, 0)
    const at = (before: FeedState, input: Body) => step(before, { ...input, nowMs: 1_000, random }).state
    const opened = at(at(state, { type: 'start' }), { type: 'relay', connection: 1, event: { event: 'hello', data: { epoch: 'e', seq: 0, serverTimeMs: 0, brokers: [] } } })
    const sync = at(opened, { type: 'read', broker: 'a', run: 1, complete: true }).brokers.get('a')
    if (sync?.at !== 'done') throw new Error('expected the snapshot to be done')
    expect(sync.checkAtMs - 1_000).toBeGreaterThanOrEqual(EVERY_MS / 2)
    expect(sync.checkAtMs - 1_000).toBeLessThanOrEqual(1.5 * EVERY_MS)
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
