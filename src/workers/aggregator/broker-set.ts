/**
 * What one broker holds: the sensors read from it, those a snapshot has shown so far, and the deleted.
 *
 * A snapshot is the whole truth about its broker: what it did not show is gone there. A delete leaves a
 * tombstone, so that an update that was overtaken by it does not bring the sensor back.
 */
import { marksOf } from './row-marks.ts'

export interface BrokerSet {
  /** Marks of a row (`row-marks.ts`) that say what `has` would: the sensor is held, and shown by the snapshot under way, if one is. */
  readonly marks: { readonly held: number; readonly seen: number }
  has(id: string): boolean
  /** The broker has shown the entity: it exists there, even when it could not be read. True when this snapshot or what came beside it had shown it already. */
  see(id: string): boolean
  /** A reading of the sensor came from here. */
  hold(id: string): void
  drop(id: string): void
  startSnapshot(): void
  /** Ends it. Returns what the broker no longer holds; nothing when the snapshot did not come to its end. */
  endSnapshot(complete: boolean): readonly string[]
  bury(id: string, atMs: number): void
  /** When the entity was deleted, if it was and has not come back. */
  buriedAtMs(id: string): number | undefined
  unbury(id: string): void
}

/** Tombstones kept; the oldest goes first. A late update older than so many deletes ago brings its sensor back until the next snapshot. */
const MAX_TOMBSTONES = 20_000

/** `index`: the how-manieth broker of the city. */
export function createBrokerSet(index: number): BrokerSet {
  const { held: heldMark, seen: seenMark } = marksOf(index)
  const held = new Set<string>()
  const tombstones = new Map<string, number>()
  let seen: Set<string> | undefined
  return {
    get marks() {
      return { held: heldMark, seen: seen === undefined ? 0 : seenMark }
    },
    has: (id) => held.has(id),
    see(id) {
      const isKnown = seen?.has(id) === true
      seen?.add(id)
      return isKnown
    },
    hold(id) {
      held.add(id)
    },
    drop(id) {
      held.delete(id)
    },
    startSnapshot() {
      seen = new Set()
    },
    endSnapshot(complete) {
      const shown = seen
      seen = undefined
      if (!complete || shown === undefined) return []
      const gone = [...held].filter((id) => !shown.has(id))
      for (const id of gone) held.delete(id)
      return gone
    },
    bury(id, atMs) {
      const before = tombstones.get(id) ?? -Infinity
      tombstones.delete(id) // insertion order is age
      tombstones.set(id, Math.max(before, atMs))
      if (tombstones.size > MAX_TOMBSTONES) tombstones.delete(tombstones.keys().next().value!)
    },
    buriedAtMs: (id) => tombstones.get(id),
    unbury(id) {
      tombstones.delete(id)
    },
  }
}
