/** React's view of the live store: components follow at panel speed and read what is newest then. */
import { useCallback, useSyncExternalStore } from 'react'
import type { DomainId } from '../domains/domain-model.ts'
import type { Roster } from '../domains/frame.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { useMachineNow } from './clock.ts'
import type { LiveLayer } from './live-store.ts'
import { rowAt, type SensorRow } from './sensor-list.ts'
import { useServices } from './services.ts'

/** Renders again whenever the store has something new for panels. */
export function useLiveVersion(): number {
  const { live } = useServices()
  return useSyncExternalStore(live.subscribe, live.version)
}

export function useStatus(): CityStatus | undefined {
  const { live } = useServices()
  return useSyncExternalStore(live.subscribe, live.status)
}

/** Read it while rendering and let go: its buffers move on. */
export function useLayer(domain: DomainId): LiveLayer | undefined {
  const { live } = useServices()
  return useSyncExternalStore(
    live.subscribe,
    useCallback(() => live.layer(domain), [live, domain]),
  )
}

export function useSensor(domain: DomainId, id: string): SensorRow | undefined {
  const layer = useLayer(domain)
  if (layer === undefined) return undefined
  const row = rowOf(layer.roster, id)
  return row === undefined || row >= layer.frame.count ? undefined : rowAt(layer, row)
}

/** The instant by which ages are judged: the broker's clock, or the past instant that is shown. */
export function useNow(atMs: number | undefined): number {
  const machineMs = useMachineNow()
  const status = useStatus()
  return atMs ?? machineMs + (status?.clockOffsetMs ?? 0)
}

const rowsByIds = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

export function rowOf({ ids }: Pick<Roster, 'ids'>, id: string): number | undefined {
  let rows = rowsByIds.get(ids)
  if (rows === undefined) rowsByIds.set(ids, (rows = new Map(ids.map((one, row) => [one, row]))))
  return rows.get(id)
}
