/**
 * What was measured, out of an entity as a city publishes it.
 *
 * A table says which attribute feeds which measure, under which names, in which unit when none is
 * given, and what is physically possible. Reading one is total: what is doubtful is kept with a
 * warning, what cannot be read is an error with its place, and nothing is repaired in silence.
 */
import { ppbToUgM3, ugM3ToPpb } from '../core/gas.ts'
import { isInBounds, type Bounds, type LonLat } from '../core/geo/position.ts'
import { err, ok, type Result } from '../core/result.ts'
import type { EpochMs } from '../core/time/instant.ts'
import { convert, meantUnitCode, type Quantity } from '../core/units.ts'
import { defaultOf, findAttribute, plainName } from './attribute-names.ts'
import {
  jsonOf,
  NGSI_LD_NULL,
  positionOf,
  shortName,
  textOf,
  type Attribute,
  type Entity,
  type Json,
} from './entity.ts'
import { entityTimes, memberOf, shown, subValue, timeOf, type ObservedTime, type ObservedWarning } from './observed-time.ts'

export interface AttributeSpec {
  /** Id of the measure it feeds. */
  readonly measure: string
  /** Spellings of the current models, best first. Any other, in names or in case, earns `legacyName`. */
  readonly names: readonly string[]
  /** Spellings of older models and of cities. */
  readonly legacy?: readonly string[]
  /** Names that mean this only when their unit says so. */
  readonly onlyWithUnit?: readonly string[]
  readonly quantity: Quantity
  /** Rec. 20 code that the model prescribes for a bare number. */
  readonly unitWhenAbsent: string
  /** Set when the model prescribes something else than cities mean: a bare number then earns `assumedUnit`. */
  readonly unitIsAssumed?: boolean
  /** From this number on, a bare one cannot be in `unitWhenAbsent` and is taken for another unit, with `assumedUnit`. */
  readonly bareFrom?: { readonly value: number; readonly unitCode: string }
  /** From the unit kept for the quantity (core/units) to the measure's own: 100 for a fraction shown in percent. */
  readonly factor?: number
  /** g/mol: lets a gas come by volume where mass is kept, and by mass where volume is, at the EU reference of 20 °C. */
  readonly molarMass?: number
  /**
   * A fraction that cities also write in percent: then it is rescaled, with a warning. `unlabelled` where
   * less than one percent does occur, so that the unit, when there is one, is believed.
   */
  readonly orPercent?: boolean | 'unlabelled'
  /** Lowest and highest value that can be, in the measure's unit. */
  readonly plausible?: readonly [lowest: number, highest: number]
  /** A level or count over an interval, meaningless for a moment. */
  readonly needsPeriod?: boolean
  /** The model's way to write "unknown". */
  readonly sentinel?: number
  /** For values that are not one number: what to read instead. The warning, if any, is added. */
  readonly reduce?: (json: Json) => { readonly value: Json; readonly warning?: ObservedWarning } | undefined
}

export interface ObservationContext {
  /** IANA zone: what a zoneless time means. */
  readonly timeZone: string
  /** Box of the city. */
  readonly bounds?: Bounds
}

export interface Observation {
  readonly measure: string
  /** Short name it came under. */
  readonly attribute: string
  /** In the measure's unit; undefined when it is known to be unusable: the warnings say why. */
  readonly value: number | undefined
  readonly implausible: boolean
  /** As it came. */
  readonly raw: Json | undefined
  readonly unitCode: string | undefined
  readonly time: ObservedTime
  readonly warnings: readonly ObservedWarning[]
}

export interface ObservedError {
  readonly kind: 'wrong-type' | 'no-value' | 'no-time' | 'unknown-unit' | 'wrong-quantity' | 'malformed' | 'out-of-range'
  readonly path: string
  readonly expected: string
  readonly got: string
}

/** An entity read: the observations in the table's order, and what they say together. */
export interface Observed {
  readonly entityId: string
  readonly entityType: string
  readonly name?: string
  readonly position?: LonLat
  /** The newest end of an observation that has a value. */
  readonly observedAtMs: EpochMs
  /** Length of that observation's interval, when it has one. */
  readonly periodMs?: number
  readonly values: Readonly<Record<string, number>>
  /** Measures outside what is physically possible: to be shown, not to be computed with. */
  readonly implausible?: readonly string[]
  /** How much older than `observedAtMs` a measure is; absent for those of the same time. */
  readonly lagMs?: Readonly<Record<string, number>>
  readonly warnings: readonly ObservedWarning[]
  readonly observations: readonly Observation[]
}

export type Observer = (entity: Entity, context: ObservationContext) => Result<Observed, ObservedError>

/** Where a spelling leads: row of the table, and how good it is. */
export interface Place {
  readonly index: number
  readonly rank: number
  readonly exact: string
  readonly isLegacy: boolean
  readonly needsUnit: boolean
}

export interface Found {
  /** As the entity has it. */
  readonly fullName: string
  readonly name: string
  readonly instance: Attribute
  /** All of them: which is read is told by `defaultOf`. */
  readonly instances: readonly Attribute[]
  readonly rank: number
  readonly isLegacy: boolean
}

/** Makes a reader of the table; the table is indexed once, so reading an entity is one pass over its attributes. */
export function createObserver(specs: readonly AttributeSpec[]): Observer {
  const places = indexNames(specs)
  return (entity, context) => observe(entity, context, specs, places)
}

function observe(
  entity: Entity,
  context: ObservationContext,
  specs: readonly AttributeSpec[],
  places: ReadonlyMap<string, readonly Place[]>,
): Result<Observed, ObservedError> {
  const found = findAttributes(entity, places, specs.length)
  const times = entityTimes(entity, context.timeZone)
  const observations: Observation[] = []
  const errors: ObservedError[] = []
  specs.forEach((spec, index) => {
    const hit = found[index]
    if (hit === undefined) return
    const time = timeOf(times, hit.instance, hit.name, context.timeZone)
    if (time === undefined) {
      const bad = times.unreadable[0]
      errors.push(
        bad === undefined
          ? { kind: 'no-time', path: `${hit.name}.observedAt`, expected: 'dateObserved, observedAt or another time of observation', got: 'none' }
          : { kind: 'malformed', path: bad.attribute ?? hit.name, expected: 'ISO 8601', got: bad.detail },
      )
      return
    }
    const read = observeOne(spec, hit, time)
    if (read.ok) observations.push(read.value)
    else errors.push(read.error)
  })
  return gather(entity, context, { observations, errors, unreadable: times.unreadable, specs })
}

function gather(
  entity: Entity,
  context: ObservationContext,
  parts: {
    observations: readonly Observation[]
    errors: readonly ObservedError[]
    unreadable: readonly ObservedWarning[]
    specs: readonly AttributeSpec[]
  },
): Result<Observed, ObservedError> {
  const { observations, errors, unreadable, specs } = parts
  const measured = observations.filter((one) => one.value !== undefined)
  let newest: ObservedTime | undefined
  for (const { time } of measured) if (newest === undefined || time.toMs > newest.toMs) newest = time
  if (newest === undefined) {
    const [empty] = observations
    return err(
      errors[0] ??
        (empty === undefined
          ? { kind: 'no-value', path: specs[0]?.names[0] ?? '', expected: `one of ${specs.map((spec) => spec.names[0]).join(', ')}`, got: 'none' }
          : { kind: 'no-value', path: empty.attribute, expected: 'a number', got: shown(empty.raw) }),
    )
  }
  const place = placeOf(entity, context.bounds)
  const name = nameOf(entity)
  const values: Record<string, number> = {}
  const lagMs: Record<string, number> = {}
  for (const { measure, value, time } of measured) {
    values[measure] = value!
    if (time.toMs < newest.toMs) lagMs[measure] = newest.toMs - time.toMs
  }
  const implausible = measured.filter((one) => one.implausible).map((one) => one.measure)
  const dropped = errors.map(({ kind, path, expected, got }) => ({ kind, attribute: path, detail: `${path}: expected ${expected}, got ${got}` }))
  return ok({
    entityId: entity.id,
    entityType: shortName(entity.types[0] ?? ''),
    ...(name === undefined ? {} : { name }),
    ...(place.position === undefined ? {} : { position: place.position }),
    observedAtMs: newest.toMs,
    ...(newest.toMs > newest.fromMs ? { periodMs: newest.toMs - newest.fromMs } : {}),
    values,
    ...(implausible.length === 0 ? {} : { implausible }),
    ...(Object.keys(lagMs).length === 0 ? {} : { lagMs }),
    warnings: distinct([...observations.flatMap((one) => one.warnings), ...dropped, ...unreadable, ...place.warnings]),
    observations,
  })
}

function observeOne(spec: AttributeSpec, { name, instance, instances, isLegacy }: Found, time: ObservedTime): Result<Observation, ObservedError> {
  const raw = jsonOf(instance)
  const unitCode = unitOf(instance)
  const warnings: ObservedWarning[] = time.warnings.slice()
  const warn = (kind: string, detail: string): void => void warnings.push({ kind, attribute: name, detail: `${name}: ${detail}` })
  // Written out and not spread: this is made for every attribute of every notification.
  const observed = (value: number | undefined, implausible: boolean): Result<Observation, ObservedError> =>
    ok({ measure: spec.measure, attribute: name, value, implausible, raw, unitCode, time, warnings })

  if (instances.length > 1) warn('otherInstances', `${datasetOf(instance)} is read, and not ${namesOf(instances.filter((one) => one !== instance))}`)
  if (isLegacy) warn('legacyName', `expected ${spec.names[0]!}, the name in today's model`)
  if (instance.kind === 'Deleted' || raw === NGSI_LD_NULL) {
    warn('deleted', 'the attribute was deleted')
    return observed(undefined, false)
  }
  const number = readNumber(raw, spec, warn, warnings)
  if (number === undefined) return observed(undefined, false)
  if (spec.sentinel !== undefined && number === spec.sentinel) {
    warn('sentinel', `${number} means unknown in this model`)
    return observed(undefined, false)
  }
  const converted = toUnit(number, unitCode, spec, name, warn)
  if (!converted.ok) return converted
  const value = converted.value * (spec.factor ?? 1)
  if (spec.needsPeriod === true && time.isInterval && time.fromMs === time.toMs) warn('zeroPeriod', 'expected an interval, got one of no length')
  const [lowest, highest] = spec.plausible ?? ANY
  const implausible = value < lowest || value > highest
  if (implausible) warn('implausible', `expected ${lowest} to ${highest}, got ${value}`)
  return observed(value, implausible)
}

/** As many as an operator reads. */
function namesOf(instances: readonly Attribute[]): string {
  const named = instances.slice(0, 3).map(datasetOf)
  return instances.length > named.length ? `${named.join(', ')} and ${instances.length - named.length} more` : named.join(' and ')
}

function datasetOf({ datasetId }: Attribute): string {
  return datasetId === undefined ? 'the default instance' : `the instance ${shown(datasetId)}`
}

const ANY: readonly [number, number] = [-Infinity, Infinity]

function readNumber(
  raw: Json | undefined,
  spec: AttributeSpec,
  warn: (kind: string, detail: string) => void,
  warnings: ObservedWarning[],
): number | undefined {
  let json = raw
  if (spec.reduce !== undefined && typeof json === 'object' && json !== null) {
    const reduced = spec.reduce(json)
    if (reduced?.warning !== undefined) warnings.push(reduced.warning)
    json = reduced?.value ?? json
  }
  if (typeof json === 'object' && json !== null) json = memberOf(json, '@value') ?? memberOf(json, 'value') ?? json
  if (typeof json === 'number' && Number.isFinite(json)) return json
  const text = typeof json === 'string' ? json.trim() : ''
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  warn('notANumber', `expected a number, got ${shown(raw)}`)
  return Number.isFinite(number) ? number : undefined
}

function toUnit(
  number: number,
  unitCode: string | undefined,
  spec: AttributeSpec,
  name: string,
  warn: (kind: string, detail: string) => void,
): Result<number, ObservedError> {
  const isBeyondModel = unitCode === undefined && spec.bareFrom !== undefined && number >= spec.bareFrom.value
  const bareUnit = isBeyondModel ? spec.bareFrom.unitCode : spec.unitWhenAbsent
  if (unitCode === undefined) {
    if (spec.unitIsAssumed === true || isBeyondModel) warn('assumedUnit', `no unit came; read as ${bareUnit}`)
    if (spec.orPercent !== undefined && spec.orPercent !== false && Math.abs(number) > 1) {
      warn('rangeContradiction', `expected a fraction from 0 to 1, got ${number}; read as percent`)
      return ok(number / 100)
    }
  } else if (unitCode === 'P1' && spec.orPercent === true && Math.abs(number) <= 1) {
    // Half a percent of humidity does not occur; a fraction labelled as percent does.
    warn('unitContradiction', `${number} with the unit percent; read as a fraction`)
    return ok(number)
  }
  const meant = unitCode === undefined ? undefined : meantUnitCode(unitCode)
  if (meant !== undefined) warn('unknownUnitCode', `"${unitCode!}" is no UN/CEFACT code; it means ${meant}`)
  const code = meant ?? unitCode ?? bareUnit
  const converted = convert(number, code, spec.quantity)
  if (converted.ok) return converted
  if (converted.error.kind === 'wrong-quantity' && spec.molarMass !== undefined) {
    if (spec.quantity === 'mole-fraction') {
      const mass = convert(number, code, 'mass-concentration')
      if (mass.ok) return ok(ugM3ToPpb(mass.value, spec.molarMass) / 1_000)
    } else {
      const ppm = convert(number, code, 'mole-fraction')
      if (ppm.ok) return ok(ppbToUgM3(ppm.value * 1_000, spec.molarMass))
    }
  }
  return err({
    kind: converted.error.kind,
    path: `${name}.unitCode`,
    expected: `a UN/CEFACT code of a ${spec.quantity}, such as ${spec.unitWhenAbsent}`,
    got: shown(code),
  })
}

export function indexNames(specs: readonly AttributeSpec[]): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>()
  specs.forEach((spec, index) => {
    const groups = [
      { names: spec.names, isLegacy: false, needsUnit: false },
      { names: spec.legacy ?? [], isLegacy: true, needsUnit: false },
      { names: spec.onlyWithUnit ?? [], isLegacy: true, needsUnit: true },
    ]
    let rank = 0
    for (const { names, isLegacy, needsUnit } of groups) {
      for (const exact of names) {
        const key = exact.toLowerCase()
        const known = places.get(key)
        const place = { index, rank: rank++, exact, isLegacy, needsUnit }
        if (known === undefined) places.set(key, [place])
        else known.push(place)
      }
    }
  })
  return places
}

/** The best attribute for each row of the table: the model's own spelling wins over an older one. */
export function findAttributes(entity: Entity, places: ReadonlyMap<string, readonly Place[]>, count: number): readonly (Found | undefined)[] {
  const found: (Found | undefined)[] = Array.from({ length: count })
  for (const [fullName, instances] of entity.attributes) {
    const candidates = places.get(plainName(fullName))
    if (candidates === undefined || instances.length === 0) continue
    const name = shortName(fullName)
    const instance = defaultOf(instances)
    for (const place of candidates) {
      if (place.needsUnit && unitOf(instance) === undefined) continue
      const isExact = place.exact === name
      const rank = place.rank + (isExact ? 0 : 0.5)
      const known = found[place.index]
      if (known === undefined || rank < known.rank) {
        found[place.index] = { fullName, name, instance, instances, rank, isLegacy: place.isLegacy || !isExact }
      }
    }
  }
  return found
}

export function unitOf(instance: Attribute): string | undefined {
  const code = instance.unitCode ?? subValue(instance, 'unitCode')
  return typeof code === 'string' && code.trim() !== '' ? code.trim() : undefined
}

function nameOf(entity: Entity): string | undefined {
  const text = textOf(findAttribute(entity, ['name', 'alternatename']))?.trim()
  return text === '' ? undefined : text
}

function placeOf(entity: Entity, bounds: Bounds | undefined): { position?: LonLat; warnings: readonly ObservedWarning[] } {
  const position = positionOf(entity)
  if (position === undefined) return { warnings: [] }
  if (bounds === undefined || isInBounds(position, bounds)) return { position, warnings: [] }
  const [lon, lat] = position
  // Warned and left where it says it is: a point we moved would look measured there.
  const isSwapped = isInBounds([lat, lon], bounds)
  const detail = isSwapped
    ? `location: expected [longitude, latitude], got [${lon}, ${lat}], which lies in the city only when swapped`
    : `location: expected a point in the city, got [${lon}, ${lat}]`
  return { position, warnings: [{ kind: isSwapped ? 'swappedCoordinates' : 'outsideCity', attribute: 'location', detail }] }
}

function distinct(warnings: readonly ObservedWarning[]): readonly ObservedWarning[] {
  if (warnings.length < 2) return warnings
  const byText = new Map<string, ObservedWarning>()
  for (const warning of warnings) byText.set(`${warning.kind} ${warning.detail}`, warning)
  return [...byText.values()]
}
