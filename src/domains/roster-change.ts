/**
 * What is new in a roster: the rows that changed, instead of all of them. A city of many sensors changes a few
 * rows at a time, and its page would else read every id and name again because one sensor is warned of.
 *
 * A column in which nothing changed stays the same array, so that what was made of it can be kept.
 */
import type { DomainId, Warning } from './domain-model.ts'
import type { Roster } from './frame.ts'

export interface RosterChange {
  readonly domain: DomainId
  /** The version that this makes of `from`. */
  readonly version: number
  readonly from: number
  /** Rows there are now: fewer than before where some were removed. */
  readonly count: number
  /** Rows that are new or say something else than before; what they say follows, in the same order. */
  readonly rows: readonly number[]
  readonly ids: readonly string[]
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly warnings: readonly (readonly Warning[])[]
}

/** Undefined when so much is new that the whole roster is no more to say. */
export function rosterChange(before: Roster, after: Roster): RosterChange | undefined {
  const count = after.ids.length
  const rows: number[] = []
  for (let row = 0; row < count; row++) {
    const isSame = before.ids[row] === after.ids[row] && before.names[row] === after.names[row] && before.types[row] === after.types[row] && sameWarnings(before.warnings[row], after.warnings[row])
    if (isSame) continue
    rows.push(row)
    if (2 * rows.length > count) return undefined
  }
  const of = <T>(column: readonly T[]): readonly T[] => rows.map((row) => column[row]!)
  return { domain: after.domain, version: after.version, from: before.version, count, rows, ids: of(after.ids), names: of(after.names), types: of(after.types), warnings: of(after.warnings) }
}

/** Undefined when it changes another roster than this. */
export function applyRosterChange(roster: Roster, change: RosterChange): Roster | undefined {
  if (roster.domain !== change.domain || roster.version !== change.from) return undefined
  const { domain, version, count, rows } = change
  return {
    domain,
    version,
    ids: changed(roster.ids, change.ids, { rows, count }),
    names: changed(roster.names, change.names, { rows, count }),
    types: changed(roster.types, change.types, { rows, count }),
    warnings: changed(roster.warnings, change.warnings, { rows, count }),
  }
}

function changed<T>(column: readonly T[], values: readonly T[], { rows, count }: { readonly rows: readonly number[]; readonly count: number }): readonly T[] {
  if (column.length === count && rows.every((row, index) => column[row] === values[index])) return column
  const next = column.slice(0, count)
  for (const [index, row] of rows.entries()) next[row] = values[index]!
  return next
}

function sameWarnings(before: readonly Warning[] | undefined, after: readonly Warning[] | undefined): boolean {
  if (before === after) return true
  if (before === undefined || after === undefined || before.length !== after.length) return false
  return before.every((one, index) => one.kind === after[index]!.kind && one.detail === after[index]!.detail && one.attribute === after[index]!.attribute)
}
