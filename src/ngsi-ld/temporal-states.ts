/**
 * History as the states an entity went through: what it would have published, one after the other.
 *
 * Instances of one time make one state. What has no `observedAt` is either static (one instance: a
 * name) and stands in every state, or a history without times, whose n-th instances belong together.
 * A place, a link or a text that changes is repeated until it changes again, since the entity still has
 * it; a measured Property is not, since nobody measured it again.
 */
import type { EpochMs } from '../core/time/instant.ts'
import type { Attribute, Entity } from './entity.ts'
import type { TemporalEntity } from './temporal-entity.ts'

/** All states, ascending by time; those without any time come last, in the order they came. */
export function statesOf(entity: TemporalEntity): Entity[] {
  const fixed = new Map<string, readonly Attribute[]>()
  const lasting = new Map<string, readonly Attribute[]>()
  const timed = new Map<number, StateInstances>()
  const untimed: (readonly [name: string, instances: readonly Attribute[]])[] = []
  for (const [name, instances] of entity.attributes) {
    const observed = instances.filter((instance) => instance.observedAt !== undefined).sort((a, b) => a.observedAt! - b.observedAt!)
    const isLasting = observed.length > 0 && observed.every(lasts)
    if (isLasting) lasting.set(name, observed)
    // A name that was set once, long ago, is no state of its own.
    if (!isLasting || !isStatic(observed)) for (const instance of observed) place(timed, instance.observedAt!, name, instance)
    const rest = instances.filter((instance) => instance.observedAt === undefined)
    if (rest.length === 0) continue
    if (isStatic(rest)) fixed.set(name, rest)
    else untimed.push([name, rest])
  }
  const untimedStates = statesWithoutTime(untimed)
  if (timed.size === 0 && untimedStates.length === 0) {
    for (const [name, instances] of lasting) for (const instance of instances) place(timed, instance.observedAt!, name, instance)
  }
  const times = [...timed.keys()].sort((a, b) => a - b)
  const states = times.map((time) => timed.get(time)!)
  carryForward(states, times, lasting)
  carryForward(untimedStates, untimedStates.map(() => Infinity), lasting)
  states.push(...untimedStates)
  if (states.length === 0 && fixed.size > 0) states.push(new Map())
  return states.map((state) => asEntity(entity, fixed, state))
}

type StateInstances = Map<string, Attribute[]>

function place<K>(states: Map<K, StateInstances>, key: K, name: string, instance: Attribute): void {
  let state = states.get(key)
  if (state === undefined) states.set(key, (state = new Map()))
  const instances = state.get(name)
  if (instances === undefined) state.set(name, [instance])
  else {
    // A correction repeats time and dataset: the one changed last holds.
    const same = instances.findIndex((other) => other.datasetId === instance.datasetId)
    if (same < 0) instances.push(instance)
    else if ((instance.modifiedAt ?? 0) >= (instances[same]!.modifiedAt ?? 0)) instances[same] = instance
  }
}

function lasts(instance: Attribute): boolean {
  if (instance.kind === 'Property') {
    const { value, valueType } = instance
    return typeof value === 'string' && valueType === undefined && !/^\s*[-+]?\d/.test(value)
  }
  return instance.kind !== 'JsonProperty' && instance.kind !== 'ListProperty'
}

function isStatic(instances: readonly Attribute[]): boolean {
  return new Set(instances.map((instance) => instance.datasetId)).size === instances.length
}

/** Gives each state the latest lasting instances; states before the first get the first: it is the best known. */
function carryForward(states: readonly StateInstances[], times: readonly number[], lasting: ReadonlyMap<string, readonly Attribute[]>): void {
  for (const [name, instances] of lasting) {
    const current = new Map<string | undefined, Attribute>()
    for (const instance of instances) if (!current.has(instance.datasetId)) current.set(instance.datasetId, instance)
    let next = 0
    states.forEach((state, index) => {
      for (; next < instances.length && instances[next]!.observedAt! <= times[index]!; next++) current.set(instances[next]!.datasetId, instances[next]!)
      const own = state.get(name)
      // A deletion is told once; after it the attribute is not there.
      if (own === undefined) state.set(name, [...current.values()].filter(({ kind }) => kind !== 'Deleted'))
    })
  }
}

/**
 * The n-th instances of attributes with equally long histories make the n-th state. Where lengths differ,
 * one of them was not written each time: then what was modified in the same instant belongs together.
 */
function statesWithoutTime(histories: readonly (readonly [name: string, instances: readonly Attribute[]])[]): StateInstances[] {
  if (histories.length === 0) return []
  const sameLength = histories.every(([, instances]) => instances.length === histories[0]![1].length)
  const allModified = histories.every(([, instances]) => instances.every(({ modifiedAt, createdAt }) => (modifiedAt ?? createdAt) !== undefined))
  const states = new Map<number, StateInstances>()
  for (const [name, instances] of histories) {
    const counts = new Map<string | undefined, number>()
    for (const instance of instances) {
      const index = counts.get(instance.datasetId) ?? 0
      counts.set(instance.datasetId, index + 1)
      place(states, !sameLength && allModified ? (instance.modifiedAt ?? instance.createdAt)! : index, name, instance)
    }
  }
  const ordered = [...states].sort(([a], [b]) => a - b).map(([, state]) => state)
  // Histories with lastN run backwards: the times of modification, where given, say so.
  const time = (state: StateInstances | undefined): EpochMs | undefined => state && [...state.values()][0]?.[0]?.modifiedAt
  return (time(ordered[0]) ?? 0) > (time(ordered.at(-1)) ?? 0) ? ordered.toReversed() : ordered
}

function asEntity({ id, types, scopes }: TemporalEntity, fixed: ReadonlyMap<string, readonly Attribute[]>, state: StateInstances): Entity {
  const attributes = new Map<string, readonly Attribute[]>(fixed)
  for (const [name, instances] of state) {
    const always = (fixed.get(name) ?? []).filter(({ datasetId }) => instances.every((instance) => instance.datasetId !== datasetId))
    if (always.length + instances.length > 0) attributes.set(name, defaultFirst([...always, ...instances]))
  }
  return { id, types, scopes, attributes }
}

function defaultFirst(instances: readonly Attribute[]): readonly Attribute[] {
  return instances.toSorted((a, b) => Number(a.datasetId !== undefined) - Number(b.datasetId !== undefined))
}
