/**
 * A note that a person leaves beside the numbers: who says what, since when and until when, about a sensor, a place
 * or the whole city ("Trindade works 12 to 20 Nov").
 *
 * One reader for what a page sends, another for what a broker holds; both total. Notes are plain text: nothing in
 * them is ever markup, and a link leads to the web or is none.
 */
import { isPosition, type LonLat } from '../core/geo/position.ts'
import { err, ok, type Result } from '../core/result.ts'
import { formatInstant, parseInstant } from '../core/time/instant.ts'
import { attribute, jsonOf, positionOf, textOf, type Attribute, type Entity, type JsonObject } from '../ngsi-ld/entity.ts'

/** What somebody writes. */
export interface Draft {
  readonly who: string
  readonly text: string
  readonly link?: string
  readonly fromMs?: number // inclusive
  readonly untilMs?: number // exclusive
  /** Id of the entity it is about. */
  readonly about?: string
  /** Where on the map; with neither this nor `about` it is about the city. */
  readonly place?: LonLat
}

export interface Annotation extends Draft {
  readonly id: string
  readonly writtenMs: number
}

/** Ours: no Smart Data Model says this. */
export const ANNOTATION_TYPE = 'Annotation'
const URN = 'urn:ngsi-ld:Annotation:'

export const MAX_TEXT = 500
export const MAX_WHO = 80
export const MAX_LINK = 500
const MAX_ID = 2_000

const MEMBERS = new Set(['who', 'text', 'link', 'from', 'until', 'about', 'place'])

export function annotationId(city: string, unique: string): string {
  return `${URN}${city}:${unique}`
}

export function isAnnotationId(id: string): boolean {
  return id.startsWith(URN) && /^[\w:-]{1,200}$/.test(id.slice(URN.length))
}

/** What a page sends; the reason names what was expected. */
export function readDraft(json: unknown): Result<Draft, string> {
  if (!isObject(json)) return err('expected an object')
  const strange = Object.keys(json).find((name) => !MEMBERS.has(name))
  if (strange !== undefined) return err(`${strange.slice(0, 50)}: no such member`)
  const who = plainText(json['who'], MAX_WHO)
  if (who === undefined) return err(`who: expected 1 to ${MAX_WHO} characters`)
  const text = plainText(json['text'], MAX_TEXT)
  if (text === undefined) return err(`text: expected 1 to ${MAX_TEXT} characters`)
  const link = json['link'] === undefined ? undefined : webLink(json['link'])
  if (json['link'] !== undefined && link === undefined) return err(`link: expected an http or https address of at most ${MAX_LINK} characters`)
  const times: { fromMs?: number; untilMs?: number } = {}
  for (const [name, member] of [['from', 'fromMs'], ['until', 'untilMs']] as const) {
    if (json[name] === undefined) continue
    const ms = typeof json[name] === 'string' ? parseInstant(json[name]) : undefined
    if (ms === undefined) return err(`${name}: expected ISO 8601 with a zone`)
    times[member] = ms
  }
  if (times.fromMs !== undefined && times.untilMs !== undefined && times.untilMs <= times.fromMs) return err('until: expected an instant after "from"')
  const { about, place } = json
  if (about !== undefined && !(typeof about === 'string' && about.length <= MAX_ID && /^[a-z][a-z0-9+.-]*:[^\s<>"\\]+$/i.test(about))) return err('about: expected the URI of an entity')
  if (place !== undefined && !isPosition(place)) return err('place: expected [longitude, latitude]')
  return ok({ who, text, ...(link !== undefined && { link }), ...times, ...(about !== undefined && { about }), ...(place !== undefined && { place: [place[0], place[1]] as const }) })
}

/** As a page gets and sends it. */
export function toJson({ id, writtenMs, who, text, link, fromMs, untilMs, about, place }: Annotation): JsonObject {
  return { id, writtenAt: formatInstant(writtenMs), who, text, ...(link !== undefined && { link }), ...(fromMs !== undefined && { from: formatInstant(fromMs) }), ...(untilMs !== undefined && { until: formatInstant(untilMs) }), ...(about !== undefined && { about }), ...(place !== undefined && { place: [...place] }) }
}

/** Undefined for what is none: one strange note does not hide the others. */
export function fromJson(json: unknown): Annotation | undefined {
  if (!isObject(json)) return undefined
  const { id, writtenAt, ...draft } = json
  const read = readDraft(draft)
  const writtenMs = typeof writtenAt === 'string' ? parseInstant(writtenAt) : undefined
  return typeof id === 'string' && writtenMs !== undefined && read.ok ? { id, writtenMs, ...read.value } : undefined
}

export function toEntity({ id, writtenMs, who, text, link, fromMs, untilMs, about, place }: Annotation): JsonObject {
  return {
    id,
    type: ANNOTATION_TYPE,
    text: { type: 'Property', value: text },
    author: { type: 'Property', value: who },
    writtenAt: instant(writtenMs),
    ...(link !== undefined && { link: { type: 'Property', value: link } }),
    ...(fromMs !== undefined && { validFrom: instant(fromMs) }),
    ...(untilMs !== undefined && { validThrough: instant(untilMs) }),
    ...(about !== undefined && { refersTo: { type: 'Relationship', object: about } }),
    ...(place !== undefined && { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [...place] } } }),
  }
}

function instant(ms: number): JsonObject {
  return { type: 'Property', value: { '@type': 'DateTime', '@value': formatInstant(ms) } }
}

/** A broker may hold what others wrote: it is read as strictly as what a page sends. */
export function fromEntity(entity: Entity): Annotation | undefined {
  const refersTo = attribute(entity, 'refersTo')
  const about = refersTo?.kind === 'Relationship' ? refersTo.objects[0] : undefined
  const place = positionOf(entity)
  const text = (name: string): string | undefined => textOf(attribute(entity, name))
  const members = { id: entity.id, writtenAt: timeIn(attribute(entity, 'writtenAt')), who: text('author'), text: text('text'), link: text('link'), from: timeIn(attribute(entity, 'validFrom')), until: timeIn(attribute(entity, 'validThrough')), about, place }
  return fromJson(Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)))
}

/** `{"@type":"DateTime","@value":…}` or the bare text. */
function timeIn(instance: Attribute | undefined): string | undefined {
  const value = jsonOf(instance)
  const plain = isObject(value) ? value['@value'] : value
  return typeof plain === 'string' ? plain : undefined
}

/** One line or several, without control characters, at least one that is seen. */
function plainText(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is taken out
  const text = value.toWellFormed().replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ').trim()
  return text === '' || text.length > longest ? undefined : text
}

/** No name and password before the host: a link that looks like one place and leads to another. */
function webLink(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_LINK && /^https?:\/\/[^\s/?#@<>"'\\`]+(?:[/?#][^\s<>"\\`]*)?$/i.test(value) ? value : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
