/**
 * Everything kept of one domain in one city: its sensors' columns, their windows, their cells, and the
 * city's total; from readings in to a frame out.
 *
 * Readings only mark what they change. `refresh` brings the picture to an instant: it computes the marked
 * sensors and those whose window or freshness is due by the broker's clock, and takes what they gave to cells
 * and total away before it adds what they give now. Nothing goes through all sensors, but for what the operator asks
 * for: another window, another view, another size of cells; or a clock that was set back.
 *
 * A sensor counts in cells and total while it has a value and is not stale (UX: stale data never mixes
 * with fresh). One that reports more seldom than its domain's window is long would show nothing most of
 * the time; its last reading stands for the window until it is stale.
 *
 * A correction of a sensor's last reading (the same instant with another value, as when a broker posts
 * attribute by attribute) takes its place. Older readings cannot be corrected: a broker holds only the newest,
 * so none is sent.
 */
import type { AreaIndex } from '../../core/geo/areas.ts'
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import type { Usual, UsualBand } from '../../core/stats/usual.ts'
import { freshnessCode, freshnessCodeOf, freshnessEndMs, FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import type { DomainModel, Reading, Warning } from '../../domains/domain-model.ts'
import type { Frame, FrameTotal, Roster } from '../../domains/frame.ts'
import { isTooFew } from '../../domains/privacy.ts'
import { againstLimit, resolutionOf, standingOf, type View } from '../../domains/standing.ts'
import { createCells, NO_CELL } from './cells.ts'
import { createCityTotal, createHighest } from './city-total.ts'
import { createColumns } from './columns.ts'
import { createDueWheel } from './due-wheel.ts'
import { createDistrictTotals } from './district-totals.ts'
import type { FrameBuffers } from './frame-buffers.ts'
import { createFrameLog } from './frame-log.ts'
import { writeRows } from './frame-writer.ts'
import { BLOCK, BYTES, CELL, DOUBLES, FLAGS, FLOATS, FRESHNESS as FRESHNESS_AT, INTS, LAT, LON, OBSERVED_AT, PERIOD, VALUE } from './hot-rows.ts'
import { growPages, PAGE_BITS, PAGE_MASK, type Pages } from './pages.ts'
import { createRowSet, type RowSet } from './row-set.ts'
import { createWindows, NO_BLOCK, stepAt, windowShape, type Windows } from './windows.ts'

/** What became of a reading. */
export type Applied =
  | 'newest'
  /** Another value for the instant of the last reading: it takes its place. */
  | 'corrected'
  /** Older than the last reading: it joined its own window only. */
  | 'late'
  /** Nothing new. */
  | 'duplicate'

export interface DomainState {
  readonly model: DomainModel
  /** Sensors known. */
  readonly count: number
  /** Somewhat more than `count`: frames of this size can be filled for long. */
  readonly capacity: number
  /** Cells with a sensor in them. */
  readonly cellCount: number
  /** Goes up when a row is added, removed, moved, renamed or warned of. */
  readonly rosterChanges: number
  /** Row of a sensor, or -1. It may be another after a sensor was removed. */
  rowOf(id: string): number
  /** The same by the UTF-8 of the id, without escapes. */
  rowOfBytes(bytes: Uint8Array, start: number, end: number): number
  /** Of a row in use. */
  idAt(row: number): string
  nameAt(row: number): string
  /** `apply` for who knows the row. Nothing of the reading is kept but its numbers, its texts and its list of warnings. */
  applyAt(row: number, reading: Reading, nowMs: number): Applied
  has(id: string): boolean
  /** When the last reading of the sensor was observed; undefined when there is none. */
  observedAtMs(id: string): number | undefined
  apply(reading: Reading, nowMs: number): Applied
  /** Makes a sensor known with nothing measured, or gives one the name and place that its readings left out. */
  introduce(sensor: SensorIdentity): void
  remove(id: string): void
  sensors(): Iterable<SensorIdentity>
  setCellRadius(radiusM: number): void
  readonly windowMs: number
  /** Folds the headline over another window, of which only each sensor's last reading is known until `apply` brings the rest. */
  setWindow(windowMs: number): void
  /** From this instant on every reading has been applied; Infinity when nothing is known of that. */
  setCoverage(fromMs: number): void
  readonly view: View
  /** What the frame's values say: the value, its standing against usual, or how it stands to the limit. */
  setView(view: View): void
  /** What is usual now, by sensor and for the city's total; undefined while that is not known. */
  setUsual(usual: UsualNow | undefined): void
  /** Brings everything to the instant (broker time). True when a frame would differ from the last refresh. */
  refresh(nowMs: number): boolean
  roster(version: number): Roster
  /** The state of the last refresh, written into `buffers` (room for `count` and `cellCount`). */
  frame(buffers: FrameBuffers, rosterVersion: number): Frame
}

export interface UsualNow {
  bandOf(id: string): UsualBand | undefined
  readonly city: Usual
}

export interface SensorIdentity {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly position?: LonLat
}

export interface DomainStateOptions {
  readonly model: DomainModel
  readonly anchor: LonLat
  readonly cellRadiusM: number
  /** How often a sensor reports in this city; else the domain's own. */
  readonly expectedIntervalMs?: number
  /** Parts of the city that have totals of their own. */
  readonly districts?: AreaIndex | undefined
}

const AGEING = freshnessCode('ageing')
const LOST = freshnessCode('lost')
const CLOCK_ERROR = freshnessCode('clock-error')

/** Rows whose memory is asked for at once. */
const BATCH = 256

/** The last reading is in the window. Only of rows without a block: the others' windows know. */
const IN_WINDOW = 1
/** The instant of the last reading is among those of which the newest is taken. */
const IN_NEWEST = 2

export function createDomainState({ model, anchor, cellRadiusM, expectedIntervalMs = model.expectedIntervalMs, districts: areas }: DomainStateOptions): DomainState {
  const fold = model.fold.columns
  const headline = model.measures.findIndex(({ id }) => id === model.headline)
  const resolution = resolutionOf(model)
  const columns = createColumns(model.measures, fold.reads)
  const { hot } = columns
  const { doubles, floats, ints, bytes } = hot
  /** What a row gives to its cell in the view `usual`; elsewhere it is the value. */
  const standings: Pages<Float64Array> = []
  const acc = new Float64Array(fold.width)
  const lastAcc = new Float64Array(fold.width)
  const total = createCityTotal(model.across.city)
  const newest = createHighest()
  const log = createFrameLog()
  const touched = createRowSet()
  const due = createRowSet()
  const windowsOf = (lengthMs: number): Windows => createWindows(fold, windowShape(lengthMs), hot, lengthMs / expectedIntervalMs + 1)
  let { windowMs } = model
  let windows = windowsOf(windowMs)
  let wheel = createDueWheel(hot)
  let coveredFromMs = Infinity
  let view: View = 'value'
  let usual: UsualNow | undefined
  let grid = createHexGrid(anchor, cellRadiusM)
  let cells = createCells(grid, model.across.cell, hot)
  let rosterChanges = 0
  /** Rows that are too few to show. */
  let tooFew = 0
  let totalStale = true
  let frameTotal: FrameTotal = { reporting: 0, known: 0 }
  let atMs = NaN
  let step = NaN
  // Kept, so that the reads are not found to be for nothing.
  let warmth = 0

  const doubleAt = (row: number, of: number): number => doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + of]!
  const floatAt = (row: number, of: number): number => floats[row >>> PAGE_BITS]![((row & PAGE_MASK) << FLOATS) + of]!
  const byteAt = (row: number, of: number): number => bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + of]!
  const setInt = (row: number, of: number, value: number): void => {
    ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + of] = value
  }
  const givenToTotal = (row: number): number => (byteAt(row, FRESHNESS_AT) <= AGEING ? doubleAt(row, VALUE) : NaN)
  const givenToCell = (row: number): number => (view === 'usual' ? standings[row >>> PAGE_BITS]![row & PAGE_MASK]! : givenToTotal(row))
  const givenToNewest = (row: number): number => (row < columns.count && (byteAt(row, FLAGS) & IN_NEWEST) !== 0 ? doubleAt(row, OBSERVED_AT) : NaN)
  const valueInTotal = (row: number): number => (row < columns.count ? givenToTotal(row) : NaN)
  const districts = areas && createDistrictTotals(areas, model.across.city, hot, givenToTotal)
  const standing = (row: number): number => standingOf(doubleAt(row, VALUE), usual?.bandOf(columns.ids.idOf(row)), resolution)
  const positionOf = (row: number): LonLat | undefined => {
    const lon = floatAt(row, LON)
    return Number.isNaN(lon) ? undefined : [lon, floatAt(row, LAT)]
  }

  function setFlag(row: number, flag: number, isOn: boolean): void {
    const page = bytes[row >>> PAGE_BITS]!
    const at = ((row & PAGE_MASK) << BYTES) + FLAGS
    if (isOn) page[at]! |= flag
    else page[at]! &= ~flag
  }

  function addRow(id: string): number {
    const row = columns.add(id)
    bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + FRESHNESS_AT] = LOST
    districts?.join(row)
    if (view === 'usual') giveStanding(row, NaN)
    rosterChanges++
    totalStale = true
    return row
  }

  function giveStanding(row: number, value: number): void {
    growPages(standings, row + 1, (length) => new Float64Array(length))
    standings[row >>> PAGE_BITS]![row & PAGE_MASK] = value
  }

  function describe(row: number, name: string | undefined, type: string, warnings: readonly Warning[]): void {
    if (name !== undefined && !columns.isNamed(row, name)) {
      columns.setName(row, name)
      rosterChanges++
    }
    if (type !== columns.type(row)) {
      columns.setType(row, type)
      rosterChanges++
    }
    const before = columns.warnings(row)
    if (warnings.length === 0 && before.length === 0) return
    // The details of a warning may change with each reading; only its kinds are worth a new roster.
    if (!sameKinds(warnings, before)) {
      rosterChanges++
      tooFew += (isTooFew(warnings) ? 1 : 0) - (isTooFew(before) ? 1 : 0)
      districts?.setTooFew(row, isTooFew(warnings))
    }
    columns.setWarnings(row, warnings)
  }

  function stand(row: number, position: LonLat): void {
    const lon = Math.fround(position[0])
    const lat = Math.fround(position[1])
    if (floatAt(row, LON) === lon && floatAt(row, LAT) === lat) return
    const page = floats[row >>> PAGE_BITS]!
    page[((row & PAGE_MASK) << FLOATS) + LON] = lon
    page[((row & PAGE_MASK) << FLOATS) + LAT] = lat
    cells.place(row, [lon, lat], givenToCell(row))
    districts?.stand(row, lon, lat)
    // A move inside a cell changes the picture too.
    touched.add(row)
  }

  /** The sensor's last reading, another one than before. */
  function keep(row: number, reading: Reading): void {
    leaveNewest(row)
    columns.keepReading(row, reading)
    describe(row, reading.name, reading.entityType, reading.warnings)
    if (reading.position !== undefined) stand(row, reading.position)
    touched.add(row)
  }

  function leaveNewest(row: number): void {
    if ((byteAt(row, FLAGS) & IN_NEWEST) === 0) return
    setFlag(row, IN_NEWEST, false)
    newest.change(row, doubleAt(row, OBSERVED_AT), NaN)
  }

  function isSame(row: number, reading: Reading): boolean {
    const { position } = reading
    return (
      columns.hasMeasures(row, reading) &&
      (reading.name === undefined || columns.isNamed(row, reading.name)) &&
      (position === undefined || (floatAt(row, LON) === Math.fround(position[0]) && floatAt(row, LAT) === Math.fround(position[1])))
    )
  }

  function foldLast(row: number): Float64Array {
    fold.clear(lastAcc, 0)
    fold.add(lastAcc, 0, columns.lastReading(row))
    return lastAcc
  }

  function foldOne(reading: Reading): Float64Array {
    fold.clear(acc, 0)
    fold.add(acc, 0, reading)
    return acc
  }

  function applyAt(row: number, reading: Reading, nowMs: number): Applied {
    const lastMs = doubleAt(row, OBSERVED_AT)
    const readingMs: number = reading.observedAtMs
    if (readingMs === lastMs) {
      if (isSame(row, reading)) return 'duplicate'
      if (windows.has(row)) windows.correct(row, readingMs, foldOne(reading))
      keep(row, reading)
      return 'corrected'
    }
    const nowStep = stepAt(windows.shape, nowMs)
    const isInside = windows.isInside(readingMs, nowStep)
    const isNewest = Number.isNaN(lastMs) || readingMs > lastMs || isFutureOnly(lastMs, readingMs, nowMs)
    const hasBlock = windows.has(row)
    const isLastInside = !hasBlock && (byteAt(row, FLAGS) & IN_WINDOW) !== 0 && windows.isInside(lastMs, nowStep)
    // A block comes with the second reading in the window, or with one that is not the sensor's last.
    if (isLastInside) windows.open(row, lastMs, foldLast(row))
    let isKnown = false
    if (isInside && (hasBlock || isLastInside)) isKnown = windows.add(row, readingMs, foldOne(reading), nowStep) === 'known'
    else if (isInside && !isNewest) windows.open(row, readingMs, foldOne(reading))
    if (isNewest) {
      setFlag(row, IN_WINDOW, isInside)
      keep(row, reading)
      return 'newest'
    }
    if (isKnown) return 'duplicate'
    if (isInside) touched.add(row)
    return 'late'
  }

  /** Window value and freshness of one row at the instant of the refresh. True when either is another than before. */
  function compute(row: number, isSetBack: boolean): boolean {
    const lastMs = doubleAt(row, OBSERVED_AT)
    const flags = byteAt(row, FLAGS)
    const periodMs = floatAt(row, PERIOD)
    // Nothing that stands for an hour can come again within it.
    const expectedMs = periodMs > expectedIntervalMs ? periodMs : expectedIntervalMs
    const judged = Number.isNaN(lastMs) ? LOST : freshnessCodeOf(atMs - lastMs, expectedMs)
    const { shape } = windows
    let leavesAtStep = Infinity
    let value: number | undefined
    if (windows.has(row)) {
      leavesAtStep = windows.fold(row, step, isSetBack)
      if (leavesAtStep !== Infinity) value = windows.value()
      else if (judged <= AGEING) value = fold.value(foldLast(row), 0)
      if (windows.hasLeft) closeIfAlone(row, lastMs)
    } else {
      if ((flags & IN_WINDOW) !== 0 && windows.isInside(lastMs, step)) leavesAtStep = stepAt(shape, lastMs) + shape.steps
      if (leavesAtStep !== Infinity || judged <= AGEING) value = fold.value(foldLast(row), 0)
    }
    // What a privacy floor holds back has no value, even while its window still knows one of before.
    const says = value === undefined || (tooFew > 0 && isTooFew(columns.warnings(row))) ? NaN : value
    const isOther = judged !== byteAt(row, FRESHNESS_AT) || !Object.is(says, doubleAt(row, VALUE))
    if (isOther) give(row, says, judged)
    if (judged === CLOCK_ERROR) {
      leaveNewest(row)
    } else if ((flags & IN_NEWEST) === 0 && !Number.isNaN(lastMs)) {
      setFlag(row, IN_NEWEST, true)
      newest.change(row, NaN, lastMs)
    }
    const dueMs = lastMs + freshnessEndMs(judged, expectedMs)
    wheel.schedule(row, Math.min(leavesAtStep * shape.stepMs, Number.isNaN(dueMs) ? Infinity : dueMs), atMs)
    return isOther
  }

  /** A block of which only the last reading is left, or nothing, is not worth its room. */
  function closeIfAlone(row: number, lastMs: number): void {
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
      // What the next rows need is read first. They lie anywhere in memory, and the arithmetic of a row is long: done one by
      // one, each would wait for its own. Reads that wait for nothing are made ten at a time by the processor.
      let sum = 0
      for (let i = from; i < to; i++) sum += doubleAt(rows[i]!, OBSERVED_AT)
      warmth ^= sum + windows.warm(rows, from, to)
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
      // What is too few to show counts nowhere.
      known: columns.count - tooFew,
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
      setInt(row, CELL, NO_CELL)
      const position = positionOf(row)
      if (position !== undefined) cells.place(row, position, givenToCell(row))
    }
  }

  function touchAll(): void {
    for (let row = 0; row < columns.count; row++) touched.add(row)
  }

  return {
    model,
    get count() {
      return columns.count
    },
    get capacity() {
      return roomFor(columns.count)
    },
    get cellCount() {
      return cells.count
    },
    get rosterChanges() {
      return rosterChanges
    },
    idAt: columns.ids.idOf,
    nameAt: columns.name,
    has: (id) => columns.ids.rowOf(id) >= 0,
    observedAtMs(id) {
      const row = columns.ids.rowOf(id)
      const ms = row < 0 ? NaN : doubleAt(row, OBSERVED_AT)
      return Number.isNaN(ms) ? undefined : ms
    },
    apply(reading, nowMs) {
      const known = columns.ids.rowOf(reading.entityId)
      return applyAt(known >= 0 ? known : addRow(reading.entityId), reading, nowMs)
    },
    rowOf: columns.ids.rowOf,
    rowOfBytes: (bytes, start, end) => columns.ids.rowOfBytes(bytes, start, end),
    applyAt,
    introduce({ id, name, type, position }) {
      const known = columns.ids.rowOf(id)
      const row = known >= 0 ? known : addRow(id)
      if (known < 0) touched.add(row)
      describe(row, columns.isNamed(row, id) ? name : undefined, columns.type(row) === '' ? type : columns.type(row), columns.warnings(row))
      if (position !== undefined && positionOf(row) === undefined) stand(row, position)
    },
    remove(id) {
      const row = columns.ids.rowOf(id)
      if (row < 0) return
      if (isTooFew(columns.warnings(row))) tooFew--
      cells.place(row, undefined, givenToCell(row))
      total.change(row, givenToTotal(row), NaN)
      districts?.leave(row)
      leaveNewest(row)
      windows.close(row)
      wheel.forget(row)
      touched.delete(row)
      const last = columns.count - 1
      const gave = last === row ? NaN : givenToTotal(last)
      const gaveNewest = last === row ? NaN : givenToNewest(last)
      const moved = columns.remove(row)
      if (moved >= 0) {
        cells.move(moved, row)
        total.change(moved, gave, NaN)
        total.change(row, NaN, gave)
        districts?.rename(moved, row)
        newest.change(moved, gaveNewest, NaN)
        newest.change(row, NaN, gaveNewest)
        windows.move(moved, row)
        // It is looked at with the next refresh, and stands in the wheel by its new row then.
        wheel.forget(row)
        if (view === 'usual') giveStanding(row, standings[moved >>> PAGE_BITS]![moved & PAGE_MASK]!)
        touched.delete(moved)
        touched.add(row)
      }
      rosterChanges++
      totalStale = true
    },
    *sensors() {
      for (let row = 0; row < columns.count; row++) {
        const position = positionOf(row)
        yield { id: columns.ids.idOf(row), name: columns.name(row), type: columns.type(row), ...(position === undefined ? {} : { position }) }
      }
    },
    setCellRadius(radiusM) {
      if (radiusM === cells.radiusM) return
      grid = createHexGrid(anchor, radiusM)
      regrid()
    },
    get windowMs() {
      return windowMs
    },
    setWindow(nextMs) {
      if (nextMs === windowMs) return
      windowMs = nextMs
      windows = windowsOf(nextMs)
      step = NaN
      coveredFromMs = Infinity
      for (let row = 0; row < columns.count; row++) {
        setInt(row, BLOCK, NO_BLOCK)
        setFlag(row, IN_WINDOW, !Number.isNaN(doubleAt(row, OBSERVED_AT)))
      }
      touchAll()
    },
    setCoverage(fromMs) {
      if (fromMs === coveredFromMs) return
      coveredFromMs = fromMs
      totalStale = true
    },
    get view() {
      return view
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
      step = stepAt(windows.shape, nowMs)
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
    roster(version) {
      const rows = Array.from({ length: columns.count }, (_, row) => row)
      return {
        domain: model.id,
        version,
        ids: rows.map((row) => columns.ids.idOf(row)),
        names: rows.map((row) => columns.name(row)),
        types: rows.map((row) => columns.type(row)),
        warnings: rows.map((row) => columns.warnings(row)),
      }
    },
    frame(buffers, rosterVersion) {
      const { count } = columns
      const { shape } = windows
      const { sequence, missing, changedRows } = log.next(buffers.sequence, count)
      writeRows(columns, headline, buffers, missing, view === 'value' ? undefined : shown())
      cells.write(buffers.cells)
      if (view === 'limit') for (let cell = 0; cell < cells.count; cell++) buffers.cells.values[cell] = againstLimit(model, buffers.cells.values[cell]!)
      const { positions, values, plain, medians, latest, observedAtMs, freshness, districtOf } = buffers
      return {
        positions,
        values,
        plain,
        medians,
        latest,
        observedAtMs,
        freshness,
        districtOf,
        domain: model.id,
        rosterVersion,
        atMs,
        windowStartMs: (step - shape.steps + 1) * shape.stepMs,
        windowEndMs: (step + 1) * shape.stepMs,
        coveredFromMs,
        view,
        count,
        cells: { ...buffers.cells, radiusM: cells.radiusM, count: cells.count },
        total: frameTotal,
        districts: districts?.list(count) ?? [],
        sequence,
        ...(changedRows === undefined ? {} : { changedRows }),
      }
    },
  }

  function shown() {
    if (view === 'limit') return { valueOf: (row: number) => againstLimit(model, doubleAt(row, VALUE)) }
    return { valueOf: standing, medianOf: (row: number) => usual?.bandOf(columns.ids.idOf(row))?.median ?? NaN }
  }
}

/** Rounded up to an eighth: a city that grows sensor by sensor does not need new buffers with each. */
function roomFor(rows: number): number {
  const unit = Math.max(64, 2 ** (Math.floor(Math.log2(Math.max(rows, 1))) - 3))
  return Math.ceil((rows + 1) / unit) * unit
}

/** A clock that ran ahead must not silence its sensor until that day comes: a believable stamp replaces one that is not. */
function isFutureOnly(lastMs: number, observedAtMs: number, nowMs: number): boolean {
  const believedMs = nowMs + FUTURE_TOLERANCE_MS
  return lastMs > believedMs && observedAtMs <= believedMs
}

function sameKinds(a: readonly Warning[], b: readonly Warning[]): boolean {
  return a.length === b.length && a.every(({ kind }, index) => kind === b[index]!.kind)
}
