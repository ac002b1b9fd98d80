/**
 * Reads one attribute in whichever form it came: normalized, concise or simplified (CIM 009, 4.5).
 *
 * The forms are told apart per attribute, not per document: brokers mix them, and a concise attribute
 * without members beside its value *is* the simplified one. What cannot be told apart is a known loss of
 * the simplified form: a Relationship, ListRelationship or ListProperty there reads as a Property.
 *
 * An attribute that cannot be read is left out and noted in the run; the rest of its entity is kept.
 * Times other than `observedAt` and the instance's id are weaker: they are left out alone.
 * Entities inlined in a Relationship (`entity`, 4.5.23) are not kept: the link is.
 */
import { parseInstant, type EpochMs } from '../core/time/instant.ts'
import { NGSI_LD_NULL, type Attribute, type AttributeMeta, type Json } from './entity.ts'
import { asList, isDeletion, isObject, own, shown, single, type DecodeRun, type UnknownObject } from './decode-run.ts'
import { looksLikeGeometry, readGeometry } from './geometry.ts'

export type AttributeKind = Exclude<Attribute['kind'], 'Deleted'>

/** The member that holds the value of each kind. */
export const VALUE_MEMBER: Readonly<Record<AttributeKind, string>> = {
  Property: 'value',
  GeoProperty: 'value',
  Relationship: 'object',
  LanguageProperty: 'languageMap',
  VocabProperty: 'vocab',
  JsonProperty: 'json',
  ListProperty: 'valueList',
  ListRelationship: 'objectList',
}

const KINDS: ReadonlyMap<string, AttributeKind> = new Map([
  ...(Object.keys(VALUE_MEMBER) as AttributeKind[]).map((kind) => [kind, kind] as const),
  ['VocabularyProperty', 'VocabProperty'], // its name in CIM 009 before v1.8
])

/** Members of an attribute that are never sub-attributes. */
export const CORE_MEMBERS: ReadonlySet<string> = new Set([
  'type', '@type', '@context', ...Object.values(VALUE_MEMBER), 'objectType', 'entity', 'entityList',
  'observedAt', 'unitCode', 'datasetId', 'instanceId', 'createdAt', 'modifiedAt', 'deletedAt', 'expiresAt',
  'previousValue', 'previousObject', 'previousLanguageMap', 'previousVocab', 'previousJson', 'previousValueList', 'previousObjectList',
])

// What NGSIv2 and data model generators write in the type's place, around a plain value.
const VALUE_TYPES = new Set(['datetime', 'date-time', 'date', 'time', 'string', 'text', 'number', 'integer', 'float', 'boolean', 'array', 'object', 'structuredvalue', 'geo:json'])
const TIME_TYPES: ReadonlyMap<string, string> = new Map([['datetime', 'DateTime'], ['date-time', 'DateTime'], ['date', 'Date'], ['time', 'Time']])

export const NO_SUB: ReadonlyMap<string, readonly Attribute[]> = new Map()

/** `observedAt` for `https://uri.etsi.org/ngsi-ld/observedAt` and `ngsi-ld:observedAt`: terms of the core context, not compacted. */
export function coreName(name: string): string {
  if (name.startsWith('ngsi-ld:')) return name.slice(8)
  return name.startsWith('https://uri.etsi.org/ngsi-ld/') ? name.slice(29) : name
}

/** All instances of an attribute, the default one first. Empty when nothing of it could be read. */
export function readAttribute(run: DecodeRun, json: unknown, depth = 1): readonly Attribute[] {
  if (depth > run.limits.maxSubDepth) {
    run.reject(`expected at most ${run.limits.maxSubDepth} levels of attributes, got more`)
    return []
  }
  if (Array.isArray(json) && areInstances(json)) return distinct(run, json, depth)
  const datasets = isObject(json) ? simplifiedDatasets(json) : undefined
  if (datasets !== undefined) return readDatasets(run, datasets)
  const instance = readInstance(run, json, depth)
  return instance === undefined ? [] : [instance]
}

/** One instance of an attribute. */
export function readInstance(run: DecodeRun, json: unknown, depth = 1): Attribute | undefined {
  if (json === NGSI_LD_NULL) return { kind: 'Deleted', sub: NO_SUB }
  if (!isObject(json)) return run.allowsJson(json) ? { kind: 'Property', value: json, sub: NO_SUB } : undefined
  if (!run.allowsOneMore()) return undefined
  const kind = declaredKind(json) ?? inferredKind(json)
  if (kind === undefined) return readBare(run, json)
  const meta = readMeta(run, json, kind, depth)
  if (meta === undefined) return undefined
  const member = VALUE_MEMBER[kind]
  // A VocabProperty, JsonProperty or Relationship with its value in `value` is a common slip, and plain enough.
  const raw = own(json, Object.hasOwn(json, member) ? member : 'value')
  if (raw === undefined) {
    if (meta.deletedAt !== undefined) return { kind: 'Deleted', ...meta }
    return run.reject(`expected the member "${member}" of a ${kind}, got nothing`)
  }
  if (isDeleted(kind, raw)) return { kind: 'Deleted', ...meta }
  run.path.push(member)
  const attribute = readValue(run, kind, raw, meta, json)
  run.path.pop()
  return attribute
}

/** The kind that an attribute's `type` names. */
export function declaredKind(json: UnknownObject): AttributeKind | undefined {
  const type = single(own(json, 'type') ?? own(json, '@type'))
  return typeof type === 'string' ? KINDS.get(coreName(type)) : undefined
}

/** The kind of an attribute that does not say: by the member that holds its value; undefined for a bare value. */
export function inferredKind(json: UnknownObject): AttributeKind | undefined {
  if (Object.hasOwn(json, '@value')) return undefined
  const type = own(json, 'type')
  if (Object.hasOwn(json, 'value') && (type === undefined || (typeof type === 'string' && VALUE_TYPES.has(type.toLowerCase())))) {
    return looksLikeGeometry(own(json, 'value')) ? 'GeoProperty' : 'Property'
  }
  if (type !== undefined) return undefined
  if (areTexts(own(json, 'object'))) return 'Relationship'
  const languages = own(json, 'languageMap')
  if (isObject(languages) || languages === NGSI_LD_NULL) return 'LanguageProperty'
  if (areTexts(own(json, 'vocab'))) return 'VocabProperty'
  if (Object.hasOwn(json, 'json')) return 'JsonProperty'
  if (isListOrDeletion(own(json, 'valueList'))) return 'ListProperty'
  if (isListOrDeletion(own(json, 'objectList'))) return 'ListRelationship'
  return undefined
}

/** Is the list one of instances? Else it is a value that happens to be a list. */
export function areInstances(list: readonly unknown[]): boolean {
  if (list.some((item) => isObject(item) && declaredKind(item) !== undefined)) return true
  let defaults = 0
  for (const item of list) {
    if (!isObject(item) || own(item, 'type') !== undefined || inferredKind(item) === undefined) return false
    if (own(item, 'datasetId') === undefined && ++defaults > 1) return false
  }
  return list.length > 0
}

/** 4.5.4: instances with a datasetId in simplified form are one object `{"dataset":{"@none":v,"urn:…":v2}}`. */
export function simplifiedDatasets(json: UnknownObject): UnknownObject | undefined {
  const datasets = own(json, 'dataset')
  return isObject(datasets) && Object.keys(json).length === 1 ? datasets : undefined
}

/** An instant as text, as a typed value, or as a Property around either; undefined for anything else. */
export function instantOf(json: unknown): EpochMs | undefined {
  let value = single(json)
  for (let unwrapped = 0; unwrapped < 3 && isObject(value); unwrapped++) value = single(own(value, '@value') ?? own(value, 'value'))
  return typeof value === 'string' ? parseInstant(value) : undefined
}

function distinct(run: DecodeRun, list: readonly unknown[], depth: number): readonly Attribute[] {
  const { maxInstances } = run.limits
  if (list.length > maxInstances) run.reject(`expected at most ${maxInstances} instances, got ${list.length}: the rest is left out`)
  const seen = new Set<string | undefined>()
  const instances: Attribute[] = []
  for (let index = 0; index < Math.min(list.length, maxInstances); index++) {
    run.path.push(index)
    const instance = readInstance(run, list[index], depth)
    if (instance !== undefined) {
      if (seen.has(instance.datasetId)) run.reject(`expected another datasetId in each instance, got ${shown(instance.datasetId ?? '@none')} again`, 'datasetId')
      else if (instance.datasetId === undefined) instances.unshift(instance)
      else instances.push(instance)
      seen.add(instance.datasetId)
    }
    run.path.pop()
  }
  return instances
}

function readDatasets(run: DecodeRun, datasets: UnknownObject): readonly Attribute[] {
  const ids = Object.keys(datasets)
  const { maxInstances } = run.limits
  if (ids.length > maxInstances) run.reject(`expected at most ${maxInstances} instances, got ${ids.length}: the rest is left out`)
  const instances: Attribute[] = []
  for (const id of ids.slice(0, maxInstances)) {
    run.path.push('dataset', id)
    const attribute = run.allowsName(id) ? readInstance(run, datasets[id]) : undefined
    run.path.length -= 2
    if (attribute === undefined) continue
    if (id === '@none') instances.unshift(attribute)
    else instances.push({ ...attribute, datasetId: id })
  }
  return instances
}

// An object that is the value itself: typed value, geometry, inlined entity, or any JSON.
function readBare(run: DecodeRun, json: UnknownObject): Attribute | undefined {
  if (looksLikeGeometry(json)) {
    const geometry = readGeometry(run, json)
    return geometry && { kind: 'GeoProperty', geometry, sub: NO_SUB }
  }
  const id = own(json, 'id')
  if (typeof id === 'string' && /^[a-z][a-z0-9+.-]*:\S+$/i.test(id) && areTexts(own(json, 'type'))) {
    // 4.5.23: with `join=inline` a simplified Relationship is the entity it leads to.
    return run.allowsName(id) ? { kind: 'Relationship', objects: [id], sub: NO_SUB } : undefined
  }
  const { value, valueType } = unwrapped(json)
  if (!run.allowsJson(value)) return undefined
  return { kind: 'Property', value, ...(valueType === undefined ? {} : { valueType }), sub: NO_SUB }
}

function readValue(run: DecodeRun, kind: AttributeKind, raw: unknown, meta: AttributeMeta, json: UnknownObject): Attribute | undefined {
  switch (kind) {
    case 'Property': {
      const { value, valueType = typedAs(own(json, 'type')) } = unwrapped(raw)
      if (!run.allowsJson(value)) return undefined
      return { kind, ...meta, value, ...(valueType === undefined ? {} : { valueType }) }
    }
    case 'GeoProperty': {
      const geometry = readGeometry(run, single(raw))
      return geometry && { kind, ...meta, geometry }
    }
    case 'Relationship': {
      const objects = readTexts(run, raw, 'the URI of an entity')
      if (objects === undefined) return undefined
      const objectType = own(json, 'objectType')
      const objectTypes = objectType === undefined ? undefined : readTexts(run, objectType, 'a type')
      return { kind, ...meta, objects, ...(objectTypes === undefined ? {} : { objectTypes }) }
    }
    case 'LanguageProperty': {
      const languages = readLanguages(run, raw)
      return languages && { kind, ...meta, languages }
    }
    case 'VocabProperty': {
      const vocab = readTexts(run, raw, 'a term')
      return vocab && { kind, ...meta, vocab }
    }
    case 'JsonProperty':
      return run.allowsJson(raw) ? { kind, ...meta, json: raw } : undefined
    case 'ListProperty': {
      const values = asList(raw)
      return run.allowsJson(values) ? { kind, ...meta, values: values as readonly Json[] } : undefined
    }
    case 'ListRelationship': {
      const objects = readTexts(run, raw, 'the URI of an entity')
      return objects && { kind, ...meta, objects }
    }
  }
}

function readMeta(run: DecodeRun, json: UnknownObject, kind: AttributeKind, depth: number): AttributeMeta | undefined {
  const meta: { -readonly [K in keyof AttributeMeta]: AttributeMeta[K] } = { sub: NO_SUB }
  let sub: Map<string, readonly Attribute[]> | undefined
  for (const key of Object.keys(json)) {
    const name = coreName(key)
    const value = json[key]
    switch (name) {
      case 'observedAt': {
        const instant = instantOf(value)
        if (instant === undefined) return run.reject(`expected ISO 8601 with a zone, got ${shown(value)}`, name)
        meta.observedAt = instant
        break
      }
      case 'createdAt':
      case 'modifiedAt':
      case 'deletedAt':
      case 'expiresAt': {
        const instant = instantOf(value)
        if (instant === undefined) run.reject(`expected ISO 8601 with a zone, got ${shown(value)}`, name)
        else meta[name] = instant
        break
      }
      case 'unitCode': {
        const code = textIn(value)
        // Without its unit a value means nothing, so it goes too.
        if (code === undefined || !run.allowsJson(code)) return run.reject(`expected a UN/CEFACT code, got ${shown(value)}`, name)
        meta.unitCode = code
        break
      }
      case 'datasetId': {
        const id = single(value)
        if (typeof id !== 'string' || id === '' || id.length > run.limits.maxNameLength) return run.reject(`expected a URI, got ${shown(value)}`, name)
        if (id !== '@none') meta.datasetId = id
        break
      }
      case 'instanceId':
        if (typeof value === 'string' && value.length <= run.limits.maxNameLength) meta.instanceId = value
        else run.reject(`expected a URI, got ${shown(value)}`, name)
        break
      default:
        if (name.startsWith('previous') && CORE_MEMBERS.has(name)) {
          if (run.allowsJson(value)) meta.previous = value
        } else if (!CORE_MEMBERS.has(name)) {
          sub ??= new Map()
          readSub(run, sub, key, value, depth)
        } else if (name !== VALUE_MEMBER[kind] && OTHER_VALUES.has(name) && Object.hasOwn(json, VALUE_MEMBER[kind])) {
          run.reject(`expected only "${VALUE_MEMBER[kind]}" in a ${kind}, got "${name}" too: it is left out`, name)
        }
    }
  }
  if (sub !== undefined && sub.size > 0) meta.sub = sub
  return meta
}

const OTHER_VALUES = new Set(Object.values(VALUE_MEMBER))

function readSub(run: DecodeRun, sub: Map<string, readonly Attribute[]>, name: string, json: unknown, depth: number): void {
  if (sub.size >= run.limits.maxAttributes) {
    run.reject(`expected at most ${run.limits.maxAttributes} sub-attributes, got more: it is left out`, name.slice(0, 100))
    return
  }
  if (!run.allowsName(name)) return
  run.path.push(name)
  const instances = readAttribute(run, json, depth + 1)
  run.path.pop()
  if (instances.length > 0) sub.set(name, instances)
}

function readLanguages(run: DecodeRun, raw: unknown): ReadonlyMap<string, readonly string[]> | undefined {
  if (!isObject(raw)) return run.reject(`expected texts by language, got ${shown(raw)}`)
  const languages = new Map<string, readonly string[]>()
  for (const language of Object.keys(raw)) {
    run.path.push(language.slice(0, 100))
    const texts = run.allowsName(language) && readTexts(run, raw[language], 'a text', true)
    run.path.pop()
    if (!texts) return undefined
    languages.set(language, texts)
  }
  return languages
}

// Also `{"object":"urn:…"}` and `{"@id":"urn:…"}`, as list elements and expanded documents have them.
function readTexts(run: DecodeRun, raw: unknown, what: string, mayBeEmpty = false): readonly string[] | undefined {
  if (!run.allowsJson(raw)) return undefined
  const texts: string[] = []
  for (const item of asList(raw)) {
    const text = isObject(item) ? (own(item, 'object') ?? own(item, '@id') ?? own(item, '@value')) : item
    if (typeof text !== 'string' || (text === '' && !mayBeEmpty)) return run.reject(`expected ${what}, got ${shown(text ?? item)}`)
    texts.push(text)
  }
  return texts
}

function unwrapped(raw: unknown): { readonly value: unknown; readonly valueType?: string } {
  if (!isObject(raw)) return { value: raw }
  if (Object.hasOwn(raw, '@value')) {
    const type = single(own(raw, '@type') ?? own(raw, 'type'))
    return typeof type === 'string' ? { value: raw['@value'], valueType: timeType(type) ?? type } : { value: raw['@value'] }
  }
  const valueType = typedAs(own(raw, 'type'))
  return valueType !== undefined && Object.hasOwn(raw, 'value') && Object.keys(raw).length === 2 ? { value: raw['value'], valueType } : { value: raw }
}

function typedAs(type: unknown): string | undefined {
  return typeof type === 'string' ? timeType(type) : undefined
}

function timeType(type: string): string | undefined {
  return TIME_TYPES.get(coreName(type).toLowerCase())
}

function isDeleted(kind: AttributeKind, raw: unknown): boolean {
  if (kind === 'Property' || kind === 'JsonProperty') return raw === NGSI_LD_NULL
  if (isDeletion(raw)) return true
  if (kind === 'LanguageProperty') return isObject(raw) && Object.keys(raw).length === 1 && isDeletion(own(raw, '@none'))
  const only = single(raw)
  return kind === 'ListRelationship' && isObject(only) && own(only, 'object') === NGSI_LD_NULL
}

function textIn(json: unknown): string | undefined {
  const value = single(json)
  const text = isObject(value) ? own(value, '@value') ?? own(value, 'value') : value
  // `59` is a code (parts per million): a careless writer sends the number.
  if (typeof text === 'number' && Number.isFinite(text)) return String(text)
  return typeof text === 'string' && text !== '' ? text : undefined
}

function areTexts(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
}

function isListOrDeletion(value: unknown): boolean {
  return Array.isArray(value) || value === NGSI_LD_NULL
}
