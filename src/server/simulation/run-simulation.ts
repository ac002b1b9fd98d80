/**
 * Plays a simulation in real time: once a second, what has arrived since goes to the sink.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import type { Simulation } from './simulation.ts'

export interface SimulationTimers {
  setInterval(callback: () => void, ms: number): unknown
  clearInterval(handle: unknown): void
}

const TICK_MS = 1_000
// A machine that slept longer gets the present, not every minute it missed.
const CATCH_UP_MS = 10 * 60_000

/** Returns the way to stop it. The sink gets one batch a second at most, never an empty one. */
export function runSimulation(simulation: Simulation, sink: (entities: JsonObject[]) => void, timers: SimulationTimers): () => void {
  let doneMs = simulation.now()
  const tick = (): void => {
    const nowMs = simulation.now()
    if (nowMs <= doneMs) return // the clock was set back: wait until it has caught up
    const entities =
      nowMs - doneMs > CATCH_UP_MS ? simulation.current(nowMs) : Array.from(simulation.statesBetween(doneMs, nowMs), ({ entity }) => entity)
    doneMs = nowMs
    if (entities.length > 0) sink(entities)
  }
  const handle = timers.setInterval(tick, TICK_MS)
  return () => timers.clearInterval(handle)
}
