import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startBroker, type Ask, type RunningBroker } from '../../../test/running-broker.ts'
import { hasShared, sharedPath } from '../../../test/shared.ts'
import { formatInstant } from '../../core/time/instant.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import type { TemporalSource } from './temporal-source.ts'

let running: RunningBroker
beforeEach(async () => {
  running = await startBroker()
})
afterEach(async () => {
  expect(running.faults).toEqual([])
  await running.stop()
})
const ask = (method: string, path: string, more?: Ask) => running.ask(method, path, more)

const ID = 'urn:ngsi-ld:Vehicle:1'
// The vehicle of the ETSI test suite's cases 020_11 (aggregated temporal representation).
const vehicle = {
  id: ID,
  type: 'Vehicle',
  speed: [120, 80, 100].map((value, n) => ({ type: 'Property', value, observedAt: `2020-08-01T12:0${3 + 2 * n}:00Z` })),
  fuelLevel: [67, 53, 40].map((value, n) => ({ type: 'Property', value, observedAt: `2020-08-01T1${2 + n}:0${3 + 2 * n}:00Z` })),
}
const load = () => ask('POST', '/temporal/entities', { body: vehicle })
const at = (clock: string) => `2020-08-01T${clock}Z`

describe('the past of an entity', () => {
  it('is written before there is an entity, appended to and deleted', async () => {
    expect((await load()).status).toBe(201)
    expect((await load()).status).toBe(204)
    expect((await ask('GET', `/entities/${ID}`)).status).toBe(404)
    // What was observed at a known time is not doubled.
    expect((await ask('GET', `/temporal/entities/${ID}`)).json).toEqual(vehicle)
    expect((await ask('POST', `/temporal/entities/${ID}/attrs`, { body: { speed: { type: 'Property', value: 90, observedAt: at('12:04:00') } } })).status).toBe(204)
    const { json } = await ask('GET', `/temporal/entities/${ID}?attrs=speed&options=temporalValues`)
    expect(json).toEqual({ id: ID, type: 'Vehicle', speed: { type: 'Property', values: [[120, at('12:03:00')], [90, at('12:04:00')], [80, at('12:05:00')], [100, at('12:07:00')]] } })
    expect((await ask('DELETE', `/temporal/entities/${ID}/attrs/speed`)).status).toBe(204)
    expect(Object.keys((await ask('GET', `/temporal/entities/${ID}`)).json)).toEqual(['id', 'type', 'fuelLevel'])
    expect((await ask('DELETE', `/temporal/entities/${ID}`)).status).toBe(204)
    for (const [method, path] of [['GET', ''], ['DELETE', ''], ['DELETE', '/attrs/speed']] as const) expect((await ask(method, `/temporal/entities/${ID}${path}`)).status).toBe(404)
    expect((await ask('POST', `/temporal/entities/${ID}/attrs`, { body: { speed: 1 } })).status).toBe(404)
  })

  it('grows with each write of the present', async () => {
    for (const [n, value] of [50, 51, 52].entries()) {
      await ask('POST', '/entityOperations/upsert', { body: [{ id: 'urn:x:1', type: 'X', a: { value, observedAt: `2024-05-14T07:0${n}:00Z` }, name: 'x' }] })
      running.clock.advance(60_000)
    }
    await ask('DELETE', '/entities/urn:x:1')
    const { json } = await ask('GET', '/temporal/entities/urn:x:1')
    expect(json.a.map(({ value }: { value: number }) => value)).toEqual([50, 51, 52])
    expect(json.name).toHaveLength(3)
    const modified = await ask('GET', '/temporal/entities/urn:x:1?timerel=after&timeAt=2024-05-14T08:00:00Z&timeproperty=modifiedAt&attrs=a')
    expect(modified.json.a).toMatchObject([{ value: 51, modifiedAt: '2024-05-14T08:01:00Z' }, { value: 52, modifiedAt: '2024-05-14T08:02:00Z' }])
  })

  it.each([
    ['timerel=before&timeAt=' + at('12:05:00'), [120]],
    ['timerel=after&timeAt=' + at('12:05:00'), [100]],
    [`timerel=between&timeAt=${at('12:03:00')}&endTimeAt=${at('12:07:00')}`, [120, 80]],
    ['lastN=2', [80, 100]],
    [`timerel=before&timeAt=${at('12:07:00')}&lastN=1`, [80]],
  ])('is cut by %s', async (query, expected) => {
    await load()
    const { json } = await ask('GET', `/temporal/entities/${ID}?${query}&pick=speed`)
    expect((json.speed ?? []).map(({ value }: { value: number }) => value)).toEqual(expected)
  })

  it.each([
    'timerel=around&timeAt=2020-01-01T00:00:00Z', 'timerel=before', 'timerel=before&timeAt=yesterday', 'timeAt=2020-01-01T00:00:00Z', 'timerel=between&timeAt=2020-01-01T00:00:00Z',
    'timerel=between&timeAt=2020-01-02T00:00:00Z&endTimeAt=2020-01-01T00:00:00Z', 'timerel=before&timeAt=2020-01-02T00:00:00Z&endTimeAt=2020-01-01T00:00:00Z', 'lastN=0', 'lastN=x',
    'timeproperty=whenever', 'options=aggregatedValues', 'options=aggregatedValues&aggrMethods=median', 'options=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=1h', 'aggrMethods=avg', 'options=keyValues', 'unknown=1',
  ])('is refused for %s', async (query) => {
    await load()
    expect((await ask('GET', `/temporal/entities/${ID}?${query}`)).status).toBe(400)
  })

  it('keeps datasets apart, and the member names of every type', async () => {
    const observedAt = '2024-05-14T07:00:00Z'
    await ask('POST', '/temporal/entities', {
      body: {
        id: 'urn:x:1', type: 'X',
        a: [{ type: 'Property', value: 1, observedAt }, { type: 'Property', value: 2, observedAt, datasetId: 'urn:d:1' }],
        rel: { type: 'Relationship', object: 'urn:x:2', observedAt },
        words: { type: 'LanguageProperty', languageMap: { en: 'a' }, observedAt },
      },
    })
    expect((await ask('GET', '/temporal/entities/urn:x:1?options=temporalValues')).json).toEqual({
      id: 'urn:x:1', type: 'X',
      a: [{ type: 'Property', values: [[1, observedAt]] }, { type: 'Property', datasetId: 'urn:d:1', values: [[2, observedAt]] }],
      rel: { type: 'Relationship', objects: [['urn:x:2', observedAt]] },
      words: { type: 'LanguageProperty', languageMaps: [[{ en: 'a' }, observedAt]] },
    })
    expect((await ask('GET', '/temporal/entities/urn:x:1?options=temporalValues&datasetId=urn:d:1&attrs=a')).json.a).toEqual({ type: 'Property', datasetId: 'urn:d:1', values: [[2, observedAt]] })
  })
})

describe('an aggregated past', () => {
  const aggregated = async (query: string) => (await ask('GET', `/temporal/entities/${ID}?options=aggregatedValues&${query}`)).json

  const fixture = sharedPath('fixtures', 'ngsi-ld', 'etsi-test-suite.jsonl')
  it.skipIf(!hasShared || !existsSync(fixture))('is what the ETSI test suite expects (skipped without the shared fixtures)', async () => {
    const expectations = readFileSync(fixture, 'utf8').split('\n').filter((line) => line.includes('vehicle-temporal-representation-020-11-')).map((line) => JSON.parse(line) as { source: string; payload: JsonObject })
    expect(expectations).toHaveLength(4)
    await load()
    for (const { source, payload } of expectations) {
      const number = /020-11-0(\d)/.exec(source)![1]
      const query = { 1: 'aggrMethods=avg&aggrPeriodDuration=PT1H', 2: 'aggrMethods=avg&aggrPeriodDuration=PT1H&attrs=fuelLevel', 3: 'aggrMethods=avg,max&aggrPeriodDuration=PT1H', 4: 'aggrMethods=min,max&aggrPeriodDuration=P1D' }[number!]!
      expect(await aggregated(query)).toEqual({ ...payload, id: ID })
    }
  })

  it('has every method, over the whole range when no period is given', async () => {
    await load()
    const whole = [at('12:00:00'), at('13:00:00')]
    expect(await aggregated(`attrs=speed&aggrMethods=avg,sum,sumsq,min,max,stddev,totalCount,distinctCount&aggrPeriodDuration=PT0S&timerel=between&timeAt=${whole[0]}&endTimeAt=${whole[1]}`)).toEqual({
      id: ID, type: 'Vehicle',
      speed: {
        type: 'Property', avg: [[100, ...whole]], sum: [[300, ...whole]], sumsq: [[30_800, ...whole]], min: [[80, ...whole]], max: [[120, ...whole]],
        stddev: [[20, ...whole]], totalCount: [[3, ...whole]], distinctCount: [[3, ...whole]],
      },
    })
  })

  it('begins its periods at timeAt, leaves out empty ones, and follows the calendar for months', async () => {
    await load()
    const { speed } = await aggregated(`attrs=speed&aggrMethods=totalCount&aggrPeriodDuration=PT2M&timerel=after&timeAt=${at('12:00:00')}`)
    expect(speed.totalCount).toEqual([[1, at('12:02:00'), at('12:04:00')], [1, at('12:04:00'), at('12:06:00')], [1, at('12:06:00'), at('12:08:00')]])
    const months = await aggregated('attrs=speed&aggrMethods=totalCount&aggrPeriodDuration=P1M&timerel=after&timeAt=2020-01-31T00:00:00Z')
    expect(months.speed.totalCount).toEqual([[3, '2020-07-31T00:00:00Z', '2020-08-31T00:00:00Z']])
  })

  it('says of texts, truths and relationships only what can be said', async () => {
    const observed = (value: unknown, n: number) => ({ type: 'Property', value, observedAt: `2020-08-01T12:00:0${n}Z` })
    await ask('POST', '/temporal/entities', { body: { id: ID, type: 'X', text: ['b', 'a'].map(observed), truth: [true, false, true].map(observed), rel: { type: 'Relationship', object: 'urn:x:1', observedAt: at('12:00:00') } } })
    const { text, truth, rel } = await aggregated('aggrMethods=avg,min,max,totalCount,distinctCount&aggrPeriodDuration=P1D')
    const value = (rows: [unknown, ...unknown[]][]) => rows.map(([first]) => first)
    expect([value(text.avg), value(text.min), value(text.max), value(text.totalCount)]).toEqual([[], ['a'], ['b'], [2]])
    expect([value(truth.avg), value(truth.distinctCount)]).toEqual([[2 / 3], [2]])
    expect([value(rel.avg), value(rel.min), value(rel.totalCount)]).toEqual([[], [], [1]])
  })
})

describe('a temporal query', () => {
  beforeEach(async () => {
    await load()
    await ask('POST', '/temporal/entities', { body: { ...vehicle, id: 'urn:ngsi-ld:Vehicle:2' } })
    await ask('POST', '/entities', { body: { id: 'urn:ngsi-ld:Bike:1', type: 'Bike', speed: { value: 5, observedAt: at('12:00:30') } } })
  })

  it('finds entities by type and value, present or past', async () => {
    const ids = async (query: string) => (await ask('GET', `/temporal/entities?timerel=after&timeAt=${at('12:00:00')}&${query}`)).json.map(({ id }: { id: string }) => id)
    expect(await ids('type=Vehicle')).toEqual([ID, 'urn:ngsi-ld:Vehicle:2'])
    expect(await ids('type=*&local=true')).toEqual(['urn:ngsi-ld:Bike:1', ID, 'urn:ngsi-ld:Vehicle:2'])
    expect(await ids(`q=${encodeURIComponent('speed<50')}`)).toEqual(['urn:ngsi-ld:Bike:1'])
    expect(await ids('type=Vehicle&limit=1&offset=1')).toEqual(['urn:ngsi-ld:Vehicle:2'])
    expect((await ask('GET', `/temporal/entities?type=Vehicle&timerel=after&timeAt=${at('12:00:00')}&limit=1&count=true`)).headers.get('ngsild-results-count')).toBe('2')
    expect((await ask('GET', '/temporal/entities?type=Vehicle')).status).toBe(400)
    expect((await ask('GET', `/temporal/entities?timerel=after&timeAt=${at('12:00:00')}`)).status).toBe(400)
  })

  it('comes by POST as well', async () => {
    const body = { type: 'Query', entities: [{ type: 'Vehicle', id: ID }], attrs: ['speed'], temporalQ: { timerel: 'between', timeAt: at('12:00:00'), endTimeAt: at('13:00:00'), lastN: 1 } }
    expect((await ask('POST', '/temporal/entityOperations/query?options=temporalValues', { body })).json).toEqual([{ id: ID, type: 'Vehicle', speed: { type: 'Property', values: [[100, at('12:07:00')]] } }])
    expect((await ask('POST', '/temporal/entityOperations/query', { body: { ...body, temporalQ: undefined } })).status).toBe(400)
    const aggregating = { ...body, temporalQ: { timerel: 'after', timeAt: at('12:00:00'), aggrParams: { aggrMethods: ['max'], aggrPeriodDuration: 'PT1H' } } }
    expect((await ask('POST', '/temporal/entityOperations/query?options=aggregatedValues', { body: aggregating })).json[0].speed.max).toEqual([[120, at('12:00:00'), at('13:00:00')]])
  })
})

describe('a long past', () => {
  const MINUTES = 95
  const instances = Array.from({ length: MINUTES }, (_, n) => ({ type: 'Property', value: n, observedAt: formatInstant(Date.parse('2020-01-01T00:00:00Z') + n * 60_000) }))
  beforeEach(async () => {
    await running.stop()
    running = await startBroker({ limits: { temporalInstances: 20, historyOfAttribute: 1_000 } })
    await ask('POST', '/temporal/entities', { body: { id: ID, type: 'Vehicle', a: instances, b: instances } })
  })

  it('comes in parts that follow one another, together everything once', async () => {
    const seen: number[] = []
    let since = '2019-12-31T00:00:00Z'
    for (let parts = 0; ; parts++) {
      expect(parts).toBeLessThan(20)
      const part = await ask('GET', `/temporal/entities/${ID}?timerel=after&timeAt=${since}&options=temporalValues`)
      const values = part.json.a.values.map(([value]: [number]) => value)
      expect(part.json.b.values).toHaveLength(values.length)
      seen.push(...values)
      if (part.status === 200) break
      expect(part.status).toBe(206)
      const range = /^date-time (\S{20})-(\S{20})\/\*$/.exec(part.headers.get('content-range')!)!
      expect(range[1]).toBe(since)
      since = range[2]!
    }
    expect(seen).toEqual(instances.map(({ value }) => value))
  })

  it('goes backwards with lastN', async () => {
    const part = await ask('GET', `/temporal/entities/${ID}?lastN=50&options=temporalValues`)
    expect(part.status).toBe(206)
    expect(part.json.a.values.map(([value]: [number]) => value)).toEqual([85, 86, 87, 88, 89, 90, 91, 92, 93, 94])
    expect(part.headers.get('content-range')).toBe('date-time 2020-01-01T01:34:00Z-2020-01-01T01:25:00Z/50')
  })

  it('is aggregated whole', async () => {
    const { status, json } = await ask('GET', `/temporal/entities/${ID}?options=aggregatedValues&aggrMethods=totalCount&aggrPeriodDuration=P1D&attrs=a`)
    expect([status, json.a.totalCount[0][0]]).toEqual([200, MINUTES])
  })

  it('loses its oldest instances when it is full', async () => {
    await running.stop()
    running = await startBroker({ limits: { historyOfAttribute: 50, history: 60 } })
    await ask('POST', '/temporal/entities', { body: { id: ID, type: 'Vehicle', a: instances } })
    const values = (await ask('GET', `/temporal/entities/${ID}?options=temporalValues`)).json.a.values
    expect(values.length).toBeLessThanOrEqual(50)
    expect(values.at(-1)[0]).toBe(94)
    await ask('POST', '/temporal/entities', { body: { id: 'urn:x:2', type: 'Vehicle', a: instances, b: instances } })
    const other = (await ask('GET', '/temporal/entities/urn:x:2?options=temporalValues')).json
    expect(other.a.values.at(-1)[0]).toBe(94)
    expect(other.a.values.length + (other.b?.values.length ?? 0) + values.length).toBeLessThanOrEqual(60)
  })
})

describe('a computed past', () => {
  const asked: [string, string][] = []
  const source: TemporalSource = {
    knows: (id) => id === ID,
    *statesOf(id, fromMs, toMs) {
      asked.push([formatInstant(fromMs), formatInstant(toMs)])
      for (let ms = Math.ceil(fromMs / 600_000) * 600_000; ms < toMs; ms += 600_000) {
        yield { id, type: 'Vehicle', name: { type: 'Property', value: 'x' }, a: { type: 'Property', value: ms / 600_000, observedAt: formatInstant(ms) } }
      }
    },
  }
  beforeEach(async () => {
    await running.stop()
    running = await startBroker({ temporalSource: (tenant) => (tenant === '' ? source : undefined) })
    running.broker.upsert('', [{ id: ID, type: 'Vehicle', a: { type: 'Property', value: 1, observedAt: '2024-05-14T08:00:00Z' } }])
    asked.length = 0
  })
  const times = ({ json }: { json: { a: { values: [number, string][] } } }) => json.a.values.map(([, time]) => time.slice(11, 16))

  it('is asked for just the time that the query names, and never for the future', async () => {
    const between = await ask('GET', `/temporal/entities/${ID}?timerel=between&timeAt=2024-05-14T06:00:00Z&endTimeAt=2024-05-14T06:30:00Z&options=temporalValues`)
    expect(times(between)).toEqual(['06:00', '06:10', '06:20'])
    expect(asked).toEqual([['2024-05-14T06:00:00Z', '2024-05-14T06:30:00Z']])
    expect(times(await ask('GET', `/temporal/entities/${ID}?timerel=after&timeAt=2024-05-14T07:30:00Z&options=temporalValues`))).toEqual(['07:40', '07:50', '08:00'])
    expect(times(await ask('GET', `/temporal/entities/${ID}?timerel=between&timeAt=2024-05-14T07:50:00Z&endTimeAt=2030-01-01T00:00:00Z&options=temporalValues`))).toEqual(['07:50', '08:00'])
    expect(times(await ask('GET', `/temporal/entities/${ID}?lastN=2&options=temporalValues`))).toEqual(['07:50', '08:00'])
    expect(times(await ask('GET', `/temporal/entities/${ID}?timerel=before&timeAt=2024-05-01T00:00:00Z&lastN=20&options=temporalValues`))).toHaveLength(20)
  })

  it('is aggregated, queried, and cannot be written', async () => {
    const { json } = await ask('GET', `/temporal/entities?type=Vehicle&timerel=between&timeAt=2024-05-13T00:00:00Z&endTimeAt=2024-05-14T00:00:00Z&options=aggregatedValues&aggrMethods=totalCount&aggrPeriodDuration=PT6H`)
    expect(json[0].a.totalCount.map(([count]: [number]) => count)).toEqual([36, 36, 36, 36])
    expect((await ask('POST', '/temporal/entities', { body: vehicle })).status).toBe(422)
  })
})
