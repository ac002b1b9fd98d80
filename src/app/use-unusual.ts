/** What is unusual in the city at the instant that is shown: asked of the worker, which looks while somebody asks. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { SECOND_MS } from '../core/time/instant.ts'
import type { Unusual } from '../workers/city.messages.ts'
import { useChoices } from './choices.ts'
import type { LiveStore } from './live-store.ts'
import { useServices } from './services.ts'

/** Until there is an answer; and then, since what is unusual stays so for minutes. */
const FIRST_MS = SECOND_MS
const AGAIN_MS = 3 * SECOND_MS

const unusualQuery = (live: LiveStore, cityId: string, atMs: number | undefined) =>
  queryOptions({
    queryKey: ['unusual', cityId, atMs ?? 'now'],
    queryFn: async (): Promise<Unusual | null> => {
      const answer = await live.ask({ kind: 'unusual' })
      return answer.ok && answer.kind === 'unusual' ? (answer.unusual ?? null) : null
    },
    refetchInterval: ({ state }) => (state.data === undefined || state.data === null ? FIRST_MS : AGAIN_MS),
    // Of a city that was left nothing is kept: what was unusual then is not now.
    gcTime: 0,
  })

/** Undefined until all sensors were looked at once. Stands still while the page is paused. */
export function useUnusual(cityId: string, atMs: number | undefined): Unusual | undefined {
  const { live } = useServices()
  const isPaused = useChoices((choices) => choices.isPaused)
  const { data } = useQuery({ ...unusualQuery(live, cityId, atMs), enabled: atMs !== undefined || !isPaused })
  return data ?? undefined
}
