/**
 * A layer's day as tiles and time line draw it: asked of the worker while somebody looks, and joined with what is shown now.
 *
 * All layers have the day of the time line, so that while a hand drags the time the dots of all tiles move with it.
 */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { isBand, type Usual } from '../core/stats/usual.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time/instant.ts'
import { localTime } from '../core/time/zone.ts'
import { QUARTER_MS, type DayLine, type DayPoint } from '../domains/day-line.ts'
import type { DomainId } from '../domains/domain-model.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import type { DayPicture } from '../ui/day-shape.ts'
import { formatClock } from '../ui/words/clock.ts'
import { useChoices } from './choices.ts'
import { daySpan } from './day-span.ts'
import type { LiveStore } from './live-store.ts'
import { useServices } from './services.ts'

/** While more is being read; and when only the next quarter is waited for. */
const ASK_MS = 3 * SECOND_MS
const CARRY_ON_MS = 15 * SECOND_MS

interface LineKey {
  readonly cityId: string
  readonly domain: DomainId
  /** End of a day that is over; undefined is now. */
  readonly toMs: number | undefined
  /** 0 = the city. */
  readonly district: number
}

const lineQuery = (live: LiveStore, { cityId, domain, toMs, district }: LineKey) =>
  queryOptions({
    queryKey: ['line', cityId, domain, toMs ?? 'now', district],
    queryFn: async (): Promise<DayLine> => {
      const answer = await live.ask({ kind: 'line', domain, ...(toMs === undefined ? {} : { toMs }), ...(district === 0 ? {} : { district }) })
      if (!answer.ok) throw new Error(answer.message)
      if (answer.kind !== 'line') throw new Error(`expected a line, got ${answer.kind}`)
      return answer.line
    },
    refetchInterval: ({ state }) => (state.data?.isUnderWay === false ? CARRY_ON_MS : ASK_MS),
    retry: false,
  })

export interface Day {
  readonly fromMs: number
  readonly toMs: number
  /** Undefined while nothing is known. */
  readonly line: DayLine | undefined
  /** For drawing: a new one only when something in it has changed. */
  readonly picture: DayPicture
}

/** `nowMs`: the brokers' clock. */
export function useDay(domain: DomainId, { plan, atMs, nowMs, district = 0 }: { readonly plan: CityPlan; readonly atMs: number | undefined; readonly nowMs: number; readonly district?: number | undefined }): Day {
  const { live } = useServices()
  const isPaused = useChoices((choices) => choices.isPaused)
  const { fromMs, toMs } = daySpan(atMs, nowMs)
  const isToday = toMs >= nowMs
  const key = { cityId: plan.id, domain, toMs: isToday ? undefined : Math.floor(toMs / QUARTER_MS) * QUARTER_MS, district }
  const { data: line } = useQuery({ ...lineQuery(live, key), enabled: !isPaused })
  const picture = useMemo(() => pictureOf(line, fromMs, toMs), [line, fromMs, toMs])
  return { fromMs, toMs, line, picture }
}

export function pictureOf(line: DayLine | undefined, fromMs: number, toMs: number): DayPicture {
  return {
    fromMs,
    toMs,
    points: (line?.points ?? []).flatMap(({ toMs: ms, value }) => (value === undefined ? [] : [{ ms, value }])),
    maxGapMs: QUARTER_MS,
    bands: (line?.hours ?? []).flatMap(({ fromMs: from, toMs: to, usual }) => (isBand(usual) ? [{ fromMs: from, toMs: to, low: usual.p10, middle: usual.median, high: usual.p90 }] : [])),
  }
}

export interface DayReading {
  /** End of the quarter. */
  readonly toMs: number
  readonly point: DayPoint | undefined
  readonly usual: Usual | undefined
}

/** What the line says at an instant: of the quarter that ends there, or has ended last. */
export function readingAt(line: DayLine | undefined, ms: number): DayReading {
  const toMs = Math.round(ms / QUARTER_MS) * QUARTER_MS
  return { toMs, point: line?.points.find((point) => point.toMs === toMs), usual: line?.hours.find((hour) => ms >= hour.fromMs && ms < hour.toMs)?.usual }
}

/** "61 dB(A), usually 52 dB(A) to 58 dB(A)", or why there is nothing. */
export function readingWords(view: DomainView, { point, usual }: DayReading): string {
  if (point === undefined) return say({ id: 'day.unread', defaultMessage: 'not read' })
  if (point.value === undefined) return say({ id: 'day.nothing', defaultMessage: 'nothing measured' })
  const value = view.format(point.value)
  if (!isBand(usual)) return value
  return say({ id: 'day.valueAndUsual', defaultMessage: '{value}, usually {low} to {high}' }, { value, low: view.format(usual.p10), high: view.format(usual.p90) })
}

/** The day in a sentence, for who does not see the line. */
export function dayWords(view: DomainView, line: DayLine | undefined, timeZone: string): string {
  const measured = (line?.points ?? []).filter((point): point is DayPoint & { readonly value: number } => point.value !== undefined)
  const [first] = measured
  if (line === undefined || first === undefined) return say({ id: 'day.empty', defaultMessage: 'Nothing is known of its last 24 hours yet.' })
  let lowest = first
  let highest = first
  for (const point of measured) {
    if (point.value < lowest.value) lowest = point
    if (point.value > highest.value) highest = point
  }
  const beyond = measured.filter(({ toMs, value }) => {
    const usual = line.hours.find((hour) => toMs >= hour.fromMs && toMs < hour.toMs)?.usual
    return isBand(usual) && (value < usual.p10 || value > usual.p90)
  }).length
  return say(
    {
      id: 'day.sentence',
      defaultMessage:
        'In 24 hours from {low} at {lowAt} to {high} at {highAt}; {missing, plural, =0 {no quarter of an hour is missing} one {# quarter of an hour is missing} other {# quarters of an hour are missing}}, {beyond, plural, =0 {none} one {#} other {#}} beyond usual.',
    },
    { low: view.format(lowest.value), lowAt: formatClock(lowest.toMs, timeZone), high: view.format(highest.value), highAt: formatClock(highest.toMs, timeZone), missing: DAY_MS / QUARTER_MS - measured.length, beyond },
  )
}

export interface HourTick {
  readonly ms: number
  readonly hour: number
}

/** Beginnings of the hours of the city's clock within the day: 23, 24 or 25 when it is changed. */
export function hourTicks(fromMs: number, toMs: number, timeZone: string): readonly HourTick[] {
  const ticks: HourTick[] = []
  const { minute } = localTime(fromMs, timeZone)
  const first = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS - minute * MINUTE_MS
  // Offsets change by whole quarters: a step of one meets every beginning.
  for (let ms = first; ms <= toMs; ms += QUARTER_MS) {
    const { hour, minute: past } = localTime(ms, timeZone)
    if (past === 0 && ms >= fromMs && (ticks.length === 0 || ms - ticks.at(-1)!.ms >= HOUR_MS)) ticks.push({ ms, hour })
  }
  return ticks
}
