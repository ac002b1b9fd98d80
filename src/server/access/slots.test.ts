import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createSlots } from './slots.ts'

const stay = new AbortController().signal

describe('slots', () => {
  it('turn away who comes when as many wait as may', async () => {
    const slots = createSlots({ concurrent: 1, waiting: 1 })
    const leave = await slots.enter({ isFirst: false, signal: stay })
    const second = slots.enter({ isFirst: false, signal: stay })
    expect(await slots.enter({ isFirst: false, signal: stay })).toBe('full')
    expect(slots.stats).toEqual({ running: 1, waiting: 1, turnedAway: 1 })
    if (typeof leave === 'function') leave()
    expect(await second).toBeTypeOf('function')
  })

  it('let the first go before who waits, and never turn it away', async () => {
    const slots = createSlots({ concurrent: 1, waiting: 1 })
    const leave = await slots.enter({ isFirst: false, signal: stay })
    const order: string[] = []
    const page = slots.enter({ isFirst: false, signal: stay }).then((slot) => (order.push('page'), slot))
    const relay = slots.enter({ isFirst: true, signal: stay }).then((slot) => (order.push('relay'), slot))
    if (typeof leave === 'function') leave()
    const next = await relay
    if (typeof next === 'function') next()
    await page
    expect(order).toEqual(['relay', 'page'])
  })

  it('forget who does not wait any more', async () => {
    const slots = createSlots({ concurrent: 1, waiting: 5 })
    await slots.enter({ isFirst: false, signal: stay })
    const impatient = new AbortController()
    const waiting = slots.enter({ isFirst: false, signal: impatient.signal })
    impatient.abort()
    expect(await waiting).toBe('left')
    expect(slots.stats.waiting).toBe(0)
  })

  test.prop([fc.integer({ min: 1, max: 4 }), fc.array(fc.constantFrom('enter', 'first', 'leave', 'leave twice', 'abort'), { maxLength: 60 })])('never hold more than they have, and lose none', async (concurrent, steps) => {
    const slots = createSlots({ concurrent, waiting: 3 })
    const held: (() => void)[] = []
    const leavers: AbortController[] = []
    for (const step of steps) {
      if (step === 'enter' || step === 'first') {
        const leaver = new AbortController()
        leavers.push(leaver)
        void slots.enter({ isFirst: step === 'first', signal: leaver.signal }).then((slot) => typeof slot === 'function' && held.push(slot))
      } else if (step === 'abort') leavers.pop()?.abort()
      else {
        const leave = held.pop()
        leave?.()
        if (step === 'leave twice') leave?.()
      }
      await Promise.resolve()
      await Promise.resolve()
      expect(slots.stats.running).toBeLessThanOrEqual(concurrent)
    }
    for (let leave = held.pop(); leave !== undefined; leave = held.pop()) {
      leave()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(slots.stats).toMatchObject({ running: 0, waiting: 0 })
  })
})
