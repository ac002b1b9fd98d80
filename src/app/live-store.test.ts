import { describe, expect, it } from 'vitest'
import type { Frame, Roster } from '../domains/frame.ts'
import type { RosterChange } from '../domains/roster-change.ts'
import type { CityClient } from '../workers/city.client.ts'
import type { CityPlan, CityStatus } from '../workers/city.messages.ts'
import { createLiveStore, MOVING_MS, PANEL_INTERVAL_MS, STILL_INTERVAL_MS, type LiveEffects } from './live-store.ts'

const COUNTERS = { notifications: 0, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 }

describe('the live store', () => {
  it('acknowledges a frame after it was drawn, not when it came', () => {
    const { worker, screen, store } = stage()
    const order: string[] = []
    store.onDraw(() => order.push('drawn'))
    worker.onDrawn = () => order.push('acknowledged')
    worker.roster(1)
    worker.frame(1)
    expect(order).toEqual([])
    screen.paint()
    expect(order).toEqual(['drawn', 'acknowledged'])
  })

  it('acknowledges slowly when no animation frame comes although the page is shown', () => {
    const { worker, screen } = stage()
    worker.roster(1)
    worker.frame(1)
    screen.pass(STILL_INTERVAL_MS - 1)
    expect(worker.drawn).toHaveLength(0)
    screen.pass(1)
    expect(worker.drawn).toHaveLength(1)
    screen.paint()
    expect(worker.drawn).toHaveLength(1)
  })

  it('draws nothing and asks for nothing in a hidden tab, and catches up at once when it is shown', () => {
    const { worker, screen, store } = stage()
    let drawn = 0
    let told = 0
    store.onDraw(() => drawn++)
    store.subscribe(() => told++)
    worker.roster(1)
    worker.status('live')
    worker.frame(1)
    told = 0
    screen.hide()
    screen.paint()
    screen.pass(600_000)
    worker.frame(1)
    worker.status('live')
    screen.pass(600_000)
    expect({ drawn, told, acknowledged: worker.drawn.length }).toEqual({ drawn: 0, told: 0, acknowledged: 0 })
    screen.show()
    expect({ drawn, told, acknowledged: worker.drawn.length }).toEqual({ drawn: 1, told: 1, acknowledged: 1 })
  })

  it('says how seldom a slow page draws, and nothing of the time it was hidden', () => {
    const { worker, screen, store } = stage()
    worker.roster(1)
    worker.status('live')
    for (let i = 0; i < 3; i++) {
      worker.frame(1)
      screen.pass(1_900)
      screen.paint()
    }
    expect(store.behind()).toBeUndefined()
    const slowly = (): void => {
      worker.frame(1, [0], 1, screen.now() - 5_000)
      screen.paint()
      screen.pass(2_500)
    }
    slowly()
    slowly()
    expect(store.behind()).toEqual({ of: 'drawing', ms: 5_000 })
    screen.hide()
    expect(store.behind()).toBeUndefined()
    screen.show()
    expect(store.behind()).toBeUndefined()
  })

  it('asks for cells of another size only when it is another', () => {
    const { worker, store } = stage()
    store.open({} as CityPlan, { cellRadiusM: 500 })
    for (const radiusM of [500, 1_000, 1_000, 500]) store.setCellRadius(radiusM)
    expect(worker.radii).toEqual([1_000, 500])
  })

  it('hands back buffers only two frames later, when nothing reads them any more', () => {
    const { worker, screen } = stage()
    worker.roster(1)
    const frames = [1, 2, 3, 4].map(() => {
      const frame = worker.frame(1)
      screen.paint()
      return frame
    })
    expect(worker.drawn.map(({ spare }) => spare)).toEqual([undefined, undefined, frames[0], frames[1]])
  })

  it('acknowledges even when drawing fails: a broken map must not silence the list', () => {
    const { worker, screen, store } = stage()
    store.onDraw(() => {
      throw new Error('no WebGL')
    })
    worker.roster(1)
    worker.frame(1)
    expect(() => screen.paint()).toThrow('no WebGL')
    expect(worker.drawn).toHaveLength(1)
  })

  it('shows no frame under the names of another roster, and asks for the next all the same', () => {
    const { worker, screen, store } = stage()
    worker.roster(1)
    worker.frame(1)
    screen.paint()
    worker.roster(2)
    const shown = store.layer('noise')
    worker.frame(1)
    screen.paint()
    expect(store.layer('noise')).toBe(shown)
    expect(worker.drawn).toHaveLength(2)
    worker.frame(2)
    screen.paint()
    expect(store.layer('noise')?.roster.version).toBe(2)
  })

  it('follows what changes in a roster, and shows no frame of one that it has not', () => {
    const { worker, screen, store } = stage()
    worker.roster(1)
    worker.renamed(1, 'B')
    worker.frame(2)
    screen.paint()
    const shown = store.layer('noise')
    expect(shown?.roster.names).toEqual(['B'])
    worker.renamed(7, 'C')
    worker.frame(8)
    screen.paint()
    expect(store.layer('noise')).toBe(shown)
  })

  it('tells panels a few times a second, however many frames come', () => {
    const { worker, screen, store } = stage()
    let told = 0
    store.subscribe(() => told++)
    worker.roster(1)
    for (let i = 0; i < 60; i++) {
      worker.frame(1)
      screen.paint()
      screen.pass(16)
    }
    expect(told).toBeLessThanOrEqual(Math.ceil((60 * 16) / PANEL_INTERVAL_MS))
    expect(told).toBeGreaterThan(0)
  })

  it('says at once that a connection was lost', () => {
    const { worker, store } = stage()
    worker.status('live')
    const before = store.version()
    worker.status('live')
    expect(store.version()).toBe(before)
    worker.status('retrying')
    expect(store.version()).toBe(before + 1)
  })

  it('forgets the city before when another is opened', () => {
    const { worker, screen, store } = stage()
    worker.roster(1)
    worker.frame(1)
    screen.paint()
    worker.frame(1)
    store.open({} as CityPlan, { cellRadiusM: 500 })
    screen.paint()
    expect(store.layer('noise')).toBeUndefined()
    expect(worker.drawn).toHaveLength(1)
  })
})

describe('the time that is shown', () => {
  it('has no values of now once the past is asked for, while the map keeps its picture', () => {
    const { worker, screen, store } = stage()
    screen.pass(10_000)
    worker.roster(1)
    worker.frame(1)
    screen.paint()
    const told = store.version()
    store.setTime(5_000)
    expect(store.version()).toBe(told + 1)
    expect(store.layer('noise')).toBeUndefined()
    expect(store.picture('noise')).toBeDefined()
    worker.frame(1, [0], 1, 5_000, { isComplete: true })
    screen.paint()
    expect(store.layer('noise')?.frame.atMs).toBe(5_000)
  })

  it('takes no frame of an instant that was passed by, and none of the past for now', () => {
    const { worker, screen, store } = stage()
    screen.pass(10_000)
    worker.roster(1)
    store.setTime(5_000)
    store.setTime(6_000)
    worker.frame(1, [0], 1, 5_000, { isComplete: true })
    screen.paint()
    expect(store.layer('noise')).toBeUndefined()
    store.setTime(undefined)
    worker.frame(1, [0], 1, 6_000, { isComplete: true })
    screen.paint()
    expect(store.layer('noise')).toBeUndefined()
    worker.frame(1)
    screen.paint()
    expect(store.layer('noise')?.frame.atMs).toBe(10_000)
    expect(worker.drawn).toHaveLength(3)
  })

  it('has no values of a picture that is not complete, though the map draws what is known', () => {
    const { worker, screen, store } = stage()
    screen.pass(10_000)
    worker.roster(1)
    store.setTime(5_000)
    worker.frame(1, [0], 1, 5_000, { isComplete: false })
    screen.paint()
    expect(store.layer('noise')).toBeUndefined()
    expect(store.picture('noise')?.frame.atMs).toBe(5_000)
    worker.frame(1, [0], 1, 5_000, { isComplete: true })
    screen.paint()
    expect(store.layer('noise')?.frame.past).toEqual({ isComplete: true })
  })

  it('that a hand moves is a moment behind it, and never once it rests', () => {
    const { worker, screen, store } = stage()
    screen.pass(10_000)
    worker.roster(1)
    worker.frame(1)
    screen.paint()
    store.setTime(5_000, { isMoving: true })
    expect(store.layer('noise')).toBeUndefined()
    store.setTime(5_100, { isMoving: true })
    worker.frame(1, [0], 1, 5_000, { isComplete: true })
    screen.paint()
    expect(store.layer('noise')?.frame.atMs).toBe(5_000)
    const told = store.version()
    screen.pass(MOVING_MS)
    expect(store.version()).toBeGreaterThan(told)
    expect(store.layer('noise')).toBeUndefined()
    worker.frame(1, [0], 1, 5_100, { isComplete: true })
    screen.paint()
    expect(store.layer('noise')?.frame.atMs).toBe(5_100)
  })
})

function nothing(): void {}

/** A worker, a screen and a clock that the test moves by hand. */
function stage() {
  const frames = new Map<number, () => void>()
  const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>()
  let nowMs = 0
  let handle = 0
  let isHidden = false
  let tellShown: () => void = nothing
  const effects: LiveEffects = {
    requestFrame: (callback) => (frames.set(++handle, callback), handle),
    cancelFrame: (one) => frames.delete(one),
    setTimer: (run, delayMs) => (timers.set(++handle, { atMs: nowMs + delayMs, run }), handle),
    clearTimer: (one) => timers.delete(one),
    isHidden: () => isHidden,
    onShown: (callback) => ((tellShown = callback), () => {}),
    now: () => nowMs,
  }
  const screen = {
    now: () => nowMs,
    hide() {
      isHidden = true
    },
    show() {
      isHidden = false
      tellShown()
    },
    paint() {
      // A browser gives a hidden page none.
      if (isHidden) return
      const due = [...frames.values()]
      frames.clear()
      for (const run of due) run()
    },
    pass(ms: number) {
      nowMs += ms
      for (const [one, { atMs, run }] of timers) {
        if (atMs > nowMs) continue
        timers.delete(one)
        run()
      }
    },
  }
  let sayStatus: (status: CityStatus) => void = nothing
  let sayRoster: (roster: Roster) => void = nothing
  let sayRosterChange: (change: RosterChange) => void = nothing
  let sayFrame: (frame: Frame) => void = nothing
  const drawn: { readonly domain: string; readonly spare: Frame | undefined }[] = []
  const worker = {
    drawn,
    radii: [] as number[],
    onDrawn: () => {},
    status: (mode: CityStatus['mode']) => sayStatus({ mode, sinceMs: 0, clockOffsetMs: 0, brokers: [], counters: COUNTERS }),
    roster: (version: number) => sayRoster({ domain: 'noise', version, ids: ['a'], names: ['A'], types: ['T'], warnings: [[]] }),
    renamed: (from: number, name: string) => sayRosterChange({ domain: 'noise', version: from + 1, from, count: 1, rows: [0], ids: ['a'], names: [name], types: ['T'], warnings: [[]] }),
    frame(rosterVersion: number, freshness: readonly number[] = [0], count = freshness.length, atMs = nowMs, past?: Frame['past']): Frame {
      const numbers = (): Float32Array<ArrayBuffer> => new Float32Array(freshness.length)
      const frame: Frame = {
        domain: 'noise',
        rosterVersion,
        atMs,
        ...(past === undefined ? {} : { past }),
        windowStartMs: 0,
        windowEndMs: nowMs,
        coveredFromMs: 0,
        view: 'value',
        plain: new Float32Array(0),
        medians: new Float32Array(0),
        districtOf: new Uint8Array(0),
        districts: [],
        count,
        positions: new Float32Array(2 * freshness.length),
        values: numbers(),
        latest: numbers(),
        observedAtMs: new Float64Array(freshness.length),
        freshness: Uint8Array.from(freshness),
        cells: { radiusM: 500, count: 0, centres: numbers(), values: numbers(), sensors: new Uint16Array(0) },
        total: { reporting: 1, known: count },
      }
      sayFrame(frame)
      return frame
    },
  }
  const client: CityClient = {
    open: () => {},
    setTime: () => {},
    setLook: () => {},
    setPaused: () => {},
    setCellRadius: (radiusM) => worker.radii.push(radiusM),
    ask: () => Promise.resolve({ ok: false, message: 'not in this test' }),
    drawn(domain, spare) {
      drawn.push({ domain, spare })
      worker.onDrawn()
    },
    onStatus: (listener) => ((sayStatus = listener), () => {}),
    onRosterChange: (listener) => ((sayRosterChange = listener), () => {}),
    onRoster: (listener) => ((sayRoster = listener), () => {}),
    onFrame: (listener) => ((sayFrame = listener), () => {}),
    close: () => {},
  }
  return { worker, screen, store: createLiveStore(client, effects) }
}
