import { describe, expect, it } from 'vitest'
import type { EpochMs } from '../core/time/instant.ts'
import { readSubscription, subscriptionBody, type Subscription } from './subscription.ts'

const CONSERVATIVE: Subscription = {
  id: 'urn:ngsi-ld:Subscription:1',
  subscriptionName: 'noise',
  entities: [{ type: 'NoiseLevelObserved', idPattern: '.*' }],
  watchedAttributes: ['LAeq'],
  q: 'LAeq>0',
  notification: { format: 'normalized', endpoint: { uri: 'http://relay/notify/k', accept: 'application/json', receiverInfo: [{ key: 'X', value: 'y' }] } },
  expiresAtMs: Date.UTC(2026, 10, 20) as EpochMs,
}

function wrong(members: object): unknown {
  return { type: 'Subscription', id: 'urn:s', notification: { endpoint: { uri: 'http://x' } }, ...members }
}

describe('a subscription', () => {
  it('is written as the body that all brokers accept', () => {
    expect(subscriptionBody(CONSERVATIVE)).toEqual({
      id: 'urn:ngsi-ld:Subscription:1',
      type: 'Subscription',
      subscriptionName: 'noise',
      entities: [{ type: 'NoiseLevelObserved', idPattern: '.*' }],
      watchedAttributes: ['LAeq'],
      q: 'LAeq>0',
      notification: { format: 'normalized', endpoint: { uri: 'http://relay/notify/k', accept: 'application/json', receiverInfo: [{ key: 'X', value: 'y' }] } },
      expiresAt: '2026-11-20T00:00:00Z',
    })
  })

  it('with every member is the same after being written and read, but for the state', () => {
    const full: Subscription = {
      ...CONSERVATIVE,
      description: 'd',
      isActive: true,
      geo: { georel: { kind: 'near', maxDistanceM: 500 }, geometry: 'Point', coordinates: [1, 2], geoproperty: 'location' },
      triggers: ['entityCreated', 'attributeDeleted'],
      throttlingS: 5.5,
      scopeQ: '/a/#',
      language: 'pt',
      datasetIds: ['urn:d'],
      localOnly: true,
      jsonldContext: 'https://x',
      notification: { ...CONSERVATIVE.notification, attributes: ['a'], pick: ['b'], omit: ['c'], sysAttrs: true, showChanges: false, endpoint: { uri: 'mqtt://h/t', notifierInfo: [{ key: 'MQTT-QoS', value: '1' }], cooldownMs: 1000, timeoutMs: 500 } },
    }
    expect(readSubscription(JSON.parse(JSON.stringify(subscriptionBody({ ...full, state: { status: 'active' } }))))).toEqual({ ok: true, value: full })
    const { throttlingS: _, ...periodic } = { ...full, timeIntervalS: 30 }
    expect(readSubscription(subscriptionBody(periodic))).toEqual({ ok: true, value: periodic })
  })

  it('has the broker’s own members apart', () => {
    const answer = { ...subscriptionBody(CONSERVATIVE), status: 'paused', origin: 'cache', notification: { endpoint: { uri: 'http://x' }, status: 'failed', timesSent: 74, timesFailed: 3, lastSuccess: '2021-02-08T17:06:06.043Z', lastErrorReason: 'timeout' } }
    expect(readSubscription(answer)).toMatchObject({ ok: true, value: { state: { status: 'paused', notificationStatus: 'failed', timesSent: 74, timesFailed: 3, lastSuccess: Date.UTC(2021, 1, 8, 17, 6, 6, 43), lastErrorReason: 'timeout' } } })
  })

  it('takes keyValues for simplified, and coordinates as text', () => {
    const read = readSubscription({ type: 'Subscription', entities: { type: 'A' }, geoQ: { georel: 'near;maxDistance==1', geometry: 'Point', coordinates: '5,5' }, notification: { format: 'keyValues', endpoint: { uri: 'http://x' } } })
    expect(read).toMatchObject({ ok: true, value: { entities: [{ type: 'A' }], geo: { coordinates: [5, 5] }, notification: { format: 'simplified' } } })
  })

  it.each([
    ['a list', [], '', 'expected a subscription, got a list of 0'],
    ['another type', wrong({ type: 'T' }), 'type', 'expected "Subscription", got "T"'],
    ['no notification', wrong({ notification: undefined }), 'notification', 'expected JSON, got nothing'],
    ['null for the notification', wrong({ notification: null }), 'notification', 'expected notification parameters, got null'],
    ['no uri', wrong({ notification: { endpoint: {} } }), 'notification.endpoint.uri', 'expected a URI, got nothing'],
    ['an unknown format', wrong({ notification: { format: 'xml', endpoint: { uri: 'http://x' } } }), 'notification.format', 'expected normalized, concise, simplified or keyValues, got "xml"'],
    ['an unknown media type', wrong({ notification: { endpoint: { uri: 'http://x', accept: 'text/html' } } }), 'notification.endpoint.accept', 'expected application/json, application/ld+json or application/geo+json, got "text/html"'],
    ['a header without value', wrong({ notification: { endpoint: { uri: 'http://x', receiverInfo: [{ key: 'a' }] } } }), 'notification.endpoint.receiverInfo[0]', 'expected {"key": text, "value": text}, got an object'],
    ['throttling below 0', wrong({ throttling: -1 }), 'throttling', 'expected a number above 0, got -1'],
    ['an expiry that is no time', wrong({ expiresAt: 'never' }), 'expiresAt', 'expected ISO 8601 with a zone, got "never"'],
    ['entities without type', wrong({ entities: [{ type: 'A' }, { id: 'urn:a' }] }), 'entities[1].type', 'expected a type, got nothing'],
    ['an unknown trigger', wrong({ notificationTrigger: ['always'] }), 'notificationTrigger', 'expected one of entityCreated, entityUpdated, entityDeleted, attributeCreated, attributeUpdated, attributeDeleted, got "always"'],
    ['a geo relation that is none', wrong({ geoQ: { georel: 'beside', geometry: 'Point', coordinates: [1, 2] } }), 'geoQ.georel', 'expected near;maxDistance==<metres>, within, …, got "beside"'],
    ['coordinates that are none', wrong({ geoQ: { georel: 'within', geometry: 'Point', coordinates: 'x' } }), 'geoQ.coordinates', 'expected coordinates, got "x"'],
  ])('is refused with %s, and told where', (_, json, path, reason) => {
    const read = readSubscription(json)
    expect(read).toMatchObject({ ok: false, error: { reason } })
    expect(!read.ok && read.error.path).toBe(path)
  })
})
