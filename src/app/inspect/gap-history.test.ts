import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { silencesIn } from '../../core/time/silences.ts'
import { gapHistory } from './gap-history.ts'

it('names the longest silence and the one that lasts', () => {
  const span = { fromMs: 0, toMs: 1_000 }
  const gaps = [{ fromMs: 100, toMs: 500 }, { fromMs: 800, toMs: 1_000 }]
  expect(gapHistory({ ...span, gaps, came: 5, intervalMs: 100 })).toMatchObject({ longest: gaps[0], open: gaps[1], came: 5, due: 10, share: 0.5 })
})

test.prop([fc.array(fc.integer({ min: 0, max: 999 })), fc.integer({ min: 1, max: 300 })])('the share is between nothing and all, and an open silence is one of the silences', (times, intervalMs) => {
  const span = { fromMs: 0, toMs: 1_000 }
  const gaps = silencesIn(times, { ...span, maxGapMs: 2.5 * intervalMs })
  const { share, open, longest } = gapHistory({ ...span, gaps, came: new Set(times).size, intervalMs })
  expect(share).toBeGreaterThanOrEqual(0)
  expect(share).toBeLessThanOrEqual(1)
  if (open !== undefined) expect(gaps).toContain(open)
  expect(longest === undefined).toBe(gaps.length === 0)
  for (const gap of gaps) expect(gap.toMs - gap.fromMs).toBeLessThanOrEqual(longest!.toMs - longest!.fromMs)
})
