/** What is asked once and kept: the configuration, and the worker's answers about one sensor. */
import { queryOptions } from '@tanstack/react-query'
import { DAY_MS, MINUTE_MS } from '../core/time/instant.ts'
import type { Answer } from '../workers/city.messages.ts'
import type { LiveStore } from './live-store.ts'
import type { Services } from './services.ts'

export const configurationQuery = ({ fetchConfiguration }: Services) =>
  queryOptions({
    queryKey: ['configuration'],
    queryFn: ({ signal }) => fetchConfiguration(signal),
    staleTime: Infinity,
    retry: false, // the page says what is wrong and offers to try again
  })

export interface SensorKey {
  readonly cityId: string
  readonly domain: string
  readonly entityId: string
  /** The past instant that is shown; undefined is now. */
  readonly atMs: number | undefined
}

export type HistoryAnswer = Extract<Answer, { readonly kind: 'history' }> & { readonly fromMs: number; readonly toMs: number }
export type EntityAnswer = Extract<Answer, { readonly kind: 'entity' }>

/** The 24 h before the instant shown. Asked again every few minutes; what comes meanwhile is appended live. */
export const historyQuery = (live: LiveStore, { cityId, domain, entityId, atMs }: SensorKey) =>
  queryOptions({
    queryKey: ['history', cityId, domain, entityId, atMs ?? 'now'],
    queryFn: async (): Promise<HistoryAnswer> => {
      const toMs = atMs ?? Date.now() + (live.status()?.clockOffsetMs ?? 0)
      const fromMs = toMs - DAY_MS
      // One past the instant: the range excludes its end, and the last reading belongs to the picture.
      const answer = await live.ask({ kind: 'history', domain, entityId, fromMs, toMs: toMs + 1 })
      if (!answer.ok) throw new Error(answer.message)
      if (answer.kind !== 'history') throw new Error(`expected a history, got ${answer.kind}`)
      return { ...answer, fromMs, toMs }
    },
    staleTime: MINUTE_MS,
    refetchInterval: atMs === undefined ? 5 * MINUTE_MS : false,
    retry: 1,
  })

export type StepsAnswer = Extract<Answer, { readonly kind: 'steps' }> & { readonly fromMs: number; readonly toMs: number; readonly stepMs: number }

export interface StepsKey extends SensorKey {
  readonly spanMs: number
  readonly stepMs: number
  readonly maxGapMs: number
}

/** The week or month before the instant shown, as steps that are whole: they begin and end on the clock. */
export const stepsQuery = (live: LiveStore, { cityId, domain, entityId, atMs, spanMs, stepMs, maxGapMs }: StepsKey) =>
  queryOptions({
    queryKey: ['steps', cityId, domain, entityId, atMs ?? 'now', spanMs, stepMs, maxGapMs],
    queryFn: async (): Promise<StepsAnswer> => {
      const endMs = atMs ?? Date.now() + (live.status()?.clockOffsetMs ?? 0)
      const fromMs = Math.ceil((endMs - spanMs) / stepMs) * stepMs
      const answer = await live.ask({ kind: 'steps', domain, entityId, fromMs, toMs: endMs + 1, stepMs, maxGapMs })
      if (!answer.ok) throw new Error(answer.message)
      if (answer.kind !== 'steps') throw new Error(`expected steps, got ${answer.kind}`)
      return { ...answer, fromMs, toMs: endMs, stepMs }
    },
    staleTime: 10 * MINUTE_MS,
    refetchInterval: atMs === undefined ? 15 * MINUTE_MS : false,
    retry: 2,
  })

export type LinkedAnswer = Extract<Answer, { readonly kind: 'linked' }>

/** What another entity names: it seldom changes. */
export const linkedQuery = (live: LiveStore, { cityId, entityId, from }: { readonly cityId: string; readonly entityId: string; readonly from: string }) =>
  queryOptions({
    queryKey: ['linked', cityId, entityId],
    queryFn: async (): Promise<LinkedAnswer> => {
      const answer = await live.ask({ kind: 'linked', entityId, from })
      if (!answer.ok) throw new Error(answer.message)
      if (answer.kind !== 'linked') throw new Error(`expected an entity, got ${answer.kind}`)
      return answer
    },
    staleTime: 5 * MINUTE_MS,
    retry: false,
  })

export const entityQuery = (live: LiveStore, { cityId, domain, entityId }: SensorKey) =>
  queryOptions({
    queryKey: ['entity', cityId, domain, entityId],
    queryFn: async (): Promise<EntityAnswer> => {
      const answer = await live.ask({ kind: 'entity', domain, entityId })
      if (!answer.ok) throw new Error(answer.message)
      if (answer.kind !== 'entity') throw new Error(`expected an entity, got ${answer.kind}`)
      return answer
    },
    staleTime: 5_000,
    retry: 1,
  })
