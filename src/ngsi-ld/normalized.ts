/**
 * Makes attributes in normalized form, as a device or an importer writes them.
 */
import { formatInstant } from '../core/time/instant.ts'
import type { LonLat } from '../core/geo/position.ts'
import type { Json, JsonObject } from './entity.ts'

export function property(value: Json, meta: { readonly observedAtMs?: number; readonly unitCode?: string } = {}): JsonObject {
  return {
    type: 'Property',
    value,
    ...(meta.unitCode === undefined ? {} : { unitCode: meta.unitCode }),
    ...(meta.observedAtMs === undefined ? {} : { observedAt: formatInstant(meta.observedAtMs) }),
  }
}

/**
 * A typed value: `{"@type": "DateTime", "@value": …}` (CIM 009 4.5.2, 4.6.3). With `observedAt` it belongs
 * to that observation, so a temporal query by `observedAt` gives it back with the values it dates.
 */
export function dateTime(ms: number, meta: { readonly observedAtMs?: number } = {}): JsonObject {
  return property({ '@type': 'DateTime', '@value': formatInstant(ms) }, meta)
}

export function pointLocation([lon, lat]: LonLat): JsonObject {
  return { type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, lat] } }
}

export function relationship(object: string): JsonObject {
  return { type: 'Relationship', object }
}
