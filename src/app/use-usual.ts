/** What is usual for one sensor at this hour: asked of the worker, which has it for all of them. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { isBand, usualInstant, type Usual } from '../core/stats/usual.ts'
import { HOUR_MS } from '../core/time/instant.ts'
import { localTime } from '../core/time/zone.ts'
import type { ChartBand } from '../ui/chart.tsx'
import { useLayer } from './live-hooks.ts'
import type { LiveLayer, LiveStore } from './live-store.ts'
import type { SensorKey } from './queries.ts'
import { useServices } from './services.ts'

/** Until it is known it is asked again; then it holds for the hour, which is part of the key. */
const ASK_MS = 3_000

const usualQuery = (live: LiveStore, { cityId, domain, entityId }: SensorKey, hourMs: number, windowMs: number) =>
  queryOptions({
    queryKey: ['usual', cityId, domain, entityId, hourMs, windowMs],
    queryFn: async (): Promise<Usual | null> => {
      const answer = await live.ask({ kind: 'usual', domain, entityId })
      return answer.ok && answer.kind === 'usual' ? (answer.usual ?? null) : null
    },
    refetchInterval: ({ state }) => (state.data === undefined || state.data === null ? ASK_MS : false),
  })

function windowOf({ frame }: LiveLayer): number {
  return frame.windowEndMs - frame.windowStartMs
}

/** The hour that the sensor is compared by, as an instant; NaN before there is a frame. */
function hourStartOf(layer: LiveLayer | undefined, timeZone: string): number {
  if (layer === undefined) return NaN
  const ms = usualInstant({ windowMs: windowOf(layer) }, layer.frame.atMs)
  const { minute } = localTime(ms, timeZone)
  return Math.floor(ms / 60_000) * 60_000 - minute * 60_000
}

export interface SensorUsual {
  /** Undefined while it is not known. */
  readonly usual: Usual | undefined
  /** Behind the line of the day: the hour that the sensor is compared by. */
  readonly band: ChartBand | undefined
}

export function useUsual(key: SensorKey, plan: CityPlan): SensorUsual {
  const { live } = useServices()
  const layer = useLayer(key.domain)
  const hourMs = hourStartOf(layer, plan.timeZone)
  const { data } = useQuery({ ...usualQuery(live, key, hourMs, layer === undefined ? 0 : windowOf(layer)), enabled: layer !== undefined })
  const usual = data ?? undefined
  const band = useMemo(() => (isBand(usual) ? { fromMs: hourMs, toMs: hourMs + HOUR_MS, low: usual.p10, middle: usual.median, high: usual.p90 } : undefined), [usual, hourMs])
  return { usual, band }
}
