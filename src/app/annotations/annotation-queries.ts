/** A city's notes, from its server and back to it. A page without a server has none, which is said where one would write. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { fromJson, type Annotation, type Draft } from '../../annotations/annotation.ts'
import { formatInstant, MINUTE_MS } from '../../core/time/instant.ts'
import { statusWords } from '../server-answered.ts'

export interface CityAnnotations {
  readonly annotations: readonly Annotation[]
  readonly mayWrite: boolean
  /** How long they last: in a broker, in one that forgets, in the memory of the server. */
  readonly keptIn: 'broker' | 'embedded' | 'memory'
}

/** Somebody else's note is there within a minute. */
export const annotationsQuery = (cityId: string) =>
  queryOptions({
    queryKey: ['annotations', cityId],
    queryFn: async ({ signal }): Promise<CityAnnotations> => readAnswer(await ask(addressOf(cityId), { signal })),
    staleTime: 30_000,
    refetchInterval: MINUTE_MS,
    retry: false,
  })

const NONE: readonly Annotation[] = []

/** Newest first; none while they are not known. */
export function useAnnotations({ id }: Pick<CityPlan, 'id'>): readonly Annotation[] {
  return useQuery(annotationsQuery(id)).data?.annotations ?? NONE
}

export async function postAnnotation(cityId: string, { fromMs, untilMs, ...draft }: Draft): Promise<void> {
  const body = JSON.stringify({ ...draft, ...(fromMs !== undefined && { from: formatInstant(fromMs) }), ...(untilMs !== undefined && { until: formatInstant(untilMs) }) })
  await ask(addressOf(cityId), { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}

export async function deleteAnnotation(cityId: string, id: string): Promise<void> {
  await ask(`${addressOf(cityId)}/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/** Total: a note that cannot be read hides no other. */
export function readAnswer(json: unknown): CityAnnotations {
  const { annotations, mayWrite, keptIn } = isObject(json) ? json : {}
  const kept = isObject(keptIn) ? keptIn : {}
  return {
    annotations: Array.isArray(annotations) ? annotations.flatMap((one: unknown) => fromJson(one) ?? []) : [],
    mayWrite: mayWrite === true,
    keptIn: kept['kind'] !== 'broker' ? 'memory' : kept['isLasting'] === true ? 'broker' : 'embedded',
  }
}

function addressOf(cityId: string): string {
  return `/api/cities/${encodeURIComponent(cityId)}/annotations`
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(path, init)
  if (response.ok) return response.status === 204 ? undefined : response.json()
  throw new Error(await reasonOf(response))
}

/** The server's own words where there are any. */
async function reasonOf(response: Response): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') === true) {
    const problem: unknown = await response.json()
    if (isObject(problem) && typeof problem['title'] === 'string') return typeof problem['detail'] === 'string' ? `${problem['title']}: ${problem['detail']}` : problem['title']
  }
  return statusWords(response.status)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
