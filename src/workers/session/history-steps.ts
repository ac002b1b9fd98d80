/**
 * A week or a month of one sensor as values of equal steps.
 *
 * Where the layer's value is a mean, a broker that can average sends one number a step. Else every reading is
 * read, newest days first and a page at a time, and folded as the layer itself folds them: levels stay
 * energy means. Then it is also known where nothing came.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { silencesIn } from '../../core/time/silences.ts'
import type { DomainModel, ReadContext, Reading } from '../../domains/domain-model.ts'
import { decodeEntity } from '../../ngsi-ld/decode.ts'
import type { HistoryStep, HistorySteps, Question } from '../city.messages.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import { meansIn, readingsIn, type Present } from './past-states.ts'

/** Readings of one page: brokers give 10 000 instances at once, and a reading has some six attributes. */
const PAGE_READINGS = 1_500
/** A month of a sensor that reports every 30 s, about; what is older is left out, and said. */
const MAX_PAGES = 60

export interface StepsAsked<Signal> {
  readonly question: Extract<Question, { kind: 'steps' }>
  readonly model: DomainModel
  readonly context: ReadContext
  readonly broker: BrokerAccess<Signal>
  readonly expectedMs: number
  readonly signal: Signal
}

export async function readSteps<Signal extends Abortable>(asked: StepsAsked<Signal>): Promise<Result<HistorySteps, string>> {
  const { question, model, context, broker, expectedMs, signal } = asked
  const { entityId, fromMs, toMs, stepMs, maxGapMs } = question
  const raw = await broker.entity(entityId, signal)
  const entity = raw.ok ? decodeEntity(raw.value) : undefined
  // An entity that is gone by now still has its history.
  const present: Present = new Map(entity?.ok === true ? [[entityId, entity.value]] : [])

  if (model.isMean === true && broker.meansOf !== undefined) {
    const means = await broker.meansOf(entityId, { fromMs, toMs }, stepMs, signal)
    const readings = means.ok ? meansIn(means.value, model, context, present) : undefined
    // Where one value is not to be believed its mean is not either: then reading by reading.
    if (means.ok && readings !== undefined && readings.length > 0) {
      const steps = stepsOf(readings, model, { fromMs, toMs, stepMs }).map(({ fromMs: startMs, value }) => ({ fromMs: startMs, value }))
      return ok({ steps, by: 'broker', rejected: means.value.rejected, partial: means.value.partial })
    }
  }

  const pageMs = Math.max(1, Math.floor((PAGE_READINGS * expectedMs) / stepMs)) * stepMs
  const readings: Reading[] = []
  let rejected = 0
  let partial = false
  let untilMs = toMs
  for (let page = 0; untilMs > fromMs; page++) {
    if (isAborted(signal)) return err('the question was withdrawn')
    if (page === MAX_PAGES) {
      partial = true
      break
    }
    const sinceMs = Math.max(fromMs, Math.floor((untilMs - 1 - fromMs) / pageMs) * pageMs + fromMs)
    const history = await broker.pastOf(entityId, { fromMs: sinceMs, toMs: untilMs }, signal)
    if (!history.ok) {
      if (page === 0) return history
      // What has come is worth more than nothing.
      partial = true
      break
    }
    const read = readingsIn(history.value, model, context, present)
    rejected += read.rejected
    partial ||= history.value.partial
    const endMs = untilMs
    readings.push(...read.readings.filter(({ observedAtMs }) => observedAtMs >= sinceMs && observedAtMs < endMs))
    untilMs = sinceMs
  }
  const times = new Set(readings.map(({ observedAtMs }) => observedAtMs))
  return ok({ steps: stepsOf(readings, model, { fromMs, toMs, stepMs }), by: 'readings', gaps: silencesIn(times, { fromMs: untilMs, toMs, maxGapMs }), readings: times.size, rejected, partial })
}

/** Steps in which something was measured, ascending. Which reading comes first makes no difference. */
export function stepsOf(readings: Iterable<Reading>, { fold, headline }: Pick<DomainModel, 'fold' | 'headline'>, { fromMs, toMs, stepMs }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number }): readonly HistoryStep[] {
  const byIndex = new Map<number, { sum: Float64Array; low: number; high: number }>()
  for (const reading of readings) {
    const { observedAtMs, values } = reading
    if (observedAtMs < fromMs || observedAtMs >= toMs) continue
    const index = Math.floor((observedAtMs - fromMs) / stepMs)
    let step = byIndex.get(index)
    if (step === undefined) byIndex.set(index, (step = { sum: fold.empty, low: Infinity, high: -Infinity }))
    step.sum = fold.add(step.sum, reading)
    const value = values[headline] ?? Number.NaN
    if (value < step.low) step.low = value
    if (value > step.high) step.high = value
  }
  return [...byIndex]
    .sort(([a], [b]) => a - b)
    .flatMap(([index, { sum, low, high }]): HistoryStep[] => {
      const value = fold.value(sum)
      if (value === undefined || Number.isNaN(value)) return []
      return [{ fromMs: fromMs + index * stepMs, value, ...(low <= high && { low, high }) }]
    })
}

// A call, because the compiler takes what was false before an `await` to be false after it.
function isAborted(signal: Abortable): boolean {
  return signal.aborted === true
}
