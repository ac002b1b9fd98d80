import { describe, expect, it } from 'vitest'
import type { Freshness } from '../../core/time/freshness.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { Entity } from '../../ngsi-ld/entity.ts'
import { ANCHOR, draw, PLAN, sensorIn, snapshot, START, start, stream } from '../../../test/aggregator-in-hand.ts'
import { deleted, thermometer } from '../../../test/thermometer-model.ts'
import type { Aggregator } from './aggregator.ts'
import { ON_ITS_WAY_MS } from './mends.ts'

describe('the last writer', () => {
  it('wins by when it observed, not by when it came', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START - 10_000, temperature: 12 })])
    stream(aggregator, [thermometer({ id: 's', atMs: START - 100_000, temperature: 20 })])
    const sensor = sensorIn(draw(aggregator), 's')
    expect(sensor).toMatchObject({ latest: 12, observedAtMs: START - 10_000, value: 16 })
    expect(aggregator.counters()).toMatchObject({ readings: 2, late: 1, duplicates: 0 })
  })

  it('is counted once when a notification comes twice', () => {
    const aggregator = start({ ms: START })
    const state = thermometer({ id: 's', atMs: START, temperature: 12 })
    stream(aggregator, [state, state])
    stream(aggregator, [state])
    expect(aggregator.counters()).toMatchObject({ readings: 1, duplicates: 2 })
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ value: 12 })
  })

  it('may correct itself: the same instant with another value', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, humidity: 0.5 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ value: NaN, latest: NaN })
    stream(aggregator, [thermometer({ id: 's', atMs: START, humidity: 0.5, temperature: 12 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ value: 12, latest: 12 })
  })

  it('does not count what a snapshot repeats as a duplicate', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    snapshot(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    expect(aggregator.counters().duplicates).toBe(0)
  })

  it('is believed again after a clock that ran ahead', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: Date.UTC(2099, 0, 1), temperature: 99 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'clock-error', value: NaN, latest: 99 })
    expect(draw(aggregator).frame.total).toEqual({ reporting: 0, known: 1 })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh', value: 12, latest: 12 })
  })
})

describe('a deleted entity', () => {
  it('leaves the city', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12, position: ANCHOR })])
    stream(aggregator, [deleted('s', START + 1)])
    const { frame, roster } = draw(aggregator)
    expect(roster.ids).toEqual([])
    expect(frame.cells.count).toBe(0)
    expect(frame.total).toEqual({ reporting: 0, known: 0 })
  })

  it('is not brought back by an update older than the delete', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [deleted('s', START)])
    stream(aggregator, [thermometer({ id: 's', atMs: START - 1, temperature: 12 })])
    expect(draw(aggregator).roster.ids).toEqual([])
    expect(aggregator.counters().late).toBe(1)
  })

  it('comes back when it is made anew', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [deleted('s', START)])
    stream(aggregator, [thermometer({ id: 's', atMs: START + 1, temperature: 12 })])
    stream(aggregator, [deleted('s', START)])
    expect(draw(aggregator).roster.ids).toEqual(['s'])
  })

  it('stays while another broker holds it', () => {
    const aggregator = start({ ms: START })
    const state = thermometer({ id: 's', atMs: START, temperature: 12 })
    stream(aggregator, [state], { broker: 'a' })
    stream(aggregator, [state], { broker: 'b' })
    stream(aggregator, [deleted('s', START + 1)], { broker: 'a' })
    expect(draw(aggregator).roster.ids).toEqual(['s'])
    stream(aggregator, [deleted('s', START + 1)], { broker: 'b' })
    expect(draw(aggregator).roster.ids).toEqual([])
  })
})

describe('a snapshot', () => {
  const [one, two] = ['1', '2'].map((id) => thermometer({ id, atMs: START, temperature: 12 })) as [Entity, Entity]

  it('removes what its broker no longer shows', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one, two])
    snapshot(aggregator, [two])
    expect(draw(aggregator).roster.ids).toEqual(['2'])
  })

  it('removes nothing when it did not come to its end', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one, two])
    snapshot(aggregator, [two], { complete: false })
    expect(draw(aggregator).roster.ids).toEqual(['1', '2'])
  })

  it('speaks for its own broker only', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one, two], { broker: 'a' })
    snapshot(aggregator, [two], { broker: 'b' })
    snapshot(aggregator, [], { broker: 'a' })
    expect(draw(aggregator).roster.ids).toEqual(['2'])
  })

  it('keeps what was streamed while it was read', () => {
    const aggregator = start({ ms: START })
    aggregator.apply({ type: 'snapshot-started', broker: 'a' })
    stream(aggregator, [one])
    stream(aggregator, [two], { from: 'snapshot' })
    aggregator.apply({ type: 'snapshot-ended', broker: 'a', complete: true })
    expect(draw(aggregator).roster.ids).toEqual(['1', '2'])
  })

  it('keeps the last reading of an entity that it shows but that cannot be read now', () => {
    const aggregator = start({ ms: START })
    snapshot(aggregator, [one])
    aggregator.apply({ type: 'snapshot-started', broker: 'a' })
    aggregator.apply({ type: 'entities', broker: 'a', from: 'snapshot', entities: [], rejected: [{ id: '1', path: 'type', reason: 'expected a type, got 5' }], receivedAtMs: START })
    aggregator.apply({ type: 'snapshot-ended', broker: 'a', complete: true })
    expect(draw(aggregator).roster.ids).toEqual(['1'])
  })
})

const untimed = (id: string): Entity => ({ ...thermometer({ id, atMs: 0 }), attributes: new Map([['temperature', [{ kind: 'Property', value: 1, sub: new Map() }]]]) })

describe('what cannot be read', () => {
  it('is counted by reason with the first of each as an example', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [untimed('u1'), untimed('u2'), { ...untimed('w1'), types: ['Whale'] }])
    aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: [], rejected: [{ id: 'x', path: 'a', reason: 'expected b, got 1' }, { id: 'y', path: 'a', reason: 'expected b, got 2' }], receivedAtMs: START })
    expect(aggregator.counters().rejected).toEqual([
      { reason: 'thermometer: no-time, temperature.observedAt', count: 2, example: 'u1 temperature.observedAt: expected ISO 8601, got nothing' },
      { reason: 'expected b', count: 2, example: 'x a: expected b, got 1' },
      { reason: 'no layer reads this type', count: 1, example: 'w1 is a Whale' },
    ])
  })

  it('never makes the list of reasons long', () => {
    const aggregator = start({ ms: START })
    const rejected = Array.from({ length: 500 }, (_, index) => ({ id: 'x', path: '', reason: `odd ${index}` }))
    aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: [], rejected, receivedAtMs: START })
    const list = aggregator.counters().rejected
    expect(list.length).toBeLessThan(60)
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(500)
  })
})

describe('a sensor that is silent', () => {
  it('ages, and leaves cells and total when it is stale', () => {
    const clock = { ms: START }
    const aggregator = start(clock)
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12, position: ANCHOR })])
    const seen: Freshness[] = []
    for (const afterS of [0, 75, 76, 120, 121, 360, 361]) {
      clock.ms = START + afterS * SECOND_MS
      const drawn = draw(aggregator)
      seen.push(sensorIn(drawn, 's')!.freshness)
      const counts = afterS <= 120
      expect([...drawn.frame.cells.sensors.subarray(0, 1)]).toEqual([counts ? 1 : 0])
      expect(drawn.frame.cells.values[0]).toBe(counts ? 12 : NaN)
      expect(drawn.frame.total).toEqual({ ...(counts ? { value: 12, reporting: 1 } : { reporting: 0 }), known: 1, newestMs: START })
    }
    expect(seen).toEqual(['fresh', 'fresh', 'ageing', 'ageing', 'stale', 'stale', 'lost'])
  })

  it('is judged by the interval that the city expects', () => {
    const clock = { ms: START }
    const aggregator = start(clock, { ...PLAN, expectedIntervalS: { thermometer: 3_600 } })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    clock.ms = START + HOUR_MS
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh' })
  })

  it('is not called fresh while all brokers that hold it are down, and leaves cells and total', () => {
    const clock = { ms: START }
    const aggregator = start(clock)
    const say = (state: 'live' | 'down', other: 'live' | 'down'): void => aggregator.apply({ type: 'brokers', brokers: [{ broker: 'a', state, sinceMs: 0, clockOffsetMs: 0 }, { broker: 'b', state: other, sinceMs: 0, clockOffsetMs: 0 }] })
    const told = (): (string | undefined)[] => ['s', 'both', 'others'].map((id) => sensorIn(draw(aggregator), id)?.freshness)
    say('live', 'live')
    stream(aggregator, ['s', 'both'].map((id) => thermometer({ id, atMs: START, temperature: 12, position: ANCHOR })))
    aggregator.apply({ type: 'entities', broker: 'b', from: 'stream', entities: ['both', 'others'].map((id) => thermometer({ id, atMs: START, temperature: 14, position: ANCHOR })), rejected: [], receivedAtMs: START })
    expect(told()).toEqual(['fresh', 'fresh', 'fresh'])
    say('down', 'live')
    expect(told()).toEqual(['stale', 'fresh', 'fresh'])
    expect(draw(aggregator).frame.total).toMatchObject({ reporting: 2, known: 3 })
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ latest: 12 })
    say('down', 'down')
    expect(told()).toEqual(['stale', 'stale', 'stale'])
    say('live', 'down')
    expect(told()).toEqual(['fresh', 'fresh', 'stale'])
    say('live', 'live')
    expect(told()).toEqual(['fresh', 'fresh', 'fresh'])
    expect(draw(aggregator).frame.total).toMatchObject({ reporting: 3, known: 3 })
  })

  it('is fresh with a reading that comes although its broker is said to be down', () => {
    const clock = { ms: START }
    const aggregator = start(clock)
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    aggregator.apply({ type: 'brokers', brokers: [{ broker: 'a', state: 'down', sinceMs: 0, clockOffsetMs: 0 }] })
    clock.ms = START + 5 * MINUTE_MS
    stream(aggregator, [thermometer({ id: 's', atMs: clock.ms, temperature: 13 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh', latest: 13 })
  })

  it('is judged by the clock of the broker, not of this machine', () => {
    const clock = { ms: START - HOUR_MS }
    const aggregator = start(clock)
    aggregator.apply({ type: 'clock', offsetMs: HOUR_MS - 5_000 })
    aggregator.apply({ type: 'brokers', brokers: [{ broker: 'a', state: 'live', sinceMs: 0, clockOffsetMs: 5_000 }] })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'fresh', value: 12 })
    expect(draw(aggregator).frame.atMs).toBe(START)
  })

  it('shows its last reading while it is not stale, though it reports more seldom than the window is long', () => {
    const clock = { ms: START }
    const aggregator = start(clock, { ...PLAN, expectedIntervalS: { thermometer: 3_600 } })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 12 })])
    clock.ms = START + 2 * HOUR_MS
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'ageing', value: 12 })
    clock.ms += 1
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ freshness: 'stale', value: NaN, latest: 12 })
  })
})

describe('the roster', () => {
  it('carries the warnings of the last reading, and changes with their kind', () => {
    const aggregator = start({ ms: START })
    const state = aggregator.domains.get('thermometer')!
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 46, name: 'Ribeira' })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ warnings: ['hot'], name: 'Ribeira' })
    const changes = state.rosterChanges
    stream(aggregator, [thermometer({ id: 's', atMs: START + 1, temperature: 47, name: 'Ribeira' })])
    expect(state.rosterChanges).toBe(changes)
    stream(aggregator, [thermometer({ id: 's', atMs: START + 2, temperature: 20, name: 'Ribeira' })])
    expect(state.rosterChanges).toBeGreaterThan(changes)
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ warnings: [] })
  })

  it('keeps name and place when a later state leaves them out', () => {
    const aggregator = start({ ms: START })
    stream(aggregator, [thermometer({ id: 's', atMs: START, temperature: 1, name: 'Ribeira', position: [-8.5, 41.25] })])
    stream(aggregator, [thermometer({ id: 's', atMs: START + 1, temperature: 2 })])
    expect(sensorIn(draw(aggregator), 's')).toMatchObject({ latest: 2, name: 'Ribeira', position: [-8.5, 41.25] })
  })
})

describe('a check', () => {
  const begin = (aggregator: Aggregator): void => aggregator.apply({ type: 'snapshot-started', broker: 'a', check: true })
  const page = (aggregator: Aggregator, entities: readonly Entity[]): void => stream(aggregator, entities, { from: 'check' })
  const end = (aggregator: Aggregator, complete = true): void => aggregator.apply({ type: 'snapshot-ended', broker: 'a', complete })
  const mended = (aggregator: Aggregator, clock: { ms: number }, laterMs = ON_ITS_WAY_MS): number => {
    clock.ms += laterMs
    aggregator.apply({ type: 'clock', offsetMs: 0 })
    return aggregator.counters().mended
  }
  const at = (id: string, atMs: number, temperature: number): Entity => thermometer({ id, atMs, temperature })

  function live() {
    const clock = { ms: START }
    const aggregator = start(clock)
    snapshot(aggregator, [at('changed', START - 9_000, 1), at('gone', START - 9_000, 2), at('same', START - 9_000, 3)])
    return { clock, aggregator }
  }

  it('applies what is newer, removes what is gone, and counts what no notification had told', () => {
    const { clock, aggregator } = live()
    begin(aggregator)
    page(aggregator, [at('changed', START, 10), at('same', START - 9_000, 3)])
    page(aggregator, [at('new', START - 5_000, 4)])
    end(aggregator)
    const drawn = draw(aggregator)
    expect(drawn.roster.ids.toSorted()).toEqual(['changed', 'new', 'same'])
    expect(sensorIn(drawn, 'changed')?.latest).toBe(10)
    expect(mended(aggregator, clock)).toBe(3)
    expect(aggregator.counters()).toMatchObject({ duplicates: 0, late: 0, entities: 3, rejected: [] })
  })

  it('that finds nothing new counts nothing, and is no sign of fresh data', () => {
    const { clock, aggregator } = live()
    const before = { data: aggregator.lastDataAtMs, counters: aggregator.counters() }
    clock.ms += 60_000
    begin(aggregator)
    page(aggregator, [at('changed', START - 9_000, 1), at('gone', START - 9_000, 2), at('same', START - 9_000, 3), { ...at('odd', START, 1), types: ['Unheard'] }])
    end(aggregator)
    expect(mended(aggregator, clock)).toBe(0)
    expect({ data: aggregator.lastDataAtMs, counters: aggregator.counters() }).toEqual(before)
  })

  it('does not count what was on its way', () => {
    const { clock, aggregator } = live()
    begin(aggregator)
    page(aggregator, [at('changed', START, 10), at('same', START - 9_000, 3)])
    end(aggregator)
    stream(aggregator, [at('changed', START, 10)])
    stream(aggregator, [deleted('gone', START)])
    expect(mended(aggregator, clock)).toBe(0)
    expect(aggregator.counters().duplicates).toBe(0)
  })

  it('knows no better than what the stream told since it began', () => {
    const { clock, aggregator } = live()
    begin(aggregator)
    stream(aggregator, [at('changed', START, 20), at('made', START, 5), at('same', START - 9_000, 33)])
    page(aggregator, [at('changed', START - 9_000, 1), at('gone', START - 9_000, 2), at('same', START - 9_000, 3)])
    end(aggregator)
    const drawn = draw(aggregator)
    expect(drawn.roster.ids.toSorted()).toEqual(['changed', 'gone', 'made', 'same'])
    expect([sensorIn(drawn, 'changed')?.latest, sensorIn(drawn, 'same')?.latest]).toEqual([20, 33])
    expect(mended(aggregator, clock)).toBe(0)
  })

  it('that breaks off keeps what it found, and takes nothing for gone', () => {
    const { clock, aggregator } = live()
    begin(aggregator)
    page(aggregator, [at('changed', START, 10)])
    end(aggregator, false)
    expect(draw(aggregator).roster.ids).toHaveLength(3)
    expect(mended(aggregator, clock)).toBe(1)
  })
})
