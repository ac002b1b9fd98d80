/**
 * The feed as a state machine: snapshot, then stream. Pure: what happens comes in as inputs with the time
 * and a random number, what is to be done goes out as commands.
 *
 * A connection begins with `hello`. Then, broker by broker, notifications are buffered while the snapshot
 * is read, applied behind it, and from then on at once. Numbers tell what was missed: after a gap, in a new
 * epoch, or when the relay says so, snapshots are read again. A broker whose snapshot fails is tried
 * again later and meanwhile shows what its notifications say; it never holds up the others.
 *
 * While all is well a broker is checked from time to time: a fresh snapshot beside the stream mends what was
 * lost without a trace. A check changes nothing else: notifications are applied at once, the feed stays
 * live, one broker is checked at a time, and whatever else wants a snapshot ends the check.
 *
 * A broker that is not heard by the relay has a lane (`lane.ts`), which tells without numbers: whenever it comes up, a
 * snapshot is read. A polled one has only its checks: more often, each for itself, and not while nobody looks.
 *
 * Live means: connected, some broker's snapshot is complete, and none is being read for the first time.
 */
import type { FeedInput, FeedOptions } from './feed-language.ts'
import { isConnected } from './feed-phase.ts'
import { Draft, type FeedState, type Step } from './feed-draft.ts'

export function initialFeedState(options: FeedOptions, nowMs: number): FeedState {
  return {
    options,
    link: { at: 'idle' },
    connection: 0,
    attempt: 0,
    run: 0,
    lastSeq: 0,
    brokers: new Map(options.brokers.map((broker) => [broker, { at: 'none' }])),
    phase: { kind: 'stopped', sinceMs: nowMs },
    lanes: new Map(),
    driver: 0,
    said: [],
    ways: [],
  }
}

export function step(state: FeedState, input: FeedInput): Step {
  const draft = new Draft(state, input)
  switch (input.type) {
    case 'start':
      if (state.link.at === 'idle' || state.link.at === 'stopped') draft.open()
      break
    case 'stop':
      draft.stop()
      break
    case 'rest':
      draft.rest()
      break
    case 'relay':
      if (input.connection === state.connection && isConnected(state.link)) draft.hear(input.event)
      break
    case 'closed':
      if (input.connection === state.connection && isConnected(state.link)) draft.reconnect(input.reason)
      break
    case 'attached':
      draft.steer(input.broker, { type: 'up', connection: input.connection })
      break
    case 'detached':
      draft.steer(input.broker, { type: 'down', connection: input.connection, reason: input.reason })
      break
    case 'heard':
      draft.hearDriver(input.broker, input.connection, input.notification)
      break
    case 'page':
      draft.page(input.broker, input.run, input.page)
      break
    case 'restarted':
      draft.restarted(input.broker, input.run)
      break
    case 'read':
      draft.endRead(input.broker, input.run, input.complete, input.reason ?? 'the snapshot failed')
      break
    case 'clock':
      draft.tick(input.unwatched === true)
  }
  return draft.finish()
}
