import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityQueryParameters, georelText, nearPosition, parseGeorel, postQueryParameters, queryBody, temporalQueryParameters, withinBounds, type EntityQuery, type GeoRelation } from './query.ts'

function read(parameters: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(parameters))
}

describe('entityQueryParameters', () => {
  it('writes what every broker takes, and nothing that is the default', () => {
    expect(entityQueryParameters({ types: ['NoiseLevelObserved', 'NoisePollution'], format: 'normalized', offset: 0, limit: 100 })).toBe('type=NoiseLevelObserved%2CNoisePollution&limit=100')
  })

  it('joins form and system attributes in the old options, which all brokers know', () => {
    expect(read(entityQueryParameters({ format: 'simplified', sysAttrs: true, count: true }))).toEqual({ options: 'keyValues,sysAttrs', count: 'true' })
  })

  it('writes everything that a query can say', () => {
    const query: EntityQuery = {
      ids: ['urn:a', 'urn:b'], types: ['(A|B);C'], idPattern: '.*:porto:.*', attrs: ['LAeq'], pick: ['id', 'LAeq'], omit: ['x'], q: 'LAeq>55;name=="a&b"', geo: nearPosition([-8.61, 41.15], 500), scopeQ: '/porto/#',
      datasetIds: ['urn:d'], language: 'pt', local: true, limit: 10, offset: 20, count: true,
    }
    expect(read(entityQueryParameters(query))).toEqual({
      id: 'urn:a,urn:b', type: '(A|B);C', idPattern: '.*:porto:.*', attrs: 'LAeq', pick: 'id,LAeq', omit: 'x', q: 'LAeq>55;name=="a&b"', georel: 'near;maxDistance==500', geometry: 'Point', coordinates: '[-8.61,41.15]', scopeQ: '/porto/#',
      datasetId: 'urn:d', lang: 'pt', local: 'true', limit: '10', offset: '20', count: 'true',
    })
    expect(read(entityQueryParameters({ local: true }, { localFlag: 'localOnly' }))).toEqual({ localOnly: 'true' })
  })

  test.prop([fc.record({ q: fc.string({ unit: 'binary' }), types: fc.array(fc.string(), { minLength: 1 }) })], { seed: 6 })('encodes any text so that it arrives whole', (query) => {
    expect(read(entityQueryParameters(query))).toEqual(Object.fromEntries(Object.entries({ type: query.types.join(','), q: query.q }).filter(([, text]) => text !== '')))
  })

  it('survives a text that is no Unicode', () => {
    expect(entityQueryParameters({ q: 'a=="\ud800"' })).toBe('q=a%3D%3D%22%EF%BF%BD%22')
  })
})

describe('queryBody', () => {
  it('has a selector for each type, or for each type and id', () => {
    expect(queryBody({ types: ['A', 'B'], idPattern: 'x.*', q: 'a>1', attrs: ['a'], geo: withinBounds([1, 2, 3, 4]) })).toEqual({
      type: 'Query',
      entities: [{ type: 'A', idPattern: 'x.*' }, { type: 'B', idPattern: 'x.*' }],
      attrs: ['a'],
      q: 'a>1',
      geoQ: { georel: 'within', geometry: 'Polygon', coordinates: [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]] },
    })
    expect(queryBody({ ids: ['urn:a', 'urn:b'] })['entities']).toEqual([{ type: '*', id: 'urn:a' }, { type: '*', id: 'urn:b' }])
  })

  it('carries the temporal part', () => {
    expect(queryBody({ types: ['A'] }, { timerel: 'after', timeAtMs: 0, lastN: 5 })).toMatchObject({ temporalQ: { timerel: 'after', timeAt: '1970-01-01T00:00:00Z', lastN: 5 } })
  })

  it('leaves paging and form in the address', () => {
    expect(postQueryParameters({ types: ['A'], language: 'pt', format: 'simplified', limit: 5, offset: 5 })).toBe('options=keyValues&limit=5&offset=5')
  })
})

describe('temporalQueryParameters', () => {
  it('says when, how many and in which form', () => {
    expect(read(temporalQueryParameters({ entities: { types: ['A'], attrs: ['x'], format: 'simplified' }, timerel: 'between', timeAtMs: 0, endTimeAtMs: 3_600_000, timeproperty: 'modifiedAt', lastN: 10, form: 'temporalValues' }))).toEqual({
      type: 'A', attrs: 'x', timerel: 'between', timeAt: '1970-01-01T00:00:00Z', endTimeAt: '1970-01-01T01:00:00Z', timeproperty: 'modifiedAt', lastN: '10', options: 'temporalValues',
    })
  })

  it('asks for aggregates with methods and period, and only then', () => {
    const aggregation = { methods: ['avg', 'max'], period: 'PT1H' } as const
    expect(read(temporalQueryParameters({ form: 'aggregatedValues', aggregation }))).toEqual({ aggrMethods: 'avg,max', aggrPeriodDuration: 'PT1H', options: 'aggregatedValues' })
    expect(temporalQueryParameters({ aggregation })).toBe('')
  })
})

describe('georel', () => {
  const relation: fc.Arbitrary<GeoRelation> = fc.oneof(
    fc.constantFrom<GeoRelation>({ kind: 'within' }, { kind: 'contains' }, { kind: 'intersects' }, { kind: 'equals' }, { kind: 'disjoint' }, { kind: 'overlaps' }),
    fc.nat().map((maxDistanceM): GeoRelation => ({ kind: 'near', maxDistanceM })),
    fc.tuple(fc.nat(), fc.nat()).map(([maxDistanceM, minDistanceM]): GeoRelation => ({ kind: 'near', maxDistanceM, minDistanceM })),
  )

  test.prop([relation], { seed: 7 })('is the same after being written and read', (given) => {
    expect(parseGeorel(georelText(given))).toEqual(given)
  })

  it.each(['near', 'near;maxDistance=5', 'near;maxDistance==-5', 'near;maxDistance==x', 'beside', '', 'within;maxDistance==5', 'near;maxDistance==1;minDistance==1;x'])('%j is none', (text) => {
    expect(parseGeorel(text)).toBeUndefined()
  })
})
