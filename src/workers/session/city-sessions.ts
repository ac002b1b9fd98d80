/**
 * The cities of one worker: each has a place, a session, and a line in which it waits for its turn.
 *
 * They share the thread and nothing else. A city that throws is closed and the page is told; the others go on.
 * What fails in a promise that nobody waits for has no name on it: then the worker ends, and the page opens all of its
 * cities anew in the next (`city.worker.ts`).
 */
import type { DomainModel } from '../../domains/domain-model.ts'
import type { FeedSettings } from '../../feed/feed.ts'
import type { FromCityWorker, ToCityWorker } from '../city.messages.ts'
import type { Abortable } from './broker-access.ts'
import type { CityEffects } from './city.ts'
import { createCitySession, type CitySession } from './city-session.ts'
import { createTurns, inTurns, SLICE_BYTES, type Line } from './turns.ts'

export interface CitySessions {
  handle(message: ToCityWorker): void
  /** Called several times a second: frames, status and beats go out when they are due. */
  tick(): void
}

/** The page restarts a worker that has not beaten for several of these. */
const BEAT_MS = 2_000

export interface CitySessionsOptions<Signal extends Abortable> {
  readonly models: readonly DomainModel[]
  /** Network, clock and chance of one city, for a page that was served from `origin`. */
  readonly effectsOf: (origin: string) => CityEffects<Signal>
  readonly now: () => number
  /** Runs it in another turn of the event loop. */
  readonly later: (run: () => void) => void
  readonly post: (message: FromCityWorker, transfer?: readonly ArrayBuffer[]) => void
  /** Other waits than the feed's own. */
  readonly feed?: FeedSettings
}

export function createCitySessions<Signal extends Abortable>(options: CitySessionsOptions<Signal>): CitySessions {
  const { models, now, post } = options
  const turns = createTurns(options.later)
  const places = new Map<number, { readonly session: CitySession; readonly line: Line }>()
  let beatAtMs = -Infinity
  let first = 0

  function enter(place: number): CitySession {
    const line = turns.join()
    const session: CitySession = createCitySession<Signal>({
      models,
      effectsOf: (origin) => takingTurns(options.effectsOf(origin), line),
      // An answer may come after its city has gone.
      post: (message, transfer) => places.get(place)?.session === session && post({ ...message, place }, transfer),
      onFault: (error) => places.get(place)?.session === session && fail(place, error),
      ...(options.feed !== undefined && { feed: options.feed }),
    })
    places.set(place, { session, line })
    return session
  }

  function leave(place: number): void {
    const gone = places.get(place)
    places.delete(place)
    gone?.line.leave()
    gone?.session.handle({ type: 'close' })
  }

  function fail(place: number, error: unknown): void {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error)
    try {
      leave(place)
    } catch {
      // Why it broke is what the operator is told; that it could not be closed in order is of the same breakage.
    }
    post({ type: 'failed', place, reason })
  }

  function guard(place: number, run: () => void): void {
    try {
      run()
    } catch (error) {
      fail(place, error)
    }
  }

  return {
    handle(message) {
      const { place, type } = message
      if (type === 'close') guard(place, () => leave(place))
      // What is said to a city that has failed meanwhile is of no use: it is opened again.
      else if (type === 'open' || places.has(place)) guard(place, () => (places.get(place)?.session ?? enter(place)).handle(message))
    },
    tick() {
      // Another goes first each time: none is always behind the frames of a large one.
      const all = [...places]
      first = all.length === 0 ? 0 : (first + 1) % all.length
      for (const [place, { session }] of [...all.slice(first), ...all.slice(0, first)]) guard(place, () => session.tick())
      const nowMs = now()
      if (Math.abs(nowMs - beatAtMs) < BEAT_MS) return
      beatAtMs = nowMs
      post({ type: 'beat' })
    },
  }
}

/**
 * The stream by its bytes, a page of a snapshot as one slice. Answers about the past are asked for a few at a time, and
 * the next when one is read: they leave turns to others by themselves.
 */
function takingTurns<Signal>(effects: CityEffects<Signal>, line: Line): CityEffects<Signal> {
  return {
    ...effects,
    openStream: (cityId, lastEventId, signal) => inTurns(effects.openStream(cityId, lastEventId, signal), line, ({ data }) => data.length),
    ...(effects.attach !== undefined && { attach: (cityId, brokerId, way, signal) => inTurns(effects.attach!(cityId, brokerId, way, signal), line, (event) => (event.type === 'heard' ? event.data.length : 0)) }),
    broker(cityId, brokerId, profile) {
      const access = effects.broker(cityId, brokerId, profile)
      return { ...access, snapshot: (types, signal) => inTurns(access.snapshot(types, signal), line, () => SLICE_BYTES) }
    },
  }
}
