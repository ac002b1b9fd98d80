/**
 * What is left of an entity that stands for itself: the attributes that its rule lets pass, each with what the
 * standard gives an attribute and nothing of its own. Works on every representation, history included.
 */
import { shortName, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'

const ENTITY_MEMBERS = new Set(['id', 'type', '@id', '@type', '@context', 'scope', 'createdAt', 'modifiedAt', 'deletedAt', 'expiresAt'])

/** Members of an attribute (CIM 009, 4.5) and of its history, aggregated or not; sub-attributes are not among them. */
const ATTRIBUTE_MEMBERS = new Set([
  'type', 'value', 'object', 'json', 'vocab', 'languageMap', 'unitCode', 'observedAt', 'datasetId', 'createdAt', 'modifiedAt', 'deletedAt', 'instanceId',
  'values', 'avg', 'min', 'max', 'sum', 'sumsq', 'stddev', 'totalCount', 'distinctCount',
])

const ATTRIBUTE_TYPES = new Set(['Property', 'GeoProperty', 'Relationship', 'LanguageProperty', 'VocabProperty', 'JsonProperty', 'ListProperty', 'ListRelationship'])

/** `passes`: short names in lower case. */
export function publishable(json: JsonObject, passes: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => {
      if (ENTITY_MEMBERS.has(name)) return [[name, value]]
      return passes.has(shortName(name).toLowerCase()) ? [[name, bare(value)]] : []
    }),
  )
}

function bare(attribute: Json): Json {
  if (Array.isArray(attribute)) return (attribute as readonly Json[]).map(bare)
  if (typeof attribute !== 'object' || attribute === null) return attribute
  const given = attribute as JsonObject
  // A bare value (simplified) is no attribute; a concise one has no type, and its members are known.
  if (!ATTRIBUTE_TYPES.has(String(given['type'])) && !Object.hasOwn(given, 'value') && !Object.hasOwn(given, 'object')) return given
  return Object.fromEntries(Object.entries(given).filter(([name]) => ATTRIBUTE_MEMBERS.has(name)))
}
