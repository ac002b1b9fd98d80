/**
 * Everything kept of one domain in one city: its sensors' columns, their windows, their cells, and the
 * city's total; from readings in (`intake.ts`) to a frame out (`picture.ts`).
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
import type { LonLat } from '../../core/geo/position.ts'
import type { DomainModel, Reading } from '../../domains/domain-model.ts'
import type { Frame, Roster } from '../../domains/frame.ts'
import type { RosterChange } from '../../domains/roster-change.ts'
import { isTooFew } from '../../domains/privacy.ts'
import { againstLimit, type View } from '../../domains/standing.ts'
import { createColumns } from './columns.ts'
import type { FrameBuffers } from './frame-buffers.ts'
import { writeRows } from './frame-writer.ts'
import { BLOCK, BYTES, DOUBLES, FLAGS, FRESHNESS, IN_WINDOW, INTS, OBSERVED_AT, VALUE } from './hot-rows.ts'
import { createIntake, type Applied } from './intake.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'
import { createPicture, type UsualNow } from './picture.ts'
import { ReadingList, type PlainReadings } from './plain-readings.ts'
import { createRowMarks, type RowMarks } from './row-marks.ts'
import { createRowSet } from './row-set.ts'
import type { RowStanding } from './row-standing.ts'
import { createWindows, NO_BLOCK, windowShape, type Windows } from './windows.ts'

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
  /** The same for many that are numbers, one after the other. */
  applyAll(readings: PlainReadings, nowMs: number): void
  /** Is the row's sensor called so? By its name as UTF-8 without escapes, which is the id of one that has no name. */
  isNamedBytes(row: number, bytes: Uint8Array, start: number, end: number): boolean
  /** A number that the user keeps beside a row, which moves with it: -1 until it is set. */
  tagAt(row: number): number
  setTag(row: number, tag: number): void
  /** Which brokers hold the row's sensor. */
  readonly marks: RowMarks
  /** Readings that wait for `applyAll`: its user's own. */
  readonly pending: ReadingList
  has(id: string): boolean
  /** When the last reading of the sensor was observed; undefined when there is none. */
  observedAtMs(id: string): number | undefined
  apply(reading: Reading, nowMs: number): Applied
  /** Makes a sensor known with nothing measured, or gives one the name and place that its readings left out. */
  introduce(sensor: SensorIdentity): void
  remove(id: string): void
  sensors(): Iterable<SensorIdentity>
  /** Which sensors nobody tells of from now on: until a later reading comes they are stale at best. */
  cutOff(isCutOff: (id: string) => boolean, nowMs: number): void
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
  /** How many rows `judge` has. */
  readonly rows: number
  /** Instant of the last refresh; NaN before the first. */
  readonly judgedAtMs: number
  /** How the row stands as of the last refresh, whatever the view. */
  judge(row: number, into: RowStanding): void
  /** Brings everything to the instant (broker time). True when a frame would differ from the last refresh. */
  refresh(nowMs: number): boolean
  roster(version: number): Roster
  /** What a roster would say of these rows. */
  textsOf(rows: readonly number[]): Pick<Roster, 'ids' | 'names' | 'types' | 'warnings'>
  /** What is new since the roster or change told last, which was `from`; undefined when so much is new that `roster` is no more to say. */
  rosterChange(version: number, from: number): RosterChange | undefined
  /** The state of the last refresh, written into `buffers` (room for `count` and `cellCount`). */
  frame(buffers: FrameBuffers, rosterVersion: number): Frame
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

export function createDomainState({ model, anchor, cellRadiusM, expectedIntervalMs = model.expectedIntervalMs, districts }: DomainStateOptions): DomainState {
  const fold = model.fold.columns
  const headline = model.measures.findIndex(({ id }) => id === model.headline)
  const columns = createColumns(model.measures, fold.reads)
  const { hot, ids } = columns
  const windowsOf = (lengthMs: number): Windows => createWindows(fold, windowShape(lengthMs), hot, lengthMs / expectedIntervalMs + 1)
  const kept = { windows: windowsOf(model.windowMs) }
  let { windowMs } = model
  let coveredFromMs = Infinity
  let rosterChanges = 0
  const picture = createPicture({ model, columns, kept, anchor, cellRadiusM, expectedIntervalMs, tooFew: () => intake.tooFew, districts })
  /** Rows of which the roster has something new to say. */
  const untold = createRowSet()
  const intake = createIntake(model, columns, kept, picture, untold)

  const lastMsOf = (row: number): number => hot.doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + OBSERVED_AT]!
  const valueOf = (row: number): number => hot.doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + VALUE]!

  function addRow(id: string): number {
    const row = columns.add(id)
    picture.welcome(row)
    untold.add(row)
    rosterChanges++
    return row
  }

  function textsOf(rows: readonly number[]): Pick<Roster, 'ids' | 'names' | 'types' | 'warnings'> {
    return { ids: rows.map(ids.idOf), names: rows.map(columns.name), types: rows.map(columns.type), warnings: rows.map(columns.warnings) }
  }

  function shown() {
    switch (picture.view) {
      case 'value':
        return undefined
      case 'limit':
        return { valueOf: (row: number) => againstLimit(model, valueOf(row)) }
      case 'usual':
        return { valueOf: picture.standing, medianOf: picture.medianOf }
    }
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
      return picture.cells.count
    },
    get rosterChanges() {
      return rosterChanges + intake.changes
    },
    idAt: ids.idOf,
    nameAt: columns.name,
    isNamedBytes: columns.isNamedBytes,
    tagAt: columns.tag,
    setTag: columns.setTag,
    marks: createRowMarks(hot),
    pending: new ReadingList(model.measures.length),
    has: (id) => ids.rowOf(id) >= 0,
    observedAtMs(id) {
      const row = ids.rowOf(id)
      const ms = row < 0 ? NaN : lastMsOf(row)
      return Number.isNaN(ms) ? undefined : ms
    },
    apply(reading, nowMs) {
      const known = ids.rowOf(reading.entityId)
      return intake.applyAt(known >= 0 ? known : addRow(reading.entityId), reading, nowMs)
    },
    rowOf: ids.rowOf,
    rowOfBytes: ids.rowOfBytes,
    applyAt: intake.applyAt,
    applyAll: intake.applyAll,
    introduce({ id, name, type, position }) {
      const known = ids.rowOf(id)
      const row = known >= 0 ? known : addRow(id)
      if (known < 0) picture.touch(row)
      intake.describe(row, { name: columns.isNamed(row, id) ? name : undefined, entityType: columns.type(row) === '' ? type : columns.type(row), warnings: columns.warnings(row) })
      if (position !== undefined && picture.positionOf(row) === undefined) picture.stand(row, ...position)
    },
    remove(id) {
      const row = ids.rowOf(id)
      if (row < 0) return
      intake.forget(row)
      const left = picture.leave(row, columns.count - 1)
      kept.windows.close(row)
      const moved = columns.remove(row)
      if (moved >= 0) {
        untold.add(row)
        picture.move(moved, row, left)
        kept.windows.move(moved, row)
      }
      rosterChanges++
    },
    *sensors() {
      for (let row = 0; row < columns.count; row++) {
        const position = picture.positionOf(row)
        yield { id: ids.idOf(row), name: columns.name(row), type: columns.type(row), ...(position === undefined ? {} : { position }) }
      }
    },
    cutOff(isCutOff, nowMs) {
      for (let row = 0; row < columns.count; row++) picture.setCutOff(row, isCutOff(ids.idOf(row)), nowMs)
    },
    setCellRadius: picture.setCellRadius,
    get windowMs() {
      return windowMs
    },
    setWindow(nextMs) {
      if (nextMs === windowMs) return
      windowMs = nextMs
      kept.windows = windowsOf(nextMs)
      coveredFromMs = Infinity
      for (let row = 0; row < columns.count; row++) {
        hot.ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + BLOCK] = NO_BLOCK
        const flags = ((row & PAGE_MASK) << BYTES) + FLAGS
        if (Number.isNaN(lastMsOf(row))) hot.bytes[row >>> PAGE_BITS]![flags]! &= ~IN_WINDOW
        else hot.bytes[row >>> PAGE_BITS]![flags]! |= IN_WINDOW
      }
      picture.touchAll()
    },
    setCoverage(fromMs) {
      if (fromMs === coveredFromMs) return
      coveredFromMs = fromMs
      picture.touchTotal()
    },
    get view() {
      return picture.view
    },
    setView: picture.setView,
    setUsual: picture.setUsual,
    get rows() {
      return columns.count
    },
    get judgedAtMs() {
      return picture.atMs
    },
    judge(row, into) {
      into.value = valueOf(row)
      into.observedAtMs = lastMsOf(row)
      into.freshness = hot.bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + FRESHNESS]!
      into.isCounted = intake.tooFew === 0 || !isTooFew(columns.warnings(row))
      into.standing = picture.standing(row)
      into.median = picture.medianOf(row)
    },
    refresh: picture.refresh,
    textsOf,
    roster(version) {
      untold.clear()
      return { domain: model.id, version, ...textsOf(Array.from({ length: columns.count }, (_, row) => row)) }
    },
    rosterChange(version, from) {
      const { count } = columns
      const { rows: listed, length } = untold.list(count)
      if (2 * length > count) return undefined
      const rows = Array.from(listed.subarray(0, length))
      untold.clear()
      return { domain: model.id, version, from, count, rows, ...textsOf(rows) }
    },
    frame(buffers, rosterVersion) {
      const { count } = columns
      const { cells, step, view } = picture
      const { shape } = kept.windows
      const { sequence, missing, changedRows } = picture.nextFrame(buffers.sequence)
      writeRows(columns, headline, buffers, missing, shown(), picture.districts?.ofRow)
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
        atMs: picture.atMs,
        windowStartMs: (step - shape.steps + 1) * shape.stepMs,
        windowEndMs: (step + 1) * shape.stepMs,
        coveredFromMs,
        view,
        count,
        cells: { ...buffers.cells, radiusM: cells.radiusM, count: cells.count },
        total: picture.total,
        districts: picture.districts?.list(count) ?? [],
        sequence,
        ...(changedRows === undefined ? {} : { changedRows }),
      }
    },
  }
}

/** Rounded up to an eighth: a city that grows sensor by sensor does not need new buffers with each. */
function roomFor(rows: number): number {
  const unit = Math.max(64, 2 ** (Math.floor(Math.log2(Math.max(rows, 1))) - 3))
  return Math.ceil((rows + 1) / unit) * unit
}
