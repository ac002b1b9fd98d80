/**
 * Whether the neighbours of a sensor say much the same: the nearest first, each with its distance and its verdict.
 * Only what counts is compared, and only where a domain says that neighbours should agree.
 */
import { distanceM } from '../core/geo/position.ts'
import type { Neighbourhood } from '../domains/domain-model.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import { outReason, positionAt } from './members.ts'

export interface Neighbour {
  readonly row: number
  readonly distanceM: number
  readonly value: number
  readonly agrees: boolean
}

/** Undefined when the sensor itself has no place or nothing to compare: an old value is compared with nobody's of now. */
export function neighboursOf({ frame, roster, rule, row }: { readonly frame: Frame; readonly roster: Roster; readonly rule: Neighbourhood; readonly row: number }): readonly Neighbour[] | undefined {
  const here = positionAt(frame.positions, row)
  const value = frame.values[row] ?? Number.NaN
  if (here === undefined || outReason(frame, roster, row) !== undefined) return undefined
  const { withinM, agreeWithin } = rule
  // A degree of latitude is 111 km: most of a city is ruled out without any trigonometry.
  const latDegrees = withinM / 110_000
  const found: Neighbour[] = []
  for (let other = 0; other < frame.count; other++) {
    if (other === row || !(Math.abs(frame.positions[2 * other + 1]! - here[1]) <= latDegrees)) continue
    const there = positionAt(frame.positions, other)
    const metres = there === undefined ? Infinity : distanceM(here, there)
    if (metres > withinM || outReason(frame, roster, other) !== undefined) continue
    found.push({ row: other, distanceM: metres, value: frame.values[other]!, agrees: Math.abs(frame.values[other]! - value) <= agreeWithin })
  }
  return found.sort((a, b) => a.distanceM - b.distanceM || a.row - b.row)
}

/** `too-few`: one neighbour is no majority. `divided`: as many agree as not. */
export type Verdict = 'none' | 'too-few' | 'real' | 'divided' | 'doubtful'

export function verdictOf({ compared, agreeing }: { readonly compared: number; readonly agreeing: number }): Verdict {
  if (compared === 0) return 'none'
  if (compared === 1) return 'too-few'
  if (2 * agreeing === compared) return 'divided'
  return 2 * agreeing > compared ? 'real' : 'doubtful'
}
