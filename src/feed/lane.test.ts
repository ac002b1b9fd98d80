import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { LANE_DEFAULTS, NO_LANE, stepLane, type Lane, type LaneEvent, type LaneCommand } from './lane.ts'
import type { FeedWay } from './ways.ts'

/** One broker's lane with its clock, its drivers and the server's word in the test's hand. */
function stage(order: readonly FeedWay[]) {
  let lane: Lane = NO_LANE
  let last = 0
  const world = { nowMs: 0, relay: true, poll: true, cannot: {} as Partial<Record<FeedWay, string>> }
  const open = new Map<number, FeedWay>()
  let broken = 0
  const put = (event: LaneEvent): readonly LaneCommand[] => {
    const result = stepLane(lane, event, {
      nowMs: world.nowMs,
      random: 0.5,
      limits: LANE_DEFAULTS,
      order,
      isThere: (way) => world[way],
      cannot: (way) => world.cannot[way],
      nextConnection: () => ++last,
    })
    lane = result.lane
    if (result.isBroken) broken += 1
    for (const command of result.commands) {
      if (command.type === 'attach') open.set(command.connection, command.way)
      else if (!open.delete(command.connection)) throw new Error(`a connection was closed that is not open: ${command.connection}`)
    }
    return result.commands
  }
  return {
    world,
    open,
    put,
    lane: () => lane,
    way: () => lane.track?.way,
    broken: () => broken,
    up: (way: FeedWay) => {
      for (const [connection, of] of open) if (of === way) put({ type: 'up', connection })
    },
    down: (way: FeedWay) => {
      for (const [connection, of] of open) {
        if (of !== way) continue
        open.delete(connection)
        put({ type: 'down', connection, reason: 'refused' })
      }
    },
    pass(ms: number) {
      for (const untilMs = world.nowMs + ms; world.nowMs < untilMs; ) {
        world.nowMs += 250
        put({ type: 'look' })
      }
    },
  }
}

describe('a lane', () => {
  it('takes the first of its ways, and the next when that does not come up', () => {
    const { put, way, pass, down, open, lane } = stage(['mqtt', 'poll'])
    put({ type: 'look' })
    expect(way()).toBe('mqtt')
    for (let second = 0; second < 19; second++) {
      down('mqtt')
      pass(1_000)
    }
    expect(way()).toBe('mqtt')
    pass(2_000)
    expect(way()).toBe('poll')
    expect(lane().left).toBe('mqtt: refused')
    expect(open.size).toBe(0)
  })

  it('that leaves a way while it is tried once more says why it broke', () => {
    const one = stage(['mqtt', 'poll'])
    one.put({ type: 'look' })
    one.down('mqtt')
    one.pass(LANE_DEFAULTS.giveUpMs + 500)
    expect(one.way()).toBe('poll')
    expect(one.lane().left).toBe('mqtt: refused')
  })

  it('that had no better way takes one as soon as there is one', () => {
    const one = stage(['relay', 'poll'])
    one.world.cannot = { relay: 'it refuses' }
    one.pass(3 * LANE_DEFAULTS.firstAgainMs)
    expect(one.way()).toBe('poll')
    one.world.cannot = {}
    one.put({ type: 'look' })
    expect(one.way()).toBe('relay')
  })

  it('tries the first again later, beside the one that serves, and goes back when it comes up', () => {
    const one = stage(['mqtt', 'poll'])
    one.pass(21_000)
    expect(one.way()).toBe('poll')
    one.pass(LANE_DEFAULTS.firstAgainMs)
    expect([one.way(), ...one.open.values()]).toEqual(['poll', 'mqtt'])
    one.down('mqtt')
    expect(one.way()).toBe('poll')
    one.pass(LANE_DEFAULTS.firstAgainMs + 250)
    const before = one.broken()
    one.up('mqtt')
    expect(one.way()).toBe('mqtt')
    expect(one.broken()).toBe(before + 1)
    expect(one.lane().left).toBeUndefined()
  })

  it('leaves a way at once that cannot be, by word of the server, and comes back when it can', () => {
    const one = stage(['mqtt', 'relay'])
    one.put({ type: 'look' })
    one.up('mqtt')
    one.world.cannot = { mqtt: 'it refuses mqtts' }
    one.put({ type: 'look' })
    expect([one.way(), one.lane().left]).toEqual(['relay', 'it refuses mqtts'])
    expect(one.open.size).toBe(0)
    one.world.cannot = {}
    one.pass(LANE_DEFAULTS.firstAgainMs + 500)
    one.up('mqtt')
    expect(one.way()).toBe('mqtt')
  })

  it('does not leave the relay for a poll that would go the same way', () => {
    const one = stage(['relay', 'poll'])
    one.put({ type: 'look' })
    Object.assign(one.world, { relay: false, poll: false })
    one.pass(120_000)
    expect(one.way()).toBe('relay')
    expect(one.broken()).toBe(0)
  })

  it('waits longer for a driver that comes up and breaks at once', () => {
    const one = stage(['mqtt'])
    let tries = 0
    for (let second = 0; second < 300; second++) {
      one.pass(1_000)
      if (one.open.size === 0) continue
      tries += 1
      one.up('mqtt')
      one.down('mqtt')
    }
    expect(tries).toBeLessThan(40)
  })

  const happening = fc.oneof(
    fc.record({ kind: fc.constantFrom('up' as const, 'down' as const), way: fc.constant<FeedWay>('mqtt') }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 250, max: 60_000 }) }),
    fc.record({ kind: fc.constant('relay' as const), is: fc.boolean() }),
    fc.record({ kind: fc.constant('cannot' as const), way: fc.constantFrom<FeedWay>('mqtt', 'relay'), is: fc.boolean() }),
    fc.constant({ kind: 'end' as const }),
  )

  test.prop([fc.shuffledSubarray<FeedWay>(['relay', 'mqtt', 'poll'], { minLength: 1 }), fc.array(happening, { maxLength: 40 })])('has at most one way and one trial open, whatever happens, and ends on the best that is there', (order, history) => {
    const one = stage(order)
    for (const event of history) {
      if (event.kind === 'up') one.up(event.way)
      else if (event.kind === 'down') one.down(event.way)
      else if (event.kind === 'pass') one.pass(event.ms)
      else if (event.kind === 'relay') Object.assign(one.world, { relay: event.is, poll: event.is })
      else if (event.kind === 'cannot') one.world.cannot = { ...one.world.cannot, [event.way]: event.is ? 'refused' : undefined }
      else one.put({ type: 'end' })
      expect(one.open.size).toBeLessThanOrEqual(2)
    }
    Object.assign(one.world, { relay: true, poll: true, cannot: {} })
    for (let second = 0; second < 700; second++) {
      one.pass(1_000)
      one.up('mqtt')
    }
    expect(one.way()).toBe(order[0])
    expect(one.lane().track?.at).toBe('up')
    expect(one.lane().left).toBeUndefined()
    one.put({ type: 'end' })
    expect(one.open.size).toBe(0)
  })
})
