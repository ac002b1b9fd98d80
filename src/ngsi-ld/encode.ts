/**
 * Writes an `Entity` as a broker or a browser wants it: normalized, concise, simplified, or GeoJSON.
 *
 * Reading back gives the same entity from normalized and from concise when `sysAttrs` is set: where the
 * concise form alone would be read as something else, the attribute keeps its `type`, which 4.5.2.3
 * allows. The simplified form loses what it has no place for: units, times, sub-attributes, and the
 * difference between a Relationship and a text.
 *
 * Objects are made from entries, so an attribute called `__proto__` stays an attribute.
 */
import { formatInstant, type EpochMs } from '../core/time/instant.ts'
import { NGSI_LD_NULL, shortName, type Attribute, type Entity, type GeoPropertyAttribute, type Json, type JsonObject, type LanguagePropertyAttribute, type PropertyAttribute } from './entity.ts'
import { areInstances, declaredKind, inferredKind, readAttribute } from './decode-attribute.ts'
import { DecodeRun, isObject } from './decode-run.ts'

export type EntityFormat = 'normalized' | 'concise' | 'simplified'

export interface EncodeOptions {
  readonly format: EntityFormat
  /** Write createdAt, modifiedAt, expiresAt, and deletedAt of attributes. The deletedAt of an entity is always written. */
  readonly sysAttrs?: boolean
  /** Attributes to write, by full or short name, and `scope`; `id` and `type` are always written. */
  readonly pick?: readonly string[]
  readonly omit?: readonly string[]
  /** Turn a LanguageProperty into the text in this language, else `@none`, else any (4.5.18, `lang`). */
  readonly language?: string
}

export interface FeatureOptions extends EncodeOptions {
  /** The GeoProperty that becomes the geometry. Default `location`. */
  readonly geometryProperty?: string
}

type Entries = [name: string, value: Json][]

export function encodeEntity(entity: Entity, options: EncodeOptions): JsonObject {
  return Object.fromEntries([['id', entity.id], ...membersOf(entity, options)])
}

/** 4.5.16: the attributes go into `properties`, and one GeoProperty is the geometry as well. */
export function encodeFeature(entity: Entity, options: FeatureOptions): JsonObject {
  const name = options.geometryProperty ?? 'location'
  const instances = entity.attributes.get(name) ?? []
  const location = instances.find((instance) => instance.kind === 'GeoProperty' && instance.datasetId === undefined) ?? instances[0]
  const geometry = location?.kind === 'GeoProperty' ? geometryOf(location) : null
  return { id: entity.id, type: 'Feature', geometry, properties: Object.fromEntries(membersOf(entity, options)) }
}

export function encodeFeatureCollection(entities: readonly Entity[], options: FeatureOptions): JsonObject {
  return { type: 'FeatureCollection', features: entities.map((entity) => encodeFeature(entity, options)) }
}

/** One attribute with all its instances. */
export function encodeAttribute(given: readonly Attribute[], options: EncodeOptions): Json {
  const { language } = options
  const instances = language === undefined ? given : given.map((instance) => inLanguage(instance, language))
  switch (options.format) {
    case 'normalized':
      return oneOrList(instances.map((instance) => normalized(instance, options)))
    case 'concise':
      return conciseAll(instances, options)
    case 'simplified': {
      const hasDatasets = instances.length > 1 || instances[0]?.datasetId !== undefined
      if (!hasDatasets) return instances[0] === undefined ? null : simplified(instances[0])
      return { dataset: Object.fromEntries(instances.map((instance) => [instance.datasetId ?? '@none', simplified(instance)])) }
    }
  }
}

function membersOf(entity: Entity, options: EncodeOptions): Entries {
  const members: Entries = [['type', oneOrList(entity.types)]]
  if (entity.scopes.length > 0 && isPicked('scope', options)) members.push(['scope', oneOrList(entity.scopes)])
  if (options.sysAttrs === true) pushTimes(members, entity, ['createdAt', 'modifiedAt', 'expiresAt'])
  pushTimes(members, entity, ['deletedAt'])
  for (const [name, instances] of entity.attributes) {
    if (instances.length > 0 && isPicked(name, options)) members.push([name, encodeAttribute(instances, options)])
  }
  return members
}

function isPicked(name: string, { pick, omit }: EncodeOptions): boolean {
  const isIn = (list: readonly string[]) => list.includes(name) || list.includes(shortName(name))
  return (pick === undefined || isIn(pick)) && (omit === undefined || !isIn(omit))
}

function normalized(instance: Attribute, options: EncodeOptions): JsonObject {
  const type = instance.kind === 'Deleted' ? 'Property' : instance.kind
  return Object.fromEntries([['type', type], ...valueEntries(instance), ...metaEntries(instance, options)])
}

function conciseAll(instances: readonly Attribute[], options: EncodeOptions): Json {
  const only = instances[0]
  if (instances.length === 1 && only !== undefined) return concise(only, options)
  const list = instances.map((instance) => conciseMembers(instance, options))
  // Without types a list of instances may look like a value that is a list.
  return areInstances(list) ? list : instances.map((instance) => normalized(instance, options))
}

function concise(instance: Attribute, options: EncodeOptions): Json {
  const members = conciseMembers(instance, options)
  const names = Object.keys(members)
  const value = members['value']
  return names.length === 1 && names[0] === 'value' && value !== undefined && readsAs(value, instance) ? value : members
}

function conciseMembers(instance: Attribute, options: EncodeOptions): JsonObject {
  const members: JsonObject = Object.fromEntries([...valueEntries(instance), ...metaEntries(instance, options)])
  const kind = instance.kind === 'Deleted' ? 'Property' : instance.kind
  return (declaredKind(members) ?? inferredKind(members)) === kind ? members : Object.fromEntries([['type', kind], ...Object.entries(members)])
}

/** Would the bare value, without an object around it, be read as the same instance? */
function readsAs(value: Json, { kind }: Attribute): boolean {
  if (kind === 'Deleted') return true
  if (typeof value !== 'object' || value === null) return kind === 'Property'
  const [read, second] = readAttribute(new DecodeRun(), value)
  if (read === undefined || second !== undefined || read.kind !== kind) return false
  return read.kind !== 'Property' || (read.value === value && read.valueType === undefined)
}

function simplified(instance: Attribute): Json {
  switch (instance.kind) {
    case 'Property':
      return instance.valueType === undefined ? instance.value : propertyValue(instance)
    case 'GeoProperty':
      return geometryOf(instance)
    case 'Relationship':
      return oneOrList(instance.objects)
    case 'ListRelationship':
      return instance.objects
    case 'ListProperty':
      return instance.values
    case 'Deleted':
      return NGSI_LD_NULL
    default:
      return Object.fromEntries(valueEntries(instance))
  }
}

function valueEntries(instance: Attribute): Entries {
  switch (instance.kind) {
    case 'Property':
      return [['value', propertyValue(instance)]]
    case 'GeoProperty':
      return [['value', geometryOf(instance)]]
    case 'Relationship':
      return [['object', oneOrList(instance.objects)], ...(instance.objectTypes === undefined ? [] : [['objectType', oneOrList(instance.objectTypes)] satisfies Entries[number]])]
    case 'LanguageProperty':
      return [['languageMap', Object.fromEntries([...instance.languages].map(([language, texts]) => [language, oneOrList(texts)]))]]
    case 'VocabProperty':
      return [['vocab', oneOrList(instance.vocab)]]
    case 'JsonProperty':
      return [['json', instance.json]]
    case 'ListProperty':
      return [['valueList', instance.values]]
    case 'ListRelationship':
      return [['objectList', instance.objects.map((object) => ({ object }))]]
    case 'Deleted':
      return [['value', NGSI_LD_NULL]]
  }
}

const PREVIOUS_MEMBER: Readonly<Record<Attribute['kind'], string>> = {
  Property: 'previousValue',
  GeoProperty: 'previousValue',
  Deleted: 'previousValue',
  Relationship: 'previousObject',
  LanguageProperty: 'previousLanguageMap',
  VocabProperty: 'previousVocab',
  JsonProperty: 'previousJson',
  ListProperty: 'previousValueList',
  ListRelationship: 'previousObjectList',
}

function metaEntries(instance: Attribute, options: EncodeOptions): Entries {
  const members: Entries = []
  pushTimes(members, instance, ['observedAt'])
  if (instance.unitCode !== undefined) members.push(['unitCode', instance.unitCode])
  if (instance.datasetId !== undefined) members.push(['datasetId', instance.datasetId])
  if (instance.instanceId !== undefined) members.push(['instanceId', instance.instanceId])
  if (options.sysAttrs === true) pushTimes(members, instance, ['createdAt', 'modifiedAt', 'deletedAt', 'expiresAt'])
  if (instance.previous !== undefined) members.push([PREVIOUS_MEMBER[instance.kind], instance.previous])
  for (const [name, sub] of instance.sub) {
    if (sub.length > 0) members.push([name, encodeAttribute(sub, options)])
  }
  return members
}

function pushTimes<Name extends string>(members: Entries, of: { readonly [N in Name]?: EpochMs }, names: readonly Name[]): void {
  for (const name of names) {
    const instant = of[name]
    if (instant !== undefined) members.push([name, formatInstant(instant)])
  }
}

function propertyValue({ value, valueType }: PropertyAttribute): Json {
  if (valueType !== undefined) return { '@type': valueType, '@value': value }
  // What a reader would unwrap, or take for a deletion, is wrapped once more.
  const isDress = isObject(value) && (Object.hasOwn(value, '@value') || (Object.hasOwn(value, 'type') && Object.hasOwn(value, 'value')))
  return isDress || value === NGSI_LD_NULL ? { '@value': value } : value
}

function geometryOf({ geometry }: GeoPropertyAttribute): JsonObject {
  return { type: geometry.type, coordinates: geometry.coordinates }
}

function inLanguage(instance: Attribute, language: string): Attribute {
  if (instance.kind !== 'LanguageProperty') return instance
  const chosen = languageIn(instance, language)
  if (chosen === undefined) return instance
  const [lang, texts] = chosen
  const { kind: _, languages: __, ...meta } = instance
  const sub = lang === '@none' ? meta.sub : new Map([...meta.sub, ['lang', [{ kind: 'Property', value: lang, sub: new Map() } satisfies Attribute]]])
  return { kind: 'Property', ...meta, value: oneOrList(texts), sub }
}

function languageIn({ languages }: LanguagePropertyAttribute, language: string): readonly [string, readonly string[]] | undefined {
  for (const wanted of [language, '@none']) {
    const texts = languages.get(wanted)
    if (texts !== undefined) return [wanted, texts]
  }
  return [...languages][0]
}

function oneOrList<T extends Json>(list: readonly T[]): Json {
  return list.length === 1 ? list[0]! : list
}
