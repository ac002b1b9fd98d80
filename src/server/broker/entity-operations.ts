/** Entities and their attributes: `/entities` and below (CIM 009 v1.9.1, 6.4 to 6.7). */
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { isInstant, isUriText, readAttribute, readFragment, readWritten, isDeletion, type StoredEntity } from './document.ts'
import { append, merge, patchAttribute, replace, update, type NotUpdated } from './draft.ts'
import type { Reply } from './exchange.ts'
import { filterOfParameters, isMet, type EntityFilter } from './filter.ts'
import { created, NO_CONTENT, objectIn, type Call } from './operation.ts'
import { FILTER_PARAMETERS, PAGE_PARAMETERS, VIEW_PARAMETERS, type Page } from './parameters.ts'
import { isShownAttribute, represent, representFeature, type View } from './representation.ts'
import { badRequest, notFound } from './refusal.ts'

export function createEntity({ tenant, parameters, body, limits }: Call): Reply {
  parameters.allow(['local'])
  const written = readWritten(body, limits)
  tenant.create(written.id, (draft) => append(draft, written, { overwrite: true }))
  return created(`/entities/${encodeURIComponent(written.id)}`)
}

export function queryEntities(call: Call): Reply {
  call.parameters.allow(FILTER_PARAMETERS, VIEW_PARAMETERS, PAGE_PARAMETERS)
  const view = call.parameters.view()
  return answerEntities(call, filterOfParameters(call.parameters), view)
}

/** One page of the entities that meet the filter. */
export function answerEntities(call: Call, filter: EntityFilter, view: View): Reply {
  const { tenant, parameters, limits } = call
  const geometryProperty = geometryPropertyOf(call)
  const page = parameters.page(limits)
  const found: StoredEntity[] = []
  let total = 0
  for (const entity of tenant.entities()) {
    if (!isMet(entity, filter)) continue
    if (total >= page.offset && found.length < page.limit) found.push(entity)
    total++
    // One more than the page tells whether there is a next one; the rest matters only when counted.
    if (!page.count && total > page.offset + page.limit) break
  }
  const body: Json =
    call.media === 'application/geo+json'
      ? { type: 'FeatureCollection', features: found.map((entity) => representFeature(entity, view, geometryProperty)) }
      : found.map((entity) => represent(entity, view))
  return { status: 200, body, ...pageHeaders(call, page, total) }
}

/** NGSILD-Results-Count, and Link to the pages before and after (6.3.10, 6.3.13). */
export function pageHeaders({ parameters, path, media }: Call, { offset, limit, count }: Page, total: number): Pick<Reply, 'links' | 'headers'> {
  const link = (rel: string, at: number): string => `<${path}?${parameters.at(at, limit)}>;rel="${rel}";type="${media === 'application/json' ? 'application/ld+json' : media}"`
  const links = [...(offset > 0 && limit > 0 ? [link('prev', Math.max(0, offset - limit))] : []), ...(limit > 0 && total > offset + limit ? [link('next', offset + limit)] : [])]
  return { links, ...(count ? { headers: { 'NGSILD-Results-Count': String(total) } } : {}) }
}

export function retrieveEntity(call: Call): Reply {
  const { tenant, parameters, names } = call
  parameters.allow(VIEW_PARAMETERS, ['local', 'type'])
  const id = idIn(names)
  const view = parameters.view()
  const geometryProperty = geometryPropertyOf(call)
  const entity = tenant.get(id)
  if (entity === undefined) throw notFound(`entity ${id}`)
  if (view.attrs !== undefined && ![...entity.attributes.keys()].some((name) => isShownAttribute(name, view))) throw notFound(`attributes ${view.attrs.join(', ')} of entity ${id}`)
  return { status: 200, body: call.media === 'application/geo+json' ? representFeature(entity, view, geometryProperty) : represent(entity, view) }
}

export function replaceEntity({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local', 'type'])
  const id = idIn(names)
  const written = readFragment(sameId(objectIn(body), id), limits, { deletions: false })
  tenant.edit(id, (draft) => replace(draft, written))
  return NO_CONTENT
}

export function mergeEntity({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local', 'type', 'observedAt', 'options'])
  parameters.options('normalized', 'concise', 'keyValues', 'simplified')
  const id = idIn(names)
  const json = sameId(objectIn(body), id)
  const observedAt = parameters.text('observedAt')
  if (observedAt !== undefined && !isInstant(observedAt)) throw badRequest('parameter observedAt: expected ISO 8601 with a zone')
  const written = readFragment(json, limits, { deletions: true })
  tenant.edit(id, (draft) => merge(draft, json, written, limits, observedAt))
  return NO_CONTENT
}

export function deleteEntity({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local', 'type'])
  tenant.delete(idIn(names))
  return NO_CONTENT
}

export function appendAttributes({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local', 'type', 'options'])
  const overwrite = !parameters.options('noOverwrite').has('noOverwrite')
  const id = idIn(names)
  const written = readFragment(sameId(objectIn(body), id), limits, { deletions: true })
  return outcome(written.attributes.keys(), tenant.edit(id, (draft) => append(draft, written, { overwrite })))
}

export function updateAttributes({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local', 'type'])
  const id = idIn(names)
  const written = readFragment(sameId(objectIn(body), id), limits, { deletions: true })
  return outcome(written.attributes.keys(), tenant.edit(id, (draft) => update(draft, written)))
}

export function patchOneAttribute({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local', 'type'])
  tenant.edit(idIn(names), (draft) => patchAttribute(draft, draft.nameOf(names[1]!), withoutContext(body), limits, { deep: false }))
  return NO_CONTENT
}

export function replaceOneAttribute({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local', 'type'])
  tenant.edit(idIn(names), (draft) => {
    const name = draft.nameOf(names[1]!)
    if (!draft.attributes.has(name)) throw notFound(`attribute ${name}`)
    const instances = readAttribute(name, withoutContext(body), limits, { deletions: false })
    for (const instance of instances) if (!isDeletion(instance)) draft.put(name, instance)
  })
  return NO_CONTENT
}

export function deleteOneAttribute({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local', 'type', 'datasetId', 'deleteAll'])
  const dataset = parameters.text('datasetId')
  const all = parameters.flag('deleteAll')
  if (dataset !== undefined && dataset !== '@none' && !isUriText(dataset)) throw badRequest('parameter datasetId: expected a URI')
  tenant.edit(idIn(names), (draft) => {
    const name = draft.nameOf(names[1]!)
    if (all) {
      if (!draft.attributes.has(name)) throw notFound(`attribute ${name}`)
      return draft.removeAll(name)
    }
    const key = dataset === undefined || dataset === '@none' ? '' : dataset
    if (draft.find(name, key) === undefined) throw notFound(`attribute ${name}${key === '' ? '' : ` with datasetId ${key}`}`)
    draft.remove(name, key)
  })
  return NO_CONTENT
}

export function idIn(names: readonly string[]): string {
  const id = names[0]!
  if (!isUriText(id)) throw badRequest(`${JSON.stringify(id.slice(0, 80))}: the id of an entity is a URI`)
  return id
}

function sameId(body: JsonObject, id: string): JsonObject {
  const own = body['id'] ?? body['@id']
  if (own !== undefined && own !== id) throw badRequest(`id: the body says ${JSON.stringify(own).slice(0, 80)}, the path ${id}`)
  return body
}

function withoutContext(body: Json): Json {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const { '@context': _context, ...rest } = body as JsonObject
  return rest
}

function outcome(names: Iterable<string>, notUpdated: readonly NotUpdated[]): Reply {
  if (notUpdated.length === 0) return NO_CONTENT
  const left = new Set(notUpdated.map(({ attributeName }) => attributeName))
  return { status: 207, body: { updated: [...names].filter((name) => !left.has(name)), notUpdated: notUpdated.map(({ attributeName, reason }) => ({ attributeName, reason })) } }
}

function geometryPropertyOf({ parameters, media }: Call): string {
  const name = parameters.text('geometryProperty')
  if (name !== undefined && media !== 'application/geo+json') throw badRequest('geometryProperty only goes with Accept: application/geo+json')
  return name ?? 'location'
}
