/**
 * Entities as the broker keeps them, and the strict reader of what clients write.
 *
 * Stored is the normalized JSON of each attribute instance, as it came: what a client wrote is what it
 * reads. The decoder in `ngsi-ld/decode.ts` forgives what brokers do; a broker forgives nothing, so this
 * reader is another one, and tests that join the two check each against the other.
 * Concise and simplified attributes (4.5.2.3, 4.5.4) become normalized here.
 */
import { parseInstant } from '../../core/time/instant.ts'
import { NGSI_LD_NULL, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'
import { parseGeometry } from '../../ngsi-ld/geo-relation.ts'
import type { BrokerLimits } from './limits.ts'
import { badRequest } from './refusal.ts'

/** One instance of an attribute. `json` is normalized and holds no system members. */
export interface Instance {
  readonly json: JsonObject
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

export interface StoredEntity {
  readonly id: string
  readonly types: readonly string[]
  readonly scopes: readonly string[]
  readonly attributes: ReadonlyMap<string, readonly Instance[]>
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly expiresAt?: string
}

/** What a client wrote: normalized attribute instances, `null` for one to delete. */
export interface Written {
  readonly id?: string
  readonly types: readonly string[]
  readonly scopes: readonly string[]
  readonly expiresAt?: string
  readonly attributes: ReadonlyMap<string, readonly WrittenInstance[]>
}
export type WrittenInstance = JsonObject | Deletion
export interface Deletion {
  readonly deleted: typeof NGSI_LD_NULL
  readonly datasetId?: string
}

/** The member that holds the value, by type. */
export const VALUE_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['Property', 'value'],
  ['GeoProperty', 'value'],
  ['Relationship', 'object'],
  ['LanguageProperty', 'languageMap'],
  ['VocabProperty', 'vocab'],
  ['VocabularyProperty', 'vocab'], // its name before v1.8
  ['JsonProperty', 'json'],
  ['ListProperty', 'valueList'],
  ['ListRelationship', 'objectList'],
])
const TYPE_BY_MEMBER: readonly (readonly [member: string, type: string])[] = [
  ['value', 'Property'],
  ['object', 'Relationship'],
  ['languageMap', 'LanguageProperty'],
  ['vocab', 'VocabProperty'],
  ['json', 'JsonProperty'],
  ['valueList', 'ListProperty'],
  ['objectList', 'ListRelationship'],
]
const GEOMETRIES = new Set(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'])
/** Members of an attribute that are not sub-attributes. */
export const CORE_MEMBERS: ReadonlySet<string> = new Set([
  'type', '@type', ...VALUE_MEMBERS.values(), 'observedAt', 'unitCode', 'datasetId', 'objectType', 'entity', 'lang',
])
/** Written by the broker alone: what a client says about them is not kept (4.8). */
const SYSTEM_MEMBERS: ReadonlySet<string> = new Set(['createdAt', 'modifiedAt', 'deletedAt', 'instanceId', '@context'])
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/
// 4.6.2 wants letters, digits and underscore; expanded and prefixed names add what a URI has.
const NAME = /^[^\s<>"'=;()|,&?*{}[\]\\^`]{1,2048}$/

export function isUri(json: Json | undefined): json is string {
  return typeof json === 'string' && isUriText(json)
}

export function isUriText(text: string): boolean {
  return text.length <= 2_048 && URI.test(text)
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

export function isDeletion(written: WrittenInstance): written is Deletion {
  return 'deleted' in written && written['deleted'] === NGSI_LD_NULL && Object.keys(written).length <= 2
}

export function textsOf(json: Json | undefined): readonly string[] | undefined {
  const texts = Array.isArray(json) ? (json as readonly Json[]) : json === undefined ? [] : [json]
  return texts.every((text) => typeof text === 'string' && text !== '') ? (texts as readonly string[]) : undefined
}

/** An entity to create or upsert: id and type are mandatory. */
export function readWritten(json: Json, limits: BrokerLimits): Written & { readonly id: string } {
  if (!isObject(json)) throw badRequest('entity: expected a JSON object')
  const id = json['id'] ?? json['@id']
  if (!isUri(id)) throw badRequest(`id: expected a URI, got ${JSON.stringify(id ?? null).slice(0, 80)}`)
  const written = readFragment(json, limits, { deletions: false })
  if (written.types.length === 0) throw badRequest(`${id}: type is missing`)
  return { ...written, id }
}

/** A part of an entity: attributes to append, update or merge. */
export function readFragment(json: Json, limits: BrokerLimits, { deletions }: { readonly deletions: boolean }): Written {
  if (!isObject(json)) throw badRequest('expected a JSON object')
  const types = textsOf(json['type'] ?? json['@type'])
  if (types === undefined || !types.every((type) => NAME.test(type))) throw badRequest('type: expected a name or an array of names')
  const scopes = textsOf(json['scope'])
  if (scopes === undefined) throw badRequest('scope: expected "/a/b" or an array of such')
  const expiresAt = json['expiresAt']
  if (expiresAt !== undefined && !isInstant(expiresAt)) throw badRequest('expiresAt: expected ISO 8601 with a zone')
  const attributes = new Map<string, readonly WrittenInstance[]>()
  for (const [name, value] of Object.entries(json)) {
    if (name === 'id' || name === '@id' || name === 'type' || name === '@type' || name === 'scope' || name === 'expiresAt' || SYSTEM_MEMBERS.has(name)) continue
    attributes.set(name, readAttribute(name, value, limits, { deletions }))
  }
  if (attributes.size > limits.attributes) throw badRequest(`more than ${limits.attributes} attributes`)
  return { types: [...new Set(types)], scopes, attributes, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

/** All instances of one attribute, normalized. */
export function readAttribute(
  name: string,
  json: Json,
  limits: BrokerLimits,
  { deletions, depth = 1 }: { readonly deletions: boolean; readonly depth?: number },
): readonly WrittenInstance[] {
  if (!NAME.test(name)) throw badRequest(`${JSON.stringify(name.slice(0, 80))}: not the name of an attribute`)
  if (depth > limits.attributeDepth) throw badRequest(`${name}: more than ${limits.attributeDepth} levels of attributes`)
  const list = isInstanceList(json) ? json : datasetsIn(json)
  if (list !== undefined && list.length > limits.instances) throw badRequest(`${name}: more than ${limits.instances} instances`)
  const instances = (list ?? [json]).map((one) => readInstance(name, one, limits, { deletions, depth }))
  const datasets = new Set(instances.map(datasetOf))
  if (datasets.size < instances.length) throw badRequest(`${name}: two instances with the same datasetId`)
  return instances
}

/** '' for the default instance. */
export function datasetOf(json: WrittenInstance): string {
  const dataset = json['datasetId' as keyof typeof json] as Json | undefined
  return typeof dataset === 'string' && dataset !== '@none' ? dataset : ''
}

export function isInstant(json: Json | undefined): json is string {
  return typeof json === 'string' && parseInstant(json) !== undefined
}

/** Instances of several datasets, and not a value that is an array of objects: one of them must show it. */
function isInstanceList(json: Json): json is readonly JsonObject[] {
  if (!Array.isArray(json)) return false
  const items = json as readonly Json[]
  const isTyped = (one: JsonObject): boolean => typeof one['type'] === 'string' && VALUE_MEMBERS.has(one['type'])
  const hasValue = (one: Json): one is JsonObject => isObject(one) && (isTyped(one) || TYPE_BY_MEMBER.some(([member]) => one[member] !== undefined))
  return items.length > 0 && items.every(hasValue) && items.some((one) => isObject(one) && (isTyped(one) || one['datasetId'] !== undefined))
}

/** `{"dataset": {"@none": 5, "urn:…": 6}}`, the simplified form of several datasets (4.5.4). */
function datasetsIn(json: Json): readonly JsonObject[] | undefined {
  const datasets = isObject(json) && Object.keys(json).length === 1 ? json['dataset'] : undefined
  if (!isObject(datasets)) return undefined
  const entries = Object.entries(datasets)
  if (entries.length === 0 || !entries.every(([key]) => key === '@none' || isUriText(key))) return undefined
  return entries.map(([datasetId, value]) => {
    const member = isObject(value) ? TYPE_BY_MEMBER.find(([own]) => own !== 'value' && value[own] !== undefined) : undefined
    return member === undefined ? { value, datasetId } : { [member[0]]: (value as JsonObject)[member[0]]!, datasetId }
  })
}

function readInstance(name: string, json: Json, limits: BrokerLimits, how: { readonly deletions: boolean; readonly depth: number }): WrittenInstance {
  if (json === null) throw badRequest(`${name}: null is no value; "${NGSI_LD_NULL}" deletes`)
  if (isNullMark(json)) {
    if (!how.deletions) throw badRequest(`${name}: "${NGSI_LD_NULL}" only deletes in an update`)
    const dataset = isObject(json) ? json['datasetId'] : undefined
    return { deleted: NGSI_LD_NULL, ...(typeof dataset === 'string' ? { datasetId: dataset } : {}) }
  }
  if (!isObject(json)) return { type: 'Property', value: json }
  const type = typeOf(name, json)
  if (type === undefined) return { type: GEOMETRIES.has(String(json['type'])) ? checkGeometry(name, json) : 'Property', value: json }
  const member = VALUE_MEMBERS.get(type)!
  const value = json[member]
  if (value === undefined || value === null) throw badRequest(`${name}: a ${type} needs ${member}`)
  checkValue(name, type, value)
  const entries: [string, Json][] = [['type', type], [member, value]]
  for (const [key, part] of Object.entries(json)) {
    if (key === 'type' || key === '@type' || key === member || SYSTEM_MEMBERS.has(key)) continue
    if (CORE_MEMBERS.has(key)) {
      checkMember(name, key, part)
      if (!(key === 'datasetId' && part === '@none')) entries.push([key, part])
      continue
    }
    if (key.startsWith('previous')) continue
    const subs = readAttribute(key, part, limits, { deletions: how.deletions, depth: how.depth + 1 }).filter((sub): sub is JsonObject => !isDeletion(sub))
    if (subs.length > 0) entries.push([key, subs.length === 1 ? subs[0]! : subs])
  }
  // fromEntries defines members, so one called __proto__ stays a member.
  return Object.fromEntries(entries)
}

/** The type declared, or the one that a concise instance shows by its members; undefined for a bare value. */
function typeOf(name: string, json: JsonObject): string | undefined {
  const declared = json['type'] ?? json['@type']
  if (typeof declared === 'string' && VALUE_MEMBERS.has(declared)) return declared
  if (typeof declared === 'string' && GEOMETRIES.has(declared) && json['coordinates'] !== undefined) return undefined
  const member = TYPE_BY_MEMBER.find(([own]) => json[own] !== undefined)
  if (member === undefined) return undefined
  if (declared !== undefined) throw badRequest(`${name}: ${JSON.stringify(declared).slice(0, 80)} is no type of attribute`)
  const value = json['value']
  if (member[0] === 'value' && isObject(value) && GEOMETRIES.has(String(value['type'])) && value['coordinates'] !== undefined) return 'GeoProperty'
  return member[1]
}

function isNullMark(json: Json): boolean {
  if (json === NGSI_LD_NULL) return true
  if (!isObject(json)) return false
  const map = json['languageMap']
  return (
    TYPE_BY_MEMBER.some(([member]) => json[member] === NGSI_LD_NULL) ||
    (isObject(map) && Object.keys(map).length === 1 && map['@none'] === NGSI_LD_NULL)
  )
}

function checkGeometry(name: string, json: JsonObject): 'GeoProperty' {
  const parsed = parseGeometry({ type: String(json['type']), coordinates: json['coordinates'] ?? null })
  if (!parsed.ok) throw badRequest(`${name}: ${parsed.error}`)
  return 'GeoProperty'
}

function checkValue(name: string, type: string, value: Json): void {
  const fail = (what: string) => badRequest(`${name}: expected ${what}`)
  switch (type) {
    case 'GeoProperty':
      if (!isObject(value)) throw fail('a GeoJSON geometry')
      checkGeometry(name, value)
      return
    case 'Relationship':
      if (!(Array.isArray(value) ? value.length > 0 && value.every(isUri) : isUri(value))) throw fail('a URI, or an array of them, as object')
      return
    case 'LanguageProperty':
      if (!isObject(value) || !Object.values(value).every((text) => textsOf(text) !== undefined || text === '')) throw fail('texts by language as languageMap')
      return
    case 'VocabProperty':
    case 'VocabularyProperty':
      if (textsOf(value) === undefined) throw fail('a word, or an array of them, as vocab')
      return
    case 'ListProperty':
      if (!Array.isArray(value)) throw fail('an array as valueList')
      return
    case 'ListRelationship':
      if (!Array.isArray(value) || !value.every((one) => isUri(one) || (isObject(one) && isUri(one['object'])))) throw fail('an array of {object: URI} as objectList')
  }
}

function checkMember(name: string, key: string, part: Json): void {
  if (key === 'observedAt' && !isInstant(part)) throw badRequest(`${name}.observedAt: expected ISO 8601 with a zone, got ${JSON.stringify(part).slice(0, 60)}`)
  if (key === 'unitCode' && typeof part !== 'string') throw badRequest(`${name}.unitCode: expected a text`)
  if (key === 'datasetId' && part !== '@none' && !isUri(part)) throw badRequest(`${name}.datasetId: expected a URI`)
}
