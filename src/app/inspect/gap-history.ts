/** Where a sensor's readings did not come: how many silences, the longest, one that lasts, and the share of what was due. */
import type { Silence } from '../../core/time/silences.ts'

export interface GapHistory {
  readonly gaps: readonly Silence[]
  readonly longest: Silence | undefined
  /** The silence that reaches the end of the span. */
  readonly open: Silence | undefined
  readonly came: number
  readonly due: number
  /** 0 to 1. A sensor that reports more often than is expected does not come more than whole. */
  readonly share: number
}

export interface GapInput {
  /** Silences, longer than is allowed. */
  readonly gaps: readonly Silence[]
  readonly came: number
  readonly fromMs: number
  readonly toMs: number
  readonly intervalMs: number
}

export function gapHistory({ gaps, came, fromMs, toMs, intervalMs }: GapInput): GapHistory {
  const longest = gaps.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0]
  const due = Math.max(1, Math.floor((toMs - fromMs) / intervalMs))
  return { gaps, longest, open: gaps.find((gap) => gap.toMs >= toMs), came, due, share: Math.min(1, came / due) }
}

function lengthOf({ fromMs, toMs }: Silence): number {
  return toMs - fromMs
}
