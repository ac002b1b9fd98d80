/**
 * A day of one feed, as the server heard it: slots in which entities came, and slots of silence. A slot is at least
 * twice as long as sensors are apart, so that a quiet slot is a gap and no chance. What was before the server listened is
 * unknown, which is neither.
 */
import type { Heard } from './read-health.ts'

export interface GapSlot {
  readonly fromMs: number
  readonly kind: 'unknown' | 'silent' | 'heard'
  /** Of the fullest slot, 0 to 1. */
  readonly share: number
}

const LEAST_MS = 30 * 60_000
/** Whatever a server says. */
const MOST_SLOTS = 1_000

/** `types`: those of the layer. Of several brokers each slot is the sum. */
export function gapSlots(heard: readonly Heard[], types: ReadonlySet<string>, expectedMs: number, nowMs: number): readonly GapSlot[] {
  const [first] = heard
  if (first === undefined) return []
  const { slotMs, fromMs } = first
  const count = Math.min(MOST_SLOTS, Math.max(0, Math.floor((nowMs - fromMs) / slotMs) + 1))
  const width = Math.max(1, Math.ceil(Math.max(LEAST_MS, 2 * expectedMs) / slotMs))
  const sums = new Float64Array(count)
  for (const one of heard) {
    for (const { type, slots } of one.types) {
      if (types.has(type)) for (const [index, entities] of slots.slice(0, count).entries()) sums[index]! += entities
    }
  }
  const sinceMs = Math.min(...heard.map((one) => one.sinceMs))
  const groups = Array.from({ length: Math.ceil(count / width) }, (_, group) => {
    // Grouped from the end: the slot under way is the last of the newest group.
    const to = count - (Math.ceil(count / width) - 1 - group) * width
    const from = Math.max(0, to - width)
    const startMs = fromMs + from * slotMs
    return { startMs, endMs: fromMs + to * slotMs, entities: sums.subarray(from, to).reduce((all, one) => all + one, 0) }
  })
  const most = Math.max(1, ...groups.map(({ entities }) => entities))
  return groups.map(({ startMs, endMs, entities }) => {
    // Too little of the slot was listened to, or has passed, for its silence to say anything.
    const listenedMs = Math.min(endMs, nowMs) - Math.max(startMs, sinceMs)
    const isKnown = listenedMs >= Math.min(endMs - startMs, 2 * expectedMs)
    return { fromMs: startMs, kind: entities > 0 ? 'heard' : isKnown ? 'silent' : 'unknown', share: entities / most }
  })
}

/** Times of silence, for who cannot see the bars. */
export function silences(slots: readonly GapSlot[]): readonly { readonly fromMs: number; readonly toMs: number | undefined }[] {
  const found: { fromMs: number; toMs: number | undefined }[] = []
  for (const [index, { kind, fromMs }] of slots.entries()) {
    if (kind !== 'silent') continue
    const isNew = slots[index - 1]?.kind !== 'silent'
    const toMs = slots[index + 1]?.fromMs
    if (isNew) found.push({ fromMs, toMs })
    else found.at(-1)!.toMs = toMs
  }
  return found
}
