/**
 * Keeps what is usual now for every domain of a city: read in the background, one question at a time and the layer
 * that is looked at first, kept by hour, kind of day and window, and read anew when the hour turns.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { comparableHours, hourKindAt, isBand, usualInstant, type HourKind, type Usual } from '../../core/stats/usual.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import { localHourAt } from '../../core/time/local-hour.ts'
import type { DomainId, DomainModel } from '../../domains/domain-model.ts'
import { expectedIntervalMsOf, readContextOf, type ReadCity } from '../../domains/read-context.ts'
import type { UsualNow } from '../aggregator/picture.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import type { Present } from './past-states.ts'
import { bandsOf, LONGEST_USUAL_MS, readUsualHistory, stepFor, type Refusals, type UsualBands, type UsualHistory } from './usual-history.ts'

/** Between two questions: a broker answers others too. */
const PAUSE_MS = 50
/** A hand that drags the time axis passes many hours. */
const SETTLE_MS = SECOND_MS
/** A broker that failed is asked again after a while. */
const RETRY_MS = 5 * 60 * SECOND_MS
/** Folds of hours that are kept: all domains of now, and some that were looked at. */
const MAX_KEPT = 16

export interface UsualWish {
  readonly model: DomainModel
  readonly windowMs: number
}

export type UsualAnswer =
  | { readonly kind: 'known'; readonly now: UsualNow; readonly hour: HourKind }
  | { readonly kind: 'reading'; readonly readHours: number; readonly allHours: number }
  | { readonly kind: 'none'; readonly why: string }

export interface UsualKeeper {
  /** What is known for this window at this instant; what is not known is read, in the order of the last `want`. */
  answer(wish: UsualWish, nowMs: number): UsualAnswer
  /** Which domains need a usual at which instant, the most wanted first. */
  want(wishes: readonly UsualWish[], nowMs: number): void
  usualOf(wish: UsualWish, nowMs: number, entityId: string): Usual | undefined
  readonly isReading: boolean
  close(): void
}

interface Kept {
  readonly history: UsualHistory
  readonly bands: Map<number, { readonly bands: UsualBands; readonly now: UsualNow }>
}

export function createUsualKeeper<Signal extends Abortable>(options: {
  readonly plan: ReadCity & Pick<CityPlan, 'holidays'>
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  readonly presentOf: (broker: string) => Promise<Present>
  readonly effects: {
    now(): number
    wait(ms: number, signal: Signal): Promise<void>
    createAbort(): { readonly signal: Signal; abort(): void }
  }
  /** Something more is known, or has failed. */
  readonly onChange: (domain: DomainId) => void
}): UsualKeeper {
  const { plan, brokers, effects } = options
  const holidays = new Set(plan.holidays ?? [])
  const kept = new Map<string, Kept>()
  const failed = new Map<string, { readonly why: string; readonly atMs: number }>()
  const refusals: Refusals = new Set()
  let wishes: readonly UsualWish[] = []
  let wantedMs = NaN
  let progress: { readonly key: string; readonly read: number; readonly all: number } | undefined
  let running: { readonly abort: () => void; key: string | undefined } | undefined
  let isClosed = false

  // An hour that is there twice is two: their offsets differ.
  function hourOf(ms: number): string {
    const { localDate, hour, offsetMinutes } = localHourAt(ms, plan.timeZone)
    return `${localDate} ${hour} ${offsetMinutes}`
  }

  function keyOf(wish: UsualWish, nowMs: number): string {
    return `${wish.model.id} ${stepFor(wish.model, wish.windowMs)} ${hourOf(usualInstant(wish, nowMs))}`
  }

  function keptFor(wish: UsualWish, nowMs: number): { readonly bands: UsualBands; readonly now: UsualNow } | undefined {
    const found = kept.get(keyOf(wish, nowMs))
    if (found === undefined) return undefined
    let known = found.bands.get(wish.windowMs)
    if (known === undefined) {
      const bands = bandsOf(wish.model, found.history, wish.windowMs, usualInstant(wish, nowMs))
      const now: UsualNow = {
        city: bands.city,
        bandOf(id) {
          const usual = bands.sensors.get(id)
          return isBand(usual) ? usual : undefined
        },
      }
      found.bands.set(wish.windowMs, (known = { bands, now }))
    }
    return known
  }

  const isOpen = (wish: UsualWish, ms: number): boolean => {
    if (wish.windowMs > LONGEST_USUAL_MS) return false
    const key = keyOf(wish, ms)
    const failure = failed.get(key)
    return !kept.has(key) && (failure === undefined || effects.now() - failure.atMs > RETRY_MS)
  }

  async function work(): Promise<void> {
    const abort = effects.createAbort()
    const mine = { abort: abort.abort, key: undefined as string | undefined }
    running = mine
    await effects.wait(SETTLE_MS, abort.signal)
    // `close` and another hour put an end to it by taking `running` away.
    for (;;) {
      if (running !== mine) return
      const atMs = wantedMs
      const wish = wishes.find((one) => isOpen(one, atMs))
      if (wish === undefined) break
      mine.key = keyOf(wish, atMs)
      await read(wish, atMs, abort.signal)
      mine.key = undefined
    }
    running = undefined
  }

  async function read(wish: UsualWish, atMs: number, signal: Signal): Promise<void> {
    const { model, windowMs } = wish
    const key = keyOf(wish, atMs)
    const slices = comparableHours(usualInstant(wish, atMs), plan.timeZone, holidays)
    const history = await readUsualHistory({
      model,
      context: readContextOf(plan, model),
      expectedIntervalMs: expectedIntervalMsOf(model, plan),
      slices,
      stepMs: stepFor(model, windowMs),
      brokers,
      presentOf: options.presentOf,
      refusals,
      signal,
      async pause(read) {
        progress = { key, read, all: slices.length }
        options.onChange(model.id)
        await effects.wait(PAUSE_MS, signal)
      },
    })
    progress = undefined
    if (history === undefined) return
    if ('problem' in history) failed.set(key, { why: history.problem, atMs: effects.now() })
    else {
      // The oldest is the first of a Map.
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, { history, bands: new Map() })
    }
    options.onChange(model.id)
  }

  return {
    want(next, nowMs) {
      wishes = next
      wantedMs = nowMs
      if (Number.isNaN(nowMs) || isClosed) return
      const reading = running?.key
      if (reading !== undefined && !wishes.some((wish) => keyOf(wish, nowMs) === reading)) {
        running?.abort()
        running = undefined
      }
      if (running === undefined && wishes.some((wish) => isOpen(wish, nowMs))) void work()
    },
    answer(wish, nowMs) {
      if (wish.windowMs > LONGEST_USUAL_MS) return { kind: 'none', why: 'usual is known for windows up to an hour' }
      const known = keptFor(wish, nowMs)
      if (known !== undefined) return { kind: 'known', now: known.now, hour: hourKindAt(usualInstant(wish, nowMs), plan.timeZone, holidays) }
      const key = keyOf(wish, nowMs)
      const failure = failed.get(key)
      if (failure !== undefined) return { kind: 'none', why: failure.why }
      return progress?.key === key ? { kind: 'reading', readHours: progress.read, allHours: progress.all } : { kind: 'reading', readHours: 0, allHours: 0 }
    },
    get isReading() {
      return running !== undefined
    },
    usualOf: (wish, nowMs, entityId) => keptFor(wish, nowMs)?.bands.sensors.get(entityId),
    close() {
      isClosed = true
      running?.abort()
      running = undefined
    },
  }
}
