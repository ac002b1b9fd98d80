/**
 * An NGSI-LD entity as the rest of the program sees it (ETSI GS CIM 009 v1.9.1, clauses 4.5 and 5.2).
 *
 * One shape for all representations: `decode.ts` reads normalized, concise, simplified and GeoJSON
 * into it, `encode.ts` writes it back. Maps hold what names of the outside key, so that an attribute
 * called `__proto__` is only an attribute.
 */
import type { EpochMs } from '../core/time/instant.ts'
import { isPosition, type LonLat } from '../core/geo/position.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

export interface Entity {
  readonly id: string
  /** Short or expanded names, as they came; never empty. */
  readonly types: readonly string[]
  readonly scopes: readonly string[]
  /** Instances of each attribute: the default one (no datasetId) first when there is one. */
  readonly attributes: ReadonlyMap<string, readonly Attribute[]>
  readonly createdAt?: EpochMs
  readonly modifiedAt?: EpochMs
  readonly expiresAt?: EpochMs
  /** Present when the entity was deleted (5.8.6: `deletedAt`, or `urn:ngsi-ld:null` in the id's place). */
  readonly deletedAt?: EpochMs
}

export type Geometry = {
  readonly type: string
  readonly coordinates: Json
}

export type Attribute =
  | PropertyAttribute
  | GeoPropertyAttribute
  | RelationshipAttribute
  | LanguagePropertyAttribute
  | VocabPropertyAttribute
  | JsonPropertyAttribute
  | ListPropertyAttribute
  | ListRelationshipAttribute
  | DeletedAttribute

export interface AttributeMeta {
  readonly datasetId?: string
  readonly observedAt?: EpochMs
  readonly unitCode?: string
  readonly createdAt?: EpochMs
  readonly modifiedAt?: EpochMs
  readonly deletedAt?: EpochMs
  readonly expiresAt?: EpochMs
  readonly instanceId?: string
  /** `previousValue`, `previousObject`, …: whichever came. */
  readonly previous?: Json
  /** Sub-attributes, to any depth the decoder allows. */
  readonly sub: ReadonlyMap<string, readonly Attribute[]>
}

export interface PropertyAttribute extends AttributeMeta {
  readonly kind: 'Property'
  readonly value: Json
  /** `DateTime`, `Date` or `Time` of a typed value: `value` then holds its text. */
  readonly valueType?: string
}
export interface GeoPropertyAttribute extends AttributeMeta {
  readonly kind: 'GeoProperty'
  readonly geometry: Geometry
}
export interface RelationshipAttribute extends AttributeMeta {
  readonly kind: 'Relationship'
  readonly objects: readonly string[]
  readonly objectTypes?: readonly string[]
}
export interface LanguagePropertyAttribute extends AttributeMeta {
  readonly kind: 'LanguageProperty'
  readonly languages: ReadonlyMap<string, readonly string[]>
}
export interface VocabPropertyAttribute extends AttributeMeta {
  readonly kind: 'VocabProperty'
  readonly vocab: readonly string[]
}
export interface JsonPropertyAttribute extends AttributeMeta {
  readonly kind: 'JsonProperty'
  readonly json: Json
}
export interface ListPropertyAttribute extends AttributeMeta {
  readonly kind: 'ListProperty'
  readonly values: readonly Json[]
}
export interface ListRelationshipAttribute extends AttributeMeta {
  readonly kind: 'ListRelationship'
  readonly objects: readonly string[]
}
/** `urn:ngsi-ld:null` in an attribute's place: it was deleted (5.2.1). */
export interface DeletedAttribute extends AttributeMeta {
  readonly kind: 'Deleted'
}

export const NGSI_LD_NULL = 'urn:ngsi-ld:null'

/** The last part of an expanded or prefixed name: what follows the last `/`, `#` or `:`. */
export function shortName(name: string): string {
  const cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf('#'), name.lastIndexOf(':'))
  return cut >= 0 && cut < name.length - 1 ? name.slice(cut + 1) : name
}

/** Does the entity have the type, by its full or its short name? */
export function isOfType(entity: Entity, type: string): boolean {
  return entity.types.some((own) => own === type || shortName(own) === type)
}

/** Instances under the first of `names` that the entity has: exact, then short name, then without regard to case. */
export function attributeInstances(entity: Entity, ...names: readonly string[]): readonly Attribute[] {
  for (const name of names) {
    const exact = entity.attributes.get(name)
    if (exact !== undefined) return exact
  }
  for (const name of names) {
    const lower = name.toLowerCase()
    for (const [own, instances] of entity.attributes) {
      if (shortName(own).toLowerCase() === lower) return instances
    }
  }
  return []
}

/** The default instance, else the first: what a reader without interest in datasets wants. */
export function attribute(entity: Entity, ...names: readonly string[]): Attribute | undefined {
  const instances = attributeInstances(entity, ...names)
  return instances.find((instance) => instance.datasetId === undefined) ?? instances[0]
}

/** The JSON value of a Property, JsonProperty or ListProperty; undefined for the rest. */
export function jsonOf(instance: Attribute | undefined): Json | undefined {
  switch (instance?.kind) {
    case 'Property':
      return instance.value
    case 'JsonProperty':
      return instance.json
    case 'ListProperty':
      return instance.values
    default:
      return undefined
  }
}

/** Text of a Property, the first word of a VocabProperty, or the text of a LanguageProperty in `language`, `@none`, or any. */
export function textOf(instance: Attribute | undefined, language = 'en'): string | undefined {
  switch (instance?.kind) {
    case 'Property':
      return typeof instance.value === 'string' ? instance.value : undefined
    case 'VocabProperty':
      return instance.vocab[0]
    case 'LanguageProperty': {
      const texts = instance.languages
      return (texts.get(language) ?? texts.get('@none') ?? texts.get('en') ?? [...texts.values()][0])?.[0]
    }
    default:
      return undefined
  }
}

/** Where the entity is: the point of `location` (or of the attribute named), or the middle of its first ring or line. */
export function positionOf(entity: Entity, name = 'location'): LonLat | undefined {
  const instance = attribute(entity, name)
  if (instance?.kind !== 'GeoProperty') return undefined
  const { coordinates } = instance.geometry
  if (isPosition(coordinates)) return [coordinates[0], coordinates[1]]
  return middleOf(coordinates, 0)
}

// A Building is a Polygon and a TrafficFlowObserved a LineString; a mark needs one point.
function middleOf(coordinates: Json, depth: number): LonLat | undefined {
  if (!Array.isArray(coordinates) || depth > 4) return undefined
  const points = (coordinates as readonly Json[]).filter(isPosition)
  if (points.length === 0) return middleOf((coordinates as readonly Json[])[0] ?? null, depth + 1)
  const first = points[0]!
  const last = points.at(-1)!
  const open = points.length > 1 && first[0] === last[0] && first[1] === last[1] ? points.slice(0, -1) : points
  const sum = open.reduce<[number, number]>((acc, point) => [acc[0] + point[0], acc[1] + point[1]], [0, 0])
  return [sum[0] / open.length, sum[1] / open.length]
}
