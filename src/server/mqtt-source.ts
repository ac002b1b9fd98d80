/**
 * A broker's MQTT server from this side: which subscription makes it publish there, and what a page is told so that it can
 * read. Only types that are not about people go this way; MQTT goes past the privacy floor.
 */
import { createHmac } from 'node:crypto'
import type { MqttConfiguration } from '../configuration/mqtt.ts'
import type { MqttDoor } from '../feed/mqtt-door.ts'
import type { KeyValue } from '../ngsi-ld/subscription.ts'

export interface MqttSource {
  /** Where the broker publishes: address, login and topic. */
  readonly endpoint: string
  readonly notifierInfo: readonly KeyValue[]
  /** What must stand in no log. */
  readonly secrets: readonly string[]
  /** Asked for before each connection: its password is short-lived. */
  door(nowMs: number): MqttDoor
}

export function createMqttSource(given: {
  readonly configuration: MqttConfiguration
  /** Two servers on one broker, and two cities, need topics of their own. */
  readonly installation: string
  readonly city: string
  readonly broker: string
  readonly environment: Readonly<Record<string, string | undefined>>
}): MqttSource {
  const { configuration, installation, city, broker, environment } = given
  const { brokerSees, pageSees, version, qos, brokerLogin, pageLogin } = configuration
  const url = new URL(brokerSees)
  const first = url.pathname.replaceAll(/^\/+|\/+$/g, '')
  const topic = `${first === '' ? 'belvedere' : decodeURIComponent(first)}/${installation}/${city}/${broker}`
  const username = typeof brokerLogin?.username === 'object' ? (environment[brokerLogin.username.env] ?? '') : brokerLogin?.username
  const password = brokerLogin === undefined ? undefined : (environment[brokerLogin.password.env] ?? '')
  const login = username === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password ?? '')}@`
  return {
    endpoint: `${url.protocol}//${login}${url.host}/${topic.split('/').map(encodeURIComponent).join('/')}`,
    notifierInfo: [
      { key: 'MQTT-Version', value: version === '5' ? 'mqtt5.0' : 'mqtt3.1.1' },
      { key: 'MQTT-QoS', value: String(qos) },
    ],
    secrets: password === undefined ? [] : [password, encodeURIComponent(password)],
    door: (nowMs) => ({
      url: pageSees,
      topic,
      version,
      qos,
      ...(pageLogin !== undefined && { username: pageLogin.username, password: tokenFor({ secret: environment[pageLogin.secret.env] ?? '', username: pageLogin.username, topic, nowMs, lifetimeS: pageLogin.lifetimeS }) }),
    }),
  }
}

/** RFC 7519 with HS256; `acl` is what EMQX and those that follow it read of it: this topic may be read, and nothing else done. */
function tokenFor({ secret, username, topic, nowMs, lifetimeS }: { readonly secret: string; readonly username: string; readonly topic: string; readonly nowMs: number; readonly lifetimeS: number }): string {
  const nowS = Math.floor(nowMs / 1_000)
  const claims = {
    sub: username,
    username,
    iat: nowS,
    exp: nowS + lifetimeS,
    acl: [
      { permission: 'allow', action: 'subscribe', topic },
      { permission: 'deny', action: 'all', topic: '#' },
    ],
  }
  const head = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
}
