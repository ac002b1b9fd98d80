/** What the server says of a city's brokers, checked before a screen stands on it: page and server may differ in age. */
import * as v from 'valibot'
import { TRANSPORTS } from '../../configuration/city-plan.ts'
import type { ConformanceReport } from '../../conformance/report.ts'
import { ServerAnswered, statusWords, unfitWords } from '../server-answered.ts'

const count = v.fallback(v.number(), 0)

const heard = v.object({
  notificationsPerS: v.number(),
  slotMs: v.pipe(v.number(), v.minValue(1)),
  fromMs: v.number(),
  sinceMs: v.number(),
  types: v.array(v.object({ type: v.string(), slots: v.array(v.number()) })),
})

const line = v.object({
  access: v.object({ kind: v.string(), state: v.exactOptional(v.string()), detail: v.exactOptional(v.string()) }),
  circuit: v.object({ state: v.string(), retryAtMs: v.exactOptional(v.number()) }),
  latency: v.object({ count: v.number(), p50Ms: v.exactOptional(v.number()), p95Ms: v.exactOptional(v.number()) }),
  late: count,
  tooLarge: count,
  turnedAway: count,
})

const transport = v.picklist(TRANSPORTS)

const broker = v.object({
  broker: v.string(),
  state: v.picklist(['connecting', 'live', 'down']),
  sinceMs: v.number(),
  clockOffsetMs: v.number(),
  isClockUnknown: v.exactOptional(v.boolean()),
  lastNotificationAtMs: v.exactOptional(v.number()),
  detail: v.exactOptional(v.string()),
  retryAtMs: v.exactOptional(v.number()),
  by: v.exactOptional(transport),
  cannot: v.exactOptional(v.partial(v.object({ relay: v.string(), mqtt: v.string(), 'orion-ws': v.string(), 'obelisk-events': v.string(), poll: v.string() }))),
  known: v.exactOptional(v.object({ profile: v.string(), version: v.exactOptional(v.string()), evidence: v.string() })),
  intake: v.object({ notifications: count, malformed: count, duplicates: count, lost: count, withheld: count }),
  subscriptions: v.exactOptional(v.object({ wanted: v.number(), held: v.number() })),
  lastFailure: v.exactOptional(v.object({ atMs: v.number(), words: v.string() })),
  heard: v.exactOptional(heard),
  line: v.exactOptional(line),
})

const cityHealth = v.object({
  serverTimeMs: v.number(),
  startedAtMs: v.number(),
  hub: v.object({ readers: count, coalesced: count, replayed: count, resyncs: count, stuck: count }),
  door: v.object({ accepted: count, refused: count, tooLong: count, dropped: count }),
  brokers: v.array(broker),
})

export type CityHealth = v.InferOutput<typeof cityHealth>
export type BrokerHealth = CityHealth['brokers'][number]
export type Heard = NonNullable<BrokerHealth['heard']>

const evidence = v.object({ request: v.exactOptional(v.string()), status: v.exactOptional(v.number()), value: v.exactOptional(v.string()), payload: v.exactOptional(v.string()) })
const result = v.object({
  check: v.string(),
  mim: v.object({ name: v.string(), number: v.string(), version: v.string(), url: v.string() }),
  requirement: v.string(),
  title: v.string(),
  outcome: v.picklist(['pass', 'fail', 'not checkable']),
  words: v.string(),
  remedy: v.exactOptional(v.string()),
  declaration: v.exactOptional(v.string()),
  evidence: v.exactOptional(evidence),
})
const conformance = v.object({
  reports: v.array(v.object({ of: v.string(), atMs: v.number(), isReached: v.boolean(), failure: v.exactOptional(v.string()), results: v.array(result) })),
  isRunning: v.boolean(),
  againAtMs: v.number(),
})

export interface CityConformance {
  readonly reports: readonly ConformanceReport[]
  readonly isRunning: boolean
  readonly againAtMs: number
}

export async function fetchCityHealth(cityId: string, signal: AbortSignal): Promise<CityHealth> {
  return read(cityHealth, await ask(`/api/cities/${encodeURIComponent(cityId)}/health`, { signal }))
}

export async function fetchConformance(cityId: string, { run, signal }: { readonly run: boolean; readonly signal?: AbortSignal }): Promise<CityConformance> {
  return read(conformance, await ask(`/api/cities/${encodeURIComponent(cityId)}/conformance`, { method: run ? 'POST' : 'GET', ...(signal !== undefined && { signal }) }))
}

/** The entity as the broker that has it holds it now; undefined when none has it. */
export async function fetchEntity(cityId: string, brokers: readonly string[], entityId: string): Promise<unknown> {
  for (const one of brokers) {
    const response = await fetch(`/api/cities/${encodeURIComponent(cityId)}/brokers/${encodeURIComponent(one)}/ngsi-ld/v1/entities/${encodeURIComponent(entityId)}`, { headers: { accept: 'application/json' } })
    if (response.ok) return response.json()
  }
  return undefined
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(path, { ...init, headers: { accept: 'application/json' } })
  if (!response.ok) throw new ServerAnswered(statusWords(response.status))
  return response.json()
}

function read<const S extends v.GenericSchema>(schema: S, json: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  throw new ServerAnswered(unfitWords(parsed.issues[0]))
}
