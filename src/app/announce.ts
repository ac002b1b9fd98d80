/**
 * What is said aloud: changes of state, seldom, and never a value.
 *
 * Whoever knows a state tells it under a topic, as words for when it changes. The first state of a topic is not news. Between two
 * announcements lie ten seconds; what happens meanwhile is gathered, the newest of each topic counts, and a state that is back
 * where it was when it was last spoken of is not mentioned at all.
 */
import type { Verbosity } from './settings.ts'

export interface Fact {
  /** What it is about: `mode`, `feed:orion`, `alarm:17`. One topic has one state. */
  readonly topic: string
  /** Compared, not spoken. */
  readonly state: string
  /** Spoken when the state is new; empty for a state that is no news to come to. */
  readonly words: string
  /** Spoken before others. */
  readonly isUrgent?: boolean
  /** Only for `all`. */
  readonly isShown?: boolean
}

export interface Announcer {
  /**
   * The facts as they are now, all of them, and what is to be said; undefined while nothing is. A topic that is not among the
   * facts is as it was: whoever forgets an alarm must say that it is over.
   */
  hear(facts: readonly Fact[], nowMs: number, verbosity: Verbosity): string | undefined
}

export const QUIET_MS = 10_000
/** More than this nobody follows by ear: the rest is counted by who looks. */
const MOST_AT_ONCE = 4

export function createAnnouncer(): Announcer {
  /** By topic: the state that was spoken last, or found at first. */
  const spoken = new Map<string, string>()
  const waiting = new Map<string, Fact>()
  let spokeAtMs = -Infinity

  return {
    hear(facts, nowMs, verbosity) {
      for (const fact of facts) {
        const { topic, state } = fact
        const before = spoken.get(topic)
        if (before === undefined) spoken.set(topic, state)
        else if (before === state) waiting.delete(topic)
        else if (isHeard(fact, verbosity)) waiting.set(topic, fact)
        else {
          // What is not spoken of is known all the same: louder words later must not tell old news.
          spoken.set(topic, state)
          waiting.delete(topic)
        }
      }
      if (waiting.size === 0 || nowMs - spokeAtMs < QUIET_MS) return undefined
      const news = [...waiting.values()].toSorted((a, b) => Number(b.isUrgent ?? false) - Number(a.isUrgent ?? false))
      for (const { topic, state } of news) spoken.set(topic, state)
      waiting.clear()
      spokeAtMs = nowMs
      return news
        .slice(0, MOST_AT_ONCE)
        .map(({ words }) => words)
        .join(' ')
    },
  }
}

function isHeard({ words, isShown }: Fact, verbosity: Verbosity): boolean {
  return words !== '' && (verbosity === 'all' || (verbosity === 'state' && isShown !== true))
}
