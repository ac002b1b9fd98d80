/**
 * How long ago, in the two largest units that still say something: "40 s", "3 min", "2 h 10 min", "4 d".
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import { say } from '../../language/say.ts'
import { formatClock, formatDay } from './clock.ts'
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
  const inDays = say({ id: 'age.days', defaultMessage: '{days} d' }, { days }).replaceAll(' ', NBSP)
  return hours === 0 || days > 6 ? inDays : `${inDays}${NBSP}${hours}${NBSP}h`
}

export interface Seen {
  /** By the broker's clock; in history the instant that is shown. */
  readonly nowMs: number
  readonly timeZone: string
  /** "ago" is counted from now; in the past that is shown it would be read wrong. */
  readonly isHistory: boolean
}

/**
 * When something was observed, as a phrase: "40 s ago", in history "40 s before"; its day and time when
 * that is more than a day away, with the year if it is another: "Fri 31 Oct 2025 23:45".
 */
export function formatWhen(observedAtMs: number, { nowMs, timeZone, isHistory }: Seen): string {
  const ageMs = nowMs - observedAtMs
  if (!Number.isFinite(ageMs)) return isHistory ? say({ id: 'age.nothingByThen', defaultMessage: 'nothing by then' }) : say({ id: 'age.never', defaultMessage: 'never reported' })
  // Whole seconds are all a broker's clock tells: a few of them ahead is agreement, not a clock error.
  if (ageMs < -5 * SECOND_MS) return say({ id: 'age.ahead', defaultMessage: 'stamped {age} ahead' }, { age: formatDuration(-ageMs) })
  // Beside a past that is shown the year is always said: whose it is cannot be guessed.
  if (ageMs >= DAY_MS) return `${formatDay(observedAtMs, isHistory ? undefined : nowMs, timeZone)} ${formatClock(observedAtMs, timeZone)}`
  if (isHistory) return ageMs < SECOND_MS ? say({ id: 'age.atThatMoment', defaultMessage: 'at that moment' }) : say({ id: 'age.before', defaultMessage: '{age} before' }, { age: formatDuration(ageMs) })
  return say({ id: 'age.ago', defaultMessage: '{age} ago' }, { age: formatDuration(ageMs) })
}
