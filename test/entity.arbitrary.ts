/**
 * Arbitrary entities, as the decoder may give them: every attribute kind, datasets, sub-attributes,
 * hostile names. Not generated, because no document can mean it: an attribute whose value is the
 * deletion mark, a name that NGSI-LD itself uses, a list of only the deletion mark.
 */
import * as fc from 'fast-check'
import { NGSI_LD_NULL, type Attribute, type AttributeMeta, type Entity, type Geometry, type Json } from '../src/ngsi-ld/entity.ts'
import { CORE_MEMBERS, coreName } from '../src/ngsi-ld/decode-attribute.ts'
import type { EpochMs } from '../src/core/time/instant.ts'

const ENTITY_MEMBERS = new Set(['id', '@id', 'type', '@type', '@context', 'scope', 'createdAt', 'modifiedAt', 'deletedAt', 'expiresAt', 'location'])

const instant = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2099, 11, 31) }).map((ms) => ms as EpochMs)
const uri = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }).map((text) => `urn:ngsi-ld:Thing:${text}`), fc.constantFrom('AirQualityObserved-001', 'urn:x:__proto__', 'https://example.org/a#b'))
const text = fc.string({ maxLength: 12 }).filter((value) => value !== NGSI_LD_NULL)
const term = fc.string({ minLength: 1, maxLength: 12 }).filter((value) => value !== NGSI_LD_NULL)
const name = fc
  .oneof(
    fc.constantFrom('LAeq', 'no2', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'dataset', 'data', 'body', 'id2', 'lang', 'https://smartdatamodels.org/x/LAeq', 'ngsi-ld:default-context/foo', 'value2'),
    fc.string({ minLength: 1, maxLength: 8 }),
  )
  .filter((own) => !CORE_MEMBERS.has(coreName(own)) && !ENTITY_MEMBERS.has(coreName(own)))

const json: fc.Arbitrary<Json> = fc
  .oneof(
    { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3, noUnicodeString: false }) as fc.Arbitrary<Json> },
    // Values that look like something else.
    { weight: 1, arbitrary: fc.constantFrom<Json[]>({ value: 1 }, [{ value: 1 }], [{ type: 'Property', value: 1 }], { '@value': 5 }, { '@type': 'DateTime', '@value': '2020-01-01T00:00:00Z' }, { type: 'DateTime', value: 'x' }, { type: 'Point', coordinates: [1, 2] }, { id: 'urn:a:b', type: 'City' }, { dataset: { '@none': 1 } }, { object: 'urn:x:y' }, { json: 1 }, { languageMap: { en: 'x' } }, { vocab: 'v' }, { valueList: [1] }, { coordinates: [1, 2] }, { type: 'string', value: 'x' }, [{ type: 'Point', coordinates: [1, 2] }], { type: 'Relationship', object: 'urn:x:y' }) },
  )
  .filter((value) => value !== NGSI_LD_NULL)
  .map(withoutNegativeZero)

const position = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true })).map(([lon, lat]) => [lon + 0, lat + 0])
const geometry: fc.Arbitrary<Geometry> = fc.oneof(
  position.map((coordinates) => ({ type: 'Point', coordinates })),
  position.map(([lon, lat]) => ({ type: 'Point', coordinates: [lon!, lat!, 12.5] })),
  fc.array(position, { minLength: 2, maxLength: 4 }).map((coordinates) => ({ type: 'LineString', coordinates })),
  fc.array(position, { minLength: 3, maxLength: 5 }).map((ring) => ({ type: 'Polygon', coordinates: [[...ring, ring[0]!]] })),
  fc.array(position, { minLength: 3, maxLength: 4 }).map((ring) => ({ type: 'MultiPolygon', coordinates: [[[...ring, ring[0]!]]] })),
)

function optional<T>(key: string, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object> {
  return fc.option(arbitrary, { nil: undefined, freq: 3 }).map((value) => (value === undefined ? {} : { [key]: value }))
}

function merged(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  return fc.tuple(...parts).map((objects) => Object.assign({}, ...objects) as object)
}

function instance(depth: number): fc.Arbitrary<Attribute> {
  const meta = merged(
    optional('observedAt', instant),
    optional('unitCode', fc.constantFrom('2N', 'GQ', 'CEL', 'KWH')),
    optional('createdAt', instant),
    optional('modifiedAt', instant),
    optional('expiresAt', instant),
    optional('instanceId', uri),
    optional('previous', json),
    (depth > 0 ? attributes(depth - 1, 2) : fc.constant(new Map())).map((sub) => ({ sub })),
  ) as fc.Arbitrary<AttributeMeta>
  const texts = fc.array(term, { minLength: 1, maxLength: 3 })
  const objects = fc.array(uri, { minLength: 1, maxLength: 3 })
  const value = fc.oneof(
    { weight: 4, arbitrary: json.map((value) => ({ kind: 'Property', value })) },
    instant.map((ms) => ({ kind: 'Property', value: new Date(ms).toISOString(), valueType: 'DateTime' })),
    geometry.map((geometry) => ({ kind: 'GeoProperty', geometry })),
    merged(objects.map((objects) => ({ kind: 'Relationship', objects })), optional('objectTypes', texts)),
    fc.uniqueArray(fc.tuple(fc.constantFrom('en', 'nl', '@none', '__proto__'), fc.array(text, { minLength: 1, maxLength: 2 })), { selector: ([language]) => language, minLength: 1 }).map((entries) => ({ kind: 'LanguageProperty', languages: new Map(entries) })),
    texts.map((vocab) => ({ kind: 'VocabProperty', vocab })),
    json.map((value) => ({ kind: 'JsonProperty', json: value })),
    fc.array(json, { maxLength: 3 }).map((values) => ({ kind: 'ListProperty', values })),
    objects.map((objects) => ({ kind: 'ListRelationship', objects })),
    fc.constant({ kind: 'Deleted' }),
  ) as fc.Arbitrary<object>
  return merged(value, meta) as fc.Arbitrary<Attribute>
}

function instances(depth: number): fc.Arbitrary<readonly Attribute[]> {
  const ids = fc.uniqueArray(fc.option(uri, { nil: undefined }), { minLength: 1, maxLength: 3 })
  return ids.chain((datasets) =>
    fc.tuple(...datasets.map(() => instance(depth))).map((all) => {
      const named = all.map((one, index) => ((datasets[index] === undefined ? one : Object.assign({}, one, { datasetId: datasets[index] }))))
      return named.toSorted((a, b) => Number(a.datasetId !== undefined) - Number(b.datasetId !== undefined))
    }),
  )
}

function attributes(depth: number, maxLength: number): fc.Arbitrary<ReadonlyMap<string, readonly Attribute[]>> {
  return fc.uniqueArray(fc.tuple(name, instances(depth)), { selector: ([own]) => own, maxLength }).map((entries) => new Map(entries))
}

export const entityArbitrary = merged(
  uri.map((id) => ({ id })),
  fc.uniqueArray(fc.constantFrom('NoiseLevelObserved', 'https://smartdatamodels.org/x/Device', '__proto__'), { minLength: 1 }).map((types) => ({ types })),
  fc.uniqueArray(fc.constantFrom('/a', '/a/b'), { maxLength: 2 }).map((scopes) => ({ scopes })),
  optional('createdAt', instant),
  optional('modifiedAt', instant),
  optional('expiresAt', instant),
  optional('deletedAt', instant),
  attributes(2, 4).map((attributes) => ({ attributes })),
) as fc.Arbitrary<Entity>

// JSON text has no negative zero that survives comparison; it means the same.
function withoutNegativeZero(value: Json): Json {
  if (Object.is(value, -0)) return 0
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNegativeZero)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNegativeZero(inner as Json)]))
  return value
}
