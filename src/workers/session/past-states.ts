/**
 * Past states made whole: a history by `observedAt` holds only what carries one (CIM 009, 4.8), so what an
 * entity is (its place, its name, what a counter counts) is missing from it. The entity as it is now
 * has that, and lends it to its past.
 *
 * Times of observation written as attributes of their own (`dateObservedFrom`) are of the present; they are
 * moved along with the state. The reading then says that the length of its period is taken from today.
 */
import { formatInstant, parseInstant, type EpochMs } from '../../core/time/instant.ts'
import type { DomainModel, ReadContext, Reading, Warning } from '../../domains/domain-model.ts'
import { RESTART } from '../../feed/feed.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import { shortName, type Attribute, type Entity } from '../../ngsi-ld/entity.ts'
import type { AggregationMethod } from '../../ngsi-ld/temporal-entity.ts'
import { statesOf } from '../../ngsi-ld/temporal-states.ts'
import type { BrokerAccess, History } from './broker-access.ts'

/** The entities as they are now, by id; one that is not known lends nothing. */
export type Present = ReadonlyMap<string, Entity>

const OBSERVATION_TIME = /^(dateObserved(From|To)?|observationDate(Time)?|date(Modified|LastReported)|timestamp)$/i

const ASSUMED: Warning = { kind: 'assumedPeriod', detail: 'its history does not say over which period: the length of the present one is taken' }

/** The readings that a history holds, by the domain's own reader: units and warnings are those of live data. */
export function readingsIn(history: History, model: DomainModel, context: ReadContext, present: Present): { readonly readings: readonly Reading[]; readonly rejected: number } {
  const readings: Reading[] = []
  let { rejected } = history
  for (const entity of history.entities) {
    for (const state of statesOf(entity)) {
      const { entity: whole, isPeriodAssumed } = complete(state, present.get(entity.id))
      const read = model.read(whole, context)
      if (!read.ok) rejected++
      else readings.push(isPeriodAssumed ? { ...read.value, warnings: [...read.value.warnings, ASSUMED] } : read.value)
    }
  }
  return { readings: readings.sort((a, b) => a.observedAtMs - b.observedAtMs), rejected }
}

/**
 * The readings that a broker's means stand for: each mean as if it had been published at the end of its period, in the
 * unit that the entity has now, since aggregates carry none. Undefined when they cannot be trusted: an attribute
 * reached a value that its domain does not believe, or the entity of today is not known.
 */
export function meansIn(history: History, model: DomainModel, context: ReadContext, present: Present): readonly Reading[] | undefined {
  const readings: Reading[] = []
  for (const entity of history.entities) {
    const today = present.get(entity.id)
    // What is gone by now is compared with nothing.
    if (today === undefined) continue
    const states = new Map<number, Map<string, Map<AggregationMethod, Attribute>>>()
    for (const [name, datasets] of entity.aggregates) {
      const unit = today.attributes.get(name)?.find(({ datasetId }) => datasetId === undefined)?.unitCode
      for (const { datasetId, series } of datasets) {
        if (datasetId !== undefined) continue
        for (const [method, aggregates] of series) {
          for (const { value, toMs } of aggregates) {
            if (typeof value !== 'number') continue
            const observedAt = (toMs - 1) as EpochMs
            const attributes = entryOf(states, observedAt, () => new Map<string, Map<AggregationMethod, Attribute>>())
            entryOf(attributes, name, () => new Map<AggregationMethod, Attribute>()).set(method, { kind: 'Property', value, observedAt, ...(unit === undefined ? {} : { unitCode: unit }), sub: new Map() })
          }
        }
      }
    }
    for (const [, attributes] of states) {
      const readOf = (method: AggregationMethod) => {
        const chosen = new Map([...attributes].flatMap(([name, methods]) => (methods.has(method) ? [[name, [methods.get(method)!]] as const] : [])))
        return model.read(complete({ id: entity.id, types: entity.types, scopes: entity.scopes, attributes: chosen }, today).entity, context)
      }
      const mean = readOf('avg')
      if (!mean.ok) continue
      const ends = [readOf('min'), readOf('max')]
      if (ends.some((end) => !end.ok || (end.value.implausible ?? []).length > 0)) return undefined
      readings.push(mean.value)
    }
  }
  return readings
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

function complete(state: Entity, present: Entity | undefined): { readonly entity: Entity; readonly isPeriodAssumed: boolean } {
  if (present === undefined) return { entity: state, isPeriodAssumed: false }
  const attributes = new Map(state.attributes)
  const shiftMs = newestMs(state) - newestMs(present)
  let isPeriodAssumed = false
  for (const [name, instances] of present.attributes) {
    // What is measured and not in the state was not measured then.
    if (attributes.has(name) || instances.some(({ observedAt }) => observedAt !== undefined)) continue
    if (!OBSERVATION_TIME.test(shortName(name))) {
      attributes.set(name, instances)
      continue
    }
    const moved = instances.flatMap((instance) => shifted(instance, shiftMs))
    if (moved.length < instances.length) continue
    attributes.set(name, moved)
    isPeriodAssumed ||= /From$/i.test(name)
  }
  return { entity: { ...state, attributes }, isPeriodAssumed }
}

/** Empty when it is no instant, or when there is nothing to move it by. */
function shifted(instance: Attribute, shiftMs: number): readonly Attribute[] {
  const ms = instance.kind === 'Property' && typeof instance.value === 'string' ? parseInstant(instance.value) : undefined
  return ms === undefined || !Number.isFinite(shiftMs) ? [] : [{ ...instance, kind: 'Property', value: formatInstant(ms + shiftMs) }]
}

/** NaN when nothing in it carries a time. */
function newestMs({ attributes }: Entity): number {
  let newest = NaN
  for (const instances of attributes.values()) {
    for (const { observedAt } of instances) if (observedAt !== undefined && !(observedAt <= newest)) newest = observedAt
  }
  return newest
}

/** Everything that a broker holds now; as far as it got when the broker fails. */
export async function readPresent<Signal>(broker: BrokerAccess<Signal>, types: readonly string[], signal: Signal): Promise<Present> {
  const present = new Map<string, Entity>()
  try {
    for await (const page of broker.snapshot(types, signal)) {
      if (page === RESTART) present.clear()
      else for (const entity of decodeEntities(page).ok) present.set(entity.id, entity)
    }
  } catch {
    // The history itself is asked for beside this and says what is wrong with the broker.
  }
  return present
}
