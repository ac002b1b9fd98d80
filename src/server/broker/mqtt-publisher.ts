/**
 * Publishes to MQTT brokers: one connection for each server, user and protocol version, kept while it is used.
 *
 * Connections are not repaired here. A broken one fails its notification and is forgotten; the next
 * notification dials again. So a server that is away costs one attempt a notification and no timers.
 */
import { connect, type MqttClient } from 'mqtt'
import type { BrokerLimits } from './limits.ts'
import { topicOf, type Endpoint } from './subscription.ts'
import type { Timers } from './timers.ts'

export interface MqttPublisher {
  publish(endpoint: Endpoint, message: string): Promise<void>
  close(): Promise<void>
}

interface Link {
  readonly client: MqttClient
  readonly ready: Promise<void>
  /** Of the publishes under way: a connection that breaks must not leave one of QoS 1 or 2 waiting for ever. */
  readonly failing: Set<(reason: Error) => void>
  stopIdle: () => void
}

export function createMqttPublisher({ limits, timers }: { readonly limits: BrokerLimits; readonly timers: Timers }): MqttPublisher {
  const links = new Map<string, Link>()

  function linkTo(endpoint: Endpoint, url: URL): Link {
    const key = `${url.protocol}//${url.username}:${url.password}@${url.host} ${endpoint.mqttVersion}`
    const known = links.get(key)
    if (known !== undefined) return known
    if (links.size >= limits.mqttConnections) throw new Error(`more than ${limits.mqttConnections} MQTT connections`)
    const client = connect({
      protocol: url.protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'mqtts:' ? 8883 : 1883) : Number(url.port),
      ...(url.username === '' ? {} : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
      protocolVersion: endpoint.mqttVersion,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: limits.notificationTimeoutMs,
    })
    const ready = new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', reject)
      client.once('close', () => reject(new Error(`no connection to ${url.host}`)))
    })
    ready.catch(() => undefined)
    const link: Link = { client, ready, failing: new Set(), stopIdle: () => undefined }
    const forget = (): void => {
      link.stopIdle()
      if (links.get(key) === link) links.delete(key)
      for (const fail of link.failing) fail(new Error(`the connection to ${url.host} broke`))
      client.end(true)
    }
    client.on('error', forget)
    client.on('close', forget)
    links.set(key, link)
    return link
  }

  return {
    async publish(endpoint, message) {
      const url = new URL(endpoint.uri)
      const topic = topicOf(url)
      if (topic === undefined) throw new Error('the endpoint names no topic')
      const link = linkTo(endpoint, url)
      link.stopIdle()
      await link.ready
      await new Promise<void>((resolve, reject) => {
        link.failing.add(reject)
        link.client
          .publishAsync(topic, message, { qos: endpoint.mqttQos, retain: false })
          .then(() => resolve(), reject)
          .finally(() => link.failing.delete(reject))
      })
      link.stopIdle()
      link.stopIdle = timers.after(limits.mqttIdleMs, () => link.client.end(true))
    },
    async close() {
      const open = [...links.values()]
      links.clear()
      for (const link of open) link.stopIdle()
      await Promise.all(open.map((link) => link.client.endAsync(true).catch(() => undefined)))
    },
  }
}
