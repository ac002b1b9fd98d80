/** The day that the time line shows, and the steps of its keys. */
import { DAY_MS, MINUTE_MS } from '../core/time/instant.ts'

export const BUCKET_MS = 15 * MINUTE_MS

/** The 24 hours that hold the instant and end now, or whole days before now. Its ends are whole minutes. */
export function daySpan(atMs: number | undefined, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  const endMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS
  const daysAgo = atMs === undefined ? 0 : Math.max(0, Math.floor((endMs - atMs) / DAY_MS))
  const toMs = endMs - daysAgo * DAY_MS
  return { fromMs: toMs - DAY_MS, toMs }
}

/** The quarter of an hour before (-1) or after (1). */
export function bucketBeside(ms: number, direction: number): number {
  return direction < 0 ? (Math.ceil(ms / BUCKET_MS) - 1) * BUCKET_MS : (Math.floor(ms / BUCKET_MS) + 1) * BUCKET_MS
}
