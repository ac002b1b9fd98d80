/**
 * What each write does to an entity (CIM 009 v1.9.1, 5.6.2 to 5.6.6 and 5.6.17 to 5.6.19).
 *
 * Entities are immutable; a `Draft` collects the changes of one operation and tells afterwards what was
 * created, updated and deleted, which is what subscriptions ask about and history records.
 */
import { NGSI_LD_NULL, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'
import { isNamed } from '../../ngsi-ld/type-selection.ts'
import { CORE_MEMBERS, datasetOf, isDeletion, isObject, readAttribute, VALUE_MEMBERS, type Instance, type StoredEntity, type Written } from './document.ts'
import type { BrokerLimits } from './limits.ts'
import { badRequest, notFound } from './refusal.ts'

/** The outcome of one operation on one entity. */
export interface Change {
  readonly before?: StoredEntity
  /** Undefined: the entity was deleted. */
  readonly after?: StoredEntity
  readonly created: ReadonlySet<string>
  readonly updated: ReadonlySet<string>
  readonly deleted: ReadonlySet<string>
  /** Instances written, for the history. */
  readonly written: readonly (readonly [name: string, instance: Instance])[]
}

export interface NotUpdated {
  readonly attributeName: string
  readonly reason: string
}

/** Writes the attributes given; with `overwrite: false` only those that are new (5.6.3). */
export function append(draft: Draft, { types, scopes, expiresAt, attributes }: Written, { overwrite }: { readonly overwrite: boolean }): NotUpdated[] {
  const left: NotUpdated[] = []
  draft.describe({ types, scopes, expiresAt })
  for (const [name, instances] of attributes) {
    for (const instance of instances) {
      if (isDeletion(instance)) draft.remove(name, datasetOf(instance))
      else if (!overwrite && draft.find(name, datasetOf(instance)) !== undefined) left.push({ attributeName: name, reason: 'exists already, and noOverwrite was asked for' })
      else draft.put(name, instance)
    }
  }
  return left
}

/** Writes only attributes that exist (5.6.2). */
export function update(draft: Draft, { types, scopes, expiresAt, attributes }: Written): NotUpdated[] {
  const left: NotUpdated[] = []
  draft.describe({ types, scopes, expiresAt })
  for (const [name, instances] of attributes) {
    for (const instance of instances) {
      if (draft.find(name, datasetOf(instance)) === undefined) left.push({ attributeName: name, reason: 'the entity has no such attribute' })
      else if (isDeletion(instance)) draft.remove(name, datasetOf(instance))
      else draft.put(name, instance)
    }
  }
  return left
}

/** Everything that is not given goes (5.6.18). */
export function replace(draft: Draft, written: Written): void {
  for (const [name, instances] of draft.attributes) {
    const given = new Set((written.attributes.get(name) ?? []).map(datasetOf))
    for (const { json } of instances) if (!given.has(datasetOf(json))) draft.remove(name, datasetOf(json))
  }
  draft.redescribe(written)
  append(draft, written, { overwrite: true })
}

/**
 * Members of one attribute instance are changed, the rest of it stays (5.6.4). `urn:ngsi-ld:null` takes a
 * member away; in the place of the value it takes the instance.
 */
export function patchAttribute(draft: Draft, name: string, fragment: Json, limits: BrokerLimits, { deep }: { readonly deep: boolean }): void {
  const patch: JsonObject = isObject(fragment) && fragment['coordinates'] === undefined ? fragment : { value: fragment }
  const dataset = datasetOf(patch)
  const existing = draft.find(name, dataset)
  if (existing === undefined) throw notFound(`attribute ${name}${dataset === '' ? '' : ` with datasetId ${dataset}`}`)
  const type = String(existing.json['type'])
  const declared = patch['type']
  if (declared !== undefined && declared !== type) throw badRequest(`${name}: is a ${type} and cannot become ${JSON.stringify(declared).slice(0, 40)}`)
  const member = VALUE_MEMBERS.get(type) ?? 'value'
  // A bare value in the place of an object or a vocab is the simplified form of it.
  const normal = patch[member] === undefined && patch['value'] !== undefined && !isObject(fragment) ? { [member]: patch['value'] } : patch
  if (normal[member] === NGSI_LD_NULL) return draft.remove(name, dataset)
  const merged = mergeMembers(existing.json, normal, { member, deep: deep && type !== 'GeoProperty' })
  const [instance] = readAttribute(name, merged, limits, { deletions: true })
  if (instance === undefined || isDeletion(instance)) return draft.remove(name, dataset)
  draft.put(name, instance)
}

/** Merge-patch of a whole entity (5.6.17): known attributes are patched member by member, unknown ones added. */
export function merge(draft: Draft, json: JsonObject, written: Written, limits: BrokerLimits, observedAt: string | undefined): void {
  draft.describe(written)
  for (const [name, instances] of written.attributes) {
    const raw = json[name]!
    const fragments: readonly Json[] = Array.isArray(raw) && raw.length === instances.length && raw.every(isObject) ? (raw as readonly Json[]) : [raw]
    for (const [index, instance] of instances.entries()) {
      const existing = draft.find(name, datasetOf(instance))
      if (isDeletion(instance)) draft.remove(name, datasetOf(instance))
      else if (existing === undefined) draft.put(name, instance)
      else {
        const fragment = fragments[index] ?? raw
        patchAttribute(draft, name, observedAt === undefined ? fragment : timed(fragment, existing, observedAt), limits, { deep: true })
      }
    }
  }
}

// 6.5.3.4: the parameter observedAt dates the attributes that had a time and were given none.
function timed(fragment: Json, existing: Instance, observedAt: string): Json {
  if (existing.json['observedAt'] === undefined) return fragment
  if (!isObject(fragment) || fragment['coordinates'] !== undefined) return { value: fragment, observedAt }
  return fragment['observedAt'] === undefined ? { ...fragment, observedAt } : fragment
}

function mergeMembers(base: JsonObject, patch: JsonObject, { member, deep }: { readonly member: string; readonly deep: boolean }): JsonObject {
  const merged = new Map<string, Json>(Object.entries(base))
  for (const [key, value] of Object.entries(patch)) {
    const before = merged.get(key)
    if (value === NGSI_LD_NULL) merged.delete(key)
    else if (key === member) merged.set(key, deep ? mergeJson(before, value) : value)
    else if (!CORE_MEMBERS.has(key) && isObject(before) && isObject(value)) {
      const subMember = VALUE_MEMBERS.get(String(before['type'])) ?? 'value'
      merged.set(key, mergeMembers(before, value, { member: subMember, deep }))
    } else merged.set(key, value)
  }
  return Object.fromEntries(merged)
}

function mergeJson(base: Json | undefined, patch: Json): Json {
  if (!isObject(patch) || !isObject(base)) return patch
  const merged = new Map<string, Json>(Object.entries(base))
  for (const [key, value] of Object.entries(patch)) {
    if (value === NGSI_LD_NULL || value === null) merged.delete(key)
    else merged.set(key, mergeJson(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

export class Draft {
  readonly attributes: Map<string, readonly Instance[]>
  readonly #before: StoredEntity | undefined
  readonly #id: string
  readonly #nowMs: number
  readonly #created = new Set<string>()
  readonly #updated = new Set<string>()
  readonly #deleted = new Set<string>()
  readonly #written: (readonly [string, Instance])[] = []
  #types: readonly string[]
  #scopes: readonly string[]
  #expiresAt: string | undefined
  #isDescribed = false

  constructor(id: string, before: StoredEntity | undefined, nowMs: number) {
    this.#id = id
    this.#before = before
    this.#nowMs = nowMs
    this.attributes = new Map(before?.attributes)
    this.#types = before?.types ?? []
    this.#scopes = before?.scopes ?? []
    this.#expiresAt = before?.expiresAt
  }

  /** Types add up; a scope or an expiry given replaces the old. */
  describe({ types, scopes, expiresAt }: { readonly types: readonly string[]; readonly scopes: readonly string[]; readonly expiresAt?: string | undefined }): void {
    const added = types.filter((type) => !this.#types.includes(type))
    if (added.length > 0) this.#types = [...this.#types, ...added]
    if (scopes.length > 0) this.#scopes = scopes
    if (expiresAt !== undefined) this.#expiresAt = expiresAt
    this.#isDescribed ||= added.length > 0 || scopes.length > 0 || expiresAt !== undefined
  }

  /** As a replacement says it: types stay when none are given. */
  redescribe({ types, scopes, expiresAt }: Written): void {
    if (types.length > 0) this.#types = types
    this.#scopes = scopes
    this.#expiresAt = expiresAt
    this.#isDescribed = true
  }

  /** The stored name for a name in a path: itself, or the one attribute that has it as its last part. */
  nameOf(asked: string): string {
    if (this.attributes.has(asked)) return asked
    for (const own of this.attributes.keys()) if (isNamed(own, asked)) return own
    return asked
  }

  find(name: string, dataset: string): Instance | undefined {
    return this.attributes.get(name)?.find(({ json }) => datasetOf(json) === dataset)
  }

  put(name: string, json: JsonObject): void {
    const dataset = datasetOf(json)
    const before = this.attributes.get(name) ?? []
    const existing = this.find(name, dataset)
    const instance: Instance = { json, createdAtMs: existing?.createdAtMs ?? this.#nowMs, modifiedAtMs: this.#nowMs }
    const others = before.filter((one) => one !== existing)
    // The default instance stands first, as readers expect it.
    this.attributes.set(name, existing === undefined && dataset !== '' ? [...others, instance] : existing === undefined ? [instance, ...others] : before.map((one) => (one === existing ? instance : one)))
    const isNew = this.#before === undefined || !this.#before.attributes.has(name)
    ;(isNew ? this.#created : this.#updated).add(name)
    this.#deleted.delete(name)
    this.#written.push([name, instance])
  }

  remove(name: string, dataset: string): void {
    const existing = this.find(name, dataset)
    if (existing === undefined) return
    const rest = this.attributes.get(name)!.filter((one) => one !== existing)
    if (rest.length > 0) this.attributes.set(name, rest)
    else this.attributes.delete(name)
    this.#deleted.add(name)
  }

  removeAll(name: string): void {
    if (this.attributes.delete(name)) this.#deleted.add(name)
  }

  /** Undefined when nothing changed. */
  done(): Change | undefined {
    const isChanged = this.#created.size + this.#updated.size + this.#deleted.size > 0
    if (this.#before !== undefined && !isChanged && !this.#isDescribed) return undefined
    const after: StoredEntity = {
      id: this.#id,
      types: this.#types,
      scopes: this.#scopes,
      attributes: this.attributes,
      createdAtMs: this.#before?.createdAtMs ?? this.#nowMs,
      modifiedAtMs: this.#nowMs,
      ...(this.#expiresAt === undefined ? {} : { expiresAt: this.#expiresAt }),
    }
    return {
      ...(this.#before === undefined ? {} : { before: this.#before }),
      after,
      created: this.#created,
      updated: this.#updated,
      deleted: this.#deleted,
      written: this.#written,
    }
  }
}
