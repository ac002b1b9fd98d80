import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createHeard, SLOT_MS, SLOTS } from './heard.ts'

describe('what was heard', () => {
  it('is counted by type in quarters of an hour, and forgotten after a day', () => {
    let nowMs = 1_000 * SLOT_MS
    const heard = createHeard(() => nowMs)
    heard.add('Noise', 2)
    nowMs += 3 * SLOT_MS
    heard.add('Noise', 5)
    const [noise] = heard.stats().types
    expect(noise?.slots.slice(-4)).toEqual([2, 0, 0, 5])
    nowMs += SLOTS * SLOT_MS
    expect(heard.stats().types[0]?.slots.every((count) => count === 0)).toBe(true)
  })

  it('has as many notifications a second as came over the last minute', () => {
    let nowMs = 0
    const heard = createHeard(() => nowMs)
    for (let second = 0; second < 120; second++) {
      nowMs = second * 1_000
      heard.notified()
      heard.notified()
    }
    expect(heard.stats().notificationsPerS).toBeCloseTo(2, 0)
    nowMs += 120_000
    expect(heard.stats().notificationsPerS).toBe(0)
  })

  it('is bounded whatever a broker calls its types', () => {
    const heard = createHeard(() => 0)
    for (let at = 0; at < 1_000; at++) heard.add(`T${at}`, 1)
    expect(heard.stats().types).toHaveLength(64)
  })

  test.prop([fc.array(fc.tuple(fc.integer({ min: 0, max: 4 * SLOT_MS }), fc.integer({ min: 1, max: 9 })), { maxLength: 200 })])('is every entity of the last day, and no other', (steps) => {
    let nowMs = 0
    const heard = createHeard(() => nowMs)
    const all: { readonly slot: number; readonly count: number }[] = []
    for (const [stepMs, count] of steps) {
      nowMs += stepMs
      heard.add('T', count)
      all.push({ slot: Math.floor(nowMs / SLOT_MS), count })
    }
    const last = Math.floor(nowMs / SLOT_MS)
    const kept = all.filter(({ slot }) => slot > last - SLOTS).reduce((sum, { count }) => sum + count, 0)
    expect((heard.stats().types[0]?.slots ?? []).reduce((sum, count) => sum + count, 0)).toBe(kept)
  })
})
