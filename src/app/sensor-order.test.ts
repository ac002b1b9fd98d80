import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { layerOf, type GivenSensor } from '../../test/layer-in-hand.ts'
import { createSensorOrder, settleRows, type ListQuestion } from './sensor-order.ts'

const QUESTION: ListQuestion = { domain: 'noise', view: 'value', order: 'value', filter: '', worse: 'higher' }
const HELD = { hold: true }
const FREE = { hold: false }

describe('the order that is shown', () => {
  it('is there at once in a small city, and follows its values', () => {
    const { order, listed, pass } = stage()
    order.follow(layerOf(of({ a: 1, b: 2 })), QUESTION, FREE)
    expect(listed()).toEqual(['b', 'a'])
    pass(1_000)
    order.follow(layerOf(of({ a: 3, b: 2 })), QUESTION, FREE)
    expect(listed()).toEqual(['a', 'b'])
  })
  it('stays while somebody reads, and newcomers follow', () => {
    const { order, listed, pass } = stage()
    order.follow(layerOf(of({ a: 3, b: 2, c: 1 })), QUESTION, FREE)
    pass(1_000)
    order.follow(layerOf(of({ c: 9, d: 5, a: 1 })), QUESTION, HELD)
    expect(listed()).toEqual(['a', 'c', 'd'])
    pass(1_000)
    order.follow(layerOf(of({ c: 9, d: 5, a: 1 })), QUESTION, FREE)
    expect(listed()).toEqual(['c', 'd', 'a'])
  })
  it('is another for another question, whoever reads', () => {
    const { order, listed } = stage()
    order.follow(layerOf(of({ a: 1, b: 2 })), QUESTION, FREE)
    order.follow(layerOf(of({ a: 1, b: 2 })), { ...QUESTION, order: 'name' }, HELD)
    expect(listed()).toEqual(['a', 'b'])
    order.follow(layerOf(of({ a: 1, b: 2 })), { ...QUESTION, filter: 'b' }, HELD)
    expect(listed()).toEqual(['b'])
  })
  it('is nobody’s while nothing has come', () => {
    const { order, listed } = stage()
    order.follow(layerOf(of({ a: 1 })), QUESTION, FREE)
    order.follow(undefined, QUESTION, FREE)
    expect(listed()).toBeUndefined()
  })
  it('of a large city comes in slices, and takes a small share of the thread once it is there', () => {
    const { order, listed, pass, slices } = stage({ stepMs: 4 })
    const many = of(Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`s${index}`, index])))
    const first = layerOf(many)
    order.follow(first, QUESTION, FREE)
    expect(listed()).toBeUndefined()
    pass(1_000)
    expect(listed()?.[0]).toBe('s1499')
    const before = slices.spentMs()
    for (let turn = 0; turn < 250; turn++) {
      order.follow({ ...first, frame: { ...first.frame, atMs: turn } }, QUESTION, FREE)
      pass(400)
    }
    // Of 100 s; and each time it is asked it looks at the clock once, which here takes a step.
    expect(slices.spentMs() - before).toBeGreaterThan(0.02 * 100_000)
    expect(slices.spentMs() - before).toBeLessThan(0.035 * 100_000 + 250 * 4)
    // A slice of two steps, and the three looks at the clock around it.
    expect(slices.longestMs()).toBeLessThanOrEqual(5 * 4)
  })
  it('does nothing while it is held and the sensors are the same', () => {
    const { order, pass, slices } = stage({ stepMs: 1 })
    const layer = layerOf(of({ a: 1, b: 2 }))
    order.follow(layer, QUESTION, FREE)
    pass(10_000)
    const before = slices.spentMs()
    for (let turn = 0; turn < 10; turn++) {
      order.follow({ ...layer, frame: { ...layer.frame } }, QUESTION, HELD)
      pass(1_000)
    }
    expect(slices.spentMs()).toBe(before)
  })
})

const ids = fc.uniqueArray(fc.string({ maxLength: 2 }), { maxLength: 20 })

test.prop([ids, ids, fc.boolean()])('settling neither loses nor invents a sensor, and keeps who stays in its place among them', (before, after, isSame) => {
  const to = isSame ? before : after
  const shown = { roster: { ids: before, names: before }, rows: Uint32Array.from([...before.keys()].toReversed()) }
  const next = { roster: { ids: to, names: to }, rows: Uint32Array.from(to.keys()) }
  const settled = [...settleRows(shown, next)].map((row) => to[row]!)
  const kept = before.toReversed().filter((id) => to.includes(id))
  expect(settled).toEqual([...kept, ...to.filter((id) => !before.includes(id))])
})

function of(values: Readonly<Record<string, number>>): readonly GivenSensor[] {
  return Object.entries(values).map(([id, value]) => ({ id, name: id, value }))
}

/** A clock that goes on by `stepMs` whenever it is looked at within a slice. */
function stage({ stepMs = 0 }: { readonly stepMs?: number } = {}) {
  let nowMs = 0
  let spentMs = 0
  let longestMs = 0
  const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>()
  let handle = 0
  const work = (run: () => void): void => {
    const startedMs = nowMs
    run()
    spentMs += nowMs - startedMs
    longestMs = Math.max(longestMs, nowMs - startedMs)
  }
  const real = createSensorOrder({
    now: () => (nowMs += stepMs),
    later(run, delayMs) {
      const id = ++handle
      timers.set(id, { atMs: nowMs + delayMs, run })
      return () => timers.delete(id)
    },
  })
  return {
    order: { ...real, follow: (...given: Parameters<typeof real.follow>) => work(() => real.follow(...given)) },
    listed: () => {
      const shown = real.shown()
      return shown === undefined ? undefined : [...shown.rows].map((row) => shown.roster.ids[row]!)
    },
    pass(ms: number): void {
      const untilMs = nowMs + ms
      for (;;) {
        const due = [...timers].filter(([, { atMs }]) => atMs <= untilMs).toSorted(([, a], [, b]) => a.atMs - b.atMs)[0]
        if (due === undefined) break
        timers.delete(due[0])
        nowMs = Math.max(nowMs, due[1].atMs)
        work(due[1].run)
      }
      nowMs = Math.max(nowMs, untilMs)
    },
    slices: { spentMs: () => spentMs, longestMs: () => longestMs },
  }
}
