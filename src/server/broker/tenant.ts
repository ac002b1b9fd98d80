/**
 * One tenant: its entities, their past and its subscriptions.
 *
 * A write is applied at once and remembered as a change; `flush` at the end of the operation hands all its
 * changes to the subscriptions together, so that a batch becomes one notification for each of them.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { Draft, type Change } from './draft.ts'
import { readWritten, type StoredEntity } from './document.ts'
import { History, type HistoryBudget } from './history.ts'
import type { BrokerLimits } from './limits.ts'
import { isExpired } from './representation.ts'
import { notFound, Refusal } from './refusal.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { TemporalSource } from './temporal-source.ts'

export interface TenantParts {
  /** '' is the default tenant. */
  readonly name: string
  readonly limits: BrokerLimits
  readonly now: () => number
  readonly budget: HistoryBudget
  readonly source: TemporalSource | undefined
}

export class Tenant {
  readonly name: string
  readonly history: History
  readonly source: TemporalSource | undefined
  /** Set by the broker right after; the two need each other. */
  subscriptions!: Subscriptions
  readonly limits: BrokerLimits
  readonly now: () => number
  // In the order of creation, which is the order of pages: an update does not move an entity.
  readonly #entities = new Map<string, StoredEntity>()
  #changes: Change[] = []

  constructor({ name, limits, now, budget, source }: TenantParts) {
    this.name = name
    this.limits = limits
    this.now = now
    this.source = source
    this.history = new History(limits, budget)
  }

  /** Entities that have not expired. */
  *entities(): Iterable<StoredEntity> {
    const nowMs = this.now()
    for (const entity of this.#entities.values()) if (!isExpired(entity, nowMs)) yield entity
  }

  get(id: string): StoredEntity | undefined {
    const entity = this.#entities.get(id)
    if (entity === undefined || !isExpired(entity, this.now())) return entity
    this.#entities.delete(id)
    return undefined
  }

  /** Edits an entity that exists, or 404. */
  edit<T>(id: string, work: (draft: Draft, entity: StoredEntity) => T): T {
    const entity = this.get(id)
    if (entity === undefined) throw notFound(`entity ${id}`)
    const draft = new Draft(id, entity, this.now())
    const outcome = work(draft, entity)
    this.#apply(draft)
    return outcome
  }

  create(id: string, work: (draft: Draft) => void): void {
    if (this.get(id) !== undefined) throw new Refusal('AlreadyExists', `entity ${id}`)
    if (this.#entities.size >= this.limits.entities) this.#makeRoom()
    const draft = new Draft(id, undefined, this.now())
    work(draft)
    this.#apply(draft)
  }

  /** True when the entity was new. */
  upsert(json: JsonObject, write: (draft: Draft, written: ReturnType<typeof readWritten>, isNew: boolean) => void): boolean {
    const written = readWritten(json, this.limits)
    const isNew = this.get(written.id) === undefined
    if (isNew) this.create(written.id, (draft) => write(draft, written, true))
    else this.edit(written.id, (draft) => write(draft, written, false))
    return isNew
  }

  delete(id: string): void {
    const before = this.get(id)
    if (before === undefined) throw notFound(`entity ${id}`)
    this.#entities.delete(id)
    this.#changes.push({ before, created: new Set(), updated: new Set(), deleted: new Set(), written: [] })
  }

  /** Ends an operation: what it changed goes to the subscriptions. */
  flush(): void {
    if (this.#changes.length === 0) return
    const changes = this.#changes
    this.#changes = []
    this.subscriptions.notify(changes)
  }

  #apply(draft: Draft): void {
    const change = draft.done()
    if (change?.after === undefined) return
    const { after, written } = change
    for (const [name, instances] of after.attributes) if (instances.length > this.limits.instances) throw new Refusal('BadRequestData', `${after.id} ${name}: more than ${this.limits.instances} instances`)
    if (after.attributes.size > this.limits.attributes) throw new Refusal('BadRequestData', `${after.id}: more than ${this.limits.attributes} attributes`)
    this.#entities.set(after.id, after)
    if (this.source?.knows(after.id) !== true) this.history.record(after.id, after.types, written)
    this.#changes.push(change)
  }

  #makeRoom(): void {
    const nowMs = this.now()
    for (const [id, entity] of this.#entities) if (isExpired(entity, nowMs)) this.#entities.delete(id)
    if (this.#entities.size >= this.limits.entities) throw new Refusal('InternalError', `this tenant holds ${this.limits.entities} entities and takes no more`, 503)
  }
}
