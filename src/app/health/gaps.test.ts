import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { gapSlots, silences } from './gaps.ts'
import type { Heard } from './read-health.ts'

const MIN = 60_000
const SLOT = 15 * MIN
const TYPES = new Set(['Noise'])
const NOW = 96 * SLOT - 1

function heardOf(slots: readonly number[], more: Partial<Heard> = {}): Heard {
  return { notificationsPerS: 0, slotMs: SLOT, fromMs: 0, sinceMs: 0, types: [{ type: 'Noise', slots: [...slots] }, { type: 'Other', slots: slots.map(() => 9) }], ...more }
}
const full = (entities: number): number[] => Array.from({ length: 96 }, () => entities)

describe('a day of a feed', () => {
  it('is half hours, the silent ones between the others', () => {
    const slots = full(3)
    for (let at = 40; at < 46; at++) slots[at] = 0
    const shown = gapSlots([heardOf(slots)], TYPES, MIN, NOW)
    expect(shown).toHaveLength(48)
    expect(shown.filter(({ kind }) => kind === 'silent').map(({ fromMs }) => fromMs / SLOT)).toEqual([40, 42, 44])
    expect(silences(shown)).toEqual([{ fromMs: 40 * SLOT, toMs: 46 * SLOT }])
  })

  it('calls silence only what is longer than sensors are apart', () => {
    const hourly = full(0).map((_, index) => (index % 4 === 0 ? 5 : 0))
    expect(gapSlots([heardOf(hourly)], TYPES, 60 * MIN, NOW).every(({ kind }) => kind === 'heard')).toBe(true)
  })

  it('knows nothing of the time before the server listened', () => {
    const shown = gapSlots([heardOf(full(0), { sinceMs: 90 * SLOT })], TYPES, MIN, NOW)
    expect(shown.filter(({ kind }) => kind === 'unknown')).toHaveLength(45)
    expect(shown.filter(({ kind }) => kind === 'silent')).toHaveLength(3)
    expect(silences(shown)).toEqual([{ fromMs: 90 * SLOT, toMs: undefined }])
  })

  it('is silent, not unknown, where nothing of its types ever came', () => {
    expect(gapSlots([heardOf([], { types: [] })], TYPES, MIN, NOW).every(({ kind }) => kind === 'silent')).toBe(true)
    expect(gapSlots([], TYPES, MIN, NOW)).toEqual([])
  })

  it('is the sum of its brokers', () => {
    const shown = gapSlots([heardOf(full(0)), heardOf(full(2))], TYPES, MIN, NOW)
    expect(shown.every(({ kind, share }) => kind === 'heard' && share === 1)).toBe(true)
  })

  test.prop([fc.array(fc.nat(1e6), { minLength: 96, maxLength: 96 }), fc.integer({ min: 1, max: 48 * 60 }), fc.integer({ min: 0, max: NOW })])('covers the day in order, each share of the fullest', (slots, minutes, sinceMs) => {
    const shown = gapSlots([heardOf(slots, { sinceMs })], TYPES, minutes * MIN, NOW)
    expect(shown[0]!.fromMs).toBe(0)
    for (const [index, { fromMs, share }] of shown.entries()) {
      expect(share >= 0 && share <= 1).toBe(true)
      if (index > 0) expect(fromMs).toBeGreaterThan(shown[index - 1]!.fromMs)
    }
  })
})
