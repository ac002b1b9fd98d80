import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { readNotification } from './notification.ts'

const ENTITY = { id: 'urn:ngsi-ld:T:1', type: 'T', a: { type: 'Property', value: 1 } }
const BARE = { id: 'urn:ngsi-ld:Notification:1', type: 'Notification', subscriptionId: 'urn:s:1', notifiedAt: '2024-05-14T08:21:33.417Z', data: [ENTITY] }
const EXPECTED = { id: 'urn:ngsi-ld:Notification:1', subscriptionId: 'urn:s:1', notifiedAt: Date.UTC(2024, 4, 14, 8, 21, 33, 417), entities: [{ id: 'urn:ngsi-ld:T:1' }], rejected: [] }

describe('readNotification', () => {
  it.each<[string, unknown]>([
    ['as HTTP brings it', BARE],
    ['in an MQTT envelope', { metadata: { 'Content-Type': 'application/json' }, body: BARE }],
    ['in an MQTT envelope the other way round', { body: BARE, metadata: {} }],
    ['with Scorpio’s list of metadata', { metadata: [{ 'Content-Type': 'application/json' }, { 'NGSILD-Tenant': 'porto' }], body: BARE }],
    ['in an envelope without metadata', { body: BARE }],
    ['with a single object as data, as Djane sends it', { ...BARE, data: ENTITY, context: 'https://x' }],
    ['with a FeatureCollection as data', { ...BARE, data: { type: 'FeatureCollection', features: [{ id: ENTITY.id, type: 'Feature', geometry: null, properties: { type: 'T', a: 1 } }] } }],
    ['with an expanded type', { ...BARE, type: ['https://uri.etsi.org/ngsi-ld/Notification'] }],
    ['without a type', { id: BARE.id, subscriptionId: BARE.subscriptionId, notifiedAt: BARE.notifiedAt, data: BARE.data }],
    ['with entities that lack their type, as Djane sends them', { ...BARE, data: [{ id: ENTITY.id, a: ENTITY.a }] }],
  ])('reads one %s', (_, payload) => {
    expect(readNotification(payload)).toMatchObject({ ok: true, value: EXPECTED })
  })

  it('tells the tenant that an envelope names', () => {
    expect(readNotification({ metadata: [{ 'NGSILD-Tenant': 'porto' }], body: BARE })).toMatchObject({ value: { tenant: 'porto' } })
    expect(readNotification({ metadata: { 'ngsild-tenant': 'milan' }, body: BARE })).toMatchObject({ value: { tenant: 'milan' } })
  })

  it('reads entities without an envelope as a notification without id', () => {
    for (const payload of [ENTITY, [ENTITY], { metadata: {}, body: ENTITY }]) {
      const read = readNotification(payload)
      expect(read).toMatchObject({ ok: true, value: { entities: [{ id: 'urn:ngsi-ld:T:1' }] } })
      expect(read.ok && 'id' in read.value).toBe(false)
    }
  })

  it('does not mistake an entity with attributes called data, body and metadata for an envelope', () => {
    const read = readNotification({ ...ENTITY, data: { type: 'Property', value: 1 }, body: { type: 'Property', value: 2 }, metadata: { type: 'Property', value: 3 } })
    expect(read.ok && [...read.value.entities[0]!.attributes.keys()]).toEqual(['a', 'data', 'body', 'metadata'])
  })

  it('reads the date that JavaScript prints, as Djane sends it', () => {
    expect(readNotification({ ...BARE, notifiedAt: 'Thu Jan 23 2020 10:11:12 GMT+0100 (Central European Standard Time)' })).toMatchObject({ value: { notifiedAt: Date.UTC(2020, 0, 23, 9, 11, 12) } })
  })

  it('keeps the entities when the envelope is wrong, and says what is', () => {
    const read = readNotification({ ...BARE, notifiedAt: 'soon', id: 7, data: [ENTITY, 5] })
    expect(read).toMatchObject({ ok: true, value: { entities: [{ id: 'urn:ngsi-ld:T:1' }], rejected: [{ path: '[1]' }, { path: 'id', reason: 'expected a URI, got 7' }, { path: 'notifiedAt', reason: 'expected ISO 8601 with a zone, got "soon"' }] } })
    expect(readNotification({ ...BARE, data: undefined })).toMatchObject({ ok: true, value: { entities: [], rejected: [{ path: 'data' }] } })
  })

  it.each([
    [{}, '', 'expected a notification or entities, got an object with nothing in it'],
    ['hello', '', 'expected a notification or entities, got "hello"'],
    [{ body: { hello: 1 } }, 'body', 'expected a notification or entities, got an object with "hello"'],
    [null, '', 'expected a notification or entities, got null'],
  ])('refuses what is none: %j', (payload, path, reason) => {
    expect(readNotification(payload)).toEqual({ ok: false, error: { id: '', path, reason } })
  })

  test.prop([fc.oneof(fc.anything(), fc.record({ body: fc.anything(), metadata: fc.anything() }), fc.record({ type: fc.constant('Notification'), data: fc.anything(), id: fc.anything(), notifiedAt: fc.anything() }))], { numRuns: 500, seed: 3 })('never throws', (payload) => {
    expect(typeof readNotification(payload).ok).toBe('boolean')
  })
})
