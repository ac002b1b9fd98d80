/**
 * The hour on the city's clock: what behaviour is compared by. Rush hour in Helsinki and in Lisbon is the same
 * local hour and not the same instant; in the night the clocks go back, an hour has two instants, told
 * apart by their offset.
 */
import { localDateOf } from './local-day.ts'
import { dayTypeAt, localTime, type DayType } from './zone.ts'

export interface LocalHour {
  /** `2025-10-26` */
  readonly localDate: string
  /** 0 to 23 */
  readonly hour: number
  /** Local minus UTC. */
  readonly offsetMinutes: number
  readonly dayType: DayType
}

export function localHourAt(instantMs: number, timeZone: string): LocalHour {
  const { hour, offsetMinutes } = localTime(instantMs, timeZone)
  return { localDate: localDateOf(instantMs, timeZone), hour, offsetMinutes, dayType: dayTypeAt(instantMs, timeZone) }
}
