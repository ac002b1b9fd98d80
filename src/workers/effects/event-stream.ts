/**
 * The relay's stream read with a streaming `fetch`: several times the throughput of `EventSource`, gzip
 * included, and the id to go on from is ours to send.
 */
import { createEventStreamParser, type StreamEvent } from '../../feed/event-stream.ts'

export async function* openEventStream(url: string, lastEventId: string | undefined, signal: AbortSignal): AsyncIterable<StreamEvent> {
  const response = await fetch(url, {
    signal,
    cache: 'no-store',
    headers: { Accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }) },
  })
  if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status} to the feed`)
  const parser = createEventStreamParser()
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield* parser.push(value)
    }
  } finally {
    // Whoever stops listening closes the connection; it may have broken already, which is then no news.
    await reader.cancel().catch(() => undefined)
  }
}
