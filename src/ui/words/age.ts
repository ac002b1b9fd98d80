/**
 * How long ago, in the two largest units that still say something: "40 s", "3 min", "2 h 10 min", "4 d".
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import { NBSP } from './number.ts'

/** A duration; below a second counts as 0 s, and a negative one is the caller's to explain. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–'
  const ms = Math.max(0, durationMs)
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}${NBSP}s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}${NBSP}min`
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
    return `${Math.floor(ms / HOUR_MS)}${NBSP}h${minutes === 0 ? '' : `${NBSP}${minutes}${NBSP}min`}`
  }
  const days = Math.floor(ms / DAY_MS)
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS)
  return `${days}${NBSP}d${hours === 0 || days > 6 ? '' : `${NBSP}${hours}${NBSP}h`}`
}

/** An age as a phrase: "40 s ago", "never reported", "stamped 5 min ahead". */
export function formatAge(ageMs: number): string {
  if (!Number.isFinite(ageMs)) return 'never reported'
  // Whole seconds are all a broker's clock tells: a few of them ahead is agreement, not a clock error.
  if (ageMs < -5 * SECOND_MS) return `stamped ${formatDuration(-ageMs)} ahead`
  return `${formatDuration(ageMs)} ago`
}
