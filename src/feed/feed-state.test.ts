import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../core/time/backoff.ts'
import { BROKERS, happening, play, World } from '../../test/feed-world.ts'
import { FEED_DEFAULTS } from './feed-language.ts'

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
