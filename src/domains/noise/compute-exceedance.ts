/**
 * Levels exceeded for a share of the time (ISO 1996-1:2016): L10 is what the loud tenth passes,
 * L90 the background that is nearly always there. LN is the percentile 100 − N, so it must never
 * be averaged as energy: only whole samples give it.
 */
import { percentiles } from '../../core/stats/percentile.ts'
import type { DbA } from '../../core/units.ts'

export interface ExceedanceLevels {
  readonly l10?: DbA
  readonly l50?: DbA
  readonly l90?: DbA
}

/** Levels of equal intervals, dB(A), in any order; undefined ones are left out. */
export function exceedanceLevels(levels: Iterable<number | undefined>): ExceedanceLevels {
  const [l10, l50, l90] = percentiles(levels, [90, 50, 10])
  if (l10 === undefined || l50 === undefined || l90 === undefined) return {}
  return { l10: l10 as DbA, l50: l50 as DbA, l90: l90 as DbA }
}
