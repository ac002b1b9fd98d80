/**
 * Rain intensity over a window: what fell, divided by the time in which it was caught.
 *
 * Depths add up only with their intervals, so a gauge that missed five minutes shows the rate of the
 * other ten, not a pause. A depth without its interval is taken as the sum since the reading before it:
 * the distance between such readings is their reporting interval, and one of them alone has none.
 * Only their number, ends and sum are kept, so windows merge in any order.
 */
import { HOUR_MS } from '../../core/time/instant.ts'

export interface RainSum {
  /** Of the depths that came with their interval. */
  readonly mm: number
  readonly durationMs: number
  /** The depths that came without. */
  readonly untimed: { readonly mm: number; readonly count: number; readonly firstMs: number; readonly lastMs: number }
}

export const EMPTY_RAIN: RainSum = { mm: 0, durationMs: 0, untimed: { mm: 0, count: 0, firstMs: Infinity, lastMs: -Infinity } }

export function addDepth(sum: RainSum, mm: number, durationMs: number): RainSum {
  return { ...sum, mm: sum.mm + mm, durationMs: sum.durationMs + durationMs }
}

export function addUntimedDepth(sum: RainSum, mm: number, atMs: number): RainSum {
  return mergeRain(sum, { ...EMPTY_RAIN, untimed: { mm, count: 1, firstMs: atMs, lastMs: atMs } })
}

export function mergeRain(a: RainSum, b: RainSum): RainSum {
  return {
    mm: a.mm + b.mm,
    durationMs: a.durationMs + b.durationMs,
    untimed: {
      mm: a.untimed.mm + b.untimed.mm,
      count: a.untimed.count + b.untimed.count,
      firstMs: Math.min(a.untimed.firstMs, b.untimed.firstMs),
      lastMs: Math.max(a.untimed.lastMs, b.untimed.lastMs),
    },
  }
}

/** mm/h, or undefined when nothing tells it: a dry hour is 0, a dead gauge nothing. */
export function rainIntensity({ mm, durationMs, untimed }: RainSum): number | undefined {
  if (durationMs > 0) return (mm * HOUR_MS) / durationMs
  // Nothing in any interval is nothing in an hour.
  if (untimed.count > 0 && untimed.mm === 0) return 0
  const intervalMs = (untimed.lastMs - untimed.firstMs) / (untimed.count - 1)
  return untimed.count > 1 && intervalMs > 0 ? (untimed.mm * HOUR_MS) / (untimed.count * intervalMs) : undefined
}
