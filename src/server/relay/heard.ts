/**
 * What a broker was heard to say over the last day, by entity type: how many entities in each quarter of an hour. It shows
 * when a feed was silent, also while no page was open, and how often a broker notifies now. A few kilobytes a broker.
 */
export interface Heard {
  /** Entities of one notification. */
  add(type: string, entities: number): void
  notified(): void
  stats(): HeardStats
}

export interface HeardStats {
  /** Over the last minute. */
  readonly notificationsPerS: number
  readonly slotMs: number
  /** Start of the first slot; the last is under way. */
  readonly fromMs: number
  /** When it began to listen: slots before say nothing. */
  readonly sinceMs: number
  /** Entities of each slot. */
  readonly types: readonly { readonly type: string; readonly slots: readonly number[] }[]
}

export const SLOT_MS = 15 * 60_000
export const SLOTS = 96
/** A hostile broker could make every type a new one. */
const MAX_TYPES = 64
const RATE_STEP_MS = 5_000
const RATE_STEPS = 12

export function createHeard(now: () => number): Heard {
  const sinceMs = now()
  const types = new Map<string, Ring>()
  const rate = createRing(RATE_STEP_MS, RATE_STEPS)
  return {
    add(type, entities) {
      let ring = types.get(type)
      if (ring === undefined) {
        if (types.size >= MAX_TYPES) return
        types.set(type, (ring = createRing(SLOT_MS, SLOTS)))
      }
      ring.add(now(), entities)
    },
    notified: () => rate.add(now(), 1),
    stats() {
      const nowMs = now()
      const sum = rate.read(nowMs).reduce((all, count) => all + count, 0)
      // Of the time that has been listened; below one step the figure would jump.
      const heardMs = Math.max(RATE_STEP_MS, Math.min(RATE_STEP_MS * (RATE_STEPS - 1) + (nowMs % RATE_STEP_MS), nowMs - sinceMs))
      return {
        notificationsPerS: Math.round((sum / heardMs) * 10_000) / 10,
        slotMs: SLOT_MS,
        fromMs: (Math.floor(nowMs / SLOT_MS) - SLOTS + 1) * SLOT_MS,
        sinceMs,
        types: [...types].map(([type, ring]) => ({ type, slots: ring.read(nowMs) })),
      }
    },
  }
}

interface Ring {
  add(atMs: number, count: number): void
  /** Oldest first. */
  read(nowMs: number): number[]
}

/** Counts in steps of time. What it has not heard of since long is forgotten when it is next touched. */
function createRing(stepMs: number, steps: number): Ring {
  const counts = new Uint32Array(steps)
  let newest = -Infinity
  function turnTo(step: number): void {
    if (step <= newest) return
    if (step - newest >= steps) counts.fill(0)
    else for (let at = newest + 1; at <= step; at++) counts[at % steps] = 0
    newest = step
  }
  return {
    add(atMs, count) {
      const step = Math.floor(atMs / stepMs)
      turnTo(step)
      // A clock that was set back: it counts as now.
      counts[newest % steps]! += count
    },
    read(nowMs) {
      turnTo(Math.floor(nowMs / stepMs))
      return Array.from({ length: steps }, (_, index) => counts[(newest + 1 + index) % steps]!)
    },
  }
}
