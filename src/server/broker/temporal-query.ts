/**
 * A temporal query, and the instances that answer it (CIM 009 v1.9.1, 4.11, 5.7.3, 5.7.4).
 *
 * `before` and `after` leave out the instant they name; `between` is [timeAt, endTimeAt), so that the parts of
 * a long range, asked for one after another, hold everything once.
 * Instances come ascending by time, with `lastN` too. Those without the time property asked for are no history;
 * only a query without `timerel`, for whole instances, gives them.
 */
import { parseInstant } from '../../core/time/instant.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { METHODS, type Aggregation, type Method, type Timed } from './aggregate.ts'
import { CORE_MEMBERS, datasetOf, isObject, VALUE_MEMBERS, type Instance } from './document.ts'
import { timeOf, type PastEntity, type TimeProperty } from './history.ts'
import { parsePeriod } from './period.ts'
import { isShownAttribute, type View } from './representation.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { Tenant } from './tenant.ts'

export interface TemporalQuery {
  readonly timerel?: 'before' | 'after' | 'between' | undefined
  readonly timeAtMs: number
  readonly endTimeAtMs: number
  readonly property: TimeProperty
  readonly lastN?: number | undefined
  readonly form: 'normalized' | 'temporalValues' | 'aggregatedValues'
  readonly aggregation?: Aggregation | undefined
  readonly sysAttrs: boolean
}

/** Members as they stand in parameters or in `temporalQ`. */
export type TemporalText = Readonly<Record<'timerel' | 'timeAt' | 'endTimeAt' | 'timeproperty' | 'lastN' | 'aggrMethods' | 'aggrPeriodDuration', string | undefined>>

export const TEMPORAL_PARAMETERS = ['timerel', 'timeAt', 'endTimeAt', 'timeproperty', 'lastN', 'aggrMethods', 'aggrPeriodDuration', 'options', 'format'] as const

/** `needsTime`: a query about many entities must say when (5.7.4.4). */
export function readTemporalQuery(text: TemporalText, options: ReadonlySet<string>, format: string | undefined, { needsTime }: { readonly needsTime: boolean }): TemporalQuery {
  const { timerel, timeproperty = 'observedAt', lastN } = text
  if (timerel !== undefined && timerel !== 'before' && timerel !== 'after' && timerel !== 'between') throw badRequest('timerel: expected before, after or between')
  if (timerel === undefined && needsTime) throw badRequest('a temporal query about many entities needs timerel and timeAt')
  if (timerel === undefined && (text.timeAt !== undefined || text.endTimeAt !== undefined)) throw badRequest('timeAt and endTimeAt need timerel')
  if (timeproperty === 'deletedAt') throw new Refusal('OperationNotSupported', 'timeproperty deletedAt is not supported')
  if (timeproperty !== 'observedAt' && timeproperty !== 'createdAt' && timeproperty !== 'modifiedAt') throw badRequest('timeproperty: expected observedAt, createdAt or modifiedAt')
  if ((timerel === 'between') !== (text.endTimeAt !== undefined)) throw badRequest('endTimeAt goes with timerel=between, and only with it')
  const timeAtMs = timerel === undefined ? 0 : instant('timeAt', text.timeAt)
  const endTimeAtMs = timerel === 'between' ? instant('endTimeAt', text.endTimeAt) : Infinity
  if (endTimeAtMs <= timeAtMs && timerel === 'between') throw badRequest('endTimeAt: lies before timeAt')
  if (lastN !== undefined && !/^[1-9]\d{0,8}$/.test(lastN)) throw badRequest('lastN: expected a whole number above 0')
  const asked = format ?? [...options].find((option) => option !== 'sysAttrs' && option !== 'count') ?? 'normalized'
  const form = asked === 'simplified' ? 'temporalValues' : asked
  if (form !== 'normalized' && form !== 'temporalValues' && form !== 'aggregatedValues') throw badRequest('format: expected normalized, temporalValues or aggregatedValues')
  return {
    timerel,
    timeAtMs,
    endTimeAtMs,
    property: timeproperty,
    lastN: lastN === undefined ? undefined : Number(lastN),
    form,
    aggregation: aggregationOf(form, text),
    sysAttrs: options.has('sysAttrs'),
  }
}

function aggregationOf(form: string, { aggrMethods, aggrPeriodDuration }: TemporalText): Aggregation | undefined {
  if (form !== 'aggregatedValues') {
    if (aggrMethods !== undefined || aggrPeriodDuration !== undefined) throw badRequest('aggrMethods and aggrPeriodDuration need options=aggregatedValues')
    return undefined
  }
  if (aggrMethods === undefined) throw badRequest('aggregatedValues needs aggrMethods')
  const names = aggrMethods.split(',')
  const methods = names.flatMap((name) => METHODS.filter((method): method is Method => method === name))
  if (methods.length < names.length) throw badRequest(`aggrMethods: expected some of ${METHODS.join(', ')}`)
  const period = parsePeriod(aggrPeriodDuration ?? 'PT0S')
  if (period === undefined) throw badRequest('aggrPeriodDuration: expected an ISO 8601 duration such as PT1H')
  return { methods: [...new Set(methods)], period }
}

function instant(name: string, text: string | undefined): number {
  const ms = text === undefined ? undefined : parseInstant(text)
  if (ms === undefined) throw badRequest(`${name}: expected ISO 8601 with a zone`)
  return ms
}

/** What one attribute and dataset were, ascending. */
export interface Track {
  readonly name: string
  readonly dataset: string
  instances: readonly TimedInstance[]
}
export interface TimedInstance extends Timed {
  readonly instance: Instance
}

/** Tracks of one entity. From the source when it knows the entity, else from memory. */
export function tracksOf(tenant: Tenant, id: string, query: TemporalQuery, view: View): Track[] {
  const tracks = tenant.source?.knows(id) === true ? sourceTracks(tenant, id, query, view) : memoryTracks(tenant.history.entities.get(id), query, view)
  if (query.lastN !== undefined && query.aggregation === undefined) for (const track of tracks) track.instances = track.instances.slice(-query.lastN)
  return tracks
}

function memoryTracks(past: PastEntity | undefined, query: TemporalQuery, view: View): Track[] {
  const tracks: Track[] = []
  for (const [name, datasets] of past?.attributes ?? []) {
    if (!isShownAttribute(name, view)) continue
    for (const [dataset, series] of datasets) {
      if (view.datasets?.has(dataset || '@none') === false) continue
      const instances = series.instances.flatMap((instance) => timed(instance, query))
      // The memory is in the order of observation; by another property the order is another.
      if (query.property !== 'observedAt') instances.sort((a, b) => a.ms - b.ms)
      if (instances.length > 0) tracks.push({ name, dataset, instances })
    }
  }
  return tracks
}

function timed(instance: Instance, query: TemporalQuery): TimedInstance[] {
  const ms = timeOf(instance, query.property)
  if (ms === undefined) {
    return query.timerel === undefined && query.form === 'normalized' && query.lastN === undefined ? [{ ms: instance.modifiedAtMs, json: instance.json, instance }] : []
  }
  return isWithin(ms, query) ? [{ ms, json: instance.json, instance }] : []
}

function isWithin(ms: number, { timerel, timeAtMs, endTimeAtMs }: TemporalQuery): boolean {
  switch (timerel) {
    case undefined:
      return true
    case 'before':
      return ms < timeAtMs
    case 'after':
      return ms > timeAtMs
    case 'between':
      return ms >= timeAtMs && ms < endTimeAtMs
  }
}

function sourceTracks(tenant: Tenant, id: string, query: TemporalQuery, view: View): Track[] {
  const { limits } = tenant
  // A source can compute the future as well; what has not happened is not told.
  const nowMs = tenant.now() + 1
  const toMs = Math.min(nowMs, query.timerel === 'before' ? query.timeAtMs : query.timerel === 'between' ? query.endTimeAtMs : Infinity)
  const fromMs = query.timerel === 'after' ? query.timeAtMs + 1 : query.timerel === 'between' ? query.timeAtMs : toMs - limits.sourceSpanMs
  if (query.lastN === undefined || query.aggregation !== undefined) return readSource(tenant, id, fromMs, toMs, view)
  // The last few lie near the end: look there first, and four times as far back each time.
  for (let spanMs = 3_600_000; ; spanMs *= 4) {
    const startMs = Math.max(fromMs, toMs - spanMs)
    const tracks = readSource(tenant, id, startMs, toMs, view)
    if (startMs <= fromMs || (tracks.length > 0 && tracks.every(({ instances }) => instances.length >= query.lastN!))) return tracks
  }
}

function readSource(tenant: Tenant, id: string, fromMs: number, toMs: number, view: View): Track[] {
  const tracks = new Map<string, { name: string; dataset: string; instances: TimedInstance[] }>()
  if (toMs <= fromMs) return []
  let total = 0
  for (const state of tenant.source!.statesOf(id, fromMs, toMs)) {
    for (const [name, value] of Object.entries(state)) {
      if (CORE_MEMBERS.has(name) || name === 'id' || name === 'scope' || name.startsWith('@') || !isShownAttribute(name, view)) continue
      for (const json of (Array.isArray(value) ? value : [value]) as readonly Json[]) {
        if (!isObject(json) || !VALUE_MEMBERS.has(String(json['type']))) continue
        const ms = typeof json['observedAt'] === 'string' ? parseInstant(json['observedAt']) : undefined
        const dataset = datasetOf(json)
        if (ms === undefined || ms < fromMs || ms >= toMs || view.datasets?.has(dataset || '@none') === false) continue
        const key = `${dataset} ${name}`
        let track = tracks.get(key)
        if (track === undefined) tracks.set(key, (track = { name, dataset, instances: [] }))
        const last = track.instances.at(-1)
        const next: TimedInstance = { ms, json, instance: { json, createdAtMs: ms, modifiedAtMs: ms } }
        if (last?.ms === ms) track.instances[track.instances.length - 1] = next
        else track.instances.push(next)
        if (++total > tenant.limits.aggregatedInstances) throw tooMany(tenant)
      }
    }
  }
  return [...tracks.values()]
}

export function tooMany({ limits }: Tenant): Refusal {
  return new Refusal('TooComplexQuery', `the query reads more than ${limits.aggregatedInstances} instances; ask for a shorter time or fewer entities`)
}

/** Entity types as history remembers them, or as a source's state says. */
export function typesOf(tenant: Tenant, id: string): readonly string[] | undefined {
  return tenant.get(id)?.types ?? tenant.history.entities.get(id)?.types
}

export function textOfJson(json: JsonObject, name: keyof TemporalText): string | undefined {
  const value = json[name]
  if (value === undefined) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',')
  throw badRequest(`temporalQ.${name}: expected a text`)
}
