import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { createLatencies } from './latency.ts'

test.prop([fc.array(fc.nat(100_000), { minLength: 1, maxLength: 500 })])('the figures are of the last two hundred: measured values with at least so many at or below', (all) => {
  const latencies = createLatencies()
  for (const ms of all) latencies.add(ms)
  const kept = all.slice(-200)
  const { count, p50Ms, p95Ms } = latencies.stats
  expect(count).toBe(kept.length)
  for (const [share, value] of [[0.5, p50Ms!], [0.95, p95Ms!]] as const) {
    expect(kept).toContain(value)
    expect(kept.filter((ms) => ms <= value).length).toBeGreaterThanOrEqual(share * kept.length)
    expect(kept.filter((ms) => ms < value).length).toBeLessThan(share * kept.length)
  }
})
