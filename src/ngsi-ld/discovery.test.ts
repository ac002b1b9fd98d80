import { describe, expect, it } from 'vitest'
import { hasType, readDiscovery } from './discovery.ts'

describe('readDiscovery', () => {
  it.each([
    ['a list of types', { id: 'urn:x', type: 'EntityTypeList', typeList: ['A', 'https://x/B'] }, 'types', [{ name: 'A', related: [] }, { name: 'https://x/B', related: [] }]],
    ['a list of one type, reduced', { type: 'EntityTypeList', typeList: 'A' }, 'types', [{ name: 'A', related: [] }]],
    ['types in detail', [{ id: 'https://x/A', type: 'EntityType', typeName: 'A', attributeNames: ['p', 'q'] }], 'types', [{ name: 'A', related: ['p', 'q'] }]],
    ['one type', { id: 'https://x/A', type: 'EntityTypeInfo', typeName: 'A', entityCount: 3, attributeDetails: [{ id: 'https://x/p', type: 'Attribute', attributeName: 'p' }, { id: 'https://x/q' }] }, 'types', [{ name: 'A', count: 3, related: ['p', 'https://x/q'] }]],
    ['a list of attributes', { type: 'AttributeList', attributeList: ['p'] }, 'attributes', [{ name: 'p', related: [] }]],
    ['attributes without names', [{ id: 'https://x/p', type: 'Attribute', attributeCount: 1, typeNames: ['A'] }], 'attributes', [{ name: 'https://x/p', count: 1, related: ['A'] }]],
    ['nothing', [], 'types', []],
  ])('reads %s', (_, json, kind, items) => {
    expect(readDiscovery(json)).toEqual({ ok: true, value: { kind, items } })
  })

  it.each([
    [5, '', 'expected a type or an attribute, got 5'],
    [[{ type: 'EntityType', typeName: 'A' }, { type: 'Attribute' }], '[1].type', 'expected types, got "Attribute"'],
    [{ type: 'T' }, '.type', 'expected EntityTypeList, EntityType, AttributeList or Attribute, got "T"'],
  ])('refuses %j', (json, path, reason) => {
    expect(readDiscovery(json)).toEqual({ ok: false, error: { id: '', path: path.replace(/^\./, ''), reason } })
  })

  it('finds a type by its full or its short name', () => {
    const discovery = { kind: 'types', items: [{ name: 'https://x/NoiseLevelObserved', related: [] }] } as const
    expect(hasType(discovery, 'NoiseLevelObserved')).toBe(true)
    expect(hasType(discovery, 'https://x/NoiseLevelObserved')).toBe(true)
    expect(hasType(discovery, 'Noise')).toBe(false)
  })
})
