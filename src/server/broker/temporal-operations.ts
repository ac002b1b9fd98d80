/**
 * The past of entities: `/temporal` (CIM 009 v1.9.1, 6.18 to 6.21, 6.24).
 *
 * An answer holds a bounded number of instances; beyond it comes 206 and, in Content-Range, the time up to
 * which it is complete (6.3.10). Which entities a query means is decided by what they are now, or last were.
 * Writing history does not change the present: that is `POST /entities`.
 */
import { formatInstant } from '../../core/time/instant.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { aggregated } from './aggregate.ts'
import { checkQueryBody, viewOfBody } from './batch-operations.ts'
import { isDeletion, isObject, isUri, readAttribute, textsOf, VALUE_MEMBERS, type Instance, type StoredEntity } from './document.ts'
import { idIn, pageHeaders } from './entity-operations.ts'
import type { Reply } from './exchange.ts'
import { filterOfBody, filterOfParameters, isMet, type EntityFilter } from './filter.ts'
import type { PastEntity } from './history.ts'
import type { BrokerLimits } from './limits.ts'
import { created, NO_CONTENT, objectIn, type Call } from './operation.ts'
import { FILTER_PARAMETERS, PAGE_PARAMETERS, VIEW_PARAMETERS, type Parameters } from './parameters.ts'
import { scalarOrArray, type View } from './representation.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import { readTemporalQuery, TEMPORAL_PARAMETERS, textOfJson, tooMany, tracksOf, typesOf, type TemporalQuery, type TemporalText, type Track } from './temporal-query.ts'
import type { Tenant } from './tenant.ts'

/** The member that holds `[value, time]` rows, by type. */
const ROW_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['Relationship', 'objects'],
  ['LanguageProperty', 'languageMaps'],
  ['VocabProperty', 'vocabs'],
  ['VocabularyProperty', 'vocabs'],
  ['JsonProperty', 'jsons'],
  ['ListProperty', 'valueLists'],
  ['ListRelationship', 'objectLists'],
])
const VIEW = ['attrs', 'pick', 'omit', 'datasetId', 'lang'] as const
const QUERY_MEMBERS = new Set(['type', '@context', 'entities', 'attrs', 'pick', 'omit', 'q', 'geoQ', 'scopeQ', 'lang', 'datasetId', 'local', 'join', 'temporalQ'])

export function queryTemporal(call: Call): Reply {
  const { parameters } = call
  parameters.allow(FILTER_PARAMETERS, VIEW_PARAMETERS, TEMPORAL_PARAMETERS, PAGE_PARAMETERS)
  const query = readTemporalQuery(textsIn(parameters), optionsIn(parameters), parameters.text('format'), { needsTime: true })
  return answer(call, filterOfParameters(parameters), viewIn(parameters), query)
}

export function queryTemporalByPost(call: Call): Reply {
  const { parameters } = call
  const body = objectIn(call.body)
  parameters.allow(PAGE_PARAMETERS, ['format', 'lang', 'local', 'aggrMethods', 'aggrPeriodDuration'])
  checkQueryBody(body, QUERY_MEMBERS)
  const temporal = body['temporalQ']
  if (!isObject(temporal)) throw badRequest('temporalQ: expected an object')
  const aggregation = isObject(temporal['aggrParams']) ? temporal['aggrParams'] : temporal
  const text: TemporalText = {
    timerel: textOfJson(temporal, 'timerel'),
    timeAt: textOfJson(temporal, 'timeAt'),
    endTimeAt: textOfJson(temporal, 'endTimeAt'),
    timeproperty: textOfJson(temporal, 'timeproperty'),
    lastN: textOfJson(temporal, 'lastN'),
    aggrMethods: textOfJson(aggregation, 'aggrMethods') ?? parameters.text('aggrMethods'),
    aggrPeriodDuration: textOfJson(aggregation, 'aggrPeriodDuration') ?? parameters.text('aggrPeriodDuration'),
  }
  const query = readTemporalQuery(text, optionsIn(parameters), parameters.text('format'), { needsTime: true })
  return answer(call, filterOfBody(parameters.flag('local') ? { ...body, local: true } : body), viewOfBody(body, { format: 'normalized' }), query)
}

export function retrieveTemporal(call: Call): Reply {
  const { tenant, parameters, names } = call
  parameters.allow(VIEW, TEMPORAL_PARAMETERS, ['local', 'type'])
  const id = idIn(names)
  const query = readTemporalQuery(textsIn(parameters), optionsIn(parameters), parameters.text('format'), { needsTime: false })
  const types = typesOf(tenant, id)
  if (types === undefined) throw notFound(`temporal entity ${id}`)
  const entities = [{ id, types, tracks: tracksOf(tenant, id, query, viewIn(parameters)) }]
  const partial = cut(entities, query, tenant)
  return { status: partial === undefined ? 200 : 206, body: represent(entities[0]!, query, tenant), ...(partial === undefined ? {} : { headers: { 'Content-Range': partial } }) }
}

export function createTemporal({ tenant, parameters, body, limits }: Call): Reply {
  parameters.allow(['local'])
  const json = objectIn(body)
  const id = json['id'] ?? json['@id']
  if (!isUri(id)) throw badRequest('id: expected a URI')
  const types = textsOf(json['type'] ?? json['@type'])
  if (types === undefined || types.length === 0) throw badRequest(`${id}: type is missing`)
  const isNew = !tenant.history.entities.has(id)
  record(tenant, id, types, json, limits)
  return isNew ? created(`/temporal/entities/${encodeURIComponent(id)}`) : NO_CONTENT
}

export function appendTemporal({ tenant, parameters, names, body, limits }: Call): Reply {
  parameters.allow(['local'])
  const id = idIn(names)
  if (!tenant.history.entities.has(id)) throw notFound(`temporal entity ${id}`)
  record(tenant, id, [], objectIn(body), limits)
  return NO_CONTENT
}

export function deleteTemporal({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local'])
  const id = idIn(names)
  if (!tenant.history.delete(id)) throw notFound(`temporal entity ${id}`)
  return NO_CONTENT
}

export function deleteTemporalAttribute({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local', 'datasetId', 'deleteAll'])
  const id = idIn(names)
  const dataset = parameters.text('datasetId')
  const key = parameters.flag('deleteAll') ? undefined : dataset === undefined || dataset === '@none' ? '' : dataset
  if (!tenant.history.deleteAttribute(id, names[1]!, key)) throw notFound(`attribute ${names[1]!} of temporal entity ${id}`)
  return NO_CONTENT
}

function record(tenant: Tenant, id: string, types: readonly string[], json: JsonObject, limits: BrokerLimits): void {
  if (tenant.source?.knows(id) === true) throw new Refusal('OperationNotSupported', `${id}: its past is computed and cannot be written`)
  const nowMs = tenant.now()
  const written: (readonly [string, Instance])[] = []
  for (const [name, value] of Object.entries(json)) {
    if (['id', '@id', 'type', '@type', '@context', 'scope', 'createdAt', 'modifiedAt', 'deletedAt', 'expiresAt'].includes(name)) continue
    for (const one of Array.isArray(value) && value.every(isObject) ? (value as readonly JsonObject[]) : [value]) {
      for (const instance of readAttribute(name, one, limits, { deletions: false })) {
        if (!isDeletion(instance)) written.push([name, { json: instance, createdAtMs: nowMs, modifiedAtMs: nowMs }])
      }
    }
  }
  tenant.history.record(id, types, written)
}

interface Told {
  readonly id: string
  readonly types: readonly string[]
  readonly tracks: Track[]
}

function answer(call: Call, filter: EntityFilter, view: View, query: TemporalQuery): Reply {
  const { tenant, parameters, limits } = call
  const page = parameters.page(limits)
  const chosen: StoredEntity[] = []
  let total = 0
  for (const entity of known(tenant)) {
    if (!isMet(entity, filter)) continue
    if (total >= page.offset && chosen.length < page.limit) chosen.push(entity)
    total++
  }
  const entities: Told[] = []
  let read = 0
  for (const { id, types } of chosen) {
    const tracks = tracksOf(tenant, id, query, view)
    read += tracks.reduce((sum, { instances }) => sum + instances.length, 0)
    if (read > limits.aggregatedInstances) throw tooMany(tenant)
    entities.push({ id, types, tracks })
  }
  const partial = cut(entities, query, tenant)
  const { links, headers } = pageHeaders(call, page, total)
  return {
    status: partial === undefined ? 200 : 206,
    body: entities.map((entity) => represent(entity, query, tenant)),
    ...(links === undefined ? {} : { links }),
    headers: { ...headers, ...(partial === undefined ? {} : { 'Content-Range': partial }) },
  }
}

/** Entities of now, then those that only have a past, as they last were. */
function* known(tenant: Tenant): Iterable<StoredEntity> {
  yield* tenant.entities()
  for (const past of tenant.history.entities.values()) if (tenant.get(past.id) === undefined) yield lastState(past)
}

function lastState({ id, types, attributes }: PastEntity): StoredEntity {
  const last = [...attributes].map(([name, datasets]) => [name, [...datasets.values()].flatMap(({ instances }) => instances.slice(-1))] as const)
  return { id, types, scopes: [], attributes: new Map(last.filter(([, instances]) => instances.length > 0)), createdAtMs: 0, modifiedAtMs: 0 }
}

/** Leaves at most as many instances as an answer may hold. Says, as Content-Range, what is left. */
function cut(entities: readonly Told[], query: TemporalQuery, { limits }: Tenant): string | undefined {
  if (query.aggregation !== undefined) return undefined
  const tracks = entities.flatMap((entity) => entity.tracks)
  const total = tracks.reduce((sum, { instances }) => sum + instances.length, 0)
  if (total <= limits.temporalInstances) return undefined
  const times = new Float64Array(total)
  let at = 0
  for (const { instances } of tracks) for (const { ms } of instances) times[at++] = ms
  times.sort()
  const isBackwards = query.lastN !== undefined
  // Instances of one moment stay together, or the reader could not tell where to go on.
  const border = isBackwards ? times[total - limits.temporalInstances - 1]! : times[limits.temporalInstances]!
  const edge = isBackwards ? times[total - 1]! : times[0]!
  const isKept = isBackwards ? (ms: number) => ms > border || ms === edge : (ms: number) => ms < border || ms === edge
  let endMs = edge
  for (const track of tracks) {
    track.instances = track.instances.filter(({ ms }) => isKept(ms))
    for (const { ms } of track.instances) endMs = isBackwards ? Math.min(endMs, ms) : Math.max(endMs, ms)
  }
  const { timerel, timeAtMs, endTimeAtMs } = query
  const startMs = isBackwards
    ? timerel === 'before' ? timeAtMs : timerel === 'between' ? endTimeAtMs : edge
    : timerel === 'after' || timerel === 'between' ? timeAtMs : edge
  return `date-time ${formatInstant(startMs)}-${formatInstant(endMs)}/${isBackwards ? query.lastN : '*'}`
}

function represent({ id, types, tracks }: Told, query: TemporalQuery, tenant: Tenant): JsonObject {
  const members = new Map<string, JsonObject[]>()
  const firstMs = tracks.reduce((first, { instances }) => Math.min(first, instances[0]?.ms ?? Infinity), Infinity)
  for (const track of tracks) {
    if (track.instances.length === 0) continue
    const shown = query.form === 'normalized' ? track.instances.map((one) => normalized(one.json, one.instance, query)) : [query.aggregation === undefined ? values(track) : aggregates(track, query, firstMs, tenant)]
    members.set(track.name, [...(members.get(track.name) ?? []), ...shown])
  }
  const entries = [...members].map(([name, list]): [string, Json] => [name, query.form === 'normalized' || list.length > 1 ? list : list[0]!])
  return { id, type: scalarOrArray(types), ...Object.fromEntries(entries) }
}

function normalized(json: JsonObject, { createdAtMs, modifiedAtMs }: Instance, { property, sysAttrs }: TemporalQuery): JsonObject {
  return {
    ...json,
    ...(sysAttrs || property === 'createdAt' ? { createdAt: formatInstant(createdAtMs) } : {}),
    ...(sysAttrs || property === 'modifiedAt' ? { modifiedAt: formatInstant(modifiedAtMs) } : {}),
  }
}

function values({ instances, dataset }: Track): JsonObject {
  const type = String(instances[0]!.json['type'])
  const rows = instances.map(({ ms, json }): Json => [json[VALUE_MEMBERS.get(String(json['type'])) ?? 'value'] ?? null, formatInstant(ms)])
  return { type, ...(dataset === '' ? {} : { datasetId: dataset }), [ROW_MEMBERS.get(type) ?? 'values']: rows }
}

function aggregates({ instances, dataset }: Track, query: TemporalQuery, firstMs: number, tenant: Tenant): JsonObject {
  const { timerel, timeAtMs, endTimeAtMs, aggregation, lastN } = query
  const originMs = timerel === 'after' || timerel === 'between' ? timeAtMs : firstMs
  const endMs = timerel === 'between' ? endTimeAtMs : timerel === 'before' ? timeAtMs : Math.max(tenant.now(), instances.at(-1)!.ms)
  const all = aggregated(instances, aggregation!, { originMs, endMs })
  const kept = lastN === undefined ? all : Object.fromEntries(Object.entries(all).map(([method, rows]) => [method, (rows as readonly Json[]).slice(-lastN)]))
  return { type: String(instances[0]!.json['type']), ...(dataset === '' ? {} : { datasetId: dataset }), ...kept }
}

function textsIn(parameters: Parameters): TemporalText {
  return {
    timerel: parameters.text('timerel'),
    timeAt: parameters.text('timeAt'),
    endTimeAt: parameters.text('endTimeAt'),
    timeproperty: parameters.text('timeproperty'),
    lastN: parameters.text('lastN'),
    aggrMethods: parameters.text('aggrMethods'),
    aggrPeriodDuration: parameters.text('aggrPeriodDuration'),
  }
}

function optionsIn(parameters: Parameters): ReadonlySet<string> {
  return parameters.options('normalized', 'temporalValues', 'aggregatedValues', 'sysAttrs', 'count')
}

function viewIn(parameters: Parameters): View {
  const [attrs, pick, omit, datasets] = [parameters.list('attrs'), parameters.list('pick'), parameters.list('omit'), parameters.list('datasetId')]
  if (attrs !== undefined && (pick !== undefined || omit !== undefined)) throw badRequest('attrs does not go together with pick or omit')
  return { format: 'normalized', attrs, pick, omit, datasets: datasets === undefined ? undefined : new Set(datasets) }
}
