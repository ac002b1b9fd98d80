/**
 * The list of sensors: the map's equal, row for row.
 *
 * Every row of the frame is in the list, with a position or without. While somebody reads the list,
 * rows keep their places and only their values move; newcomers go to the end.
 */
import { FRESHNESS, type Freshness } from '../core/time/freshness.ts'
import type { DomainModel, Warning } from '../domains/domain-model.ts'
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

const collator = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' })
// Most worrying first: what needs a look is at the top when sorted by age.
const WORRY: Readonly<Record<Freshness, number>> = { 'clock-error': 0, lost: 1, stale: 2, ageing: 3, fresh: 4 }

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

const tooFewByRoster = new WeakMap<Roster, readonly number[]>()

/** Rows of which too few are known to show. The same list as long as the roster is. */
export function tooFewRowsOf(roster: Roster): readonly number[] {
  let rows = tooFewByRoster.get(roster)
  if (rows === undefined) {
    rows = roster.warnings.flatMap((warnings, row) => (isTooFew(warnings) ? [row] : []))
    tooFewByRoster.set(roster, rows)
  }
  return rows
}

export function countOther({ frame, roster }: LiveLayer): number {
  let count = -tooFewRowsOf(roster).filter((row) => row < frame.count && !Number.isNaN(frame.observedAtMs[row] ?? Number.NaN)).length
  for (let row = 0; row < frame.count; row++) if (givesOther({ value: plainAt(frame, row), latest: frame.latest[row] ?? Number.NaN, observedAtMs: frame.observedAtMs[row] ?? Number.NaN })) count++
  return count
}

/** All rows of the layer: as many as the map draws, and those it cannot place. */
export function rowsOf(layer: LiveLayer): readonly SensorRow[] {
  return Array.from({ length: layer.frame.count }, (_, row) => rowAt(layer, row))
}

/** Those whose name or id holds every word, in any order and case. */
export function filterRows(rows: readonly SensorRow[], text: string): readonly SensorRow[] {
  const words = fold(text).split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return rows
  return rows.filter(({ name, id }) => {
    const searched = fold(`${name} ${id}`)
    return words.every((word) => searched.includes(word))
  })
}

/** `worse`: which end of what is shown comes first; where neither is worse, the most. */
export function sortRows(rows: readonly SensorRow[], order: Order, worse: DomainModel['worse'] = 'higher'): readonly SensorRow[] {
  const sign = worse === 'lower' ? -1 : 1
  const byName = (a: SensorRow, b: SensorRow): number => collator.compare(a.name, b.name) || collator.compare(a.id, b.id)
  const compare: Readonly<Record<Order, (a: SensorRow, b: SensorRow) => number>> = {
    // The worst first; those with nothing in the window last: an old value is no rival of a fresh one.
    value: (a, b) => descending(sign * a.shown, sign * b.shown) || descending(sign * a.value, sign * b.value) || descending(sign * a.latest, sign * b.latest) || byName(a, b),
    name: byName,
    age: (a, b) => WORRY[a.freshness] - WORRY[b.freshness] || descending(-a.observedAtMs, -b.observedAtMs) || byName(a, b),
  }
  return rows.toSorted(compare[order])
}

/** The window's value, or the last one when the window is empty: it is then shown with its age. */
export function shownValue({ value, latest }: Pick<SensorRow, 'value' | 'latest'>): number {
  return Number.isNaN(value) ? latest : value
}

function plainAt(frame: Frame, row: number): number {
  return (frame.view === 'value' ? frame.values[row] : frame.plain[row]) ?? Number.NaN
}

/** The order to show: `sorted`, unless rows are held in place; then newcomers follow those already there. */
export function settleOrder(shown: readonly string[], sorted: readonly string[], options: { readonly hold: boolean }): readonly string[] {
  if (!options.hold) return isSame(shown, sorted) ? shown : sorted
  const present = new Set(sorted)
  const kept = shown.filter((id) => present.has(id))
  const known = new Set(kept)
  const settled = [...kept, ...sorted.filter((id) => !known.has(id))]
  return isSame(shown, settled) ? shown : settled
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

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '').toLowerCase()
}

function descending(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  if (Number.isNaN(b)) return -1
  return b - a
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}
