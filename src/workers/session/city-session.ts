/**
 * The worker's side of the conversation with the page: one city is open at a time, and what it says goes
 * out through `post`. Knows no worker, no network and no clock, so all of it runs in a test.
 */
import type { DomainModel } from '../../domains/domain-model.ts'
import type { FeedSettings } from '../../feed/feed.ts'
import type { ToCityWorker } from '../city.messages.ts'
import type { Abortable } from './broker-access.ts'
import { createCity, type City, type CityEffects, type Post } from './city.ts'

export interface CitySession {
  handle(message: ToCityWorker): void
  /** Called several times a second: frames and status go out when they are due. */
  tick(): void
}

/** The page restarts a worker that has not beaten for several of these. */
const BEAT_MS = 2_000

export function createCitySession<Signal extends Abortable>(options: {
  readonly models: readonly DomainModel[]
  /** Network, clock and chance, for a page that was served from `origin`. */
  readonly effectsOf: (origin: string) => CityEffects<Signal>
  readonly now: () => number
  readonly post: Post
  /** Other waits than the feed's own. */
  readonly feed?: FeedSettings
}): CitySession {
  const { models, post } = options
  let city: City | undefined
  let rosterVersion = 0
  let beatAtMs = -Infinity

  async function reply(askId: number, asked: City | undefined, question: Extract<ToCityWorker, { type: 'ask' }>['question']): Promise<void> {
    const answer = (await asked?.ask(question)) ?? ({ ok: false, message: 'No city is open.' } as const)
    post({ type: 'answer', askId, answer })
  }

  return {
    handle(message) {
      switch (message.type) {
        case 'open':
          city?.close()
          city = createCity({
            models,
            effects: options.effectsOf(message.origin),
            post,
            plan: message.plan,
            cellRadiusM: message.cellRadiusM,
            atMs: message.atMs,
            look: message.look,
            feed: options.feed,
            nextRosterVersion: () => ++rosterVersion,
          })
          break
        case 'at':
          city?.setTime(message.atMs)
          break
        case 'look':
          city?.setLook(message.look)
          break
        case 'pause':
          city?.setPaused(message.paused)
          break
        case 'cells':
          city?.setCellRadius(message.radiusM)
          break
        case 'drawn':
          city?.drawn(message.domain, message.spare)
          break
        case 'ask':
          void reply(message.askId, city, message.question)
          break
        case 'close':
          city?.close()
          city = undefined
          break
      }
      // What the operator asked for is answered now, not at the next tick.
      city?.tick()
    },
    tick() {
      city?.tick()
      const nowMs = options.now()
      if (Math.abs(nowMs - beatAtMs) < BEAT_MS) return
      beatAtMs = nowMs
      post({ type: 'beat' })
    },
  }
}
