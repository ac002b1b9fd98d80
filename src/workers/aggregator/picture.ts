/**
 * What the sensors of a domain show at an instant: each one's window value and freshness, their cells, and the
 * city's total.
 *
 * Rows are marked as they change. `refresh` computes the marked ones and those whose window or freshness is due by
 * the broker's clock, and takes what they gave to cells and total away before it adds what they give now. Nothing goes
 * through all sensors, but for what the operator asks for: another view, another size of cells; or a clock that was
 * set back.
 */
import type { AreaIndex } from '../../core/geo/areas.ts'
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import type { Usual, UsualBand } from '../../core/stats/usual.ts'
import { freshnessCode, freshnessCodeOf, freshnessEndMs, FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { plainAdderOf } from '../../domains/fold.ts'
import type { FrameTotal } from '../../domains/frame.ts'
import { isTooFew } from '../../domains/privacy.ts'
import { resolutionOf, standingOf, type View } from '../../domains/standing.ts'
import { createCells, NO_CELL, type Cells } from './cells.ts'
import { createCityTotal, createHighest } from './city-total.ts'
import type { Columns } from './columns.ts'
import { createDistrictTotals, type DistrictTotals } from './district-totals.ts'
import { createDueWheel } from './due-wheel.ts'
import { createFrameLog, type LoggedFrame } from './frame-log.ts'
import { BYTES, CELL, CUT_OFF, DOUBLES, FLAGS, FLOATS, FRESHNESS as FRESHNESS_AT, HOLDERS, IN_NEWEST, IN_WINDOW, INTS, LAT, LON, OBSERVED_AT, PERIOD, VALUE } from './hot-rows.ts'
import { growPages, PAGE_BITS, PAGE_MASK, type Pages } from './pages.ts'
import { createRowSet, type RowSet } from './row-set.ts'
import { stepAt, type Windows } from './windows.ts'

export interface UsualNow {
  bandOf(id: string): UsualBand | undefined
  readonly city: Usual
}

export interface Picture {
  readonly cells: Cells
  readonly view: View
  /** Instant of the last refresh, and its step of the window. */
  readonly atMs: number
  readonly step: number
  readonly total: FrameTotal
  readonly districts: DistrictTotals | undefined
  /** The row shows something else, or stands elsewhere, with the next refresh. */
  touch(row: number): void
  touchAll(): void
  /** The total is to be summed up again, whether or not a sensor changes. */
  touchTotal(): void
  positionOf(row: number): LonLat | undefined
  stand(row: number, lon: number, lat: number): void
  /** Of too few people to show: it counts nowhere from now on, or again. */
  setTooFew(row: number, isTooFew: boolean): void
  /** The instant of the row's last reading is about to be another. */
  leaveNewest(row: number): void
  /** Nobody tells of the row's sensor since `nowMs`, or somebody does again. */
  setCutOff(row: number, isCutOff: boolean, nowMs: number): void
  /** A new row. */
  welcome(row: number): void
  /** The row's sensor goes; `last` is the row that will take its place. */
  leave(row: number, last: number): LeftRow
  /** The sensor of row `from` has moved into row `to`. */
  move(from: number, to: number, left: LeftRow): void
  setCellRadius(radiusM: number): void
  setView(view: View): void
  setUsual(usual: UsualNow | undefined): void
  refresh(nowMs: number): boolean
  /** Standing of a row's value against usual, and what is usual for it. */
  standing(row: number): number
  medianOf(row: number): number
  nextFrame(held: number | undefined): LoggedFrame
}

/** What the last row gave before it moved. */
export interface LeftRow {
  readonly gave: number
  readonly gaveNewest: number
}

const AGEING = freshnessCode('ageing')
const STALE = freshnessCode('stale')
const LOST = freshnessCode('lost')
const CLOCK_ERROR = freshnessCode('clock-error')

/** Rows whose memory is asked for at once. */
const BATCH = 256

export interface PictureOptions {
  readonly model: DomainModel
  readonly columns: Columns
  readonly kept: { readonly windows: Windows }
  readonly anchor: LonLat
  readonly cellRadiusM: number
  readonly expectedIntervalMs: number
  /** Rows that are too few to show: they count nowhere. */
  readonly tooFew: () => number
  /** Parts of the city that have totals of their own. */
  readonly districts?: AreaIndex | undefined
}

export function createPicture({ model, columns, kept, anchor, cellRadiusM, expectedIntervalMs, tooFew, districts: areas }: PictureOptions): Picture {
  const fold = model.fold.columns
  const addPlain = plainAdderOf(fold)
  const resolution = resolutionOf(model)
  const { hot } = columns
  const { doubles, floats, ints, bytes } = hot
  /** What a row gives to its cell in the view `usual`; elsewhere it is the value. */
  const standings: Pages<Float64Array> = []
  const lastValues = new Float64Array(fold.reads.length)
  const lastAcc = new Float64Array(fold.width)
  const total = createCityTotal(model.across.city)
  const newest = createHighest()
  const log = createFrameLog()
  const touched = createRowSet()
  const due = createRowSet()
  let wheel = createDueWheel(hot)
  let view: View = 'value'
  let usual: UsualNow | undefined
  let grid = createHexGrid(anchor, cellRadiusM)
  let cells = createCells(grid, model.across.cell, hot)
  let totalStale = true
  let frameTotal: FrameTotal = { reporting: 0, known: 0 }
  let atMs = NaN
  let step = NaN
  // Kept, so that the reads are not found to be for nothing.
  let warmth = 0
  /** A reading later than this came although its broker was said to be down: its sensor is heard. */
  let cutOffUntilMs = -Infinity

  const doubleAt = (row: number, of: number): number => doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + of]!
  const floatAt = (row: number, of: number): number => floats[row >>> PAGE_BITS]![((row & PAGE_MASK) << FLOATS) + of]!
  const byteAt = (row: number, of: number): number => bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + of]!
  const givenToTotal = (row: number): number => (byteAt(row, FRESHNESS_AT) <= AGEING ? doubleAt(row, VALUE) : NaN)
  const givenToCell = (row: number): number => (view === 'usual' ? standings[row >>> PAGE_BITS]![row & PAGE_MASK]! : givenToTotal(row))
  const givenToNewest = (row: number): number => (row < columns.count && (byteAt(row, FLAGS) & IN_NEWEST) !== 0 ? doubleAt(row, OBSERVED_AT) : NaN)
  const valueInTotal = (row: number): number => (row < columns.count ? givenToTotal(row) : NaN)
  const districts = areas && createDistrictTotals(areas, model.across.city, hot, givenToTotal)
  const standing = (row: number): number => standingOf(doubleAt(row, VALUE), usual?.bandOf(columns.ids.idOf(row)), resolution)

  function setFlag(row: number, flag: number, isOn: boolean): void {
    const page = bytes[row >>> PAGE_BITS]!
    const at = ((row & PAGE_MASK) << BYTES) + FLAGS
    if (isOn) page[at]! |= flag
    else page[at]! &= ~flag
  }

  function positionOf(row: number): LonLat | undefined {
    const lon = floatAt(row, LON)
    return Number.isNaN(lon) ? undefined : [lon, floatAt(row, LAT)]
  }

  function giveStanding(row: number, value: number): void {
    growPages(standings, row + 1, (length) => new Float64Array(length))
    standings[row >>> PAGE_BITS]![row & PAGE_MASK] = value
  }

  function leaveNewest(row: number): void {
    if ((byteAt(row, FLAGS) & IN_NEWEST) === 0) return
    setFlag(row, IN_NEWEST, false)
    newest.change(row, doubleAt(row, OBSERVED_AT), NaN)
  }

  function valueOfLast(row: number, lastMs: number): number | undefined {
    fold.clear(lastAcc, 0)
    if (columns.isOdd(row)) fold.add(lastAcc, 0, columns.lastReading(row))
    else {
      columns.lastValues(row, lastValues)
      addPlain(lastAcc, 0, lastValues, lastMs, floatAt(row, PERIOD))
    }
    return fold.value(lastAcc, 0)
  }

  /** Window value and freshness of one row at the instant of the refresh. True when either is another than before. */
  function compute(row: number, isSetBack: boolean): boolean {
    const { windows } = kept
    const { shape } = windows
    const lastMs = doubleAt(row, OBSERVED_AT)
    const flags = byteAt(row, FLAGS)
    const periodMs = floatAt(row, PERIOD)
    // Nothing that stands for an hour can come again within it.
    const expectedMs = periodMs > expectedIntervalMs ? periodMs : expectedIntervalMs
    const byAge = Number.isNaN(lastMs) ? LOST : freshnessCodeOf(atMs - lastMs, expectedMs)
    const judged = byAge <= AGEING && (byteAt(row, HOLDERS) & CUT_OFF) !== 0 && lastMs <= cutOffUntilMs ? STALE : byAge
    let leavesAtStep = Infinity
    let value: number | undefined
    if (windows.has(row)) {
      leavesAtStep = windows.fold(row, step, isSetBack)
      if (leavesAtStep !== Infinity) value = windows.value()
      else if (judged <= AGEING) value = valueOfLast(row, lastMs)
      if (windows.hasLeft) closeIfAlone(row, lastMs)
    } else {
      if ((flags & IN_WINDOW) !== 0 && windows.isInside(lastMs, step)) leavesAtStep = stepAt(shape, lastMs) + shape.steps
      if (leavesAtStep !== Infinity || judged <= AGEING) value = valueOfLast(row, lastMs)
    }
    // What a privacy floor holds back has no value, even while its window still knows one of before.
    const says = value === undefined || (tooFew() > 0 && isTooFew(columns.warnings(row))) ? NaN : value
    const isOther = judged !== byteAt(row, FRESHNESS_AT) || !Object.is(says, doubleAt(row, VALUE))
    if (isOther) give(row, says, judged)
    if (judged === CLOCK_ERROR) {
      leaveNewest(row)
    } else if ((flags & IN_NEWEST) === 0 && !Number.isNaN(lastMs)) {
      setFlag(row, IN_NEWEST, true)
      newest.change(row, NaN, lastMs)
    }
    const dueMs = lastMs + freshnessEndMs(judged, expectedMs)
    const leavesMs = leavesAtStep * shape.stepMs
    wheel.schedule(row, dueMs < leavesMs ? dueMs : leavesMs, atMs)
    return isOther
  }

  /** A block of which only the last reading is left, or nothing, is not worth its room. */
  function closeIfAlone(row: number, lastMs: number): void {
    const { windows } = kept
    const onlyMs = windows.onlyMs(row, step)
    if (onlyMs !== lastMs && onlyMs !== -Infinity) return
    windows.close(row)
    setFlag(row, IN_WINDOW, onlyMs === lastMs)
  }

  /** True when one of them says another thing than before. */
  function computeAll(set: RowSet, isSetBack: boolean): boolean {
    const { rows, length } = set.list(columns.count)
    let any = false
    for (let from = 0; from < length; from += BATCH) {
      const to = Math.min(length, from + BATCH)
      // What the next rows need is read first: see `Intake.applyAll`.
      let sum = 0
      for (let i = from; i < to; i++) sum += doubleAt(rows[i]!, OBSERVED_AT)
      warmth ^= sum + kept.windows.warm(rows, from, to)
      for (let i = from; i < to; i++) {
        if (!compute(rows[i]!, isSetBack)) continue
        any = true
        log.touch(rows[i]!)
      }
    }
    return any
  }

  function give(row: number, value: number, judged: number): void {
    const toTotal = givenToTotal(row)
    const toCell = givenToCell(row)
    const before = byteAt(row, FRESHNESS_AT)
    doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + VALUE] = value
    bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + FRESHNESS_AT] = judged
    if (view === 'usual') giveStanding(row, judged <= AGEING ? standing(row) : NaN)
    total.change(row, toTotal, givenToTotal(row))
    districts?.change(row, toTotal, before, givenToTotal(row), judged)
    cells.change(row, toCell, givenToCell(row))
  }

  function sumUp(): FrameTotal {
    const value = total.value(columns.count, valueInTotal)
    // A stamp from the future says nothing about how new the data is.
    const newestMs = newest.value(givenToNewest)
    return {
      reporting: total.reporting,
      known: columns.count - tooFew(),
      ...(value === undefined ? {} : { value }),
      ...(usual === undefined ? {} : { usual: usual.city }),
      ...(newestMs === -Infinity ? {} : { newestMs }),
    }
  }

  /** Cells hold what the view gives them: another grid or another view means new ones. */
  function regrid(): void {
    cells = createCells(grid, view === 'usual' ? 'median' : model.across.cell, hot)
    if (view === 'usual') for (let row = 0; row < columns.count; row++) giveStanding(row, byteAt(row, FRESHNESS_AT) <= AGEING ? standing(row) : NaN)
    for (let row = 0; row < columns.count; row++) {
      ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + CELL] = NO_CELL
      const position = positionOf(row)
      if (position !== undefined) cells.place(row, position, givenToCell(row))
    }
  }

  return {
    get cells() {
      return cells
    },
    get view() {
      return view
    },
    get atMs() {
      return atMs
    },
    get step() {
      return step
    },
    get total() {
      return frameTotal
    },
    districts,
    touch: (row) => touched.add(row),
    touchAll() {
      for (let row = 0; row < columns.count; row++) touched.add(row)
    },
    touchTotal() {
      totalStale = true
    },
    positionOf,
    stand(row, givenLon, givenLat) {
      const lon = Math.fround(givenLon)
      const lat = Math.fround(givenLat)
      const page = floats[row >>> PAGE_BITS]!
      const at = (row & PAGE_MASK) << FLOATS
      if (page[at + LON] === lon && page[at + LAT] === lat) return
      page[at + LON] = lon
      page[at + LAT] = lat
      cells.place(row, [lon, lat], givenToCell(row))
      districts?.stand(row, lon, lat)
      // A move inside a cell changes the picture too.
      touched.add(row)
    },
    setTooFew: (row, isTooFew) => districts?.setTooFew(row, isTooFew),
    setCutOff(row, isCutOff, nowMs) {
      // Clocks may be apart by as much as is taken for the same time elsewhere.
      cutOffUntilMs = nowMs + FUTURE_TOLERANCE_MS
      const page = bytes[row >>> PAGE_BITS]!
      const at = ((row & PAGE_MASK) << BYTES) + HOLDERS
      const next = isCutOff ? page[at]! | CUT_OFF : page[at]! & ~CUT_OFF
      if (next === page[at]) return
      page[at] = next
      touched.add(row)
    },
    leaveNewest,
    welcome(row) {
      bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + FRESHNESS_AT] = LOST
      districts?.join(row)
      if (view === 'usual') giveStanding(row, NaN)
      totalStale = true
    },
    leave(row, last) {
      cells.place(row, undefined, givenToCell(row))
      total.change(row, givenToTotal(row), NaN)
      districts?.leave(row)
      leaveNewest(row)
      wheel.forget(row)
      touched.delete(row)
      totalStale = true
      return last === row ? { gave: NaN, gaveNewest: NaN } : { gave: givenToTotal(last), gaveNewest: givenToNewest(last) }
    },
    move(from, to, { gave, gaveNewest }) {
      cells.move(from, to)
      total.change(from, gave, NaN)
      total.change(to, NaN, gave)
      districts?.rename(from, to)
      newest.change(from, gaveNewest, NaN)
      newest.change(to, NaN, gaveNewest)
      // It is looked at with the next refresh, and stands in the wheel by its new row then.
      wheel.forget(to)
      if (view === 'usual') giveStanding(to, standings[from >>> PAGE_BITS]![from & PAGE_MASK]!)
      touched.delete(from)
      touched.add(to)
    },
    setCellRadius(radiusM) {
      if (radiusM === cells.radiusM) return
      grid = createHexGrid(anchor, radiusM)
      regrid()
    },
    setView(next) {
      if (next === view) return
      view = next
      totalStale = true
      log.touchAll()
      regrid()
    },
    setUsual(next) {
      if (next === usual) return
      usual = next
      totalStale = true
      if (view !== 'usual') return
      log.touchAll()
      regrid()
    },
    refresh(nowMs) {
      const isSetBack = nowMs < atMs
      atMs = nowMs
      step = stepAt(kept.windows.shape, nowMs)
      let any = totalStale || !touched.isEmpty
      if (isSetBack) {
        // Only when the offset to the broker's clock was learned anew: what had fallen out may be inside again.
        wheel = createDueWheel(hot)
        for (let row = 0; row < columns.count; row++) {
          wheel.forget(row)
          due.add(row)
        }
      } else {
        wheel.turn(nowMs, due.add)
      }
      log.touchSet(touched)
      computeAll(touched, isSetBack)
      if (computeAll(due, isSetBack)) any = true
      touched.clear()
      due.clear()
      const cellsChanged = cells.refresh()
      if (any) frameTotal = sumUp()
      totalStale = false
      return any || cellsChanged
    },
    standing,
    medianOf: (row) => usual?.bandOf(columns.ids.idOf(row))?.median ?? NaN,
    nextFrame: (held) => log.next(held, columns.count),
  }
}
