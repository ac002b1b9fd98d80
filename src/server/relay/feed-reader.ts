/**
 * One reader of a city's feed. It gets the bytes that all get, as long as its socket takes them; when it
 * does not, changes wait for it per entity, and when it is ready again it gets the present in one event.
 * Nothing is queued without bound, and no reader waits for another.
 */
import type { Json } from '../../ngsi-ld/entity.ts'
import { createWaiting } from './coalesce.ts'
import { compressShared, eventText, GZIP_HEADER } from './event-text.ts'

/** What was said since the last time, made once for all readers. */
export interface Batch {
  readonly bytes: Buffer
  /** The same, compressed. Made when the first reader asks. */
  compressed(): Buffer
  readonly said: readonly Said[]
}

export type Said =
  | { readonly kind: 'notification'; readonly seq: number; readonly broker: string; payload(): Json }
  | { readonly kind: 'control'; readonly text: string }
  /** Worth nothing a moment later: a tick. */
  | { readonly kind: 'passing' }

/** The part of a response that a reader needs. */
export interface Outlet {
  write(bytes: Buffer): boolean
  readonly writableLength: number
  once(event: 'drain', listener: () => void): unknown
  destroy(): unknown
}

export interface ReaderLimits {
  /** Bytes in the socket's queue from which on the reader counts as slow. */
  readonly maxQueuedBytes: number
  readonly maxWaitingEntities: number
  /** A reader that took nothing for so long is gone. */
  readonly stuckAfterMs: number
}

export interface FeedReader {
  offer(batch: Batch): void
  /** Ends a reader whose socket stands still; true when it did. */
  endWhenStuck(): boolean
  readonly waiting: number
  /** Gives up what waits: the reader will be told to take a new snapshot. */
  forget(): void
}

const MAX_CONTROLS = 1_000

export function createFeedReader(given: {
  readonly outlet: Outlet
  readonly gzip: boolean
  readonly limits: ReaderLimits
  readonly now: () => number
  /** What a reader that lost its place must hear: the numbers as they are, and to take a new snapshot. */
  readonly restart: () => string
  readonly epoch: string
  readonly onCoalesced: (count: number) => void
}): FeedReader {
  const { outlet, gzip, limits, now, epoch } = given
  const waiting = createWaiting()
  const controls = new Set<string>()
  let slowSinceMs: number | undefined
  let lastSeq = 0
  let overflowed = false
  if (gzip) outlet.write(GZIP_HEADER)

  function offer(batch: Batch): void {
    if (slowSinceMs !== undefined) return hold(batch)
    outlet.write(gzip ? batch.compressed() : batch.bytes)
    slowDown()
  }

  function slowDown(): void {
    if (outlet.writableLength <= limits.maxQueuedBytes) return
    slowSinceMs = now()
    outlet.once('drain', catchUp)
  }

  function hold(batch: Batch): void {
    for (const one of batch.said) {
      if (one.kind === 'control') controls.add(one.text)
      else if (one.kind === 'notification') {
        lastSeq = one.seq
        if (!overflowed) waiting.add(one.broker, one.payload())
      }
    }
    if (waiting.size > limits.maxWaitingEntities || controls.size > MAX_CONTROLS) forget()
  }

  function forget(): void {
    given.onCoalesced(waiting.count)
    waiting.take()
    controls.clear()
    overflowed = true
  }

  function catchUp(): void {
    slowSinceMs = undefined
    const text = overflowed ? given.restart() : presentOrRestart()
    overflowed = false
    controls.clear()
    waiting.take()
    if (text === '') return
    const bytes = Buffer.from(text)
    outlet.write(gzip ? compressShared(bytes) : bytes)
    slowDown()
  }

  function presentOrRestart(): string {
    try {
      return [...controls].join('') + caughtUp()
    } catch (error) {
      // What a hostile broker nested too deeply to be written again (the stack is the limit) is not in the way for long.
      if (error instanceof RangeError) return given.restart()
      throw error
    }
  }

  // One event for each broker. Only the last has the number, so a cut in between replays them all.
  function caughtUp(): string {
    const { count } = waiting
    if (count === 0) return ''
    given.onCoalesced(count)
    return waiting
      .take()
      .map(({ broker, notification }, index, all) => {
        const isLast = index === all.length - 1
        const data = { seq: lastSeq, broker, receivedAtMs: now(), notification, coalesced: isLast ? count : 0 }
        return eventText({ event: 'notification', data }, isLast ? `${epoch}.${lastSeq}` : undefined)
      })
      .join('')
  }

  return {
    offer,
    endWhenStuck() {
      if (slowSinceMs === undefined || now() - slowSinceMs < limits.stuckAfterMs) return false
      outlet.destroy()
      return true
    },
    forget,
    get waiting() {
      return waiting.size
    },
  }
}
