/**
 * The list of sensors: the map's equal, row for row.
 *
 * Every row of the frame is in the list, with a position or without.
 */
import { FRESHNESS, type Freshness } from '../core/time/freshness.ts'
import type { Warning } from '../domains/domain-model.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import { isTooFew, TOO_FEW_KIND } from '../domains/privacy.ts'
import type { LiveLayer } from './live-store.ts'

export interface SensorRow {
  readonly id: string
  readonly name: string
  /** Row of frame and roster. */
  readonly row: number
  /** Headline over the window, in its own unit; NaN = nothing measured in it. */
  readonly value: number
  /** What the view makes of it: `value` itself, its standing against usual, or how it stands to the limit. NaN = nothing to compare with. */
  readonly shown: number
  /** What is usual, in the view of it; else NaN. */
  readonly median: number
  /** Headline of the last reading; NaN = none. */
  readonly latest: number
  readonly observedAtMs: number
  readonly freshness: Freshness
  readonly hasPosition: boolean
  readonly warnings: readonly Warning[]
  /** Of too few people to show: another thing than silence, and no value. */
  readonly isTooFew: boolean
}

export const ORDERS = ['value', 'name', 'age'] as const
export type Order = (typeof ORDERS)[number]

export function rowAt({ frame, roster }: LiveLayer, row: number): SensorRow {
  const id = roster.ids[row] ?? ''
  const name = roster.names[row] ?? ''
  return {
    id,
    name: name === '' ? shortName(id) : name,
    row,
    value: plainAt(frame, row),
    shown: frame.values[row] ?? Number.NaN,
    median: frame.medians[row] ?? Number.NaN,
    latest: frame.latest[row] ?? Number.NaN,
    observedAtMs: frame.observedAtMs[row] ?? Number.NaN,
    freshness: FRESHNESS[frame.freshness[row] ?? 0] ?? 'fresh',
    hasPosition: !Number.isNaN(frame.positions[2 * row] ?? Number.NaN),
    warnings: (roster.warnings[row] ?? []).filter(({ kind }) => kind !== TOO_FEW_KIND),
    isTooFew: isTooFew(roster.warnings[row] ?? []),
  }
}

/** It has reported, but nothing that makes the layer's value: a docking station among counters. Another thing than silence. */
export function givesOther({ value, latest, observedAtMs }: Pick<SensorRow, 'value' | 'latest' | 'observedAtMs'>): boolean {
  return Number.isNaN(value) && Number.isNaN(latest) && !Number.isNaN(observedAtMs)
}

export function givesOtherAt(frame: Frame, row: number): boolean {
  return Number.isNaN(plainAt(frame, row)) && Number.isNaN(frame.latest[row]) && !Number.isNaN(frame.observedAtMs[row])
}

const tooFewByWarnings = new WeakMap<Roster['warnings'], readonly number[]>()

/** Rows of which too few are known to show. The same list as long as the warnings are. */
export function tooFewRowsOf({ warnings }: Pick<Roster, 'warnings'>): readonly number[] {
  let rows = tooFewByWarnings.get(warnings)
  if (rows === undefined) {
    rows = warnings.flatMap((some, row) => (isTooFew(some) ? [row] : []))
    tooFewByWarnings.set(warnings, rows)
  }
  return rows
}

/** The window's value, or the last one when the window is empty: it is then shown with its age. */
export function shownValue({ value, latest }: Pick<SensorRow, 'value' | 'latest'>): number {
  return Number.isNaN(value) ? latest : value
}

/** Headline over the window in its own unit, whatever the view. */
export function plainAt(frame: Frame, row: number): number {
  return (frame.view === 'value' ? frame.values[row] : frame.plain[row]) ?? Number.NaN
}

/** What stands in the list but not in the frame, and the other way round: both empty, or the list is wrong. */
export function disparity(listed: readonly string[], { frame, roster }: LiveLayer): { readonly missing: readonly string[]; readonly surplus: readonly string[] } {
  const drawn = roster.ids.slice(0, frame.count)
  const inList = new Set(listed)
  const inFrame = new Set(drawn)
  return { missing: drawn.filter((id) => !inList.has(id)), surplus: listed.filter((id) => !inFrame.has(id)) }
}

/** What is left of a URN that a person can use: its last part. */
export function shortName(id: string): string {
  return id.replace(/^urn:ngsi-ld:/i, '').split(':').at(-1) ?? id
}

const placesByIds = new WeakMap<readonly string[], ReadonlyMap<number, number>>()

/** How many other sensors of the layer stand at the same place, to the metre: on the map they cover each other. */
export function othersAt({ frame, roster }: LiveLayer, row: number): number {
  let places = placesByIds.get(roster.ids)
  if (places === undefined) {
    const counts = new Map<number, number>()
    for (let one = 0; one < frame.count; one++) {
      const place = placeOf(frame, one)
      if (!Number.isNaN(place)) counts.set(place, (counts.get(place) ?? 0) + 1)
    }
    // Once for a roster: what moves about has no place to share.
    placesByIds.set(roster.ids, (places = counts))
  }
  return Math.max(0, (places.get(placeOf(frame, row)) ?? 1) - 1)
}

/** Hundred thousandths of a degree, both in one number. */
function placeOf({ positions }: Frame, row: number): number {
  return Math.round((positions[2 * row]! + 180) * 1e5) * 2e7 + Math.round((positions[2 * row + 1]! + 90) * 1e5)
}
