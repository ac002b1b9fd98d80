/**
 * Reads a history to its end: continues partial answers and does without aggregation where it is refused.
 *
 * A broker that cuts an answer says 206 and up to which time it is complete in Content-Range (6.3.10);
 * with `lastN` it went backwards from the newest. The next part starts where this one ended, both ends
 * included, and what comes twice is dropped. One that cuts in silence is asked for so many that it seldom has more, and
 * whoever then gets as many goes on from the oldest.
 */
import { err, ok, type Result } from '../core/result.ts'
import { parseInstant, type EpochMs } from '../core/time/instant.ts'
import type { Attribute } from './entity.ts'
import type { Rejection } from './decode-run.ts'
import type { BrokerProfile } from './profile/profile.ts'
import { temporalQueryParameters, type TemporalForm, type TemporalQuery } from './query.ts'
import { decodeTemporal } from './temporal.ts'
import type { Aggregate, AggregatedAttribute, TemporalEntity } from './temporal-entity.ts'
import type { Answer, NgsiLdError } from './transport.ts'

export interface History {
  readonly entities: readonly TemporalEntity[]
  readonly rejected: readonly Rejection[]
  /** The form that came: plain values where aggregation was asked for and there is none. The reader aggregates then. */
  readonly form: TemporalForm
  /** Of the next page of entities, from a broker that pages by anchors. */
  readonly nextAnchor?: string
  /** False when the broker has more than was read. */
  readonly isComplete: boolean
}

type Ask = (parameters: string) => Promise<Result<Answer, NgsiLdError>>

export async function readHistory(ask: Ask, asked: TemporalQuery, profile: BrokerProfile, maxParts = 50): Promise<Result<History, NgsiLdError>> {
  const { temporal: rule, query: dialect, name } = profile
  if (rule.kind === 'none') return err({ kind: 'problem', name: 'OperationNotSupported', title: `${name} keeps no history` })
  const { timeproperty = 'observedAt' } = asked
  if (rule.timeproperties?.includes(timeproperty) === false) return err({ kind: 'problem', name: 'OperationNotSupported', title: `${name} knows history by ${rule.timeproperties.join(', ')} only, not by ${timeproperty}` })
  const known = inAForm(asked, rule.forms)
  const isAggregated = known.form === 'aggregatedValues'
  const newestAtOnce = isAggregated || known.lastN !== undefined ? undefined : rule.newest
  const query = newestAtOnce === undefined ? known : { ...known, lastN: newestAtOnce }
  // Of what is observed on full seconds nothing stands on a border that is a millisecond before one.
  const aheadMs = isAggregated && rule.closedPeriods === true ? 1 : 0
  const parametersOf = (one: TemporalQuery): string => temporalQueryParameters(earlier(one, aheadMs), dialect, rule.paging)
  const first = await ask(parametersOf(query))
  if (!first.ok) {
    if (query.form !== 'aggregatedValues' || !refusesAggregation(first.error)) return first
    return readHistory(ask, plain(query, rule.forms), profile, maxParts)
  }
  const entities = new Map<string, TemporalEntity>()
  const rejected: Rejection[] = []
  let answer = first.value
  let part = query
  let isComplete = true
  for (let parts = 1; ; parts++) {
    const decoded = decodeTemporal(answer.json === undefined ? [] : answer.json)
    for (const entity of decoded.ok) entities.set(entity.id, merged(entities.get(entity.id), later(entity, aheadMs), known.lastN))
    rejected.push(...decoded.rejected)
    const cutAtMs = newestAtOnce === undefined ? undefined : silentCut(decoded.ok, newestAtOnce)
    if (answer.status !== 206 && cutAtMs === undefined) break
    const range = cutAtMs === undefined ? parseContentRange(answer.headers.get('content-range')) : { startMs: cutAtMs, endMs: cutAtMs }
    const next = continuation(part, range)
    if (next === 'complete') break
    isComplete = false
    if (next === undefined || parts >= maxParts) break
    const following = await ask(parametersOf(next))
    if (!following.ok) return following
    part = next
    answer = following.value
    isComplete = true
  }
  const nextAnchor = rule.paging === 'anchor' ? first.value.headers.get('next-page') : null
  return ok({ entities: [...entities.values()], rejected, form: query.form ?? 'normalized', isComplete, ...(nextAnchor !== null && nextAnchor !== '' && { nextAnchor }) })
}

/** From when on the answer has everything, when an attribute has as many instances as were asked for: it may have more. */
function silentCut(entities: readonly TemporalEntity[], newest: number): EpochMs | undefined {
  let cutAtMs: EpochMs | undefined
  for (const { attributes } of entities) {
    for (const instances of attributes.values()) {
      if (instances.length < newest) continue
      let oldestMs: EpochMs | undefined
      for (const { observedAt } of instances) if (observedAt !== undefined && (oldestMs === undefined || observedAt < oldestMs)) oldestMs = observedAt
      if (oldestMs !== undefined && (cutAtMs === undefined || oldestMs > cutAtMs)) cutAtMs = oldestMs
    }
  }
  return cutAtMs
}

function earlier(query: TemporalQuery, ms: number): TemporalQuery {
  if (ms === 0) return query
  const { timeAtMs, endTimeAtMs } = query
  return { ...query, ...(timeAtMs !== undefined && { timeAtMs: timeAtMs - ms }), ...(endTimeAtMs !== undefined && { endTimeAtMs: endTimeAtMs - ms }) }
}

/** Its periods, as they were meant. */
function later(entity: TemporalEntity, ms: number): TemporalEntity {
  if (ms === 0) return entity
  const moved = (aggregates: readonly Aggregate[]): readonly Aggregate[] => aggregates.map(({ value, fromMs, toMs }) => ({ value, fromMs: (fromMs + ms) as EpochMs, toMs: (toMs + ms) as EpochMs }))
  const aggregates = [...entity.aggregates].map(([name, list]) => [name, list.map((one) => ({ ...one, series: new Map([...one.series].map(([method, rows]) => [method, moved(rows)])) }))] as const)
  return { ...entity, aggregates: new Map(aggregates) }
}

/** A form that the broker does not have is not asked for in vain. */
function inAForm(query: TemporalQuery, forms: readonly TemporalForm[]): TemporalQuery {
  return forms.includes(query.form ?? 'normalized') ? query : plain(query, forms)
}

/** The same without aggregation, in the shortest form that the broker has. */
function plain(asked: TemporalQuery, forms: readonly TemporalForm[]): TemporalQuery {
  const { aggregation: _, ...query } = asked
  return { ...query, form: forms.includes('temporalValues') ? 'temporalValues' : 'normalized' }
}

export interface ContentRange {
  readonly startMs: EpochMs
  readonly endMs: EpochMs
}

/** Reads `date-time 2020-01-01T00:00:00Z-2020-01-02T00:00:00Z/*`. */
export function parseContentRange(text: string | null): ContentRange | undefined {
  const instant = String.raw`(\d{4}-\d{2}-\d{2}T[\d:.,]+(?:Z|[+-]\d{2}:?\d{2}))`
  const match = new RegExp(String.raw`^\s*(?:date-?time|DateTime)[\s=]+${instant}\s*-\s*${instant}\s*/`, 'i').exec(text ?? '')
  const startMs = match?.[1] === undefined ? undefined : parseInstant(match[1])
  const endMs = match?.[2] === undefined ? undefined : parseInstant(match[2])
  return startMs === undefined || endMs === undefined ? undefined : { startMs, endMs }
}

/** What to ask next; undefined when the range does not say or does not advance. */
function continuation(query: TemporalQuery, range: ContentRange | undefined): TemporalQuery | 'complete' | undefined {
  if (range === undefined) return undefined
  const { timerel, timeAtMs, endTimeAtMs, ...rest } = query
  const { startMs, endMs } = range
  if (query.lastN !== undefined || endMs < startMs) {
    const oldestMs = Math.min(startMs, endMs)
    // `between` includes its first instant, `after` does not.
    const fromMs = timerel === 'between' ? timeAtMs : timerel === 'after' && timeAtMs !== undefined ? timeAtMs + 1 : undefined
    if (fromMs !== undefined && oldestMs <= fromMs) return 'complete'
    // `before` leaves its instant out: one millisecond more keeps what else was observed then.
    const untilMs = oldestMs + 1
    const previousMs = timerel === 'between' ? endTimeAtMs : timerel === 'before' ? timeAtMs : undefined
    if (previousMs !== undefined && untilMs >= previousMs) return undefined
    return fromMs === undefined ? { ...rest, timerel: 'before', timeAtMs: untilMs } : { ...rest, timerel: 'between', timeAtMs: fromMs, endTimeAtMs: untilMs }
  }
  const untilMs = timerel === 'between' ? endTimeAtMs : timerel === 'before' ? timeAtMs : undefined
  if (untilMs !== undefined && endMs >= untilMs) return 'complete'
  // `after` leaves its instant out as well.
  const sinceMs = endMs - 1
  if (timerel !== 'before' && timeAtMs !== undefined && sinceMs <= timeAtMs) return undefined
  return untilMs === undefined ? { ...rest, timerel: 'after', timeAtMs: sinceMs } : { ...rest, timerel: 'between', timeAtMs: sinceMs, endTimeAtMs: untilMs }
}

function refusesAggregation(error: NgsiLdError): boolean {
  return error.kind === 'problem' && [400, 405, 422, 501].includes(error.status ?? 0)
}

function merged(earlier: TemporalEntity | undefined, later: TemporalEntity, lastN: number | undefined): TemporalEntity {
  if (earlier === undefined) return later
  const attributes = new Map(earlier.attributes)
  for (const [name, instances] of later.attributes) attributes.set(name, newest(withoutDoubles([...(attributes.get(name) ?? []), ...instances]), lastN))
  const aggregates = new Map(earlier.aggregates)
  for (const [name, series] of later.aggregates) aggregates.set(name, joined(aggregates.get(name) ?? [], series))
  return { ...earlier, attributes, aggregates }
}

function withoutDoubles(instances: readonly Attribute[]): readonly Attribute[] {
  const seen = new Set<string>()
  return instances.filter((instance) => {
    const { sub: _, ...plain } = instance
    const key = JSON.stringify(plain, (__, value: unknown) => (value instanceof Map ? [...value] : value))
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

// Each part of a backward answer brings up to N again.
function newest(instances: readonly Attribute[], lastN: number | undefined): readonly Attribute[] {
  if (lastN === undefined) return instances
  const counts = new Map<string | undefined, number>()
  return instances
    .toSorted((a, b) => (b.observedAt ?? 0) - (a.observedAt ?? 0))
    .filter(({ datasetId }) => {
      const count = (counts.get(datasetId) ?? 0) + 1
      counts.set(datasetId, count)
      return count <= lastN
    })
}

function joined(earlier: readonly AggregatedAttribute[], later: readonly AggregatedAttribute[]): readonly AggregatedAttribute[] {
  const byDataset = new Map(earlier.map((one) => [one.datasetId, one]))
  for (const one of later) {
    const known = byDataset.get(one.datasetId)
    if (known === undefined) byDataset.set(one.datasetId, one)
    else {
      const series = new Map(known.series)
      for (const [method, aggregates] of one.series) {
        // The interval at the border was cut in the earlier part: the later one has more of it.
        const starts = new Set(aggregates.map(({ fromMs }) => fromMs))
        series.set(method, [...(series.get(method) ?? []).filter(({ fromMs }) => !starts.has(fromMs)), ...aggregates])
      }
      byDataset.set(one.datasetId, { ...known, series })
    }
  }
  return [...byDataset.values()]
}
