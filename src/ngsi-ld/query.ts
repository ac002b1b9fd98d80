/**
 * Queries as values, and what becomes of them: parameters of a GET, or the body of a POST.
 *
 * Parameters are written in the style that every broker takes: `options=keyValues`, not `format=`, and
 * nothing that is the default. `q` is text here; its grammar is in `q-expression.ts`.
 */
import type { Bounds, LonLat } from '../core/geo/position.ts'
import { formatInstant } from '../core/time/instant.ts'
import type { Json, JsonObject } from './entity.ts'
import type { EntityFormat } from './encode.ts'
import type { AggregationMethod } from './temporal-entity.ts'

/** Which entities, what of them, and in which form. At least one of types, attributes, q or geo, says 5.7.2, unless `local`. */
export interface EntityQuery {
  readonly ids?: readonly string[]
  /** Types, any of which will do; one text may be a whole selection such as `(A|B);C`. */
  readonly types?: readonly string[]
  readonly idPattern?: string
  /** Before v1.8: entities that have one of them, and only these of them. */
  readonly attrs?: readonly string[]
  readonly pick?: readonly string[]
  readonly omit?: readonly string[]
  readonly q?: string
  readonly geo?: GeoQuery
  readonly scopeQ?: string
  readonly datasetIds?: readonly string[]
  readonly language?: string
  /** Default normalized: the only form that all brokers write right. */
  readonly format?: EntityFormat
  readonly sysAttrs?: boolean
  /** Only what the broker itself holds. */
  readonly local?: boolean
  readonly limit?: number
  readonly offset?: number
  readonly count?: boolean
}

export type GeoRelation =
  | { readonly kind: 'near'; readonly maxDistanceM?: number; readonly minDistanceM?: number }
  | { readonly kind: 'within' | 'contains' | 'intersects' | 'equals' | 'disjoint' | 'overlaps' }

export interface GeoQuery {
  readonly georel: GeoRelation
  readonly geometry: string
  readonly coordinates: Json
  /** Default `location`. */
  readonly geoproperty?: string
}

export interface TemporalQuery {
  /** Which entities. When one entity is retrieved, only what it says of attributes counts. */
  readonly entities?: EntityQuery
  readonly timerel?: 'before' | 'after' | 'between'
  readonly timeAtMs?: number
  readonly endTimeAtMs?: number
  /** Default observedAt. */
  readonly timeproperty?: 'observedAt' | 'createdAt' | 'modifiedAt' | 'deletedAt'
  /** The newest N instances of each attribute. */
  readonly lastN?: number
  /** Default normalized. */
  readonly form?: TemporalForm
  /** Demanded by `aggregatedValues`. */
  readonly aggregation?: Aggregation
  /** Mintaka pages so: `pageSize` and the anchor that its last answer named, in place of limit and offset. */
  readonly pageAnchor?: string
}

export type TemporalForm = 'normalized' | 'temporalValues' | 'aggregatedValues'

export interface Aggregation {
  readonly methods: readonly AggregationMethod[]
  /** ISO 8601 duration; `PT0S` is the whole range. */
  readonly period: string
}

/** How one broker names things. */
export interface QueryDialect {
  /** Scorpio calls it `localOnly`. */
  readonly localFlag?: 'local' | 'localOnly'
  /** Forms of entities that it writes right; another is asked for as normalized. All when left out. */
  readonly formats?: readonly EntityFormat[]
  /** False where `options` takes one word only: the form is more than what it leaves out. */
  readonly combinesOptions?: boolean
}

const OPTION_OF_FORMAT: Readonly<Record<EntityFormat, string | undefined>> = { normalized: undefined, concise: 'concise', simplified: 'keyValues' }

/** The parameters of `GET /entities`, percent-encoded, without `?`. */
export function entityQueryParameters(query: EntityQuery, dialect: QueryDialect = {}): string {
  return encoded([...selection(query), ...projection(query, dialect), ...paging(query)])
}

/** The parameters that stay in the address when the query itself is a body. */
export function postQueryParameters(query: EntityQuery, dialect: QueryDialect = {}): string {
  const { language: _, ...rest } = query // the body has it
  return encoded([...projection(rest, dialect), ...paging(rest)])
}

/** The parameters of `GET /temporal/entities`; without `entities`, those of `GET /temporal/entities/{id}`. */
export function temporalQueryParameters(query: TemporalQuery, dialect: QueryDialect = {}, pages: 'offset' | 'anchor' = 'offset'): string {
  const { entities = {}, timerel, timeAtMs, endTimeAtMs, timeproperty, lastN, form = 'normalized', aggregation, pageAnchor } = query
  // The form of entities has no meaning here: `options` says the temporal one.
  const { format: _, sysAttrs, limit, offset, ...rest } = entities
  const options = [form === 'normalized' ? undefined : form, sysAttrs === true ? 'sysAttrs' : undefined].filter((option) => option !== undefined)
  return encoded([
    ...selection(rest),
    ...projection(rest, dialect),
    ['timerel', timerel],
    ['timeAt', timeAtMs === undefined ? undefined : formatInstant(timeAtMs)],
    ['endTimeAt', endTimeAtMs === undefined ? undefined : formatInstant(endTimeAtMs)],
    ['timeproperty', timeproperty === 'observedAt' ? undefined : timeproperty],
    ['lastN', lastN?.toString()],
    ['aggrMethods', form === 'aggregatedValues' ? aggregation?.methods.join(',') : undefined],
    ['aggrPeriodDuration', form === 'aggregatedValues' ? aggregation?.period : undefined],
    ['options', options.length === 0 ? undefined : options.slice(0, dialect.combinesOptions === false ? 1 : undefined).join(',')],
    ...(pages === 'anchor'
      ? ([['pageSize', limit?.toString()], ['pageAnchor', pageAnchor]] satisfies Parameter[])
      : paging({ ...rest, ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) })),
  ])
}

/** The body of `POST /entityOperations/query` (5.2.23): for what is too long for an address. */
export function queryBody(query: EntityQuery, temporal?: TemporalQuery): JsonObject {
  const { ids, types, idPattern, attrs, pick, omit, q, geo, scopeQ, datasetIds, language } = query
  const selectors = (types ?? ['*']).flatMap((type): JsonObject[] =>
    ids === undefined ? [{ type, ...optional('idPattern', idPattern) }] : ids.map((id) => ({ type, id })),
  )
  return {
    type: 'Query',
    ...(types === undefined && ids === undefined && idPattern === undefined ? {} : { entities: selectors }),
    ...optional('attrs', attrs),
    ...optional('pick', pick),
    ...optional('omit', omit),
    ...optional('q', q),
    ...(geo === undefined ? {} : { geoQ: geoQueryBody(geo) }),
    ...optional('scopeQ', scopeQ),
    ...optional('datasetId', datasetIds),
    ...optional('lang', language),
    ...(temporal === undefined ? {} : { temporalQ: temporalBody(temporal) }),
  }
}

export function geoQueryBody({ georel, geometry, coordinates, geoproperty }: GeoQuery): JsonObject {
  return { georel: georelText(georel), geometry, coordinates, ...optional('geoproperty', geoproperty) }
}

/** Entities inside a box. A polygon within is understood by more brokers than any other way to say it. */
export function withinBounds([west, south, east, north]: Bounds): GeoQuery {
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
  return { georel: { kind: 'within' }, geometry: 'Polygon', coordinates: [ring] }
}

export function nearPosition([lon, lat]: LonLat, maxDistanceM: number): GeoQuery {
  return { georel: { kind: 'near', maxDistanceM }, geometry: 'Point', coordinates: [lon, lat] }
}

export function georelText(georel: GeoRelation): string {
  if (georel.kind !== 'near') return georel.kind
  const { maxDistanceM, minDistanceM } = georel
  return ['near', ...(maxDistanceM === undefined ? [] : [`maxDistance==${maxDistanceM}`]), ...(minDistanceM === undefined ? [] : [`minDistance==${minDistanceM}`])].join(';')
}

/** Reads `near;maxDistance==500`, `within`, …; undefined when it is none. */
export function parseGeorel(text: string): GeoRelation | undefined {
  if (/^(within|contains|intersects|equals|disjoint|overlaps)$/.test(text)) return { kind: text as 'within' }
  const [kind, ...modifiers] = text.split(';')
  if (kind !== 'near' || modifiers.length === 0 || modifiers.length > 2) return undefined
  const relation: { kind: 'near'; maxDistanceM?: number; minDistanceM?: number } = { kind }
  for (const modifier of modifiers) {
    const match = /^(max|min)Distance==(\d+(?:\.\d+)?)$/.exec(modifier)
    if (match === null) return undefined
    relation[match[1] === 'max' ? 'maxDistanceM' : 'minDistanceM'] = Number(match[2])
  }
  return relation
}

type Parameter = readonly [name: string, value: string | undefined]

function selection({ ids, types, idPattern, attrs, pick, omit, q, geo, scopeQ, datasetIds }: EntityQuery): Parameter[] {
  return [
    ['id', ids?.join(',')],
    ['type', types?.join(',')],
    ['idPattern', idPattern],
    ['attrs', attrs?.join(',')],
    ['pick', pick?.join(',')],
    ['omit', omit?.join(',')],
    ['q', q],
    ['georel', geo && georelText(geo.georel)],
    ['geometry', geo?.geometry],
    ['coordinates', geo && JSON.stringify(geo.coordinates)],
    ['geoproperty', geo?.geoproperty],
    ['scopeQ', scopeQ],
    ['datasetId', datasetIds?.join(',')],
  ]
}

function projection({ language, format = 'normalized', sysAttrs, local }: EntityQuery, { localFlag = 'local', formats, combinesOptions = true }: QueryDialect): Parameter[] {
  const ours = formats === undefined || formats.includes(format) ? format : 'normalized'
  const options = [OPTION_OF_FORMAT[ours], sysAttrs === true ? 'sysAttrs' : undefined].filter((option) => option !== undefined)
  return [
    ['lang', language],
    ['options', options.length === 0 ? undefined : options.slice(0, combinesOptions ? undefined : 1).join(',')],
    [localFlag, local === true ? 'true' : undefined],
  ]
}

function paging({ limit, offset, count }: EntityQuery): Parameter[] {
  return [
    ['limit', limit?.toString()],
    // 0 is the default: an address without it is the same, and cached as the same.
    ['offset', offset === undefined || offset === 0 ? undefined : offset.toString()],
    ['count', count === true ? 'true' : undefined],
  ]
}

function temporalBody({ timerel, timeAtMs, endTimeAtMs, timeproperty, lastN }: TemporalQuery): JsonObject {
  return {
    ...optional('timerel', timerel),
    ...(timeAtMs === undefined ? {} : { timeAt: formatInstant(timeAtMs) }),
    ...(endTimeAtMs === undefined ? {} : { endTimeAt: formatInstant(endTimeAtMs) }),
    ...optional('timeproperty', timeproperty),
    ...optional('lastN', lastN),
  }
}

function encoded(parameters: readonly Parameter[]): string {
  return parameters.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}=${percentEncoded(value)}`])).join('&')
}

// A lone surrogate cannot be encoded; it cannot match anything either.
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function optional(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value }
}
