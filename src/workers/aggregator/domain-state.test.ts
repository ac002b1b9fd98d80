/** What the state says when it is asked otherwise than at first: other windows, other views. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import type { DomainModel, Reading } from '../../domains/domain-model.ts'
import type { Frame } from '../../domains/frame.ts'
import { TOO_FEW_KIND } from '../../domains/privacy.ts'
import { applyRosterChange } from '../../domains/roster-change.ts'
import { ANCHOR, START } from '../../../test/aggregator-in-hand.ts'
import { THERMOMETER } from '../../../test/thermometer-model.ts'
import { createDomainState, type DomainState } from './domain-state.ts'
import { createFrameBufferPool } from './frame-buffers.ts'
import type { UsualNow } from './picture.ts'

const LIMITED: DomainModel = { ...(THERMOMETER as DomainModel), limit: { label: 'too warm', value: 20, source: { document: 'made up', year: 2026, confirmed: true } } }

const stateOf = (model = LIMITED): DomainState => createDomainState({ model, anchor: ANCHOR, cellRadiusM: 500 })

function reading(id: string, agoMs: number, temperature: number): Reading {
  return { entityId: id, entityType: 'Thermometer', position: ANCHOR, observedAtMs: (START - agoMs) as EpochMs, values: { temperature }, warnings: [] }
}

function frameOf(state: DomainState, nowMs = START): Frame {
  state.refresh(nowMs)
  return state.frame(createFrameBufferPool().take(state.count, state.cellCount, state.view), 1)
}

const valuesOf = (frame: Frame): number[] => [...frame.values.subarray(0, frame.count)]
const cellOf = ({ cells }: Frame): number => cells.values[0]!

describe('a window', () => {
  const readings = fc.uniqueArray(fc.record({ agoMs: fc.integer({ min: 0, max: 30 * HOUR_MS }), temperature: fc.integer({ min: -20, max: 50 }) }), { selector: ({ agoMs }) => agoMs, minLength: 1, maxLength: 40 })
  const windows = fc.constantFrom(MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, DAY_MS)

  test.prop([readings, windows, fc.infiniteStream(fc.nat()), fc.boolean()])('of any length is the same in whatever order its readings come, chosen before or after', (given, windowMs, chance, isChosenFirst) => {
    const play = (all: readonly { readonly agoMs: number; readonly temperature: number }[], early: boolean): number[] => {
      const state = stateOf()
      if (early) state.setWindow(windowMs)
      for (const { agoMs, temperature } of all) state.apply(reading('a', agoMs, temperature), START)
      if (!early) {
        state.setWindow(windowMs)
        // What a history brings again: the last reading is known already.
        for (const { agoMs, temperature } of all) state.apply(reading('a', agoMs, temperature), START)
      }
      return valuesOf(frameOf(state))
    }
    const shuffled = given.map((one) => ({ one, place: chance.next().value })).toSorted((a, b) => a.place - b.place)
    expect(play(shuffled.map(({ one }) => one), isChosenFirst)).toEqual(play(given, true))
  })

  it('that was just chosen knows the last reading, and says that it knows no more', () => {
    const state = stateOf()
    for (const [agoMs, temperature] of [[30 * MINUTE_MS, 10], [2 * MINUTE_MS, 20]] as const) state.apply(reading('a', agoMs, temperature), START)
    state.setCoverage(START - 10 * MINUTE_MS)
    expect(frameOf(state)).toMatchObject({ coveredFromMs: START - 10 * MINUTE_MS })
    state.setWindow(HOUR_MS)
    const fresh = frameOf(state)
    expect(valuesOf(fresh)).toEqual([20])
    expect(fresh.coveredFromMs).toBe(Infinity)
    expect(fresh.windowEndMs - fresh.windowStartMs).toBe(HOUR_MS)
    expect(state.apply(reading('a', 30 * MINUTE_MS, 10), START)).toBe('late')
    expect(valuesOf(frameOf(state))).toEqual([15])
  })
})

describe('a group that falls below its privacy floor', () => {
  it('has no value from then on, though its window knows one of before', () => {
    const state = stateOf()
    state.apply(reading('a', 110_000, 20), START)
    state.apply(reading('b', 100_000, 10), START)
    expect(frameOf(state).total).toMatchObject({ value: 20, reporting: 2, known: 2 })
    const { values: _, ...held } = reading('a', MINUTE_MS, 0)
    state.apply({ ...held, values: {}, warnings: [{ kind: TOO_FEW_KIND, detail: 'fewer than 5' }] }, START)
    const frame = frameOf(state)
    expect(valuesOf(frame)).toEqual([NaN, 10])
    expect(frame.total).toMatchObject({ value: 10, reporting: 1, known: 1 })
    expect(cellOf(frame)).toBe(10)
    state.apply(reading('a', 0, 30), START)
    expect(frameOf(state).total).toMatchObject({ reporting: 2, known: 2 })
  })
})

describe('a view', () => {
  const bands = new Map([['a', { p10: 8, median: 10, p90: 14, samples: 40, days: 40 }], ['b', { p10: 18, median: 19, p90: 20, samples: 40, days: 40 }]])
  const USUAL: UsualNow = { bandOf: (id) => bands.get(id), city: { haveDays: 12, needDays: 28 } }

  function warm(): DomainState {
    const state = stateOf()
    state.apply(reading('a', 0, 12), START)
    state.apply(reading('b', 0, 22), START)
    state.apply(reading('c', 0, 30), START)
    return state
  }

  it('of values needs no more than values', () => {
    const frame = frameOf(warm())
    expect(valuesOf(frame)).toEqual([12, 22, 30])
    expect(frame).toMatchObject({ view: 'value', plain: { length: 0 }, medians: { length: 0 }, total: { value: 30 } })
  })

  it('against usual has a standing where there is a usual, and cells their median', () => {
    const state = warm()
    frameOf(state)
    state.setView('usual')
    expect(valuesOf(frameOf(state))).toEqual([NaN, NaN, NaN])
    state.setUsual(USUAL)
    const frame = frameOf(state)
    expect(valuesOf(frame)).toEqual([0.5, 3, NaN])
    expect([...frame.plain]).toEqual([12, 22, 30])
    expect([...frame.medians]).toEqual([10, 19, NaN])
    expect(cellOf(frame)).toBe(1.75)
    // The city's own value and its own usual, not a median of its sensors' standings.
    expect(frame.total).toMatchObject({ value: 30, usual: { haveDays: 12, needDays: 28 } })
  })

  it('against a limit is the value and the cell in per cent of it', () => {
    const state = warm()
    state.setView('limit')
    const frame = frameOf(state)
    expect(valuesOf(frame)).toEqual([60, 110, 150].map(Math.fround))
    expect(cellOf(frame)).toBeCloseTo((100 * (12 + 22 + 30)) / 3 / 20, 4)
  })

  it('comes back to values as it left them, and follows what changes meanwhile', () => {
    const state = warm()
    const before = frameOf(state)
    state.setView('usual')
    state.setUsual(USUAL)
    frameOf(state)
    state.setView('value')
    expect({ values: valuesOf(frameOf(state)), cell: cellOf(frameOf(state)) }).toEqual({ values: valuesOf(before), cell: cellOf(before) })
    state.setView('usual')
    state.remove('a')
    expect(valuesOf(frameOf(state))).toEqual([NaN, 3])
    expect(cellOf(frameOf(state))).toBe(3)
  })

  it('drawn anew without a change is no news; another usual is', () => {
    const state = warm()
    state.setView('usual')
    state.refresh(START)
    expect(state.refresh(START)).toBe(false)
    state.setUsual(USUAL)
    expect(state.refresh(START)).toBe(true)
    expect(state.refresh(START)).toBe(false)
  })
})

describe('a roster', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const name = fc.option(fc.constantFrom('North', 'South'), { nil: undefined })
  const warnings = fc.constantFrom<Reading['warnings'][]>([], [{ kind: 'hot', detail: '46 °C' }], [{ kind: 'hot', detail: '47 °C' }], [{ kind: 'swapped', detail: 'lon and lat' }])
  const step = fc.oneof(
    fc.record({ do: fc.constant('read' as const), id, name, warnings, agoMs: fc.integer({ min: 0, max: HOUR_MS }) }),
    fc.record({ do: fc.constant('introduce' as const), id, name: fc.constantFrom('Known', 'Also known') }),
    fc.record({ do: fc.constant('remove' as const), id }),
    fc.record({ do: fc.constant('tell' as const) }),
  )

  test.prop([fc.array(step, { maxLength: 60 })])('that is told by its changes is the one that is told whole', (steps) => {
    const [told, whole] = [stateOf(), stateOf()]
    let known = told.roster(0)
    for (const [index, one] of [...steps, { do: 'tell' as const }].entries()) {
      for (const state of [told, whole]) {
        if (one.do === 'read') state.apply({ ...reading(one.id, one.agoMs, 10), ...(one.name === undefined ? {} : { name: one.name }), warnings: one.warnings }, START)
        else if (one.do === 'introduce') state.introduce({ id: one.id, name: one.name, type: 'Thermometer' })
        else if (one.do === 'remove') state.remove(one.id)
      }
      if (one.do !== 'tell') continue
      const change = told.rosterChange(index + 1, known.version)
      known = change === undefined ? told.roster(index + 1) : applyRosterChange(known, change)!
      expect(known).toEqual(whole.roster(index + 1))
    }
  })

  it('of many sensors says one that is renamed alone', () => {
    const state = stateOf()
    for (const one of ['a', 'b', 'c']) state.apply(reading(one, 0, 10), START)
    state.roster(1)
    state.apply({ ...reading('b', -1, 11), name: 'Bridge' }, START)
    expect(state.rosterChange(2, 1)).toMatchObject({ from: 1, count: 3, rows: [1], names: ['Bridge'] })
    expect(state.rosterChange(3, 2)).toMatchObject({ rows: [] })
  })
})
