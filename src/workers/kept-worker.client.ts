/**
 * A worker that is kept alive: one that fails, or that has not been heard of for long, is ended and started again
 * after a pause that grows.
 */
import type { FromCityWorker, ToCityWorker } from './city.messages.ts'

/** The part of a `Worker` that is used, so that tests need none. */
export interface WorkerLike {
  postMessage(message: ToCityWorker, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: FromCityWorker }) => void): void
  addEventListener(type: 'error' | 'messageerror', listener: (event: { readonly message?: string }) => void): void
  terminate(): void
}

export interface PageTimers {
  now(): number
  /** Runs after the time, unless what it returns was called before. */
  after(ms: number, run: () => void): () => void
}

/** Something stopped, and is started again. */
export interface Fall {
  readonly reason: string
  readonly atMs: number
  readonly retryAtMs: number
}

export interface KeptWorker {
  readonly isUp: boolean
  send(message: ToCityWorker, transfer?: Transferable[]): void
  end(): void
}

/** Five beats missed: a worker that is only busy decodes a page of entities in less. */
const SILENCE_MS = 10_000
const CHECK_MS = 2_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** What lived this long was sound: the next failure is a first one. */
const SOUND_MS = 60_000

export function keepWorker(options: {
  readonly spawn: () => WorkerLike
  readonly timers: PageTimers
  readonly onMessage: (message: FromCityWorker) => void
  readonly onFall: (fall: Fall) => void
  /** It runs again after a fall, and knows nothing. */
  readonly onRise: () => void
}): KeptWorker {
  const { spawn, timers } = options
  const pauses = createPauses()
  let worker: WorkerLike | undefined
  let heardAtMs = 0
  let checkedAtMs = 0
  let cancelCheck: () => void = nothing
  let cancelRestart: () => void = nothing

  function start(): void {
    const fresh = spawn()
    worker = fresh
    heardAtMs = checkedAtMs = timers.now()
    pauses.started(heardAtMs)
    // What an ended worker had on its way is of another life.
    fresh.addEventListener('message', ({ data }) => {
      if (worker !== fresh) return
      heardAtMs = timers.now()
      options.onMessage(data)
    })
    fresh.addEventListener('error', ({ message }) => worker === fresh && fall(message ?? 'it could not be started'))
    fresh.addEventListener('messageerror', () => worker === fresh && fall('a message of it could not be read'))
    cancelCheck = timers.after(CHECK_MS, check)
  }

  function end(): void {
    cancelCheck()
    cancelRestart()
    worker?.terminate()
    worker = undefined
  }

  function fall(reason: string): void {
    end()
    const atMs = timers.now()
    const pauseMs = pauses.next(atMs)
    cancelRestart = timers.after(pauseMs, () => {
      start()
      options.onRise()
    })
    options.onFall({ reason, atMs, retryAtMs: atMs + pauseMs })
  }

  function check(): void {
    const nowMs = timers.now()
    // A page that slept, or whose timers were held back in a hidden tab, has not listened either.
    if (nowMs - checkedAtMs > 2 * CHECK_MS) heardAtMs = nowMs
    checkedAtMs = nowMs
    if (nowMs - heardAtMs > SILENCE_MS) fall(`not heard of for ${Math.round((nowMs - heardAtMs) / 1_000)} s`)
    else cancelCheck = timers.after(CHECK_MS, check)
  }

  start()
  return {
    get isUp() {
      return worker !== undefined
    },
    send: (message, transfer = []) => worker?.postMessage(message, transfer),
    end,
  }
}

export interface Pauses {
  started(nowMs: number): void
  /** How long to wait after a fall. */
  next(nowMs: number): number
}

export function createPauses(): Pauses {
  let startedAtMs = 0
  let falls = 0
  return {
    started(nowMs) {
      startedAtMs = nowMs
    },
    next(nowMs) {
      falls = nowMs - startedAtMs > SOUND_MS ? 1 : falls + 1
      return Math.min(FIRST_PAUSE_MS * 2 ** (falls - 1), LONGEST_PAUSE_MS)
    },
  }
}

function nothing(): void {}
