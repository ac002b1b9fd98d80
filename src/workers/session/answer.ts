/** Answers to what the page asks about one sensor, by the same readers as the live data. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { err, ok, type Result } from '../../core/result.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainModel, ReadContext, Reading } from '../../domains/domain-model.ts'
import { decodeEntity } from '../../ngsi-ld/decode.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { readContextOf } from '../../domains/read-context.ts'
import { explain } from '../aggregator/aggregator.ts'
import type { Answer, Question } from '../city.messages.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import { readSteps } from './history-steps.ts'
import { readingsIn } from './past-states.ts'

export interface Asked<Signal> {
  readonly plan: CityPlan
  readonly models: readonly DomainModel[]
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  /** The broker that has shown the sensor, when one has. */
  readonly brokerOf: (id: string) => string | undefined
  readonly signal: Signal
}

export async function answer<Signal extends Abortable>(question: Exclude<Question, { kind: 'usual' | 'unusual' | 'line' }>, asked: Asked<Signal>): Promise<Answer> {
  if (question.kind === 'linked') return answerLinked(question, asked)
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
  if (question.kind === 'steps') {
    const expectedMs = expectedMsOf(asked.plan, model)
    const answered = await firstAnswer(asked, question.entityId, (broker) => readSteps({ question, model, context, broker, expectedMs, signal: asked.signal }))
    return answered.ok ? { ok: true, kind: 'steps', ...answered.value } : { ok: false, message: answered.error }
  }
  if (question.kind === 'entities') return answerEntities(question.entityIds, model, asked)
  const found = await firstAnswer(asked, question.entityId, (broker, id) => withBroker(broker.entity(question.entityId, asked.signal), id))
  if (!found.ok) return { ok: false, message: found.error }
  const { raw, broker } = found.value
  return { ok: true, kind: 'entity', raw, broker, ...readRaw(raw, model, context) }
}

/** Each broker is asked for what it is known to hold, and every one for what nobody knows of. */
async function answerEntities<Signal>(ids: readonly string[], { watches }: DomainModel, { brokers, brokerOf, signal }: Asked<Signal>): Promise<Answer> {
  const types = [...new Set(watches.map(({ type }) => type))]
  const entities: Json[] = []
  for (const [id, broker] of brokers) {
    const here = ids.filter((one) => (brokerOf(one) ?? id) === id)
    if (here.length === 0) continue
    const found = await broker.entities(here, types, signal)
    if (!found.ok) return { ok: false, message: found.error }
    for (const entity of found.value) entities.push(entity)
  }
  return { ok: true, kind: 'entities', entities }
}

/** What a relationship points to is most likely where the relationship is, and may be at any broker of the city. */
async function answerLinked<Signal>({ entityId, from }: Extract<Question, { kind: 'linked' }>, { plan, brokers, brokerOf, signal }: Asked<Signal>): Promise<Answer> {
  const near = brokerOf(from)
  const order = [...brokers].toSorted(([a], [b]) => Number(b === near) - Number(a === near))
  let message = `${plan.name} has no broker.`
  for (const [id, broker] of order) {
    const found = await broker.entity(entityId, signal)
    if (found.ok) return { ok: true, kind: 'linked', raw: found.value, broker: id }
    // The nearest one's answer says most.
    if (id === order[0]?.[0]) message = found.error
  }
  return { ok: false, message }
}

async function withBroker(entity: Promise<Result<Json, string>>, broker: string): Promise<Result<{ readonly raw: Json; readonly broker: string }, string>> {
  const found = await entity
  return found.ok ? ok({ raw: found.value, broker }) : found
}

function expectedMsOf({ expectedIntervalS }: CityPlan, { id, expectedIntervalMs }: DomainModel): number {
  return Object.hasOwn(expectedIntervalS, id) ? expectedIntervalS[id]! * SECOND_MS : expectedIntervalMs
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
  ask: (broker: BrokerAccess<Signal>, id: string) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  const knownId = brokerOf(entityId) ?? ''
  const known = brokers.get(knownId)
  let last: Result<T, string> = err('No broker is configured.')
  for (const [id, broker] of known === undefined ? brokers : [[knownId, known] as const]) {
    last = await ask(broker, id)
    if (last.ok) return last
  }
  return last
}
