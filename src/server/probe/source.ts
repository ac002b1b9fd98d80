/**
 * Where probe gets its entities: a broker over HTTP, a JSON file, or a file with one JSON document a
 * line (bare, or wrapped as `{source, kind, payload}` the way fixtures are).
 */
import { readFile, stat } from 'node:fs/promises'
import { err, ok, type Result } from '../../core/result.ts'
import { MODELS } from '../../domains/models.ts'
import { profileOf } from '../../ngsi-ld/profile/profiles.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import { createClient, type NgsiLdClient } from '../../ngsi-ld/client.ts'
import { decodeEntities, type Rejection } from '../../ngsi-ld/decode.ts'
import type { Entity } from '../../ngsi-ld/entity.ts'
import { readNotification } from '../../ngsi-ld/notification.ts'
import { decodeTemporal, statesOf } from '../../ngsi-ld/temporal.ts'
import { meetBroker } from '../relay/meet-broker.ts'
import { SERVER_TIMERS } from '../timers.ts'

export interface ProbeOptions {
  readonly source: string
  readonly json: boolean
  readonly timeZone: string
  /** At most so many entities are read from a broker. */
  readonly limit: number
  readonly tenant?: string
  readonly context?: string
}

export interface ProbeInput {
  readonly source: string
  /** Which broker it is and why, when it is one. */
  readonly broker?: string
  readonly entities: readonly Entity[]
  readonly rejected: readonly Rejection[]
  readonly skipped: readonly { readonly kind: string; readonly count: number }[]
}

const MAX_FILE_BYTES = 512 * 1024 * 1024

// Bodies that hold no entities; a fixture says so in `kind`, a bare one in `type`.
const NOT_ENTITIES = /^(subscription|error|discovery|obelisk-metric-events|Subscription|ContextSourceRegistration|EntityTypeList|EntityTypeInfo|AttributeList)$/

export async function readSource(options: ProbeOptions): Promise<Result<ProbeInput, string>> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(options.source)) return readBroker(options)
  return readFileSource(options.source)
}

async function readFileSource(path: string): Promise<Result<ProbeInput, string>> {
  let text: string
  try {
    const { size } = await stat(path)
    if (size > MAX_FILE_BYTES) return err(`${path}: expected at most ${MAX_FILE_BYTES} bytes, got ${size}`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    return err(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const documents = readDocuments(text, path)
  if (!documents.ok) return documents
  const collector = createCollector()
  for (const document of documents.value) collector.add(document)
  return ok(collector.finish(path))
}

/** One JSON document, or one a line. */
function readDocuments(text: string, path: string): Result<readonly unknown[], string> {
  const bare = text.replace(/^\uFEFF/, '')
  const whole = parseJson(bare)
  if (whole.ok) return ok([whole.value])
  const lines = bare.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [{ number: index + 1, parsed: parseJson(line) }]))
  // A document over several lines has a first line that is none of its own, like `{` or `[`.
  if (!/\.(jsonl|ndjson)$/i.test(path) && lines[0]?.parsed.ok !== true) return err(`${path}: expected JSON, got ${whole.error}`)
  const documents: unknown[] = []
  for (const { number, parsed } of lines) {
    if (!parsed.ok) return err(`${path}:${number}: expected one JSON document a line, got ${parsed.error}`)
    documents.push(parsed.value)
  }
  return ok(documents)
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text) as unknown)
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error))
  }
}

/** Where the broker's API is, and what every request carries. */
export function brokerOf(options: ProbeOptions): Result<{ readonly apiUrl: string; readonly headers: Readonly<Record<string, string>> }, string> {
  if (!URL.canParse(options.source) || !/^https?:$/.test(new URL(options.source).protocol)) {
    return err(`expected an http or https URL, got "${options.source}"`)
  }
  const url = new URL(options.source)
  if (url.username !== '' || url.password !== '') return err('expected a URL without credentials: set BELVEDERE_AUTHORIZATION instead')
  const authorization = process.env['BELVEDERE_AUTHORIZATION']
  return ok({
    apiUrl: `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/ngsi-ld\/v1$/, '')}/ngsi-ld/v1`,
    headers: { ...(authorization !== undefined && { authorization }), ...(options.tenant !== undefined && { 'ngsild-tenant': options.tenant }) },
  })
}

async function readBroker(options: ProbeOptions): Promise<Result<ProbeInput, string>> {
  const broker = brokerOf(options)
  if (!broker.ok) return broker
  const { apiUrl: baseUrl, headers } = broker.value
  const recognition = await meetBroker({ apiUrl: baseUrl, headers, fetch: (url, init) => fetch(url, init) })
  const client = createClient({
    fetch,
    baseUrl,
    profile: () => profileOf(recognition.profile),
    wait: (ms, signal) => SERVER_TIMERS.wait(ms, signal as AbortSignal),
    ...(options.context === undefined ? {} : { context: options.context }),
    headers,
  })
  const types = await typesOf(client)
  if (!types.ok) return err(`${baseUrl}: ${types.error}`)
  const collector = createCollector()
  let left = options.limit
  for (const type of types.value) {
    for await (const page of client.queryEntities({ types: [type] }, { maxEntities: left })) {
      if (!page.ok) return err(`${baseUrl} type ${type}: ${page.error.kind} ${page.error.detail ?? page.error.title ?? ''}`)
      for (const entity of page.value.entities) collector.add(entity)
      left -= page.value.entities.length
      if (page.value.end === 'capped') collector.skip(`more ${type} than --limit ${options.limit}`)
    }
    if (left <= 0) break
  }
  return ok({ ...collector.finish(baseUrl), broker: `${nameOfBroker(recognition)}: ${recognition.evidence}` })
}

/** Types the broker has; those the domains watch when it does not say (Djane has no /types). */
async function typesOf(client: NgsiLdClient): Promise<Result<readonly string[], string>> {
  const answer = await client.types()
  if (answer.ok) return ok(answer.value.items.map(({ name }) => name))
  if (answer.error.kind === 'unreachable') return err(`expected an NGSI-LD broker, got ${answer.error.detail ?? 'no answer'}`)
  return ok([...new Set(MODELS.flatMap((model) => model.watches.map(({ type }) => type)))])
}

interface Collector {
  add(document: unknown): void
  skip(kind: string): void
  finish(source: string): ProbeInput
}

function createCollector(): Collector {
  const entities: Entity[] = []
  const rejected: Rejection[] = []
  const skipped = new Map<string, number>()
  const take = ({ ok: decoded, rejected: refused }: { readonly ok: readonly Entity[]; readonly rejected: readonly Rejection[] }): void => {
    entities.push(...decoded)
    rejected.push(...refused)
  }
  const skip = (kind: string): void => void skipped.set(kind, (skipped.get(kind) ?? 0) + 1)
  return {
    skip,
    add(document) {
      const { kind, payload } = unwrap(document)
      if (NOT_ENTITIES.test(kind)) skip(kind)
      else if (kind.startsWith('temporal')) {
        const { ok: series, rejected: refused } = decodeTemporal(payload)
        take({ ok: series.flatMap((one) => statesOf(one)), rejected: refused })
      } else if (looksLikeNotification(payload)) {
        const notification = readNotification(payload)
        if (notification.ok) take({ ok: notification.value.entities, rejected: notification.value.rejected })
        else rejected.push(notification.error)
      } else take(decodeEntities(payload))
    },
    finish: (source) => ({ source, entities, rejected, skipped: [...skipped].map(([kind, count]) => ({ kind, count })) }),
  }
}

/** Fixture lines say what their payload is; bare documents say it by their `type`. */
function unwrap(document: unknown): { readonly kind: string; readonly payload: unknown } {
  if (typeof document !== 'object' || document === null) return { kind: '', payload: document }
  const { kind, payload, type } = document as { kind?: unknown; payload?: unknown; type?: unknown }
  if (payload !== undefined) return { kind: typeof kind === 'string' ? kind : '', payload }
  return { kind: typeof type === 'string' && NOT_ENTITIES.test(type) ? type : '', payload: document }
}

/** A notification bare, or in the envelope of MQTT (`{metadata, body}`). */
function looksLikeNotification(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return false
  return ('type' in payload && payload.type === 'Notification') || 'body' in payload || ('subscriptionId' in payload && 'data' in payload)
}
