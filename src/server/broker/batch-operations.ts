/** Many entities at once: `/entityOperations` (CIM 009 v1.9.1, 6.14 to 6.17, 6.23, 6.31). One bad entity is one line of the result. */
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { isObject, isUri, isUriText, readFragment, readWritten, textsOf } from './document.ts'
import { append, merge, replace } from './draft.ts'
import type { Reply } from './exchange.ts'
import { answerEntities } from './entity-operations.ts'
import { filterOfBody } from './filter.ts'
import { NO_CONTENT, objectIn, type Call } from './operation.ts'
import { PAGE_PARAMETERS } from './parameters.ts'
import type { View } from './representation.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { Tenant } from './tenant.ts'

export function batchCreate(call: Call): Reply {
  call.parameters.allow(['local'])
  const { success, errors } = eachEntity(call, (json) => {
    const written = readWritten(json, call.limits)
    call.tenant.create(written.id, (draft) => append(draft, written, { overwrite: true }))
  })
  return errors.length === 0 ? { status: 201, body: success } : { status: 207, body: { success, errors } }
}

export function batchUpsert(call: Call): Reply {
  call.parameters.allow(['local', 'options'])
  const options = call.parameters.options('replace', 'update')
  const made: string[] = []
  const { success, errors } = eachEntity(call, (json) => {
    if (upsertOne(call.tenant, json, { update: options.has('update') })) made.push(String(json['id']))
  })
  if (errors.length > 0) return { status: 207, body: { success, errors } }
  return made.length > 0 ? { status: 201, body: made } : NO_CONTENT
}

/** True when the entity was new. */
export function upsertOne(tenant: Tenant, json: JsonObject, { update }: { readonly update: boolean }): boolean {
  return tenant.upsert(json, (draft, written, isNew) => {
    if (isNew || update) append(draft, written, { overwrite: true })
    else replace(draft, written)
  })
}

export function batchUpdate(call: Call): Reply {
  call.parameters.allow(['local', 'options'])
  const overwrite = !call.parameters.options('noOverwrite').has('noOverwrite')
  return resultOf(
    eachEntity(call, (json, id) => {
      const written = readFragment(json, call.limits, { deletions: true })
      const left = call.tenant.edit(id, (draft) => append(draft, written, { overwrite }))
      if (left.length > 0) throw badRequest(left.map(({ attributeName, reason }) => `${attributeName}: ${reason}`).join('; '))
    }),
  )
}

export function batchMerge(call: Call): Reply {
  call.parameters.allow(['local', 'options'])
  call.parameters.options('normalized', 'concise', 'keyValues', 'simplified')
  return resultOf(
    eachEntity(call, (json, id) => {
      const written = readFragment(json, call.limits, { deletions: true })
      call.tenant.edit(id, (draft) => merge(draft, json, written, call.limits, undefined))
    }),
  )
}

export function batchDelete({ tenant, parameters, body, limits }: Call): Reply {
  parameters.allow(['local'])
  const ids = listIn(body, limits.batch)
  if (!ids.every((id) => typeof id === 'string')) throw badRequest('expected an array of ids')
  return resultOf(
    each(ids, (id) => id, (id) => {
      if (!isUriText(id)) throw badRequest(`${id.slice(0, 80)}: the id of an entity is a URI`)
      tenant.delete(id)
    }),
  )
}

const QUERY_MEMBERS = new Set(['type', '@context', 'entities', 'attrs', 'pick', 'omit', 'q', 'geoQ', 'scopeQ', 'lang', 'datasetId', 'local', 'join', 'temporalQ'])

export function queryByPost(call: Call): Reply {
  const body = objectIn(call.body)
  call.parameters.allow(PAGE_PARAMETERS, ['format', 'lang', 'local', 'geometryProperty'])
  checkQueryBody(body, QUERY_MEMBERS)
  return answerEntities(call, filterOfBody(call.parameters.flag('local') ? { ...body, local: true } : body), viewOfBody(body, call.parameters.view()))
}

export function checkQueryBody(body: JsonObject, known: ReadonlySet<string>): void {
  if (body['type'] !== 'Query') throw badRequest('type: expected Query')
  for (const name of Object.keys(body)) {
    if (known.has(name)) continue
    if (name === 'csf' || name === 'containedBy' || name === 'joinLevel') throw new Refusal('OperationNotSupported', `${name} is not supported`)
    throw badRequest(`${name.slice(0, 80)}: unknown in a query`)
  }
  if (body['join'] !== undefined && body['join'] !== 'none') throw new Refusal('OperationNotSupported', 'join is not supported')
}

/** What the body says of the answer, over what the parameters say. */
export function viewOfBody(body: JsonObject, view: View): View {
  const names = (name: string): readonly string[] | undefined => {
    const texts = textsOf(body[name])
    if (texts === undefined) throw badRequest(`${name}: expected an array of names`)
    return body[name] === undefined ? undefined : texts
  }
  const [attrs, pick, omit, datasets] = [names('attrs'), names('pick'), names('omit'), names('datasetId')]
  if (attrs !== undefined && (pick !== undefined || omit !== undefined)) throw badRequest('attrs does not go together with pick or omit')
  const { lang } = body
  if (lang !== undefined && typeof lang !== 'string') throw badRequest('lang: expected a text')
  return { ...view, attrs, pick, omit, language: lang ?? view.language, datasets: datasets === undefined ? undefined : new Set(datasets) }
}

interface BatchResult {
  readonly success: string[]
  readonly errors: JsonObject[]
}

function eachEntity(call: Call, work: (json: JsonObject, id: string) => void): BatchResult {
  return each(listIn(call.body, call.limits.batch), idOf, (json) => {
    if (!isObject(json)) throw badRequest('expected a JSON object')
    const id = json['id'] ?? json['@id']
    if (!isUri(id)) throw badRequest('id: expected a URI')
    work(json, id)
  })
}

function idOf(json: Json): string {
  return isObject(json) ? String(json['id'] ?? json['@id'] ?? '') : ''
}

function each<T extends Json>(items: readonly T[], nameOf: (item: T) => string, work: (item: T) => void): BatchResult {
  const result: BatchResult = { success: [], errors: [] }
  for (const item of items) {
    const entityId = nameOf(item).slice(0, 2_048)
    try {
      work(item)
      result.success.push(entityId)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      result.errors.push({ entityId, error: error.body() })
    }
  }
  return result
}

function listIn<T extends Json>(body: Json, max: number): readonly T[] {
  if (!Array.isArray(body) || body.length === 0) throw badRequest('expected an array with at least one item')
  if (body.length > max) throw badRequest(`a batch holds at most ${max} items`)
  return body as readonly T[]
}

function resultOf({ success, errors }: BatchResult): Reply {
  return errors.length === 0 ? NO_CONTENT : { status: 207, body: { success, errors } }
}
