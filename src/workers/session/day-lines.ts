/**
 * The day of each layer as a line, while somebody asks for it.
 *
 * A point is the total of the past picture at the end of its quarter: the number that the hand finds when it comes there. It is
 * computed once, when all of its window is known, and looked at again for readings that came late; so a line that is carried
 * on is the line that is computed from nothing. Hours that the city's memory does not have are read from the brokers, one
 * question at a time, but not where an hour has more readings than a worker should ask for: such a line begins when the city
 * was opened. A city that nobody asks about costs nothing (docs/data-engine.md).
 */
import { createAreaIndex } from '../../core/geo/areas.ts'
import { STALE_INTERVALS } from '../../core/time/freshness.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import { localTime } from '../../core/time/zone.ts'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { QUARTER_MS, quartersUntil, type DayHour, type DayLine, type DayPoint } from '../../domains/day-line.ts'
import type { DomainId, DomainModel } from '../../domains/domain-model.ts'
import { expectedIntervalMsOf } from '../../domains/read-context.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import type { Chunk } from '../history/chunk.ts'
import { hourOf } from '../history/coverage.ts'
import { createPastPicture, type PastPicture } from '../history/past-picture.ts'
import type { DayUsual } from './day-usual.ts'
import type { Past, PastWish } from './past.ts'

/** Who has not asked for so long wants no more. */
const WANTED_MS = 90 * SECOND_MS
/** The last readings of a quarter come a little after its end. */
const GRACE_MS = 20 * SECOND_MS
/** How often finished points are held against their readings. */
const CHECK_MS = 5 * MINUTE_MS
const WISH_MS = SECOND_MS
/** Of a turn: the stream goes first. */
const SLICE_MS = 8
/** Readings of an hour that are asked for: a day of them is two million, half a minute of a worker's time. */
export const MAX_HOUR_READINGS = 80_000
/** Three days of quarters. */
const MAX_POINTS = 3 * 96

export interface DayLines {
  ask(question: { readonly domain: DomainId; readonly toMs?: number; readonly district?: number }): DayLine | undefined
  /** The layer whose line is made first. */
  prefer(domain: DomainId | undefined): void
  /** Called often. `nowMs`: the brokers' clock. */
  tick(): void
  /** Nobody asks any more. */
  rest(): void
}

interface Point {
  /** The city's at 0, then the districts'. */
  readonly totals: readonly DayPoint[]
  /** What it was made of. */
  readonly chunks: readonly Chunk[]
  checkedAtMs: number
}

interface Line {
  readonly model: DomainModel
  readonly state: DomainState
  readonly points: Map<number, Point>
  picture: PastPicture | undefined
  toMs: number
  askedAtMs: number
}

export function createDayLines(options: {
  readonly plan: CityPlan
  readonly live: ReadonlyMap<DomainId, DomainState>
  readonly past: Past
  readonly usual: DayUsual
  /** This machine's clock, for pauses; and the brokers'. */
  readonly now: () => number
  readonly nowMs: () => number
}): DayLines {
  const { plan, live, past, usual, now, nowMs } = options
  const lines = new Map<DomainId, Line>()
  const areas = plan.districts && createAreaIndex(plan.districts.areas)
  let preferred: DomainId | undefined
  let wishedAtMs = -Infinity
  let retriedAtMs = -Infinity
  let wished = ''

  const isWanted = (line: Line): boolean => Math.abs(now() - line.askedAtMs) < WANTED_MS
  const readingsAnHour = ({ model, state }: Line): number => (state.count * HOUR_MS) / expectedIntervalMsOf(model, plan)
  /** Layers with few readings before those with many: most lines are there soon. */
  const wantedLines = (): readonly Line[] =>
    [...lines.values()].filter(isWanted).toSorted((a, b) => Number(b.model.id === preferred) - Number(a.model.id === preferred) || readingsAnHour(a) - readingsAnHour(b))

  /** What a point rests on: its window, and readings before it that still count. */
  const restsOnMs = ({ model }: Line): number => Math.max(model.windowMs, STALE_INTERVALS * expectedIntervalMsOf(model, plan))

  function isReadable(line: Line): boolean {
    return readingsAnHour(line) <= MAX_HOUR_READINGS
  }

  /** Newest first: what is near is wanted sooner. */
  function quartersOf(line: Line): readonly number[] {
    return quartersUntil(Math.min(line.toMs, nowMs() - GRACE_MS)).toReversed()
  }

  /** The points of the line that can be made now, as long as the slice lasts. */
  function carryOn(line: Line, untilMs: number): void {
    const { model, points } = line
    past.introduceNew(model.id)
    const history = past.historyOf(model.id)
    const restsMs = restsOnMs(line)
    for (const toMs of quartersOf(line)) {
      const known = points.get(toMs)
      if (known !== undefined && Math.abs(now() - known.checkedAtMs) < CHECK_MS) continue
      if (!past.isWhole(model.id, toMs - restsMs, toMs)) continue
      const chunks = history.chunks(toMs - restsMs, toMs - 1)
      if (known !== undefined && isSame(known.chunks, chunks)) known.checkedAtMs = now()
      else points.set(toMs, { totals: totalsAt(line, toMs), chunks, checkedAtMs: now() })
      if (now() >= untilMs) return
    }
  }

  function totalsAt(line: Line, toMs: number): readonly DayPoint[] {
    const { model } = line
    line.picture ??= createPastPicture({
      history: past.historyOf(model.id),
      anchor: plan.anchor,
      cellRadiusM: 1_000,
      expectedIntervalMs: expectedIntervalMsOf(model, plan),
      areas,
      hasCells: false,
    })
    const { picture } = line
    picture.refresh(toMs - 1)
    const districts = picture.districts.slice(1)
    return [picture.total, ...districts].map(({ value, reporting, known }) => ({ toMs, reporting, known, ...(value === undefined ? {} : { value }) }))
  }

  /** Stretches of the line that are compared by one hour of the city's clock each. */
  function hoursOf(line: Line, district: number): readonly DayHour[] {
    const { model } = line
    const half = model.windowMs / 2
    const toMs = Math.min(line.toMs, nowMs())
    const hours: DayHour[] = []
    for (let fromMs = hourStart(toMs - DAY_MS - half, plan.timeZone); fromMs + half < toMs; ) {
      const endMs = hourStart(fromMs + HOUR_MS, plan.timeZone)
      const known = usual.usualOf(model, fromMs, district)
      hours.push({ fromMs: fromMs + half, toMs: endMs + half, ...(known === undefined ? {} : { usual: known }) })
      fromMs = endMs
    }
    return hours
  }

  /** `isRetry`: a broker that failed is asked again every few minutes, not every second. */
  function wish(isRetry: boolean): void {
    const list = wantedLines()
    const hours: PastWish[] = []
    for (const line of list) {
      if (!isReadable(line) || line.state.count === 0) continue
      const seen = new Set<number>()
      // Beyond a day nothing is kept while the page shows now: it would be read again and again.
      const earliest = hourOf(nowMs()) - DAY_MS / HOUR_MS
      for (const toMs of quartersOf(line)) {
        if (line.points.has(toMs)) continue
        for (let hour = hourOf(toMs - 1); hour >= hourOf(toMs - restsOnMs(line)); hour--) {
          if (seen.has(hour) || (hour < earliest && line.toMs >= nowMs() - DAY_MS)) continue
          seen.add(hour)
          hours.push({ domain: line.model.id, hour, toMs: Math.min((hour + 1) * HOUR_MS, Math.max(toMs, Math.floor((nowMs() - GRACE_MS) / QUARTER_MS) * QUARTER_MS)) })
        }
      }
      if (isRetry) past.forgive(line.model.id, [...seen])
    }
    const key = JSON.stringify(hours)
    if (key !== wished || isRetry) past.wish(hours)
    wished = key
    usual.want(
      list
        .filter(({ state }) => state.count > 0)
        .map((line) => ({ model: line.model, sensors: line.state.count, hours: hoursOf(line, 0).map(({ fromMs }) => fromMs - line.model.windowMs / 2).toReversed(), districtOf: districtsOf(line) })),
    )
  }

  function districtsOf({ state }: Line): (entityId: string) => number {
    if (areas === undefined) return () => 0
    let known: Map<string, number> | undefined
    return (entityId) => {
      known ??= new Map([...state.sensors()].map(({ id, position }) => [id, position === undefined ? 0 : areas.at(position[0], position[1]) + 1]))
      return known.get(entityId) ?? 0
    }
  }

  function forgetOld(line: Line): void {
    for (const toMs of [...line.points.keys()].toSorted((a, b) => Math.abs(b - line.toMs) - Math.abs(a - line.toMs))) {
      if (line.points.size <= MAX_POINTS) return
      line.points.delete(toMs)
    }
  }

  function rest(): void {
    // Points are a few kilobytes and stay; what they are made with goes.
    for (const line of lines.values()) {
      line.picture = undefined
      line.askedAtMs = -Infinity
    }
    wished = ''
    past.wish([])
    usual.want([])
  }

  return {
    ask({ domain, toMs = Infinity, district = 0 }) {
      const state = live.get(domain)
      if (state === undefined) return undefined
      let line = lines.get(domain)
      if (line === undefined) lines.set(domain, (line = { model: state.model, state, points: new Map(), picture: undefined, toMs, askedAtMs: now() }))
      line.askedAtMs = now()
      if (line.toMs !== toMs) wishedAtMs = -Infinity
      line.toMs = toMs
      const quarters = quartersOf(line).toReversed()
      const points = quarters.flatMap((at) => line.points.get(at)?.totals[district] ?? [])
      const hours = hoursOf(line, district)
      const isReading = isReadable(line) && points.length < quarters.length
      const unread = quarters.filter((at) => !line.points.has(at)).map((at) => hourOf(at - 1))
      const usualProblem = usual.problemOf(state.model, state.count)
      const problems = [
        ...(isReadable(line) ? past.problemsOf(domain, [...new Set(unread)]) : [`The day of ${state.model.name} is drawn from when it was opened: too many readings to ask for.`]),
        ...(usualProblem === undefined ? [] : [usualProblem]),
      ]
      const isUsualUnderWay = usualProblem === undefined && hours.some((hour) => hour.usual === undefined)
      return { windowMs: state.model.windowMs, points, hours, isUnderWay: isReading || isUsualUnderWay, problems }
    },
    prefer(domain) {
      preferred = domain
    },
    tick() {
      const list = wantedLines()
      if (list.length === 0) {
        if (wished !== '') rest()
        return
      }
      const time = now()
      for (const line of list) {
        if (now() > time + SLICE_MS) break
        carryOn(line, time + SLICE_MS)
        forgetOld(line)
      }
      if (Math.abs(time - wishedAtMs) < WISH_MS) return
      wishedAtMs = time
      const isRetry = Math.abs(time - retriedAtMs) >= CHECK_MS
      if (isRetry) retriedAtMs = time
      wish(isRetry)
    },
    rest,
  }
}

function isSame(before: readonly Chunk[], now: readonly Chunk[]): boolean {
  return before.length === now.length && before.every((chunk, index) => chunk === now[index])
}

/** Beginning of the hour on the city's clock. */
function hourStart(ms: number, timeZone: string): number {
  const { minute } = localTime(ms, timeZone)
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS - minute * MINUTE_MS
}
