/**
 * Where the embedded broker finds history that it does not store: a simulation can compute any past hour.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'

export interface TemporalSource {
  /** Did this source make the entity? Then its history comes from here, not from the broker's memory. */
  knows(entityId: string): boolean
  /** Normalized documents that the entity published with observation times in [fromMs, toMs), ascending. */
  statesOf(entityId: string, fromMs: number, toMs: number): Iterable<JsonObject>
}
