/**
 * The history of one entity: what `temporal.ts` reads and `temporal-states.ts` turns into states.
 */
import type { EpochMs } from '../core/time/instant.ts'
import type { Attribute, Json } from './entity.ts'

export interface TemporalEntity {
  readonly id: string
  readonly types: readonly string[]
  /** The newest ones. */
  readonly scopes: readonly string[]
  /** Every instance over time, of every dataset, in the order they came. */
  readonly attributes: ReadonlyMap<string, readonly Attribute[]>
  /** What `aggregatedValues` gave, per attribute and dataset. */
  readonly aggregates: ReadonlyMap<string, readonly AggregatedAttribute[]>
  readonly createdAt?: EpochMs
  readonly modifiedAt?: EpochMs
  readonly expiresAt?: EpochMs
  readonly deletedAt?: EpochMs
}

export const AGGREGATION_METHODS = ['avg', 'distinctCount', 'max', 'min', 'stddev', 'sum', 'sumsq', 'totalCount'] as const
export type AggregationMethod = (typeof AGGREGATION_METHODS)[number]

export interface AggregatedAttribute {
  readonly datasetId?: string
  readonly series: ReadonlyMap<AggregationMethod, readonly Aggregate[]>
}

/** One number for the interval [fromMs, toMs); min and max of texts are texts. */
export interface Aggregate {
  readonly value: Json
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
}
