/**
 * The comparable hours of one domain, read from its brokers and folded by the domain itself: eight weeks of one
 * hour a day. Where the fold is the mean of what was observed, a broker that can aggregate sends one number for
 * each window instead of every reading; levels in decibels never go that way.
 *
 * An hour is kept as folds of short steps, so that windows of a quarter of an hour and of an hour come out of one reading.
 */
import { across } from '../../core/stats/across.ts'
import { usualOf, type HourSlice, type Usual, type UsualSample } from '../../core/stats/usual.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel, ReadContext, Reading } from '../../domains/domain-model.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import { instancesIn } from './window-fill.ts'
import { meansIn, readingsIn, type Present } from './past-states.ts'

/** Longest window that has a usual: a day's would need eight weeks of every reading. */
export const LONGEST_USUAL_MS = HOUR_MS
const STEP_MS = 15 * MINUTE_MS

/** Folds of one hour: by sensor, by step. */
export interface HourFolds {
  readonly slice: HourSlice
  readonly sensors: ReadonlyMap<string, readonly (Float64Array | undefined)[]>
}

export interface UsualHistory {
  readonly stepMs: number
  readonly hours: readonly HourFolds[]
}

/** Brokers that refused to aggregate are not asked again. */
export type Refusals = Set<string>

/** Steps must be as long as the window where the broker folds: its means have no weights to merge by. */
export function stepFor(model: DomainModel, windowMs: number): number {
  return model.isMean === true ? windowMs : Math.min(windowMs, STEP_MS)
}

export interface HourReading<Signal> {
  readonly model: DomainModel
  readonly context: ReadContext
  readonly expectedIntervalMs: number
  readonly stepMs: number
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  readonly presentOf: (broker: string) => Promise<Present>
  readonly refusals: Refusals
  readonly signal: Signal
}

export async function readUsualHistory<Signal extends Abortable>(
  options: HourReading<Signal> & {
    readonly slices: readonly HourSlice[]
    /** Between two questions: the stream and the operator go first. Says how many hours are read. */
    readonly pause: (read: number) => Promise<void>
  },
): Promise<UsualHistory | { readonly problem: string } | undefined> {
  const hours: HourFolds[] = []
  for (const slice of options.slices) {
    await options.pause(hours.length)
    if (isAborted(options.signal)) return undefined
    const hour = await readHourFolds(slice, options)
    if (hour === undefined || 'problem' in hour) return hour
    hours.push(hour)
  }
  return { stepMs: options.stepMs, hours }
}

/** One hour of every sensor, one broker after the other. Undefined when it was given up. */
export async function readHourFolds<Signal extends Abortable>(slice: HourSlice, options: HourReading<Signal>): Promise<HourFolds | { readonly problem: string } | undefined> {
  const { model, context, stepMs, brokers, refusals, signal } = options
  const types = [...new Set(model.watches.map(({ type }) => type))]
  const sensors = new Map<string, (Float64Array | undefined)[]>()
  const seen = new Set<string>()
  for (const [id, broker] of brokers) {
    const present = await options.presentOf(id)
    const readings = await readHour(id, broker, present)
    if (isAborted(signal)) return undefined
    if (typeof readings === 'string') return { problem: readings }
    for (const reading of readings) {
      // Two brokers may hold one sensor, and "between" may include its ends.
      const key = `${reading.observedAtMs} ${reading.entityId}`
      if (reading.observedAtMs < slice.fromMs || reading.observedAtMs >= slice.toMs || seen.has(key)) continue
      seen.add(key)
      const step = Math.floor((reading.observedAtMs - slice.fromMs) / stepMs)
      let folds = sensors.get(reading.entityId)
      if (folds === undefined) sensors.set(reading.entityId, (folds = []))
      folds[step] = model.fold.add(folds[step] ?? model.fold.empty, reading)
    }
  }
  return { slice, sensors }

  async function readHour(id: string, broker: BrokerAccess<Signal>, present: Present): Promise<readonly Reading[] | string> {
    const span = { fromMs: slice.fromMs, toMs: slice.toMs - 1 }
    if (model.isMean === true && broker.means !== undefined && !refusals.has(id)) {
      const means = await broker.means(types, { ...span, toMs: slice.toMs }, stepMs, signal)
      if (means.ok) {
        const folded = meansIn(means.value, model, context, present)
        // Where one value of a window is not to be believed, its mean is not either: then reading by reading.
        if (folded !== undefined) return folded
      } else {
        refusals.add(id)
      }
    }
    const history = await broker.past(types, span, signal, { attributes: model.foldAttributes, instances: instancesIn(model, HOUR_MS, options.expectedIntervalMs) })
    if (!history.ok) return `the past could not be read from ${id}: ${history.error}`
    return readingsIn(history.value, model, context, present).readings
  }
}

// A call, because the compiler takes what was false before an `await` to be false after it.
function isAborted(signal: Abortable): boolean {
  return signal.aborted === true
}

export interface UsualBands {
  readonly sensors: ReadonlyMap<string, Usual>
  readonly city: Usual
}

/** The city's usual is made of the city's own past values, not of its sensors' medians. */
export function bandsOf(model: DomainModel, { stepMs, hours }: UsualHistory, windowMs: number, nowMs: number): UsualBands {
  const bySensor = new Map<string, UsualSample[]>()
  const city: UsualSample[] = []
  for (const hour of hours) {
    for (const { atMs, ids, values } of windowsIn(model, hour, stepMs, windowMs)) {
      ids.forEach((id, index) => {
        let samples = bySensor.get(id)
        if (samples === undefined) bySensor.set(id, (samples = []))
        samples.push({ value: values[index], atMs })
      })
      city.push({ value: across(model.across.city, values), atMs })
    }
  }
  return { sensors: new Map([...bySensor].map(([id, samples]) => [id, usualOf(samples, nowMs)])), city: usualOf(city, nowMs) }
}

/** The windows of one hour one after the other: who measured something, and what. */
export function* windowsIn(model: DomainModel, { slice, sensors }: HourFolds, stepMs: number, windowMs: number): Generator<{ readonly atMs: number; readonly ids: readonly string[]; readonly values: readonly number[] }> {
  const perWindow = Math.max(1, Math.round(windowMs / stepMs))
  for (let first = 0; first * stepMs < HOUR_MS; first += perWindow) {
    const ids: string[] = []
    const values: number[] = []
    for (const [id, folds] of sensors) {
      const inside = folds.slice(first, first + perWindow).filter((fold) => fold !== undefined)
      if (inside.length === 0) continue
      const value = model.fold.value(inside.reduce((a, b) => model.fold.merge(a, b), model.fold.empty))
      if (value === undefined) continue
      ids.push(id)
      values.push(value)
    }
    yield { atMs: slice.fromMs + first * stepMs, ids, values }
  }
}
