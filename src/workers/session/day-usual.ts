/**
 * What is usual for each hour of a day, for the city and its districts: the band behind a day's line.
 *
 * It is made as what is usual now is made (`usual-history.ts`), with two differences that make a whole day affordable. Of the
 * comparable days of eight weeks up to twenty are read, evenly spread and always with the oldest, fewer where the sensors are
 * many: all hours of a day together ask for about a million readings at most. And nothing is kept of a sensor: an hour leaves
 * a few numbers, the city's and each district's values.
 *
 * It waits for what is usual now: nothing is read while that is.
 */
import { across } from '../../core/stats/across.ts'
import { comparableHours, usualOf, type HourSlice, type Usual, type UsualSample } from '../../core/stats/usual.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import { localHourAt } from '../../core/time/local-hour.ts'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainId, DomainModel } from '../../domains/domain-model.ts'
import { expectedIntervalMsOf, readContextOf } from '../../domains/read-context.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import type { Present } from './past-states.ts'
import { LONGEST_USUAL_MS, readHourFolds, stepFor, windowsIn, type Refusals } from './usual-history.ts'

/** Readings that the hours of one day of a layer may ask for, and the days of an hour within that. */
const MAX_READINGS = 1_000_000
const MAX_DAYS = 20
/** With fewer days the ends of the band would be single days; then there is none rather than a rough one. */
const MIN_DAYS = 8
const PAUSE_MS = 50
const BUSY_MS = SECOND_MS
const RETRY_MS = 5 * MINUTE_MS
/** A few days of a few layers. */
const MAX_KEPT = 1_000

export interface DayUsualWish {
  readonly model: DomainModel
  /** How many sensors it has: what an hour costs. */
  readonly sensors: number
  /** Any instant of each hour, the most wanted first. */
  readonly hours: readonly number[]
  /** District of a sensor, from 1 on; 0 = in none. */
  districtOf(entityId: string): number
}

export interface DayUsual {
  /** In place of the wishes before; none: nothing more is read. */
  want(wishes: readonly DayUsualWish[]): void
  /** Undefined while it is not known. `district` 0 is the city. */
  usualOf(model: DomainModel, ms: number, district: number): Usual | undefined
  /** Why a layer has none and will have none, in a sentence. */
  problemOf(model: DomainModel, sensors: number): string | undefined
  close(): void
}

export function createDayUsual<Signal extends Abortable>(options: {
  readonly plan: CityPlan
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  readonly presentOf: (broker: string) => Promise<Present>
  readonly effects: {
    now(): number
    wait(ms: number, signal: Signal): Promise<void>
    createAbort(): { readonly signal: Signal; abort(): void }
  }
  /** Is something more urgent being read? */
  readonly isBusy: () => boolean
}): DayUsual {
  const { plan, brokers, effects } = options
  const holidays = new Set(plan.holidays ?? [])
  const districts = plan.districts?.areas.length ?? 0
  /** By hour: the city's at 0, then the districts'. */
  const kept = new Map<string, readonly Usual[]>()
  const failed = new Map<DomainId, { readonly why: string; readonly atMs: number }>()
  const refusals: Refusals = new Set()
  let wishes: readonly DayUsualWish[] = []
  let running: { abort(): void } | undefined

  // An hour that is there twice is two: their offsets differ.
  function keyOf(model: DomainModel, ms: number): string {
    const { localDate, hour, offsetMinutes } = localHourAt(ms, plan.timeZone)
    return `${model.id} ${localDate} ${hour} ${offsetMinutes}`
  }

  function next(): { readonly wish: DayUsualWish; readonly ms: number } | undefined {
    for (const wish of wishes) {
      const failure = failed.get(wish.model.id)
      if (failure !== undefined && effects.now() - failure.atMs < RETRY_MS) continue
      if (daysFor(wish.model, wish.sensors) < MIN_DAYS) continue
      const ms = wish.hours.find((hour) => !kept.has(keyOf(wish.model, hour)))
      if (ms !== undefined) return { wish, ms }
    }
    return undefined
  }

  /** Comparable days that an hour of the layer may be read of; 0 where even a few are too many readings. */
  function daysFor(model: DomainModel, sensors: number): number {
    if (model.windowMs > LONGEST_USUAL_MS) return 0
    const everyMs = model.isMean === true && refusals.size === 0 ? model.windowMs : expectedIntervalMsOf(model, plan)
    return Math.min(MAX_DAYS, Math.floor(MAX_READINGS / (24 * Math.max(1, sensors) * Math.max(1, HOUR_MS / everyMs))))
  }

  async function work(): Promise<void> {
    const { signal, abort } = effects.createAbort()
    const mine = { abort }
    running = mine
    for (;;) {
      await effects.wait(options.isBusy() ? BUSY_MS : PAUSE_MS, signal)
      if (running !== mine) return
      if (options.isBusy()) continue
      const found = next()
      if (found === undefined) break
      await read(found, signal)
      if (running !== mine) return
    }
    running = undefined
  }

  async function read({ wish, ms }: { readonly wish: DayUsualWish; readonly ms: number }, signal: Signal): Promise<void> {
    const { model } = wish
    const { windowMs } = model
    const stepMs = stepFor(model, windowMs)
    const samples = Array.from({ length: districts + 1 }, (): UsualSample[] => [])
    for (const slice of spread(comparableHours(ms, plan.timeZone, holidays), daysFor(model, wish.sensors))) {
      await effects.wait(PAUSE_MS, signal)
      if (isAborted(signal)) return
      const hour = await readHourFolds(slice, {
        model,
        context: readContextOf(plan, model),
        expectedIntervalMs: expectedIntervalMsOf(model, plan),
        stepMs,
        brokers,
        presentOf: options.presentOf,
        refusals,
        signal,
      })
      if (hour === undefined || isAborted(signal)) return
      if ('problem' in hour) {
        failed.set(model.id, { why: hour.problem, atMs: effects.now() })
        return
      }
      for (const { atMs, ids, values } of windowsIn(model, hour, stepMs, windowMs)) {
        samples[0]!.push({ value: across(model.across.city, values), atMs })
        for (let district = 1; district <= districts; district++) {
          const inside = values.filter((_, index) => wish.districtOf(ids[index]!) === district)
          samples[district]!.push({ value: across(model.across.city, inside), atMs })
        }
      }
    }
    failed.delete(model.id)
    // The oldest is the first of a Map.
    if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!)
    kept.set(keyOf(model, ms), samples.map((one) => usualOf(one, ms)))
  }

  return {
    want(wanted) {
      wishes = wanted
      if (wishes.length === 0) {
        running?.abort()
        running = undefined
      } else if (running === undefined && next() !== undefined) void work()
    },
    usualOf: (model, ms, district) => kept.get(keyOf(model, ms))?.[district],
    problemOf(model, sensors) {
      if (sensors > 0 && daysFor(model, sensors) < MIN_DAYS) return `What is usual for the hours of a day is not read for ${model.name}: too many readings to ask for.`
      const failure = failed.get(model.id)
      return failure === undefined ? undefined : `What is usual for ${model.name} could not be read: ${failure.why}`
    },
    close() {
      wishes = []
      running?.abort()
      running = undefined
    },
  }
}

// A call, because the compiler takes what was false before an `await` to be false after it.
function isAborted(signal: Abortable): boolean {
  return signal.aborted === true
}

/** So many of them, evenly, with the first and the last: how far back the history goes must be seen. */
export function spread(slices: readonly HourSlice[], count: number): readonly HourSlice[] {
  if (slices.length <= count) return slices
  return Array.from({ length: count }, (_, index) => slices[Math.round((index * (slices.length - 1)) / (count - 1))]!)
}
