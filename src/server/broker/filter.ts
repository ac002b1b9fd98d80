/**
 * Which entities an operation is about: the parameters of a GET, or the body of a query by POST, made into
 * one filter (CIM 009 v1.9.1, 5.7.2 and 5.2.23).
 */
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { parseGeoFilter, type GeoFilter } from '../../ngsi-ld/geo-relation.ts'
import { matchesGeo, matchesQ } from '../../ngsi-ld/match.ts'
import { compilePattern } from '../../ngsi-ld/pattern.ts'
import { describeQError, parseQ, type QExpression } from '../../ngsi-ld/q-expression.ts'
import { isNamed, matchesSelector, parseTypeSelection, readSelector, type EntitySelector } from '../../ngsi-ld/type-selection.ts'
import { isObject, isUri, textsOf, type StoredEntity } from './document.ts'
import type { Parameters } from './parameters.ts'
import { entityOf } from './representation.ts'
import { badRequest } from './refusal.ts'
import { isInScope, parseScopeQuery, type ScopeQuery } from './scope-query.ts'

export interface EntityFilter {
  readonly selectors?: readonly EntitySelector[] | undefined
  /** At least one of these attributes must be there. */
  readonly attrs?: readonly string[] | undefined
  readonly q?: QExpression | undefined
  readonly geo?: GeoFilter | undefined
  readonly scope?: ScopeQuery | undefined
}

export function filterOfParameters(parameters: Parameters): EntityFilter {
  const type = parameters.text('type')
  const ids = parameters.list('id')
  const idPattern = parameters.text('idPattern')
  const attrs = parameters.list('attrs')
  const q = parameters.text('q')
  const geo = geoOf({
    georel: parameters.text('georel'),
    geometry: parameters.text('geometry'),
    coordinates: parameters.text('coordinates'),
    geoproperty: parameters.text('geoproperty'),
  })
  // 5.7.2.4: a query about everything is refused, unless it says that it means this broker only.
  if (type === undefined && attrs === undefined && q === undefined && geo === undefined && !parameters.flag('local')) {
    throw badRequest('a query needs at least one of type, attrs, q, georel, or local=true')
  }
  if (ids?.every(isUri) === false) throw badRequest('id: expected URIs joined by commas')
  const selector: { type?: NonNullable<EntitySelector['type']>; ids?: ReadonlySet<string>; idPattern?: NonNullable<EntitySelector['idPattern']> } = {}
  if (type !== undefined && type !== '*') selector.type = value(parseTypeSelection(type))
  if (ids !== undefined) selector.ids = new Set(ids)
  if (idPattern !== undefined) selector.idPattern = value(compilePattern(idPattern), 'idPattern')
  const isSelecting = Object.keys(selector).length > 0
  return { selectors: isSelecting ? [selector] : undefined, attrs, q: q === undefined ? undefined : qOf(q), geo, scope: scopeOf(parameters.text('scopeQ')) }
}

/** Body of `POST entityOperations/query` and its temporal sister; what it may hold besides is the caller's to check. */
export function filterOfBody(body: JsonObject): EntityFilter {
  const attrs = textsOf(body['attrs'])
  if (attrs === undefined) throw badRequest('attrs: expected an array of names')
  const q = body['q']
  if (q !== undefined && typeof q !== 'string') throw badRequest('q: expected a text')
  const filter: EntityFilter = {
    selectors: selectorsOf(body['entities']),
    attrs: body['attrs'] === undefined ? undefined : attrs,
    q: q === undefined ? undefined : qOf(q),
    geo: geoOfBody(body['geoQ']),
    scope: scopeOf(body['scopeQ']),
  }
  if (filter.selectors === undefined && filter.attrs === undefined && q === undefined && filter.geo === undefined && body['local'] !== true) {
    throw badRequest('a query needs at least one of entities, attrs, q, geoQ, or local: true')
  }
  return filter
}

export function selectorsOf(json: Json | undefined): readonly EntitySelector[] | undefined {
  if (json === undefined) return undefined
  if (!Array.isArray(json) || json.length === 0 || json.length > 1_000) throw badRequest('entities: expected an array of 1 to 1000 selectors')
  return (json as readonly Json[]).map((one) => value(readSelector(one)))
}

export function geoOfBody(json: Json | undefined): GeoFilter | undefined {
  if (json === undefined) return undefined
  if (!isObject(json)) throw badRequest('geoQ: expected an object')
  return geoOf({ georel: json['georel'], geometry: json['geometry'], coordinates: json['coordinates'], geoproperty: json['geoproperty'] })
}

export function qOf(text: string): QExpression {
  const parsed = parseQ(text)
  if (!parsed.ok) throw badRequest(describeQError(parsed.error, text))
  return parsed.value
}

export function scopeOf(json: Json | undefined): ScopeQuery | undefined {
  if (json === undefined) return undefined
  if (typeof json !== 'string') throw badRequest('scopeQ: expected a text')
  return parseScopeQuery(json)
}

export function isMet(stored: StoredEntity, { selectors, attrs, q, geo, scope }: EntityFilter): boolean {
  if (selectors !== undefined && !matchesSelector(stored, selectors)) return false
  if (attrs !== undefined && !attrs.some((asked) => hasAttribute(stored, asked))) return false
  if (scope !== undefined && !isInScope(stored.scopes, scope)) return false
  if (q === undefined && geo === undefined) return true
  const entity = entityOf(stored)
  return (q === undefined || matchesQ(entity, q)) && (geo === undefined || matchesGeo(entity, geo))
}

function hasAttribute({ attributes }: StoredEntity, asked: string): boolean {
  if (attributes.has(asked)) return true
  for (const own of attributes.keys()) if (isNamed(own, asked)) return true
  return false
}

function geoOf(text: { georel: Json | undefined; geometry: Json | undefined; coordinates: Json | undefined; geoproperty: Json | undefined }): GeoFilter | undefined {
  if (text.georel === undefined && text.geometry === undefined && text.coordinates === undefined && text.geoproperty === undefined) return undefined
  return value(parseGeoFilter(text))
}

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }, where?: string): T {
  if (!result.ok) throw badRequest(where === undefined ? result.error : `${where}: ${result.error}`)
  return result.value
}
