/**
 * Runs the feed's state machine: opens the stream, reads snapshots, decodes what is to be applied, and
 * passes it on. Everything from outside comes in as `effects`; the decisions are in `feed-state.ts`.
 */
import { decodeEntities } from '../ngsi-ld/decode.ts'
import type { Json } from '../ngsi-ld/entity.ts'
import { isNotification, readNotification } from '../ngsi-ld/notification.ts'
import type { HeardEvent, HeardNotification, ReadBytes } from './byte-notification.ts'
import type { StreamEvent } from './event-stream.ts'
import type { FeedOutput } from './feed-output.ts'
import { FEED_DEFAULTS, type FeedCommand, type FeedInput, type FeedOptions } from './feed-language.ts'
import { initialFeedState, step } from './feed-state.ts'
import { readRelayEvent } from './relay-wire.ts'
import type { Driver, DrivenWay } from './ways.ts'

/** Instead of a page of a snapshot: what came before may be gone by now, and all that is there comes again. */
export const RESTART = Symbol('restart')

/** `Signal` is whatever the platform aborts with: an `AbortSignal` in a worker. */
export interface FeedEffects<Signal = unknown> {
  /** Ends when the server closes, throws when it cannot be reached or breaks off. */
  openStream(lastEventId: string | undefined, signal: Signal): AsyncIterable<StreamEvent>
  /** Opens a way that has a connection of its own. */
  attach?(broker: string, way: DrivenWay, signal: Signal): Driver
  /** Has nobody seen the picture for long? Polls wait meanwhile. */
  isUnwatched?(): boolean
  /** Pages of the broker's entities, each an array; `RESTART` when all of it follows once more. Throws when the broker fails. */
  snapshot(broker: string, signal: Signal): AsyncIterable<Json | typeof RESTART>
  now(): number
  /** Settles after the time or when aborted, whichever is first. */
  wait(ms: number, signal: Signal): Promise<void>
  random(): number
  createAbort(): Abort<Signal>
  /** UTF-8; what is not valid becomes U+FFFD, a byte order mark is kept. */
  decodeText(bytes: Uint8Array): string
}

export interface Abort<Signal> {
  readonly signal: Signal
  abort(): void
}

/** What differs from `FEED_DEFAULTS`. */
export type FeedSettings = Partial<Omit<FeedOptions, 'brokers'>>

export interface Feed {
  start(): void
  stop(): void
  /** Lets go of the stream and of the clock; `start` asks the relay for what came meanwhile. */
  rest(): void
}

/** How often the machine looks at the clock: the finest step of its waits. */
const CLOCK_MS = 250

export function createFeed<Signal>(given: {
  readonly effects: FeedEffects<Signal>
  readonly emit: (output: FeedOutput) => void
  readonly brokers: readonly string[]
  readonly options?: FeedSettings
  /** Takes a notification apart without making text of its entities; they are then told as `notification`. */
  readonly readBytes?: ReadBytes
}): Feed {
  const { effects, emit, brokers } = given
  let state = initialFeedState({ ...FEED_DEFAULTS, ...given.options, brokers }, effects.now())
  let clock: Abort<Signal> | undefined
  let stream: Abort<Signal> | undefined
  const reads = new Map<string, Abort<Signal>>()
  const drivers = new Map<number, Abort<Signal>>()
  const inbox: FeedInput[] = []
  let busy = false
  let relayOffsetMs = 0

  // What is emitted may call back (`stop`): inputs wait for their turn instead of stepping inside a step.
  function put(input: FeedBody): void {
    inbox.push({ ...input, nowMs: effects.now(), random: effects.random() })
    if (busy) return
    busy = true
    try {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
        const result = step(state, next)
        state = result.state
        for (const command of result.commands) run(command)
      }
    } finally {
      busy = false
    }
  }

  function run(command: FeedCommand): void {
    switch (command.type) {
      case 'open':
        stream = effects.createAbort()
        void listen(command.connection, command.lastEventId, stream.signal)
        return
      case 'close':
        stream?.abort()
        return
      case 'attach': {
        const abort = effects.createAbort()
        drivers.set(command.connection, abort)
        void drive(command, abort.signal)
        return
      }
      case 'detach':
        drivers.get(command.connection)?.abort()
        drivers.delete(command.connection)
        return
      case 'read':
      case 'check': {
        const abort = effects.createAbort()
        reads.set(command.broker, abort)
        emit({ type: 'snapshot-started', broker: command.broker, ...(command.type === 'check' && { check: true, ...(command.poll === true && { poll: true }) }) })
        void read(command.broker, command.run, abort.signal)
        return
      }
      case 'cancel':
        reads.get(command.broker)?.abort()
        reads.delete(command.broker)
        return
      case 'begin-again':
        emit({ type: 'snapshot-started', broker: command.broker, ...(command.check && { check: true }) })
        return
      case 'page':
        emitPage(command.broker, command.page, command.check)
        return
      case 'apply':
        emitNotification(command.notification)
        return
      case 'ended':
        emit({ type: 'snapshot-ended', broker: command.broker, complete: command.complete })
        return
      case 'clock':
        relayOffsetMs = command.offsetMs
        emit(command)
        return
      default:
        emit(command)
    }
  }

  async function listen(connection: number, lastEventId: string | undefined, signal: Signal): Promise<void> {
    let reason = 'the stream ended'
    try {
      for await (const raw of effects.openStream(lastEventId, signal)) {
        const event = hear(raw)
        if (event !== undefined) put({ type: 'relay', connection, event })
      }
    } catch (error) {
      reason = describe(error)
    }
    put({ type: 'closed', connection, reason })
  }

  async function drive({ broker, way, connection }: Extract<FeedCommand, { readonly type: 'attach' }>, signal: Signal): Promise<void> {
    let reason = 'the connection ended'
    try {
      if (effects.attach === undefined) throw new Error('this page cannot be connected so')
      for await (const event of effects.attach(broker, way as DrivenWay, signal)) {
        // One that was let go may have more to say before it notices.
        if (!drivers.has(connection)) return
        if (event.type === 'up') put({ type: 'attached', broker, connection })
        else put({ type: 'heard', broker, connection, notification: { seq: 0, broker, receivedAtMs: relayNowMs(), notification: parse(effects.decodeText(event.data)) } })
      }
    } catch (error) {
      reason = describe(error)
    }
    drivers.delete(connection)
    put({ type: 'detached', broker, connection, reason })
  }

  // What the relay stamps is by its clock, and so is judged what waited: here nothing did.
  function relayNowMs(): number {
    return effects.now() + relayOffsetMs
  }

  function hear({ event, data }: StreamEvent): HeardEvent | undefined {
    const apart = event === 'notification' ? given.readBytes?.(data) : undefined
    if (apart === undefined) return readRelayEvent({ event, data: effects.decodeText(data) })
    const heard = readRelayEvent({ event, data: apart.envelope })
    if (heard?.event !== 'notification') return undefined
    // Entities are where the envelope says so, and only there.
    if (!isNotification(heard.data.notification)) return readRelayEvent({ event, data: effects.decodeText(data) })
    return { event: heard.event, data: { ...heard.data, entities: apart.entities } }
  }

  async function read(broker: string, run: number, signal: Signal): Promise<void> {
    try {
      for await (const page of effects.snapshot(broker, signal)) put(page === RESTART ? { type: 'restarted', broker, run } : { type: 'page', broker, run, page })
    } catch (error) {
      put({ type: 'read', broker, run, complete: false, reason: describe(error) })
      return
    }
    put({ type: 'read', broker, run, complete: true })
  }

  function emitPage(broker: string, page: Json, check: boolean): void {
    const { ok: entities, rejected } = decodeEntities(page)
    emit({ type: 'entities', broker, from: check ? 'check' : 'snapshot', entities, rejected, receivedAtMs: effects.now() })
  }

  function emitNotification({ broker, notification, receivedAtMs, entities: bytes }: HeardNotification): void {
    const decoded = readNotification(notification)
    if (bytes !== undefined && decoded.ok) {
      emit({ type: 'notification', broker, entities: bytes, rejected: decoded.value.rejected, receivedAtMs })
      return
    }
    const { entities, rejected } = decoded.ok ? decoded.value : { entities: [], rejected: [decoded.error] }
    emit({ type: 'entities', broker, from: 'stream', entities, rejected, receivedAtMs })
  }

  async function watchClock(abort: Abort<Signal>): Promise<void> {
    const isOn = (): boolean => clock === abort
    while (isOn()) {
      await effects.wait(CLOCK_MS, abort.signal)
      if (isOn()) put({ type: 'clock', unwatched: effects.isUnwatched?.() ?? false })
    }
  }

  return {
    start() {
      if (clock !== undefined) return
      clock = effects.createAbort()
      void watchClock(clock)
      put({ type: 'start' })
    },
    stop() {
      clock?.abort()
      clock = undefined
      put({ type: 'stop' })
    },
    rest() {
      clock?.abort()
      clock = undefined
      put({ type: 'rest' })
    },
  }
}

/** An input without what `put` adds; distributed over the union so that each kind keeps its own members. */
type FeedBody = FeedInput extends infer Input ? (Input extends FeedInput ? Omit<Input, 'nowMs' | 'random'> : never) : never

/** What is no JSON is told as the text it is: nobody takes that for a notification, and it is counted as refused. */
function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function describe(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'the connection failed'
}
