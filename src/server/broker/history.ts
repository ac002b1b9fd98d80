/**
 * The broker's memory of what attributes were: for each one a list of instances in the order of their time.
 *
 * Kept apart from the entities, as the temporal API is: an entity may be deleted and its past remain until
 * it is deleted too, and a past may be written before there is an entity.
 * An instance observed at the same time as one that is known replaces it, so a client that repeats a write
 * does not double the past. Bounds: `limits.ts`.
 */
import { parseInstant } from '../../core/time/instant.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { datasetOf, type Instance } from './document.ts'
import type { BrokerLimits } from './limits.ts'

export type TimeProperty = 'observedAt' | 'createdAt' | 'modifiedAt'

export interface PastEntity {
  readonly id: string
  types: readonly string[]
  /** By attribute name, then by datasetId ('' for the default). */
  readonly attributes: Map<string, Map<string, Series>>
}

/** What several tenants share: the number of instances in all histories. */
export interface HistoryBudget {
  used: number
}

export class Series {
  /** Ascending by `orderMs`. */
  readonly instances: Instance[] = []

  get length(): number {
    return this.instances.length
  }

  /** True when the series grew. */
  put(instance: Instance): boolean {
    const at = this.#after(orderMs(instance))
    const before = this.instances[at - 1]
    if (before !== undefined && isSameMoment(before, instance)) {
      this.instances[at - 1] = { ...instance, createdAtMs: before.createdAtMs }
      return false
    }
    // Readings come nearly in order, so this is a push, or a move of a few.
    if (at === this.instances.length) this.instances.push(instance)
    else this.instances.splice(at, 0, instance)
    return true
  }

  dropOldest(count: number): void {
    this.instances.splice(0, count)
  }

  /** Index of the first instance later than `ms`. */
  #after(ms: number): number {
    let low = 0
    let high = this.instances.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (orderMs(this.instances[middle]!) <= ms) low = middle + 1
      else high = middle
    }
    return low
  }
}

export class History {
  readonly entities = new Map<string, PastEntity>()
  readonly #limits: BrokerLimits
  readonly #budget: HistoryBudget

  constructor(limits: BrokerLimits, budget: HistoryBudget) {
    this.#limits = limits
    this.#budget = budget
  }

  record(id: string, types: readonly string[], written: readonly (readonly [name: string, instance: Instance])[]): void {
    let entity = this.entities.get(id)
    if (entity === undefined) {
      // As many pasts as there may be entities: the oldest known goes.
      if (this.entities.size >= this.#limits.entities) this.delete(this.entities.keys().next().value!)
      entity = { id, types, attributes: new Map() }
      this.entities.set(id, entity)
    }
    if (types.length > 0) entity.types = types
    for (const [name, instance] of written) this.#put(entity, name, instance)
  }

  delete(id: string): boolean {
    const entity = this.entities.get(id)
    if (entity === undefined) return false
    for (const datasets of entity.attributes.values()) for (const series of datasets.values()) this.#budget.used -= series.length
    return this.entities.delete(id)
  }

  deleteAttribute(id: string, name: string, dataset: string | undefined): boolean {
    const entity = this.entities.get(id)
    const datasets = entity?.attributes.get(name)
    if (entity === undefined || datasets === undefined) return false
    let found = false
    for (const [key, series] of datasets) {
      if (dataset !== undefined && key !== dataset) continue
      found = true
      this.#budget.used -= series.length
      datasets.delete(key)
    }
    if (datasets.size === 0) entity.attributes.delete(name)
    return found
  }

  #put(entity: PastEntity, name: string, instance: Instance): void {
    let datasets = entity.attributes.get(name)
    if (datasets === undefined) entity.attributes.set(name, (datasets = new Map()))
    const dataset = datasetOf(instance.json)
    let series = datasets.get(dataset)
    if (series === undefined) {
      if (this.#budget.used >= this.#limits.history) return
      datasets.set(dataset, (series = new Series()))
    }
    if (!series.put(instance)) return
    this.#budget.used++
    // Dropped a tenth at a time, so that a full series does not move its whole length at each write.
    const overflow = series.length > this.#limits.historyOfAttribute ? Math.max(1, Math.floor(this.#limits.historyOfAttribute / 10)) : this.#budget.used > this.#limits.history ? 1 : 0
    if (overflow === 0) return
    const dropped = Math.min(overflow, series.length)
    series.dropOldest(dropped)
    this.#budget.used -= dropped
  }
}

/** When the instance was so, by the property asked for; undefined when it does not say. */
export function timeOf({ json, createdAtMs, modifiedAtMs }: Instance, property: TimeProperty): number | undefined {
  if (property === 'createdAt') return createdAtMs
  if (property === 'modifiedAt') return modifiedAtMs
  return observedAtMs(json)
}

function observedAtMs(json: JsonObject): number | undefined {
  const text = json['observedAt']
  return typeof text === 'string' ? parseInstant(text) : undefined
}

function orderMs(instance: Instance): number {
  return observedAtMs(instance.json) ?? instance.modifiedAtMs
}

function isSameMoment(a: Instance, b: Instance): boolean {
  const [first, second] = [observedAtMs(a.json), observedAtMs(b.json)]
  return first !== undefined && first === second
}
