import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readMqttDoor } from '../feed/mqtt-door.ts'
import { createMqttSource } from './mqtt-source.ts'

const environment = { PASSWORD: 'p@ss/word', SECRET: 'a secret of some length' }
const base = { brokerSees: 'mqtts://mqtt.example:8884/city%20data/', pageSees: 'wss://mqtt.example/mqtt', people: 'apart', version: '5', qos: 1 } as const
const where = { installation: 'main', city: 'porto', broker: 'noise', environment }

describe('a broker\'s MQTT server', () => {
  it('is told to the broker with its login, and to the page without', () => {
    const source = createMqttSource({ ...where, configuration: { ...base, brokerLogin: { username: 'orion', password: { env: 'PASSWORD' } } } })
    expect(source.endpoint).toBe('mqtts://orion:p%40ss%2Fword@mqtt.example:8884/city%20data/main/porto/noise')
    expect(source.notifierInfo).toEqual([{ key: 'MQTT-Version', value: 'mqtt5.0' }, { key: 'MQTT-QoS', value: '1' }])
    expect(source.secrets).toEqual(['p@ss/word', 'p%40ss%2Fword'])
    expect(source.door(0)).toEqual({ url: 'wss://mqtt.example/mqtt', topic: 'city data/main/porto/noise', version: '5', qos: 1 })
  })

  it('gives a page a password that ends, and lets it read one topic', () => {
    const source = createMqttSource({ ...where, configuration: { ...base, pageLogin: { kind: 'jwt', secret: { env: 'SECRET' }, username: 'page', lifetimeS: 600 } } })
    const { username, password = '' } = source.door(1_700_000_000_500)
    expect(username).toBe('page')
    const [head = '', claims = '', signature] = password.split('.')
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'page', iat: 1_700_000_000, exp: 1_700_000_600, acl: [{ permission: 'allow', action: 'subscribe', topic: 'city data/main/porto/noise' }, { permission: 'deny', action: 'all', topic: '#' }] })
    // RFC 7515, 5.1: over the two parts as they are sent.
    expect(signature).toBe(createHmac('sha256', environment.SECRET).update(`${head}.${claims}`).digest('base64url'))
    expect(password).not.toContain(environment.SECRET)
  })
})

describe('what a page is told', () => {
  const door = { url: 'wss://mqtt.example/mqtt', topic: 'a/b', version: '5', qos: 0 }

  it('is read', () => {
    expect(readMqttDoor({ ...door, username: 'u', password: 'p', more: 1 })).toEqual({ ...door, username: 'u', password: 'p' })
  })

  it.each([undefined, null, 'text', [], {}, { ...door, url: 'https://mqtt.example' }, { ...door, topic: '' }, { ...door, version: '4' }, { ...door, qos: 3 }])('is not believed when it is %j', (said) => {
    expect(readMqttDoor(said)).toBeUndefined()
  })
})
