import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { jsonOf, positionOf, type Entity } from './entity.ts'
import { decodeTemporal, statesOf, type TemporalEntity } from './temporal.ts'

const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`
const ms = (hour: number): number => Date.UTC(2026, 10, 20, hour)
const NO_SUB = new Map()

function historyOf(members: object): TemporalEntity {
  const { ok, rejected } = decodeTemporal({ id: 'urn:ngsi-ld:T:1', type: 'T', ...members })
  expect(rejected).toEqual([])
  return ok[0]!
}

function valuesOf(states: readonly Entity[], name: string): readonly unknown[] {
  return states.map((state) => jsonOf(state.attributes.get(name)?.[0]))
}

describe('decodeTemporal', () => {
  const expected = [
    { kind: 'Property', value: 120, observedAt: ms(1), sub: NO_SUB },
    { kind: 'Property', value: 80, observedAt: ms(2), sub: NO_SUB },
  ]

  it.each([
    ['normalized', [{ type: 'Property', value: 120, observedAt: at(1) }, { type: 'Property', value: 80, observedAt: at(2) }]],
    ['temporalValues', { type: 'Property', values: [[120, at(1)], [80, at(2)]] }],
    ['temporalValues without type', { values: [[120, at(1)], [80, at(2)]] }],
    ['temporalValues in a list', [{ type: 'Property', values: [[120, at(1)], [80, at(2)]] }]],
  ])('reads %s into instances', (_, speed) => {
    expect(historyOf({ speed }).attributes.get('speed')).toEqual(expected)
  })

  it.each([
    ['a normalized instance', { type: 'Property', value: 120, observedAt: at(1) }],
    ['the rows', { type: 'Property', values: [[120, at(1)]] }],
    ['the row', { type: 'Property', values: [120, at(1)] }],
  ])('reads %s reduced from a list of one', (_, speed) => {
    expect(historyOf({ speed }).attributes.get('speed')).toEqual([expected[0]])
  })

  it('keeps unit and dataset beside rows, and the datasets apart', () => {
    const history = historyOf({ speed: [{ type: 'Property', unitCode: 'KMH', datasetId: 'urn:d:a', values: [[1, at(1)]] }, { type: 'Property', datasetId: 'urn:d:b', values: [[2, at(1)]] }] })
    expect(history.attributes.get('speed')).toEqual([
      { kind: 'Property', value: 1, unitCode: 'KMH', datasetId: 'urn:d:a', observedAt: ms(1), sub: NO_SUB },
      { kind: 'Property', value: 2, datasetId: 'urn:d:b', observedAt: ms(1), sub: NO_SUB },
    ])
  })

  it.each([
    ['objects', { type: 'Relationship', objects: [['urn:a', at(1)], [['urn:a', 'urn:b'], at(2)]] }, [['urn:a'], ['urn:a', 'urn:b']], 'objects'],
    ['vocabs', { type: 'VocabProperty', vocabs: [['x', at(1)], [{ vocab: ['x', 'y'] }, at(2)]] }, [['x'], ['x', 'y']], 'vocab'],
    ['jsons', { type: 'JsonProperty', jsons: [[{ json: { a: 1 } }, at(1)], [{ b: 2 }, at(2)]] }, [{ a: 1 }, { b: 2 }], 'json'],
    ['languageMaps', { type: 'LanguageProperty', languageMaps: [[{ languageMap: { nl: 'a' } }, at(1)], [{ en: 'b' }, at(2)]] }, [new Map([['nl', ['a']]]), new Map([['en', ['b']]])], 'languages'],
    ['valueLists', { type: 'ListProperty', valueLists: [[[1, 2], at(1)], [[3], at(2)]] }, [[1, 2], [3]], 'values'],
    ['objectLists', { type: 'ListRelationship', objectLists: [[[{ object: 'urn:a' }], at(1)], [{ objectList: [{ object: 'urn:b' }] }, at(2)]] }, [['urn:a'], ['urn:b']], 'objects'],
    ['values of a GeoProperty', { type: 'GeoProperty', values: [[{ type: 'Point', coordinates: [1, 2] }, at(1)]] }, [{ type: 'Point', coordinates: [1, 2] }], 'geometry'],
  ])('reads %s', (_, attribute, expected, member) => {
    const instances = historyOf({ a: attribute }).attributes.get('a')!
    // The table names the member, which each kind of instance has by another name.
    expect(instances.map((instance) => (instance as unknown as Record<string, unknown>)[member])).toEqual(expected)
    expect(instances[0]!.observedAt).toBe(ms(1))
  })

  it('reads a deletion in a row', () => {
    expect(historyOf({ a: { type: 'Relationship', objects: [['urn:ngsi-ld:null', at(1)]] } }).attributes.get('a')).toEqual([{ kind: 'Deleted', observedAt: ms(1), sub: NO_SUB }])
  })

  it('reads aggregates apart, numbers sent as text as numbers, and a reduced row', () => {
    const history = historyOf({ a: { type: 'Property', avg: [[67.5, at(1), at(2)], ['53', at(2), at(3)]], max: [[90, at(1), at(3)]] }, b: { type: 'Property', totalCount: [3, at(1), at(2)] } })
    expect(history.attributes.size).toBe(0)
    expect(history.aggregates.get('a')).toEqual([
      {
        series: new Map([
          ['avg', [{ value: 67.5, fromMs: ms(1), toMs: ms(2) }, { value: 53, fromMs: ms(2), toMs: ms(3) }]],
          ['max', [{ value: 90, fromMs: ms(1), toMs: ms(3) }]],
        ]),
      },
    ])
    expect(history.aggregates.get('b')![0]!.series.get('totalCount')).toEqual([{ value: 3, fromMs: ms(1), toMs: ms(2) }])
  })

  it('does not take a Property with a sub-attribute called max for an aggregate', () => {
    const history = historyOf({ a: { type: 'Property', value: 1, max: [1, 2, 3] } })
    expect(history.attributes.get('a')![0]!.sub.has('max')).toBe(true)
  })

  it('takes the newest scope of their history', () => {
    expect(historyOf({ scope: { type: 'Property', values: [[['/A', '/B'], at(1)], ['/C', at(2)]] } }).scopes).toEqual(['/C'])
    expect(historyOf({ scope: ['/A', '/B'] }).scopes).toEqual(['/A', '/B'])
  })

  it('costs a bad row only itself, and says where it was', () => {
    const { ok, rejected } = decodeTemporal([{ id: 'urn:a', type: 'T', speed: { type: 'Property', values: [[1, 'x'], [2], [3, at(1)]] } }, 5])
    expect(ok[0]!.attributes.get('speed')).toHaveLength(1)
    expect(rejected).toEqual([
      { id: 'urn:a', path: 'speed.values[0].observedAt', reason: 'expected ISO 8601 with a zone, got "x"' },
      { id: 'urn:a', path: 'speed.values[1]', reason: 'expected [value, time], got a list of 1' },
      { id: '', path: '[1]', reason: 'expected a temporal entity, got 5' },
    ])
  })

  it('reads ten thousand instances, and refuses more than allowed in words', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => [index, new Date(index * 1000).toISOString()])
    expect(historyOf({ a: { type: 'Property', values } }).attributes.get('a')).toHaveLength(10_000)
    const { ok, rejected } = decodeTemporal({ id: 'urn:a', type: 'T', a: { type: 'Property', values } }, { maxInstances: 10 })
    expect(ok[0]!.attributes.get('a')).toHaveLength(10)
    expect(rejected[0]!.reason).toBe('expected at most 10 instances, got 10000: the rest is left out')
  })

  const rows = fc.array(fc.oneof(fc.tuple(fc.anything(), fc.constantFrom(at(1), 'x', 5)), fc.anything()), { maxLength: 4 })
  test.prop([fc.anything(), rows, rows], { numRuns: 300, seed: 4 })('never throws', (value, values, more) => {
    for (const attribute of [value, [value], { values }, { type: 'Property', avg: values }, { type: 'Relationship', objects: more }, { languageMaps: more }, more]) {
      const { ok } = decodeTemporal({ id: 'urn:a', type: 'T', a: attribute, b: { values: more }, scope: value })
      expect(() => ok.map(statesOf)).not.toThrow()
    }
  })
})

function point(lon: number): object {
  return { type: 'Point', coordinates: [lon, 0] }
}

function modified(hours: readonly number[]): object[] {
  return hours.map((hour) => ({ type: 'Property', value: hour, modifiedAt: at(hour) }))
}

function rowsOf(list: readonly (readonly [number, number])[]): unknown[] {
  return list.map(([hour, value]) => [value, at(hour)])
}

describe('statesOf', () => {
  it('puts instances of one time into one state, ascending, whatever their order', () => {
    const states = statesOf(historyOf({ a: { values: [[2, at(2)], [1, at(1)], [3, at(3)]] }, b: [{ type: 'Property', value: 20, observedAt: at(2) }, { type: 'Property', value: 30, observedAt: at(3) }] }))
    expect(valuesOf(states, 'a')).toEqual([1, 2, 3])
    expect(valuesOf(states, 'b')).toEqual([undefined, 20, 30])
    expect(states.every(({ id, types }) => id === 'urn:ngsi-ld:T:1' && types[0] === 'T')).toBe(true)
  })

  it('repeats what is static in each', () => {
    const states = statesOf(historyOf({ a: { values: [[1, at(1)], [2, at(2)]] }, name: { type: 'Property', value: 'Square' }, location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [1, 2] } } }))
    expect(valuesOf(states, 'name')).toEqual(['Square', 'Square'])
    expect(states.map((state) => positionOf(state))).toEqual([[1, 2], [1, 2]])
  })

  it('repeats a place or a text that was told once, with its time, and makes no state of it', () => {
    const states = statesOf(historyOf({ a: { values: [[1, at(3)], [2, at(4)]] }, name: { values: [['Square', at(1)]] }, location: { type: 'GeoProperty', values: [[{ type: 'Point', coordinates: [1, 2] }, at(1)]] } }))
    expect(valuesOf(states, 'a')).toEqual([1, 2])
    expect(valuesOf(states, 'name')).toEqual(['Square', 'Square'])
    expect(states.map((state) => positionOf(state))).toEqual([[1, 2], [1, 2]])
  })

  it('lets a place hold until the next one', () => {
    const states = statesOf(historyOf({ a: { values: [[1, at(1)], [2, at(3)], [3, at(5)]] }, location: { type: 'GeoProperty', values: [[point(2), at(2)], [point(4), at(4)]] } }))
    expect(valuesOf(states, 'a')).toEqual([1, undefined, 2, undefined, 3])
    expect(states.map((state) => positionOf(state)![0])).toEqual([2, 2, 2, 4, 4])
  })

  it('does not repeat what was measured', () => {
    const states = statesOf(historyOf({ a: { values: [[1, at(1)], [2, at(2)]] }, b: { values: [[9, at(1)]] } }))
    expect(valuesOf(states, 'b')).toEqual([9, undefined])
  })

  it('takes the n-th instances together where there are no times', () => {
    const states = statesOf(historyOf({ a: [1, 2, 3].map((value) => ({ type: 'Property', value })), dateObserved: [1, 2, 3].map((hour) => ({ type: 'Property', value: { '@type': 'DateTime', '@value': at(hour) } })), name: 'x' }))
    expect(valuesOf(states, 'a')).toEqual([1, 2, 3])
    expect(valuesOf(states, 'dateObserved')).toEqual([at(1), at(2), at(3)])
    expect(valuesOf(states, 'name')).toEqual(['x', 'x', 'x'])
  })

  it('takes together what was modified at once where one attribute was written less often', () => {
    const states = statesOf(historyOf({ a: modified([3, 2, 1]), b: modified([3, 1]) }))
    expect(valuesOf(states, 'a')).toEqual([1, 2, 3])
    expect(valuesOf(states, 'b')).toEqual([1, undefined, 3])
  })

  it('keeps datasets side by side, and of a correction the one modified last', () => {
    const states = statesOf(
      historyOf({
        a: [
          { type: 'Property', value: 2, datasetId: 'urn:d', observedAt: at(1) },
          { type: 'Property', value: 1, observedAt: at(1), modifiedAt: at(3) },
          { type: 'Property', value: 9, observedAt: at(1), modifiedAt: at(2) },
        ],
      }),
    )
    expect(states).toHaveLength(1)
    expect(states[0]!.attributes.get('a')!.map((instance) => [instance.datasetId, jsonOf(instance)])).toEqual([[undefined, 1], ['urn:d', 2]])
  })

  it('is one state when nothing ever changed, and none when there is nothing', () => {
    expect(statesOf(historyOf({ name: 'x' }))).toHaveLength(1)
    expect(statesOf(historyOf({ location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [1, 2] }, observedAt: at(1) } }))).toHaveLength(1)
    expect(statesOf(historyOf({}))).toEqual([])
  })

  const history = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer()), { selector: ([hour]) => hour, maxLength: 12 })
  test.prop([history, history], { numRuns: 100, seed: 5 })('loses no instance, and depends on no order', (a, b) => {
    const read = (first: typeof a, second: typeof b): Entity[] => statesOf(historyOf({ a: { values: rowsOf(first) }, b: { values: rowsOf(second) } }))
    const states = read(a, b)
    const told = states.flatMap(({ attributes }) => [...attributes].flatMap(([name, instances]) => instances.map((instance) => [name, instance.observedAt, jsonOf(instance)])))
    const given = [...a.map(([hour, value]) => ['a', ms(hour), value]), ...b.map(([hour, value]) => ['b', ms(hour), value])]
    expect(told.map(String).sort()).toEqual(given.map(String).sort())
    expect(read(a.toReversed(), b.toReversed())).toEqual(states)
  })
})
