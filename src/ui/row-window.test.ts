import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { follow, LONGEST_TRACK_PX, place, rangeOf, reveal, TOP, topOf, trackLength, type RowGeometry } from './row-window.ts'

const SHORT: RowGeometry = { count: 100, rowHeightPx: 48, viewHeightPx: 480 }
const MILLION: RowGeometry = { count: 1_000_000, rowHeightPx: 48, viewHeightPx: 480 }

describe('a list that fits on its track', () => {
  it('stands where the bar stands', () => {
    expect(trackLength(SHORT)).toBe(4_800)
    expect(follow(TOP, 100, SHORT)).toEqual({ trackPx: 100, offsetPx: 100 })
    expect(rangeOf({ trackPx: 100, offsetPx: 100 }, SHORT, 0)).toEqual({ first: 2, end: 13 })
    expect(topOf(7, { trackPx: 100, offsetPx: 100 }, SHORT)).toBe(7 * 48)
  })
  it('shows nothing of no rows, and nothing without a view', () => {
    expect(rangeOf(TOP, { ...SHORT, count: 0 }, 5)).toEqual({ first: 0, end: 0 })
    expect(rangeOf(TOP, { ...SHORT, viewHeightPx: 0 }, 5)).toEqual({ first: 0, end: 0 })
  })
})

describe('a list that is longer than any track', () => {
  it('moves by as much as the wheel does', () => {
    const there = place(20_000_000, MILLION)
    expect(follow(there, there.trackPx + 100, MILLION).offsetPx).toBeCloseTo(20_000_100)
  })
  it('moves in proportion with the thumb of the bar', () => {
    expect(follow(TOP, (LONGEST_TRACK_PX - 480) / 2, MILLION).offsetPx).toBeCloseTo((48_000_000 - 480) / 2)
  })
  it('keeps its rows within the view when the bar is put right', () => {
    const adrift = follow(place(20_000_000, MILLION), place(20_000_000, MILLION).trackPx + 400, MILLION)
    const settled = place(adrift.offsetPx, MILLION)
    expect(settled.offsetPx).toBe(adrift.offsetPx)
    expect(topOf(416_675, settled, MILLION) - settled.trackPx).toBeCloseTo(topOf(416_675, adrift, MILLION) - adrift.trackPx)
  })
})

const geometry = fc.record({ count: fc.integer({ min: 1, max: 2_000_000 }), rowHeightPx: fc.integer({ min: 20, max: 200 }), viewHeightPx: fc.integer({ min: 1, max: 3_000 }) })
const share = fc.double({ min: 0, max: 1, noNaN: true })

test.prop([geometry, share, share, fc.boolean()])('every row can be brought into view from everywhere, and then stands within it', (given, at, to, inMiddle) => {
  const index = Math.min(given.count - 1, Math.floor(to * given.count))
  const now = place(at * given.count * given.rowHeightPx, given)
  const next = reveal(index, now, given, { inMiddle })
  const { first, end } = rangeOf(next, given, 0)
  expect(first).toBeLessThanOrEqual(index)
  expect(end).toBeGreaterThan(index)
  const top = topOf(index, next, given) - next.trackPx
  // A row higher than the view shows one of its ends.
  const over = Math.max(0, given.rowHeightPx - given.viewHeightPx)
  expect(top).toBeGreaterThan(-over - 0.5)
  expect(top + given.rowHeightPx).toBeLessThan(given.viewHeightPx + over + 0.5)
})

test.prop([geometry, fc.array(share, { maxLength: 20 })])('the ends of the bar are the ends of the list, and no row lies beyond the track', (given, moves) => {
  const most = Math.max(0, trackLength(given) - given.viewHeightPx)
  let now = TOP
  for (const move of moves) {
    now = follow(now, move * most, given)
    const { first, end } = rangeOf(now, given, 3)
    expect(end - first).toBeLessThanOrEqual(Math.ceil(given.viewHeightPx / given.rowHeightPx) + 1 + 6)
    expect(end).toBeGreaterThan(first)
  }
  expect(rangeOf(follow(now, 0, given), given, 0).first).toBe(0)
  expect(rangeOf(follow(now, most, given), given, 0).end).toBe(given.count)
  expect(place(Infinity, given).trackPx).toBeCloseTo(most)
})

test.prop([geometry, share, fc.double({ min: -1, max: 1, noNaN: true })])('a small step of the bar is as small a step of the list', (given, at, step) => {
  const now = place(at * given.count * given.rowHeightPx, given)
  const trackPx = now.trackPx + step * given.viewHeightPx
  fc.pre(trackPx > 0 && trackPx < Math.max(0, trackLength(given) - given.viewHeightPx))
  const next = follow(now, trackPx, given)
  expect(Math.abs(next.offsetPx - now.offsetPx)).toBeLessThanOrEqual(Math.abs(step) * given.viewHeightPx + 1e-3)
})
