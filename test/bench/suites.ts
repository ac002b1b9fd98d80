/**
 * What is measured, by name. A suite is a function that returns figures; adding one is a line here.
 * Each runs in a process of its own, one after another, so that the heap of one is not in the way of the next.
 */
import type { Figure } from './figure.ts'

/** `isProfiled`: a suite that can, also says on which functions the time went. */
export type Suite = (options: { readonly isProfiled: boolean }) => readonly Figure[] | Promise<readonly Figure[]>

// Loaded when they run: what one suite imports (a peer's library, a browser) costs the others nothing.
export const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  ingest: async () => (await import('./ingest.ts')).measureIngest,
  growth: async () => (await import('./refresh.ts')).measureRefresh,
  memory: async () => {
    const { measureMemory } = await import('./memory.ts')
    return () => measureMemory()
  },
  refresh: async () => (await import('./peers.ts')).measurePeers,
  'time-travel': async () => {
    const { measureTimeTravel } = await import('./time-travel.ts')
    return () => measureTimeTravel()
  },
  simulation: async () => (await import('./simulated-city.ts')).measureSimulation,
  'first-load': async () => (await import('./first-load.ts')).measureFirstLoad,
  'worker-to-page': async () => (await import('./worker-to-page.ts')).measureWorkerToPage,
  relay: async () => (await import('./relay.ts')).measureRelay,
  'map-frame': async () => (await import('./map-frame.ts')).measureMapFrames,
  page: async () => (await import('./page.ts')).measurePage,
  interaction: async () => (await import('./interaction.ts')).measureInteraction,
  'end-to-end': async () => (await import('./end-to-end.ts')).measureEndToEnd,
}
