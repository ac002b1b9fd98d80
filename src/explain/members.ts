/**
 * Who is in a number and who is not: every sensor that the subject has is either counted or out for one
 * reason, so that counted and left out always add up to known.
 *
 * The rule is the aggregator's: a sensor counts while it has a value in the window and is not stale.
 */
import { createHexGrid } from '../core/geo/hex-grid.ts'
import type { LonLat } from '../core/geo/position.ts'
import type { Across } from '../core/stats/across.ts'
import { FRESHNESS, freshnessCode } from '../core/time/freshness.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import { isTooFew } from '../domains/privacy.ts'

const AGEING = freshnessCode('ageing')
/** By the frame's freshness byte. */
const OLD = FRESHNESS.map((one) => (one === 'fresh' || one === 'ageing' ? undefined : one))

/** What the number is about. */
export type Subject =
  | { readonly kind: 'city' }
  /** Index in the frame's districts: 0 are the sensors in none. */
  | { readonly kind: 'district'; readonly district: number }
  /** Index of the cell in the frame. */
  | { readonly kind: 'cell'; readonly cell: number }
  | { readonly kind: 'sensor'; readonly row: number }

/** In the order in which they are told. */
export const OUT_REASONS = ['stale', 'lost', 'clock-error', 'implausible', 'nothing', 'silent', 'too-few', 'other'] as const
/**
 * `implausible`: its value is outside what is possible. `nothing`: it reports, but nothing was measured in the
 * window. `silent`: it never reported. `too-few`: the privacy floor shows nothing of it. `other`: it gives another measure than the layer's.
 */
export type OutReason = (typeof OUT_REASONS)[number]

export interface Members {
  /** Sensors of the subject. */
  readonly known: number
  readonly counted: number
  readonly out: Readonly<Record<OutReason, number>>
  /** Of those known: without a position. They count in the city's number and stand in no cell. */
  readonly unplaced: number
}

/** Rows of the subject, ascending. */
export function rowsOfSubject(frame: Frame, subject: Subject, anchor: LonLat): Iterable<number> {
  switch (subject.kind) {
    case 'city':
      return upTo(frame.count)
    case 'district':
      return rowsOfDistrict(frame, subject.district)
    case 'sensor':
      return subject.row >= 0 && subject.row < frame.count ? [subject.row] : []
    case 'cell':
      return rowsOfCell(frame, subject.cell, anchor)
  }
}

/** By which statistic sensors become the subject's number: a district's is the city's. */
export function acrossOf({ across }: Pick<DomainModel, 'across'>, { kind }: Exclude<Subject, { kind: 'sensor' }>): Across {
  return across[kind === 'district' ? 'city' : kind]
}

/** Why the row does not count; undefined when it does. */
export function outReason(frame: Frame, roster: Roster, row: number): OutReason | undefined {
  const hasWindow = !Number.isNaN(frame.values[row] ?? Number.NaN)
  const isOld = (frame.freshness[row] ?? 0) > AGEING
  // Most rows end here, before anything is looked up in words: all of a city are asked for, several times a second.
  if (hasWindow && !isOld) return undefined
  if (Number.isNaN(frame.observedAtMs[row] ?? Number.NaN)) return 'silent'
  if (isTooFew(roster.warnings[row] ?? [])) return 'too-few'
  const isImplausible = roster.warnings[row]?.some(({ kind }) => kind === 'implausible') === true
  const hasValue = hasWindow || !Number.isNaN(frame.latest[row] ?? Number.NaN)
  // What never gives the value is no silent sensor, however long ago it reported.
  if (!hasValue && !isImplausible) return 'other'
  if (isOld) return OLD[frame.freshness[row]!] ?? 'lost'
  return isImplausible ? 'implausible' : 'nothing'
}

export function countMembers(frame: Frame, roster: Roster, rows: Iterable<number>): Members {
  const out: Record<OutReason, number> = { stale: 0, lost: 0, 'clock-error': 0, implausible: 0, nothing: 0, silent: 0, 'too-few': 0, other: 0 }
  let known = 0
  let counted = 0
  let unplaced = 0
  for (const row of rows) {
    known++
    if (Number.isNaN(frame.positions[2 * row] ?? Number.NaN)) unplaced++
    const reason = outReason(frame, roster, row)
    if (reason === undefined) counted++
    else out[reason]++
  }
  return { known, counted, out, unplaced }
}

/** Index of the frame's cell in which the position lies; undefined when no sensor made one there. */
export function cellAt(frame: Frame, position: LonLat, anchor: LonLat): number | undefined {
  if (frame.cells.count === 0) return undefined
  const grid = createHexGrid(anchor, frame.cells.radiusM)
  const wanted = grid.cellOf(position)
  for (let cell = 0; cell < frame.cells.count; cell++) {
    const centre = positionAt(frame.cells.centres, cell)
    if (centre !== undefined && grid.cellOf(centre) === wanted) return cell
  }
  return undefined
}

export function positionAt(positions: Float32Array, index: number): LonLat | undefined {
  const lon = positions[2 * index] ?? Number.NaN
  const lat = positions[2 * index + 1] ?? Number.NaN
  return Number.isNaN(lon) || Number.isNaN(lat) ? undefined : [lon, lat]
}

/** A degree of latitude, metres, a little less than it is: what it rules out is out. */
const METRES_PER_DEGREE = 110_000
/** By so much the frame's numbers, of single precision, may be off. */
const ROUNDED_DEGREES = 2e-5

/** Rows that stand in the cell, ascending. */
export function rowsOfCell({ count, positions, cells }: Frame, cell: number, anchor: LonLat): readonly number[] {
  const centre = cell < cells.count ? positionAt(cells.centres, cell) : undefined
  if (centre === undefined) return []
  // The frame names cells by their centres only; the worker's grid puts the same sensors into the same cell here.
  const grid = createHexGrid(anchor, cells.radiusM)
  const wanted = grid.cellOf(centre)
  const [lon, lat] = centre
  // No corner is farther than the radius: the rest of the city is ruled out by two comparisons.
  const latDegrees = cells.radiusM / METRES_PER_DEGREE + ROUNDED_DEGREES
  const lonDegrees = latDegrees / Math.cos((anchor[1] * Math.PI) / 180)
  const found: number[] = []
  for (let row = 0; row < count; row++) {
    if (!(Math.abs(positions[2 * row + 1]! - lat) <= latDegrees && Math.abs(positions[2 * row]! - lon) <= lonDegrees)) continue
    if (grid.cellOf([positions[2 * row]!, positions[2 * row + 1]!]) === wanted) found.push(row)
  }
  return found
}

function rowsOfDistrict({ districtOf, count }: Frame, district: number): readonly number[] {
  const rows: number[] = []
  for (let row = 0; row < count; row++) if (districtOf[row] === district) rows.push(row)
  return rows
}

let rows = new Uint32Array(0)

// A city's rows are asked for often, and an array is gone through faster than what makes numbers one by one.
function upTo(count: number): Uint32Array {
  if (rows.length < count) rows = Uint32Array.from({ length: 2 * count }, (_, row) => row)
  return rows.subarray(0, count)
}
