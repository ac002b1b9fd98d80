import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { decodeEntities, decodeEntity } from './decode.ts'
import { attribute, positionOf, textOf, type Attribute, type Entity } from './entity.ts'

const AT = Date.UTC(2026, 10, 20, 8, 14, 5)
const AT_TEXT = '2026-11-20T08:14:05Z'
const NO_SUB = new Map()

/** The attribute `a` of an entity that has only it. */
function instancesOf(json: unknown): readonly Attribute[] {
  const { ok, rejected } = decodeEntities({ id: 'urn:ngsi-ld:T:1', type: 'T', a: json })
  expect(rejected).toEqual([])
  return ok[0]!.attributes.get('a') ?? []
}

function entity(members: object): unknown {
  return { id: 'urn:ngsi-ld:T:1', type: 'T', ...members }
}

function rejectionsOf(members: object): readonly string[] {
  return decodeEntities(entity(members)).rejected.map(({ id, path, reason }) => `${id} ${path}: ${reason}`)
}

describe('attributes in each of their forms (4.5.2 to 4.5.4)', () => {
  const location = { type: 'Point', coordinates: [-8.61, 41.15] }
  const cases: readonly (readonly [name: string, expected: Attribute, forms: readonly unknown[]])[] = [
    ['a Property', { kind: 'Property', value: 61.5, sub: NO_SUB }, [{ type: 'Property', value: 61.5 }, { value: 61.5 }, 61.5, { type: 'https://uri.etsi.org/ngsi-ld/Property', value: 61.5 }, { type: ['Property'], value: 61.5 }, { '@type': 'ngsi-ld:Property', value: 61.5 }, { type: 'Number', value: 61.5 }, [{ type: 'Property', value: 61.5 }]]],
    ['a Property that is a list', { kind: 'Property', value: [1, 2], sub: NO_SUB }, [{ type: 'Property', value: [1, 2] }, { value: [1, 2] }, [1, 2], { type: 'array', value: [1, 2] }]],
    ['a Property that is an object', { kind: 'Property', value: { L1: 1, type: 'X' }, sub: NO_SUB }, [{ type: 'Property', value: { L1: 1, type: 'X' } }, { value: { L1: 1, type: 'X' } }, { L1: 1, type: 'X' }]],
    ['a Property that is null', { kind: 'Property', value: null, sub: NO_SUB }, [{ type: 'Property', value: null }, null]],
    [
      'a DateTime',
      { kind: 'Property', value: AT_TEXT, valueType: 'DateTime', sub: NO_SUB },
      [
        { type: 'Property', value: { '@type': 'DateTime', '@value': AT_TEXT } },
        { type: 'Property', value: { type: 'DateTime', value: AT_TEXT } },
        { '@type': 'DateTime', '@value': AT_TEXT },
        { type: 'DateTime', '@value': AT_TEXT },
        { type: 'DateTime', value: AT_TEXT },
        { type: 'date-time', value: { '@type': 'DateTime', '@value': AT_TEXT } },
        { value: { '@type': 'https://uri.etsi.org/ngsi-ld/DateTime', '@value': AT_TEXT } },
      ],
    ],
    ['a plain @value', { kind: 'Property', value: 5, sub: NO_SUB }, [{ type: 'Property', value: { '@value': 5 } }, { '@value': 5 }]],
    [
      'a GeoProperty',
      { kind: 'GeoProperty', geometry: location, sub: NO_SUB },
      [{ type: 'GeoProperty', value: location }, { value: location }, location, { type: 'GeoProperty', value: { ...location, type: 'point' } }, { type: 'GeoProperty', value: JSON.stringify(location) }, { type: 'GeoProperty', value: [location] }, { coordinates: location.coordinates }],
    ],
    ['a Relationship', { kind: 'Relationship', objects: ['urn:ngsi-ld:Device:1'], sub: NO_SUB }, [{ type: 'Relationship', object: 'urn:ngsi-ld:Device:1' }, { object: 'urn:ngsi-ld:Device:1' }, { object: ['urn:ngsi-ld:Device:1'] }, { type: 'Relationship', value: 'urn:ngsi-ld:Device:1' }, { type: 'Relationship', object: 'urn:ngsi-ld:Device:1', entity: { id: 'urn:ngsi-ld:Device:1', type: 'Device' } }, { id: 'urn:ngsi-ld:Device:1', type: 'Device', name: 'inlined' }]],
    ['a Relationship to many', { kind: 'Relationship', objects: ['urn:a', 'urn:b'], objectTypes: ['A'], sub: NO_SUB }, [{ type: 'Relationship', object: ['urn:a', 'urn:b'], objectType: 'A' }, { object: ['urn:a', 'urn:b'], objectType: ['A'] }]],
    ['a LanguageProperty', { kind: 'LanguageProperty', languages: new Map([['en', ['Square']], ['nl', ['Plein', 'Markt']]]), sub: NO_SUB }, [{ type: 'LanguageProperty', languageMap: { en: 'Square', nl: ['Plein', 'Markt'] } }, { languageMap: { en: ['Square'], nl: ['Plein', 'Markt'] } }]],
    ['a VocabProperty', { kind: 'VocabProperty', vocab: ['sensor'], sub: NO_SUB }, [{ type: 'VocabProperty', vocab: 'sensor' }, { type: 'VocabularyProperty', vocab: ['sensor'] }, { vocab: 'sensor' }, { type: 'VocabProperty', value: 'sensor' }]],
    ['a JsonProperty', { kind: 'JsonProperty', json: { a: [null, 1] }, sub: NO_SUB }, [{ type: 'JsonProperty', json: { a: [null, 1] } }, { json: { a: [null, 1] } }]],
    ['a ListProperty', { kind: 'ListProperty', values: [1, 'b'], sub: NO_SUB }, [{ type: 'ListProperty', valueList: [1, 'b'] }, { valueList: [1, 'b'] }]],
    ['a ListProperty of one, reduced', { kind: 'ListProperty', values: [1], sub: NO_SUB }, [{ type: 'ListProperty', valueList: 1 }]],
    ['a ListRelationship', { kind: 'ListRelationship', objects: ['urn:a', 'urn:b'], sub: NO_SUB }, [{ type: 'ListRelationship', objectList: [{ object: 'urn:a' }, { object: 'urn:b' }] }, { objectList: ['urn:a', 'urn:b'] }]],
    ['a ListRelationship of one, reduced', { kind: 'ListRelationship', objects: ['urn:a'], sub: NO_SUB }, [{ type: 'ListRelationship', objectList: { object: 'urn:a' } }]],
    [
      'a deletion',
      { kind: 'Deleted', sub: NO_SUB },
      [
        'urn:ngsi-ld:null',
        { type: 'Property', value: 'urn:ngsi-ld:null' },
        { value: 'urn:ngsi-ld:null' },
        { type: 'GeoProperty', value: 'urn:ngsi-ld:null' },
        { object: 'urn:ngsi-ld:null' },
        { type: 'Relationship', object: ['urn:ngsi-ld:null'] },
        { type: 'LanguageProperty', languageMap: { '@none': 'urn:ngsi-ld:null' } },
        { languageMap: 'urn:ngsi-ld:null' },
        { vocab: 'urn:ngsi-ld:null' },
        { json: 'urn:ngsi-ld:null' },
        { type: 'ListProperty', valueList: ['urn:ngsi-ld:null'] },
        { valueList: 'urn:ngsi-ld:null' },
        { type: 'ListRelationship', objectList: [{ object: 'urn:ngsi-ld:null' }] },
        { objectList: 'urn:ngsi-ld:null' },
      ],
    ],
  ]

  it.each(cases.flatMap(([name, expected, forms]) => forms.map((form) => [name, JSON.stringify(form), expected, form] as const)))('%s is read from %s', (_, __, expected, form) => {
    expect(instancesOf(form)).toEqual([expected])
  })

  it('a simplified Relationship cannot be told from a text', () => {
    expect(instancesOf('urn:ngsi-ld:Device:1')).toEqual([{ kind: 'Property', value: 'urn:ngsi-ld:Device:1', sub: NO_SUB }])
  })

  it('geometry types that concise Scorpio drops are taken from the nesting', () => {
    const ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    expect(instancesOf({ value: { coordinates: [ring] } })).toMatchObject([{ geometry: { type: 'Polygon' } }])
    expect(instancesOf({ value: { coordinates: ring } })).toMatchObject([{ geometry: { type: 'LineString' } }])
    expect(instancesOf({ value: { coordinates: [[ring]] } })).toMatchObject([{ geometry: { type: 'MultiPolygon' } }])
    expect(instancesOf({ value: { coordinates: [[[0, 0], [1, 1]]] } })).toMatchObject([{ geometry: { type: 'MultiLineString' } }])
  })
})

describe('what stands beside a value', () => {
  it('is read: time, unit, dataset, system attributes, previous value, instance id', () => {
    const [read] = instancesOf({ type: 'Property', value: 1, unitCode: '2N', observedAt: '2026-11-20T08:14:05.000000Z', createdAt: AT_TEXT, modifiedAt: '2026-11-20T09:14:05+01:00', expiresAt: AT_TEXT, deletedAt: AT_TEXT, previousValue: 0, instanceId: 'urn:i:1' })
    expect(read).toEqual({ kind: 'Property', value: 1, unitCode: '2N', observedAt: AT, createdAt: AT, modifiedAt: AT, expiresAt: AT, deletedAt: AT, previous: 0, instanceId: 'urn:i:1', sub: NO_SUB })
  })

  it('may come with the names of the core context expanded or prefixed', () => {
    expect(instancesOf({ type: 'Property', value: 1, 'https://uri.etsi.org/ngsi-ld/observedAt': { '@type': 'DateTime', '@value': AT_TEXT }, 'ngsi-ld:unitCode': '2N' })).toEqual([{ kind: 'Property', value: 1, unitCode: '2N', observedAt: AT, sub: NO_SUB }])
  })

  it('may be sub-attributes of any kind and form, to the depth allowed', () => {
    const [read] = instancesOf({ value: 1, accuracy: { type: 'Property', value: 0.9, by: { object: 'urn:a' } }, quality: 'good', where: { type: 'Point', coordinates: [1, 2] } })
    const accuracy = read!.sub.get('accuracy')![0]!
    expect(accuracy).toMatchObject({ kind: 'Property', value: 0.9 })
    expect(accuracy.sub.get('by')).toEqual([{ kind: 'Relationship', objects: ['urn:a'], sub: NO_SUB }])
    expect(read!.sub.get('quality')).toEqual([{ kind: 'Property', value: 'good', sub: NO_SUB }])
    expect(read!.sub.get('where')).toMatchObject([{ kind: 'GeoProperty' }])
  })

  it('a unit code sent as a number is its text', () => {
    expect(instancesOf({ type: 'Property', value: 1, unitCode: 59 })).toMatchObject([{ unitCode: '59' }])
  })

  it('tells of a deletion when, and what was there', () => {
    expect(instancesOf({ type: 'JsonProperty', json: 'urn:ngsi-ld:null', previousJson: { a: null }, deletedAt: AT_TEXT })).toEqual([{ kind: 'Deleted', previous: { a: null }, deletedAt: AT, sub: NO_SUB }])
  })
})

describe('several instances (4.5.5)', () => {
  const expected = [
    { kind: 'Property', value: 1, sub: NO_SUB },
    { kind: 'Property', value: 2, datasetId: 'urn:d:2', sub: NO_SUB },
  ]

  it.each([
    ['normalized', [{ type: 'Property', value: 2, datasetId: 'urn:d:2' }, { type: 'Property', value: 1 }]],
    ['concise', [{ value: 1 }, { value: 2, datasetId: 'urn:d:2' }]],
    ['simplified', { dataset: { 'urn:d:2': 2, '@none': 1 } }],
    ['normalized with @none', [{ type: 'Property', value: 1, datasetId: '@none' }, { type: 'Property', value: 2, datasetId: 'urn:d:2' }]],
  ])('are read from the %s form, the default one first', (_, form) => {
    expect(instancesOf(form)).toEqual(expected)
  })

  it('may lack the default instance', () => {
    expect(instancesOf([{ type: 'Property', value: 2, datasetId: 'urn:d:2' }])).toEqual([expected[1]])
  })

  it('with one datasetId twice lose the second, and say so', () => {
    expect(rejectionsOf({ a: [{ type: 'Property', value: 1 }, { type: 'Property', value: 2 }] })).toEqual(['urn:ngsi-ld:T:1 a[1].datasetId: expected another datasetId in each instance, got "@none" again'])
  })

  it('a list of objects without datasetId is one value', () => {
    const hours = [{ dayOfWeek: 'Monday', opens: '07:00' }, { dayOfWeek: 'Sunday', opens: '09:00' }]
    expect(instancesOf(hours)).toEqual([{ kind: 'Property', value: hours, sub: NO_SUB }])
    expect(instancesOf([{ value: 1 }, { value: 2 }])).toMatchObject([{ kind: 'Property', value: [{ value: 1 }, { value: 2 }] }])
  })
})

describe('an entity', () => {
  it('has its types, scopes and system attributes as lists and instants, however they came', () => {
    const decoded = decodeEntity({ '@id': 'urn:x:1', '@type': ['A', 'B'], scope: '/a', createdAt: AT_TEXT, modifiedAt: { type: 'Property', value: { '@type': 'DateTime', '@value': AT_TEXT } }, '@context': 'https://x' })
    expect(decoded).toEqual({ ok: true, value: { id: 'urn:x:1', types: ['A', 'B'], scopes: ['/a'], createdAt: AT, modifiedAt: AT, attributes: new Map() } })
  })

  it('that is gone has only id, type and deletedAt', () => {
    expect(decodeEntity({ id: 'urn:x:1', type: 'A', deletedAt: AT_TEXT })).toMatchObject({ ok: true, value: { deletedAt: AT } })
  })

  it.each([
    [5, '', 'expected an entity, got 5'],
    [{ type: 'A' }, 'id', 'expected the URI of an entity, got nothing'],
    [{ id: '', type: 'A' }, 'id', 'expected the URI of an entity, got ""'],
    [{ id: 'urn:ngsi-ld:null', type: 'A' }, 'id', 'expected the URI of an entity, got "urn:ngsi-ld:null"'],
    [{ id: 'urn:ngsi-ld:A:1' }, 'type', "expected the entity's type, got nothing"],
    [{ id: 'urn:ngsi-ld:A:1', type: [] }, 'type', "expected the entity's type, got a list of 0"],
    [{ id: 'urn:ngsi-ld:A:1', type: 7 }, 'type', "expected the entity's type, got 7"],
  ])('without what makes one is rejected: %j', (json, path, reason) => {
    expect(decodeEntity(json)).toMatchObject({ ok: false, error: { path, reason } })
  })

  it('gets a missing type from its id when that is allowed', () => {
    expect(decodeEntity({ id: 'urn:ngsi-ld:Vehicle:A4567' }, { typeFromId: true })).toMatchObject({ ok: true, value: { types: ['Vehicle'] } })
  })

  it('that is bad costs only itself, and its place is told', () => {
    const { ok, rejected } = decodeEntities([entity({}), { type: 'T' }, 'x', entity({ id: 'urn:ngsi-ld:T:2' })])
    expect(ok.map(({ id }) => id)).toEqual(['urn:ngsi-ld:T:1', 'urn:ngsi-ld:T:2'])
    expect(rejected).toEqual([
      { id: '', path: '[1].id', reason: 'expected the URI of an entity, got nothing' },
      { id: '', path: '[2]', reason: 'expected an entity, got "x"' },
    ])
  })
})

describe('an attribute that cannot be read costs only itself', () => {
  it.each([
    [{ type: 'Property', value: 1, observedAt: 'yesterday' }, 'a.observedAt: expected ISO 8601 with a zone, got "yesterday"'],
    [{ type: 'Property', value: 1, observedAt: '2017-07-29T12:00:04' }, 'a.observedAt: expected ISO 8601 with a zone, got "2017-07-29T12:00:04"'],
    [{ type: 'Property', value: 1, observedAt: 1_600_000_000.5 }, 'a.observedAt: expected ISO 8601 with a zone, got 1600000000.5'],
    [{ type: 'Property', value: 1, unitCode: {} }, 'a.unitCode: expected a UN/CEFACT code, got an object'],
    [{ type: 'Property', value: 1, datasetId: 5 }, 'a.datasetId: expected a URI, got 5'],
    [{ type: 'Property' }, 'a: expected the member "value" of a Property, got nothing'],
    [{ type: 'Property', value: { deep: [Number.NaN] } }, 'a.value.deep[0]: expected a finite number, got NaN'],
    [{ type: 'Property', value: Infinity }, 'a.value: expected a finite number, got Infinity'],
    [{ type: 'Property', value: undefined }, 'a: expected the member "value" of a Property, got nothing'],
    [{ type: 'Property', value: () => 1 }, 'a.value: expected JSON, got a function'],
    [10n, 'a: expected JSON, got 10'],
    [{ type: 'GeoProperty', value: { type: 'Point', coordinates: [-56.64, 168.37] } }, 'a.value.coordinates: expected [longitude, latitude] within ±180 and ±90 degrees, got [-56.64, 168.37]'],
    [{ type: 'GeoProperty', value: { type: 'Point', coordinates: ['1', '2'] } }, 'a.value.coordinates: expected [longitude, latitude] within ±180 and ±90 degrees, got ["1", "2"]'],
    [{ type: 'GeoProperty', value: { type: 'Point', coordinates: [Infinity, 0] } }, 'a.value.coordinates[0]: expected a finite number, got Infinity'],
    [{ type: 'GeoProperty', value: { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 99], [0, 0]]] } }, 'a.value.coordinates[0][2]: expected [longitude, latitude] within ±180 and ±90 degrees, got [1, 99]'],
    [{ type: 'GeoProperty', value: { type: 'Polygon', coordinates: [] } }, 'a.value.coordinates: expected a list of positions, got a list of 0'],
    [{ type: 'GeoProperty', value: { type: 'GeometryCollection', geometries: [] } }, 'a.value.type: expected a GeoJSON geometry type, got "GeometryCollection"'],
    [{ type: 'GeoProperty', value: 7 }, 'a.value: expected a GeoJSON geometry, got 7'],
    [{ type: 'GeoProperty', value: '{"type":' }, 'a.value: expected a GeoJSON geometry, got "{\\"type\\":"'],
    [{ type: 'Relationship', object: 5 }, 'a.object: expected the URI of an entity, got 5'],
    [{ type: 'Relationship', object: '' }, 'a.object: expected the URI of an entity, got ""'],
    [{ type: 'LanguageProperty', languageMap: ['en'] }, 'a.languageMap: expected texts by language, got a list of 1'],
    [{ type: 'LanguageProperty', languageMap: { en: 1 } }, 'a.languageMap.en: expected a text, got 1'],
    [{ type: 'VocabProperty', vocab: {} }, 'a.vocab: expected a term, got an object'],
    [{ type: 'ListRelationship', objectList: [{ object: 1 }] }, 'a.objectList: expected the URI of an entity, got 1'],
  ].map(([json, message]) => [message as string, json] as const))('%s', (message, json) => {
    const { ok, rejected } = decodeEntities(entity({ a: json, b: 1 }))
    expect([...ok[0]!.attributes.keys()]).toEqual(['b'])
    expect(rejected.map(({ id, path, reason }) => `${id} ${path}: ${reason}`)).toEqual([`urn:ngsi-ld:T:1 ${message}`])
  })

  it('a system time that cannot be read costs only the time', () => {
    const { ok, rejected } = decodeEntities(entity({ createdAt: 'x', a: { type: 'Property', value: 1, modifiedAt: '2017-07-29T12:00:04' } }))
    expect(attribute(ok[0]!, 'a')).toEqual({ kind: 'Property', value: 1, sub: NO_SUB })
    expect(rejected.map(({ path }) => path)).toEqual(['createdAt', 'a.modifiedAt'])
  })

  it('a value in a second place is told of', () => {
    expect(rejectionsOf({ a: { type: 'Relationship', object: 'urn:a', value: 3 } })).toEqual(['urn:ngsi-ld:T:1 a.value: expected only "object" in a Relationship, got "value" too: it is left out'])
  })
})

describe('GeoJSON (4.5.16)', () => {
  const geometry = { type: 'Point', coordinates: [12.48, 41.89] }

  it('a Feature gives the entity of its properties', () => {
    const { ok, rejected } = decodeEntities({ id: 'urn:a', type: 'Feature', geometry, properties: { type: 'T', name: 'x', location: { type: 'GeoProperty', value: geometry } } })
    expect(rejected).toEqual([])
    expect(ok[0]).toMatchObject({ id: 'urn:a', types: ['T'] })
    expect(positionOf(ok[0]!)).toEqual([12.48, 41.89])
    expect(textOf(attribute(ok[0]!, 'name'))).toBe('x')
  })

  it.each([
    ['as it should be', geometry],
    ['as a GeoProperty, as data model examples have it', { type: 'GeoProperty', value: geometry }],
  ])('a geometry that is nowhere in the properties is the location: %s', (_, given) => {
    const { ok } = decodeEntities({ type: 'FeatureCollection', features: [{ id: 'urn:a', type: 'Feature', geometry: given, properties: { type: 'T' } }] })
    expect(positionOf(ok[0]!)).toEqual([12.48, 41.89])
  })

  it('a geometry chosen by geometryProperty makes no location', () => {
    const { ok } = decodeEntities({ id: 'urn:a', type: 'Feature', geometry, properties: { type: 'T', observationSpace: geometry } })
    expect([...ok[0]!.attributes.keys()]).toEqual(['observationSpace'])
  })

  it('null or no geometry is no location, and a wrong one is told of', () => {
    expect(decodeEntities({ id: 'urn:a', type: 'Feature', geometry: null, properties: { type: 'T' } })).toMatchObject({ ok: [{ id: 'urn:a' }], rejected: [] })
    expect(decodeEntities({ id: 'urn:a', type: 'Feature', properties: { type: 'T' } })).toMatchObject({ ok: [{ id: 'urn:a' }], rejected: [] })
    expect(decodeEntities({ id: 'urn:a', type: 'Feature', geometry: { type: 'Point', coordinates: [200, 0] }, properties: { type: 'T' } })).toMatchObject({
      ok: [{ id: 'urn:a' }],
      rejected: [{ id: 'urn:a', path: 'geometry.value.coordinates' }],
    })
  })
})

describe('hostile input', () => {
  it('keys of a prototype are only names', () => {
    const json: unknown = JSON.parse('{"id":"urn:a","type":"T","__proto__":{"type":"Property","value":{"__proto__":{"polluted":true}}},"constructor":1,"a":{"type":"Property","value":1,"__proto__":5,"hasOwnProperty":2}}')
    const { ok, rejected } = decodeEntities(json)
    expect(rejected).toEqual([])
    expect([...ok[0]!.attributes.keys()]).toEqual(['__proto__', 'constructor', 'a'])
    expect([...attribute(ok[0]!, 'a')!.sub.keys()]).toEqual(['__proto__', 'hasOwnProperty'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('what a prototype brings is not read', () => {
    const inherited: unknown = Object.create({ id: 'urn:a', type: 'T' })
    expect(decodeEntities(inherited).ok).toEqual([])
  })

  it('a hundred thousand levels are a rejection, wherever they are', () => {
    let list: unknown = 1
    let object: unknown = 1
    let attributes: unknown = { type: 'Property', value: 1 }
    for (let depth = 0; depth < 100_000; depth++) {
      list = [list]
      object = { a: object }
      attributes = { type: 'Property', value: 1, a: attributes }
    }
    const { ok, rejected } = decodeEntities([
      entity({ list, object, attributes, json: { json: list }, geo: { type: 'GeoProperty', value: { type: 'Polygon', coordinates: list } }, dataset: { dataset: { a: object } }, object2: { object: list }, languages: { type: 'LanguageProperty', languageMap: { en: list } }, scope: list, time: { value: 1, observedAt: list }, items: [{ type: 'Property', value: object }] }),
      { id: 'urn:b', type: 'Feature', geometry: list, properties: { type: 'T' } },
      { id: list, type: 'T' },
      { id: 'urn:c', type: list },
      list,
    ])
    expect(ok.map(({ id }) => id)).toEqual(['urn:ngsi-ld:T:1', 'urn:b'])
    expect([...ok[0]!.attributes.keys()]).toEqual(['attributes'])
    expect(rejected.length).toBeGreaterThanOrEqual(13)
    expect(decodeEntities(list).ok).toEqual([])
    expect(decodeEntity(object).ok).toBe(false)
  })

  it('a geometry written as a hundred thousand brackets is a rejection', () => {
    expect(rejectionsOf({ a: { type: 'GeoProperty', value: `{"type":"Point","coordinates":${'['.repeat(40_000)}${']'.repeat(40_000)}}` } })).toHaveLength(1)
  })

  it('a document that contains itself a hundred times on each level is a rejection, soon', () => {
    const cyclic: Record<string, unknown> = { id: 'not a URI', type: 'T' }
    const attribute: Record<string, unknown> = { type: 'Property', value: 1 }
    for (let index = 0; index < 100; index++) {
      cyclic[`a${index}`] = index % 2 === 0 ? cyclic : attribute
      attribute[`b${index}`] = attribute
    }
    const { ok, rejected } = decodeEntities(cyclic)
    expect(ok).toHaveLength(1)
    expect(rejected.length).toBeGreaterThan(0)
  })

  it.each([
    ['maxEntities', { maxEntities: 1 }, [entity({}), entity({})], 'expected at most 1 entities, got 2: the rest is left out'],
    ['maxAttributes', { maxAttributes: 1 }, entity({ a: 1, b: 2 }), 'expected at most 1 attributes, got more: it is left out'],
    ['maxAttributes below', { maxAttributes: 1 }, entity({ a: { value: 1, b: 2, c: 3 } }), 'expected at most 1 sub-attributes, got more: it is left out'],
    ['maxInstances', { maxInstances: 1 }, entity({ a: [{ value: 1 }, { value: 2, datasetId: 'urn:d' }] }), 'expected at most 1 instances, got 2: the rest is left out'],
    ['maxInstances simplified', { maxInstances: 1 }, entity({ a: { dataset: { '@none': 1, b: 2 } } }), 'expected at most 1 instances, got 2: the rest is left out'],
    ['maxSubDepth', { maxSubDepth: 1 }, entity({ a: { value: 1, b: 2 } }), 'expected at most 1 levels of attributes, got more'],
    ['maxJsonDepth', { maxJsonDepth: 1 }, entity({ a: [[1]] }), 'expected at most 1 levels of JSON, got more'],
    ['maxJsonNodes', { maxJsonNodes: 3 }, entity({ a: [1, 2, 3] }), 'expected at most 3 JSON values in an entity, got more'],
    ['maxTextLength', { maxTextLength: 3 }, entity({ a: 'abcd' }), 'expected a text of at most 3 characters, got 4'],
    ['maxNameLength', { maxNameLength: 20 }, entity({ ['a'.repeat(21)]: 1 }), 'expected a name of at most 20 characters, got 21'],
    ['maxNameLength of keys', { maxNameLength: 20 }, entity({ a: { ['a'.repeat(21)]: 1 } }), 'expected keys of at most 20 characters, got 21'],
    ['maxNameLength of ids', { maxNameLength: 3 }, { id: 'urn:a', type: 'T' }, 'expected an id of at most 3 characters, got 5'],
  ])('over %s is told, never cut in silence', (_, options, payload, reason) => {
    expect(decodeEntities(payload, options).rejected.map((rejection) => rejection.reason)).toContain(reason)
  })

  it('counts the rejections that are too many to list', () => {
    const { rejected } = decodeEntities(Array.from({ length: 30 }, () => 1), { maxRejections: 10 })
    expect(rejected).toHaveLength(11)
    expect(rejected.at(-1)!.reason).toBe('20 more rejections are not listed')
  })

  test.prop([fc.anything({ withBigInt: true, withSparseArray: true, withTypedArray: true, withDate: true, withMap: true, withNullPrototype: true })], { numRuns: 500, seed: 1 })('no value at all makes it throw', (value) => {
    expect(() => decodeEntities(value)).not.toThrow()
    expect(() => decodeEntities([entity({ a: value, b: { type: 'Property', value }, c: { type: 'GeoProperty', value }, d: [value, { type: 'Property', value: 1, observedAt: value }] })])).not.toThrow()
  })

  const keys = fc.constantFrom('id', 'type', 'value', 'object', 'languageMap', 'vocab', 'json', 'valueList', 'objectList', 'datasetId', 'observedAt', 'unitCode', 'dataset', 'coordinates', 'geometry', 'properties', 'features', '@value', '@type', 'scope', 'createdAt', 'previousValue', '__proto__', 'a')
  const words = fc.constantFrom<unknown>('Property', 'GeoProperty', 'Relationship', 'LanguageProperty', 'VocabProperty', 'JsonProperty', 'ListProperty', 'ListRelationship', 'Feature', 'FeatureCollection', 'Point', 'Polygon', 'urn:ngsi-ld:null', 'urn:ngsi-ld:T:1', 'T', AT_TEXT, 1, [1, 2], null, '@none')
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof({ depthSize: 'medium' }, words, fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(keys, tie('tree'), { maxKeys: 6 })),
  }))

  test.prop([tree], { numRuns: 2_000, seed: 2 })('no document made of NGSI-LD words makes it throw, and every entity has an id and types', (value) => {
    const read = [...decodeEntities(value).ok, ...decodeEntities({ id: 'urn:a', type: 'T', a: value }).ok] satisfies Entity[]
    for (const { id, types, attributes } of read) {
      expect(id).not.toBe('')
      expect(types.length).toBeGreaterThan(0)
      expect([...attributes.values()].every((instances) => instances.length > 0)).toBe(true)
    }
  })
})
