/** A city's session behind glass: its clock, its relay and its brokers are in the test's hand. */
import type { CityPlan } from '../src/configuration/city-plan.ts'
import { err, ok } from '../src/core/result.ts'
import type { DomainModel } from '../src/domains/domain-model.ts'
import type { Frame, Roster } from '../src/domains/frame.ts'
import { applyRosterChange } from '../src/domains/roster-change.ts'
import type { StreamEvent } from '../src/feed/event-stream.ts'
import type { RelayBrokerState } from '../src/feed/relay-events.ts'
import type { Json } from '../src/ngsi-ld/entity.ts'
import { decodeTemporal } from '../src/ngsi-ld/temporal.ts'
import { PORTO_PLAN } from './porto-plan.ts'
import { THERMOMETER } from './thermometer-model.ts'
import type { Answer, CityStatus, FromCity } from '../src/workers/city.messages.ts'
import type { BrokerAccess, Span } from '../src/workers/session/broker-access.ts'
import type { CityEffects } from '../src/workers/session/city.ts'
import type { KeptStore } from '../src/workers/session/kept-values.ts'
import { createCitySession } from '../src/workers/session/city-session.ts'

export const START = Date.UTC(2026, 10, 20, 12)
const HYGROMETER: DomainModel = { ...THERMOMETER, id: 'hygrometer', headline: 'humidity' }
const MODELS = [THERMOMETER, HYGROMETER]

export const PLAN: CityPlan = { ...PORTO_PLAN, layers: ['thermometer'], brokers: [{ id: 'b1', name: 'Broker one', simulated: true }] }

export const state = (id: string, atMs: number, temperature: number): Json => ({
  id,
  type: 'Thermometer',
  temperature: { type: 'Property', value: temperature, observedAt: new Date(atMs).toISOString() },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.5, 41.125] } },
})

export const history = (id: string, rows: readonly (readonly [atMs: number, temperature: number])[]): Json => ({
  id,
  type: 'Thermometer',
  temperature: rows.map(([atMs, value]) => ({ type: 'Property', value, observedAt: new Date(atMs).toISOString() })),
})

/** What a broker answers to a question about the past. */
export function remembered(payload: Json = [], { partial = false } = {}) {
  const { ok: entities, rejected } = decodeTemporal(payload)
  return ok({ entities, rejected: rejected.length, partial })
}

interface Signal {
  aborted: boolean
}

/** A city behind glass: its clock, its relay and its brokers are in the test's hand. */
export function openCity(plan: CityPlan = PLAN, first: { atMs?: number; brokers?: readonly RelayBrokerState[]; kept?: KeptStore } = {}) {
  const clock = { ms: START }
  const posted: FromCity[] = []
  const waits: { dueMs: number; settle: () => void }[] = []
  const stream: { push(event: StreamEvent): void } = { push: nothing }
  const held = { entities: [] as Json[], until: undefined as Promise<void> | undefined, past: async (_types: readonly string[], _span: Span) => remembered() as Awaited<ReturnType<BrokerAccess<Signal>['past']>> }
  let seq = 0
  const readAs: string[] = []
  let profile = (): { readonly id: string } => ({ id: 'none' })
  const broker: BrokerAccess<Signal> = {
    async *snapshot() {
      readAs.push(profile().id)
      await held.until
      yield held.entities
    },
    entity: async (id) => {
      const found = held.entities.find((entity) => (entity as { id: string }).id === id)
      return found === undefined ? err('The broker does not know it (404).') : ok(found)
    },
    entities: async (ids) => ok(held.entities.filter((entity) => ids.includes((entity as { id: string }).id))),
    past: (types, span) => held.past(types, span),
    pastOf: (_id, span) => held.past([], span),
  }
  const effects: CityEffects<Signal> = {
    now: () => clock.ms,
    ...(first.kept !== undefined && { kept: first.kept }),
    random: () => 0.5,
    decodeText: (bytes) => new TextDecoder().decode(bytes),
    wait: (ms) => new Promise((settle) => waits.push({ dueMs: clock.ms + ms, settle })),
    createAbort() {
      const signal = { aborted: false }
      return { signal, abort: () => void (signal.aborted = true) }
    },
    async *openStream() {
      const queue: StreamEvent[] = [relayEvent('hello', { epoch: 'e', seq, serverTimeMs: clock.ms, brokers: first.brokers ?? [] })]
      let wake = nothing
      stream.push = (event) => {
        queue.push(event)
        wake()
      }
      for (;;) {
        while (queue.length > 0) yield queue.shift()!
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    broker(_city, _id, of) {
      profile = of
      return broker
    },
  }
  const transfers: (readonly ArrayBuffer[])[] = []
  const session = createCitySession<Signal>({
    models: MODELS,
    effectsOf: () => effects,
    onFault(error) {
      throw error
    },
    post(message, transfer) {
      posted.push(message)
      if (transfer !== undefined) transfers.push(transfer)
    },
  })
  session.handle({ type: 'open', origin: 'http://test', plan, cellRadiusM: 500, historyBytes: 2 ** 30, ...(first.atMs !== undefined && { atMs: first.atMs }) })

  async function pass(ms: number): Promise<void> {
    for (const end = clock.ms + ms; ; ) {
      await settled()
      for (const wait of waits.splice(0).toSorted((a, b) => a.dueMs - b.dueMs)) {
        if (wait.dueMs <= clock.ms) wait.settle()
        else waits.push(wait)
      }
      await settled()
      session.tick()
      if (clock.ms >= end) return
      clock.ms = Math.min(end, clock.ms + 50)
    }
  }

  return {
    /** By which profile each snapshot was read. */
    readAs,
    clock,
    posted,
    transfers,
    held,
    session,
    pass,
    notify(...entities: readonly Json[]) {
      this.notifyAfter(0, ...entities)
    },
    /** What has waited on its way from the relay. */
    notifyAfter(delayMs: number, ...entities: readonly Json[]) {
      seq++
      stream.push(relayEvent('notification', { seq, broker: 'b1', receivedAtMs: clock.ms - delayMs, notification: { type: 'Notification', data: entities } }, `e.${seq}`))
    },
    frames: (domain = 'thermometer'): readonly Frame[] => posted.flatMap((message) => (message.type === 'frame' && message.frame.domain === domain ? [message.frame] : [])),
    /** As a page has them that heard all. */
    rosters: (): readonly Roster[] => rostersOf(posted),
    status: (): CityStatus => posted.flatMap((message) => (message.type === 'status' ? [message.status] : [])).at(-1)!,
    async ask(question: Parameters<typeof session.handle>[0] & { type: 'ask' }): Promise<Answer> {
      session.handle(question)
      await settled()
      return posted.flatMap((message) => (message.type === 'answer' && message.askId === question.askId ? [message.answer] : [])).at(-1)!
    },
  }
}

function relayEvent(event: string, data: object, id?: string): StreamEvent {
  return { event, data: new TextEncoder().encode(JSON.stringify(data)), ...(id === undefined ? {} : { id }) }
}

function nothing(): void {}

/** Lets promises run; no time passes. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

function rostersOf(posted: readonly FromCity[]): readonly Roster[] {
  const newest = new Map<string, Roster>()
  return posted.flatMap((message) => {
    const roster = message.type === 'roster' ? message.roster : message.type === 'roster-change' ? applyRosterChange(newest.get(message.change.domain)!, message.change)! : undefined
    if (roster === undefined) return []
    newest.set(roster.domain, roster)
    return [roster]
  })
}
