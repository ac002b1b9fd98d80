/** The outside world of a city in a worker: network, clock and chance, for a page served from `origin`. */
import { readMqttDoor, type MqttDoor } from '../../feed/mqtt-door.ts'
import { createClient } from '../../ngsi-ld/client.ts'
import { createBrokerAccess } from '../session/broker-access.ts'
import type { CityEffects } from '../session/city.ts'
import { openEventStream } from './event-stream.ts'
import { createKeptStore } from './kept-store.ts'
import { readMqtt } from './mqtt-driver.ts'

/** Longer than any broker should need for a page; the server gives up sooner and says why. */
const TIMEOUT_MS = 60_000

export function createPlatformEffects(origin: string): CityEffects<AbortSignal> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const cityUrl = (cityId: string): string => `${origin}/api/cities/${encodeURIComponent(cityId)}`
  return {
    now: Date.now,
    kept: createKeptStore(),
    random: Math.random,
    wait,
    decodeText: (bytes) => decoder.decode(bytes),
    createAbort() {
      const controller = new AbortController()
      return { signal: controller.signal, abort: () => controller.abort() }
    },
    openStream: (cityId, lastEventId, signal) => openEventStream(`${cityUrl(cityId)}/feed`, lastEventId, signal),
    async *attach(cityId, brokerId, _way, signal) {
      yield* readMqtt(await askMqttDoor(`${cityUrl(cityId)}/brokers/${encodeURIComponent(brokerId)}/mqtt`, signal), signal)
    },
    broker: (cityId, brokerId, profile) =>
      createBrokerAccess(
        createClient({
          profile,
          fetch: (url, init) => fetch(url, init),
          baseUrl: `${cityUrl(cityId)}/brokers/${encodeURIComponent(brokerId)}/ngsi-ld/v1`,
          wait: (ms, signal) => wait(ms, signal as AbortSignal),
          timeoutMs: TIMEOUT_MS,
        }),
        profile,
      ),
  }
}

async function askMqttDoor(url: string, signal: AbortSignal): Promise<MqttDoor> {
  const answer = await fetch(url, { signal, cache: 'no-store' })
  const door = answer.ok ? readMqttDoor(await answer.json()) : undefined
  if (door === undefined) throw new Error(`the server does not say where MQTT is read (${answer.status})`)
  return door
}

/** Settles after the time or when aborted, whichever is first. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}
