/** How single sensors stand at an instant, live or past, for who goes through all of them without making anything. */
import type { DomainState } from './domain-state.ts'

/** Filled anew for each row. */
export interface RowStanding {
  /** False: nobody's row, or of too few people to show. It counts nowhere. */
  isCounted: boolean
  /** Headline over the window; NaN = nothing measured. */
  value: number
  observedAtMs: number
  /** Index into FRESHNESS. */
  freshness: number
  /** Against usual; NaN = nothing to compare, or with. */
  standing: number
  /** What is usual; NaN = not known. */
  median: number
}

export interface Judged extends Pick<DomainState, 'model' | 'idAt' | 'nameAt'> {
  readonly rows: number
  /** Instant of the last refresh, which `judge` tells of; NaN before the first. */
  readonly judgedAtMs: number
  judge(row: number, into: RowStanding): void
}
