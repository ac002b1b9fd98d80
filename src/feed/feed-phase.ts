/** How the connection to the relay stands, how far each broker is read, and what both make of the feed as a whole. */
import type { HeardNotification } from './byte-notification.ts'
import type { FeedPhase } from './feed-output.ts'

export type Link =
  | { readonly at: 'idle' }
  | { readonly at: 'opening'; readonly heardAtMs: number }
  /** `helloSeq`: where the relay's numbers stood at the start of this connection. */
  | { readonly at: 'up'; readonly heardAtMs: number; readonly helloSeq: number }
  | { readonly at: 'waiting'; readonly retryAtMs: number; readonly reason: string }
  /** There is no relay, and none is missed. */
  | { readonly at: 'alone' }
  | { readonly at: 'stopped' }

export type BrokerSync =
  | { readonly at: 'none' }
  /** `first`: nothing of this broker is on the screen yet, or what is there has a hole. */
  | { readonly at: 'reading'; readonly run: number; readonly first: boolean; readonly attempt: number; readonly held?: Held }
  | { readonly at: 'waiting'; readonly retryAtMs: number; readonly attempt: number; readonly first: boolean; readonly reason: string }
  | { readonly at: 'done'; readonly checkAtMs: number }
  | { readonly at: 'checking'; readonly run: number }

/** Notifications held back, newest first: a list that grows without being copied. */
export interface Held {
  readonly notification: HeardNotification
  readonly before: Held | undefined
  readonly count: number
}

export function isConnected(link: Link): boolean {
  return link.at === 'opening' || link.at === 'up'
}

export function phaseOf(link: Link, brokers: ReadonlyMap<string, BrokerSync>, { attempt, nowMs: sinceMs }: { readonly attempt: number; readonly nowMs: number }): FeedPhase {
  switch (link.at) {
    case 'idle':
    case 'stopped':
      return { kind: 'stopped', sinceMs }
    case 'opening':
      return { kind: 'connecting', sinceMs, attempt }
    case 'waiting':
      return { kind: 'retrying', sinceMs, attempt, retryAtMs: link.retryAtMs, reason: link.reason }
    case 'alone':
    case 'up': {
      const syncs = [...brokers.values()]
      const isFirst = syncs.some((sync) => sync.at === 'none' || ((sync.at === 'reading' || sync.at === 'waiting') && sync.first))
      if (isFirst) return { kind: 'snapshot', sinceMs }
      if (syncs.some((sync) => sync.at === 'done' || sync.at === 'checking')) return { kind: 'live', sinceMs }
      const waiting = syncs.filter((sync) => sync.at === 'waiting')
      const [soonest] = waiting.sort((a, b) => a.retryAtMs - b.retryAtMs)
      if (soonest === undefined) return { kind: 'snapshot', sinceMs }
      return { kind: 'retrying', sinceMs, attempt: soonest.attempt, retryAtMs: soonest.retryAtMs, reason: soonest.reason }
    }
  }
}

export function isSamePhase(a: FeedPhase, b: FeedPhase): boolean {
  if (a.kind !== b.kind) return false
  if (a.kind === 'retrying' && b.kind === 'retrying') return a.retryAtMs === b.retryAtMs && a.reason === b.reason
  if (a.kind === 'connecting' && b.kind === 'connecting') return a.attempt === b.attempt
  return true
}
