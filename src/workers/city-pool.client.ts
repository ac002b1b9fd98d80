/**
 * The workers that the page's cities share, and who is where.
 *
 * **How many**: one less than the machine has cores, as the page's thread needs one; at least one, at most four, which
 * is as many maps as stand side by side. They are started when they are needed and ended with their last city.
 *
 * **Where**: a city goes to the worker that shows the fewest, rather to one that runs than to a new one.
 *
 * **Rest**: a city that is left stays for a minute (`REST_MS`), two of them at most, so that coming back shows it at
 * once. It has no connection and costs no time, only its memory; a minute is what the relay can repeat.
 *
 * **Memory**: the past of all cities together takes `HISTORY_BYTES`. A city at rest keeps little of it, those that are
 * shown share the rest in equal parts.
 *
 * **Falls**: when a worker dies its cities die with it and are opened anew in the next, as the page shows them then;
 * one at rest is not. A city that broke alone is opened again alone, after a pause that grows.
 */
import type { CityPlan, CityView, FromCity, FromCityWorker, ToCity } from './city.messages.ts'
import { createPauses, keepWorker, type Fall, type KeptWorker, type PageTimers, type WorkerLike } from './kept-worker.client.ts'

/** Whoever shows a city. */
export interface Guest {
  /** What it shows now: a city that is opened anew goes on there. */
  view(): CityView & { readonly isPaused: boolean }
  hear(message: FromCity): void
  fell(fall: Fall & { readonly what: 'worker' | 'city' }): void
}

export interface Place {
  /** False while what fell is not up again: nothing that is sent arrives. */
  readonly isUp: boolean
  send(message: Exclude<ToCity, { readonly type: 'open' | 'rest' | 'wake' | 'budget' | 'close' }>, transfer?: Transferable[]): void
  /** Leaves the city for another one. What is left rests, as it may be taken up again soon. */
  next(plan: CityPlan, guest: Guest): Place
  leave(): void
}

export interface CityPool {
  open(plan: CityPlan, guest: Guest): Place
}

/** For all cities of the page. A day of 100,000 sensors that report every 5 to 15 minutes takes three quarters. */
export const HISTORY_BYTES = 320 * 2 ** 20
/** Of a city at rest: the last hours of a large one, the day of a small one. */
export const RESTING_HISTORY_BYTES = 16 * 2 ** 20
export const REST_MS = 60_000
export const MAX_RESTING = 2
const MAX_WORKERS = 4

export function workersFor(cores: number): number {
  return Math.max(1, Math.min(MAX_WORKERS, cores - 1))
}

interface Seat {
  readonly place: number
  readonly plan: CityPlan
  readonly bench: Bench
  readonly pauses: ReturnType<typeof createPauses>
  /** Undefined at rest. */
  guest: Guest | undefined
  isUp: boolean
  historyBytes: number
  /** The higher, the later it was laid to rest. */
  restTurn: number
  /** Of its rest, or of its pause after a fall. */
  cancelTimer: () => void
}

/** A worker and the cities in it. */
interface Bench {
  worker: KeptWorker | undefined
  readonly seats: Set<Seat>
}

export function createCityPool(
  spawn: () => WorkerLike,
  { cores, origin = location.origin, timers = PLATFORM }: { readonly cores: number; readonly origin?: string; readonly timers?: PageTimers },
): CityPool {
  const benches = Array.from({ length: workersFor(cores) }, (): Bench => ({ worker: undefined, seats: new Set() }))
  let lastPlace = 0
  let lastRest = 0

  const seats = (): Seat[] => benches.flatMap((bench) => [...bench.seats])

  function emptiest(): Bench {
    const [least] = benches.toSorted((a, b) => shownOn(a) - shownOn(b) || Number(b.worker !== undefined) - Number(a.worker !== undefined) || a.seats.size - b.seats.size)
    return least!
  }

  function workerOf(bench: Bench): KeptWorker {
    bench.worker ??= keepWorker({
      spawn,
      timers,
      onMessage: (message) => hear(bench, message),
      onFall(fall) {
        for (const seat of bench.seats) {
          if (seat.guest === undefined) remove(seat)
          else fell(seat, fall, 'worker')
        }
        share()
        endIdle()
      },
      onRise() {
        for (const seat of bench.seats) show(seat)
      },
    })
    return bench.worker
  }

  function hear(bench: Bench, message: FromCityWorker): void {
    if (message.type === 'beat') return
    const seat = [...bench.seats].find(({ place }) => place === message.place)
    if (seat === undefined) return
    if (message.type !== 'failed') {
      seat.guest?.hear(message)
      return
    }
    seat.isUp = false
    if (seat.guest === undefined) {
      vacate(seat)
      endIdle()
      return
    }
    const atMs = timers.now()
    const pauseMs = seat.pauses.next(atMs)
    fell(seat, { reason: message.reason, atMs, retryAtMs: atMs + pauseMs }, 'city')
    seat.cancelTimer = timers.after(pauseMs, () => show(seat))
  }

  /** Opens the city in a worker that does not have it. */
  function show(seat: Seat): void {
    const view = seat.guest?.view()
    if (view === undefined || seat.bench.worker?.isUp !== true) return
    seat.isUp = true
    seat.pauses.started(timers.now())
    const { isPaused, ...shown } = view
    tell(seat, { type: 'open', origin, plan: seat.plan, historyBytes: seat.historyBytes, ...shown })
    if (isPaused) tell(seat, { type: 'pause', paused: true })
  }

  /** Gives every city its part of the memory. */
  function share(): void {
    const all = seats()
    const resting = all.filter(({ guest }) => guest === undefined).length
    const part = Math.floor((HISTORY_BYTES - resting * RESTING_HISTORY_BYTES) / Math.max(1, all.length - resting))
    for (const seat of all) {
      const historyBytes = seat.guest === undefined ? RESTING_HISTORY_BYTES : part
      if (historyBytes === seat.historyBytes) continue
      seat.historyBytes = historyBytes
      if (seat.isUp) tell(seat, { type: 'budget', historyBytes })
    }
  }

  function vacate(seat: Seat): void {
    remove(seat)
    if (seat.isUp) tell(seat, { type: 'close' })
    share()
  }

  /** With the last city the worker goes too, and with it all that they held. */
  function endIdle(): void {
    for (const bench of benches) {
      if (bench.seats.size > 0) continue
      bench.worker?.end()
      bench.worker = undefined
    }
  }

  function rest(seat: Seat): void {
    seat.guest = undefined
    seat.restTurn = ++lastRest
    tell(seat, { type: 'rest' })
    seat.cancelTimer = timers.after(REST_MS, () => {
      vacate(seat)
      endIdle()
    })
    const resting = seats().filter(({ guest }) => guest === undefined)
    const longestFirst = resting.toSorted((a, b) => a.restTurn - b.restTurn)
    for (const longest of longestFirst.slice(0, Math.max(0, resting.length - MAX_RESTING))) vacate(longest)
    share()
  }

  function take(plan: CityPlan, guest: Guest): Seat {
    const resting = seats().find((seat) => seat.plan === plan && seat.guest === undefined)
    if (resting !== undefined) {
      resting.cancelTimer()
      resting.guest = guest
      const { isPaused: _, ...shown } = guest.view()
      tell(resting, { type: 'wake', ...shown })
      share()
      return resting
    }
    const bench = emptiest()
    const seat: Seat = { place: ++lastPlace, plan, bench, pauses: createPauses(), guest, isUp: false, historyBytes: 0, restTurn: 0, cancelTimer: nothing }
    bench.seats.add(seat)
    workerOf(bench)
    share()
    show(seat)
    return seat
  }

  function placeOf(seat: Seat, guest: Guest): Place {
    const isMine = (): boolean => seat.guest === guest && seat.bench.seats.has(seat)
    return {
      get isUp() {
        return isMine() && seat.isUp
      },
      send(message, transfer) {
        if (isMine() && seat.isUp) tell(seat, message, transfer)
      },
      next(plan, nextGuest) {
        // One that fell has nothing to keep, and the same city again is meant to be made anew.
        if (isMine() && seat.isUp && seat.plan.id !== plan.id) rest(seat)
        else if (isMine()) vacate(seat)
        const next = placeOf(take(plan, nextGuest), nextGuest)
        endIdle()
        return next
      },
      leave() {
        if (isMine()) vacate(seat)
        endIdle()
      },
    }
  }

  return { open: (plan, guest) => placeOf(take(plan, guest), guest) }
}

function shownOn(bench: Bench): number {
  return [...bench.seats].filter(({ guest }) => guest !== undefined).length
}

function fell(seat: Seat, fall: Fall, what: 'worker' | 'city'): void {
  seat.cancelTimer()
  seat.isUp = false
  seat.guest?.fell({ ...fall, what })
}

function tell({ bench, place }: Seat, message: ToCity, transfer?: Transferable[]): void {
  bench.worker?.send({ ...message, place }, transfer)
}

function remove(seat: Seat): void {
  seat.cancelTimer()
  seat.bench.seats.delete(seat)
}

const PLATFORM: PageTimers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

function nothing(): void {}
