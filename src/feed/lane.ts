/**
 * The lane of one broker: by which of its ways it is heard now, how that way is, and when another is tried.
 *
 * The first way that is usable is taken. One that does not come up for long is left for the next; while that one
 * serves, the better ones are tried again beside it, so that a trial that fails costs nothing. Pure: whoever steps it
 * carries out the commands.
 */
import { backoffMs, type Backoff } from '../core/time/backoff.ts'
import { isDriven, type FeedWay } from './ways.ts'

export interface LaneLimits {
  readonly retry: Backoff
  /** A way that was not up for so long is left, when there is another. */
  readonly giveUpMs: number
  /** A better way is tried again so long after it was left. */
  readonly firstAgainMs: number
}

export const LANE_DEFAULTS: LaneLimits = { retry: { baseMs: 1_000, capMs: 30_000 }, giveUpMs: 20_000, firstAgainMs: 300_000 }

export interface Track {
  readonly way: FeedWay
  /** Of the driver; 0 for a way that has none. */
  readonly connection: number
  readonly at: 'opening' | 'up' | 'waiting'
  /** Since when it is up, or since when it is not. */
  readonly sinceMs: number
  readonly attempt: number
  readonly retryAtMs?: number
  readonly reason?: string
}

export interface Lane {
  readonly track?: Track
  /** A better way, tried beside the one that serves. */
  readonly trial?: Track
  readonly betterAtMs: number
  /** Why the way before was left; for who asks why it is not the first. */
  readonly left?: string
}

export interface LaneSurroundings {
  readonly nowMs: number
  readonly random: number
  readonly limits: LaneLimits
  /** The best first. */
  readonly order: readonly FeedWay[]
  /** How a way stands that has no driver. */
  readonly isThere: (way: 'relay' | 'poll') => boolean
  /** Ways that cannot be, by word of the server. */
  readonly cannot: (way: FeedWay) => string | undefined
  readonly nextConnection: () => number
}

export type LaneEvent =
  /** From time to time, and when anything around it has changed. */
  | { readonly type: 'look' }
  | { readonly type: 'up'; readonly connection: number }
  | { readonly type: 'down'; readonly connection: number; readonly reason: string }
  /** Lets go of all connections. */
  | { readonly type: 'end' }

export type LaneCommand = { readonly type: 'attach'; readonly way: FeedWay; readonly connection: number } | { readonly type: 'detach'; readonly connection: number }

export interface LaneStep {
  readonly lane: Lane
  readonly commands: readonly LaneCommand[]
  /** What the lane told before and what it will tell have a hole between them. */
  readonly isBroken: boolean
}

export const NO_LANE: Lane = { betterAtMs: Infinity }

export function stepLane(before: Lane, event: LaneEvent, around: LaneSurroundings): LaneStep {
  const { nowMs, random, limits, order } = around
  const commands: LaneCommand[] = []
  let { track, trial, betterAtMs, left } = before
  let isBroken = false

  function open(way: FeedWay, attempt = 0, sinceMs = nowMs): Track {
    if (!isDriven(way)) return { way, connection: 0, at: around.isThere(way as 'relay' | 'poll') ? 'up' : 'opening', sinceMs: nowMs, attempt: 0 }
    const connection = around.nextConnection()
    commands.push({ type: 'attach', way, connection })
    return { way, connection, at: 'opening', sinceMs, attempt }
  }

  /** While it is tried again, why it broke is still the reason why it is not up. */
  function again({ way, attempt, sinceMs, reason }: Track): Track {
    return { ...open(way, attempt, sinceMs), ...(reason !== undefined && { reason }) }
  }

  function close(one: Track | undefined): undefined {
    if (one !== undefined && one.connection > 0 && one.at !== 'waiting') commands.push({ type: 'detach', connection: one.connection })
  }

  function take(way: FeedWay, reason?: string): void {
    close(track)
    trial = close(trial)
    isBroken = track !== undefined
    track = open(way)
    // Without a reason the better one is there: what was said of it is over.
    left = reason
    betterAtMs = order.indexOf(way) > 0 ? nowMs + limits.firstAgainMs : Infinity
  }

  function look(): void {
    const usable = order.filter((way) => around.cannot(way) === undefined)
    // When none can be, the first is what is waited for.
    const ways = usable.length === 0 ? order.slice(0, 1) : usable
    if (track === undefined || !ways.includes(track.way)) {
      const first = ways[0]
      if (first !== undefined) take(first, order.map((way) => around.cannot(way)).find((why) => why !== undefined))
    }
    if (track === undefined) return
    if (!isDriven(track.way)) {
      const at = around.isThere(track.way as 'relay' | 'poll') ? 'up' : 'opening'
      if (at !== track.at) track = { ...track, at, sinceMs: nowMs }
    } else if (track.at === 'waiting' && nowMs >= track.retryAtMs!) track = again(track)
    if (track.at !== 'up' && nowMs - track.sinceMs > limits.giveUpMs) {
      const { way, reason } = track
      // The next, and behind the last the first again.
      const next = [...ways.slice(ways.indexOf(way) + 1), ...ways].find((one) => one !== way && (isDriven(one) || around.isThere(one as 'relay' | 'poll')))
      if (next !== undefined) take(next, `${way}: ${reason ?? 'no connection'}`)
    }
    tryBetter(ways)
    // Of the first way there is nothing to be said but that it cannot be.
    if (track.way === order[0]) left = around.cannot(track.way)
  }

  function tryBetter(ways: readonly FeedWay[]): void {
    if (trial !== undefined && nowMs - trial.sinceMs > limits.giveUpMs) {
      trial = close(trial)
      betterAtMs = nowMs + limits.firstAgainMs
    }
    if (track === undefined || trial !== undefined || nowMs < betterAtMs) return
    const better = ways.slice(0, Math.max(0, ways.indexOf(track.way))).find((way) => isDriven(way) || around.isThere(way as 'relay' | 'poll'))
    // None that can be: the first that can is taken when it can.
    if (better === undefined) return
    betterAtMs = nowMs + limits.firstAgainMs
    if (isDriven(better)) trial = open(better)
    else take(better)
  }

  switch (event.type) {
    case 'look':
      look()
      break
    case 'up':
      if (trial?.connection === event.connection) {
        close(track)
        track = { ...trial, at: 'up', sinceMs: nowMs }
        trial = undefined
        left = undefined
        betterAtMs = order.indexOf(track.way) > 0 ? nowMs + limits.firstAgainMs : Infinity
        isBroken = true
      } else if (track?.connection === event.connection) {
        track = { way: track.way, connection: track.connection, at: 'up', sinceMs: nowMs, attempt: track.attempt }
        isBroken = true
      }
      break
    case 'down':
      if (trial?.connection === event.connection) {
        trial = undefined
        betterAtMs = nowMs + limits.firstAgainMs
      } else if (track?.connection === event.connection && track.at !== 'waiting') {
        const wasUp = track.at === 'up'
        // One that comes up and breaks at once, again and again, must not cost a snapshot each second.
        const attempt = wasUp && nowMs - track.sinceMs > limits.retry.capMs ? 0 : track.attempt
        const retryAtMs = nowMs + backoffMs(attempt, random, limits.retry)
        track = { ...track, at: 'waiting', sinceMs: wasUp ? nowMs : track.sinceMs, attempt: attempt + 1, retryAtMs, reason: event.reason }
      }
      break
    case 'end':
      close(track)
      close(trial)
      return { lane: NO_LANE, commands, isBroken: false }
  }
  return {
    lane: { ...(track !== undefined && { track }), ...(trial !== undefined && { trial }), betterAtMs, ...(left !== undefined && { left }) },
    commands,
    isBroken,
  }
}
