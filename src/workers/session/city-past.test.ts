import { describe, expect, it } from 'vitest'
import { err } from '../../core/result.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { Span } from './broker-access.ts'
import { history, openCity, PLAN, remembered, START, state } from '../../../test/session-in-hand.ts'

describe('the past', () => {
  const AT = START - 5 * HOUR_MS

  async function live() {
    const city = openCity()
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
    const city = openCity(PLAN, { atMs: AT })
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
