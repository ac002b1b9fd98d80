/**
 * The page's side of the city worker: starts it, restarts it when it dies, and passes on what it says.
 *
 * A worker that fails, or that has not beaten for long, is ended and started again after a pause that
 * grows. The new one is told what the page shows now (city, time, cells, pause), so it goes on where the
 * old one stopped. The operator is told, and every restart is counted.
 */
import type { Answer, CityPlan, CityStatus, DomainId, Frame, FromCityWorker, Look, Question, Roster, RosterChange, ToCityWorker } from './city.messages.ts'

export interface CityClient {
  /** Opens a city in place of the one before. `atMs`: that past instant instead of now. */
  open(plan: CityPlan, view: { readonly atMs?: number; readonly cellRadiusM: number; readonly look?: Look }): void
  /** Undefined is now. */
  setTime(atMs: number | undefined): void
  /** Which layer is looked at, over which window and against what. */
  setLook(look: Look): void
  setPaused(paused: boolean): void
  setCellRadius(radiusM: number): void
  ask(question: Question): Promise<Answer>
  /** The newest frame of the domain is on the screen; `spare` is an older one whose buffers are free. */
  drawn(domain: DomainId, spare?: Frame): void
  onStatus(listener: (status: CityStatus) => void): () => void
  onRoster(listener: (roster: Roster) => void): () => void
  onRosterChange(listener: (change: RosterChange) => void): () => void
  onFrame(listener: (frame: Frame) => void): () => void
  close(): void
}

/** The part of a `Worker` that is used, so that tests need none. */
export interface WorkerLike {
  postMessage(message: ToCityWorker, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: FromCityWorker }) => void): void
  addEventListener(type: 'error' | 'messageerror', listener: (event: { readonly message?: string }) => void): void
  terminate(): void
}

export interface CityClientTimers {
  now(): number
  /** Runs after the time, unless what it returns was called before. */
  after(ms: number, run: () => void): () => void
}

/** Five beats missed: a worker that is only busy decodes a page of entities in less. */
const SILENCE_MS = 10_000
const CHECK_MS = 2_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A worker that lived this long was sound: the next failure is a first one. */
const SOUND_MS = 60_000

interface View {
  readonly plan: CityPlan
  readonly atMs: number | undefined
  readonly look: Look | undefined
  readonly cellRadiusM: number
  readonly paused: boolean
}

export function createCityClient(
  spawn: () => WorkerLike,
  { origin = location.origin, timers = PLATFORM }: { readonly origin?: string; readonly timers?: CityClientTimers } = {},
): CityClient {
  const statusListeners = new Set<(status: CityStatus) => void>()
  const rosterListeners = new Set<(roster: Roster) => void>()
  const rosterChangeListeners = new Set<(change: RosterChange) => void>()
  const frameListeners = new Set<(frame: Frame) => void>()
  const asks = new Map<number, (answer: Answer) => void>()
  /** Domains with a frame that this worker waits to hear of. */
  const undrawn = new Set<DomainId>()
  let view: View | undefined
  let worker: WorkerLike | undefined
  let lastStatus: CityStatus | undefined
  let askId = 0
  let restarts = 0
  let failures = 0
  let startedAtMs = 0
  let heardAtMs = 0
  let checkedAtMs = 0
  let cancelCheck: () => void = nothing
  let cancelRestart: () => void = nothing

  function start(): void {
    const fresh = spawn()
    worker = fresh
    startedAtMs = heardAtMs = checkedAtMs = timers.now()
    // What an ended worker had on its way is of another life.
    fresh.addEventListener('message', ({ data }) => worker === fresh && hear(data))
    fresh.addEventListener('error', ({ message }) => worker === fresh && fail(message ?? 'it could not be started'))
    fresh.addEventListener('messageerror', () => worker === fresh && fail('a message of it could not be read'))
    cancelCheck = timers.after(CHECK_MS, check)
    if (view === undefined) return
    send({ type: 'open', origin, plan: view.plan, cellRadiusM: view.cellRadiusM, ...(view.atMs === undefined ? {} : { atMs: view.atMs }), ...(view.look === undefined ? {} : { look: view.look }) })
    if (view.paused) send({ type: 'pause', paused: true })
  }

  function end(reason: string): void {
    cancelCheck()
    cancelRestart()
    worker?.terminate()
    worker = undefined
    undrawn.clear()
    for (const settle of asks.values()) settle({ ok: false, message: reason })
    asks.clear()
  }

  function fail(reason: string): void {
    const nowMs = timers.now()
    end(`The data worker stopped: ${reason}.`)
    failures = nowMs - startedAtMs > SOUND_MS ? 1 : failures + 1
    restarts++
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
    cancelRestart = timers.after(pauseMs, start)
    tell({
      ...(lastStatus ?? UNKNOWN),
      mode: 'retrying',
      sinceMs: nowMs,
      retryAtMs: nowMs + pauseMs,
      detail: `The data worker stopped (${reason}); it is being started again.`,
    })
  }

  function check(): void {
    const nowMs = timers.now()
    // A page that slept, or whose timers were held back in a hidden tab, has not listened either.
    if (nowMs - checkedAtMs > 2 * CHECK_MS) heardAtMs = nowMs
    checkedAtMs = nowMs
    if (nowMs - heardAtMs > SILENCE_MS) fail(`not heard of for ${Math.round((nowMs - heardAtMs) / 1_000)} s`)
    else cancelCheck = timers.after(CHECK_MS, check)
  }

  function hear(message: FromCityWorker): void {
    heardAtMs = timers.now()
    switch (message.type) {
      case 'answer':
        asks.get(message.askId)?.(message.answer)
        asks.delete(message.askId)
        return
      case 'status':
        if (message.cityId === view?.plan.id) tell(message.status)
        return
      case 'roster':
        if (message.cityId === view?.plan.id) for (const listener of rosterListeners) listener(message.roster)
        return
      case 'roster-change':
        if (message.cityId === view?.plan.id) for (const listener of rosterChangeListeners) listener(message.change)
        return
      case 'frame':
        if (message.cityId !== view?.plan.id) return
        undrawn.add(message.frame.domain)
        for (const listener of frameListeners) listener(message.frame)
        return
      case 'beat':
        return
    }
  }

  function tell(status: CityStatus): void {
    lastStatus = { ...status, counters: { ...status.counters, restarts } }
    for (const listener of statusListeners) listener(lastStatus)
  }

  function send(message: ToCityWorker, transfer: Transferable[] = []): void {
    worker?.postMessage(message, transfer)
  }

  return {
    open(plan, { atMs, cellRadiusM, look }) {
      view = { plan, atMs, look, cellRadiusM, paused: false }
      lastStatus = undefined
      undrawn.clear()
      // A city that is opened while the worker is down is opened when it is up again.
      if (worker === undefined && failures === 0) start()
      else send({ type: 'open', origin, plan, cellRadiusM, ...(atMs === undefined ? {} : { atMs }), ...(look === undefined ? {} : { look }) })
    },
    setTime(atMs) {
      if (view === undefined) return
      view = { ...view, atMs }
      send({ type: 'at', ...(atMs === undefined ? {} : { atMs }) })
    },
    setLook(look) {
      if (view === undefined) return
      view = { ...view, look }
      send({ type: 'look', look })
    },
    setPaused(paused) {
      if (view === undefined) return
      view = { ...view, paused }
      send({ type: 'pause', paused })
    },
    setCellRadius(cellRadiusM) {
      if (view === undefined) return
      view = { ...view, cellRadiusM }
      send({ type: 'cells', radiusM: cellRadiusM })
    },
    ask(question) {
      if (worker === undefined) return Promise.resolve({ ok: false, message: 'The data worker is not running.' })
      const id = ++askId
      return new Promise((resolve) => {
        asks.set(id, resolve)
        send({ type: 'ask', askId: id, question })
      })
    },
    drawn(domain, spare) {
      // A frame of a worker or city that is gone: nobody waits for it.
      if (!undrawn.delete(domain)) return
      if (spare === undefined) send({ type: 'drawn', domain })
      else send({ type: 'drawn', domain, spare }, transfersOf(spare))
    },
    onStatus: (listener) => listen(statusListeners, listener),
    onRoster: (listener) => listen(rosterListeners, listener),
    onRosterChange: (listener) => listen(rosterChangeListeners, listener),
    onFrame: (listener) => listen(frameListeners, listener),
    close() {
      view = undefined
      failures = 0
      end('The page closed the city.')
    },
  }
}

const UNKNOWN: CityStatus = {
  mode: 'connecting',
  sinceMs: 0,
  clockOffsetMs: 0,
  brokers: [],
  counters: { notifications: 0, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 },
}

const PLATFORM: CityClientTimers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

// The client may import only the messages, so the list of a frame's buffers stands here again;
// `city.client.test.ts` holds it to the worker's.
export function transfersOf(frame: Frame): ArrayBuffer[] {
  const { positions, values, plain, medians, latest, observedAtMs, freshness, districtOf, cells } = frame
  return [positions, values, plain, medians, latest, observedAtMs, freshness, districtOf, cells.centres, cells.values, cells.sensors].map((array) => array.buffer)
}

function listen<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function nothing(): void {}
