/**
 * Orion-LD's `/ws` (`-wip ws`), read in place of pages: a browser's WebSocket can carry neither a token nor a tenant, pages
 * know no broker's address, and what is about people must pass the privacy floor.
 *
 * One subscription belongs to one socket and ends with it, so it is made anew on each; what came meanwhile is in the snapshot
 * that follows. Orion-LD's source (PR #1909) says what it answers: `{metadata: {statusCode}, body}` to what was asked,
 * `{metadata, body}` with the notification as body, which is MQTT's envelope. Its metadata are the headers of a post, tenant
 * and context among them: they end here.
 *
 * That source takes every subscription for one of the default tenant, whatever the upgrade said. So with a tenant nothing is
 * believed until the subscription is seen among those of that tenant.
 */
import { WebSocket as Socket, type RawData } from 'ws'
import type { Result } from '../../core/result.ts'
import type { NgsiLdClient } from '../../ngsi-ld/client.ts'
import { subscriptionBody } from '../../ngsi-ld/subscription.ts'
import type { BrokerLine, Credentials } from '../access/broker-line.ts'
import { createListening, type Listener, type Listening } from './listening.ts'
import type { OwnerEffects, Wish } from './subscription-owner.ts'

/** Orion-LD answers pings; a socket without a word for so long is dead, though nobody closed it. */
const SILENCE_MS = 30_000
const HANDSHAKE_MS = 10_000
/** Of one message, as long as the door takes one that is posted. */
const MAX_BYTES = 16 * 1024 * 1024

export interface OrionSocketOptions extends Listener {
  readonly url: string
  readonly line: Pick<BrokerLine, 'credentials'>
  /** Of the upgrade. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly tenant: string | undefined
  readonly api: Pick<NgsiLdClient, 'listSubscriptions' | 'deleteSubscription'>
  readonly effects: OwnerEffects
  /** The error says why there can be none. */
  readonly wish: () => Result<Wish, string>
  readonly silenceMs?: number
}

export function createOrionSocket(given: OrionSocketOptions): Listening {
  const { url, line, api, effects, silenceMs = SILENCE_MS } = given
  let events = 0
  let malformed = 0

  async function session(end: AbortSignal): Promise<string> {
    const wish = given.wish()
    if (!wish.ok) return wish.error
    const credentials = await line.credentials(end)
    if (!credentials.ok) return `${credentials.error.title}: ${credentials.error.detail}`
    const socket = new Socket(url, { headers: { ...given.headers(), ...credentials.value.headers }, handshakeTimeout: HANDSHAKE_MS, maxPayload: MAX_BYTES, perMessageDeflate: false })
    const over = new AbortController()
    try {
      return await new Promise<string>((resolve) => listen({ socket, wish: wish.value, credentials: credentials.value, over: AbortSignal.any([end, over.signal]), resolve }))
    } finally {
      over.abort()
      socket.terminate()
    }
  }

  /** `resolve` says why it ended; what is said after that is heard by nobody. */
  function listen({ socket, wish, credentials, over, resolve }: { readonly socket: Socket; readonly wish: Wish; readonly credentials: Credentials; readonly over: AbortSignal; readonly resolve: (words: string) => void }): void {
    const startedMs = effects.now()
    let heardMs = startedMs
    let isSubscribed = false

    async function watch(): Promise<void> {
      while (!over.aborted) {
        await effects.wait(silenceMs / 3, over)
        if (effects.now() - heardMs > silenceMs) return resolve(`its WebSocket said nothing for ${Math.round(silenceMs / 1_000)} s`)
        if (!isSubscribed && effects.now() - startedMs > silenceMs) return resolve('it does not answer a subscription by WebSocket')
        if (!over.aborted && socket.readyState === Socket.OPEN) socket.ping()
      }
      resolve('nobody reads it any more')
    }

    async function hear(message: RawData): Promise<void> {
      const text = messageText(message)
      const { metadata, body } = parse(text) ?? {}
      const status = isObject(metadata) ? metadata['statusCode'] : undefined
      if (typeof status === 'number') return isSubscribed ? undefined : answered(status, body)
      if (!isSubscribed) return
      events += 1
      if (isObject(body)) return given.take(Buffer.from(JSON.stringify(body)), effects.now())
      // What it said is lost: readers are told to look again, as of anything posted that cannot be read.
      malformed += 1
      given.take(Buffer.from(NOTHING), effects.now())
    }

    async function answered(status: number, body: unknown): Promise<void> {
      if (status === 409) {
        // Of a life of this server, or of the broker, that ended badly.
        await api.deleteSubscription(wish.id)
        return resolve('it still had a former subscription of ours')
      }
      if (status < 200 || status > 299) return resolve(`it refuses a subscription by WebSocket (${status})${wordsOf(body)}`)
      const trouble = await tenantTrouble(wish.id)
      if (trouble !== undefined || over.aborted) return resolve(trouble ?? '')
      isSubscribed = true
      given.onTrouble(undefined)
      given.onGap()
    }

    socket.on('open', () => socket.send(JSON.stringify({ metadata: { operation: 'createSubscription' }, body: bodyOf(wish) })))
    socket.on('message', (message) => {
      heardMs = effects.now()
      void hear(message)
    })
    socket.on('pong', () => (heardMs = effects.now()))
    socket.on('unexpected-response', (_, response) => {
      if (response.statusCode === 401) credentials.refused()
      response.resume()
      resolve(`it refuses a WebSocket (${response.statusCode}): Orion-LD has one since 2026, when it runs with -wip ws`)
    })
    socket.on('error', (error) => resolve(`no WebSocket to it: ${error.message}`))
    socket.on('close', (code) => resolve(`its WebSocket was closed (${code})`))
    void watch()
  }

  async function tenantTrouble(id: string): Promise<string | undefined> {
    if (given.tenant === undefined) return undefined
    const listed = await api.listSubscriptions()
    if (!listed.ok) return `its subscriptions cannot be read: ${listed.error.title ?? listed.error.kind}`
    return listed.value.subscriptions.some((one) => one.id === id) ? undefined : 'its WebSocket knows no tenants: the subscription was made for another one'
  }

  return {
    by: 'orion-ws',
    ...createListening({ effects, session, onTrouble: given.onTrouble }),
    get stats() {
      return { events, unknown: 0, malformed }
    },
  }
}

/** Nothing that could be a notification. */
const NOTHING = 'null'

/** Its endpoint is the socket: an address in it would be posted to. */
function bodyOf(wish: Wish): Readonly<Record<string, unknown>> {
  const body = subscriptionBody(wish)
  const { notification } = body
  if (!isObject(notification) || !isObject(notification['endpoint'])) return body
  const { uri: _, ...endpoint } = notification['endpoint']
  return { ...body, notification: { ...notification, endpoint } }
}

function wordsOf(body: unknown): string {
  if (!isObject(body)) return ''
  const said = [body['title'], body['detail']].filter((part): part is string => typeof part === 'string' && part !== '')
  return said.length === 0 ? '' : `: ${said.join(': ').slice(0, 200)}`
}

function messageText(message: RawData): string {
  return (Array.isArray(message) ? Buffer.concat(message) : Buffer.from(message as ArrayBuffer)).toString('utf8')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const message: unknown = JSON.parse(text)
    return isObject(message) ? message : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
