/** Two aggregators that hear the same events: one reads them as text and entities, the other from bytes where it can. */
import type { CityPlan } from '../src/configuration/city-plan.ts'
import { createRandom } from '../src/core/random.ts'
import { MODELS } from '../src/domains/models.ts'
import { readNotification } from '../src/ngsi-ld/notification.ts'
import { createFeed } from '../src/feed/feed.ts'
import type { FeedOutput } from '../src/feed/feed-output.ts'
import { createAggregator, type Aggregator } from '../src/workers/aggregator/aggregator.ts'
import { createFrameBufferPool } from '../src/workers/aggregator/frame-buffers.ts'
import { PLAN } from './aggregator-in-hand.ts'

export const CITY: CityPlan = { ...PLAN, layers: MODELS.map(({ id }) => id) }

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function createPair(clock: { ms: number }, plan: CityPlan = CITY) {
  const now = (): number => clock.ms
  const make = (bytes: boolean): Aggregator =>
    createAggregator({
      models: MODELS,
      plan,
      cellRadiusM: 500,
      now,
      ...(bytes && { bytes: { decodeText: (data: Uint8Array) => decoder.decode(data), random: createRandom(7) } }),
    })
  const total = make(false)
  const fast = make(true)
  const sides = [heard(total, undefined), heard(fast, fast.readBytes)]
  return {
    total,
    fast,
    /** Both hear the data of a `notification` event. */
    async hear(data: Uint8Array): Promise<void> {
      for (const side of sides) await side(data)
    },
  }

  /** The feed itself, connected, with nothing in its snapshot. */
  function heard(aggregator: Aggregator, readBytes: Aggregator['readBytes']) {
    const queue: Uint8Array[] = []
    let wake = (): void => undefined
    let idle = (): void => undefined
    const feed = createFeed<AbortSignal>({
      brokers: ['a'],
      ...(readBytes !== undefined && { readBytes }),
      emit: (output: FeedOutput) => aggregator.apply(output),
      effects: {
        async *openStream() {
          yield { event: 'hello', data: new TextEncoder().encode(JSON.stringify({ epoch: 'e', seq: 0, serverTimeMs: clock.ms, brokers: [] })) }
          for (;;) {
            while (queue.length > 0) yield { event: 'notification', data: queue.shift()! }
            idle()
            await new Promise<void>((resolve) => (wake = resolve))
          }
        },
        async *snapshot() {
          yield []
        },
        now,
        wait: () => new Promise(() => undefined),
        random: () => 0.5,
        createAbort: () => new AbortController(),
        decodeText: (data) => decoder.decode(data),
      },
    })
    const started = new Promise<void>((resolve) => (idle = resolve))
    feed.start()
    return async (data: Uint8Array): Promise<void> => {
      await started
      await new Promise((resolve) => setImmediate(resolve))
      const done = new Promise<void>((resolve) => (idle = resolve))
      queue.push(data)
      wake()
      await done
    }
  }
}

/** Everything that can be seen of an aggregator. */
export function pictureOf(aggregator: Aggregator): unknown {
  const domains = [...aggregator.domains].map(([id, state]) => {
    state.refresh(aggregator.nowMs())
    const buffers = createFrameBufferPool().take(state.count, state.cellCount)
    const { positions, values, latest, observedAtMs, freshness, cells, total, count } = state.frame(buffers, 1)
    const first = <T extends { subarray(from: number, to: number): Iterable<number> }>(of: T, each = 1): number[] => [...of.subarray(0, count * each)]
    return { id, roster: state.roster(1), positions: first(positions, 2), values: first(values), latest: first(latest), observedAtMs: first(observedAtMs), freshness: first(freshness), cells: cells.count, total }
  })
  return { domains, counters: aggregator.counters(), lastDataAtMs: aggregator.lastDataAtMs }
}

/** Every measure of every sensor, not only what frames show: a reading that is known by all of them is a duplicate. */
export function applyEntities(aggregator: Aggregator, data: unknown): void {
  const read = readNotification({ type: 'Notification', subscriptionId: 'urn:s', data })
  if (read.ok) aggregator.apply({ type: 'entities', broker: 'a', from: 'stream', entities: read.value.entities, rejected: read.value.rejected, receivedAtMs: 0 })
}
