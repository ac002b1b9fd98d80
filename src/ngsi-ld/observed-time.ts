/**
 * When an entity was observed, out of all the places where cities write it.
 *
 * Precedence: `dateObservedFrom`/`To`, then `dateObserved` (an instant or an interval), then the
 * attribute's own `observedAt` (or NGSIv2's `timestamp`), then `dateLastReported`. `modifiedAt` and
 * `createdAt` say when a broker wrote, never when somebody measured, and are not read.
 * A time without a zone is a wall clock of the city: it is read so, and says so.
 */
import { HOUR_MS, MINUTE_MS, parseIso, SECOND_MS, type EpochMs } from '../core/time/instant.ts'
import { instantOfWall } from '../core/time/zone.ts'
import { defaultOf, plainName } from './attribute-names.ts'
import { jsonOf, type Attribute, type Entity, type Json } from './entity.ts'

/** Something doubtful that was kept. `attribute` is the name it came under. */
export interface ObservedWarning {
  readonly kind: string
  readonly detail: string
  readonly attribute?: string
}

/** An instant has `fromMs === toMs`. */
export interface ObservedTime {
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  /** True when two ends were given, even if they are equal. */
  readonly isInterval: boolean
  /** Attribute path it was read from, such as `dateObserved` or `LAeq.observedAt`. */
  readonly path: string
  readonly warnings: readonly ObservedWarning[]
}

/** What the entity itself says; an attribute's own time stands between the two. */
export interface EntityTimes {
  /** From/To or `dateObserved`: goes before an attribute's `observedAt`. */
  readonly observed?: ObservedTime
  /** `dateLastReported`: only when there is nothing better. */
  readonly reported?: ObservedTime
  /** Times that were there and could not be read. */
  readonly unreadable: readonly ObservedWarning[]
}

// The model of BikeHireDockingStation says observationDateTime, its example observationDate.
const OBSERVED = ['dateObserved', 'observationDateTime', 'observationDate']
const REPORTED = ['dateLastReported', 'dateLastValueReported']

// An epoch in seconds reaches this number in the year 5138, one in milliseconds did in 1973.
const FIRST_EPOCH_MS = 100_000_000_000

const TIMES = new Map(['dateObservedFrom', 'dateObservedTo', ...OBSERVED, ...REPORTED].map((name) => [name.toLowerCase(), name]))

/** Plain names of the attributes that say when. */
export const OBSERVED_TIME_NAMES: ReadonlySet<string> = new Set(TIMES.keys())

/** The attributes, by plain name, whose time goes before an attribute's own; undefined when there is none of them. */
export function observedTimeSource(has: (plain: string) => boolean): { readonly from: string; readonly to: string } | undefined {
  if (has('dateobservedfrom') && has('dateobservedto')) return { from: 'dateobservedfrom', to: 'dateobservedto' }
  const one = [...OBSERVED, 'dateObservedTo', 'dateObservedFrom'].map((name) => name.toLowerCase()).find(has)
  return one === undefined ? undefined : { from: one, to: one }
}

export function entityTimes(entity: Entity, timeZone: string): EntityTimes {
  const unreadable: ObservedWarning[] = []
  const given = new Map<string, Attribute>()
  // One pass: a million entities come this way, and a look-up of a name in any case is a pass of its own.
  for (const [fullName, instances] of entity.attributes) {
    const name = TIMES.get(plainName(fullName))
    if (name !== undefined && instances[0] !== undefined && !given.has(name)) given.set(name, defaultOf(instances))
  }
  const read = (name: string): ObservedTime | undefined => {
    const instance = given.get(name)
    if (instance === undefined || instance.kind === 'Deleted') return undefined
    const time = readTime(jsonOf(instance), name, timeZone)
    if (time !== undefined) return time
    unreadable.push({ kind: 'unreadableTime', attribute: name, detail: `${name}: expected ISO 8601, got ${shown(jsonOf(instance))}` })
    return undefined
  }
  const from = read('dateObservedFrom')
  const to = read('dateObservedTo')
  if (from !== undefined && to !== undefined) {
    const warnings = [...from.warnings, ...to.warnings]
    if (from.fromMs <= to.toMs) {
      return { observed: { fromMs: from.fromMs, toMs: to.toMs, isInterval: true, path: 'dateObservedFrom/To', warnings }, unreadable }
    }
    unreadable.push({
      kind: 'unreadableTime',
      attribute: 'dateObservedFrom',
      detail: `dateObservedFrom: expected a time before dateObservedTo, got one ${(from.fromMs - to.toMs) / SECOND_MS} s after it`,
    })
  }
  const observed = firstOf(OBSERVED, read) ?? to ?? from
  const reported = firstOf(REPORTED, read)
  return { unreadable, ...(observed === undefined ? {} : { observed }), ...(reported === undefined ? {} : { reported }) }
}

/** The time of one attribute by the precedence above; undefined when nobody said. */
export function timeOf(times: EntityTimes, instance: Attribute | undefined, name: string, timeZone: string): ObservedTime | undefined {
  return times.observed ?? (instance === undefined ? undefined : ownTime(instance, name, timeZone)) ?? times.reported
}

function ownTime(instance: Attribute, name: string, timeZone: string): ObservedTime | undefined {
  if (instance.observedAt !== undefined) {
    return { fromMs: instance.observedAt, toMs: instance.observedAt, isInterval: false, path: `${name}.observedAt`, warnings: [] }
  }
  for (const own of ['timestamp', 'TimeInstant']) {
    const time = readTime(subValue(instance, own), `${name}.${own}`, timeZone)
    if (time !== undefined) return time
  }
  return undefined
}

/** The value of a sub-attribute, or of the entry in an NGSIv2 `metadata` object that came along as one. */
export function subValue(instance: Attribute, name: string): Json | undefined {
  const own = jsonOf(instance.sub.get(name)?.[0])
  if (own !== undefined) return own
  const metadata = jsonOf(instance.sub.get('metadata')?.[0])
  const entry = memberOf(metadata, name)
  return memberOf(entry, 'value') ?? entry
}

/** Text, a typed value, an interval "a/b" (b may be a duration such as PT1H), or an epoch. */
function readTime(json: Json | undefined, path: string, timeZone: string): ObservedTime | undefined {
  if (typeof json === 'number') return readEpoch(json, path)
  const text = typeof json === 'string' ? json : (memberOf(json, '@value') ?? memberOf(json, 'value'))
  if (typeof text !== 'string') return undefined
  const slash = text.indexOf('/')
  if (slash < 0) {
    const at = readInstant(text.trim(), path, timeZone)
    return at === undefined ? undefined : { fromMs: at.ms, toMs: at.ms, isInterval: false, path, warnings: at.warnings }
  }
  const from = readInstant(text.slice(0, slash).trim(), path, timeZone)
  const end = text.slice(slash + 1).trim()
  if (from === undefined) return undefined
  const lengthMs = durationMs(end)
  const to = lengthMs === undefined ? readInstant(end, path, timeZone) : { ms: (from.ms + lengthMs) as EpochMs, warnings: [] }
  if (to === undefined || to.ms < from.ms) return undefined
  return { fromMs: from.ms, toMs: to.ms, isInterval: true, path, warnings: from.warnings.length > 0 ? from.warnings : to.warnings }
}

function readInstant(text: string, path: string, timeZone: string): { ms: EpochMs; warnings: ObservedWarning[] } | undefined {
  const parsed = parseIso(text)
  if (parsed === undefined) return undefined
  if (parsed.kind === 'instant') return { ms: parsed.ms, warnings: [] }
  const detail = `${path}: expected a time with its zone, got "${text}"; read as ${timeZone}`
  return { ms: instantOfWall(parsed.wallMs, timeZone), warnings: [{ kind: 'noTimeZone', attribute: path, detail }] }
}

function readEpoch(value: number, path: string): ObservedTime | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined
  const ms = Math.round(value < FIRST_EPOCH_MS ? value * SECOND_MS : value) as EpochMs
  const detail = `${path}: expected ISO 8601, got the epoch ${value}`
  return { fromMs: ms, toMs: ms, isInterval: false, path, warnings: [{ kind: 'epochTime', attribute: path, detail }] }
}

function durationMs(text: string): number | undefined {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text)
  if (match === null || text === 'PT') return undefined
  const [, hours = '0', minutes = '0', seconds = '0'] = match
  return Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS
}

function firstOf<T>(names: readonly string[], read: (name: string) => T | undefined): T | undefined {
  for (const name of names) {
    const value = read(name)
    if (value !== undefined) return value
  }
  return undefined
}

export function memberOf(json: Json | undefined, name: string): Json | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  return Object.hasOwn(json, name) ? (json as Readonly<Record<string, Json>>)[name] : undefined
}

/** A value as a message shows it: JSON, cut to a line. */
export function shown(json: Json | undefined): string {
  const text = json === undefined ? 'nothing' : JSON.stringify(json)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
