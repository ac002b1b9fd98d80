import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createHandTimers } from '../../test/page-timers.ts'
import { PORTO_PLAN } from '../../test/porto-plan.ts'
import type { CityPlan } from '../configuration/city-plan.ts'
import { createCityPool, HISTORY_BYTES, MAX_RESTING, REST_MS, RESTING_HISTORY_BYTES, workersFor, type Guest, type Place } from './city-pool.client.ts'
import type { FromCity, ToCityWorker } from './city.messages.ts'
import type { WorkerLike } from './kept-worker.client.ts'

const CITIES = ['porto', 'milan', 'antwerp', 'helsinki', 'dublin', 'carouge']
const planOf = (id: string): CityPlan => ({ ...PORTO_PLAN, id, name: id })
const PLANS = CITIES.map(planOf)

/** What a worker has been told, as a worker would understand it. */
interface FakeWorker {
  readonly cities: Map<number, { readonly id: string; isResting: boolean; historyBytes: number }>
  isEnded: boolean
  say(message: FromCity & { readonly place: number }): void
  crash(): void
}

function page(cores: number) {
  const workers: FakeWorker[] = []
  const timers = createHandTimers()
  const pool = createCityPool(spawn, {
    cores,
    origin: 'https://city.example',
    timers,
  })

  function spawn(): WorkerLike {
    const listeners = new Map<string, (event: never) => void>()
    // Of an event only what the pool reads is made.
    const cities: FakeWorker['cities'] = new Map()
    const worker: FakeWorker = {
      cities,
      isEnded: false,
      say: (message) => listeners.get('message')!({ data: message } as never),
      crash: () => listeners.get('error')!({ message: 'made to fail' } as never),
    }
    workers.push(worker)
    return {
      postMessage: (message) => hear(cities, message),
      addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
      terminate: () => void (worker.isEnded = true),
    }
  }

  const running = (): FakeWorker[] => workers.filter(({ isEnded }) => !isEnded)
  return {
    pool,
    workers,
    running,
    cities: () => running().flatMap(({ cities }) => [...cities.values()]),
    timers: () => timers.count,
    pass(ms: number) {
      timers.pass(ms, () => {
        // A fake worker beats as a true one does.
        for (const worker of running()) worker.say({ type: 'answer', askId: 0, place: -1, answer: { ok: false, message: '' } })
      })
    },
  }
}

function hear(cities: FakeWorker['cities'], message: ToCityWorker): void {
  const city = cities.get(message.place)
  if (message.type === 'open') {
    expect(city).toBeUndefined()
    cities.set(message.place, { id: message.plan.id, isResting: false, historyBytes: message.historyBytes })
    return
  }
  // Nothing is said to a city that the worker does not have.
  expect(city).toBeDefined()
  if (message.type === 'close') cities.delete(message.place)
  if (message.type === 'budget') city!.historyBytes = message.historyBytes
  if (message.type === 'rest' || message.type === 'wake') {
    expect(city!.isResting).toBe(message.type === 'wake')
    city!.isResting = message.type === 'rest'
  }
}

/** The worker closes a city that broke, and says so. */
function fail(worker: FakeWorker, place: number): void {
  worker.cities.delete(place)
  worker.say({ type: 'failed', place, reason: 'made to fail' })
}

function guest(view: Partial<ReturnType<Guest['view']>> = {}) {
  const heard: FromCity[] = []
  const falls: string[] = []
  return {
    heard,
    falls,
    view: () => ({ cellRadiusM: 500, isPaused: false, ...view }),
    hear: (message: FromCity) => void heard.push(message),
    fell: ({ what, reason }: { readonly what: string; readonly reason: string }) => void falls.push(`${what}: ${reason}`),
  } satisfies Guest & Record<string, unknown>
}

describe('the pool', () => {
  it('has a worker for each core but one, and one to four', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 64].map(workersFor)).toEqual([1, 1, 1, 2, 3, 4, 4, 4])
  })

  it('starts a worker when a city needs it, and spreads cities evenly', () => {
    const { pool, running } = page(3)
    expect(running().length).toBe(0)
    for (const [index, workers] of [1, 2, 2, 2, 2].entries()) {
      pool.open(PLANS[index]!, guest())
      expect(running().length).toBe(workers)
    }
    expect(running().map(({ cities }) => cities.size)).toEqual([3, 2])
  })

  it('gives one city after another the same worker', () => {
    const { pool, workers } = page(8)
    let place = pool.open(PLANS[0]!, guest())
    for (let turn = 1; turn < 40; turn++) place = place.next(PLANS[turn % PLANS.length]!, guest())
    expect(workers.length).toBe(1)
  })

  it('ends a worker with its last city, and leaves no timer', () => {
    const { pool, running, timers } = page(3)
    const places = [pool.open(PLANS[0]!, guest()), pool.open(PLANS[1]!, guest())]
    places[0]!.leave()
    expect(running().length).toBe(1)
    places[1]!.leave()
    places[1]!.leave()
    expect([running().length, timers()]).toEqual([0, 0])
  })

  it('tells each city only what is its own', () => {
    const { pool, running } = page(2)
    const guests = [guest(), guest()]
    for (const [index, one] of guests.entries()) pool.open(PLANS[index]!, one)
    const [worker] = running()
    const [, second] = [...worker!.cities.keys()]
    worker!.say({ type: 'answer', askId: 7, place: second!, answer: { ok: false, message: 'no' } })
    expect(guests.map(({ heard }) => heard.length)).toEqual([0, 1])
  })
})

describe('a city that is left', () => {
  it('rests, is woken when it is taken up again, and is not heard meanwhile', () => {
    const { pool, running, cities } = page(2)
    const first = guest()
    const place = pool.open(PLANS[0]!, first)
    const [[number]] = [...running()[0]!.cities] as [[number, unknown]]
    const next = place.next(PLANS[1]!, guest())
    running()[0]!.say({ type: 'answer', askId: 1, place: number, answer: { ok: false, message: '' } })
    place.send({ type: 'pause', paused: true })
    expect([first.heard.length, place.isUp]).toEqual([0, false])
    expect(cities().map(({ isResting }) => isResting)).toEqual([true, false])
    next.next(PLANS[0]!, guest())
    expect(cities().map(({ id, isResting }) => [id, isResting])).toEqual([['porto', false], ['milan', true]])
    expect([...running()[0]!.cities.keys()][0]).toBe(number)
  })

  it('is given up after a minute', () => {
    const { pool, cities, pass } = page(2)
    pool.open(PLANS[0]!, guest()).next(PLANS[1]!, guest())
    pass(REST_MS - 1_000)
    expect(cities().length).toBe(2)
    pass(1_000)
    expect(cities().map(({ id }) => id)).toEqual(['milan'])
  })

  it('makes room when a third is left: the one that rests longest goes', () => {
    const { pool, cities, pass } = page(4)
    let place = pool.open(PLANS[0]!, guest())
    for (const plan of PLANS.slice(1, 4)) {
      pass(1_000)
      place = place.next(plan, guest())
    }
    expect(cities().map(({ id }) => id).toSorted()).toEqual(['antwerp', 'helsinki', 'milan'])
  })

  it('that breaks at rest is given up, and nobody is told', () => {
    const { pool, running, cities } = page(2)
    const first = guest()
    const place = pool.open(PLANS[0]!, first)
    const [[number]] = [...running()[0]!.cities] as [[number, unknown]]
    place.next(PLANS[1]!, guest())
    fail(running()[0]!, number)
    expect([cities(), first.falls]).toEqual([[{ id: 'milan', isResting: false, historyBytes: HISTORY_BYTES }], []])
  })
})

describe('a worker of several cities that dies', () => {
  it('takes them with it and brings them back as they are shown then; those of another worker go on', () => {
    const { pool, running, cities, pass } = page(3)
    const guests = [guest({ atMs: 7, isPaused: true }), guest(), guest()]
    for (const [index, one] of guests.entries()) pool.open(PLANS[index]!, one)
    const [dead, other] = running()
    dead!.crash()
    expect(guests.map(({ falls }) => falls)).toEqual([['worker: made to fail'], [], ['worker: made to fail']])
    pass(1_000)
    expect(dead!.isEnded).toBe(true)
    expect(other!.isEnded).toBe(false)
    expect(cities().map(({ id }) => id).toSorted()).toEqual(['antwerp', 'milan', 'porto'])
  })

  it('does not bring back one at rest', () => {
    const { pool, running, cities, pass } = page(2)
    pool.open(PLANS[0]!, guest()).next(PLANS[1]!, guest())
    running()[0]!.crash()
    pass(1_000)
    expect(cities().map(({ id }) => id)).toEqual(['milan'])
  })
})

describe('a city that breaks alone', () => {
  it('is opened again alone, ever more seldom, while its neighbour goes on', () => {
    const { pool, running, cities, pass, workers } = page(2)
    const guests = [guest(), guest()]
    const places = guests.map((one, index) => pool.open(PLANS[index]!, one))
    const [worker] = running()
    const [broken] = [...worker!.cities.keys()]
    for (const pauseMs of [500, 1_000, 2_000, 4_000]) {
      fail(worker!, broken!)
      expect(places.map(({ isUp }) => isUp)).toEqual([false, true])
      pass(pauseMs - 1)
      expect(cities().length).toBe(1)
      pass(1_000)
      expect(cities().length).toBe(2)
    }
    expect([guests[0]!.falls.length, guests[1]!.falls.length, workers.length]).toEqual([4, 0, 1])
  })
})

/** What may happen on a page that shows up to four cities. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('show' as const), at: fc.nat(3), city: fc.nat(PLANS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), at: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 70 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), worker: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const), city: fc.nat(5) }) },
)

describe('whatever happens', () => {
  test.prop([fc.integer({ min: 1, max: 8 }), fc.array(happening, { maxLength: 40 })])('the pool stays within its bounds, shows what is wanted, and keeps nothing in the end', (cores, history) => {
    const { pool, running, cities, pass, timers } = page(cores)
    const panes: ({ readonly id: string; readonly place: Place } | undefined)[] = [undefined, undefined, undefined, undefined]
    for (const one of history) {
      if (one.kind === 'show') {
        const plan = PLANS[one.city]!
        panes[one.at] = { id: plan.id, place: panes[one.at]?.place.next(plan, guest()) ?? pool.open(plan, guest()) }
      } else if (one.kind === 'leave') {
        panes[one.at]?.place.leave()
        panes[one.at] = undefined
      } else if (one.kind === 'pass') pass(one.seconds * 1_000)
      else if (one.kind === 'crash') running()[one.worker]?.crash()
      else {
        const worker = running().find(({ cities: { size } }) => size > 0)
        const place = worker === undefined ? undefined : [...worker.cities.keys()][one.city]
        if (place === undefined) continue
        fail(worker!, place)
      }
      expect(running().length).toBeLessThanOrEqual(workersFor(cores))
      expect(cities().filter(({ isResting }) => isResting).length).toBeLessThanOrEqual(MAX_RESTING)
      expect(cities().filter(({ isResting, historyBytes }) => isResting && historyBytes > RESTING_HISTORY_BYTES)).toEqual([])
      expect(cities().reduce((sum, { historyBytes }) => sum + historyBytes, 0)).toBeLessThanOrEqual(HISTORY_BYTES)
    }
    // Whatever fell is up again, and what was left has gone.
    pass(120_000)
    const wanted = panes.flatMap((pane) => pane?.id ?? [])
    expect(cities().map(({ id }) => id).toSorted()).toEqual(wanted.toSorted())
    expect(panes.every((pane) => pane === undefined || pane.place.isUp)).toBe(true)
    expect(running().every(({ cities: { size } }) => size > 0)).toBe(true)
    for (const pane of panes) pane?.place.leave()
    expect([running().length, timers()]).toEqual([0, 0])
  })
})
