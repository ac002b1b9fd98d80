/** What was asked of a broker and what came, as far as the checks read it. Whoever asks is elsewhere. */
import { isObject, own } from '../ngsi-ld/decode-run.ts'
import type { MimId } from './mims.ts'

export interface Exchange {
  /** `GET /entities?type=…`: no host, no header of ours. */
  readonly request: string
  /** Absent when nothing came. */
  readonly status?: number
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, when it was JSON. */
  readonly json?: unknown
  /** Why there is no answer, or none that can be read. */
  readonly failure?: string
}

/** What is known of the city and of the way to its broker. */
export interface Facts {
  /** Up to and with `/ngsi-ld/v1`. */
  readonly apiUrl: string
  /** It is asked without a token or a key. */
  readonly isAnonymous: boolean
  /** `Orion-LD 1.10.0: …`, when it was recognised. */
  readonly broker?: string
  /** [west, south, east, north]. */
  readonly bounds?: readonly [number, number, number, number]
  /** The city's configuration is known where this is asked: what it does not name, nothing names. */
  readonly isConfigured?: boolean
  readonly licence?: string
  readonly attribution?: string
  /** In words, when the server holds entities about people back. */
  readonly floor?: string
  /** Ids that the broker gave long ago, to be asked for again. */
  readonly earlier?: { readonly ids: readonly string[]; readonly hoursAgo: number }
  /** Where the city declares what cannot be checked from here. */
  readonly declarations?: Readonly<Partial<Record<MimId, string>>>
}

/** What the domains found doubtful about an entity of the sample. */
export interface Doubt {
  readonly entityId: string
  /** Of a warning or of a failure to read. */
  readonly kind: string
  readonly detail: string
}

export interface Answers {
  readonly facts: Facts
  /** By the id of the question. */
  readonly exchanges: ReadonlyMap<string, Exchange>
  readonly doubts: readonly Doubt[]
  /** Entities of the sample that a domain could judge. */
  readonly judged: number
}

export type JsonEntity = Readonly<Record<string, unknown>> & { readonly id: string }

/** The entities of an answer; anything else in it is passed over. */
export function entitiesIn(exchange: Exchange | undefined): readonly JsonEntity[] {
  const { status, json } = exchange ?? {}
  if (status === undefined || status >= 300) return []
  const list: readonly unknown[] = Array.isArray(json) ? json : [json]
  return list.filter((one): one is JsonEntity => isObject(one) && typeof own(one, 'id') === 'string')
}

export function isSuccess(exchange: Exchange | undefined): boolean {
  return exchange?.status !== undefined && exchange.status >= 200 && exchange.status < 300
}

/** Exchanges whose question begins so, in the order they were asked. */
export function exchangesOf({ exchanges }: Answers, prefix: string): readonly Exchange[] {
  return [...exchanges].flatMap(([id, exchange]) => (id.startsWith(prefix) ? [exchange] : []))
}

/** Every entity of the sample with the exchange that brought it. */
export function sampleOf(answers: Answers): readonly { readonly entity: JsonEntity; readonly exchange: Exchange }[] {
  return exchangesOf(answers, 'sample:').flatMap((exchange) => entitiesIn(exchange).map((entity) => ({ entity, exchange })))
}

const NOT_ATTRIBUTES = new Set(['id', 'type', '@context', '@id', '@type', 'scope', 'createdAt', 'modifiedAt', 'deletedAt', 'expiresAt'])

/** Attributes by name, each with its first instance. */
export function attributesOf(entity: JsonEntity): readonly (readonly [name: string, attribute: Readonly<Record<string, unknown>>])[] {
  return Object.entries(entity).flatMap(([name, value]) => {
    const first: unknown = Array.isArray(value) ? value[0] : value
    return NOT_ATTRIBUTES.has(name) || !isObject(first) ? [] : [[name, first] as const]
  })
}
