import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { entityArbitrary } from '../../test/entity.arbitrary.ts'
import { decodeEntities } from './decode.ts'
import { encodeEntity, encodeFeature, encodeFeatureCollection } from './encode.ts'
import type { Entity } from './entity.ts'

const RUNS = { numRuns: 150, seed: 20_261_120 }

function roundTrip(json: unknown): unknown {
  // As over the wire: text in between.
  return decodeEntities(JSON.parse(JSON.stringify(json)))
}

describe('an entity written and read again', () => {
  test.prop([entityArbitrary], RUNS)('is the same in normalized form', (entity) => {
    expect(roundTrip(encodeEntity(entity, { format: 'normalized', sysAttrs: true }))).toEqual({ ok: [entity], rejected: [] })
  })

  test.prop([entityArbitrary], RUNS)('is the same in concise form', (entity) => {
    expect(roundTrip(encodeEntity(entity, { format: 'concise', sysAttrs: true }))).toEqual({ ok: [entity], rejected: [] })
  })

  test.prop([entityArbitrary], RUNS)('is the same as a Feature', (entity) => {
    expect(roundTrip(encodeFeature(entity, { format: 'normalized', sysAttrs: true }))).toEqual({ ok: [entity], rejected: [] })
  })

  test.prop([fc.array(entityArbitrary, { maxLength: 3 })], { ...RUNS, numRuns: 50 })('is the same within a FeatureCollection', (entities) => {
    expect(roundTrip(encodeFeatureCollection(entities, { format: 'concise', sysAttrs: true }))).toEqual({ ok: entities, rejected: [] })
  })

  test.prop([entityArbitrary], RUNS)('keeps id, types, scopes and the names of its attributes in simplified form', (entity) => {
    const { ok, rejected } = decodeEntities(JSON.parse(JSON.stringify(encodeEntity(entity, { format: 'simplified' }))))
    expect(rejected).toEqual([])
    expect(ok[0]).toMatchObject({ id: entity.id, types: entity.types, scopes: entity.scopes })
    // Names that look like numbers come first in any JSON object.
    expect(new Set(ok[0]!.attributes.keys())).toEqual(new Set(entity.attributes.keys()))
  })

  test.prop([entityArbitrary], RUNS)('is written the same from what was read', (entity) => {
    const once = encodeEntity(entity, { format: 'concise', sysAttrs: true })
    const again = encodeEntity(decodeEntities(once).ok[0]!, { format: 'concise', sysAttrs: true })
    expect(JSON.stringify(again)).toBe(JSON.stringify(once))
  })
})

describe('encodeEntity', () => {
  const [entity] = decodeEntities({
    id: 'urn:ngsi-ld:NoiseLevelObserved:17',
    type: 'https://smartdatamodels.org/dataModel.Environment/NoiseLevelObserved',
    createdAt: '2026-01-01T00:00:00Z',
    LAeq: { type: 'Property', value: 61.5, unitCode: '2N', observedAt: '2026-11-20T08:14:05.123Z', createdAt: '2026-01-01T00:00:00Z' },
    name: { type: 'LanguageProperty', languageMap: { en: 'Square', nl: ['Plein', 'Pleintje'], '@none': 'P' } },
    refDevice: { type: 'Relationship', object: 'urn:ngsi-ld:Device:1' },
    street: [{ type: 'Property', value: 'A' }, { type: 'Property', value: 'B', datasetId: 'urn:d:1' }],
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.6, 41.15] } },
    steps: { type: 'ListProperty', valueList: [1, 2] },
    stops: { type: 'ListRelationship', objectList: [{ object: 'urn:a' }] },
  }).ok as [Entity]

  it('leaves system attributes out unless they are asked for', () => {
    expect(JSON.stringify(encodeEntity(entity, { format: 'normalized' }))).not.toContain('createdAt')
    expect(encodeEntity(entity, { format: 'normalized', sysAttrs: true })).toMatchObject({ createdAt: '2026-01-01T00:00:00Z', LAeq: { createdAt: '2026-01-01T00:00:00Z' } })
  })

  it('writes the simplified form of 4.5.4', () => {
    expect(encodeEntity(entity, { format: 'simplified' })).toEqual({
      id: 'urn:ngsi-ld:NoiseLevelObserved:17',
      type: 'https://smartdatamodels.org/dataModel.Environment/NoiseLevelObserved',
      LAeq: 61.5,
      name: { languageMap: { en: 'Square', nl: ['Plein', 'Pleintje'], '@none': 'P' } },
      refDevice: 'urn:ngsi-ld:Device:1',
      street: { dataset: { '@none': 'A', 'urn:d:1': 'B' } },
      location: { type: 'Point', coordinates: [-8.6, 41.15] },
      steps: [1, 2],
      stops: ['urn:a'],
    })
  })

  it('writes the concise form without types', () => {
    expect(encodeEntity(entity, { format: 'concise' })).toMatchObject({
      LAeq: { value: 61.5, unitCode: '2N', observedAt: '2026-11-20T08:14:05.123Z' },
      refDevice: { object: 'urn:ngsi-ld:Device:1' },
      street: [{ value: 'A' }, { value: 'B', datasetId: 'urn:d:1' }],
      location: { type: 'Point', coordinates: [-8.6, 41.15] },
      stops: { objectList: [{ object: 'urn:a' }] },
    })
  })

  it('turns a LanguageProperty into the text of the language asked for, else @none', () => {
    expect(encodeEntity(entity, { format: 'normalized', language: 'en' })['name']).toMatchObject({ type: 'Property', value: 'Square' })
    expect(encodeEntity(entity, { format: 'simplified', language: 'nl' })['name']).toEqual(['Plein', 'Pleintje'])
    expect(encodeEntity(entity, { format: 'concise', language: 'pt' })['name']).toBe('P')
  })

  it('picks and omits by full or short name, and keeps id and type', () => {
    expect(Object.keys(encodeEntity(entity, { format: 'simplified', pick: ['LAeq', 'name'], omit: ['name'] }))).toEqual(['id', 'type', 'LAeq'])
  })

  it('has null for the geometry of a Feature without location', () => {
    expect(encodeFeature(entity, { format: 'simplified', pick: ['LAeq'], geometryProperty: 'elsewhere' })).toMatchObject({ type: 'Feature', geometry: null, properties: { LAeq: 61.5 } })
  })
})
