/** The check: a look at what the broker holds beside a stream that is whole, for whatever was lost without a trace. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { BROKERS, World, type Body } from '../../test/feed-world.ts'
import type { FeedState } from './feed-draft.ts'
import { FEED_DEFAULTS } from './feed-language.ts'
import { initialFeedState, step } from './feed-state.ts'

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
