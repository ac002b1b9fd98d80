import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../core/time/instant.ts'
import type { Frame, Roster } from '../../domains/frame.ts'
import { applyRosterChange } from '../../domains/roster-change.ts'
import { frameTransfers } from '../aggregator/frame-buffers.ts'
import type { Span } from './broker-access.ts'
import { history, openCity, PLAN, remembered, START, state } from '../../../test/session-in-hand.ts'

describe('a broker that the relay knows', () => {
  it('is read in its own manner from the first snapshot on, and any other as any broker', async () => {
    const known = openCity(PLAN, { brokers: [{ broker: 'b1', state: 'live', sinceMs: 0, clockOffsetMs: 0, known: { profile: 'djane', evidence: 'as configured' } }] })
    await known.pass(100)
    const unknown = openCity()
    await unknown.pass(100)
    expect([known.readAs[0], unknown.readAs[0]]).toEqual(['djane', 'generic'])
  })
})

describe('an open city', () => {
  it('shows the snapshot, then what is notified', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START - 1_000, 10)]
    await city.pass(1_000)
    expect(city.status()).toMatchObject({ mode: 'live', brokers: [{ id: 'b1', state: 'connecting' }] })
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(300)
    expect(city.rosters().at(-1)!.ids).toEqual(['s1'])
    expect(city.frames().at(-1)!.latest[0]).toBe(10)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.notify(state('s1', START + 500, 20))
    await city.pass(300)
    expect(city.frames().at(-1)).toMatchObject({ count: 1, total: { value: 15, reporting: 1, known: 1 } })
    await city.pass(1_000)
    expect(city.status().counters).toMatchObject({ notifications: 1, entities: 2, readings: 2 })
  })

  it('has one frame of a domain in flight, whatever happens meanwhile', async () => {
    const city = openCity()
    for (let second = 0; second < 20; second++) {
      city.notify(state('s1', START + second * 1_000, second))
      await city.pass(1_000)
    }
    expect(city.frames().length).toBe(1)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(50)
    expect(city.frames().length).toBe(2)
    expect(city.frames()[1]!.latest[0]).toBe(19)
  })

  it('makes four frames a second at most, and few when nothing changes', async () => {
    const city = openCity()
    await city.pass(1_000)
    const before = city.frames().length
    for (let turn = 0; turn < 100; turn++) {
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
      city.notify(state('s1', START + 1_000 + turn * 50, turn))
      await city.pass(50)
    }
    const busy = city.frames().length - before
    expect(busy).toBeGreaterThan(15)
    expect(busy).toBeLessThanOrEqual(21)
    for (let turn = 0; turn < 200; turn++) {
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
      await city.pass(50)
    }
    expect(city.frames().length - before - busy).toBeLessThanOrEqual(4)
  })

  it('answers a new cell radius without waiting for its turn', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START, 10)]
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    await city.pass(300)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    const before = city.frames().length
    city.session.handle({ type: 'cells', radiusM: 250 })
    expect(city.frames().length).toBe(before + 1)
    expect(city.frames().at(-1)!.cells.radiusM).toBe(250)
  })

  it('sends the roster a frame names before the frame', async () => {
    const city = openCity()
    for (let turn = 0; turn < 8; turn++) {
      city.notify(state(`s${turn}`, START, turn))
      await city.pass(300)
      city.session.handle({ type: 'drawn', domain: 'thermometer' })
    }
    let roster: Roster | undefined
    const named: boolean[] = []
    for (const message of city.posted) {
      if (message.type === 'roster') roster = message.roster
      if (message.type === 'roster-change') roster = applyRosterChange(roster!, message.change)
      if (message.type === 'frame') named.push(message.frame.rosterVersion === roster?.version && message.frame.count === roster.ids.length)
    }
    expect(named.length).toBeGreaterThan(8)
    expect(named).not.toContain(false)
    expect(roster?.ids.length).toBe(8)
    const versions = city.rosters().map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other))
  })

  it('freezes when paused while data goes on coming in', async () => {
    const city = openCity()
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    // Since when its window is complete is news of its own.
    await city.pass(1_000)
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.session.handle({ type: 'pause', paused: true })
    const before = city.frames().length
    city.notify(state('s1', START + 1_000, 20))
    await city.pass(6_000)
    expect(city.frames().length).toBe(before)
    expect(city.status().mode).toBe('paused')
    expect(city.status().counters.readings).toBe(1)
    city.session.handle({ type: 'pause', paused: false })
    expect(city.frames().at(-1)!.latest[0]).toBe(20)
    expect(city.status().mode).toBe('live')
  })

  it('says why it cannot be shown when no broker or no known layer is configured', async () => {
    const none = openCity({ ...PLAN, brokers: [] })
    await none.pass(100)
    expect(none.status()).toMatchObject({ mode: 'failed', detail: 'No broker is configured for Porto.' })
    const odd = openCity({ ...PLAN, layers: ['whales'] })
    await odd.pass(100)
    expect(odd.status()).toMatchObject({ mode: 'failed', detail: 'No layer of Porto is known: whales.' })
  })
})

describe('how far the data is behind', () => {
  it('is the longest that a notification lately waited', async () => {
    const city = openCity()
    await city.pass(5_000)
    city.notifyAfter(3_000, state('s1', START, 10))
    await city.pass(1_000)
    expect(city.status().waitedMs).toBe(3_000)
  })

  it('does not count what the relay repeats of a time when nobody listened', async () => {
    const city = openCity()
    await city.pass(5_000)
    city.notifyAfter(60_000, state('s1', START, 10))
    await city.pass(1_000)
    expect(city.status().counters.notifications).toBe(1)
    expect(city.status().waitedMs).toBeUndefined()
  })
})

describe('a city at rest', () => {
  const view = { cellRadiusM: 500 }

  it('says nothing, and shows what it knew as soon as it is woken', async () => {
    const city = openCity()
    await city.pass(1_000)
    city.notify(state('s1', START + 500, 10))
    await city.pass(1_000)
    city.session.handle({ type: 'rest' })
    city.posted.length = 0
    await city.pass(30_000)
    expect(city.posted).toEqual([])
    city.session.handle({ type: 'wake', ...view })
    expect(city.posted.map(({ type }) => type)).toEqual(['roster', 'frame', 'status'])
    expect(city.frames().at(-1)).toMatchObject({ count: 1 })
    expect(city.frames().at(-1)!.latest[0]).toBe(10)
    await city.pass(1_000)
    expect(city.status().mode).toBe('live')
    city.session.handle({ type: 'drawn', domain: 'thermometer' })
    city.notify(state('s1', START + 33_000, 20))
    await city.pass(1_000)
    expect(city.frames().at(-1)!.latest[0]).toBe(20)
  })

  it('is woken at the time, the cells and the look that are wanted then', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START - 1_000, 10)]
    await city.pass(1_000)
    city.session.handle({ type: 'at', atMs: START - HOUR_MS })
    city.session.handle({ type: 'pause', paused: true })
    city.session.handle({ type: 'rest' })
    city.session.handle({ type: 'wake', cellRadiusM: 1_000, look: { domain: 'thermometer', view: 'value', windowMs: HOUR_MS } })
    const frame = city.frames().at(-1)!
    expect(frame.past).toBeUndefined()
    expect(frame.cells.radiusM).toBe(1_000)
    expect(frame.windowEndMs - frame.windowStartMs).toBe(HOUR_MS)
    expect(city.status().mode).not.toBe('history')
    city.session.handle({ type: 'rest' })
    city.session.handle({ type: 'wake', ...view, atMs: START - HOUR_MS })
    await city.pass(1_000)
    expect(city.frames().at(-1)!.past).toEqual({ isComplete: true })
  })

  it('has no window to fill again when nothing was missed', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START - 1_000, 10)]
    await city.pass(20_000)
    const asked: Span[] = []
    city.held.past = (_types, span) => {
      asked.push(span)
      return Promise.resolve(remembered())
    }
    city.session.handle({ type: 'rest' })
    await city.pass(10_000)
    city.session.handle({ type: 'wake', ...view })
    await city.pass(500)
    expect(city.status().mode).toBe('live')
    expect(asked).toEqual([])
  })
})

describe('the buffers of frames', () => {
  test.prop([fc.array(fc.record({ sensors: fc.nat(3), ms: fc.integer({ min: 0, max: 600 }), drawn: fc.constantFrom('no', 'bare', 'spare') }), { maxLength: 25 })], { numRuns: 30, seed: 1 })(
    'are never filled again while the page has them',
    async (turns) => {
      const city = openCity({ ...PLAN, layers: ['thermometer', 'hygrometer'] })
      const away = new Set<ArrayBuffer>()
      const onPage: Frame[] = []
      let read = 0
      let sensors = 0
      const collect = (): void => {
        for (const message of city.posted.slice(read)) {
          if (message.type !== 'frame' || message.frame.domain !== 'thermometer') continue
          for (const buffer of frameTransfers(message.frame)) {
            expect(away.has(buffer)).toBe(false)
            away.add(buffer)
          }
          onPage.push(message.frame)
        }
        read = city.posted.length
      }
      let drawn = 0
      for (const turn of turns) {
        for (let index = 0; index < turn.sensors; index++) city.notify(state(`s${sensors++ % 40}`, city.clock.ms, sensors))
        await city.pass(turn.ms)
        collect()
        if (turn.drawn === 'no') continue
        // The page shows the newest and gives back the one before.
        const spare = turn.drawn === 'spare' && onPage.length > 1 ? onPage.shift() : undefined
        for (const buffer of spare === undefined ? [] : frameTransfers(spare)) away.delete(buffer)
        city.session.handle({ type: 'drawn', domain: 'thermometer', ...(spare === undefined ? {} : { spare }) })
        drawn++
        collect()
        expect(city.frames().length).toBeLessThanOrEqual(drawn + 1)
      }
    },
  )

  it('go round: two sets are enough for any number of frames', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START, 1)]
    const seen = new Set<ArrayBuffer>()
    let before: Frame | undefined
    for (let turn = 0; turn < 50; turn++) {
      city.notify(state('s1', city.clock.ms, turn))
      await city.pass(300)
      const frame = city.frames().at(-1)!
      for (const buffer of frameTransfers(frame)) seen.add(buffer)
      city.session.handle({ type: 'drawn', domain: 'thermometer', ...(before === undefined || before === frame ? {} : { spare: before }) })
      before = frame
    }
    expect(city.frames().length).toBeGreaterThan(40)
    expect(seen.size).toBeLessThanOrEqual(3 * 8)
  })

  it('move with their message', async () => {
    const city = openCity()
    await city.pass(500)
    expect(city.transfers[0]).toEqual(frameTransfers(city.frames()[0]!))
  })
})

describe('a question about one sensor', () => {
  it('about its history is answered by the readers of live data', async () => {
    const city = openCity()
    city.held.past = async () => remembered([history('s1', [[START - 2, 50], [START - 1, 2], [START, 3]])], { partial: true })
    const answer = await city.ask({ type: 'ask', askId: 7, question: { kind: 'history', domain: 'thermometer', entityId: 's1', fromMs: START - 2, toMs: START } })
    expect(answer).toMatchObject({
      ok: true,
      kind: 'history',
      rejected: 0,
      partial: true,
      readings: [
        { observedAtMs: START - 2, values: { temperature: 50 }, warnings: [{ kind: 'hot' }] },
        { observedAtMs: START - 1, values: { temperature: 2 } },
      ],
    })
  })

  it('about the entity is answered as the broker has it, with what we made of it', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START, 10), { id: 's2', type: 'Thermometer', temperature: 4 }]
    expect(await city.ask({ type: 'ask', askId: 1, question: { kind: 'entity', domain: 'thermometer', entityId: 's1' } })).toMatchObject({
      ok: true,
      raw: state('s1', START, 10),
      reading: { values: { temperature: 10 } },
    })
    expect(await city.ask({ type: 'ask', askId: 9, question: { kind: 'entities', domain: 'thermometer', entityIds: ['s1', 'gone'] } })).toEqual({ ok: true, kind: 'entities', entities: [expect.objectContaining({ id: 's1' })] })
    expect(await city.ask({ type: 'ask', askId: 2, question: { kind: 'entity', domain: 'thermometer', entityId: 's2' } })).toMatchObject({
      ok: true,
      problem: 's2 temperature.observedAt: expected ISO 8601, got nothing',
    })
    expect(await city.ask({ type: 'ask', askId: 3, question: { kind: 'entity', domain: 'thermometer', entityId: 's3' } })).toEqual({
      ok: false,
      message: 'The broker does not know it (404).',
    })
  })

  it('of a day is told as it has been read, and costs nothing once nobody asks', async () => {
    const city = openCity()
    city.held.entities = [state('s1', START, 10)]
    const asked: Span[] = []
    city.held.past = async (_types, span) => {
      asked.push(span)
      return remembered([history('s1', [[span.fromMs + 14 * 60_000, 5]])])
    }
    await city.pass(1_000)
    const line = async (askId: number) => {
      const answer = await city.ask({ type: 'ask', askId, question: { kind: 'line', domain: 'thermometer' } })
      return answer.ok && answer.kind === 'line' ? answer.line : undefined
    }
    expect(await line(1)).toMatchObject({ points: [], isUnderWay: true, problems: [] })
    await city.pass(25_000)
    const { points, hours } = (await line(2))!
    expect(points.length).toBe(96)
    // One reading an hour, in the first of its quarters: the others are gaps.
    expect(points.filter(({ value }) => value !== undefined).every(({ toMs, value }) => value === 5 && toMs % HOUR_MS === HOUR_MS / 4)).toBe(true)
    expect(points.some(({ value }) => value === 5)).toBe(true)
    expect(hours.length).toBe(25)
    await city.pass(92_000)
    const before = asked.length
    await city.pass(20_000)
    expect(asked.length).toBe(before)
    expect(await city.ask({ type: 'ask', askId: 3, question: { kind: 'line', domain: 'none' } })).toEqual({ ok: false, message: 'Porto has no layer "none".' })
  })

  it('is answered even when no city is open', async () => {
    const city = openCity()
    city.session.handle({ type: 'close' })
    expect(await city.ask({ type: 'ask', askId: 1, question: { kind: 'entity', domain: 'thermometer', entityId: 's' } })).toEqual({ ok: false, message: 'No city is open.' })
  })
})
