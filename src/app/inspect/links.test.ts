import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { LanguageTag } from '../../language/languages.ts'
import { setLanguage, spoken } from '../../language/say.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { describedBy, linksOf, MAX_LINKS, providersOf } from './links.ts'
import { trustOf } from './trust.ts'

const DEVICE = 'urn:ngsi-ld:Device:17'

describe('links', () => {
  it.each<[string, Json]>([
    ['a Relationship', { refDevice: { type: 'Relationship', object: DEVICE } }],
    ['a Relationship to several', { refDevice: { type: 'Relationship', object: [DEVICE] } }],
    ['several Relationships', { refDevice: [{ type: 'Relationship', object: DEVICE, datasetId: 'urn:a' }] }],
    ['a ListRelationship', { refDevice: { type: 'ListRelationship', objectList: [{ object: DEVICE }] } }],
    ['a concise one', { refDevice: { object: DEVICE } }],
    ['a simplified one', { refDevice: DEVICE }],
    ['a reference written as a Property', { refDevice: { type: 'Property', value: DEVICE } }],
    ['a long name', { 'https://smartdatamodels.org/refDevice': { type: 'Relationship', object: DEVICE } }],
  ])('are read from %s', (_, attributes) => {
    expect(linksOf({ id: 'urn:ngsi-ld:X:1', type: 'X', ...(attributes as object) })).toEqual({ links: [{ name: 'refDevice', id: DEVICE }], left: 0 })
  })

  it('are no addresses of pages, names or places', () => {
    const raw: Json = { id: 'urn:x:1', type: 'X', '@context': ['https://example.org/context.jsonld'], source: { type: 'Property', value: 'https://example.org/' }, name: 'urn:x:2', refNote: 'no uri' }
    expect(linksOf(raw).links).toEqual([])
  })

  it('are bounded, and the rest is counted', () => {
    const object = Array.from({ length: 40 }, (_, index) => `urn:lamp:${index}`)
    expect(linksOf({ hasLamp: { type: 'Relationship', object } })).toMatchObject({ left: 40 - MAX_LINKS })
  })

  test.prop([fc.jsonValue()])('are read from anything without harm', (raw) => {
    const { links } = linksOf(raw as Json)
    expect(links.length).toBeLessThanOrEqual(MAX_LINKS)
    expect(providersOf(raw as Json).every(({ text }) => text !== '')).toBe(true)
    expect(trustOf(raw as Json).every(({ text }) => text !== '')).toBe(true)
    expect(typeof describedBy(raw as Json).type).toBe('string')
  })
})

it('says type and name, in the first language where there are several', () => {
  expect(describedBy({ type: ['Device', 'Sonometer'], name: { type: 'LanguageProperty', languageMap: { pt: 'Sonómetro', en: 'Sound meter' } } })).toEqual({ type: 'Device, Sonometer', name: 'Sound meter' })
})

it('reads calibration, class and quality, of the entity and of what it measures', () => {
  const raw: Json = { sonometerClass: { type: 'Property', value: '1' }, dateLastCalibration: { type: 'Property', value: { '@type': 'DateTime', '@value': '2026-03-01T00:00:00Z' } }, LAeq: { type: 'Property', value: 61, accuracy: { type: 'Property', value: 1.5 } }, name: 'x' }
  expect(trustOf(raw)).toEqual([
    { name: 'sonometerClass', text: '1' },
    { name: 'dateLastCalibration', text: '2026-03-01T00:00:00Z' },
    { name: 'LAeq.accuracy', text: '1.5' },
  ])
})

it.each<[tag: LanguageTag, languageMap: Record<string, Json>, name: string | undefined]>([
  ['pt', { en: 'Sound meter', pt: 'Sonómetro' }, 'Sonómetro'],
  ['pt', { 'pt-PT': ['Sonómetro', 'Medidor'], pt: 'x' }, 'Sonómetro, Medidor'],
  ['fi', { pt: 'Sonómetro', en: 'Sound meter' }, 'Sound meter'],
  ['fi', { pt: 'Sonómetro', '@none': 'S-1' }, 'S-1'],
  ['fi', { pt: 'Sonómetro' }, 'Sonómetro'],
  ['fi', {}, undefined],
])('a text in several languages is read in that of the page: %s of %o', (tag, languageMap, name) => {
  const before = spoken()
  try {
    setLanguage({ tag, region: tag === 'pt' ? 'pt-PT' : tag, catalogue: {} })
    expect(describedBy({ type: 'Device', name: { type: 'LanguageProperty', languageMap } }).name).toBe(name)
  } finally {
    setLanguage(before)
  }
})
