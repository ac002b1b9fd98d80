import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { err, ok, type Result } from '../../core/result.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { QUARTER_MS } from '../../domains/day-line.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { decodeTemporal } from '../../ngsi-ld/temporal.ts'
import { createAggregator } from '../aggregator/aggregator.ts'
import { PLAN, START } from '../../../test/aggregator-in-hand.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import type { BrokerAccess, History, Span } from './broker-access.ts'
import { createDayLines, MAX_HOUR_READINGS } from './day-lines.ts'
import type { DayUsual } from './day-usual.ts'
import { createPast } from './past.ts'

interface Given {
  readonly sensor: number
  readonly atMs: number
  readonly value: number
}

const DOMAIN = 'thermometer'
const NO_USUAL: DayUsual = { want: () => undefined, usualOf: () => undefined, problemOf: () => undefined, close: () => undefined }

/** A city whose broker remembers `given`, and that hears live what is measured after it was opened. */
function open(given: readonly Given[], options: { readonly fails?: (span: Span) => boolean; readonly sensors?: number; readonly model?: DomainModel; readonly plan?: CityPlan } = {}) {
  const { sensors = 3, model = THERMOMETER, plan = PLAN } = options
  const clock = { ms: START }
  const asked: Span[] = []
  const heard: Given[] = []
  const broker: BrokerAccess<object> = {
    async *snapshot() {},
    entity: () => Promise.reject(new Error('not asked for')),
    entities: () => Promise.reject(new Error('not asked for')),
    pastOf: () => Promise.reject(new Error('not asked for')),
    past(_types, span) {
      asked.push(span)
      if (options.fails?.(span) === true) return Promise.resolve(err('HTTP 500') as Result<History, string>)
      const inside = [...given, ...heard].filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs)
      const entities = Array.from({ length: sensors }, (_, sensor) => ({
        id: `s${sensor}`,
        type: 'Thermometer',
        temperature: inside.filter((one) => one.sensor === sensor).map(({ atMs, value }) => ({ type: 'Property', value, observedAt: new Date(atMs).toISOString() })),
      }))
      const decoded = decodeTemporal(entities)
      return Promise.resolve(ok({ entities: decoded.ok, rejected: decoded.rejected.length, partial: false }))
    },
  }
  const aggregator = createAggregator({ models: [model], plan, cellRadiusM: 500, now: () => clock.ms })
  const live = aggregator.domains
  for (let sensor = 0; sensor < sensors; sensor++) live.get(DOMAIN)!.introduce({ id: `s${sensor}`, name: `s${sensor}`, type: 'Thermometer' })
  const past = createPast<object>({
    plan,
    cellRadiusM: 500,
    live,
    brokers: new Map([['a', broker]]),
    presentOf: () => Promise.resolve(new Map()),
    nowMs: () => clock.ms,
    createAbort: () => ({ signal: {}, abort: () => undefined }),
    budgetBytes: 2 ** 30,
    onChange: () => undefined,
  })
  const lines = createDayLines({ plan, live, past, usual: NO_USUAL, now: () => clock.ms, nowMs: () => clock.ms })
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 120; turn++) {
      lines.tick()
      for (let step = 0; step < 8; step++) await Promise.resolve()
      if (turn % 40 === 39) clock.ms += 1_000
    }
  }
  return {
    asked,
    clock,
    past,
    lines,
    settle,
    hear(one: Given) {
      heard.push(one)
      past.take(DOMAIN, { entityId: `s${one.sensor}`, entityType: 'Thermometer', observedAtMs: one.atMs as EpochMs, values: { temperature: one.value }, warnings: [] }, -1)
    },
    async line() {
      lines.ask({ domain: DOMAIN })
      await settle()
      return lines.ask({ domain: DOMAIN })!
    },
    /** What the hand would find at the end of the quarter. */
    async total(toMs: number) {
      past.goTo(toMs - 1)
      for (let turn = 0; turn < 2_000 && !past.isComplete(toMs - 1); turn++) await Promise.resolve()
      past.look(DOMAIN, toMs - 1)
      const picture = past.domains.get(DOMAIN)!
      picture.refresh(toMs - 1)
      const { value, reporting, known } = picture.total
      return { toMs, reporting, known, ...(value === undefined ? {} : { value }) }
    },
  }
}

const arbitraryGiven = (fromMs: number, toMs: number) =>
  fc.array(
    fc.record({ sensor: fc.nat(2), atMs: fc.integer({ min: fromMs / MINUTE_MS, max: toMs / MINUTE_MS - 1 }).map((minute) => minute * MINUTE_MS), value: fc.integer({ min: -20, max: 40 }) }),
    { maxLength: 120 },
  ).map((list) => [...new Map(list.map((one) => [`${one.sensor} ${one.atMs}`, one])).values()])

describe('the line of a day', () => {
  test.prop([arbitraryGiven(START - DAY_MS - 2 * HOUR_MS, START), arbitraryGiven(START, START + 2 * HOUR_MS), fc.integer({ min: 0, max: 40 })], { numRuns: 12, seed: 1 })(
    'carried on with what came live, and late, is what the past says of each quarter, and has no value without a reading',
    async (before, after, lateMin) => {
      const city = open(before)
      city.past.setHeardSince(START)
      await city.line()
      // Live, but not in order: some come up to `lateMin` after they were measured.
      const coming = after.map((one, index) => ({ one, atMs: one.atMs + (index % 3 === 0 ? lateMin * MINUTE_MS : 0) })).toSorted((a, b) => a.atMs - b.atMs)
      for (const { one, atMs } of coming) {
        if (atMs - city.clock.ms > 10 * MINUTE_MS) await city.line()
        city.clock.ms = Math.max(city.clock.ms, atMs)
        city.hear(one)
      }
      city.clock.ms = Math.max(city.clock.ms, START + 3 * HOUR_MS)
      const { points } = await city.line()
      expect(points.length).toBe(96)
      const fresh = open([...before, ...after])
      fresh.clock.ms = city.clock.ms
      for (const point of points) {
        expect(point).toEqual(await fresh.total(point.toMs))
        const isMeasured = [...before, ...after].some(({ atMs }) => atMs < point.toMs && atMs >= point.toMs - THERMOMETER.windowMs)
        expect(point.value !== undefined).toBe(isMeasured && point.reporting > 0)
        if (!isMeasured) expect(point.reporting).toBe(0)
      }
    },
  )

  it('asks nothing and keeps nothing while nobody asks for it', async () => {
    const city = open([])
    city.past.setHeardSince(START)
    await city.settle()
    expect(city.asked).toEqual([])
    await city.line()
    const asked = city.asked.length
    // Each hour once: 24 and the one that is not over.
    expect(new Set(city.asked.map(({ fromMs }) => fromMs)).size).toBe(asked)
    expect(asked).toBeLessThanOrEqual(25)
    city.clock.ms += 2 * HOUR_MS
    await city.settle()
    expect(city.asked.length).toBe(asked)
  })

  it('leaves a gap where a broker failed, says why, and fills it when the broker is back', async () => {
    const broken = START - 5 * HOUR_MS
    let isBroken = true
    const readings = Array.from({ length: 24 * 60 }, (_, minute) => ({ sensor: 0, atMs: START - DAY_MS + minute * MINUTE_MS, value: 10 }))
    const city = open(readings, { fails: ({ fromMs }) => isBroken && fromMs === broken })
    city.past.setHeardSince(START)
    const { points, problems } = await city.line()
    const ends = points.map(({ toMs }) => toMs)
    expect(ends).not.toContain(broken + QUARTER_MS)
    expect(ends).not.toContain(broken + HOUR_MS)
    expect(ends).toContain(broken)
    expect(problems.join()).toContain('HTTP 500')
    isBroken = false
    for (let minute = 0; minute < 7; minute++) {
      city.clock.ms += MINUTE_MS
      await city.line()
    }
    const after = await city.line()
    expect(after.points.map(({ toMs }) => toMs)).toContain(broken + HOUR_MS)
    expect(after.problems).toEqual([])
  })

  it('asks for no hour that has too many readings: the line begins when the city was opened', async () => {
    const plan = { ...PLAN, expectedIntervalS: { [DOMAIN]: 1 } }
    const sensors = Math.ceil(MAX_HOUR_READINGS / 3_600) + 1
    const city = open([], { sensors, plan })
    city.past.setHeardSince(START)
    for (let minute = 0; minute < 60; minute++) city.hear({ sensor: 0, atMs: START + minute * MINUTE_MS, value: 5 })
    city.clock.ms = START + HOUR_MS + MINUTE_MS
    const { points, problems } = await city.line()
    expect(city.asked).toEqual([])
    expect(points.map(({ toMs }) => (toMs - START) / QUARTER_MS)).toEqual([1, 2, 3, 4])
    expect(problems.join()).toContain('too many readings')
  })

  it('names the hours of the city, each once, in the night the clocks go back too', () => {
    const city = open([])
    // 25 October 2026: at 02:00 in Lisbon it is 01:00 again.
    city.clock.ms = Date.UTC(2026, 9, 25, 12)
    const { hours } = city.lines.ask({ domain: DOMAIN })!
    for (let index = 1; index < hours.length; index++) expect(hours[index]!.fromMs).toBe(hours[index - 1]!.toMs)
    expect(hours.every(({ fromMs, toMs }) => toMs - fromMs === HOUR_MS)).toBe(true)
    expect(hours.length).toBe(25)
  })
})
