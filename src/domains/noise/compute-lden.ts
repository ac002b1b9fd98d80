/**
 * Day, evening and night, and Lden (Directive 2002/49/EC, Annex I): evenings count 5 dB more, nights 10.
 *
 *   Lden = 10 lg( (d·10^(Lday/10) + e·10^((Levening+5)/10) + n·10^((Lnight+10)/10)) / 24 )
 *
 * d, e and n are the nominal lengths of the periods in hours, also on the days when a clock change
 * makes a night an hour longer or shorter. Periods are hours of the local clock, and states differ,
 * so the same street has another Lden in Italy: the scheme goes with the number.
 *
 * A sensor's Lden over some days is not the directive's indicator, which is a modelled year at 4 m:
 * it is "Lden (measured, n days)".
 */
import type { Source } from '../../core/source.ts'
import { localTime } from '../../core/time/zone.ts'
import type { DbA } from '../../core/units.ts'
import { addLevel, EMPTY, laeq, mergeSums, type LaeqSum } from './compute.ts'

export type Period = 'day' | 'evening' | 'night'

/** Local hours of each period, [from, to); a period may run over midnight, and one of no length is not used. */
export type LegalHours = Readonly<Record<Period, readonly [fromHour: number, toHour: number]>>

export interface LegalScheme {
  /** ISO 3166-1 alpha-2; `EU` is the directive's default. */
  readonly country: string
  readonly hours: LegalHours
  readonly source: Source
}

export const EU_HOURS: LegalHours = { day: [7, 19], evening: [19, 23], night: [23, 7] }

const HOURS_06_18: LegalHours = { day: [6, 18], evening: [18, 22], night: [22, 6] }

export const LEGAL_SCHEMES: readonly LegalScheme[] = [
  { country: 'EU', hours: EU_HOURS, source: { document: 'Directive 2002/49/EC, Annex I', year: 2002, confirmed: true, note: 'default' } },
  { country: 'IT', hours: { day: [6, 20], evening: [20, 22], night: [22, 6] }, source: { document: 'D.Lgs. 194/2005, Allegato 1', year: 2005, confirmed: true } },
  { country: 'PT', hours: { day: [7, 20], evening: [20, 23], night: [23, 7] }, source: { document: 'DL 146/2006, DL 9/2007', year: 2007, confirmed: false, note: 'the day is confirmed, evening and night are not' } },
  { country: 'DE', hours: HOURS_06_18, source: { document: '34. BImSchV', year: 2006, confirmed: false } },
  { country: 'FR', hours: HOURS_06_18, source: { document: 'Code de l’environnement', confirmed: false } },
  { country: 'FI', hours: { day: [7, 19], evening: [19, 22], night: [22, 7] }, source: { document: 'national practice', confirmed: false } },
  { country: 'CH', hours: { day: [6, 22], evening: [22, 22], night: [22, 6] }, source: { document: 'Lärmschutz-Verordnung', confirmed: false } },
]

/** The country's own hours, or the directive's. To compare cities use one scheme for all of them. */
export function legalSchemeOf(country: string): LegalScheme {
  return LEGAL_SCHEMES.find((scheme) => scheme.country === country) ?? LEGAL_SCHEMES[0]!
}

/** Running sums of each period; they merge like those of LAeq. */
export type PeriodSums = Readonly<Record<Period, LaeqSum>>

export const EMPTY_PERIODS: PeriodSums = { day: EMPTY, evening: EMPTY, night: EMPTY }

export interface PeriodLevels {
  readonly lday?: DbA
  readonly levening?: DbA
  readonly lnight?: DbA
  /** Absent when a period that the scheme has was not measured. */
  readonly lden?: DbA
}

/** The period of a local hour, 0 to 23. */
export function periodOfHour(hour: number, hours: LegalHours): Period {
  for (const period of ['day', 'evening'] as const) {
    const [from, to] = hours[period]
    if (from < to ? hour >= from && hour < to : from > to && (hour >= from || hour < to)) return period
  }
  return 'night'
}

export function nominalHours([from, to]: readonly [number, number]): number {
  return (to - from + 24) % 24
}

/** A level over an interval belongs to the period of the local hour in which it starts. */
export function addToPeriod(
  sums: PeriodSums,
  level: { readonly startMs: number; readonly level: DbA; readonly durationS: number },
  scheme: { readonly timeZone: string; readonly hours: LegalHours },
): PeriodSums {
  const period = periodOfHour(localTime(level.startMs, scheme.timeZone).hour, scheme.hours)
  return { ...sums, [period]: addLevel(sums[period], level.level, level.durationS) }
}

export function mergePeriods(a: PeriodSums, b: PeriodSums): PeriodSums {
  return { day: mergeSums(a.day, b.day), evening: mergeSums(a.evening, b.evening), night: mergeSums(a.night, b.night) }
}

export function periodLevels(sums: PeriodSums, hours: LegalHours = EU_HOURS): PeriodLevels {
  const lday = laeq(sums.day)
  const levening = laeq(sums.evening)
  const lnight = laeq(sums.night)
  const all = lden({ lday, levening, lnight }, { day: nominalHours(hours.day), evening: nominalHours(hours.evening), night: nominalHours(hours.night) })
  return {
    ...(lday === undefined ? {} : { lday }),
    ...(levening === undefined ? {} : { levening }),
    ...(lnight === undefined ? {} : { lnight }),
    ...(all === undefined ? {} : { lden: all }),
  }
}

/** Lden of three period levels, dB(A); `hours` are the nominal lengths of the periods. */
export function lden(
  levels: { readonly lday?: number | undefined; readonly levening?: number | undefined; readonly lnight?: number | undefined },
  hours: Readonly<Record<Period, number>> = { day: 12, evening: 4, night: 8 },
): DbA | undefined {
  let sum = EMPTY
  for (const [level, length] of [
    [levels.lday, hours.day],
    [add(levels.levening, 5), hours.evening],
    [add(levels.lnight, 10), hours.night],
  ] as const) {
    if (length === 0) continue
    if (level === undefined) return undefined
    sum = addLevel(sum, level as DbA, length)
  }
  return laeq(sum)
}

/** From 24 levels of an hour each, index = local hour; undefined where an hour was not measured. */
export function ldenFromHourly(hourly: readonly (number | undefined)[], hours: LegalHours = EU_HOURS): PeriodLevels & { readonly laeq24?: DbA } {
  let sums = EMPTY_PERIODS
  hourly.forEach((level, hour) => {
    if (level === undefined) return
    const period = periodOfHour(hour, hours)
    sums = { ...sums, [period]: addLevel(sums[period], level as DbA, 1) }
  })
  const laeq24 = laeq(mergeSums(mergeSums(sums.day, sums.evening), sums.night))
  return { ...periodLevels(sums, hours), ...(laeq24 === undefined ? {} : { laeq24 }) }
}

function add(level: number | undefined, penaltyDb: number): number | undefined {
  return level === undefined ? undefined : level + penaltyDb
}
