import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { err, ok } from '../../core/result.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import type { Frame, Roster } from '../../domains/frame.ts'
import { applyRosterChange } from '../../domains/roster-change.ts'
import type { StreamEvent } from '../../feed/event-stream.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { decodeTemporal } from '../../ngsi-ld/temporal.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import type { Answer, CityStatus, FromCity } from '../city.messages.ts'
import { frameTransfers } from '../aggregator/frame-buffers.ts'
import type { BrokerAccess, Span } from './broker-access.ts'
import type { CityEffects } from './city.ts'
import { createCitySession } from './city-session.ts'

const START = Date.UTC(2026, 10, 20, 12)
const HYGROMETER: DomainModel = { ...THERMOMETER, id: 'hygrometer', headline: 'humidity' }
const MODELS = [THERMOMETER, HYGROMETER]

const PLAN: CityPlan = {
  id: 'porto',
  name: 'Porto',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: [-8.61, 41.15],
  bounds: [-8.7, 41.1, -8.5, 41.2],
  layers: ['thermometer'],
  expectedIntervalS: {},
  brokers: [{ id: 'b1', name: 'Broker one', simulated: true }],
  basemap: { kind: 'outline' },
}

const state = (id: string, atMs: number, temperature: number): Json => ({
  id,
  type: 'Thermometer',
  temperature: { type: 'Property', value: temperature, observedAt: new Date(atMs).toISOString() },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.5, 41.125] } },
})

const history = (id: string, rows: readonly (readonly [atMs: number, temperature: number])[]): Json => ({
  id,
  type: 'Thermometer',
  temperature: rows.map(([atMs, value]) => ({ type: 'Property', value, observedAt: new Date(atMs).toISOString() })),
})

/** What a broker answers to a question about the past. */
function remembered(payload: Json = [], { partial = false } = {}) {
  const { ok: entities, rejected } = decodeTemporal(payload)
  return ok({ entities, rejected: rejected.length, partial })
}

interface Signal {
  aborted: boolean
}

/** A city behind glass: its clock, its relay and its brokers are in the test's hand. */
function open(plan: CityPlan = PLAN, first: { atMs?: number; brokers?: readonly RelayBrokerState[] } = {}) {
  const clock = { ms: START }
  const posted: FromCity[] = []
  const waits: { dueMs: number; settle: () => void }[] = []
  const stream: { push(event: StreamEvent): void } = { push: nothing }
  const held = { entities: [] as Json[], past: async (_types: readonly string[], _span: Span) => remembered() as Awaited<ReturnType<BrokerAccess<Signal>['past']>> }
  let seq = 0
  const readAs: string[] = []
  let profile = (): { readonly id: string } => ({ id: 'none' })
  const broker: BrokerAccess<Signal> = {
    async *snapshot() {
      readAs.push(profile().id)
      yield held.entities
    },
    entity: async (id) => {
      const found = held.entities.find((entity) => (entity as { id: string }).id === id)
      return found === undefined ? err('The broker does not know it (404).') : ok(found)
    },
    past: (types, span) => held.past(types, span),
    pastOf: (_id, span) => held.past([], span),
  }
  const effects: CityEffects<Signal> = {
    now: () => clock.ms,
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

describe('a broker that the relay knows', () => {
  it('is read in its own manner from the first snapshot on, and any other as any broker', async () => {
    const known = open(PLAN, { brokers: [{ broker: 'b1', state: 'live', sinceMs: 0, clockOffsetMs: 0, known: { profile: 'djane', evidence: 'as configured' } }] })
    await known.pass(100)
    const unknown = open()
    await unknown.pass(100)
    expect([known.readAs[0], unknown.readAs[0]]).toEqual(['djane', 'generic'])
  })
})

describe('an open city', () => {
  it('shows the snapshot, then what is notified', async () => {
    const city = open()
    city.held.entities = [state('s1', START - 1_000, 10)]
    await city.pass(1_000)
    expect(city.status()).toMatchObject({ mode: 'live', brokers: [{ id: 'b1', state: 'connecting' }] })
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(300)
    expect(city.rosters().at(-1)!.ids).toEqual(['s1'])
    expect(city.frames().at(-1)!.latest[0]).toBe(10)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.notify(state('s1', START + 500, 20))
    await city.pass(300)
    expect(city.frames().at(-1)).toMatchObject({ count: 1, total: { value: 15, reporting: 1, known: 1 } })
    await city.pass(1_000)
    expect(city.status().counters).toMatchObject({ notifications: 1, entities: 2, readings: 2 })
  })

  it('has one frame of a domain in flight, whatever happens meanwhile', async () => {
    const city = open()
    for (let second = 0; second < 20; second++) {
      city.notify(state('s1', START + second * 1_000, second))
      await city.pass(1_000)
    }
    expect(city.frames().length).toBe(1)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(50)
    expect(city.frames().length).toBe(2)
    expect(city.frames()[1]!.latest[0]).toBe(19)
  })

  it('makes four frames a second at most, and few when nothing changes', async () => {
    const city = open()
    await city.pass(1_000)
    const before = city.frames().length
    for (let turn = 0; turn < 100; turn++) {
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
      city.notify(state('s1', START + 1_000 + turn * 50, turn))
      await city.pass(50)
    }
    const busy = city.frames().length - before
    expect(busy).toBeGreaterThan(15)
    expect(busy).toBeLessThanOrEqual(21)
    for (let turn = 0; turn < 200; turn++) {
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
      await city.pass(50)
    }
    expect(city.frames().length - before - busy).toBeLessThanOrEqual(4)
  })

  it('answers a new cell radius without waiting for its turn', async () => {
    const city = open()
    city.held.entities = [state('s1', START, 10)]
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(300)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    const before = city.frames().length
    city.session.handle({ type: 'cells', radiusM: 250 })
    expect(city.frames().length).toBe(before + 1)
    expect(city.frames().at(-1)!.cells.radiusM).toBe(250)
  })

  it('sends the roster a frame names before the frame', async () => {
    const city = open()
    for (let turn = 0; turn < 8; turn++) {
      city.notify(state(`s${turn}`, START, turn))
      await city.pass(300)
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
    }
    let roster: Roster | undefined
    const named: boolean[] = []
    for (const message of city.posted) {
      if (message.type === 'roster') roster = message.roster
      if (message.type === 'roster-change') roster = applyRosterChange(roster!, message.change)
      if (message.type === 'frame') named.push(message.frame.rosterVersion === roster?.version && message.frame.count === roster.ids.length)
    }
    expect(named.length).toBeGreaterThan(8)
    expect(named).not.toContain(false)
    expect(roster?.ids.length).toBe(8)
    const versions = city.rosters().map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other))
  })

  it('freezes when paused while data goes on coming in', async () => {
    const city = open()
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    // Since when its window is complete is news of its own.
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.session.handle({ type: 'pause', paused: true })
    const before = city.frames().length
    city.notify(state('s1', START + 1_000, 20))
    await city.pass(6_000)
    expect(city.frames().length).toBe(before)
    expect(city.status().mode).toBe('paused')
    expect(city.status().counters.readings).toBe(1)
    city.session.handle({ type: 'pause', paused: false })
    expect(city.frames().at(-1)!.latest[0]).toBe(20)
    expect(city.status().mode).toBe('live')
  })

  it('says why it cannot be shown when no broker or no known layer is configured', async () => {
    const none = open({ ...PLAN, brokers: [] })
    await none.pass(100)
    expect(none.status()).toMatchObject({ mode: 'failed', detail: 'No broker is configured for Porto.' })
    const odd = open({ ...PLAN, layers: ['whales'] })
    await odd.pass(100)
    expect(odd.status()).toMatchObject({ mode: 'failed', detail: 'No layer of Porto is known: whales.' })
  })
})

describe('how far the data is behind', () => {
  it('is the longest that a notification lately waited', async () => {
    const city = open()
    await city.pass(5_000)
    city.notifyAfter(3_000, state('s1', START, 10))
    await city.pass(1_000)
    expect(city.status().waitedMs).toBe(3_000)
  })

  it('does not count what the relay repeats of a time when nobody listened', async () => {
    const city = open()
    await city.pass(5_000)
    city.notifyAfter(60_000, state('s1', START, 10))
    await city.pass(1_000)
    expect(city.status().counters.notifications).toBe(1)
    expect(city.status().waitedMs).toBeUndefined()
  })
})

describe('a city at rest', () => {
  const view = { cellRadiusM: 500 }

  it('says nothing, and shows what it knew as soon as it is woken', async () => {
    const city = open()
    await city.pass(1_000)
    city.notify(state('s1', START + 500, 10))
    await city.pass(1_000)
    city.session.handle({ type: 'rest' })
    city.posted.length = 0
    await city.pass(30_000)
    expect(city.posted).toEqual([])
    city.session.handle({ type: 'wake', ...view })
    expect(city.posted.map(({ type }) => type)).toEqual(['roster', 'frame', 'status'])
    expect(city.frames().at(-1)).toMatchObject({ count: 1 })
    expect(city.frames().at(-1)!.latest[0]).toBe(10)
    await city.pass(1_000)
    expect(city.status().mode).toBe('live')
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.notify(state('s1', START + 33_000, 20))
    await city.pass(1_000)
    expect(city.frames().at(-1)!.latest[0]).toBe(20)
  })

  it('is woken at the time, the cells and the look that are wanted then', async () => {
    const city = open()
    city.held.entities = [state('s1', START - 1_000, 10)]
    await city.pass(1_000)
    city.session.handle({ type: 'at', atMs: START - HOUR_MS })
    city.session.handle({ type: 'pause', paused: true })
    city.session.handle({ type: 'rest' })
    city.session.handle({ type: 'wake', cellRadiusM: 1_000, look: { domain: 'thermometer', view: 'value', windowMs: HOUR_MS } })
    const frame = city.frames().at(-1)!
    expect(frame.past).toBeUndefined()
    expect(frame.cells.radiusM).toBe(1_000)
    expect(frame.windowEndMs - frame.windowStartMs).toBe(HOUR_MS)
    expect(city.status().mode).not.toBe('history')
    city.session.handle({ type: 'rest' })
    city.session.handle({ type: 'wake', ...view, atMs: START - HOUR_MS })
    await city.pass(1_000)
    expect(city.frames().at(-1)!.past).toEqual({ isComplete: true })
  })

  it('has no window to fill again when nothing was missed', async () => {
    const city = open()
    city.held.entities = [state('s1', START - 1_000, 10)]
    await city.pass(20_000)
    const asked: Span[] = []
    city.held.past = (_types, span) => {
      asked.push(span)
      return Promise.resolve(remembered())
    }
    city.session.handle({ type: 'rest' })
    await city.pass(10_000)
    city.session.handle({ type: 'wake', ...view })
    await city.pass(500)
    expect(city.status().mode).toBe('live')
    expect(asked).toEqual([])
  })
})

describe('the buffers of frames', () => {
  test.prop([fc.array(fc.record({ sensors: fc.nat(3), ms: fc.integer({ min: 0, max: 600 }), drawn: fc.constantFrom('no', 'bare', 'spare') }), { maxLength: 25 })], { numRuns: 30, seed: 1 })(
    'are never filled again while the page has them',
    async (turns) => {
      const city = open({ ...PLAN, layers: ['thermometer', 'hygrometer'] })
      const away = new Set<ArrayBuffer>()
      const onPage: Frame[] = []
      let read = 0
      let sensors = 0
      const collect = (): void => {
        for (const message of city.posted.slice(read)) {
          if (message.type !== 'frame' || message.frame.domain !== 'thermometer') continue
          for (const buffer of frameTransfers(message.frame)) {
            expect(away.has(buffer)).toBe(false)
            away.add(buffer)
          }
          onPage.push(message.frame)
        }
        read = city.posted.length
      }
      let drawn = 0
      for (const turn of turns) {
        for (let index = 0; index < turn.sensors; index++) city.notify(state(`s${sensors++ % 40}`, city.clock.ms, sensors))
        await city.pass(turn.ms)
        collect()
        if (turn.drawn === 'no') continue
        // The page shows the newest and gives back the one before.
        const spare = turn.drawn === 'spare' && onPage.length > 1 ? onPage.shift() : undefined
        for (const buffer of spare === undefined ? [] : frameTransfers(spare)) away.delete(buffer)
        city.session.handle({ type: 'drawn', domain: 'thermometer', ...(spare === undefined ? {} : { spare }) })
        drawn++
        collect()
        expect(city.frames().length).toBeLessThanOrEqual(drawn + 1)
      }
    },
  )

  it('go round: two sets are enough for any number of frames', async () => {
    const city = open()
    city.held.entities = [state('s1', START, 1)]
    const seen = new Set<ArrayBuffer>()
    let before: Frame | undefined
    for (let turn = 0; turn < 50; turn++) {
      city.notify(state('s1', city.clock.ms, turn))
      await city.pass(300)
      const frame = city.frames().at(-1)!
      for (const buffer of frameTransfers(frame)) seen.add(buffer)
      city.session.handle({ type: 'drawn', domain: 'thermometer', ...(before === undefined || before === frame ? {} : { spare: before }) })
      before = frame
    }
    expect(city.frames().length).toBeGreaterThan(40)
    expect(seen.size).toBeLessThanOrEqual(3 * 8)
  })

  it('move with their message', async () => {
    const city = open()
    await city.pass(500)
    expect(city.transfers[0]).toEqual(frameTransfers(city.frames()[0]!))
  })
})

describe('the past', () => {
  const AT = START - 5 * HOUR_MS

  async function live() {
    const city = open()
    city.held.entities = [state('s1', START, 10), state('s2', START, 12)]
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(300)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    return city
  }

  it('is one frame at that instant, of what the brokers remember', async () => {
    const city = await live()
    const asked: Span[] = []
    city.held.past = async (types, span) => {
      expect(types).toEqual(['Thermometer'])
      asked.push(span)
      return remembered([history('s1', [[AT - 90_000, 1], [AT - 30_000, 2], [AT + 1, 99]])])
    }
    const before = city.frames().length
    city.session.handle({ type: 'at', atMs: AT })
    expect(city.status()).toMatchObject({ mode: 'history', detail: 'Reading the city as it was at 2026-11-20T07:00:00Z.' })
    await city.pass(500)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(20_000)
    // The hours that the look-back reaches into, then the others of the day, the nearest first.
    // Beside them what is usual then, which is hours of other days, and the live window.
    const hours = asked.filter(({ fromMs, toMs }) => toMs === fromMs + HOUR_MS - 1).map(({ fromMs }) => (fromMs - AT) / HOUR_MS).filter((hour) => hour > -24)
    expect(hours.slice(0, 2)).toEqual([0, -1])
    expect(hours.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, hour) => hour - 19))
    // One of what was measured, and one when it is known that nothing is usual.
    expect(city.frames().slice(before).map(({ past, total }) => [past?.isComplete, total.usual])).toEqual([[true, undefined], [true, { haveDays: 0, needDays: 28 }]])
    const frame = city.frames().at(-1)!
    const roster = city.rosters().at(-1)!
    expect(frame).toMatchObject({ atMs: AT, count: 2, rosterVersion: roster.version, total: { value: 1.5, reporting: 1, known: 2, newestMs: AT - 30_000 } })
    const row = roster.ids.indexOf('s1')
    expect([frame.values[row], frame.latest[row], frame.positions[row * 2]]).toEqual([1.5, 2, -8.5])
    // Known today, but its past holds nothing: no value, never zero.
    expect(frame.values[1 - row]).toBe(NaN)
    expect(city.status()).toMatchObject({ mode: 'history', detail: 'The city as it was at 2026-11-20T07:00:00Z.' })
  })

  it('is not drawn again for what is read beside it', async () => {
    const city = await live()
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(100)
    const before = city.frames().length
    for (let turn = 0; turn < 20; turn++) {
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
      await city.pass(100)
    }
    expect(city.frames().length - before).toBeLessThanOrEqual(1)
  })

  it('leaves no mark on the buffers that come back: now is now', async () => {
    const city = await live()
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(500)
    const past = city.frames().at(-1)!
    expect(past.past).toEqual({ isComplete: true })
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.session.handle({ type: 'at' })
    for (let turn = 0; turn < 4; turn++) {
      city.session.handle({ type: 'drawn', domain: 'thermometer', ...(turn === 0 ? { spare: past } : {}) })
      city.notify(state('s1', city.clock.ms, turn))
      await city.pass(300)
      expect(city.frames().at(-1)!.past).toBeUndefined()
    }
  })

  it('gives way to now at once, with what came meanwhile', async () => {
    const city = await live()
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(500)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.notify(state('s1', START + 2_000, 30))
    await city.pass(500)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.session.handle({ type: 'at' })
    const frame = city.frames().at(-1)!
    expect(frame.atMs).toBe(city.clock.ms)
    expect(frame.latest[city.rosters().at(-1)!.ids.indexOf('s1')]).toBe(30)
    expect(frame.rosterVersion).toBe(city.rosters().at(-1)!.version)
    expect(city.status().mode).toBe('live')
  })

  it('is read once, whatever way the hand takes; then the picture follows it at once', async () => {
    const city = await live()
    const asked: Span[] = []
    city.held.past = async (_types, span) => {
      asked.push(span)
      const rows = [10, 30, 50].map((minute) => [span.fromMs + minute * MINUTE_MS, minute] as const)
      return remembered([history('s1', rows)])
    }
    const move = async (atMs: number, ms: number): Promise<void> => {
      city.session.handle({ type: 'at', atMs })
      await city.pass(ms)
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
    }
    for (let step = 0; step < 20; step++) await move(AT + step * MINUTE_MS, 20)
    await city.pass(2_000)
    const questions = asked.length
    expect(new Set(asked.map(({ fromMs }) => fromMs)).size).toBe(questions)
    // All of the day has been read: a frame for every place of the hand, without a question and without a wait.
    for (let step = 0; step < 36; step++) {
      const atMs = AT - step * 31 * MINUTE_MS
      city.session.handle({ type: 'at', atMs })
      expect(city.frames().at(-1)).toMatchObject({ atMs, past: { isComplete: true } })
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
    }
    expect(asked.length).toBe(questions)
    city.session.handle({ type: 'at', atMs: AT + 31 * MINUTE_MS })
    expect(city.frames().at(-1)!.latest[city.rosters().at(-1)!.ids.indexOf('s1')]).toBe(30)
  })

  it('has one frame in flight: the newest place of the hand is the next', async () => {
    const city = await live()
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(1_000)
    const before = city.frames().length
    for (let step = 1; step <= 20; step++) city.session.handle({ type: 'at', atMs: AT + step * MINUTE_MS })
    expect(city.frames().length).toBe(before)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    expect(city.frames().slice(before).map(({ atMs }) => atMs)).toEqual([AT + 20 * MINUTE_MS])
  })

  it('that was live is shown at once, and marked until the brokers have told it', async () => {
    const city = await live()
    city.notify(state('s1', START + 60_000, 20))
    await city.pass(120_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    const held: (() => void)[] = []
    city.held.past = () => new Promise((answer) => held.push(() => answer(remembered([history('s1', [[START + 30_000, 8], [START + 60_000, 20]])]))))
    city.session.handle({ type: 'at', atMs: START + 90_000 })
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    const row = city.rosters().at(-1)!.ids.indexOf('s1')
    expect(city.frames().at(-1)).toMatchObject({ atMs: START + 90_000, past: { isComplete: false } })
    expect(city.frames().at(-1)!.latest[row]).toBe(20)
    expect(city.status().detail).toMatch(/^Reading the city as it was/)
    await city.pass(100)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    for (const release of held.splice(0)) release()
    await city.pass(100)
    expect(city.frames().at(-1)).toMatchObject({ past: { isComplete: true } })
    expect(city.frames().at(-1)!.values[city.rosters().at(-1)!.ids.indexOf('s1')]).toBe(14)
  })

  it('whose broker failed is asked for again when the hand comes back, not while it rests', async () => {
    const city = await live()
    // What is usual then, and the live window, are asked for by spans of their own.
    const asked: Span[] = []
    const questionsAt = (): number => asked.filter(({ fromMs, toMs }) => toMs - fromMs === HOUR_MS - 1 && fromMs <= AT && toMs >= AT - HOUR_MS).length
    city.held.past = async (_types, span) => {
      asked.push(span)
      return err('no answer in time')
    }
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(20_000)
    expect(questionsAt()).toBe(2)
    await city.pass(20_000)
    expect(questionsAt()).toBe(2)
    expect(city.status().detail).toContain('could not be read from b1: no answer in time')
    city.held.past = async () => remembered([history('s1', [[AT - 30_000, 2]])])
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.session.handle({ type: 'at', atMs: AT - 1 })
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(500)
    expect(city.status().detail).toBe('The city as it was at 2026-11-20T07:00:00Z.')
    expect(city.frames().at(-1)!.total).toMatchObject({ value: 2, reporting: 1 })
  })

  it('says what could not be read, and shows nothing measured there', async () => {
    const city = await live()
    city.held.past = async () => err('The broker has no temporal API (501).')
    city.session.handle({ type: 'at', atMs: AT })
    await city.pass(1_000)
    expect(city.status().detail).toBe('The past of Temperature could not be read from b1: The broker has no temporal API (501).')
    expect(city.frames().at(-1)).toMatchObject({ atMs: AT, total: { reporting: 0, known: 2 } })
  })

  it('can be the first that is shown', async () => {
    const city = open(PLAN, { atMs: AT })
    city.held.entities = [state('s1', START, 10)]
    city.held.past = async () => remembered([history('s1', [[AT, 5]])])
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(1_000)
    expect(city.frames().every(({ atMs }) => atMs === AT)).toBe(true)
    // Its history names no place; the live snapshot, which came later, does.
    expect([...city.frames().at(-1)!.positions.subarray(0, 2)]).toEqual([-8.5, 41.125])
  })
})

describe('a question about one sensor', () => {
  it('about its history is answered by the readers of live data', async () => {
    const city = open()
    city.held.past = async () => remembered([history('s1', [[START - 2, 50], [START - 1, 2], [START, 3]])], { partial: true })
    const answer = await city.ask({ type: 'ask', askId: 7, question: { kind: 'history', domain: 'thermometer', entityId: 's1', fromMs: START - 2, toMs: START } })
    expect(answer).toMatchObject({
      ok: true,
      kind: 'history',
      rejected: 0,
      partial: true,
      readings: [
        { observedAtMs: START - 2, values: { temperature: 50 }, warnings: [{ kind: 'hot' }] },
        { observedAtMs: START - 1, values: { temperature: 2 } },
      ],
    })
  })

  it('about the entity is answered as the broker has it, with what we made of it', async () => {
    const city = open()
    city.held.entities = [state('s1', START, 10), { id: 's2', type: 'Thermometer', temperature: 4 }]
    expect(await city.ask({ type: 'ask', askId: 1, question: { kind: 'entity', domain: 'thermometer', entityId: 's1' } })).toMatchObject({
      ok: true,
      raw: state('s1', START, 10),
      reading: { values: { temperature: 10 } },
    })
    expect(await city.ask({ type: 'ask', askId: 2, question: { kind: 'entity', domain: 'thermometer', entityId: 's2' } })).toMatchObject({
      ok: true,
      problem: 's2 temperature.observedAt: expected ISO 8601, got nothing',
    })
    expect(await city.ask({ type: 'ask', askId: 3, question: { kind: 'entity', domain: 'thermometer', entityId: 's3' } })).toEqual({
      ok: false,
      message: 'The broker does not know it (404).',
    })
  })

  it('is answered even when no city is open', async () => {
    const city = open()
    city.session.handle({ type: 'close' })
    expect(await city.ask({ type: 'ask', askId: 1, question: { kind: 'entity', domain: 'thermometer', entityId: 's' } })).toEqual({ ok: false, message: 'No city is open.' })
  })
})

function rostersOf(posted: readonly FromCity[]): readonly Roster[] {
  const newest = new Map<string, Roster>()
  return posted.flatMap((message) => {
    const roster = message.type === 'roster' ? message.roster : message.type === 'roster-change' ? applyRosterChange(newest.get(message.change.domain)!, message.change)! : undefined
    if (roster === undefined) return []
    newest.set(roster.domain, roster)
    return [roster]
  })
}
