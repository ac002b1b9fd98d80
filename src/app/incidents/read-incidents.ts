/** What the server says of a city's incidents, checked before a screen stands on it, and what an operator answers. */
import { queryOptions } from '@tanstack/react-query'
import * as v from 'valibot'
import type { Incident } from '../../incidents/journal.ts'
import { ServerAnswered, statusWords, unfitWords } from '../server-answered.ts'

/** Whatever others answer is seen as soon. Most of the time nothing has changed, and nothing is sent. */
const EVERY_MS = 5_000

const text = v.string()
const number = v.number()
const condition = v.variant('kind', [
  v.object({ kind: v.literal('down') }),
  v.object({ kind: v.literal('silent'), of: v.picklist(['sensor', 'layer']) }),
  v.object({ kind: v.literal('limit'), side: v.picklist(['above', 'below']), limit: number, deadBand: number }),
  v.object({ kind: v.literal('usual'), side: v.picklist(['above', 'below', 'either']), deadBand: number }),
  v.object({ kind: v.literal('rate'), side: v.picklist(['rise', 'fall']), by: number, overMs: number, deadBand: number }),
])
const finding = v.object({
  id: text,
  rule: text,
  kind: v.picklist(['alarm', 'notice']),
  severity: v.picklist(['high', 'medium', 'low']),
  subject: v.object({ kind: v.picklist(['broker', 'layer', 'group', 'sensor']), id: text, name: text }),
  condition,
  sensors: number,
  layer: v.exactOptional(text),
  measure: v.exactOptional(text),
  value: v.exactOptional(number),
  source: v.exactOptional(text),
  response: v.exactOptional(v.object({ cause: text, consequence: text, action: text, owner: text })),
})
const incident = v.object({
  id: text,
  finding,
  standing: v.object({ state: v.picklist(['normal', 'unacknowledged', 'acknowledged', 'returned', 'shelved', 'out-of-service']), isActive: v.boolean(), needsAnswer: v.boolean(), sinceMs: number, shelvedUntilMs: v.exactOptional(number) }),
  raisedAtMs: number,
  clearedAtMs: v.exactOptional(number),
  answeredBy: v.exactOptional(text),
  lastComment: v.exactOptional(v.object({ by: text, atMs: number, text })),
})
const answer = v.object({
  mayAct: v.boolean(),
  incidents: v.array(incident),
  budget: v.object({ today: number, perDay: number, peak: number, floods: number, isFlood: v.boolean(), shelved: number, shelvedUntilMs: v.exactOptional(number), stale: number, chattering: number, topSource: v.exactOptional(v.object({ incident: text, name: text, count: number, share: number })) }),
  watched: v.object({ rules: number, sensors: number, leftOut: number, unread: v.record(text, text), kept: v.object({ journal: v.picklist(['file', 'memory']), journalProblem: v.exactOptional(text), alertsTo: v.exactOptional(text), alertsProblem: v.exactOptional(text) }) }),
})
const journal = v.object({
  entries: v.array(v.object({ seq: number, atMs: number, incident: text, type: text, by: v.exactOptional(text), comment: v.exactOptional(text), untilMs: v.exactOptional(number), into: v.exactOptional(text), finding: v.exactOptional(finding) })),
})

export interface CityIncidents {
  readonly mayAct: boolean
  readonly incidents: readonly Incident[]
  readonly budget: v.InferOutput<typeof answer>['budget']
  readonly watched: v.InferOutput<typeof answer>['watched']
}
export type JournalLine = v.InferOutput<typeof journal>['entries'][number]

export const incidentsQuery = (cityId: string) =>
  queryOptions({ queryKey: ['incidents', cityId], queryFn: async ({ signal }): Promise<CityIncidents> => read(answer, await ask(`${pathOf(cityId)}`, { signal })), refetchInterval: EVERY_MS, retry: false })

export const journalQuery = (cityId: string) =>
  queryOptions({ queryKey: ['incidents', cityId, 'journal'], queryFn: async ({ signal }) => read(journal, await ask(`${pathOf(cityId)}/journal`, { signal })).entries, retry: false })

export interface Answering {
  readonly incident: string
  readonly action: 'acknowledge' | 'shelve' | 'unshelve' | 'comment'
  readonly by: string
  readonly hours?: number
  readonly comment?: string
}

export async function answerIncident(cityId: string, { incident: id, action, ...body }: Answering): Promise<void> {
  await ask(`${pathOf(cityId)}/${encodeURIComponent(id)}/${action}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
}

export function journalFile(cityId: string): string {
  return `${pathOf(cityId)}/journal.csv`
}

function pathOf(cityId: string): string {
  return `/api/cities/${encodeURIComponent(cityId)}/incidents`
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(path, init)
  const json: unknown = await response.json().catch(() => undefined)
  if (response.ok) return json
  const problem = v.safeParse(v.object({ title: text, detail: v.exactOptional(text) }), json)
  throw new ServerAnswered(problem.success ? [problem.output.title, problem.output.detail].filter((part) => part !== undefined).join(': ') : statusWords(response.status))
}

function read<const S extends v.GenericSchema>(schema: S, json: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  throw new ServerAnswered(unfitWords(parsed.issues[0]))
}
