/**
 * Stored entities as answers: normalized, concise, simplified and GeoJSON (CIM 009 v1.9.1, 4.5).
 *
 * System times are given for entities and attributes, not for sub-attributes, whose changes are changes of
 * the attribute here.
 */
import { formatInstant, parseInstant } from '../../core/time/instant.ts'
import { decodeEntity } from '../../ngsi-ld/decode.ts'
import { NGSI_LD_NULL, type Entity, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'
import { isNamed } from '../../ngsi-ld/type-selection.ts'
import { CORE_MEMBERS, datasetOf, isObject, VALUE_MEMBERS, type Instance, type StoredEntity } from './document.ts'

export type Format = 'normalized' | 'concise' | 'simplified'

export interface View {
  readonly format: Format
  readonly sysAttrs?: boolean
  /** Attributes to give; all when undefined. With `pick`, `id`, `type` and `scope` must be named too (4.21). */
  readonly attrs?: readonly string[] | undefined
  readonly pick?: readonly string[] | undefined
  readonly omit?: readonly string[] | undefined
  /** Only these datasets; `@none` is the default instance. */
  readonly datasets?: ReadonlySet<string> | undefined
  readonly language?: string | undefined
}

const ALL: View = { format: 'normalized', sysAttrs: true }
const decoded = new WeakMap<StoredEntity, Entity>()

/** As the query language sees it. Read once for each state. */
export function entityOf(stored: StoredEntity): Entity {
  const known = decoded.get(stored)
  if (known !== undefined) return known
  const read = decodeEntity(represent(stored, ALL))
  const entity: Entity = read.ok ? read.value : { id: stored.id, types: stored.types, scopes: stored.scopes, attributes: new Map() }
  decoded.set(stored, entity)
  return entity
}

export function isExpired({ expiresAt }: StoredEntity, nowMs: number): boolean {
  if (expiresAt === undefined) return false
  const ms = parseInstant(expiresAt)
  return ms !== undefined && ms <= nowMs
}

export function represent(entity: StoredEntity, view: View): JsonObject {
  const members: [string, Json][] = []
  if (isShown('id', view)) members.push(['id', entity.id])
  if (isShown('type', view)) members.push(['type', scalarOrArray(entity.types)])
  if (entity.scopes.length > 0 && isShown('scope', view)) members.push(['scope', scalarOrArray(entity.scopes)])
  for (const [name, instances] of entity.attributes) {
    if (!isShownAttribute(name, view)) continue
    const shown = view.datasets === undefined ? instances : instances.filter(({ json }) => view.datasets!.has(datasetOf(json) || '@none'))
    if (shown.length > 0) members.push([name, representInstances(shown, view)])
  }
  if (view.sysAttrs === true) {
    members.push(['createdAt', formatInstant(entity.createdAtMs)], ['modifiedAt', formatInstant(entity.modifiedAtMs)])
  }
  if (entity.expiresAt !== undefined && (view.sysAttrs === true || isPicked('expiresAt', view))) members.push(['expiresAt', entity.expiresAt])
  return Object.fromEntries(members)
}

/** A GeoJSON Feature (4.5.16). The geometry is that of `geometryProperty`, null when the entity has none. */
export function representFeature(entity: StoredEntity, view: View, geometryProperty: string, context?: Json): JsonObject {
  const { id: _id, ...properties } = represent(entity, view)
  const instances = [...entity.attributes].find(([name]) => isNamed(name, geometryProperty))?.[1] ?? []
  const geo = instances.find(({ json }) => json['type'] === 'GeoProperty')
  return {
    id: entity.id,
    type: 'Feature',
    geometry: geo?.json['value'] ?? null,
    properties,
    ...(context === undefined ? {} : { '@context': context }),
  }
}

export function representInstances(instances: readonly Instance[], view: View): Json {
  if (view.format === 'simplified' && (instances.length > 1 || datasetOf(instances[0]!.json) !== '')) {
    return { dataset: Object.fromEntries(instances.map((one) => [datasetOf(one.json) || '@none', simplified(one.json, view)])) }
  }
  const shown = instances.map((instance) => representInstance(instance, view))
  if (shown.length === 1) return shown[0]!
  // Beside others a bare value would pass for an element of an array.
  return view.format === 'concise' ? shown.map((one, index) => (one === instances[index]!.json['value'] ? { value: one } : one)) : shown
}

function representInstance({ json, createdAtMs, modifiedAtMs }: Instance, view: View): Json {
  if (view.format === 'simplified') return simplified(json, view)
  const inLanguage = view.language === undefined ? json : translated(json, view.language)
  const whole = view.sysAttrs === true ? { ...inLanguage, createdAt: formatInstant(createdAtMs), modifiedAt: formatInstant(modifiedAtMs) } : inLanguage
  return view.format === 'concise' ? concise(whole) : whole
}

/** Without `type`, and bare where nothing but a plain value is left (4.5.2.3). */
function concise(json: JsonObject): Json {
  const { type, ...rest } = json
  const members = Object.entries(rest)
  const [first] = members
  const isBare = members.length === 1 && first![0] === 'value' && (type === 'GeoProperty' || !isObject(first![1]) || isPlainObject(first![1]))
  if (isBare) return first![1]
  return Object.fromEntries(members.map(([key, value]) => [key, CORE_MEMBERS.has(key) ? value : conciseSub(value)]))
}

function conciseSub(value: Json): Json {
  if (isObject(value)) return concise(value)
  return Array.isArray(value) ? (value as readonly Json[]).map((one) => (isObject(one) ? concise(one) : one)) : value
}

// An object that a reader would not take for an attribute or a geometry.
function isPlainObject(json: JsonObject): boolean {
  return json['type'] === undefined && ![...VALUE_MEMBERS.values(), 'datasetId', 'dataset'].some((member) => json[member] !== undefined)
}

function simplified(json: JsonObject, view: View): Json {
  const type = String(json['type'])
  const value = json[VALUE_MEMBERS.get(type) ?? 'value'] ?? null
  switch (type) {
    case 'LanguageProperty':
      return view.language === undefined ? { languageMap: value } : (translated(json, view.language)['value'] ?? null)
    case 'VocabProperty':
    case 'VocabularyProperty':
      return { vocab: value }
    case 'JsonProperty':
      return { json: value }
    case 'ListRelationship':
      return Array.isArray(value) ? (value as readonly Json[]).map((one) => (isObject(one) ? (one['object'] ?? null) : one)) : value
    default:
      return value
  }
}

/** A LanguageProperty as a Property in the first language of the wish list that it has (4.15). */
function translated(json: JsonObject, wish: string): JsonObject {
  const map = json['languageMap']
  if (json['type'] !== 'LanguageProperty' || !isObject(map)) return json
  const wanted = wish.split(',').map((part) => part.split(';')[0]!.trim().toLowerCase())
  const own = Object.keys(map)
  const key =
    wanted.flatMap((language) => own.filter((one) => one.toLowerCase() === language || one.toLowerCase().startsWith(`${language}-`)))[0] ??
    own.find((one) => one === '@none') ??
    own[0]
  if (key === undefined || map[key] === NGSI_LD_NULL) return json
  const { languageMap: _map, ...rest } = json
  return { ...rest, type: 'Property', value: map[key]!, ...(key === '@none' ? {} : { lang: key }) }
}

function isShown(member: string, view: View): boolean {
  return (view.pick === undefined || isPicked(member, view)) && view.omit?.includes(member) !== true
}

function isPicked(member: string, view: View): boolean {
  return view.pick?.includes(member) === true
}

export function isShownAttribute(name: string, { attrs, pick, omit }: Pick<View, 'attrs' | 'pick' | 'omit'>): boolean {
  if (attrs !== undefined && !attrs.some((asked) => isNamed(name, asked))) return false
  if (pick !== undefined && !pick.some((asked) => isNamed(name, asked))) return false
  return omit === undefined || !omit.some((asked) => isNamed(name, asked))
}

export function scalarOrArray(texts: readonly string[]): Json {
  return texts.length === 1 ? texts[0]! : texts
}
