/**
 * The history of entities, in the three temporal forms (CIM 009, 4.5.6 to 4.5.9, 4.5.19).
 *
 * Normalized (lists of instances) and temporalValues (`[value, time]` rows) become the same: instances
 * with `observedAt`. The forms are told apart per attribute, and lists of one may have been reduced to
 * their element anywhere. aggregatedValues are another thing, a number for an interval, and stay apart.
 */
import type { EpochMs } from '../core/time/instant.ts'
import type { Attribute } from './entity.ts'
import { CORE_MEMBERS, coreName, declaredKind, inferredKind, instantOf, readAttribute, readInstance, VALUE_MEMBER, type AttributeKind } from './decode-attribute.ts'
import { asList, DEFAULT_LIMITS, DecodeRun, isObject, own, shown, single, type DecodeLimits, type DecodeOptions, type Rejection, type UnknownObject } from './decode-run.ts'
import { AGGREGATION_METHODS, type Aggregate, type AggregatedAttribute, type AggregationMethod, type TemporalEntity } from './temporal-entity.ts'

export type { TemporalEntity } from './temporal-entity.ts'
export { statesOf } from './temporal-states.ts'

/** As for entities, but a page of history holds many instances: Stellio gives up to 10 000 of one entity at once. */
export const TEMPORAL_LIMITS: DecodeLimits = { ...DEFAULT_LIMITS, maxInstances: 100_000, maxJsonNodes: 2_000_000 }

/** The member that holds the rows of each kind in temporalValues. */
const ROW_MEMBERS: ReadonlyMap<string, AttributeKind> = new Map([
  ['values', 'Property'],
  ['objects', 'Relationship'],
  ['languageMaps', 'LanguageProperty'],
  ['vocabs', 'VocabProperty'],
  ['jsons', 'JsonProperty'],
  ['valueLists', 'ListProperty'],
  ['objectLists', 'ListRelationship'],
])

const METHODS: ReadonlySet<string> = new Set(AGGREGATION_METHODS)

/** Reads one temporal entity or a list of them. Total, as `decodeEntities` is. */
export function decodeTemporal(payload: unknown, options?: DecodeOptions): { ok: TemporalEntity[]; rejected: Rejection[] } {
  const run = new DecodeRun(options, TEMPORAL_LIMITS)
  const items = asList(payload)
  const { maxEntities } = run.limits
  if (items.length > maxEntities) run.reject(`expected at most ${maxEntities} entities, got ${items.length}: the rest is left out`)
  const entities: TemporalEntity[] = []
  for (let index = 0; index < Math.min(items.length, maxEntities); index++) {
    const entity = readEntity(run, items[index], Array.isArray(payload) ? index : undefined)
    if (entity !== undefined) entities.push(entity)
  }
  return { ok: entities, rejected: run.rejections() }
}

function readEntity(run: DecodeRun, json: unknown, index: number | undefined): TemporalEntity | undefined {
  run.id = ''
  run.nodes = 0
  run.path.length = 0
  if (index !== undefined) run.path.push(index)
  if (!isObject(json)) return run.reject(`expected a temporal entity, got ${shown(json)}`)
  const id = single(own(json, 'id') ?? own(json, '@id'))
  if (typeof id !== 'string' || !run.allowsName(id)) return run.reject(`expected the URI of an entity, got ${shown(id)}`, 'id')
  run.id = id
  run.path.length = 0
  const types = asList(own(json, 'type') ?? own(json, '@type'))
  if (types.length === 0 || !types.every((type): type is string => typeof type === 'string' && run.allowsName(type))) {
    return run.reject(`expected the entity's type, got ${shown(own(json, 'type'))}`, 'type')
  }
  const times: { createdAt?: EpochMs; modifiedAt?: EpochMs; deletedAt?: EpochMs; expiresAt?: EpochMs } = {}
  const attributes = new Map<string, readonly Attribute[]>()
  const aggregates = new Map<string, readonly AggregatedAttribute[]>()
  let scopes: readonly string[] = []
  for (const key of Object.keys(json)) {
    const name = coreName(key)
    if (name === 'createdAt' || name === 'modifiedAt' || name === 'deletedAt' || name === 'expiresAt') {
      const instant = newestInstant(json[key])
      if (instant === undefined) run.reject(`expected ISO 8601 with a zone, got ${shown(json[key])}`, name)
      else times[name] = instant
    } else if (name === 'scope') scopes = newestScopes(run, json[key])
    else if (!/^@?(id|type)$|^@context$/.test(name)) {
      if (attributes.size + aggregates.size >= run.limits.maxAttributes) {
        run.reject(`expected at most ${run.limits.maxAttributes} attributes, got more: it is left out`, key.slice(0, 100))
      } else if (run.allowsName(key)) {
        run.path.push(key)
        const read = readSeries(run, json[key])
        run.path.pop()
        if (read.instances.length > 0) attributes.set(key, read.instances)
        if (read.aggregates.length > 0) aggregates.set(key, read.aggregates)
      }
    }
  }
  return { id, types, scopes, attributes, aggregates, ...times }
}

/** Scorpio keeps every time that an entity was deleted. */
function newestInstant(json: unknown): EpochMs | undefined {
  let newest: EpochMs | undefined
  for (const one of asList(json)) {
    const instant = instantOf(one)
    if (instant === undefined) return undefined
    if (newest === undefined || instant > newest) newest = instant
  }
  return newest
}

interface Series {
  readonly instances: Attribute[]
  readonly aggregates: AggregatedAttribute[]
}

function readSeries(run: DecodeRun, json: unknown): Series {
  const series: Series = { instances: [], aggregates: [] }
  // A list of plain values is one value, as it is outside of time.
  const isSeries = Array.isArray(json) && json.some((item) => isObject(item))
  if (!isSeries) readPart(run, json, series)
  else {
    json.slice(0, run.limits.maxInstances).forEach((item, index) => {
      run.path.push(index)
      readPart(run, item, series)
      run.path.pop()
    })
    if (json.length > run.limits.maxInstances) noteSurplus(run, json.length)
  }
  return series
}

function readPart(run: DecodeRun, json: unknown, series: Series): void {
  if (!isObject(json)) {
    series.instances.push(...readAttribute(run, json))
    return
  }
  const kind = declaredKind(json)
  const isInstance = kind !== undefined && Object.hasOwn(json, VALUE_MEMBER[kind])
  const rows = isInstance ? undefined : [...ROW_MEMBERS.keys()].find((name) => Array.isArray(own(json, name)))
  if (rows !== undefined) {
    readRows(run, rows, kind ?? ROW_MEMBERS.get(rows)!, json, series.instances)
  } else if (!isInstance && Object.keys(json).some((key) => METHODS.has(key) && Array.isArray(json[key]))) {
    const aggregated = readAggregated(run, json)
    if (aggregated !== undefined) series.aggregates.push(aggregated)
  } else {
    // Scorpio writes of a deletion when it was, and no type.
    const isDeletion = kind === undefined && inferredKind(json) === undefined && instantOf(own(json, 'deletedAt')) !== undefined
    const instance = readInstance(run, isDeletion ? { ...json, type: 'Property' } : json)
    if (instance !== undefined) series.instances.push(instance)
  }
}

function readRows(run: DecodeRun, member: string, kind: AttributeKind, json: UnknownObject, instances: Attribute[]): void {
  const rows = rowsIn(own(json, member), 2)
  const valueMember = VALUE_MEMBER[kind]
  // What stands beside the rows (datasetId, unitCode) is said of every row.
  const shared = Object.entries(json).filter(([name]) => name !== member && CORE_MEMBERS.has(name) && name !== '@context' && name !== 'type')
  run.path.push(member)
  for (let index = 0; index < rows.length; index++) {
    if (instances.length >= run.limits.maxInstances) {
      noteSurplus(run, rows.length)
      break
    }
    run.path.push(index)
    const row = rows[index]
    if (!Array.isArray(row) || row.length < 2) run.reject(`expected [value, time], got ${shown(row)}`)
    else {
      const [value, at] = row as unknown[]
      // ETSI's own examples write `{"json":…}` and `{"vocab":…}` around the value, the text of 4.5.8 does not.
      const wrapped = isObject(value) && Object.keys(value).length === 1 && Object.hasOwn(value, valueMember) && kind !== 'Property' ? value[valueMember] : value
      const instance = readInstance(run, Object.fromEntries([...shared, ['type', kind], [valueMember, wrapped], ['observedAt', at]]))
      if (instance !== undefined) instances.push(instance)
    }
    run.path.pop()
  }
  run.path.pop()
}

function readAggregated(run: DecodeRun, json: UnknownObject): AggregatedAttribute | undefined {
  const series = new Map<AggregationMethod, readonly Aggregate[]>()
  for (const method of AGGREGATION_METHODS) {
    const rows = own(json, method)
    if (!Array.isArray(rows)) continue
    const aggregates: Aggregate[] = []
    rowsIn(rows, 3).slice(0, run.limits.maxInstances).forEach((row, index) => {
      run.path.push(method, index)
      const aggregate = readAggregate(run, row)
      if (aggregate !== undefined) aggregates.push(aggregate)
      run.path.length -= 2
    })
    if (rows.length > run.limits.maxInstances) noteSurplus(run, rows.length)
    series.set(method, aggregates)
  }
  const datasetId = own(json, 'datasetId')
  return typeof datasetId === 'string' && datasetId !== '@none' ? { datasetId, series } : { series }
}

function readAggregate(run: DecodeRun, row: unknown): Aggregate | undefined {
  if (!Array.isArray(row) || row.length < 3) return run.reject(`expected [value, start, end], got ${shown(row)}`)
  const [value, from, to] = row as unknown[]
  const fromMs = instantOf(from)
  const toMs = instantOf(to)
  if (fromMs === undefined || toMs === undefined) return run.reject(`expected ISO 8601 with a zone, got ${shown(fromMs === undefined ? from : to)}`)
  if (!run.allowsJson(value)) return undefined
  // Stellio has numbers as texts here.
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value
  return { value: number, fromMs, toMs }
}

/** The rows; a single row whose list was reduced away is known by the time that stands second in it. */
function rowsIn(json: unknown, width: number): readonly unknown[] {
  const list = asList(json)
  const isRow = list.length === width && typeof list[1] === 'string' && instantOf(list[1]) !== undefined
  return isRow ? [list] : list
}

// A scope has a history too: `{"type":"Property","values":[[["/a","/b"],time],…]}` or a list of Properties.
function newestScopes(run: DecodeRun, json: unknown): readonly string[] {
  const plain = asList(json)
  if (plain.every((text) => typeof text === 'string')) return plain as readonly string[]
  const { instances } = readSeries(run, json)
  const newest = instances.reduce<Attribute | undefined>((best, one) => ((one.observedAt ?? 0) >= (best?.observedAt ?? 0) ? one : best), undefined)
  const value = newest?.kind === 'Property' ? asList(newest.value) : []
  if (value.length > 0 && value.every((text) => typeof text === 'string')) return value as readonly string[]
  run.reject(`expected scopes such as "/city/centre", got ${shown(json)}`, 'scope')
  return []
}

function noteSurplus(run: DecodeRun, count: number): void {
  run.reject(`expected at most ${run.limits.maxInstances} instances, got ${count}: the rest is left out`)
}
