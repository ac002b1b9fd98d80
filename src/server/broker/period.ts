/**
 * ISO 8601 durations as periods of aggregation: `PT1H`, `P1D`, `P1M`, `P1Y2M3DT4H`, `P2W`.
 *
 * Months and years follow the calendar in UTC; a day is 24 hours. Who wants local days asks for hours and
 * sums them, for a broker does not know the city's zone.
 */
export interface Period {
  readonly months: number
  readonly ms: number
}

const DURATION = /^P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/

/** Undefined when it is none. `PT0S` is one: the whole range. */
export function parsePeriod(text: string): Period | undefined {
  const match = DURATION.exec(text)
  if (match === null || text.endsWith('T') || text === 'P') return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number]
  return { months: years * 12 + months, ms: ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000 }
}

export function isWhole({ months, ms }: Period): boolean {
  return months === 0 && ms === 0
}

/** Start of the n-th period after the origin. */
export function startOf({ months, ms }: Period, originMs: number, n: number): number {
  if (months === 0) return originMs + ms * n
  const origin = new Date(originMs)
  const first = new Date(Date.UTC(origin.getUTCFullYear(), origin.getUTCMonth() + months * n, 1, origin.getUTCHours(), origin.getUTCMinutes(), origin.getUTCSeconds(), origin.getUTCMilliseconds()))
  // From 31 January one month on is the last of February.
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return first.getTime() + (Math.min(origin.getUTCDate(), lastDay) - 1) * 86_400_000 + ms * n
}

/** Number of the period that holds the instant. */
export function indexOf(period: Period, originMs: number, atMs: number): number {
  if (period.months === 0) return Math.floor((atMs - originMs) / period.ms)
  // 28 to 31 days a month: the guess is near, and walked to the place.
  let n = Math.floor((atMs - originMs) / (period.months * 30.436875 * 86_400_000 + period.ms))
  while (startOf(period, originMs, n) > atMs) n--
  while (startOf(period, originMs, n + 1) <= atMs) n++
  return n
}
