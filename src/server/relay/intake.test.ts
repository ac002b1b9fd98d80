import { describe, expect, it } from 'vitest'
import { createTestClock } from '../../../test/running-broker.ts'
import { createCityHub } from './city-hub.ts'
import { createIntake } from './intake.ts'

function startIntake() {
  const clock = createTestClock()
  const hub = createCityHub({ epoch: 'e', timers: clock })
  const intake = createIntake({ broker: 'b0', hub, timers: clock, repeats: false })
  return { clock, hub, intake, receive: (body: string) => intake.receive(Buffer.from(body), clock.now()) }
}

describe('a notification that cannot be read', () => {
  it('makes readers take a new snapshot: what it said is lost', () => {
    const { clock, hub, intake, receive } = startIntake()
    receive('{"data":[{"id":')
    expect(hub.stats.resyncs).toBe(0)
    clock.advance(1_000)
    expect([hub.stats.resyncs, intake.stats.malformed]).toEqual([1, 1])
  })

  it('does so once a minute at most, however many there are, and the last one still counts', () => {
    const { clock, hub, receive } = startIntake()
    for (let second = 0; second < 600; second++) {
      receive('nonsense')
      clock.advance(1_000)
    }
    expect(hub.stats.resyncs).toBeGreaterThanOrEqual(9)
    expect(hub.stats.resyncs).toBeLessThanOrEqual(11)
    const before = hub.stats.resyncs
    clock.advance(120_000)
    expect(hub.stats.resyncs).toBe(before + 1)
    expect(clock.pending).toBe(0)
  })
})
