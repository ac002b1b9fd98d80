import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createTestClock } from '../../../test/running-broker.ts'
import { createCityHub, HUB_LIMITS } from './city-hub.ts'

describe('giving out', () => {
  test.prop([fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 40 })], { numRuns: 50 })('waits longer the more it costs, within its bounds, and leaves nothing out', (costMs, everyMs) => {
    const clock = createTestClock()
    let passedMs = 0
    const now = (): number => clock.now() + passedMs
    const hub = createCityHub({ epoch: 'e', timers: { now, after: (ms, call) => clock.after(ms, call) } })
    let heard = ''
    const writtenAtMs: number[] = []
    hub.connect({
      gzip: false,
      outlet: {
        write(bytes) {
          heard += bytes.toString()
          writtenAtMs.push(clock.now())
          passedMs += costMs
          return true
        },
        writableLength: 0,
        once: () => undefined,
        destroy: () => undefined,
      },
    })
    let count = 0
    while (writtenAtMs.length < 60) {
      const n = ++count
      hub.publish({ broker: 'b', json: Buffer.from(`{"n":${n}}`), payload: () => null, receivedAtMs: n })
      clock.advance(everyMs)
    }
    clock.advance(1_000)
    expect([...heard.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n))).toEqual(Array.from({ length: count }, (_, n) => n + 1))
    const gapsMs = writtenAtMs.slice(1).map((at, index) => at - writtenAtMs[index]!).slice(-10)
    // From one giving out to the next: what is gathered, and the wait for the first of it.
    for (const gapMs of gapsMs) {
      expect(gapMs).toBeLessThanOrEqual(HUB_LIMITS.maxGatherMs + everyMs)
      expect(gapMs).toBeGreaterThanOrEqual(Math.min(HUB_LIMITS.maxGatherMs, Math.max(HUB_LIMITS.gatherMs, costMs * 4)))
    }
  })
})
