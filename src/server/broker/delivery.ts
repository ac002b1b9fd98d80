/**
 * Sends notifications: one queue for each subscription, over HTTP or MQTT (CIM 009 v1.9.1, 5.8.6, 6.3.8, 7.2).
 *
 * A queue sends one notification at a time, so their order holds; queues do not know of each other, so an
 * endpoint that hangs or fails delays only its own. A full queue drops its oldest: the newest state matters most.
 * Every status from 200 to 299 counts as success. (The standard says 200 only; Scorpio and Orion-LD are as wide as we are.)
 */
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import type { BrokerLimits } from './limits.ts'
import type { MqttPublisher } from './mqtt-publisher.ts'
import type { Format } from './representation.ts'
import type { Endpoint } from './subscription.ts'
import type { Timers } from './timers.ts'

export interface Outgoing {
  readonly tenant: string
  readonly endpoint: Endpoint
  readonly format: Format
  readonly context: Json
  readonly subscriptionId: string
  readonly body: JsonObject
}

/** How one attempt ended; `sent: false` when the notification never left. */
export interface Outcome {
  readonly atMs: number
  readonly sent: boolean
  readonly error?: string
}

/** Resolves when the endpoint took it; rejects with the reason when not. */
export type Delivery = (outgoing: Outgoing, signal: AbortSignal) => Promise<void>

export interface DeliveryQueue {
  offer(outgoing: Outgoing): void
  stop(): void
}

interface QueueParts {
  readonly limit: number
  readonly deliver: Delivery
  readonly now: () => number
  readonly report: (outcome: Outcome) => void
}

export function createQueue({ limit, deliver, now, report }: QueueParts): DeliveryQueue {
  const waiting: Outgoing[] = []
  const stopping = new AbortController()
  let isSending = false
  let quietUntilMs = -Infinity

  async function sendAll(): Promise<void> {
    if (isSending) return
    isSending = true
    for (let next = waiting.shift(); next !== undefined && !stopping.signal.aborted; next = waiting.shift()) {
      // 5.2.15: within the cooldown after a failure nothing is sent.
      if (now() < quietUntilMs) continue
      const error = await deliver(next, stopping.signal).then(
        () => undefined,
        (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
      )
      if (stopping.signal.aborted) break
      const atMs = now()
      if (error !== undefined && next.endpoint.cooldownMs !== undefined) quietUntilMs = atMs + next.endpoint.cooldownMs
      report({ atMs, sent: true, ...(error === undefined ? {} : { error }) })
    }
    isSending = false
  }

  return {
    offer(outgoing) {
      if (stopping.signal.aborted) return
      if (waiting.length >= limit) {
        waiting.shift()
        report({ atMs: now(), sent: false, error: `more than ${limit} notifications waited: the oldest was dropped` })
      }
      waiting.push(outgoing)
      void sendAll()
    },
    stop() {
      waiting.length = 0
      stopping.abort()
    },
  }
}

/** The part of `fetch` that is needed. */
export type Fetch = (url: string, init: { method: string; headers: Record<string, string>; body: string; signal: AbortSignal; redirect: 'manual' }) => Promise<{
  readonly status: number
  readonly body?: { cancel(): Promise<void> } | null
}>

export interface DeliveryParts {
  readonly fetch: Fetch
  readonly mqtt: MqttPublisher
  readonly timers: Timers
  readonly limits: BrokerLimits
}

export function createDelivery({ fetch, mqtt, timers, limits }: DeliveryParts): Delivery {
  return async (outgoing, stopping) => {
    const { endpoint } = outgoing
    const timeoutMs = endpoint.timeoutMs ?? limits.notificationTimeoutMs
    const late = new AbortController()
    const cancel = timers.after(timeoutMs, () => late.abort())
    const signal = AbortSignal.any([stopping, late.signal])
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(late.signal.aborted ? `no answer within ${timeoutMs} ms` : 'the broker stops')), { once: true })
    })
    // Whoever loses the race may still reject later, with nobody listening.
    aborted.catch(() => undefined)
    const sending = endpoint.protocol === 'mqtt' ? mqtt.publish(endpoint, envelopeOf(outgoing)) : post(fetch, outgoing, signal)
    sending.catch(() => undefined)
    try {
      await Promise.race([sending, aborted])
    } finally {
      cancel()
    }
  }
}

async function post(fetch: Fetch, outgoing: Outgoing, signal: AbortSignal): Promise<void> {
  const { endpoint, body } = outgoing
  const headers: Record<string, string> = { ...headersOf(outgoing), 'Ngsild-Attribute-Format': `${outgoing.format[0]!.toUpperCase()}${outgoing.format.slice(1)}` }
  const response = await fetch(endpoint.uri, { method: 'POST', headers, body: JSON.stringify(body), signal, redirect: 'manual' })
  // Nothing in the answer matters, and an unread one would hold its connection.
  await response.body?.cancel()
  if (response.status < 200 || response.status > 299) throw new Error(`the endpoint answered ${response.status}`)
}

/** 7.2: what would be headers travels beside the notification. */
function envelopeOf(outgoing: Outgoing): string {
  return JSON.stringify({ metadata: headersOf(outgoing), body: outgoing.body })
}

function headersOf({ tenant, endpoint, context }: Outgoing): Record<string, string> {
  const { accept } = endpoint
  return {
    ...Object.fromEntries(endpoint.receiverInfo),
    'Content-Type': accept,
    ...(accept === 'application/ld+json' ? {} : { Link: linkOf(context) }),
    ...(tenant === '' ? {} : { 'NGSILD-Tenant': tenant }),
  }
}

export const CORE_CONTEXT = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld'

/** A Link header names one context: the first URL of several, the core context when they are objects. */
export function linkOf(context: Json): string {
  const first = (Array.isArray(context) ? (context as readonly Json[]) : [context]).find((one) => typeof one === 'string')
  const url = typeof first === 'string' && /^[\x21-\x7e]+$/.test(first) ? first.replaceAll(/[<>"]/g, encodeURIComponent) : CORE_CONTEXT
  return `<${url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`
}
