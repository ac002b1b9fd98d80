import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { silencesIn } from './silences.ts'

it('counts the time before the first instant and after the last', () => {
  expect(silencesIn([40, 50], { fromMs: 0, toMs: 100, maxGapMs: 30 })).toEqual([
    { fromMs: 0, toMs: 40 },
    { fromMs: 50, toMs: 100 },
  ])
})

it('is all of the span where nothing came', () => {
  expect(silencesIn([], { fromMs: 0, toMs: 100, maxGapMs: 30 })).toEqual([{ fromMs: 0, toMs: 100 }])
})

const times = fc.array(fc.integer({ min: -100, max: 1_100 }))
const asked = { fromMs: 0, toMs: 1_000, maxGapMs: 90 }

test.prop([times])('no instant lies inside a silence, each is longer than allowed, and they do not touch one another', (given) => {
  const silences = silencesIn(given, asked)
  for (const { fromMs, toMs } of silences) {
    expect(toMs - fromMs).toBeGreaterThan(asked.maxGapMs)
    expect(given.filter((ms) => ms > fromMs && ms < toMs)).toEqual([])
  }
  for (let i = 1; i < silences.length; i++) expect(silences[i]!.fromMs).toBeGreaterThanOrEqual(silences[i - 1]!.toMs)
})

test.prop([times])('outside of silences nobody waits longer than allowed', (given) => {
  const silences = silencesIn(given, asked)
  const edges = [asked.fromMs, ...given.filter((ms) => ms >= 0 && ms < 1_000), asked.toMs].sort((a, b) => a - b)
  const waits = edges.slice(1).map((ms, index) => ({ fromMs: edges[index]!, toMs: ms })).filter(({ fromMs, toMs }) => toMs - fromMs > asked.maxGapMs)
  expect(silences).toEqual(waits)
})

test.prop([times])('order makes no difference', (given) => {
  expect(silencesIn(given.toReversed(), asked)).toEqual(silencesIn(given, asked))
})
