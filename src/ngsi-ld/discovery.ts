/**
 * Which types and attributes a broker has (CIM 009, 5.7.5 to 5.7.10): short lists, detailed lists, and
 * the description of one type or attribute, all read into one shape.
 */
import { err, ok, type Result } from '../core/result.ts'
import { asList, isObject, own, shown, type Rejection, type UnknownObject } from './decode-run.ts'
import { shortName } from './entity.ts'

export interface Discovery {
  readonly kind: 'types' | 'attributes'
  readonly items: readonly DiscoveredItem[]
}

export interface DiscoveredItem {
  /** Short or expanded, as the broker says it. */
  readonly name: string
  readonly count?: number
  /** Of a type: its attributes. Of an attribute: the types that have it. */
  readonly related: readonly string[]
}

const KIND_OF: ReadonlyMap<unknown, Discovery['kind']> = new Map([
  ['EntityTypeList', 'types'],
  ['EntityType', 'types'],
  ['EntityTypeInfo', 'types'],
  ['EntityTypeInformation', 'types'],
  ['AttributeList', 'attributes'],
  ['Attribute', 'attributes'],
])

export function readDiscovery(json: unknown): Result<Discovery, Rejection> {
  const parts = asList(json)
  let kind: Discovery['kind'] | undefined
  const items: DiscoveredItem[] = []
  for (const [index, part] of parts.entries()) {
    const path = Array.isArray(json) ? `[${index}]` : ''
    if (!isObject(part)) return err({ id: '', path, reason: `expected a type or an attribute, got ${shown(part)}` })
    const found = KIND_OF.get(own(part, 'type'))
    if (found === undefined || (kind !== undefined && found !== kind)) return err({ id: '', path: path === '' ? 'type' : `${path}.type`, reason: `expected ${kind ?? 'EntityTypeList, EntityType, AttributeList or Attribute'}, got ${shown(own(part, 'type'))}` })
    kind = found
    items.push(...itemsIn(part))
  }
  return ok({ kind: kind ?? 'types', items })
}

function itemsIn(part: UnknownObject): readonly DiscoveredItem[] {
  // An empty list keeps the prefix that was to be taken away at Scorpio.
  const list = own(part, 'typeList') ?? own(part, 'attributeList') ?? own(part, 'ngsi-ld:typeList') ?? own(part, 'ngsi-ld:attributeList')
  // diwise writes the list as a Property.
  if (list !== undefined) return texts(isObject(list) ? (own(list, 'value') ?? []) : list).map((name) => ({ name, related: [] }))
  const name = own(part, 'typeName') ?? own(part, 'attributeName') ?? own(part, 'id')
  if (typeof name !== 'string') return []
  const count = own(part, 'entityCount') ?? own(part, 'attributeCount')
  return [{ name, ...(typeof count === 'number' ? { count } : {}), related: relatedIn(part) }]
}

function relatedIn(part: UnknownObject): readonly string[] {
  const details = own(part, 'attributeDetails')
  if (details === undefined) return texts(own(part, 'attributeNames') ?? own(part, 'typeNames') ?? [])
  return asList(details)
    .filter(isObject)
    .map((detail) => own(detail, 'attributeName') ?? own(detail, 'id'))
    .filter((name) => typeof name === 'string')
}

function texts(list: unknown): readonly string[] {
  return asList(list).filter((text) => typeof text === 'string')
}

/** Does the broker say that it has the type, by its full or its short name? */
export function hasType(discovery: Discovery, type: string): boolean {
  return discovery.kind === 'types' && discovery.items.some(({ name }) => name === type || shortName(name) === type)
}
