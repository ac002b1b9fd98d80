/**
 * How a plain entity is observed, told beforehand: which attribute feeds which measure, by which factor, between
 * which bounds, and whose time counts. Inside these bounds `observed.ts` gives the same values for every entity
 * with the same attributes, units and types, and no warning that depends on a number.
 */
import { conversionOf, meantUnitCode } from '../core/units.ts'
import { plainName } from './attribute-names.ts'
import type { Entity } from './entity.ts'
import { findAttributes, indexNames, unitOf, type AttributeSpec, type Found } from './observed.ts'
import { observedTimeSource } from './observed-time.ts'

/** value = (number · factor + offset) · scale, in this order and each rounded: as the observer computes it. */
export interface PlainMeasure {
  readonly measure: string
  /** The attribute, as the entity spells it. */
  readonly attribute: string
  readonly factor: number
  readonly offset: number
  readonly scale: number
  /** The value is plain from `lowest` to `highest`. */
  readonly lowest: number
  readonly highest: number
  /** The number itself is plain below this, */
  readonly below: number
  /** with a magnitude from `least` (excluded unless it is 0) to `most`, */
  readonly least: number
  readonly most: number
  /** and when it is not this. */
  readonly sentinel: number
}

export interface ObservedPlan {
  readonly measures: readonly PlainMeasure[]
  /** Attributes with the entity's own time, as it spells them; undefined: each attribute has its `observedAt`. */
  readonly time: { readonly from: string; readonly to: string } | undefined
}

/** Undefined when an entity like this one is never plain. */
export function planObservation(specs: readonly AttributeSpec[], entity: Entity): ObservedPlan | undefined {
  const spelled = new Map<string, string>()
  for (const [fullName, instances] of entity.attributes) {
    const plain = plainName(fullName)
    // Of two spellings of one name the order decides.
    if (spelled.has(plain) || instances.length !== 1) return undefined
    spelled.set(plain, fullName)
  }
  const measures: PlainMeasure[] = []
  for (const [index, hit] of findAttributes(entity, indexNames(specs), specs.length).entries()) {
    if (hit === undefined) continue
    const measure = planMeasure(specs[index]!, hit)
    if (measure === undefined) return undefined
    measures.push(measure)
  }
  if (measures.length === 0) return undefined
  const source = observedTimeSource((plain) => spelled.has(plain))
  return { measures, time: source === undefined ? undefined : { from: spelled.get(source.from)!, to: spelled.get(source.to)! } }
}

function planMeasure(spec: AttributeSpec, { fullName, instance }: Found): PlainMeasure | undefined {
  if (instance.kind !== 'Property' || typeof instance.value !== 'number') return undefined
  const unitCode = unitOf(instance)
  const conversion = conversionOf(unitCode === undefined ? spec.unitWhenAbsent : (meantUnitCode(unitCode) ?? unitCode), spec.quantity)
  if (conversion === undefined) return undefined
  const [lowest, highest] = spec.plausible ?? [-Infinity, Infinity]
  const orPercent = spec.orPercent !== undefined && spec.orPercent !== false
  return {
    measure: spec.measure,
    attribute: fullName,
    ...conversion,
    scale: spec.factor ?? 1,
    lowest,
    highest,
    below: unitCode === undefined && spec.bareFrom !== undefined ? spec.bareFrom.value : Infinity,
    // Around one, a fraction and a percentage are taken for each other.
    least: unitCode === 'P1' && spec.orPercent === true ? 1 : 0,
    most: unitCode === undefined && orPercent ? 1 : Infinity,
    sentinel: spec.sentinel ?? NaN,
  }
}
