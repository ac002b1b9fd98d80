/**
 * Rain intensity over a window: what fell, divided by the time in which it was caught.
 *
 * Depths add up only with their intervals, so a gauge that missed five minutes shows the rate of the
 * other ten, not a pause. A depth without its interval is taken as the sum since the reading before it:
 * the distance between such readings is their reporting interval, and one of them alone has none.
 * So a window is what came with its interval (depth and time) and what came without (depth, number, and
 * the first and the last instant).
 */
import { HOUR_MS } from '../../core/time/instant.ts'

/** Of one window. The depths that came with their interval, and those that came without. */
export interface RainSum {
  readonly mm: number
  readonly durationMs: number
  readonly untimedMm: number
  readonly untimedCount: number
  readonly firstMs: number
  readonly lastMs: number
}

/** mm/h, or undefined when nothing tells it: a dry hour is 0, a dead gauge nothing. */
export function rainIntensity({ mm, durationMs, untimedMm, untimedCount, firstMs, lastMs }: RainSum): number | undefined {
  if (durationMs > 0) return (mm * HOUR_MS) / durationMs
  // Nothing in any interval is nothing in an hour.
  if (untimedCount > 0 && untimedMm === 0) return 0
  const intervalMs = (lastMs - firstMs) / (untimedCount - 1)
  return untimedCount > 1 && intervalMs > 0 ? (untimedMm * HOUR_MS) / (untimedCount * intervalMs) : undefined
}
