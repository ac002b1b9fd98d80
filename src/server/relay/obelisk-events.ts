/**
 * Obelisk's own event stream, read in place of pages: it wants a token in a header, and has one reader at a time, since a
 * new session ends the old one. What it says goes the way of a notification, past the same sieve.
 *
 * Events are measurements, `metric` as `name::type`. NGSI-LD entities are `::json` metrics; all others have no entity to be
 * of, and are counted. The line `comment: heartbeat` comes every 5 s: a stream without it is dead, though nobody closed it.
 * What came while nobody read is not asked for (`receiveBacklog`): readers take a snapshot.
 */
import { backoffMs } from '../../core/time/backoff.ts'
import { createEventStreamParser } from '../../feed/event-stream.ts'
import type { BrokerLine } from '../access/broker-line.ts'
import type { OwnerEffects } from './subscription-owner.ts'

export interface ObeliskEvents {
  start(): void
  close(): void
  readonly stats: { readonly events: number; readonly unknown: number; readonly malformed: number }
}

const SILENCE_MS = 15_000
const RETRY = { baseMs: 1_000, capMs: 60_000 }
/** A session that ends sooner is no good one: another reader may have the stream. */
const GOOD_MS = 30_000

export function createObeliskEvents(given: {
  readonly streamUrl: string
  readonly line: Pick<BrokerLine, 'send'>
  readonly headers: Readonly<Record<string, string>>
  readonly effects: OwnerEffects
  /** One notification. */
  readonly take: (body: Buffer, receivedAtMs: number) => void
  /** Undefined: it is read. */
  readonly onTrouble: (words: string | undefined) => void
  /** It was not read for a while. */
  readonly onGap: () => void
  readonly silenceMs?: number
}): ObeliskEvents {
  const { streamUrl, line, effects, silenceMs = SILENCE_MS } = given
  const end = new AbortController()
  let events = 0
  let unknown = 0
  let malformed = 0
  let running = false

  async function run(): Promise<void> {
    for (let attempt = 0; !end.signal.aborted; attempt++) {
      const startedMs = effects.now()
      const words = await session()
      if (end.signal.aborted) return
      if (effects.now() - startedMs > GOOD_MS) attempt = 0
      // A stream that broke once is back in a moment: pages need not look for another way.
      if (attempt > 0) given.onTrouble(words)
      await effects.wait(backoffMs(attempt, effects.random(), RETRY), end.signal)
    }
  }

  /** Until it breaks; says why. */
  async function session(): Promise<string> {
    const silence = new AbortController()
    const signal = AbortSignal.any([end.signal, silence.signal])
    let heardMs = effects.now()
    const watch = async (): Promise<void> => {
      while (!signal.aborted) {
        await effects.wait(silenceMs / 3, signal)
        if (effects.now() - heardMs > silenceMs) silence.abort()
      }
    }
    const sent = await line.send({ url: streamUrl, method: 'GET', headers: { ...given.headers, accept: 'text/event-stream' }, signal, isEndless: true }, 'relay')
    if (!sent.ok) return `event stream: ${sent.error.title}: ${sent.error.detail}`
    const { status, body } = sent.value
    if (status !== 200 || body === null) {
      await body?.cancel()
      return `the event stream answered ${status}`
    }
    given.onTrouble(undefined)
    given.onGap()
    void watch()
    try {
      const parser = createEventStreamParser()
      for await (const chunk of body) {
        heardMs = effects.now()
        for (const { data } of parser.push(chunk)) hear(Buffer.from(data).toString('utf8'))
      }
      return 'the event stream ended: another reader may have taken it'
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return silence.signal.aborted ? `the event stream said nothing for ${silenceMs / 1_000} s` : 'the event stream broke off'
    } finally {
      silence.abort()
    }
  }

  function hear(text: string): void {
    events += 1
    const event = parse(text)
    if (event === undefined) {
      malformed += 1
      return
    }
    const { metric, value } = event
    if (typeof metric !== 'string' || !metric.endsWith('::json') || !isEntity(value)) {
      unknown += 1
      return
    }
    given.take(Buffer.from(JSON.stringify({ type: 'Notification', data: [value] })), effects.now())
  }

  return {
    start() {
      if (running) return
      running = true
      void run()
    },
    close: () => end.abort(),
    get stats() {
      return { events, unknown, malformed }
    },
  }
}

function isEntity(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'type' in value
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const event: unknown = JSON.parse(text)
    return typeof event === 'object' && event !== null && !Array.isArray(event) ? (event as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
