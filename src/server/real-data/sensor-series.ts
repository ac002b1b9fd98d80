/**
 * One measured sensor with its past, on its way from an open-data file into a broker.
 *
 * Readers of files yield these; `load.ts` turns them into NGSI-LD temporal entities. A missing value
 * is a missing state, never a zero.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { property } from '../../ngsi-ld/normalized.ts'

export interface SensorSeries {
  /** Tenant of the broker, one a city. */
  readonly tenant: string
  readonly id: string
  readonly type: string
  /** What does not change: name, location, provider, licence. Normalized attributes. */
  readonly fixed: JsonObject
  readonly states: readonly SensorState[]
}

export interface SensorState {
  /** ISO 8601 with zone; the end of the interval the values stand for. */
  readonly observedAt: string
  /** Normalized attributes without `observedAt`, which the loader adds. */
  readonly attributes: Readonly<Record<string, JsonObject>>
}

/** What a reader left out and why: printed, never dropped. */
export interface LeftOut {
  readonly file: string
  readonly reason: string
  readonly count: number
}

export interface RealData {
  readonly sensors: readonly SensorSeries[]
  readonly leftOut: readonly LeftOut[]
}

/** What every entity of a source says of where it comes from. */
export function provenance(source: { readonly provider: string; readonly attribution: string; readonly licence: string }): JsonObject {
  return { dataProvider: property(source.provider), source: property(source.attribution), license: property(source.licence) }
}
