/**
 * What panels count over all sensors of a layer: once for a frame, however many ask, and not more often than
 * its own cost allows. A small city is counted whenever it changes; a large one a little later.
 */
import { FRESHNESS, type Freshness } from '../core/time/freshness.ts'
import type { LiveLayer } from './live-store.ts'
import { givesOtherAt, tooFewRowsOf } from './sensor-list.ts'

export interface LayerCounts {
  readonly freshness: Readonly<Record<Freshness, number>>
  /** They have reported, but nothing that makes the layer's value. */
  readonly other: number
}

/** A count may take so much of the thread. */
const SHARE = 0.01
/** A count that took long by the clock was held up by others: its multiple says nothing of the work. */
const LONGEST_REST_MS = 2_000

/** A count over the rows of a layer that is kept for as long as it may be. */
export function createPacedCount<T>(count: (layer: LiveLayer) => T, now: () => number): (layer: LiveLayer) => T {
  const kept = new Map<string, { readonly layer: LiveLayer; readonly value: T; readonly untilMs: number }>()
  return (layer) => {
    const { domain } = layer.frame
    const last = kept.get(domain)
    const startedMs = now()
    if (last !== undefined && (last.layer.frame === layer.frame || (isAlike(last.layer, layer) && startedMs < last.untilMs))) return last.value
    const value = count(layer)
    const endedMs = now()
    kept.set(domain, { layer, value, untilMs: endedMs + Math.min((endedMs - startedMs) * (1 / SHARE - 1), LONGEST_REST_MS) })
    return value
  }
}

export const countsOf = createPacedCount(countLayer, () => performance.now())

export function countLayer({ frame, roster }: LiveLayer): LayerCounts {
  const { count } = frame
  const byState = new Uint32Array(FRESHNESS.length)
  let other = 0
  const take = (row: number, by: 1 | -1): void => {
    const state = frame.freshness[row]!
    byState[state < FRESHNESS.length ? state : 0]! += by
    if (givesOtherAt(frame, row)) other += by
  }
  for (let row = 0; row < count; row++) take(row, 1)
  // What is held back is not among those known: neither fresh nor late, and giving no other measure.
  for (const row of tooFewRowsOf(roster)) if (row < count) take(row, -1)
  return { freshness: Object.fromEntries(FRESHNESS.map((one, index) => [one, byState[index]!])) as Record<Freshness, number>, other }
}

/** The same sensors at about the same time, seen in the same way: a count of one will do for the other a little longer. */
function isAlike(a: LiveLayer, b: LiveLayer): boolean {
  return a.roster.ids === b.roster.ids && a.frame.view === b.frame.view && a.frame.windowEndMs - a.frame.windowStartMs === b.frame.windowEndMs - b.frame.windowStartMs
}
