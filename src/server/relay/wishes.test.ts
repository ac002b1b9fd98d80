import { expect, it } from 'vitest'
import { createBrokerLine } from '../access/broker-line.ts'
import { SERVER_TIMERS } from '../timers.ts'
import { isOrphan, mqttSubscriptionId, subscriptionId, wishFor } from './wishes.ts'

const apiUrl = 'https://broker.example/ngsi-ld/v1'
const address = { city: 'porto', broker: 'main', apiUrl, headers: {}, timeoutMs: 1_000, profile: 'generic' as const, isEmbedded: false, line: createBrokerLine({ apiUrl, timers: SERVER_TIMERS }) }
const id = mqttSubscriptionId('test', 'porto', 'main')

it('a subscription without types is not made: it would be one of everything, people first of all', () => {
  expect(wishFor({ id, address, types: [], endpoint: 'mqtt://mqtt.example/t' })).toEqual({ ok: false, error: 'all that this city shows of it is about people' })
})

it('one that publishes to MQTT says in which version and quality', () => {
  const notifierInfo = [{ key: 'MQTT-Version', value: 'mqtt5.0' }, { key: 'MQTT-QoS', value: '1' }]
  const wish = wishFor({ id, address, types: ['NoiseLevelObserved'], endpoint: 'mqtt://mqtt.example/t', notifierInfo })
  expect(wish).toMatchObject({ ok: true, value: { id, entities: [{ type: 'NoiseLevelObserved' }], notification: { endpoint: { uri: 'mqtt://mqtt.example/t', notifierInfo } } } })
})

it('one that is not wanted any more is an orphan, the second of a broker as well', () => {
  expect(isOrphan(id, 'test', new Set([subscriptionId('test', 'porto', 'main')]))).toBe(true)
  expect(isOrphan(id, 'test', new Set([id]))).toBe(false)
  expect(isOrphan(id, 'other', new Set())).toBe(false)
})
