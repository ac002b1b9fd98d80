/** A feed without numbers: drivers that come and go, polls, and the law that holds for all: after quiet, the picture is the broker's. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { FEED_DEFAULTS, type FeedCommand, type FeedInput } from './feed-language.ts'
import type { FeedState } from './feed-draft.ts'
import { initialFeedState, step } from './feed-state.ts'
import type { FeedWay } from './ways.ts'

type Body = FeedInput extends infer Input ? (Input extends FeedInput ? Omit<Input, 'nowMs' | 'random'> : never) : never

/** One broker with one thing in it, which only grows; an MQTT server; no relay. */
class World {
  nowMs = 1_000
  state: FeedState
  held = 0
  shown = -1
  isServerUp = true
  unwatched = false
  /** By number, and whether it is up: a better way is tried beside the one that serves. */
  readonly connections = new Map<number, boolean>()
  reading: { readonly run: number; readonly held: number; readonly isCheck: boolean } | undefined
  readonly commands: FeedCommand[] = []

  constructor(order: readonly FeedWay[]) {
    this.state = initialFeedState({ ...FEED_DEFAULTS, hasRelay: false, ways: new Map([['a', order]]), brokers: ['a'] }, this.nowMs)
    this.put({ type: 'start' })
  }

  put(input: Body): void {
    const result = step(this.state, { ...input, nowMs: this.nowMs, random: 0.5 })
    this.state = result.state
    for (const command of result.commands) this.obey(command)
  }

  private obey(command: FeedCommand): void {
    this.commands.push(command)
    if (command.type === 'attach') this.connections.set(command.connection, false)
    else if (command.type === 'detach') this.connections.delete(command.connection)
    // A page shows what the broker held when it was asked, at the earliest.
    else if (command.type === 'read' || command.type === 'check') this.reading = { run: command.run, held: this.held, isCheck: command.type === 'check' }
    else if (command.type === 'cancel') this.reading = undefined
    else if (command.type === 'page' || command.type === 'apply') this.shown = Math.max(this.shown, Number(command.type === 'page' ? command.page : command.notification.notification))
  }

  /** Servers answer, or do not. A copy is walked, here and below: an answer may open the next connection. */
  connect(): void {
    for (const [number, isUp] of Array.from(this.connections)) {
      if (isUp || !this.connections.has(number)) continue
      if (this.isServerUp) {
        this.connections.set(number, true)
        this.put({ type: 'attached', broker: 'a', connection: number })
      } else this.end(number)
    }
  }

  cut(): void {
    for (const number of Array.from(this.connections.keys())) this.end(number)
  }

  private end(number: number): void {
    if (this.connections.delete(number)) this.put({ type: 'detached', broker: 'a', connection: number, reason: 'cut' })
  }

  change(): void {
    this.held += 1
    for (const [connection, isUp] of Array.from(this.connections)) if (isUp) this.put({ type: 'heard', broker: 'a', connection, notification: { seq: 0, broker: 'a', receivedAtMs: 0, notification: this.held } })
  }

  finish(complete: boolean): void {
    const { reading } = this
    this.reading = undefined
    if (reading === undefined) return
    if (complete) this.put({ type: 'page', broker: 'a', run: reading.run, page: reading.held })
    this.put({ type: 'read', broker: 'a', run: reading.run, complete })
  }

  pass(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.nowMs += 1_000
      this.put({ type: 'clock', unwatched: this.unwatched })
    }
  }

  settle(): void {
    this.put({ type: 'start' })
    this.isServerUp = true
    this.unwatched = false
    for (let second = 0; second < 150; second++) {
      this.pass(1_000)
      this.connect()
      this.finish(true)
    }
  }
}

const happening = fc.oneof(
  { weight: 6, arbitrary: fc.constant('change' as const) },
  { weight: 3, arbitrary: fc.constant('connect' as const) },
  { weight: 3, arbitrary: fc.constantFrom('read' as const, 'failed' as const) },
  { weight: 1, arbitrary: fc.constantFrom('cut' as const, 'server' as const, 'rest' as const, 'start' as const, 'stop' as const, 'hide' as const) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }) },
)

function play(world: World, history: readonly (string | number)[]): void {
  for (const one of history) {
    if (typeof one === 'number') world.pass(one * 1_000)
    else if (one === 'change') world.change()
    else if (one === 'connect') world.connect()
    else if (one === 'read' || one === 'failed') world.finish(one === 'read')
    else if (one === 'cut') world.cut()
    else if (one === 'server') world.isServerUp = !world.isServerUp
    else if (one === 'hide') world.unwatched = !world.unwatched
    else world.put({ type: one as 'rest' | 'start' | 'stop' })
  }
}

describe('a feed without a relay', () => {
  test.prop([fc.constantFrom<readonly FeedWay[]>(['mqtt'], ['poll'], ['mqtt', 'poll'], ['poll', 'mqtt']), fc.array(happening, { maxLength: 60 })])('shows what the broker holds after quiet, whatever the way and whatever happened', (order, history) => {
    const world = new World(order)
    play(world, history)
    world.settle()
    expect(world.state.phase.kind).toBe('live')
    expect(world.shown).toBe(world.held)
  })

  it('polls soon after it rested, whenever its last snapshot ended', () => {
    const world = new World(['poll'])
    world.put({ type: 'rest' })
    world.finish(true)
    world.change()
    world.put({ type: 'start' })
    world.pass(1.1 * FEED_DEFAULTS.pollEveryMs + 1_000)
    world.finish(true)
    expect(world.shown).toBe(1)
  })

  it('applies what came while the snapshot was read behind it', () => {
    const world = new World(['mqtt'])
    world.connect()
    world.change()
    expect(world.shown).toBe(-1)
    world.finish(true)
    expect(world.shown).toBe(1)
    expect(world.state.phase.kind).toBe('live')
  })

  it('shows a first picture though its lane is slow, and reads again when that is up', () => {
    const world = new World(['mqtt'])
    world.pass(4_000)
    world.finish(true)
    expect(world.shown).toBe(0)
    world.held = 5
    world.connect()
    world.finish(true)
    expect(world.shown).toBe(5)
  })

  it('does not poll while nobody looks, and does at once when somebody does', () => {
    const world = new World(['poll'])
    world.finish(true)
    world.unwatched = true
    world.held = 7
    world.pass(3_600_000)
    expect(world.reading).toBeUndefined()
    world.unwatched = false
    world.pass(1_000)
    expect(world.commands.at(-1)).toMatchObject({ type: 'check', poll: true })
    world.finish(true)
    expect(world.shown).toBe(7)
  })

  it('asks a broker that fails less and less often', () => {
    const world = new World(['poll'])
    const asked: number[] = []
    for (let second = 0; second < 3_600; second++) {
      if (world.reading !== undefined) asked.push(world.nowMs)
      world.finish(false)
      world.pass(1_000)
    }
    expect(asked.length).toBeGreaterThan(50)
    expect(asked.length).toBeLessThan(150)
    expect(world.state.ways).toMatchObject([{ broker: 'a', way: 'poll', state: 'down' }])
  })
})
