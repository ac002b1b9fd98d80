/**
 * Parts by group over closed windows, and the one place where the floor is held.
 *
 * A window is told once, after its grace: later rides are counted and left out, because a second telling would show
 * by its difference who came late. Windows never slide, for the same reason. Whether a group is named at all is its
 * rule's to say. What is kept is bounded: beyond `maxParts` the oldest window goes, untold.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property } from '../../ngsi-ld/normalized.ts'
import { contributorsOf, TOO_FEW, type Part, type PrivacyContext, type PrivacyRule } from '../../domains/privacy.ts'
import { DAY_MS, HOUR_MS } from '../../core/time/instant.ts'

/** How long a group stays named after it last reached the floor (earned), or last had anybody in it (public). */
const MEMORY_MS = DAY_MS
/** Of each city and domain: a busy hour of 2 000 riders at a segment a minute, twice. */
const MAX_PARTS = 250_000
/** A stamp further ahead than this is a wrong clock, and would keep its window open. */
const MAX_AHEAD_MS = HOUR_MS

export interface GatheringStats {
  readonly parts: number
  /** Groups of the last window that were told, and those that were too few. */
  readonly shown: number
  readonly tooFew: number
  readonly late: number
  readonly repeated: number
  readonly overflow: number
  /** Nothing is told of windows that began before: they are not whole. */
  readonly wholeSinceMs: number
}

export interface Gathering {
  add(part: Part<unknown> & { readonly group: string; readonly entityId: string }, nowMs: number): void
  /** What of this entity is not told yet is forgotten. */
  forget(entityId: string): void
  /** Windows from here on are whole. */
  wholeFrom(ms: number): void
  /** Tells the windows that have closed, oldest first: entities to publish, and ids that are to go. */
  close(nowMs: number): { readonly entities: readonly JsonObject[]; readonly gone: readonly string[] }
  readonly stats: GatheringStats
}

type Kept = Part<unknown> & { readonly entityId: string }

interface Known {
  readonly id: string
  lastMs: number
}

export function createGathering(given: { readonly rule: PrivacyRule; readonly context: PrivacyContext; readonly floor: number; readonly maxParts?: number; readonly isSimulated: boolean }): Gathering {
  const { rule, context, maxParts = MAX_PARTS } = given
  const floor = Math.max(given.floor, rule.floor.least)
  const { windowMs, graceMs } = rule
  /** By start of window, then group, then what tells one delivery from another. */
  const windows = new Map<number, Map<string, Map<string, Kept>>>()
  const known = new Map<string, Known>()
  let closedUntilMs = -Infinity
  let wholeSinceMs = Infinity
  let parts = 0
  let shown = 0
  let tooFew = 0
  let late = 0
  let repeated = 0
  let overflow = 0

  function drop(startMs: number): void {
    for (const group of windows.get(startMs)?.values() ?? []) parts -= group.size
    windows.delete(startMs)
  }

  function tell(startMs: number, entities: JsonObject[], gone: string[]): void {
    const endMs = startMs + windowMs
    const groups = windows.get(startMs) ?? new Map<string, Map<string, Kept>>()
    shown = 0
    tooFew = 0
    for (const group of new Set([...groups.keys(), ...(rule.existence === 'earned' ? known.keys() : [])])) {
      const own = [...(groups.get(group)?.values() ?? [])]
      const isEnough = contributorsOf(own) >= floor
      const values = isEnough ? rule.values(own, { startMs, endMs, floor }) : {}
      const isShown = Object.keys(values).length > 0
      const before = known.get(group)
      if (!isShown && rule.existence === 'earned' && before === undefined) continue
      const identity = rule.identify(group, own, context)
      if (isShown || rule.existence === 'public') known.set(group, { id: identity.id, lastMs: endMs })
      if (isShown) shown += 1
      else tooFew += 1
      const { id, type, name, position, add } = identity
      entities.push({
        id,
        type,
        name: property(name),
        ...(position !== undefined && { location: pointLocation(position) }),
        dateObservedFrom: dateTime(startMs, { observedAtMs: endMs }),
        dateObservedTo: dateTime(endMs, { observedAtMs: endMs }),
        dataProvider: property(given.isSimulated ? 'simulated' : 'Belvedere'),
        source: property('Belvedere privacy floor'),
        privacyFloor: property(floor),
        ...add,
        [TOO_FEW]: property(!isShown, { observedAtMs: endMs }),
        ...values,
      })
    }
    for (const [group, { id, lastMs }] of known) {
      if (endMs - lastMs <= MEMORY_MS) continue
      known.delete(group)
      gone.push(id)
    }
    drop(startMs)
  }

  return {
    add({ group, entityId, ...part }, nowMs) {
      const startMs = Math.floor(part.atMs / windowMs) * windowMs
      if (startMs < closedUntilMs || startMs + windowMs + graceMs <= nowMs - MEMORY_MS || part.atMs > nowMs + MAX_AHEAD_MS) {
        late += 1
        return
      }
      let groups = windows.get(startMs)
      if (groups === undefined) windows.set(startMs, (groups = new Map()))
      let own = groups.get(group)
      if (own === undefined) groups.set(group, (own = new Map()))
      const key = `${entityId} ${part.atMs}`
      // The later delivery of one instant is its correction.
      if (own.has(key)) repeated += 1
      else parts += 1
      own.set(key, { ...part, entityId })
      while (parts > maxParts && windows.size > 0) {
        const oldestMs = Math.min(...windows.keys())
        const before = parts
        drop(oldestMs)
        overflow += before - parts
        // What is left of it would be told as if it were whole.
        closedUntilMs = Math.max(closedUntilMs, oldestMs + windowMs)
      }
    },
    forget(entityId) {
      for (const groups of windows.values()) {
        for (const own of groups.values()) {
          for (const [key, part] of own) if (part.entityId === entityId && own.delete(key)) parts -= 1
        }
      }
    },
    wholeFrom(ms) {
      wholeSinceMs = Math.min(wholeSinceMs, ms)
    },
    close(nowMs) {
      const entities: JsonObject[] = []
      const gone: string[] = []
      const nextMs = Math.floor((nowMs - graceMs) / windowMs) * windowMs
      if (nextMs <= closedUntilMs) return { entities, gone }
      // Hours without anybody are told, too: of cells that are known, that they are too few now.
      const firstMs = Math.max(closedUntilMs, Math.ceil(wholeSinceMs / windowMs) * windowMs, nextMs - MEMORY_MS)
      for (const startMs of windows.keys()) if (startMs < firstMs && startMs < nextMs) drop(startMs)
      for (let startMs = firstMs; startMs < nextMs; startMs += windowMs) tell(startMs, entities, gone)
      closedUntilMs = nextMs
      return { entities, gone }
    },
    get stats() {
      return { parts, shown, tooFew, late, repeated, overflow, wholeSinceMs }
    },
  }
}
