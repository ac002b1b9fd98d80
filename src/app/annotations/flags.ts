/** Notes as flags of a time axis: those that reach into it, with the time that each is about. */
import type { Annotation } from '../../annotations/annotation.ts'

export interface Flag {
  readonly atMs: number
  /** Absent of a moment, and of what has no end yet. */
  readonly untilMs?: number
  readonly text: string
}

/** What a note is about began with it, unless it says when. */
export function beginOf({ fromMs, untilMs, writtenMs }: Annotation): number {
  return fromMs ?? Math.min(writtenMs, untilMs === undefined ? writtenMs : untilMs - 1)
}

/** Of [fromMs, toMs), in the order of time. */
export function flagsOf(annotations: readonly Annotation[], fromMs: number, toMs: number): readonly Flag[] {
  return annotations
    .flatMap((note): readonly Flag[] => {
      const atMs = beginOf(note)
      const { untilMs } = note
      const isInside = atMs < toMs && (untilMs === undefined ? atMs >= fromMs : untilMs > fromMs)
      return isInside ? [{ atMs, ...(untilMs !== undefined && { untilMs }), text: note.text }] : []
    })
    .sort((a, b) => a.atMs - b.atMs || (a.text < b.text ? -1 : 1))
}

/** Notes of a place, put together where they stand on one spot: one pin. */
export interface Pin {
  readonly place: readonly [lon: number, lat: number]
  readonly notes: readonly Annotation[]
}

/** Of those that hold at the instant: what is over, or has not begun, is no sight of the map. */
export function pinsOf(annotations: readonly Annotation[], nowMs: number): readonly Pin[] {
  const pins = new Map<string, { readonly place: readonly [number, number]; readonly notes: Annotation[] }>()
  for (const note of annotations) {
    const { place, untilMs } = note
    if (place === undefined || (untilMs !== undefined && untilMs <= nowMs) || beginOf(note) > nowMs) continue
    const key = place.join(' ')
    const pin = pins.get(key)
    if (pin === undefined) pins.set(key, { place: [place[0], place[1]], notes: [note] })
    else pin.notes.push(note)
  }
  return [...pins.values()]
}
