import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createReplayBuffer, type Kept } from './replay-buffer.ts'

const history = fc.array(fc.record({ isNotification: fc.boolean(), length: fc.nat(20) }), { maxLength: 200 })

describe('the replay buffer', () => {
  test.prop([history, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 30 }), fc.nat(200)])('gives all that came after a number, or nothing at all, within its bounds', (all, maxBytes, maxCount, last) => {
    const buffer = createReplayBuffer({ maxBytes, maxCount })
    const said: Kept[] = []
    let seq = 0
    for (const { isNotification, length } of all) {
      if (isNotification) seq += 1
      const kept = { seq, isNotification, bytes: Buffer.alloc(length) }
      said.push(kept)
      buffer.add(kept)
      expect(buffer.bytes).toBeLessThanOrEqual(maxBytes)
    }
    const missed = said.filter((one) => (one.isNotification ? one.seq > last : one.seq >= last))
    const given = buffer.after(last)
    if (given !== undefined) expect(given).toEqual(missed)
    // Nothing is refused that is still there.
    else expect(missed.length > maxCount || missed.reduce((sum, { bytes }) => sum + bytes.length, 0) > maxBytes || said.length > missed.length || last < seq).toBe(true)
  })

  test.prop([fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10 })])('keeps as many as it may', (count, maxCount) => {
    const buffer = createReplayBuffer({ maxBytes: Infinity, maxCount })
    for (let seq = 1; seq <= count; seq++) buffer.add({ seq, isNotification: true, bytes: Buffer.alloc(1) })
    expect(buffer.after(Math.max(0, count - maxCount))).toHaveLength(Math.min(count, maxCount))
    if (count > maxCount) expect(buffer.after(count - maxCount - 1)).toBeUndefined()
  })
})
