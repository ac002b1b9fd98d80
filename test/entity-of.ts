/** Entities for tests, through the product's own decoder: normalized JSON in, `Entity` out. */
import { decodeEntity } from '../src/ngsi-ld/decode.ts'
import type { Entity, JsonObject } from '../src/ngsi-ld/entity.ts'

export function entityOf(type: string, attributes: JsonObject): Entity {
  const decoded = decodeEntity({ id: `urn:ngsi-ld:${type}:test`, type, ...attributes })
  if (!decoded.ok) throw new Error(`${decoded.error.path}: ${decoded.error.reason}`)
  return decoded.value
}

export function property(value: JsonObject[string], meta: JsonObject = {}): JsonObject {
  return { type: 'Property', value, ...meta }
}
