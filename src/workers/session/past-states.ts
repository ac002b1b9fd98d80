/**
 * Past states made whole: a history by `observedAt` holds only what carries one (CIM 009, 4.8), so what an
 * entity is (its place, its name, what a counter counts) is missing from it. The entity as it is now
 * has that, and lends it to its past.
 *
 * Times of observation written as attributes of their own (`dateObservedFrom`) are of the present; they are
 * moved along with the state. The reading then says that the length of its period is taken from today.
 */
import { formatInstant, parseInstant } from '../../core/time/instant.ts'
import type { DomainModel, ReadContext, Reading, Warning } from '../../domains/domain-model.ts'
import { shortName, type Attribute, type Entity } from '../../ngsi-ld/entity.ts'
import { statesOf } from '../../ngsi-ld/temporal-states.ts'
import type { History } from './broker-access.ts'

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
