import { describe, expect, it } from 'vitest'
import { createHandTimers } from '../../test/page-timers.ts'
import { PORTO_PLAN } from '../../test/porto-plan.ts'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { Frame } from '../domains/frame.ts'
import { createFrameBufferPool, frameTransfers } from './aggregator/frame-buffers.ts'
import { createCityPool, HISTORY_BYTES } from './city-pool.client.ts'
import { createCityClient, transfersOf } from './city.client.ts'
import type { CityStatus, FromCity, ToCityWorker } from './city.messages.ts'
import type { WorkerLike } from './kept-worker.client.ts'

const PLAN = PORTO_PLAN
const MILAN: CityPlan = { ...PLAN, id: 'milan', name: 'Milan' }

const STATUS: CityStatus = {
  mode: 'live',
  sinceMs: 0,
  clockOffsetMs: 12,
  brokers: [],
  counters: { notifications: 5, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 },
}

interface FakeWorker {
  readonly sent: ToCityWorker[]
  readonly transfers: Transferable[][]
  ended: boolean
  /** Of the city that was opened last, or of the one in that place. */
  say(message: FromCity, place?: number): void
  beat(): void
  crash(message: string): void
  garble(): void
}

function page() {
  const workers: FakeWorker[] = []
  const timers = createHandTimers(1_000_000)
  const pool = createCityPool(spawn, {
    cores: 2,
    origin: 'https://city.example',
    timers,
  })
  const client = createCityClient(pool)

  function spawn(): WorkerLike {
    const listeners = new Map<string, (event: never) => void>()
    // Of an event only what the client reads is made.
    const fake: FakeWorker = {
      sent: [],
      transfers: [],
      ended: false,
      say: (message, place = fake.sent.findLast(({ type }) => type === 'open')!.place) => listeners.get('message')!({ data: { ...message, place } } as never),
      beat: () => listeners.get('message')!({ data: { type: 'beat' } } as never),
      crash: (message) => listeners.get('error')!({ message } as never),
      garble: () => listeners.get('messageerror')!({} as never),
    }
    workers.push(fake)
    return {
      postMessage(message, transfer) {
        fake.sent.push(message)
        fake.transfers.push(transfer)
      },
      addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
      terminate: () => void (fake.ended = true),
    }
  }

  const statuses: CityStatus[] = []
  client.onStatus((status) => statuses.push(status))

  return {
    client,
    workers,
    statuses,
    pass: timers.pass,
    worker: (): FakeWorker => workers.at(-1)!,
    sleep: timers.sleep,
    timers: () => timers.count,
  }
}

function frame(domain = 'noise'): Frame {
  const buffers = createFrameBufferPool().take(4, 4)
  return { ...buffers, domain, rosterVersion: 1, atMs: 0, windowStartMs: 0, windowEndMs: 1, coveredFromMs: 0, view: 'value', count: 1, cells: { ...buffers.cells, radiusM: 500, count: 1 }, total: { reporting: 0, known: 1 }, districts: [] }
}

describe('the client of the city worker', () => {
  it('opens a city and passes on what the worker says', () => {
    const { client, worker, statuses } = page()
    const frames: Frame[] = []
    client.onFrame((one) => frames.push(one))
    client.open(PLAN, { cellRadiusM: 500 })
    expect(worker().sent).toEqual([{ type: 'open', place: 1, origin: 'https://city.example', plan: PLAN, cellRadiusM: 500, historyBytes: HISTORY_BYTES }])
    worker().say({ type: 'status', status: STATUS })
    worker().say({ type: 'frame', frame: frame() })
    expect(statuses).toEqual([STATUS])
    expect(frames.length).toBe(1)
  })

  it('keeps one worker for city after city, and ignores what is still said of the last', () => {
    const { client, worker, workers, statuses } = page()
    const frames: Frame[] = []
    client.onFrame((one) => frames.push(one))
    client.open(PLAN, { cellRadiusM: 500 })
    const { place } = worker().sent.at(-1)!
    client.open(MILAN, { cellRadiusM: 250, atMs: 7 })
    expect(worker().sent.find(({ type }) => type === 'rest')).toEqual({ type: 'rest', place })
    worker().say({ type: 'status', status: STATUS }, place)
    worker().say({ type: 'frame', frame: frame() }, place)
    expect([workers.length, statuses.length, frames.length]).toEqual([1, 0, 0])
    expect(worker().sent.at(-1)).toMatchObject({ type: 'open', plan: MILAN, atMs: 7 })
  })

  it('stops telling a listener that has left', () => {
    const { client, worker } = page()
    let heard = 0
    const leave = client.onRoster(() => heard++)
    client.open(PLAN, { cellRadiusM: 500 })
    const roster = { domain: 'noise', version: 1, ids: [], names: [], types: [], warnings: [] }
    worker().say({ type: 'roster', roster })
    leave()
    worker().say({ type: 'roster', roster })
    expect(heard).toBe(1)
  })

  it('moves the buffers of a spare frame back, the same as the worker moves them here', () => {
    const { client, worker } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    worker().say({ type: 'frame', frame: frame() })
    const spare = frame()
    client.drawn('noise', spare)
    expect(worker().sent.at(-1)).toEqual({ type: 'drawn', place: 1, domain: 'noise', spare })
    expect(worker().transfers.at(-1)).toEqual(frameTransfers(spare))
    expect(transfersOf(spare)).toEqual(frameTransfers(spare))
    expect(new Set(transfersOf(spare)).size).toBe(11)
  })

  it('says once that a frame was drawn, and nothing of frames of a city that is gone', () => {
    const { client, worker } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    worker().say({ type: 'frame', frame: frame() })
    client.drawn('noise')
    client.drawn('noise')
    expect(worker().sent.filter(({ type }) => type === 'drawn').length).toBe(1)
    worker().say({ type: 'frame', frame: frame() })
    client.open(MILAN, { cellRadiusM: 500 })
    client.drawn('noise')
    expect(worker().sent.filter(({ type }) => type === 'drawn').length).toBe(1)
  })

  it('ends the worker and its timers when closed', () => {
    const { client, worker, timers } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    client.close()
    expect(worker().ended).toBe(true)
    expect(timers()).toBe(0)
  })
})

describe('a worker that crashes', () => {
  it('is started again and goes on with the city, time, cells and pause the page shows now', () => {
    const { client, worker, workers, pass } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    client.setTime(1_234)
    client.setCellRadius(250)
    client.setPaused(true)
    worker().crash('out of memory')
    expect(worker().ended).toBe(true)
    pass(1_000)
    expect(workers.length).toBe(2)
    expect(worker().sent).toEqual([
      { type: 'open', place: 1, origin: 'https://city.example', plan: PLAN, atMs: 1_234, cellRadiusM: 250, historyBytes: HISTORY_BYTES },
      { type: 'pause', place: 1, paused: true },
    ])
  })

  it('is told to the operator, and counted', () => {
    const { client, worker, statuses, pass } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    worker().say({ type: 'status', status: STATUS })
    worker().crash('out of memory')
    expect(statuses.at(-1)).toMatchObject({
      mode: 'retrying',
      detail: 'The data worker stopped (out of memory); it is being started again.',
      retryAtMs: 1_000_500,
      clockOffsetMs: 12,
      counters: { notifications: 5, restarts: 1 },
    })
    pass(1_000)
    worker().say({ type: 'status', status: STATUS })
    expect(statuses.at(-1)).toMatchObject({ mode: 'live', counters: { restarts: 1 } })
  })

  it('answers what was asked of it with an error', async () => {
    const { client, worker } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    const asked = client.ask({ kind: 'entity', domain: 'noise', entityId: 's' })
    worker().garble()
    expect(await asked).toEqual({ ok: false, message: 'The data worker stopped: a message of it could not be read.' })
    expect(await client.ask({ kind: 'entity', domain: 'noise', entityId: 's' })).toEqual({ ok: false, message: 'The data worker is not running.' })
  })

  it('is not heard any more', () => {
    const { client, worker, workers, statuses, pass } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    worker().crash('x')
    pass(1_000)
    const before = statuses.length
    workers[0]!.say({ type: 'status', status: STATUS })
    workers[0]!.crash('again')
    expect([statuses.length, workers.length]).toEqual([before, 2])
  })

  it('again and again is started ever more seldom', () => {
    const { client, worker, workers, statuses, pass } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    const pauses: number[] = []
    for (let crash = 0; crash < 9; crash++) {
      worker().crash('x')
      const { retryAtMs = 0, sinceMs } = statuses.at(-1)!
      pauses.push(retryAtMs - sinceMs)
      pass(31_000, () => worker().beat())
      expect(workers.length).toBe(crash + 2)
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    pass(61_000, () => worker().beat())
    worker().crash('x')
    expect(statuses.at(-1)!.retryAtMs! - statuses.at(-1)!.sinceMs).toBe(500)
  })

  it('while it is down, opens the city that was chosen meanwhile', () => {
    const { client, worker, workers, pass } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    worker().crash('x')
    client.open(MILAN, { cellRadiusM: 500 })
    expect(workers.length).toBe(1)
    pass(1_000)
    expect(worker().sent).toEqual([{ type: 'open', place: 2, origin: 'https://city.example', plan: MILAN, cellRadiusM: 500, historyBytes: HISTORY_BYTES }])
  })
})

describe('a worker that is silent', () => {
  it('is restarted when several beats are missed', () => {
    const { client, worker, workers, statuses, pass } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    pass(60_000, () => worker().beat())
    expect(workers.length).toBe(1)
    pass(15_000)
    expect(workers[0]!.ended).toBe(true)
    expect(statuses.at(-1)!.detail).toMatch(/^The data worker stopped \(not heard of for 1\d s\)/)
    expect(workers.length).toBe(2)
  })

  it('is left alone when it was the page that slept', () => {
    const { client, workers, sleep } = page()
    client.open(PLAN, { cellRadiusM: 500 })
    sleep(3_600_000)
    expect(workers.length).toBe(1)
  })
})
