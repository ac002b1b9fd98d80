import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { ok } from '../../core/result.ts'
import { comparableHours, type HourSlice } from '../../core/stats/usual.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { decodeTemporal } from '../../ngsi-ld/temporal.ts'
import { readContextOf } from '../../domains/read-context.ts'
import { PLAN, START } from '../../../test/aggregator-in-hand.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import type { BrokerAccess, Span } from './broker-access.ts'
import { createDayUsual, spread } from './day-usual.ts'
import { bandsOf, readUsualHistory } from './usual-history.ts'

const DISTRICTS: CityPlan = { ...PLAN, districts: { kind: 'boundaries', source: 'made up', areas: [{ name: 'West', polygons: [[[[-8.7, 41.1], [-8.6, 41.1], [-8.6, 41.2], [-8.7, 41.2], [-8.7, 41.1]]]] }] } }

/** A broker that remembers three readings an hour of each sensor, another number each day. */
function open({ sensors = 2, isBusy = () => false, plan = PLAN }: { readonly sensors?: number; readonly isBusy?: () => boolean; readonly plan?: CityPlan } = {}) {
  const asked: Span[] = []
  const broker: BrokerAccess<object> = {
    async *snapshot() {},
    entity: () => Promise.reject(new Error('not asked for')),
    entities: () => Promise.reject(new Error('not asked for')),
    pastOf: () => Promise.reject(new Error('not asked for')),
    past(_types, span) {
      asked.push(span)
      const entities = Array.from({ length: sensors }, (_, sensor) => ({
        id: `s${sensor}`,
        type: 'Thermometer',
        temperature: [5, 25, 45].map((minute) => ({ type: 'Property', value: 10 + sensor * 5 + (Math.floor(span.fromMs / DAY_MS) % 7), observedAt: new Date(span.fromMs + minute * MINUTE_MS).toISOString() })),
      }))
      const { ok: decoded, rejected } = decodeTemporal(entities)
      return Promise.resolve(ok({ entities: decoded, rejected: rejected.length, partial: false }))
    },
  }
  const brokers = new Map([['a', broker]])
  const presentOf = () => Promise.resolve(new Map())
  const effects = { now: () => START, wait: () => Promise.resolve(), createAbort: () => ({ signal: {}, abort: () => undefined }) }
  const usual = createDayUsual<object>({ plan, brokers, presentOf, effects, isBusy })
  return {
    asked,
    usual,
    async settle() {
      for (let turn = 0; turn < 20_000; turn++) await Promise.resolve()
    },
    /** As what is usual now is made: of every comparable day. */
    async whole(atMs: number) {
      const history = await readUsualHistory<object>({
        model: THERMOMETER,
        context: readContextOf(plan, THERMOMETER),
        expectedIntervalMs: MINUTE_MS,
        stepMs: THERMOMETER.windowMs,
        slices: comparableHours(atMs, plan.timeZone),
        brokers,
        presentOf,
        refusals: new Set(),
        signal: {},
        pause: () => Promise.resolve(),
      })
      if (history === undefined || 'problem' in history) throw new Error('the broker in hand answers')
      return bandsOf(THERMOMETER, history, THERMOMETER.windowMs, atMs)
    },
  }
}

const NO_DISTRICT = () => 0

describe('what is usual for the hours of a day', () => {
  it('is what is usual now, where there are no more days than are read', async () => {
    // 21 November 2026 is a Saturday: eight of them in eight weeks.
    const saturday = START + DAY_MS
    const city = open()
    city.usual.want([{ model: THERMOMETER, sensors: 2, hours: [saturday, saturday - HOUR_MS], districtOf: NO_DISTRICT }])
    await city.settle()
    expect(city.usual.usualOf(THERMOMETER, saturday, 0)).toEqual((await city.whole(saturday)).city)
    expect(city.usual.usualOf(THERMOMETER, saturday - HOUR_MS, 0)).toEqual((await city.whole(saturday - HOUR_MS)).city)
    expect(city.usual.usualOf(THERMOMETER, saturday - 2 * HOUR_MS, 0)).toBeUndefined()
  })

  it('is made of twenty days at most, and of each once', async () => {
    const city = open()
    city.usual.want([{ model: THERMOMETER, sensors: 2, hours: [START], districtOf: NO_DISTRICT }])
    await city.settle()
    expect(city.asked.length).toBe(20)
    city.usual.want([{ model: THERMOMETER, sensors: 2, hours: [START], districtOf: NO_DISTRICT }])
    await city.settle()
    expect(city.asked.length).toBe(20)
    expect(city.usual.usualOf(THERMOMETER, START, 0)).toMatchObject({ days: 20 })
  })

  it('is of a district what its own sensors measured', async () => {
    const city = open({ plan: DISTRICTS })
    city.usual.want([{ model: THERMOMETER, sensors: 2, hours: [START], districtOf: (id) => (id === 's0' ? 1 : 0) }])
    await city.settle()
    // The city has the highest of its sensors, which is 5 above the one in the district.
    const [all, west] = [0, 1].map((district) => city.usual.usualOf(THERMOMETER, START, district) as { readonly median: number })
    expect(all!.median - west!.median).toBe(5)
  })

  it('waits while something more urgent is read, and is not read at all where it is too much', async () => {
    const busy = open({ isBusy: () => true })
    busy.usual.want([{ model: THERMOMETER, sensors: 2, hours: [START], districtOf: NO_DISTRICT }])
    await busy.settle()
    busy.usual.close()
    expect(busy.asked).toEqual([])
    const many = open()
    many.usual.want([{ model: THERMOMETER, sensors: 100_000, hours: [START], districtOf: NO_DISTRICT }])
    await many.settle()
    expect(many.asked).toEqual([])
    expect(many.usual.problemOf(THERMOMETER, 100_000)).toContain('too many readings')
  })

  test.prop([fc.integer({ min: 0, max: 60 }), fc.integer({ min: 2, max: 20 })], { seed: 1 })('thinned days are of the eight weeks, with the newest and the oldest', (length, count) => {
    const slices = Array.from({ length }, (_, index): HourSlice => ({ fromMs: -index, toMs: 1 - index }))
    const some = spread(slices, count)
    expect(some.length).toBe(Math.min(length, count))
    expect(new Set(some).size).toBe(some.length)
    expect([some[0], some.at(-1)]).toEqual([slices[0], slices.at(-1)])
  })
})
