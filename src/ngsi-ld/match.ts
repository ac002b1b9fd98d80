/**
 * Does an entity meet a query? The meaning of `q` (CIM 009 v1.9.1, 4.9), of a geo-query (4.10) and of selectors.
 *
 * Rules that surprise:
 * - A term about something that the entity lacks is false, also with `!=` and `!~=`.
 * - Where the value is an array, `==` asks for one equal element and `!=` for none. Of several instances
 *   (datasets) of an attribute one is enough.
 * - Values of different kinds are never equal and have no order: `"5"` is not `5`.
 * - A quoted string also meets a URI or a date of the same text; a bare date meets a date in another zone.
 * - Strings are ordered by code unit, dates by time.
 */
import { parseIso } from '../core/time/instant.ts'
import { isNamed } from './type-selection.ts'
import type { Attribute, Entity, Json } from './entity.ts'
import { parseGeometry, relates, type GeoFilter } from './geo-relation.ts'
import type { QExpression, QOperand, QPath, QValue } from './q-expression.ts'

export { parseQ } from './q-expression.ts'
export { matchesSelector } from './type-selection.ts'

export function matchesQ(entity: Entity, q: QExpression): boolean {
  switch (q.kind) {
    case 'and':
      return q.terms.every((term) => matchesQ(entity, term))
    case 'or':
      return q.terms.some((term) => matchesQ(entity, term))
    case 'exists':
      return targetsOf(entity, q.path).length > 0
    case 'equal':
      return targetsOf(entity, q.path).some((target) => q.operands.some((operand) => holds(target, operand)))
    case 'unequal':
      return targetsOf(entity, q.path).some((target) => !q.operands.some((operand) => holds(target, operand)))
    case 'compare':
      return targetsOf(entity, q.path).some((target) => elementsOf(target).some((one) => isOrdered(one, q.operator, q.value)))
    case 'pattern':
      return targetsOf(entity, q.path).some((target) => {
        const texts = elementsOf(target).filter((one) => typeof one === 'string')
        return texts.length > 0 && texts.some((text) => q.pattern.test(text)) !== q.negated
      })
  }
}

/** Does the geometry of the entity's geo-property stand in the relation? False when it has none. */
export function matchesGeo(entity: Entity, filter: GeoFilter): boolean {
  const name = filter.geoproperty ?? 'location'
  for (const [own, instances] of entity.attributes) {
    if (!isNamed(own, name)) continue
    for (const instance of instances) {
      if (instance.kind !== 'GeoProperty') continue
      const geometry = parseGeometry(instance.geometry)
      if (geometry.ok && relates(geometry.value, filter)) return true
    }
  }
  return false
}

/** Values that the path leads to: one for each instance that has it. */
function targetsOf(entity: Entity, { attributes: [first = '', ...subs], trail }: QPath): Json[] {
  const system = subs.length === 0 && trail.length === 0 ? systemTime(entity, first) : undefined
  if (system !== undefined) return [system]
  let instances = named(entity.attributes, first)
  for (const [index, sub] of subs.entries()) {
    const deeper = instances.flatMap((instance) => named(instance.sub, sub))
    if (deeper.length === 0 && index === subs.length - 1 && trail.length === 0) return instances.flatMap((instance) => memberOf(instance, sub))
    instances = deeper
  }
  return instances.flatMap((instance) => valueOf(instance, trail))
}

function named(attributes: ReadonlyMap<string, readonly Attribute[]>, name: string): readonly Attribute[] {
  const exact = attributes.get(name)
  if (exact !== undefined) return exact.filter((instance) => instance.kind !== 'Deleted')
  for (const [own, instances] of attributes) {
    if (isNamed(own, name)) return instances.filter((instance) => instance.kind !== 'Deleted')
  }
  return []
}

function systemTime(entity: Entity, name: string): Json | undefined {
  const ms = name === 'createdAt' ? entity.createdAt : name === 'modifiedAt' ? entity.modifiedAt : name === 'expiresAt' ? entity.expiresAt : undefined
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

/** `temperature.observedAt`, `temperature.unitCode`: members that are not sub-attributes. */
function memberOf(instance: Attribute, name: string): Json[] {
  switch (name) {
    case 'observedAt':
    case 'createdAt':
    case 'modifiedAt':
    case 'expiresAt': {
      const ms = instance[name]
      return ms === undefined ? [] : [new Date(ms).toISOString()]
    }
    case 'unitCode':
    case 'datasetId': {
      const text = instance[name]
      return text === undefined ? [] : [text]
    }
    default:
      return []
  }
}

function valueOf(instance: Attribute, trail: readonly string[]): Json[] {
  switch (instance.kind) {
    case 'Property':
      return follow(instance.value, trail)
    case 'JsonProperty':
      return follow(instance.json, trail)
    case 'ListProperty':
      return follow(instance.values, trail)
    case 'VocabProperty':
      return trail.length === 0 ? [instance.vocab] : []
    case 'Relationship':
    case 'ListRelationship':
      return trail.length === 0 ? [instance.objects] : []
    case 'GeoProperty':
      return follow({ type: instance.geometry.type, coordinates: instance.geometry.coordinates }, trail)
    case 'LanguageProperty': {
      const [language] = trail
      if (language === undefined || language === '*') return [[...instance.languages.values()].flat()]
      const texts = instance.languages.get(language)
      return texts === undefined || trail.length > 1 ? [] : [texts]
    }
    case 'Deleted':
      return []
  }
}

function follow(value: Json, trail: readonly string[]): Json[] {
  let here: Json = value
  for (const step of trail) {
    if (typeof here !== 'object' || here === null) return []
    if (Array.isArray(here)) {
      const index = /^\d{1,6}$/.test(step) ? here[Number(step)] : undefined
      if (index === undefined) return []
      here = index as Json
    } else {
      if (!Object.hasOwn(here, step)) return []
      here = (here as { readonly [name: string]: Json })[step]!
    }
  }
  return [here]
}

function elementsOf(target: Json): readonly Json[] {
  return Array.isArray(target) ? (target as readonly Json[]) : [target]
}

function holds(target: Json, operand: QOperand): boolean {
  return elementsOf(target).some((one) => ('from' in operand ? isOrdered(one, '>=', operand.from) && isOrdered(one, '<=', operand.to) : isEqual(one, operand)))
}

function isEqual(one: Json, value: QValue): boolean {
  switch (value.kind) {
    case 'number':
      return one === value.number
    case 'boolean':
      return one === value.boolean
    case 'instant':
      return one === value.text || (typeof one === 'string' && instantOf(one) === value.ms)
    default:
      return one === value.text
  }
}

function isOrdered(one: Json, operator: '<' | '<=' | '>' | '>=', value: QValue): boolean {
  const pair = comparable(one, value)
  if (pair === undefined) return false
  const [left, right] = pair
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

function comparable(one: Json, value: QValue): readonly [number, number] | readonly [string, string] | undefined {
  if (value.kind === 'number') return typeof one === 'number' ? [one, value.number] : undefined
  if (typeof one !== 'string' || value.kind === 'boolean') return undefined
  if (value.kind !== 'instant') return [one, value.text]
  const ms = instantOf(one)
  return ms === undefined ? undefined : [ms, value.ms]
}

function instantOf(text: string): number | undefined {
  const parsed = parseIso(text)
  return parsed?.kind === 'instant' ? parsed.ms : parsed?.wallMs
}
