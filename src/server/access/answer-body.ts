/**
 * The body of a broker's answer on its way: counted, cut off when it grows too large, with our secrets taken out, and
 * with one word at the end on how it went. Read at the pace of whoever reads it.
 */
import type { ReadableStream as WebStream } from 'node:stream/web'
import type { Veil } from './secrets.ts'

export type BodyEnd = 'whole' | 'broken' | 'cancelled' | 'too-large'

export interface WatchedBody {
  readonly body: ReadableStream<Uint8Array>
  /** Somebody wants more, and the broker has not sent it. */
  readonly isAwaited: boolean
}

export function watchBody(source: ReadableStream<Uint8Array> | WebStream<Uint8Array>, given: { readonly limitBytes: number; readonly veil: ReturnType<Veil['stream']>; readonly onEnd: (end: BodyEnd) => void }): WatchedBody {
  const { limitBytes, veil, onEnd } = given
  const reader = source.getReader()
  let bytes = 0
  let isAwaited = false

  /** The next bytes that are fit to be read; undefined at the end. */
  async function next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return undefined
      bytes += value.length
      if (bytes > limitBytes) throw new TooLarge()
      const clean = veil.push(value)
      if (clean.length > 0) return clean
    }
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        isAwaited = true
        try {
          const piece = await next()
          isAwaited = false
          if (piece !== undefined) return controller.enqueue(piece)
          const last = veil.end()
          if (last.length > 0) controller.enqueue(last)
          controller.close()
          onEnd('whole')
        } catch (error) {
          controller.error(error)
          onEnd(error instanceof TooLarge ? 'too-large' : 'broken')
          if (error instanceof TooLarge) await reader.cancel()
        }
      },
      cancel(reason) {
        onEnd('cancelled')
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return {
    body,
    get isAwaited() {
      return isAwaited
    },
  }
}

/** So that who reads can tell it from a line that broke. */
export class TooLarge extends Error {
  constructor() {
    super('the broker answered too much')
  }
}
