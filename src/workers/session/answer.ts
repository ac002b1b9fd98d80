/** Answers to what the page asks about one sensor, by the same readers as the live data. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { err, ok, type Result } from '../../core/result.ts'
import type { DomainModel, ReadContext, Reading } from '../../domains/domain-model.ts'
import { decodeEntity } from '../../ngsi-ld/decode.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { explain, readContextOf } from '../aggregator/aggregator.ts'
import type { Answer, Question } from '../city.messages.ts'
import type { BrokerAccess } from './broker-access.ts'
import { readingsIn } from './past-states.ts'

export interface Asked<Signal> {
  readonly plan: CityPlan
  readonly models: readonly DomainModel[]
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  /** The broker that has shown the sensor, when one has. */
  readonly brokerOf: (id: string) => string | undefined
  readonly signal: Signal
}

export async function answer<Signal>(question: Exclude<Question, { kind: 'usual' | 'line' }>, asked: Asked<Signal>): Promise<Answer> {
  const model = asked.models.find(({ id }) => id === question.domain)
  if (model === undefined) return { ok: false, message: `${asked.plan.name} has no layer "${question.domain}".` }
  const context = readContextOf(asked.plan, model)
  if (question.kind === 'history') {
    const { entityId, fromMs, toMs } = question
    const answered = await firstAnswer(asked, entityId, async (broker) => {
      const [history, raw] = await Promise.all([broker.pastOf(entityId, { fromMs, toMs }, asked.signal), broker.entity(entityId, asked.signal)])
      return history.ok ? ok({ history: history.value, raw }) : history
    })
    if (!answered.ok) return { ok: false, message: answered.error }
    const { history, raw } = answered.value
    // An entity that is gone by now still has its history.
    const present = raw.ok ? decodeEntity(raw.value) : undefined
    const { readings, rejected } = readingsIn(history, model, context, new Map(present?.ok === true ? [[entityId, present.value]] : []))
    const inside = readings.filter(({ observedAtMs }) => observedAtMs >= fromMs && observedAtMs < toMs)
    return { ok: true, kind: 'history', readings: inside, rejected, partial: history.partial }
  }
  const raw = await firstAnswer(asked, question.entityId, (broker) => broker.entity(question.entityId, asked.signal))
  if (!raw.ok) return { ok: false, message: raw.error }
  return { ok: true, kind: 'entity', raw: raw.value, ...readRaw(raw.value, model, context) }
}

function readRaw(raw: Json, model: DomainModel, context: ReadContext): { readonly reading: Reading } | { readonly problem: string } {
  const decoded = decodeEntity(raw)
  if (!decoded.ok) return { problem: `${decoded.error.path === '' ? '' : `${decoded.error.path}: `}${decoded.error.reason}` }
  const read = model.read(decoded.value, context)
  return read.ok ? { reading: read.value } : { problem: explain(decoded.value.id, read.error) }
}

/** Asks the broker that is known to hold the sensor; without one, each in turn until one knows it. */
async function firstAnswer<Signal, T>(
  { brokers, brokerOf }: Asked<Signal>,
  entityId: string,
  ask: (broker: BrokerAccess<Signal>) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  const known = brokers.get(brokerOf(entityId) ?? '')
  let last: Result<T, string> = err('No broker is configured.')
  for (const broker of known === undefined ? brokers.values() : [known]) {
    last = await ask(broker)
    if (last.ok) return last
  }
  return last
}
