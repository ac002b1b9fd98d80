/**
 * Docking stations: is there a bicycle, is there a free dock, and for how much of the time was there none.
 * Real feeds do not add up; what is unaccounted for is shown and not spread over the rest.
 */
import { SECOND_MS } from '../../core/time/instant.ts'

export interface DockCounts {
  readonly bikes: number
  readonly freeDocks: number
  readonly totalDocks?: number | undefined
  readonly outOfService?: number | undefined
}

export interface DockAvailability {
  /** Docks in use or free. */
  readonly inService: number
  /** Bicycles of docks in service, 0 to 1; absent when none is in service. */
  readonly bikeRatio?: number
  /** Docks of the total that nothing is said about; negative when more is said than there are. */
  readonly unaccounted?: number
  readonly state: 'available' | 'empty' | 'full' | 'noService'
}

export function dockAvailability({ bikes, freeDocks, totalDocks, outOfService }: DockCounts): DockAvailability {
  const inService = bikes + freeDocks
  return {
    inService,
    ...(inService === 0 ? {} : { bikeRatio: bikes / inService }),
    ...(totalDocks === undefined ? {} : { unaccounted: totalDocks - inService - (outOfService ?? 0) }),
    state: inService === 0 ? 'noService' : bikes === 0 ? 'empty' : freeDocks === 0 ? 'full' : 'available',
  }
}

export interface TimeInState {
  readonly seconds: number
  /** Of the time that is known; absent when none is. */
  readonly fraction?: number
}

/** Time for which the value held, each sample standing until the next or the end. An undefined value is unknown time and counts nowhere. */
export function timeInState(
  samples: readonly { readonly atMs: number; readonly value: number | undefined }[],
  { endMs, equals }: { readonly endMs: number; readonly equals: number },
): TimeInState {
  const ordered = samples.toSorted((a, b) => a.atMs - b.atMs)
  let inMs = 0
  let knownMs = 0
  ordered.forEach(({ atMs, value }, index) => {
    const untilMs = Math.min(ordered[index + 1]?.atMs ?? endMs, endMs)
    if (value === undefined || untilMs <= atMs) return
    knownMs += untilMs - atMs
    if (value === equals) inMs += untilMs - atMs
  })
  return { seconds: inMs / SECOND_MS, ...(knownMs === 0 ? {} : { fraction: inMs / knownMs }) }
}
