/** What is usual for one sensor at this hour: asked of the worker, which has it for all of them. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { CityPlan } from '../configuration/city-plan.ts'
import { isBand, usualInstant, type Usual } from '../core/stats/usual.ts'
import { HOUR_MS } from '../core/time/instant.ts'
import { localTime } from '../core/time/zone.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { ChartBand } from '../ui/chart.tsx'
import { useLayer, useSensor } from './live-hooks.ts'
import type { LiveLayer, LiveStore } from './live-store.ts'
import { compareWithUsual, usualHourWords, windowWords } from './look.ts'
import type { SensorKey } from './queries.ts'
import { useServices } from './services.ts'

/** Until it is known it is asked again; then it holds for the hour, which is part of the key. */
const ASK_MS = 3_000

const usualQuery = (live: LiveStore, { cityId, domain, entityId }: SensorKey, hour: string, windowMs: number) =>
  queryOptions({
    queryKey: ['usual', cityId, domain, entityId, hour, windowMs],
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

function useUsual(key: SensorKey, plan: CityPlan): { readonly usual: Usual | undefined; readonly hourMs: number; readonly layer: LiveLayer | undefined } {
  const { live } = useServices()
  const layer = useLayer(key.domain)
  const hourMs = hourStartOf(layer, plan.timeZone)
  const { data } = useQuery({ ...usualQuery(live, key, String(hourMs), layer === undefined ? 0 : windowOf(layer)), enabled: layer !== undefined })
  return { usual: data ?? undefined, hourMs, layer }
}

/** Behind the line of the day: what is usual in the hour that it ends with. */
export function useUsualBand(key: SensorKey, plan: CityPlan): ChartBand | undefined {
  const { usual, hourMs } = useUsual(key, plan)
  return isBand(usual) ? { fromMs: hourMs, toMs: hourMs + HOUR_MS, low: usual.p10, middle: usual.median, high: usual.p90 } : undefined
}

/** "7 dB above usual for a workday, 08 h (54 to 61 dB(A), 40 days)". */
export function UsualLine({ sensorKey, plan, view, className }: { readonly sensorKey: SensorKey; readonly plan: CityPlan; readonly view: DomainView; readonly className: string | undefined }) {
  const { usual, layer } = useUsual(sensorKey, plan)
  const sensor = useSensor(sensorKey.domain, sensorKey.entityId)
  if (usual === undefined || layer === undefined) return null
  const comparison = compareWithUsual(view, sensor?.value, usual, usualHourWords(layer, plan))
  if (comparison === undefined) return null
  const made = isBand(usual) ? ` (${view.format(usual.p10)} to ${view.format(usual.p90)} over ${windowWords(windowOf(layer))}, ${usual.days} days)` : ''
  return (
    <p className={className}>
      {comparison.side === 'above' ? '▲ ' : comparison.side === 'below' ? '▼ ' : ''}
      {comparison.text}
      {made}
    </p>
  )
}
