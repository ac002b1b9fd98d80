import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { err } from '../../core/result.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import type { StreamEvent } from '../../feed/event-stream.ts'
import type { FromCityWorker, ToCityWorker } from '../city.messages.ts'
import type { CityEffects } from './city.ts'
import { PORTO_PLAN } from '../../../test/porto-plan.ts'
import { createCitySessions } from './city-sessions.ts'

const START = Date.UTC(2026, 10, 20, 12)

const planOf = (id: string): CityPlan => ({ ...PORTO_PLAN, id, name: id, layers: ['thermometer'], brokers: [{ id: 'b', name: 'B', simulated: true }] })

interface Signal {
  aborted: boolean
}

/** A worker whose event loop, clock and network are in the test's hand. `stream` is what a city is told after its greeting. */
function start(stream: (cityId: string) => AsyncIterable<StreamEvent>) {
  const posted: FromCityWorker[] = []
  const runs: (() => void)[] = []
  let broken: string | undefined
  let nowMs = START
  const sessions = createCitySessions<Signal>({
    models: [THERMOMETER],
    now: () => nowMs,
    later: (run) => void runs.push(run),
    post: (message) => void posted.push(message),
    effectsOf: (): CityEffects<Signal> => ({
      now: () => nowMs,
      random: () => 0.5,
      decodeText: (bytes) => new TextDecoder().decode(bytes),
      wait: () => new Promise(() => {}),
      createAbort() {
        const signal = { aborted: false }
        return { signal, abort: () => void (signal.aborted = true) }
      },
      async *openStream(cityId) {
        yield event('hello', { epoch: 'e', seq: 0, serverTimeMs: nowMs, brokers: [] })
        yield* stream(cityId)
      },
      broker: (cityId) => ({
        async *snapshot() {},
        entity: () => Promise.resolve(err('not known')),
        entities: () => Promise.resolve(err('not known')),
        past: () => Promise.resolve(err('not kept')),
        pastOf() {
          if (cityId === broken) throw new Error('made to fail')
          return Promise.resolve(err('not kept'))
        },
      }),
    }),
  })
  const of = (place: number): FromCityWorker[] => posted.filter((message) => message.type !== 'beat' && message.place === place)
  return {
    posted,
    of,
    say: (message: ToCityWorker) => sessions.handle(message),
    open: (place: number, id: string) => sessions.handle({ type: 'open', place, origin: '', plan: planOf(id), cellRadiusM: 500, historyBytes: 2 ** 20 }),
    tick(ms = 100) {
      nowMs += ms
      sessions.tick()
    },
    /** A city that breaks when it is asked for a sensor's history. */
    break(id: string) {
      broken = id
    },
    /** One turn of the event loop. */
    async turn(): Promise<void> {
      runs.shift()?.()
      for (let micro = 0; micro < 200; micro++) await Promise.resolve()
    },
    notifications(place: number): number {
      nowMs += 1_000
      sessions.tick()
      return of(place).flatMap((message) => (message.type === 'status' ? [message.status.counters.notifications] : [])).at(-1) ?? 0
    },
  }
}

const event = (name: string, data: object): StreamEvent => ({ event: name, data: new TextEncoder().encode(JSON.stringify(data)) })

function notification(seq: number, bytes: number): StreamEvent {
  const state = { id: `s${seq % 50}`, type: 'Thermometer', temperature: { type: 'Property', value: seq % 40, observedAt: new Date(START + seq).toISOString() }, note: 'x'.repeat(bytes) }
  return event('notification', { seq, broker: 'b', receivedAtMs: START, notification: { type: 'Notification', data: [state] } })
}

async function* endless(): AsyncGenerator<StreamEvent> {
  for (let seq = 1; ; seq++) yield notification(seq, 20_000)
}

function silent(): AsyncIterable<StreamEvent> {
  return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
}

describe('a worker of several cities', () => {
  it('reads a flood that never ends in slices, and what another city hears in between', async () => {
    async function* some(): AsyncGenerator<StreamEvent> {
      for (let seq = 1; seq <= 5; seq++) yield notification(seq, 100)
      await new Promise(() => {})
    }
    const { open, turn, notifications } = start((id) => (id === 'flooded' ? endless() : some()))
    open(1, 'flooded')
    open(2, 'quiet')
    // That these return at all is the point: a flood without turns is one endless row of promises.
    await turn()
    const first = notifications(1)
    expect(first).toBeGreaterThan(0)
    for (let i = 0; i < 20; i++) await turn()
    expect(notifications(2)).toBe(5)
    expect(notifications(1)).toBeGreaterThan(first)
  })

  it('gives two floods the same number of turns', async () => {
    const { open, turn, notifications } = start(() => endless())
    open(1, 'one')
    open(2, 'two')
    for (let i = 0; i < 200; i++) await turn()
    const [one, two] = [notifications(1), notifications(2)]
    expect(one).toBeGreaterThan(300)
    expect(Math.abs(one - two)).toBeLessThanOrEqual(14)
  })

  it('names the place of what is said, and beats once for all', () => {
    const { open, tick, posted, of } = start(silent)
    open(7, 'one')
    open(9, 'two')
    for (let i = 0; i < 50; i++) tick()
    expect(of(7).length).toBeGreaterThan(0)
    expect(of(9).length).toBeGreaterThan(0)
    expect(posted.filter(({ type }) => type === 'beat').length).toBe(3)
  })

  it('says nothing more of a city that was closed, and nothing to one that is not there', () => {
    const { open, say, tick, of } = start(silent)
    open(1, 'one')
    say({ type: 'close', place: 1 })
    const said = of(1).length
    say({ type: 'pause', place: 1, paused: true })
    say({ type: 'wake', place: 1, cellRadiusM: 500 })
    for (let i = 0; i < 50; i++) tick()
    expect(of(1).length).toBe(said)
  })
})

describe('a city that breaks', () => {
  it('is closed and says why; its neighbour goes on, and it can be opened again', async () => {
    const worker = start(silent)
    worker.open(1, 'broken')
    worker.open(2, 'sound')
    worker.break('broken')
    const ask = { type: 'ask', askId: 5, question: { kind: 'history', domain: 'thermometer', entityId: 's', fromMs: 0, toMs: 1 } } as const
    worker.say({ ...ask, place: 2 })
    worker.say({ ...ask, place: 1 })
    await worker.turn()
    expect(worker.of(1).at(-1)).toEqual({ type: 'failed', place: 1, reason: 'made to fail' })
    expect(worker.of(2).some(({ type }) => type === 'answer')).toBe(true)
    const said = worker.of(1).length
    for (let i = 0; i < 60; i++) {
      worker.say({ type: 'drawn', place: 2, domain: 'thermometer' })
      worker.tick()
    }
    expect(worker.of(1).length).toBe(said)
    expect(worker.of(2).at(-1)!.type).not.toBe('failed')
    expect(worker.of(2).filter(({ type }) => type === 'frame').length).toBeGreaterThan(1)
    worker.open(1, 'broken')
    expect(worker.of(1).at(-1)!.type).toBe('status')
  })

  it('while a message of the page is handled is closed the same way', () => {
    const worker = start(silent)
    worker.open(1, 'sound')
    // What no page of ours sends, and no type allows: the worker must not die of it.
    worker.say({ type: 'open', place: 2, origin: '', plan: { ...planOf('odd'), layers: undefined } as never, cellRadiusM: 500, historyBytes: 1 })
    expect(worker.of(2)).toMatchObject([{ type: 'failed', place: 2 }])
    worker.tick(2_000)
    expect(worker.of(1).at(-1)!.type).toBe('status')
  })
})
