/**
 * The worker's side of the conversation with one place of the page: one city is open there at a time, and what it says
 * goes out through `post`. Knows no worker, no network and no clock, so all of it runs in a test.
 */
import type { DomainModel } from '../../domains/domain-model.ts'
import type { FeedSettings } from '../../feed/feed.ts'
import type { ToCity } from '../city.messages.ts'
import type { Abortable } from './broker-access.ts'
import { createCity, type City, type CityEffects, type Post } from './city.ts'

export interface CitySession {
  handle(message: ToCity): void
  /** Called several times a second: frames and status go out when they are due. */
  tick(): void
}

export function createCitySession<Signal extends Abortable>(options: {
  readonly models: readonly DomainModel[]
  /** Network, clock and chance, for a page that was served from `origin`. */
  readonly effectsOf: (origin: string) => CityEffects<Signal>
  readonly post: Post
  /** Something broke behind an answer that is not there yet. */
  readonly onFault: (error: unknown) => void
  /** Other waits than the feed's own. */
  readonly feed?: FeedSettings
}): CitySession {
  const { models, post } = options
  let city: City | undefined
  let rosterVersion = 0

  async function reply(askId: number, asked: City | undefined, question: Extract<ToCity, { type: 'ask' }>['question']): Promise<void> {
    try {
      const answer = (await asked?.ask(question)) ?? ({ ok: false, message: 'No city is open.' } as const)
      post({ type: 'answer', askId, answer })
    } catch (error) {
      options.onFault(error)
    }
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
            view: message,
            historyBytes: message.historyBytes,
            feed: options.feed,
            nextRosterVersion: () => ++rosterVersion,
          })
          break
        case 'rest':
          city?.rest()
          break
        case 'wake':
          city?.wake(message)
          break
        case 'budget':
          city?.setHistoryBytes(message.historyBytes)
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
    tick: () => city?.tick(),
  }
}
