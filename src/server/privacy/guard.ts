/**
 * What a page may ask a broker that holds entities about people, and what of the answer it may have.
 *
 * Asking: personal types are taken out of the selection before the broker sees it, because a count, a page's length
 * or an empty answer to `q=refRider==…` tells of them too. A selection without a type becomes one of the types that
 * are shown. Answering: whatever came is looked through once more, and what has no type that can be judged is held
 * back. Pure; what is held back is counted by the caller.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { shortName, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'
import type { Refusal } from '../forward-rules.ts'
import { entitiesOf } from '../relay/coalesce.ts'

export interface Guard {
  isPersonal(type: string): boolean
  /** Types that are asked for when a query names none. */
  readonly shown: readonly string[]
}

export function createGuard(personal: Iterable<string>, shown: Iterable<string>): Guard {
  const names = new Set(Array.from(personal, (type) => type.toLowerCase()))
  const isPersonal = (type: string): boolean => names.has(shortName(type).toLowerCase())
  return { isPersonal, shown: [...new Set(shown)].filter((type) => !isPersonal(type)) }
}

/** What to ask instead; `nothing` when only personal types were asked for. */
export type Guarded = { readonly kind: 'ask'; readonly target: string } | { readonly kind: 'nothing' }

/** `target` is the path below `/ngsi-ld/v1` with its query, as `allowForward` wrote it. */
export function guardTarget(guard: Guard, target: string): Result<Guarded, Refusal> {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const parameters = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  for (const name of parameters.keys()) if (parameters.getAll(name).length > 1) return refuse(`${name} is given twice`)
  const refusal = checkProjection((name) => parameters.get(name)) ?? checkQ(parameters.get('q'))
  if (refusal !== undefined) return err(refusal)
  const pick = parameters.get('pick')
  if (pick !== null) parameters.set('pick', withIdentity(pick.split(',')).join(','))
  const isList = /^\/(temporal\/)?entities$/.test(path)
  if (isList) {
    const types = selectTypes(guard, parameters.get('type'))
    if (!types.ok) return types
    if (types.value === undefined) return ok({ kind: 'nothing' })
    parameters.set('type', types.value)
  } else if (path.startsWith('/types/') && guard.isPersonal(decodeURIComponent(path.slice('/types/'.length)))) return ok({ kind: 'nothing' })
  const query = parameters.toString().replaceAll('+', '%20')
  return ok({ kind: 'ask', target: query === '' ? path : `${path}?${query}` })
}

const QUERY_MEMBERS = new Set(['type', 'entities', 'attrs', 'pick', 'omit', 'q', 'geoQ', 'scopeQ', 'lang'])

/** The body of a query by POST. Undefined when only personal types were asked for. */
export function guardBody(guard: Guard, query: JsonObject): Result<JsonObject | undefined, Refusal> {
  // What is not known here, such as a join, may bring in what was not asked for.
  for (const name of Object.keys(query)) if (!QUERY_MEMBERS.has(name)) return refuse(`the member ${name.slice(0, 50)} is not forwarded`)
  const refusal = checkProjection((name) => textOf(query[name])) ?? checkQ(textOf(query['q']))
  if (refusal !== undefined) return err(refusal)
  const asked = query['entities']
  if (asked !== undefined && !Array.isArray(asked)) return refuse('entities is a list')
  const selectors: JsonObject[] = []
  for (const selector of (asked ?? [{}]) as readonly Json[]) {
    if (!isObject(selector)) return refuse('entities is a list of objects')
    const types = selectTypes(guard, typeof selector['type'] === 'string' ? selector['type'] : null)
    if (!types.ok) return types
    for (const type of types.value?.split(',') ?? []) selectors.push({ ...selector, type })
  }
  if (selectors.length === 0) return ok(undefined)
  const pick = query['pick']
  return ok({ ...query, entities: selectors, ...(Array.isArray(pick) && { pick: withIdentity(pick.filter((one): one is string => typeof one === 'string')) }) })
}

/** A selection without personal types, or undefined when nothing is left of it. */
function selectTypes(guard: Guard, asked: string | null): Result<string | undefined, Refusal> {
  const text = asked?.trim() ?? ''
  if (text === '' || text === '*') return ok(guard.shown.length === 0 ? undefined : guard.shown.join(','))
  const names = text.split(/[,|;()]/).map((name) => name.trim()).filter((name) => name !== '')
  if (names.some((name) => name.includes('*'))) return refuse('a type is named in full')
  const rest = names.filter((name) => !guard.isPersonal(name))
  if (rest.length === 0) return ok(undefined)
  if (rest.length === names.length) return ok(text)
  if (/[;()]/.test(text)) return refuse('types that are about people are not selected together with others')
  return ok(rest.join(','))
}

/** Without id and type nobody can tell what an entity is. */
function checkProjection(read: (name: string) => string | null): Refusal | undefined {
  const omitted = (read('omit') ?? '').split(',').map((name) => shortName(name.trim()).toLowerCase())
  return omitted.some((name) => name === 'id' || name === 'type' || name === '@id' || name === '@type') ? refusalOf('id and type are not omitted') : undefined
}

/** `q` across a relationship asks one entity about another. */
function checkQ(q: string | null): Refusal | undefined {
  return q !== null && q.includes('{') ? refusalOf('q across relationships is not forwarded') : undefined
}

function withIdentity(names: readonly string[]): readonly string[] {
  return [...new Set(['id', 'type', ...names.map((name) => name.trim()).filter((name) => name !== '')])]
}

export interface Sifted {
  readonly json: Json
  /** How many entities were held back. */
  readonly withheld: number
}

/** An answer of entities in any representation: without those that are personal, or that do not say what they are. Undefined when it was one entity. */
export function siftEntities(guard: Guard, json: Json): Sifted | undefined {
  if (Array.isArray(json)) {
    const passed = (json as readonly Json[]).filter((one) => mayPass(guard, one))
    return { json: passed, withheld: json.length - passed.length }
  }
  if (isObject(json) && json['type'] === 'FeatureCollection') {
    const features = Array.isArray(json['features']) ? (json['features'] as readonly Json[]) : []
    const passed = features.filter((one) => mayPass(guard, one))
    return { json: { type: 'FeatureCollection', features: passed }, withheld: features.length - passed.length }
  }
  return mayPass(guard, json) ? { json, withheld: 0 } : undefined
}

/** Members of a notification that go on when it is written anew. */
const ENVELOPE = ['id', 'type', 'subscriptionId', 'notifiedAt']

export interface SiftedPayload {
  /** What is left; the very same when nothing was held back, undefined when all was. */
  readonly payload: Json | undefined
  readonly personal: readonly JsonObject[]
  readonly withheld: number
}

/** A notification without its personal entities. One in an envelope that is not the standard's is written anew, with what may pass. */
export function siftPayload(guard: Guard, payload: Json): SiftedPayload {
  const entities = entitiesOf(payload)
  const passed = entities.filter((one) => mayPass(guard, one))
  const withheld = entities.length - passed.length
  const isPlain = isObject(payload) && Object.keys(payload).every((name) => name === 'data' || ENVELOPE.includes(name))
  if (withheld === 0 && isPlain) return { payload, personal: [], withheld }
  const personal = entities.filter((one) => typesOf(one).some((type) => guard.isPersonal(type)))
  if (passed.length === 0) return { payload: undefined, personal, withheld }
  const envelope = isPlain ? Object.fromEntries(ENVELOPE.flatMap((name) => (payload[name] === undefined ? [] : [[name, payload[name]]]))) : { type: 'Notification' }
  return { payload: { ...envelope, data: passed }, personal, withheld }
}

function mayPass(guard: Guard, json: Json): boolean {
  const types = isObject(json) ? typesOf(json) : []
  return types.length > 0 && !types.some((type) => guard.isPersonal(type))
}

/** Types of an entity, or of a GeoJSON feature of one, by both names that a type can have; empty when it does not say. */
export function typesOf(json: JsonObject): readonly string[] {
  const of = json['type'] === 'Feature' ? json['properties'] : json
  if (!isObject(of)) return []
  const types = [of['type'] ?? [], of['@type'] ?? []].flat() as readonly Json[]
  return types.every((type) => typeof type === 'string' && type !== '') ? (types as readonly string[]) : []
}

/** Lists of types and attributes: without personal types, and without counts, which tell how many there are. */
export function siftDiscovery(guard: Guard, json: Json): Json {
  if (Array.isArray(json)) {
    return (json as readonly Json[]).filter((one) => !(typeof one === 'string' && guard.isPersonal(one)) && !(isObject(one) && isOfPersonal(guard, one))).map((one) => siftDiscovery(guard, one))
  }
  if (!isObject(json)) return json
  return Object.fromEntries(Object.entries(json).flatMap(([name, value]) => (/^(entity|attribute)Count$/.test(name) ? [] : [[name, siftDiscovery(guard, value)]])))
}

function isOfPersonal(guard: Guard, json: JsonObject): boolean {
  return ['id', 'typeName'].some((name) => typeof json[name] === 'string' && guard.isPersonal(json[name]))
}

function textOf(json: Json | undefined): string | null {
  return typeof json === 'string' ? json : Array.isArray(json) ? json.join(',') : null
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function refusalOf(detail: string): Refusal {
  return { status: 400, title: 'Not offered', detail }
}

function refuse(detail: string): Result<never, Refusal> {
  return err(refusalOf(detail))
}
