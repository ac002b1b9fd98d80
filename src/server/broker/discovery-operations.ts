/** Which types and attributes there are: `/types`, `/attributes`, and who this is (CIM 009 v1.9.1, 6.25 to 6.28, 6.33). */
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { isNamed } from '../../ngsi-ld/type-selection.ts'
import type { Reply } from './exchange.ts'
import type { Call } from './operation.ts'
import { notFound } from './refusal.ts'
import type { Tenant } from './tenant.ts'

interface Census {
  count: number
  /** Of a type its attributes, of an attribute its types; each with the kinds of attribute found. */
  readonly related: Map<string, Set<string>>
  readonly kinds: Set<string>
}

export function listTypes({ tenant, parameters }: Call): Reply {
  parameters.allow(['details', 'local'])
  const { types } = censusOf(tenant)
  if (!parameters.flag('details')) return { status: 200, body: { id: `urn:ngsi-ld:EntityTypeList:${randomUUID()}`, type: 'EntityTypeList', typeList: [...types.keys()] } }
  return { status: 200, body: [...types].map(([name, { related }]) => ({ id: idOf(name), type: 'EntityType', typeName: name, attributeNames: [...related.keys()] })) }
}

export function describeType({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local'])
  const [name, { count, related }] = find(censusOf(tenant).types, names[0]!, 'type')
  const attributeDetails = [...related].map(([attribute, kinds]) => ({ id: idOf(attribute), type: 'Attribute', attributeName: attribute, attributeTypes: [...kinds] }))
  return { status: 200, body: { id: idOf(name), type: 'EntityTypeInformation', typeName: name, entityCount: count, attributeDetails } }
}

export function listAttributes({ tenant, parameters }: Call): Reply {
  parameters.allow(['details', 'local'])
  const { attributes } = censusOf(tenant)
  if (!parameters.flag('details')) return { status: 200, body: { id: `urn:ngsi-ld:AttributeList:${randomUUID()}`, type: 'AttributeList', attributeList: [...attributes.keys()] } }
  return { status: 200, body: [...attributes].map(([name, { related }]) => ({ id: idOf(name), type: 'Attribute', attributeName: name, typeNames: [...related.keys()] })) }
}

export function describeAttribute({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local'])
  const [name, { count, related, kinds }] = find(censusOf(tenant).attributes, names[0]!, 'attribute')
  const body: JsonObject = { id: idOf(name), type: 'Attribute', attributeName: name, attributeCount: count, attributeTypes: [...kinds], typeNames: [...related.keys()] }
  return { status: 200, body }
}

export function identify({ tenant, parameters }: Call): Reply {
  parameters.allow([])
  const at = new Date(tenant.now()).toISOString()
  return { status: 200, body: { id: 'urn:ngsi-ld:ContextSourceIdentity:belvedere-embedded', type: 'ContextSourceIdentity', contextSourceAlias: 'belvedere-embedded', contextSourceTimeAt: at, contextSourceExtras: { note: 'embedded broker, in memory' } } }
}

function censusOf(tenant: Tenant): { readonly types: Map<string, Census>; readonly attributes: Map<string, Census> } {
  const types = new Map<string, Census>()
  const attributes = new Map<string, Census>()
  for (const entity of tenant.entities()) {
    for (const type of entity.types) counted(types, type)
    for (const [name, instances] of entity.attributes) {
      const attribute = counted(attributes, name)
      const kinds = instances.map(({ json }) => String(json['type']))
      for (const kind of kinds) attribute.kinds.add(kind)
      for (const type of entity.types) {
        relate(attribute, type, [])
        relate(types.get(type)!, name, kinds)
      }
    }
  }
  return { types, attributes }
}

function counted(census: Map<string, Census>, name: string): Census {
  let entry = census.get(name)
  if (entry === undefined) census.set(name, (entry = { count: 0, related: new Map(), kinds: new Set() }))
  entry.count++
  return entry
}

function relate({ related }: Census, name: string, kinds: readonly string[]): void {
  let known = related.get(name)
  if (known === undefined) related.set(name, (known = new Set()))
  for (const kind of kinds) known.add(kind)
}

function find(census: ReadonlyMap<string, Census>, asked: string, what: string): readonly [string, Census] {
  const exact = census.get(asked)
  if (exact !== undefined) return [asked, exact]
  for (const [name, entry] of census) if (isNamed(name, asked)) return [name, entry]
  throw notFound(`${what} ${asked}`)
}

// What no context expands belongs to the default vocabulary (4.4).
function idOf(name: string): string {
  return name.includes(':') ? name : `https://uri.etsi.org/ngsi-ld/default-context/${name}`
}
