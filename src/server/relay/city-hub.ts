/**
 * One city's feed: numbers what the brokers say, keeps the last of it, and gives it to all readers.
 *
 * Notifications of a short moment go out together, as one piece of bytes for all readers: a hundred
 * readers cost a hundred writes, not a hundred times the work.
 */
import type { RelayBrokerState, RelayResync } from '../../feed/relay-events.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { compressShared, eventText, notificationBytes } from './event-text.ts'
import { createFeedReader, type Batch, type FeedReader, type Outlet, type ReaderLimits, type Said } from './feed-reader.ts'
import { createReplayBuffer } from './replay-buffer.ts'

export interface HubLimits extends ReaderLimits {
  readonly maxReaders: number
  /** Of all slow readers together; whoever holds most is told to start over. */
  readonly maxWaitingTotal: number
  readonly replayBytes: number
  readonly replayCount: number
  /** How long notifications are gathered before they go out together. */
  readonly gatherMs: number
  /** The longest: with very many readers, giving out takes time that the door needs too. */
  readonly maxGatherMs: number
}

/** What one giving out took is left free so many times over before the next. */
const FREE_TIMES = 8

export const HUB_LIMITS: HubLimits = {
  maxReaders: 2_000,
  maxWaitingTotal: 200_000,
  replayBytes: 16 * 1024 * 1024,
  replayCount: 20_000,
  gatherMs: 20,
  maxGatherMs: 100,
  maxQueuedBytes: 1024 * 1024,
  maxWaitingEntities: 20_000,
  stuckAfterMs: 60_000,
}

/** Time, as the relay needs it. Both return the way to call it off. */
export interface Timers {
  now(): number
  after(ms: number, call: () => void): () => void
}

export interface CityHub {
  /** `json` is one line of JSON, as the broker sent it; `payload` the same parsed, asked for when a reader cannot keep up. */
  publish(given: { readonly broker: string; readonly json: Buffer; payload(): Json; readonly receivedAtMs: number }): void
  setBroker(state: RelayBrokerState): void
  resync(resync: RelayResync): void
  tick(): void
  /** Has anybody connected by now? Before, nobody can have missed anything. */
  readonly hasBeenRead: boolean
  /** As many readers as the hub takes. */
  readonly isFull: boolean
  /** Call what comes back when the reader has gone. */
  connect(given: { readonly outlet: Outlet; readonly gzip: boolean; readonly lastEventId?: string }): () => void
  close(): void
  readonly brokers: readonly RelayBrokerState[]
  readonly stats: HubStats
}

export interface HubStats {
  readonly readers: number
  readonly seq: number
  readonly coalesced: number
  readonly replayed: number
  readonly resyncs: number
  readonly stuck: number
  readonly replayBytes: number
}

export function createCityHub(given: { readonly epoch: string; readonly timers: Timers; readonly limits?: Partial<HubLimits> }): CityHub {
  const { epoch, timers } = given
  const limits = { ...HUB_LIMITS, ...given.limits }
  const replay = createReplayBuffer({ maxBytes: limits.replayBytes, maxCount: limits.replayCount })
  const readers = new Map<FeedReader, Outlet>()
  const brokers = new Map<string, RelayBrokerState>()
  /** Of the last givings out, weighed by how long ago: the clock is a coarse one. */
  let flushCostMs = 0
  let outbox: { readonly said: Said; readonly bytes: Buffer }[] = []
  let callOff: (() => void) | undefined
  let seq = 0
  let coalesced = 0
  let replayed = 0
  let resyncs = 0
  let stuck = 0
  let hasBeenRead = false
  let brokersSaid = ''

  function say(said: Said, bytes: Buffer): void {
    if (readers.size === 0) return
    outbox.push({ said, bytes })
    callOff ??= timers.after(gatherMs(), flush)
  }

  function gatherMs(): number {
    return Math.max(limits.gatherMs, Math.min(limits.maxGatherMs, flushCostMs * FREE_TIMES))
  }

  function flush(): void {
    callOff?.()
    callOff = undefined
    if (outbox.length === 0) return
    const startMs = timers.now()
    const bytes = outbox.length === 1 ? outbox[0]!.bytes : Buffer.concat(outbox.map((one) => one.bytes))
    let compressed: Buffer | undefined
    const batch: Batch = { bytes, compressed: () => (compressed ??= compressShared(bytes)), said: outbox.map(({ said }) => said) }
    outbox = []
    for (const reader of readers.keys()) reader.offer(batch)
    boundWaiting()
    flushCostMs += (timers.now() - startMs - flushCostMs) / 8
  }

  function boundWaiting(): void {
    let total = 0
    for (const reader of readers.keys()) total += reader.waiting
    if (total <= limits.maxWaitingTotal) return
    for (const reader of [...readers.keys()].sort((a, b) => b.waiting - a.waiting)) {
      if (total <= limits.maxWaitingTotal) return
      total -= reader.waiting
      reader.forget()
    }
  }

  function hello(): string {
    return eventText({ event: 'hello', data: { epoch, seq, serverTimeMs: timers.now(), brokers: [...brokers.values()] } })
  }

  function sayBrokers(): void {
    const text = eventText({ event: 'brokers', data: [...brokers.values()] })
    if (text === brokersSaid) return
    brokersSaid = text
    say({ kind: 'control', text }, Buffer.from(text))
  }

  /** What a reader hears first: where the numbers stand, then what it missed, or that it is too late for that. */
  function opening(lastEventId: string | undefined): string | Buffer {
    const start = `retry: 1000\n\n${hello()}`
    const id = /^([\w-]{1,64})\.(\d{1,15})$/.exec(lastEventId ?? '')
    if (id === null) return start
    const last = Number(id[2])
    const missed = id[1] === epoch && last <= seq ? replay.after(last) : undefined
    if (missed === undefined) {
      resyncs += 1
      return start + eventText({ event: 'resync', data: { reason: id[1] === epoch ? 'gap' : 'epoch' } })
    }
    replayed += missed.length
    return Buffer.concat([Buffer.from(start), ...missed.map(({ bytes }) => bytes)])
  }

  return {
    publish({ broker, json, payload, receivedAtMs }) {
      seq += 1
      const bytes = notificationBytes({ epoch, seq, broker, receivedAtMs, notification: json })
      replay.add({ seq, isNotification: true, bytes })
      const state = brokers.get(broker)
      if (state !== undefined) brokers.set(broker, { ...state, lastNotificationAtMs: receivedAtMs })
      let parsed: Json | undefined
      say({ kind: 'notification', seq, broker, payload: () => (parsed ??= payload()) }, bytes)
    },
    setBroker(state) {
      const lastNotificationAtMs = brokers.get(state.broker)?.lastNotificationAtMs
      brokers.set(state.broker, { ...(lastNotificationAtMs !== undefined && { lastNotificationAtMs }), ...state })
      sayBrokers()
    },
    resync(data) {
      resyncs += 1
      const text = eventText({ event: 'resync', data })
      const bytes = Buffer.from(text)
      replay.add({ seq, isNotification: false, bytes })
      say({ kind: 'control', text }, bytes)
    },
    tick() {
      for (const [reader, outlet] of readers) {
        if (!reader.endWhenStuck()) continue
        stuck += 1
        readers.delete(reader)
        outlet.destroy()
      }
      sayBrokers()
      say({ kind: 'passing' }, Buffer.from(eventText({ event: 'tick', data: { serverTimeMs: timers.now(), seq } })))
    },
    connect({ outlet, gzip, lastEventId }) {
      // What is gathered has its numbers already: it goes to those who were here before.
      flush()
      const reader = createFeedReader({
        outlet,
        gzip,
        limits,
        epoch,
        now: () => timers.now(),
        restart: () => hello() + eventText({ event: 'resync', data: { reason: 'gap' } }),
        onCoalesced: (count) => (coalesced += count),
      })
      const bytes = Buffer.from(opening(lastEventId))
      reader.offer({ bytes, compressed: () => compressShared(bytes), said: [] })
      readers.set(reader, outlet)
      hasBeenRead = true
      return () => readers.delete(reader)
    },
    close() {
      flush()
      callOff?.()
      for (const outlet of readers.values()) outlet.destroy()
      readers.clear()
    },
    get hasBeenRead() {
      return hasBeenRead
    },
    get isFull() {
      return readers.size >= limits.maxReaders
    },
    get brokers() {
      return [...brokers.values()]
    },
    get stats() {
      return { readers: readers.size, seq, coalesced, replayed, resyncs, stuck, replayBytes: replay.bytes }
    },
  }
}
