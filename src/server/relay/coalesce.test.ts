import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { formatInstant } from '../../core/time/instant.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { createWaiting, entitiesOf, mergeEntities } from './coalesce.ts'

function at(minute: number, value: number, more: JsonObject = {}): JsonObject {
  return { type: 'Property', value, observedAt: formatInstant(minute * 60_000), ...more }
}

describe('entities that wait for a slow reader', () => {
  test.prop([fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), minute: fc.nat(20), value: fc.integer(), attribute: fc.constantFrom('x', 'y'), broker: fc.constantFrom('one', 'two') }), { minLength: 1 })])(
    'are each as they were observed last, however many changes there were',
    (changes) => {
      const waiting = createWaiting()
      const newest = new Map<string, { minute: number; value: number }>()
      for (const { id, minute, value, attribute, broker } of changes) {
        waiting.add(broker, { data: [{ id, type: 'T', [attribute]: at(minute, value) }] })
        const key = `${broker} ${id} ${attribute}`
        const known = newest.get(key)
        if (known === undefined || minute >= known.minute) newest.set(key, { minute, value })
      }
      expect(waiting.count).toBe(changes.length)
      expect(waiting.size).toBe(new Set(changes.map(({ id, broker }) => `${broker} ${id}`)).size)
      const taken = waiting.take()
      const got = new Map(
        taken.flatMap(({ broker, notification }) =>
          entitiesOf(notification).flatMap((entity) => ['x', 'y'].flatMap((name) => (name in entity ? [[`${broker} ${String(entity['id'])} ${name}`, (entity[name] as JsonObject)['value']] as const] : []))),
        ),
      )
      expect(got).toEqual(new Map([...newest].map(([key, { value }]) => [key, value])))
      expect([waiting.size, waiting.count, waiting.take()]).toEqual([0, 0, []])
    },
  )

  it.each<[name: string, payload: Json]>([
    ['a list', { data: [{ id: 'a' }] }],
    ['one entity', { data: { id: 'a' } }],
    ['a FeatureCollection', { data: { type: 'FeatureCollection', features: [{ id: 'a' }] } }],
    ['an MQTT envelope', { metadata: {}, body: { data: [{ id: 'a' }] } }],
    ['a bare list', [{ id: 'a' }]],
  ])('are found in %s', (_, payload) => {
    expect(entitiesOf(payload)).toEqual([{ id: 'a' }])
  })

  test.prop([fc.jsonValue()])('are looked for in anything without throwing', (payload) => {
    createWaiting().add('b', payload as Json)
    createWaiting().add('b', { data: payload as Json })
  })

  it('keep the instances of each dataset apart', () => {
    const before = { id: 'a', x: [at(1, 1), at(9, 2, { datasetId: 'urn:d:1' })] }
    const after = { id: 'a', x: [at(2, 3), at(5, 4, { datasetId: 'urn:d:1' }), at(1, 5, { datasetId: 'urn:d:2' })] }
    expect(mergeEntities(before, after)['x']).toEqual([at(2, 3), at(9, 2, { datasetId: 'urn:d:1' }), at(1, 5, { datasetId: 'urn:d:2' })])
  })

  it('let a deletion stand for itself, and what is made anew after it', () => {
    const gone = { id: 'a', type: 'T', deletedAt: '2026-11-20T10:00:00Z' }
    expect(mergeEntities({ id: 'a', x: at(1, 1) }, gone)).toEqual(gone)
    expect(mergeEntities(gone, { id: 'a', x: at(1, 1) })).toEqual({ id: 'a', x: at(1, 1) })
    expect(mergeEntities({ id: 'a', x: at(1, 1) }, { id: 'a', x: 'urn:ngsi-ld:null' })).toEqual({ id: 'a', x: 'urn:ngsi-ld:null' })
  })

  it('treat a name of the outside as a name', () => {
    const hostile = JSON.parse('{"id":"a","__proto__":{"polluted":true},"constructor":1}') as JsonObject
    const merged = mergeEntities({ id: 'a' }, hostile)
    expect(Object.hasOwn(merged, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
