/**
 * Which hours of a domain have been read from which broker: what may be shown as exact, what is still to
 * be read, and what could not be.
 *
 * Only what the temporal API gave counts as read. What came live extends it, as long as nothing was lost
 * on the way since: a stream that was cut or put readings together is no history.
 */
import { HOUR_MS, SECOND_MS } from '../../core/time/instant.ts'

export interface Coverage {
  /** Hours that an instant with this look-back rests on, newest first. */
  hoursOf(atMs: number, lookBackMs: number): readonly number[]
  /** Is this hour of the broker read as far as `toMs`, or failed? */
  isSettled(broker: string, hour: number, toMs: number): boolean
  /** Is there anything to ask the broker for this hour, that is not being asked? */
  isMissing(broker: string, hour: number, toMs: number): boolean
  /** How far the broker has given the hour whole; -Infinity: not at all, or only a part. */
  readTo(broker: string, hour: number): number
  started(broker: string, hour: number): void
  loaded(broker: string, hour: number, toMs: number, problem: string | undefined): void
  failed(broker: string, hour: number, problem: string, nowMs: number): void
  problems(broker: string, hour: number): string | undefined
  /** Readings that come live are complete from here on; Infinity while they are not. */
  setLiveSince(ms: number): void
  /** What failed a while ago is to be tried again: who asks again means it, but a hand that moves asks all the time. */
  forgive(hours: readonly number[], nowMs: number): void
  forget(hour: number): void
}

interface Entry {
  isLoading: boolean
  /** Read as far as this; -Infinity: never. */
  toMs: number
  /** Undefined: it has not. */
  failedAtMs: number | undefined
  problem: string | undefined
}

const FORGIVE_AFTER_MS = 5 * SECOND_MS

export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS)
}

function keyOf(broker: string, hour: number): string {
  return `${hour} ${broker}`
}

export function createCoverage(): Coverage {
  const entries = new Map<string, Entry>()
  let liveSinceMs = Infinity

  function entryOf(broker: string, hour: number): Entry {
    const key = keyOf(broker, hour)
    let entry = entries.get(key)
    if (entry === undefined) entries.set(key, (entry = { isLoading: false, toMs: -Infinity, failedAtMs: undefined, problem: undefined }))
    return entry
  }

  function isRead({ toMs: readMs }: Entry, hour: number, toMs: number): boolean {
    return readMs >= Math.min(toMs, (hour + 1) * HOUR_MS - 1) || (readMs > -Infinity && liveSinceMs <= readMs)
  }

  return {
    hoursOf(atMs, lookBackMs) {
      const hours: number[] = []
      for (let hour = hourOf(atMs); hour >= hourOf(atMs - lookBackMs); hour--) hours.push(hour)
      return hours
    },
    isSettled(broker, hour, toMs) {
      const entry = entries.get(keyOf(broker, hour))
      return entry !== undefined && (entry.failedAtMs !== undefined || isRead(entry, hour, toMs))
    },
    isMissing(broker, hour, toMs) {
      const entry = entries.get(keyOf(broker, hour))
      return entry === undefined || (!entry.isLoading && entry.failedAtMs === undefined && !isRead(entry, hour, toMs))
    },
    readTo(broker, hour) {
      const entry = entries.get(keyOf(broker, hour))
      return entry === undefined || entry.problem !== undefined ? -Infinity : entry.toMs
    },
    started(broker, hour) {
      entryOf(broker, hour).isLoading = true
    },
    loaded(broker, hour, toMs, problem) {
      entries.set(keyOf(broker, hour), { isLoading: false, toMs, failedAtMs: undefined, problem })
    },
    failed(broker, hour, problem, nowMs) {
      Object.assign(entryOf(broker, hour), { isLoading: false, failedAtMs: nowMs, problem })
    },
    problems: (broker, hour) => entries.get(keyOf(broker, hour))?.problem,
    setLiveSince(ms) {
      liveSinceMs = ms
    },
    forgive(hours, nowMs) {
      for (const [key, entry] of entries) {
        if (entry.failedAtMs === undefined || !hours.includes(Number.parseInt(key, 10)) || Math.abs(nowMs - entry.failedAtMs) < FORGIVE_AFTER_MS) continue
        entry.failedAtMs = entry.problem = undefined
      }
    },
    forget(hour) {
      for (const [key, entry] of entries) if (Number.parseInt(key, 10) === hour && !entry.isLoading) entries.delete(key)
    },
  }
}
