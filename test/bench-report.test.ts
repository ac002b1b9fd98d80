/** What the bench says of its figures. The figures themselves are no matter of tests. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { atLeast, atMost, percentile, verdictOf } from './bench/figure.ts'
import { createPopulation, notification } from './bench/load/population.ts'
import { asJson, asMarkdown, asText, type Measured } from './bench/report.ts'
import { workByKind } from './bench/load/thread-work.ts'
import { slopeOf } from './bench/slope.ts'
import { readNotification } from '../src/ngsi-ld/notification.ts'

const MACHINE = { cores: 2, processor: 'a processor', memoryGiB: 8, node: 'v20.0.0', measuredAt: '2026-11-22', loadBefore: 0.1 }
const RUN: Measured = { suite: 'refresh', figures: [{ name: 'slow', value: 0.5, unit: '×', target: atMost(0.4, 0.15) }, { name: 'fast', value: 600, unit: '×', target: atLeast(200, 500) }, { name: 'plain', value: 3, unit: 'ms' }] }

describe('a figure', () => {
  it.each([
    [0.5, 'missed'],
    [0.4, 'must'],
    [0.15, 'moonshot'],
    [Number.NaN, 'missed'],
    // What JSON makes of a figure that was not measured.
    [null as unknown as number, 'missed'],
  ] as const)('of %s is %s where less is better, 0.4 must and 0.15 hoped for', (value, verdict) => {
    expect(verdictOf({ name: 'a', value, unit: '×', target: atMost(0.4, 0.15) })).toBe(verdict)
  })

  it('that is missed is said in the table, in the JSON and in the document', () => {
    expect(asText(RUN)).toContain('must ≤ 0.4 · moonshot 0.15 · here 0.5: MISSED')
    expect(asJson([RUN], MACHINE)).toMatchObject({ figures: [{ name: 'slow', met: false }, { name: 'fast', met: true, verdict: 'moonshot' }, { name: 'plain' }] })
    expect(asMarkdown('<!-- bench:refresh -->\nold\n<!-- /bench:refresh -->', [RUN], MACHINE)).toContain('| slow | 0.5 × |  | ≤ 0.4 | 0.15 | **missed** |')
  })

  it('leaves the rest of the document as it is, twice the same as once', () => {
    const document = 'before\n<!-- bench:refresh -->\nold\n<!-- /bench:refresh -->\nafter\n<!-- bench:relay -->\nkept\n<!-- /bench:relay -->\n'
    const once = asMarkdown(document, [RUN], MACHINE)
    expect(once).toMatch(/^before\n[^]*\nafter\n<!-- bench:relay -->\nkept\n<!-- \/bench:relay -->\n$/)
    expect(once).not.toContain('old')
    expect(asMarkdown(once, [RUN], MACHINE)).toBe(once)
  })
})

test.prop([fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true })])('a percentile has at least its share of the samples at or below it', (samples, share) => {
  const value = percentile(samples, share)
  expect(samples).toContain(value)
  expect(samples.filter((one) => one <= value).length / samples.length).toBeGreaterThanOrEqual(share)
})

test.prop([fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }), fc.uniqueArray(fc.nat(1_000), { minLength: 3, maxLength: 30 })])('the slope of a straight line is its own', (perHour, start, minutes) => {
  const slope = slopeOf(minutes.map((minute) => ({ atMs: minute * 60_000, value: start + (perHour * minute) / 60 })))
  expect(slope.perHour).toBeCloseTo(perHour, 4)
  expect(slope.within).toBeCloseTo(0, 4)
})

it('a slope says how far it may be off', () => {
  // By hand: Σ(x−x̄)² = 5 and Σ(x−x̄)(y−ȳ) = 2, so the slope is 0.4; the residuals −0.4, 0.2, 0.8, −0.6 have squares of 1.2, over 2 degrees of freedom 0.6; Student's t of 95 % is 4.303 there.
  const { perHour, within } = slopeOf([0, 1, 2, 1].map((value, hour) => ({ atMs: hour * 3_600_000, value })))
  expect(perHour).toBeCloseTo(0.4, 9)
  expect(within).toBeCloseTo(4.3027 * Math.sqrt(0.6 / 5), 3)
  expect(slopeOf([{ atMs: 0, value: 1 }, { atMs: 1, value: 2 }])).toEqual({ perHour: Number.NaN, within: Number.NaN })
})

it('what a thread worked on goes to the innermost kind, in its own processor time', () => {
  const event = (name: string, ts: number, dur: number, tdur?: number) => ({ name, ph: 'X', pid: 1, tid: 1, ts, dur, ...(tdur === undefined ? {} : { tdur }) })
  const work = workByKind([
    event('RunTask', 0, 100, 90),
    event('FunctionCall', 10, 60, 50),
    event('SomethingInIt', 20, 10),
    event('Layout', 40, 20, 15),
    event('MinorGC', 62, 4, 4),
    event('Paint', 75, 10, 8),
    // A task that waited for a core all the time but one.
    event('RunTask', 200, 1_000, 1),
    { name: 'FunctionCall', ph: 'I', pid: 1, tid: 1, ts: 300 },
  ])
  expect(work).toEqual({ script: 50 - 15 - 4, 'style and layout': 15, paint: 8, collection: 4, other: 90 - 50 - 8 + 1 })
})

describe('a made-up city', () => {
  test.prop([fc.integer({ min: 1, max: 3_000 })])('lets every sensor speak once before one speaks again', (count) => {
    const { speaker } = createPopulation(count)
    expect(new Set(Array.from({ length: count }, (_, n) => speaker(n))).size).toBe(count)
  })

  it('is read whole by the decoder', () => {
    const atMs = Date.UTC(2026, 10, 20, 12)
    const text = notification(createPopulation(10).entities([0, 9], atMs, 1), atMs, 'urn:ngsi-ld:Subscription:a')
    const read = readNotification(JSON.parse(text))
    expect(read).toMatchObject({ ok: true, value: { entities: [{ id: 'urn:ngsi-ld:NoiseLevelObserved:porto:load:0' }, { id: 'urn:ngsi-ld:NoiseLevelObserved:porto:load:9' }], rejected: [] } })
  })
})
