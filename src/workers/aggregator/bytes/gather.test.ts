/** Readings that are gathered and applied together, against the same one by one: by the total decoder, which gathers nothing. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { formatInstant, MINUTE_MS, SECOND_MS } from '../../../core/time/instant.ts'
import { MODELS } from '../../../domains/models.ts'
import type { JsonObject } from '../../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property } from '../../../ngsi-ld/normalized.ts'
import { readNotification } from '../../../ngsi-ld/notification.ts'
import { CITY, pictureOf } from '../../../../test/byte-path.ts'
import { createAggregator, type Aggregator } from '../aggregator.ts'

const START = Date.UTC(2026, 10, 20, 12)
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

interface State {
  readonly sensor: number
  readonly kind: 'noise' | 'air'
  /** Against the event: late, out of order in one event, and ahead. */
  readonly agoS: number
  readonly value: number
  readonly name: number
  /** An escape in it: no shape knows it. */
  readonly isOdd: boolean
}

const NAMES = ['Praça', 'Street 1', ' padded ', '\u2028']

function entityOf({ sensor, kind, agoS, value, name }: State, nowMs: number): JsonObject {
  const atMs = nowMs - agoS * SECOND_MS
  const one = (number: number, unitCode: string): JsonObject => property(number, { observedAtMs: atMs, unitCode })
  const shared = { id: `urn:ngsi-ld:${kind}:${sensor}`, name: property(NAMES[name]!), location: pointLocation([-8.6 + sensor / 1_000, 41.15]) }
  if (kind === 'noise') return { ...shared, type: 'NoiseLevelObserved', dateObservedFrom: dateTime(atMs - MINUTE_MS, { observedAtMs: atMs }), dateObservedTo: dateTime(atMs, { observedAtMs: atMs }), LAeq: one(50 + value, '2N') }
  return { ...shared, type: 'AirQualityObserved', dateObserved: dateTime(atMs, { observedAtMs: atMs }), no2: one(10 + value, 'GQ'), pm25: one(3 + value, 'GQ') }
}

/** An aggregator, and what it told of readings, each with the id it belongs to. */
function heard(clock: { ms: number }, isFast: boolean) {
  const told: unknown[] = []
  const ids: string[] = []
  const aggregator = createAggregator({
    models: MODELS,
    plan: CITY,
    cellRadiusM: 500,
    now: () => clock.ms,
    ...(isFast && { bytes: { decodeText: (data: Uint8Array) => decoder.decode(data), random: () => 0.5 } }),
    onReading(domain, { entityId, observedAtMs, values, periodMs }, known) {
      const id = known < 0 ? entityId : ids[known]!
      told.push([domain, id, observedAtMs, { ...values }, periodMs])
      return known < 0 ? ids.push(id) - 1 : known
    },
  })
  return { aggregator, told: () => told.splice(0).map((one) => JSON.stringify(one)).sort() }
}

function hear(aggregator: Aggregator, broker: string, list: string): void {
  const notification = `{"id":"urn:n:1","type":"Notification","subscriptionId":"urn:s:1","notifiedAt":"${formatInstant(START)}","data":[${list}]}`
  if (aggregator.readBytes === undefined) {
    const read = readNotification(JSON.parse(notification))
    if (read.ok) aggregator.apply({ type: 'entities', broker, from: 'stream', entities: read.value.entities, rejected: read.value.rejected, receivedAtMs: START })
    return
  }
  const read = aggregator.readBytes(encoder.encode(`{"seq":1,"broker":"${broker}","receivedAtMs":${START},"notification":${notification}}`))
  aggregator.apply({ type: 'notification', broker, entities: read!.entities, rejected: [], receivedAtMs: START })
}

const state: fc.Arbitrary<State> = fc.record({
  sensor: fc.nat(3),
  kind: fc.constantFrom('noise', 'air'),
  agoS: fc.oneof(fc.constantFrom(0, 0, 1, 60), fc.integer({ min: -200, max: 1_200 })),
  value: fc.nat(3),
  name: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(NAMES.length - 1) }),
  isOdd: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})
const broker = fc.constantFrom('a', 'b', 'c')
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('hear' as const), broker, states: fc.array(state, { minLength: 1, maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), broker, of: state }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('begin' as const, 'end' as const, 'abandon' as const, 'check' as const), broker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 400 }) }) },
)

describe('readings that are gathered', () => {
  test.prop([fc.array(step, { minLength: 4, maxLength: 30, size: 'max' })], { numRuns: 40, seed: 1 })(
    'leave what they leave one by one: repeated, out of order, of several brokers, deleted and back, beside snapshots',
    (steps) => {
      const clock = { ms: START }
      const sides = [heard(clock, false), heard(clock, true)] as const
      const both = (act: (aggregator: Aggregator) => void): void => sides.forEach(({ aggregator }) => act(aggregator))
      // Known to all three brokers and learned, so that what follows is gathered.
      const first = ['noise', 'air'].flatMap((kind) => [0, 1, 2, 3].map((sensor) => entityOf({ sensor, kind: kind as State['kind'], agoS: 0, value: 0, name: 0, isOdd: false }, START)))
      for (const of of ['a', 'b', 'c']) for (let turn = 0; turn < 3; turn++) both((aggregator) => hear(aggregator, of, first.map((one) => JSON.stringify(one)).join()))
      for (const one of steps) {
        switch (one.do) {
          case 'hear':
            both((aggregator) => hear(aggregator, one.broker, one.states.map((state) => JSON.stringify(entityOf(state, clock.ms)).replace('"name"', state.isOdd ? String.raw`"n\u0061me"` : '"name"')).join()))
            break
          case 'delete':
            both((aggregator) => hear(aggregator, one.broker, JSON.stringify({ ...entityOf(one.of, clock.ms), deletedAt: formatInstant(clock.ms - one.of.agoS * SECOND_MS) })))
            break
          case 'begin':
          case 'check':
            both((aggregator) => aggregator.apply({ type: 'snapshot-started', broker: one.broker, ...(one.do === 'check' && { check: true }) }))
            break
          case 'end':
          case 'abandon':
            both((aggregator) => aggregator.apply({ type: 'snapshot-ended', broker: one.broker, complete: one.do === 'end' }))
            break
          case 'wait':
            clock.ms += one.seconds * SECOND_MS
            break
        }
        const [total, fast] = sides
        expect(fast.told()).toEqual(total.told())
        // Drawn now and then: what was marked by several events is computed once.
        if (one.do === 'wait') expect(pictureOf(fast.aggregator)).toEqual(pictureOf(total.aggregator))
        for (const id of first.map((entity) => String(entity['id']))) expect(fast.aggregator.brokerOf(id)).toBe(total.aggregator.brokerOf(id))
      }
      expect(pictureOf(sides[1].aggregator)).toEqual(pictureOf(sides[0].aggregator))
      // Otherwise nothing was gathered.
      expect(sides[1].aggregator.plainEntities()).toBeGreaterThan(first.length)
    },
  )

  it('of one sensor that stands twice in a notification are both applied, the later one last', () => {
    const clock = { ms: START }
    const { aggregator } = heard(clock, true)
    const text = (agoS: number, value: number): string => JSON.stringify(entityOf({ sensor: 0, kind: 'noise', agoS, value, name: 0, isOdd: false }, START))
    for (let turn = 0; turn < 3; turn++) hear(aggregator, 'a', text(60, 0))
    const before = aggregator.counters()
    hear(aggregator, 'a', [text(0, 2), text(30, 1), text(0, 2)].join())
    const after = aggregator.counters()
    expect([after.readings - before.readings, after.late - before.late, after.duplicates - before.duplicates]).toEqual([2, 1, 1])
    expect(aggregator.domains.get('noise')!.observedAtMs('urn:ngsi-ld:noise:0')).toBe(START)
  })

  describe('beside snapshots', () => {
    const ID = 'urn:ngsi-ld:noise:0'

    function living() {
      const clock = { ms: START }
      const { aggregator } = heard(clock, true)
      const speak = (broker: string): void => {
        clock.ms += SECOND_MS
        hear(aggregator, broker, JSON.stringify(entityOf({ sensor: 0, kind: 'noise', agoS: 0, value: 0, name: 0, isOdd: false }, clock.ms)))
      }
      for (const broker of ['a', 'b']) for (let turn = 0; turn < 3; turn++) speak(broker)
      /** A whole snapshot that shows nothing itself. */
      const snapshot = (broker: string, meanwhile = (): void => undefined): void => {
        aggregator.apply({ type: 'snapshot-started', broker })
        meanwhile()
        aggregator.apply({ type: 'snapshot-ended', broker, complete: true })
      }
      return { speak, snapshot, brokerOf: () => aggregator.brokerOf(ID), isKnown: () => aggregator.domains.get('noise')!.has(ID) }
    }

    it('count as shown by each that is under way, not only by the first', () => {
      const { speak, snapshot, brokerOf } = living()
      for (let turn = 0; turn < 3; turn++) {
        snapshot('a', () => {
          speak('a')
          speak('a')
        })
        expect(brokerOf()).toBe('a')
      }
    })

    it('are held again by a broker whose snapshot had not shown their sensor', () => {
      const { speak, snapshot, brokerOf, isKnown } = living()
      snapshot('a')
      expect(brokerOf()).toBe('b')
      speak('a')
      snapshot('b')
      expect([isKnown(), brokerOf()]).toEqual([true, 'a'])
    })
  })
})
