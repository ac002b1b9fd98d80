/**
 * What an entity of known members gives to each domain that reads it, without becoming an entity.
 *
 * The members are known by their shapes, in any order. How the numbers follow is told by the domain's table
 * (`planObservation`) and its `direct`; that they follow so is tried on the entity from which it was learned,
 * whose reading the total path has made.
 */
import type { Bounds } from '../../../core/geo/position.ts'
import type { EpochMs } from '../../../core/time/instant.ts'
import type { Derive, ReadContext, Reading } from '../../../domains/domain-model.ts'
import { INSTANT, INTERVAL, LATITUDE, LONGITUDE, NUMBER, TEXT, type MemberShape, type Readings, type Slot } from '../../../ngsi-ld/bytes/member-shape.ts'
import { plainName } from '../../../ngsi-ld/attribute-names.ts'
import type { Entity } from '../../../ngsi-ld/entity.ts'
import { planObservation, type PlainMeasure } from '../../../ngsi-ld/observed-plan.ts'
import type { DomainState } from '../domain-state.ts'
import { AT as READ_AT, LATITUDE as READ_LATITUDE, LONGITUDE as READ_LONGITUDE, MEASURES, PERIOD as READ_PERIOD, type About } from '../plain-readings.ts'

/** Where a value lies: in the member of this meaning, at this place. */
interface Source {
  readonly member: number
  readonly place: number
}

export interface PlainDomain extends About {
  readonly state: DomainState
  /** Where its measures begin among the values of an entity. */
  readonly first: number
  /** Their places in the model's. */
  readonly readAt: Int32Array
  readonly derive: Derive | undefined
  readonly isPlaced: boolean
  /** Its reading object with these numbers. */
  readingOf(numbers: Float64Array, from: number): Reading
  readonly measures: readonly (PlainMeasure & Source)[]
  readonly keys: readonly string[]
  /** Filled anew for each entity: whoever gets it keeps nothing of it but its numbers. */
  readonly reading: PooledReading
  /** As the reading was that this was learned from. */
  readonly hasPeriod: boolean
  /** Name that follows from fixed texts; undefined: the entity's own, if it has one. */
  readonly name: string | undefined
  /** Of the sensor being read, in the state: the caller's. */
  row: number
}

type PooledReading = { -readonly [K in keyof Omit<Reading, 'values' | 'position'>]: Omit<Reading, 'values' | 'position'>[K] } & {
  readonly values: Record<string, number>
  readonly position?: [lon: number, lat: number]
}

export interface EntityShape {
  /** What its members mean, 1 for each meaning by number, and how many there are. */
  readonly has: Uint8Array
  readonly count: number
  readonly id: Source
  readonly name: Source | undefined
  readonly position: { readonly longitude: Source; readonly latitude: Source } | undefined
  /** The entity's own time; else the times of the measured attributes, which must then be one. */
  readonly time: { readonly from: Source; readonly to: Source } | undefined
  readonly ownTimes: readonly Source[]
  readonly domains: readonly PlainDomain[]
  readonly bounds: Bounds | undefined
  /** Of all domains' measures in a row: member and place of each, */
  readonly sources: Int32Array
  /** and its rule (`PlainMeasure`) as numbers. */
  readonly rules: Float64Array
  /** Values an entity takes in a batch. */
  readonly width: number
}

/** In a batch, each entity's values begin with these. */
export const AT = 0
export const PERIOD = 1
const LON = 2
const LAT = 3
const FIRST_MEASURE = 4

/** Numbers of a rule: factor, offset, scale, lowest, highest, below, least, most, sentinel. */
const RULE = 9

function ruleOf({ factor, offset, scale, lowest, highest, below, least, most, sentinel }: PlainMeasure): readonly number[] {
  return [factor, offset, scale, lowest, highest, below, least, most, sentinel]
}

/** Shapes of members that are known at a time. */
export const MAX_MEMBERS = 1_024

/** Degrees from the city's edge within which it is left to the total path on which side a point lies. */
const EDGE = 1e-6

/** Where the members of an entity have put their values; -1 for those it has not. */
export type Bases = Int32Array

/** Writes what the entity says into `out` from `to` on. False: it is not plain. */
export function readPlain(shape: EntityShape, { values }: Readings, bases: Bases, out: Float64Array, to: number): boolean {
  const { time, position } = shape
  let atMs: number
  if (time === undefined) {
    const { ownTimes } = shape
    atMs = at(values, bases, ownTimes[0]!)
    for (let index = 1; index < ownTimes.length; index++) if (at(values, bases, ownTimes[index]!) !== atMs) return false
    out[to + PERIOD] = NaN
  } else {
    const fromMs = at(values, bases, time.from)
    atMs = at(values, bases, time.to)
    // An interval of no length may be worth a warning, one that runs backwards is.
    if (time.from === time.to) out[to + PERIOD] = NaN
    else if (fromMs < atMs) out[to + PERIOD] = atMs - fromMs
    else return false
  }
  out[to + AT] = atMs
  if (position !== undefined) {
    const lon = at(values, bases, position.longitude)
    const lat = at(values, bases, position.latitude)
    const { bounds } = shape
    if (bounds !== undefined && !(lon > bounds[0] + EDGE && lon < bounds[2] - EDGE && lat > bounds[1] + EDGE && lat < bounds[3] - EDGE)) return false
    out[to + LON] = lon
    out[to + LAT] = lat
  }
  const { sources, rules } = shape
  let next = to + FIRST_MEASURE
  for (let source = 0, rule = 0; source < sources.length; source += 2, rule += RULE) {
    const number = values[bases[sources[source]!]! + sources[source + 1]!]!
    const magnitude = number < 0 ? -number : number
    if (!(number < rules[rule + 5]!) || magnitude > rules[rule + 7]! || (magnitude <= rules[rule + 6]! && rules[rule + 6]! > 0) || number === rules[rule + 8]!) return false
    const value = (number * rules[rule]! + rules[rule + 1]!) * rules[rule + 2]!
    if (!(value >= rules[rule + 3]! && value <= rules[rule + 4]!)) return false
    out[next++] = value
  }
  return true
}

/** Writes what `readPlain` wrote as the numbers of one domain's reading. False: not plain. */
export function writeReading(domain: PlainDomain, from: Float64Array, start: number, numbers: Float64Array, to: number): boolean {
  const { readAt, first, hasPeriod, isPlaced, derive } = domain
  const period = from[start + PERIOD]!
  if (hasPeriod === Number.isNaN(period)) return false
  numbers[to + READ_AT] = from[start + AT]!
  numbers[to + READ_PERIOD] = period
  if (isPlaced) {
    numbers[to + READ_LONGITUDE] = from[start + LON]!
    numbers[to + READ_LATITUDE] = from[start + LAT]!
  }
  for (let index = 0; index < readAt.length; index++) numbers[to + MEASURES + readAt[index]!] = from[start + first + index]!
  return derive === undefined || derive(numbers, to + MEASURES, period)
}

/** The reading of each domain, from what `readPlain` wrote; the ids and names are the caller's to set. False: not plain. */
export function fillReadings(shape: EntityShape, from: Float64Array, start: number): boolean {
  for (const domain of shape.domains) {
    const numbers = new Float64Array(MEASURES + domain.state.model.measures.length).fill(NaN)
    if (!writeReading(domain, from, start, numbers, 0)) return false
    domain.readingOf(numbers, 0)
  }
  return true
}

export interface LearnedReading {
  readonly state: DomainState
  /** Undefined: the entity is not of this domain, and never is one like it. */
  readonly reading: Reading | undefined
  readonly context: ReadContext
}

/** Undefined when an entity of these members is never plain. */
export function learnEntity(entity: Entity, members: readonly MemberShape[], read: readonly LearnedReading[]): EntityShape | undefined {
  const byName = new Map(members.map((member) => [member.name, member]))
  const slotOf = (name: string | undefined, paths: readonly string[], ...kinds: readonly number[]): (Source & { slot: Slot }) | undefined => {
    const member = name === undefined ? undefined : byName.get(name)
    const slot = member?.slots.find(({ path, kind }) => paths.includes(path) && kinds.includes(kind))
    return member === undefined || slot === undefined ? undefined : { member: member.meaning, place: slot.place, slot }
  }
  const id = slotOf('id', [''], TEXT)
  if (id === undefined || byName.size !== members.length) return undefined
  const [longitude] = [slotOf('location', ['coordinates.0', 'value.coordinates.0'], LONGITUDE)]
  const latitude = slotOf('location', ['coordinates.1', 'value.coordinates.1'], LATITUDE)
  const position = longitude === undefined || latitude === undefined ? undefined : { longitude, latitude }
  const named = [...entity.attributes.keys()].filter((fullName) => ['name', 'alternatename'].includes(plainName(fullName)))
  // Of two names one goes before the other; most entities have one.
  if (named.length > 1) return undefined
  const name = slotOf(named[0], VALUE_PATHS, TEXT)
  if (named.length === 1 && name === undefined) return undefined

  let time: EntityShape['time']
  let isTimed = false
  const ownTimes: Source[] = []
  const domains: PlainDomain[] = []
  let bounds: Bounds | undefined
  for (const { state, reading, context } of read) {
    const { direct } = state.model
    if (direct === undefined) return undefined
    if (reading === undefined) continue
    const specs = direct.tableOf(entity)
    const plan = specs === undefined ? undefined : planObservation(specs, entity)
    if (plan === undefined || reading.lagMs !== undefined || reading.implausible !== undefined) return undefined
    if ((reading.position === undefined) !== (position === undefined)) return undefined
    const measures = []
    for (const measure of plan.measures) {
      const source = slotOf(measure.attribute, VALUE_PATHS, NUMBER)
      if (source === undefined) return undefined
      measures.push({ ...measure, ...source })
      if (plan.time !== undefined) continue
      const own = slotOf(measure.attribute, ['observedAt'], INSTANT)
      if (own === undefined) return undefined
      ownTimes.push(own)
    }
    if (plan.time !== undefined) {
      const found = timeSource(plan.time, slotOf)
      if (found === undefined) return undefined
      time = found
    }
    // Two domains may find different times; both would have to be kept.
    if (isTimed && (time === undefined) !== (plan.time === undefined)) return undefined
    isTimed = true
    bounds = context.bounds
    const isRenamed = direct.isRenamed?.(entity) === true
    const keys = Object.keys(reading.values)
    const placeOf = (measure: string): number => state.model.measures.findIndex(({ id: known }) => known === measure)
    // What the model does not list is for no column.
    if (![...keys, ...measures.map(({ measure }) => measure)].every((measure) => placeOf(measure) >= 0)) return undefined
    const shared = pooled(reading)
    const places = Int32Array.from(keys, placeOf)
    domains.push({
      state,
      measures,
      keys,
      reading: shared,
      entityType: reading.entityType,
      warnings: reading.warnings,
      first: domains.reduce((sum, one) => sum + one.measures.length, FIRST_MEASURE),
      readAt: Int32Array.from(measures, ({ measure }) => placeOf(measure)),
      derive: direct.createDerive?.(placeOf),
      isPlaced: position !== undefined,
      readingOf: (numbers, from) => refilled(shared, keys, places, numbers, from),
      hasPeriod: reading.periodMs !== undefined,
      name: isRenamed ? reading.name : undefined,
      row: -1,
    })
    if (!isRenamed && (reading.name === undefined) !== (name === undefined)) return undefined
  }
  if (domains.length === 0) return undefined
  const width = domains.reduce((sum, { measures }) => sum + measures.length, FIRST_MEASURE)
  const measured = domains.flatMap(({ measures }) => measures)
  const sources = Int32Array.from(measured.flatMap(({ member, place }) => [member, place]))
  const rules = Float64Array.from(measured.flatMap(ruleOf))
  const has = new Uint8Array(MAX_MEMBERS)
  for (const { meaning } of members) has[meaning] = 1
  return { has, count: members.length, id, name, position, time, ownTimes, domains, bounds, sources, rules, width }
}

/** Has the shape made of the entity's bytes what the total path has made of the entity? */
export function isSameReading(domain: PlainDomain, expected: Reading): boolean {
  const { reading, keys } = domain
  const { position } = expected
  return (
    Object.keys(reading.values).length === keys.length &&
    keys.every((key) => Object.hasOwn(reading.values, key) && Object.is(reading.values[key], expected.values[key])) &&
    reading.observedAtMs === expected.observedAtMs &&
    reading.periodMs === expected.periodMs &&
    (position === undefined || (Math.fround(position[0]) === Math.fround(reading.position![0]) && Math.fround(position[1]) === Math.fround(reading.position![1])))
  )
}

const VALUE_PATHS = ['', 'value']
const TIME_PATHS = ['', 'value', 'value.@value']

function timeSource(
  { from, to }: { readonly from: string; readonly to: string },
  slotOf: (name: string, paths: readonly string[], ...kinds: readonly number[]) => (Source & { slot: Slot }) | undefined,
): EntityShape['time'] {
  const first = slotOf(from, TIME_PATHS, INSTANT, INTERVAL)
  if (first === undefined) return undefined
  if (from !== to) {
    const last = slotOf(to, TIME_PATHS, INSTANT)
    return last === undefined || first.slot.kind !== INSTANT ? undefined : { from: first, to: last }
  }
  return first.slot.kind === INTERVAL ? { from: first, to: { member: first.member, place: first.place + 1 } } : { from: first, to: first }
}

/** One object for all readings of the shape, with the measures that the first one had. */
function pooled({ entityType, warnings, values, position, periodMs }: Reading): PooledReading {
  return {
    entityId: '',
    entityType,
    observedAtMs: 0 as EpochMs,
    values: { ...values },
    warnings,
    ...(periodMs === undefined ? {} : { periodMs }),
    ...(position === undefined ? {} : { position: [position[0], position[1]] }),
  }
}

/** The shape's reading object with the numbers of another reading of the shape. */
function refilled(reading: PooledReading, keys: readonly string[], places: Int32Array, numbers: Float64Array, from: number): Reading {
  reading.observedAtMs = numbers[from + READ_AT]! as EpochMs
  if (reading.periodMs !== undefined) reading.periodMs = numbers[from + READ_PERIOD]!
  if (reading.position !== undefined) {
    reading.position[0] = numbers[from + READ_LONGITUDE]!
    reading.position[1] = numbers[from + READ_LATITUDE]!
  }
  for (let index = 0; index < keys.length; index++) reading.values[keys[index]!] = numbers[from + MEASURES + places[index]!]!
  return reading
}

function at(values: Float64Array, bases: Bases, { member, place }: Source): number {
  return values[bases[member]! + place]!
}
