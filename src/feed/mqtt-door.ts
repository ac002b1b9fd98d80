/**
 * Where and how a page reads a broker's notifications over MQTT, as the server tells it before each connection: a
 * password is short-lived, so it is asked for anew and kept nowhere.
 */
export interface MqttDoor {
  /** `ws:` or `wss:`. */
  readonly url: string
  readonly topic: string
  readonly version: '3.1.1' | '5'
  readonly qos: 0 | 1 | 2
  readonly username?: string
  readonly password?: string
}

/** Undefined for what is none: a proxy's error page, or a server of another version. */
export function readMqttDoor(json: unknown): MqttDoor | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { url, topic, version, qos, username, password } = json as Readonly<Record<string, unknown>>
  if (typeof url !== 'string' || !/^wss?:\/\//.test(url) || typeof topic !== 'string' || topic === '') return undefined
  if ((version !== '3.1.1' && version !== '5') || (qos !== 0 && qos !== 1 && qos !== 2)) return undefined
  return { url, topic, version, qos, ...(typeof username === 'string' && { username }), ...(typeof password === 'string' && { password }) }
}
