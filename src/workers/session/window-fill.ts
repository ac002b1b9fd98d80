/**
 * Fills a window from its broker's history: a page that was just opened, and a window that was just chosen, know
 * each sensor's last reading only. The newest part is asked for first and each part moves the state's coverage
 * back, so that the frame can say "3 of 15 min" until it is whole.
 *
 * Bounded: no more readings are asked for than a worker can read while it follows the stream. What a long window
 * of a large city has beyond that stays uncovered, and is said to be.
 */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel, ReadContext } from '../../domains/domain-model.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import { readingsIn, type Present } from './past-states.ts'

/** A day of a hundred sensors that report every minute. */
export const MAX_FILL_READINGS = 150_000
/** In one question: half of what a broker gives in one answer, where one attribute is asked for. */
const PART_READINGS = 4_000

/** Of one sensor: a reading has a few attributes, each with its instance. */
export function instancesIn({ foldAttributes }: DomainModel, spanMs: number, everyMs: number): number {
  return Math.max(1, Math.ceil(spanMs / everyMs)) * (foldAttributes === undefined ? 6 : 3)
}

export interface Filling {
  /** Why the window is not whole and will not be; absent when it is. */
  readonly problem?: string
}

export async function fillWindow<Signal extends Abortable>(options: {
  readonly state: DomainState
  readonly context: ReadContext
  readonly expectedIntervalMs: number
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  readonly presentOf: (broker: string) => Promise<Present>
  /** The instant that the window ends at. */
  readonly nowMs: number
  /** What comes from here on is in the state already. */
  readonly untilMs: number
  readonly signal: Signal
  /** A part more is in the state. */
  readonly onPart: () => void
}): Promise<Filling> {
  const { state, context, expectedIntervalMs, brokers, nowMs, signal } = options
  const { model, windowMs } = state
  const types = [...new Set(model.watches.map(({ type }) => type))]
  const fromMs = nowMs - windowMs
  const perMs = Math.max(1, state.count) / expectedIntervalMs
  const partMs = Math.max(MINUTE_MS, Math.floor(PART_READINGS / perMs))
  const earliestMs = Math.max(fromMs, nowMs - Math.floor(MAX_FILL_READINGS / perMs))
  let toMs = options.untilMs
  while (toMs > earliestMs) {
    const span = { fromMs: Math.max(earliestMs, toMs - partMs), toMs }
    for (const [id, broker] of brokers) {
      const [history, present] = await Promise.all([broker.past(types, span, signal, { attributes: model.foldAttributes, instances: instancesIn(model, span.toMs - span.fromMs, expectedIntervalMs) }), options.presentOf(id)])
      // Aborted: another window was chosen, or the city is gone.
      if (signal.aborted === true || state.windowMs !== windowMs) return {}
      if (!history.ok) return { problem: `the past could not be read from ${id}: ${history.error}` }
      if (history.value.partial) return { problem: `${id} gives only a part of its past` }
      for (const reading of readingsIn(history.value, model, context, present).readings) {
        // A sensor that is gone by now has a history too; it must not come back by it.
        if (state.has(reading.entityId) && reading.observedAtMs <= nowMs) state.apply(reading, nowMs)
      }
    }
    toMs = span.fromMs
    state.setCoverage(toMs)
    options.onPart()
  }
  return earliestMs > fromMs ? { problem: 'too many readings to ask for' } : {}
}
