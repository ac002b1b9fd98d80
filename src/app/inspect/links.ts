/**
 * What an entity says of others: its relationships, for the chain of where a value comes from. Read from whatever
 * the broker gave, in normalized, concise or older ways of writing; what is no link is left out.
 */
import { spoken } from '../../language/say.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'

export interface Link {
  /** Short name of the relationship: `refDevice`. */
  readonly name: string
  /** Of the entity it points to. */
  readonly id: string
}

/** Hops from the sensor's entity. */
export const MAX_DEPTH = 3
/** Of one entity: a street with a thousand lamps is no provenance. */
export const MAX_LINKS = 12

export interface Links {
  readonly links: readonly Link[]
  /** How many more there are. */
  readonly left: number
}

export function linksOf(raw: Json): Links {
  if (!isObject(raw)) return { links: [], left: 0 }
  const found = new Map<string, Link>()
  for (const [name, value] of Object.entries(raw)) {
    if (name === '@context' || name === 'id' || name === 'type') continue
    for (const id of targetsIn(value, name)) found.set(`${name} ${id}`, { name: shortNameOf(name), id })
  }
  const all = [...found.values()]
  return { links: all.slice(0, MAX_LINKS), left: Math.max(0, all.length - MAX_LINKS) }
}

/** A link back to where one came from, or around in a circle, leads nowhere new. */
export function isLoop(path: readonly string[], id: string): boolean {
  return path.includes(id)
}

function targetsIn(value: Json, name: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: Json) => targetsIn(one, name))
  // Written before NGSI-LD, or simplified: a reference is known by its name alone.
  if (typeof value === 'string') return isReference(name) && isUri(value) ? [value] : []
  if (!isObject(value)) return []
  const { object, objectList, value: plain } = value
  if (object !== undefined) return urisIn(object)
  if (objectList !== undefined) return urisIn(objectList)
  return plain !== undefined && isReference(name) ? urisIn(plain) : []
}

function urisIn(value: Json): readonly string[] {
  if (typeof value === 'string') return isUri(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((one: Json) => urisIn(one))
  return isObject(value) && value['object'] !== undefined ? urisIn(value['object']) : []
}

function isReference(name: string): boolean {
  return /^(ref|has)[A-Z]/.test(shortNameOf(name))
}

/** Of an entity, not of a page. */
function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && text.length <= 2_000
}

function shortNameOf(name: string): string {
  return name.split(/[/#]/).at(-1) ?? name
}

/** Who gave the data, as entities name it in plain words. */
const PROVIDERS = ['dataProvider', 'provider', 'owner', 'source', 'manufacturerName', 'brandName']

export interface Fact {
  readonly name: string
  readonly text: string
}

export function providersOf(raw: Json): readonly Fact[] {
  if (!isObject(raw)) return []
  return PROVIDERS.flatMap((name) => {
    const text = textOf(raw[name])
    return text === undefined || text === '' ? [] : [{ name, text }]
  })
}

export interface Described {
  readonly type: string
  readonly name: string | undefined
}

export function describedBy(raw: Json): Described {
  if (!isObject(raw)) return { type: '', name: undefined }
  const { type } = raw
  const types = Array.isArray(type) ? type : [type]
  return { type: types.flatMap((one) => (typeof one === 'string' ? [shortNameOf(one)] : [])).join(', '), name: textOf(raw['name']) ?? textOf(raw['title']) ?? textOf(raw['legalName']) }
}

/** What an attribute says, in words; undefined where it says something else. A name in several languages is its first. */
export function textOf(attribute: Json | undefined): string | undefined {
  if (typeof attribute === 'string') return attribute
  if (typeof attribute === 'number' || typeof attribute === 'boolean') return String(attribute)
  if (Array.isArray(attribute)) {
    const texts = attribute.flatMap((one: Json) => textOf(one) ?? [])
    return texts.length === 0 ? undefined : texts.join(', ')
  }
  if (!isObject(attribute)) return undefined
  const { value, languageMap, vocab } = attribute
  if (value !== undefined) return isObject(value) ? textOf(value['@value']) : textOf(value)
  if (isObject(languageMap)) return textOf(inLanguageOfPage(languageMap))
  return textOf(vocab)
}

/** Of a text in several languages the page's own; else English, what is of none (`@none`), or whatever comes first. */
function inLanguageOfPage(languageMap: JsonObject): Json | undefined {
  const { tag, region } = spoken()
  const key = [region, tag, 'en', '@none', ...Object.keys(languageMap)].find((one) => Object.hasOwn(languageMap, one))
  return key === undefined ? undefined : languageMap[key]
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
