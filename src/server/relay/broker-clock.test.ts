import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createBrokerClock } from './broker-clock.ts'

describe("a broker's clock", () => {
  test.prop([fc.integer({ min: -86_400_000, max: 86_400_000 }), fc.array(fc.nat(4_000_000_000), { minLength: 1, maxLength: 8 })])('is known to the second or two, by a header that names whole seconds', (offsetMs, times) => {
    const clock = createBrokerClock()
    for (const time of times) {
      const nowMs = 1_700_000_000_000 + time
      clock.hear(new Date(nowMs + offsetMs).toUTCString(), nowMs)
    }
    expect(Math.abs(clock.offsetMs - offsetMs)).toBeLessThanOrEqual(1_500)
  })

  it('agrees with ours when it is off by less than the header can tell', () => {
    const clock = createBrokerClock()
    clock.hear(new Date(1_700_000_000_400).toUTCString(), 1_700_000_000_000)
    expect(clock.offsetMs).toBe(0)
  })

  it('says nothing when the broker says nothing', () => {
    const clock = createBrokerClock()
    clock.hear(undefined, 0)
    clock.hear('yesterday', 0)
    expect([clock.offsetMs, clock.isKnown]).toEqual([0, false])
    clock.hear(new Date(0).toUTCString(), 0)
    expect(clock.isKnown).toBe(true)
  })
})
