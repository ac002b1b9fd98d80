import { describe, expect, it } from 'vitest'
import { ok } from '../../core/result.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { decodeTemporal } from '../../ngsi-ld/temporal.ts'
import { PLAN, START, start } from '../../../test/aggregator-in-hand.ts'
import type { BrokerAccess, Span } from './broker-access.ts'
import { createPast } from './past.ts'

/** A past with a broker that remembers a reading a minute of each of some sensors. */
function open({ budgetBytes = 2 ** 30, sensors = 4 }: { readonly budgetBytes?: number; readonly sensors?: number } = {}) {
  const asked: Span[] = []
  const clock = { ms: START }
  const broker: BrokerAccess<object> = {
    async *snapshot() {},
    entity: () => Promise.reject(new Error('not asked for')),
    entities: () => Promise.reject(new Error('not asked for')),
    pastOf: () => Promise.reject(new Error('not asked for')),
    past(_types, span) {
      asked.push(span)
      const first = Math.ceil(span.fromMs / MINUTE_MS)
      const minutes = Array.from({ length: Math.floor(span.toMs / MINUTE_MS) - first + 1 }, (_, minute) => first + minute)
      const entities = Array.from({ length: sensors }, (_, sensor) => ({
        id: `s${sensor}`,
        type: 'Thermometer',
        temperature: minutes.map((minute) => ({ type: 'Property', value: (minute % 60) + sensor, observedAt: new Date(minute * MINUTE_MS).toISOString() })),
      }))
      const decoded = decodeTemporal(entities)
      return Promise.resolve(ok({ entities: decoded.ok, rejected: decoded.rejected.length, partial: false }))
    },
  }
  const past = createPast<object>({
    plan: PLAN,
    cellRadiusM: 500,
    live: start({ ms: START }).domains,
    brokers: new Map([['a', broker]]),
    presentOf: () => Promise.resolve(new Map()),
    nowMs: () => clock.ms,
    createAbort: () => ({ signal: {}, abort: () => undefined }),
    budgetBytes,
    onChange: () => undefined,
  })
  return {
    asked,
    clock,
    past,
    async rest(atMs: number | undefined): Promise<void> {
      past.goTo(atMs)
      for (let turn = 0; turn < 2_000; turn++) await Promise.resolve()
    },
    totalAt(atMs: number) {
      past.look('thermometer', atMs)
      const picture = past.domains.get('thermometer')!
      picture.refresh(atMs)
      return { isComplete: past.isComplete(atMs), count: picture.count }
    },
  }
}

describe('the memory of the past', () => {
  it('reads the day around the hand, the nearest first, and nothing more', async () => {
    const { asked, rest } = open()
    await rest(START - 6 * HOUR_MS + MINUTE_MS)
    const hours = asked.map(({ fromMs }) => (START - fromMs) / HOUR_MS)
    expect(hours.slice(0, 4)).toEqual([6, 7, 5, 4])
    expect(hours.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, hour) => hour + 1))
    await rest(START - 3 * HOUR_MS)
    expect(asked.length).toBe(24)
  })

  it('stays within its budget, forgets what is farthest from the hand, and reads it again when the hand is there', async () => {
    const budgetBytes = 20_000
    const { asked, past, rest, totalAt } = open({ budgetBytes, sensors: 20 })
    const places = [START - HOUR_MS, START - 20 * HOUR_MS, START - 4 * DAY_MS, START - 10 * HOUR_MS, START - HOUR_MS]
    for (const atMs of places) {
      await rest(atMs)
      expect(past.bytes).toBeLessThanOrEqual(budgetBytes)
      expect(totalAt(atMs)).toEqual({ isComplete: true, count: 20 })
    }
    const hours = asked.map(({ fromMs }) => fromMs)
    expect(new Set(hours).size).toBeLessThan(hours.length)
    // Far away nothing is left, and nothing is claimed.
    expect(totalAt(START - 4 * DAY_MS)).toEqual({ isComplete: false, count: 0 })
  })

  it('asks once for an hour that is not over while the stream tells the rest', async () => {
    const { asked, clock, past, rest } = open()
    past.setLiveSince(START)
    clock.ms = START + 10 * MINUTE_MS
    await rest(START + 9 * MINUTE_MS)
    const before = asked.length
    clock.ms += 5 * MINUTE_MS
    await rest(START + 14 * MINUTE_MS)
    expect(past.isComplete(START + 14 * MINUTE_MS)).toBe(true)
    expect(asked.length).toBe(before)
    // The stream lost something: what is later than it was read must be read.
    past.setLiveSince(Infinity)
    expect(past.isComplete(START + 9 * MINUTE_MS)).toBe(true)
    expect(past.isComplete(START + 14 * MINUTE_MS)).toBe(false)
    await rest(START + 14 * MINUTE_MS)
    expect(asked.slice(before).map(({ toMs }) => toMs)).toEqual([START + 15 * MINUTE_MS])
    expect(past.isComplete(START + 14 * MINUTE_MS)).toBe(true)
  })

  it('asks nothing while the city is live', async () => {
    const { asked, rest } = open()
    await rest(undefined)
    expect(asked).toEqual([])
  })
})
