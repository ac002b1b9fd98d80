/** A month as steps: the layer's own fold over pages of readings, whatever the pages and the order. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { err, ok } from '../../core/result.ts'
import { MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import type { Reading } from '../../domains/domain-model.ts'
import { MODELS } from '../../domains/models.ts'
import { decodeTemporal } from '../../ngsi-ld/temporal.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import type { BrokerAccess, History, Span } from './broker-access.ts'
import { readSteps, stepsOf } from './history-steps.ts'

const DAY_MS = 24 * 60 * MINUTE_MS
const START = Date.UTC(2026, 10, 1)
const SPAN = { fromMs: START, toMs: START + DAY_MS, stepMs: 60 * MINUTE_MS }
const ID = 'urn:ngsi-ld:Thermometer:1'

const reading = (atMs: number, temperature: number): Reading => ({ entityId: ID, entityType: 'Thermometer', observedAtMs: atMs as EpochMs, values: { temperature }, warnings: [] })

const readings = fc.array(fc.record({ minute: fc.integer({ min: -100, max: 1_600 }), temperature: fc.integer({ min: -20, max: 40 }) }).map(({ minute, temperature }) => reading(START + minute * MINUTE_MS, temperature)))

describe('steps', () => {
  test.prop([readings])('do not depend on the order of readings', (given) => {
    expect(stepsOf(given.toReversed(), THERMOMETER, SPAN)).toEqual(stepsOf(given, THERMOMETER, SPAN))
  })

  test.prop([readings])('lie between their least and greatest reading, in the span, ascending', (given) => {
    const steps = stepsOf(given, THERMOMETER, SPAN)
    for (const [index, { fromMs, value, low, high }] of steps.entries()) {
      expect(value).toBeGreaterThanOrEqual(low! - 1e-9)
      expect(value).toBeLessThanOrEqual(high! + 1e-9)
      expect((fromMs - START) % SPAN.stepMs).toBe(0)
      expect(fromMs).toBeGreaterThanOrEqual(index === 0 ? SPAN.fromMs : steps[index - 1]!.fromMs + 1)
      expect(fromMs).toBeLessThan(SPAN.toMs)
    }
    const hours = new Set(given.filter(({ observedAtMs }) => observedAtMs >= SPAN.fromMs && observedAtMs < SPAN.toMs).map(({ observedAtMs }) => Math.floor((observedAtMs - START) / SPAN.stepMs)))
    expect(steps).toHaveLength(hours.size)
  })

  it('of sound are energy means: half an hour at 60 and half at 70 dB(A) make 67.4', () => {
    const noise = MODELS.find(({ headline }) => headline === 'laeq')!
    const level = (minute: number, laeq: number): Reading => ({ entityId: ID, entityType: 'x', observedAtMs: (START + minute * MINUTE_MS) as EpochMs, periodMs: 30 * MINUTE_MS, values: { laeq }, warnings: [] })
    expect(stepsOf([level(10, 60), level(40, 70)], noise, SPAN)[0]!.value).toBeCloseTo(67.4, 1)
  })
})

/** A broker that holds a temperature for each minute, and counts what it is asked. */
function brokerOf(temperatures: ReadonlyMap<number, number>, given: Partial<BrokerAccess<object>> = {}): { readonly broker: BrokerAccess<object>; readonly asked: Span[] } {
  const asked: Span[] = []
  const broker: BrokerAccess<object> = {
    async *snapshot() {},
    entity: async () => ok({ id: ID, type: 'Thermometer', temperature: { type: 'Property', value: 1, observedAt: new Date(START).toISOString() } }),
    entities: async () => err('not asked'),
    past: async () => err('not asked'),
    async pastOf(_, span) {
      asked.push(span)
      // Both ends included, as brokers do.
      const instances = [...temperatures].filter(([ms]) => ms >= span.fromMs && ms <= span.toMs).map(([ms, value]) => ({ type: 'Property', value, observedAt: new Date(ms).toISOString() }))
      return ok(historyOf({ temperature: instances }))
    },
    ...given,
  }
  return { broker, asked }
}

function historyOf(attributes: Record<string, unknown>): History {
  const { ok: entities } = decodeTemporal({ id: ID, type: 'Thermometer', ...attributes })
  return { entities, rejected: 0, partial: false }
}

const question = { kind: 'steps', domain: 'thermometer', entityId: ID, ...SPAN, maxGapMs: 150 * MINUTE_MS } as const
const asking = { question, model: THERMOMETER, context: { timeZone: 'Europe/Lisbon' }, expectedMs: MINUTE_MS, signal: {} }

describe('a long history', () => {
  test.prop([fc.uniqueArray(fc.integer({ min: 0, max: 24 * 60 - 1 }), { maxLength: 40 }), fc.integer({ min: 1, max: 60_000 })])('is the same in pages as at once, and no reading counts twice', async (minutes, expectedMs) => {
    const temperatures = new Map(minutes.map((minute) => [START + minute * MINUTE_MS, minute % 30]))
    const { broker } = brokerOf(temperatures)
    // How often it should report says how long a page is; sixty pages are the most that is asked.
    const read = await readSteps({ ...asking, broker, expectedMs: Math.max(expectedMs, 1_000) })
    expect(read.ok && read.value.readings).toBe(minutes.length)
    expect(read.ok && read.value.steps).toEqual(stepsOf([...temperatures].map(([ms, value]) => reading(ms, value)), THERMOMETER, SPAN))
  })

  it('names its silences', async () => {
    const { broker } = brokerOf(new Map(Array.from({ length: 24 * 60 }, (_, minute) => [START + minute * MINUTE_MS, 1] as const).filter(([ms]) => ms < START + 6 * 60 * MINUTE_MS || ms > START + 10 * 60 * MINUTE_MS)))
    const read = await readSteps({ ...asking, broker })
    expect(read.ok && read.value.gaps).toEqual([{ fromMs: START + 359 * MINUTE_MS, toMs: START + 601 * MINUTE_MS }])
  })

  it('of a sensor that never stops talking is cut, newest kept, and says so', async () => {
    const { broker, asked } = brokerOf(new Map([[START, 5], [SPAN.toMs - 1, 7]]))
    const read = await readSteps({ ...asking, question: { ...question, stepMs: MINUTE_MS }, expectedMs: 1, broker })
    expect(asked).toHaveLength(60)
    expect(read).toMatchObject({ ok: true, value: { partial: true, readings: 1, steps: [{ value: 7 }] } })
  })

  it('that breaks off half way is what came, and says so', async () => {
    let pages = 0
    const { broker } = brokerOf(new Map([[SPAN.toMs - 1, 7]]))
    const { pastOf } = broker
    const breaking: BrokerAccess<object> = { ...broker, pastOf: async (id, span, signal) => (pages++ === 0 ? pastOf(id, span, signal) : err('no answer in time')) }
    expect(await readSteps({ ...asking, expectedMs: 5_000, broker: breaking })).toMatchObject({ ok: true, value: { partial: true, readings: 1 } })
  })

  it('is averaged by a broker that can, where the mean is what the layer shows', async () => {
    const rows = (value: number): unknown => [[value, new Date(START).toISOString(), new Date(START + SPAN.stepMs).toISOString()]]
    const { broker, asked } = brokerOf(new Map(), { meansOf: async () => ok(historyOf({ temperature: { avg: rows(20), min: rows(15), max: rows(25) } })) })
    expect(await readSteps({ ...asking, model: { ...THERMOMETER, isMean: true }, broker })).toEqual(ok({ steps: [{ fromMs: START, value: 20 }], by: 'broker', rejected: 0, partial: false }))
    expect(asked).toEqual([])
    // A level's mean is no mean of numbers: it is never asked for.
    expect(await readSteps({ ...asking, broker })).toMatchObject({ ok: true, value: { by: 'readings' } })
  })
})
