/**
 * Reads what a broker publishes over MQTT, by WebSocket. The client is loaded when the first city needs it: a page whose
 * cities are heard by the relay never has it.
 *
 * One connection, no tries of its own: when it breaks, the feed decides what is next. Without a session at the server:
 * what came while nobody was connected is in the snapshot. Messages that the server kept (retained) are left out, since the
 * snapshot is newer and knows what is gone.
 */
import type { MqttDoor } from '../../feed/mqtt-door.ts'
import type { Driver, DriverEvent } from '../../feed/ways.ts'
import { createInbox } from './inbox.ts'

const CONNECT_MS = 10_000
/** Servers end a connection that is silent for one and a half of it; so do we, when no answer comes. */
const KEEPALIVE_S = 20

export async function* readMqtt(door: MqttDoor, signal: AbortSignal): Driver {
  // The browser's build has nothing but a default.
  const { default: mqtt } = await import('mqtt')
  if (signal.aborted) return
  const inbox = createInbox<DriverEvent>()
  const client = mqtt.connect(door.url, {
    protocolVersion: door.version === '3.1.1' ? 4 : 5,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
    keepalive: KEEPALIVE_S,
    ...(door.username !== undefined && { username: door.username }),
    ...(door.password !== undefined && { password: door.password }),
  })
  const leave = (): void => inbox.end()
  signal.addEventListener('abort', leave, { once: true })
  client.on('connect', () => {
    client.subscribe(door.topic, { qos: door.qos }, (error, granted) => {
      // 128 and above: the server does not let us (MQTT 3.1.1, 3.9.3; 5.0, 3.9.3).
      if (error !== null || granted?.some(({ qos }) => qos >= 128) === true) inbox.fail(`the MQTT server does not let this page read ${door.topic}`)
      else inbox.push({ type: 'up' })
    })
  })
  client.on('message', (_topic, payload, { retain }) => {
    if (!retain) inbox.push({ type: 'heard', data: payload }, payload.length)
  })
  client.on('error', (error) => inbox.fail(inWords(error)))
  client.on('close', () => inbox.fail('no connection to the MQTT server: it is down, or its address or certificate is wrong'))
  try {
    yield* inbox
  } finally {
    signal.removeEventListener('abort', leave)
    client.end(true)
  }
}

/** The reason that the server gave, where it gave one; what a socket says names addresses and is of no use. */
function inWords(error: Error & { readonly code?: number | string }): string {
  return typeof error.code === 'number' ? `the MQTT server refuses: ${error.message}` : 'no connection to the MQTT server: it is down, or its address or certificate is wrong'
}
