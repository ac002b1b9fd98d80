/**
 * Obelisk's own event stream, read in place of pages: it wants a token in a header, and has one reader at a time, since a
 * new session ends the old one. What it says goes the way of a notification, past the same sieve.
 *
 * Events are measurements, `metric` as `name::type`. NGSI-LD entities are `::json` metrics; all others have no entity to be
 * of, and are counted. The line `comment: heartbeat` comes every 5 s: a stream without it is dead, though nobody closed it.
 * What came while nobody read is not asked for (`receiveBacklog`): readers take a snapshot.
 */
import { createEventStreamParser } from '../../feed/event-stream.ts'
import type { BrokerLine } from '../access/broker-line.ts'
import { createListening, type Listener, type Listening } from './listening.ts'
import type { OwnerEffects } from './subscription-owner.ts'

const SILENCE_MS = 15_000

export function createObeliskEvents(
  given: {
    readonly streamUrl: string
    readonly line: Pick<BrokerLine, 'send'>
    readonly headers: Readonly<Record<string, string>>
    readonly effects: OwnerEffects
    readonly silenceMs?: number
  } & Listener,
): Listening {
  const { streamUrl, line, effects, silenceMs = SILENCE_MS } = given
  let events = 0
  let unknown = 0
  let malformed = 0

  /** Until it breaks; says why. */
  async function session(end: AbortSignal): Promise<string> {
    const silence = new AbortController()
    const signal = AbortSignal.any([end, silence.signal])
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
    by: 'obelisk-events',
    ...createListening({ effects, session, onTrouble: given.onTrouble }),
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
