/**
 * Everything kept of one domain in one city: its sensors' columns, their windows, their cells, and the
 * city's total; from readings in to a frame out.
 *
 * Readings only mark what they change. `refresh` brings the picture to an instant: it slides windows,
 * judges freshness by the broker's clock, and computes the marked sensors and cells again.
 *
 * A sensor counts in cells and total while it has a value and is not stale (UX: stale data never mixes
 * with fresh). One that reports more seldom than its domain's window is long would show nothing most of
 * the time; its last reading stands for the window until it is stale.
 */
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { across } from '../../core/stats/across.ts'
import type { Usual, UsualBand } from '../../core/stats/usual.ts'
import { freshnessCode, freshnessOf, FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import type { DomainModel, Reading, Warning } from '../../domains/domain-model.ts'
import type { Frame, FrameTotal, Roster } from '../../domains/frame.ts'
import { isTooFew } from '../../domains/privacy.ts'
import { againstLimit, resolutionOf, standingOf, type View } from '../../domains/standing.ts'
import { createCells } from './cells.ts'
import { createColumns } from './columns.ts'
import type { FrameBuffers } from './frame-buffers.ts'
import { addToWindow, correctInWindow, createRing, seedWindow, stepAt, windowShape, windowState, type Ring } from './window.ts'

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
  /** Sensors there is room for: frames of this size can be filled for long. */
  readonly capacity: number
  /** Cells with a sensor in them. */
  readonly cellCount: number
  /** Goes up when a row is added, removed, moved, renamed or warned of. */
  readonly rosterChanges: number
  has(id: string): boolean
  /** When the last reading of the sensor was observed; undefined when there is none. */
  observedAtMs(id: string): number | undefined
  apply(reading: Reading, nowMs: number): Applied
  /** Row of a sensor, or -1. It may be another after a sensor was removed. */
  rowOf(id: string): number
  idAt(row: number): string | undefined
  nameAt(row: number): string | undefined
  /** `apply` for who knows the row. Nothing of the reading is kept but its numbers, its texts and its list of warnings. */
  applyAt(row: number, reading: Reading, nowMs: number): Applied
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
}

const AGEING = freshnessCode('ageing')
const LOST = freshnessCode('lost')

export function createDomainState({ model, anchor, cellRadiusM, expectedIntervalMs = model.expectedIntervalMs }: DomainStateOptions): DomainState {
  const measureIds = model.measures.map(({ id }) => id)
  const headline = measureIds.indexOf(model.headline)
  const columns = createColumns(measureIds.length)
  let { windowMs } = model
  let shape = windowShape(windowMs)
  let coveredFromMs = Infinity
  let view: View = 'value'
  let usual: UsualNow | undefined
  const resolution = resolutionOf(model)
  const { fold } = model
  // Row by row beside the columns.
  const rings: (Ring<unknown> | undefined)[] = []
  const lastAccs: unknown[] = []
  /** Nothing that stands for an hour can come again within it. */
  const periods: number[] = []
  let grid = createHexGrid(anchor, cellRadiusM)
  let cells = createCells(grid, model.across.cell)

  const changed = new Set<number>()
  const counting: number[] = []
  let rosterChanges = 0
  let totalStale = true
  let total: FrameTotal = { reporting: 0, known: 0 }
  let atMs = NaN
  let step = NaN
  const valueOf = (row: number): number => (columns.freshness[row]! <= AGEING ? columns.values[row]! : NaN)
  const standing = (row: number): number => standingOf(columns.values[row]!, usual?.bandOf(columns.ids[row]!), resolution)
  /** What a row gives to its cell: only standings differ from values here, since a limit is the same for all. */
  const givenToCell = (row: number): number => (view !== 'usual' ? valueOf(row) : columns.freshness[row]! <= AGEING ? standing(row) : NaN)

  function addRow(id: string): number {
    const row = columns.add(id)
    columns.freshness[row] = LOST
    rings[row] = undefined
    lastAccs[row] = fold.empty
    periods[row] = 0
    rosterChanges++
    totalStale = true
    return row
  }

  function describe(row: number, name: string | undefined, type: string, warnings: readonly Warning[]): void {
    if (name !== undefined && name !== columns.names[row]) {
      columns.names[row] = name
      rosterChanges++
    }
    if (type !== columns.types[row]) {
      columns.types[row] = type
      rosterChanges++
    }
    // The details of a warning may change with each reading; only its kinds are worth a new roster.
    if (!sameKinds(warnings, columns.warnings[row]!)) rosterChanges++
    columns.warnings[row] = warnings
  }

  function stand(row: number, position: LonLat): void {
    const lon = Math.fround(position[0])
    const lat = Math.fround(position[1])
    const { positions } = columns
    if (positions[row * 2] === lon && positions[row * 2 + 1] === lat) return
    positions[row * 2] = lon
    positions[row * 2 + 1] = lat
    const before = columns.cells[row]!
    const cell = grid.cellOf([lon, lat])
    columns.cells[row] = cell
    if (cell !== before) cells.place(row, before, cell)
    // A move inside a cell changes the picture too.
    changed.add(row)
  }

  function keep(row: number, reading: Reading): void {
    columns.observedAtMs[row] = reading.observedAtMs
    for (const [index, id] of measureIds.entries()) columns.measures[index]![row] = valueIn(reading, id)
    lastAccs[row] = fold.add(fold.empty, reading)
    periods[row] = reading.periodMs ?? 0
    describe(row, reading.name, reading.entityType, reading.warnings)
    if (reading.position !== undefined) stand(row, reading.position)
  }

  function isSame(row: number, reading: Reading): boolean {
    const { position } = reading
    return (
      measureIds.every((id, index) => Object.is(columns.measures[index]![row], valueIn(reading, id))) &&
      (reading.name === undefined || reading.name === columns.names[row]) &&
      (position === undefined ||
        (columns.positions[row * 2] === Math.fround(position[0]) && columns.positions[row * 2 + 1] === Math.fround(position[1])))
    )
  }

  /** Window value and freshness of one row at the instant of the refresh. */
  function compute(row: number, freshness: number): void {
    const ring = rings[row]
    const window = ring === undefined ? undefined : windowState(ring, shape, fold, step)
    const acc = window?.acc ?? (freshness <= AGEING ? lastAccs[row] : undefined)
    columns.values[row] = (acc === undefined ? undefined : fold.value(acc)) ?? NaN
    columns.expiresAtStep[row] = window?.expiresAtStep ?? Infinity
    columns.freshness[row] = freshness
    const cell = columns.cells[row]!
    if (!Number.isNaN(cell)) cells.mark(cell)
  }

  function sumUp(): FrameTotal {
    counting.length = 0
    let newestMs = -Infinity
    let known = 0
    const { observedAtMs } = columns
    for (let row = 0; row < columns.count; row++) {
      const value = valueOf(row)
      if (!Number.isNaN(value)) counting.push(value)
      // What is too few to show counts nowhere.
      if (!isTooFew(columns.warnings[row]!)) known++
      // A stamp from the future says nothing about how new the data is.
      if (observedAtMs[row]! <= atMs + FUTURE_TOLERANCE_MS) newestMs = Math.max(newestMs, observedAtMs[row]!)
    }
    const value = across(model.across.city, counting)
    return {
      reporting: counting.length,
      known,
      ...(value === undefined ? {} : { value }),
      ...(usual === undefined ? {} : { usual: usual.city }),
      ...(newestMs === -Infinity ? {} : { newestMs }),
    }
  }

  function applyAt(row: number, reading: Reading, nowMs: number): Applied {
    const lastMs = columns.observedAtMs[row]!
    const { observedAtMs } = reading
    const ring = (rings[row] ??= createRing(shape))
    if (observedAtMs === lastMs) {
      if (isSame(row, reading)) return 'duplicate'
      correctInWindow(ring, shape, fold, reading)
      keep(row, reading)
      changed.add(row)
      return 'corrected'
    }
    const outcome = addToWindow(ring, shape, fold, reading, stepAt(shape, nowMs))
    if (Number.isNaN(lastMs) || observedAtMs > lastMs || isFutureOnly(lastMs, observedAtMs, nowMs)) {
      keep(row, reading)
      changed.add(row)
      return 'newest'
    }
    if (outcome === 'known') return 'duplicate'
    if (outcome === 'added') changed.add(row)
    return 'late'
  }

  return {
    model,
    get count() {
      return columns.count
    },
    get capacity() {
      return columns.capacity
    },
    get cellCount() {
      return cells.count
    },
    get rosterChanges() {
      return rosterChanges
    },
    has: (id) => columns.rowOf(id) >= 0,
    observedAtMs(id) {
      const row = columns.rowOf(id)
      const ms = row < 0 ? NaN : columns.observedAtMs[row]!
      return Number.isNaN(ms) ? undefined : ms
    },
    apply(reading, nowMs) {
      const known = columns.rowOf(reading.entityId)
      return applyAt(known >= 0 ? known : addRow(reading.entityId), reading, nowMs)
    },
    rowOf: (id) => columns.rowOf(id),
    idAt: (row) => columns.ids[row],
    nameAt: (row) => columns.names[row],
    applyAt,
    introduce({ id, name, type, position }) {
      const known = columns.rowOf(id)
      const row = known >= 0 ? known : addRow(id)
      const isNamed = columns.names[row] !== id
      describe(row, isNamed ? undefined : name, columns.types[row] === '' ? type : columns.types[row]!, columns.warnings[row]!)
      if (position !== undefined && Number.isNaN(columns.positions[row * 2]!)) stand(row, position)
    },
    remove(id) {
      const row = columns.rowOf(id)
      if (row < 0) return
      cells.place(row, columns.cells[row]!, NaN)
      const moved = columns.remove(row)
      if (moved >= 0) {
        cells.renumber(moved, row, columns.cells[row]!)
        rings[row] = rings[moved]
        lastAccs[row] = lastAccs[moved]
        periods[row] = periods[moved]!
        if (changed.delete(moved)) changed.add(row)
        else changed.delete(row)
      } else {
        changed.delete(row)
      }
      rings.length = columns.count
      lastAccs.length = columns.count
      periods.length = columns.count
      rosterChanges++
      totalStale = true
    },
    *sensors() {
      for (let row = 0; row < columns.count; row++) {
        const lon = columns.positions[row * 2]!
        const lat = columns.positions[row * 2 + 1]!
        yield { id: columns.ids[row]!, name: columns.names[row]!, type: columns.types[row]!, ...(Number.isNaN(lon) ? {} : { position: [lon, lat] }) }
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
      shape = windowShape(nextMs)
      step = NaN
      coveredFromMs = Infinity
      for (let row = 0; row < columns.count; row++) {
        const observedAtMs = columns.observedAtMs[row]!
        rings[row] = Number.isNaN(observedAtMs) ? undefined : seedWindow(shape, fold, lastAccs[row], observedAtMs)
        changed.add(row)
      }
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
      regrid()
    },
    setUsual(next) {
      if (next === usual) return
      usual = next
      totalStale = true
      if (view === 'usual') regrid()
    },
    refresh(nowMs) {
      const before = step
      atMs = nowMs
      step = stepAt(shape, nowMs)
      let any = totalStale || changed.size > 0
      const slid = step > before
      // Only when the offset to the broker's clock was learned anew: what had fallen out may be inside again.
      const jumpedBack = step < before
      for (let row = 0; row < columns.count; row++) {
        const freshness = judge(columns.observedAtMs[row]!, nowMs, Math.max(expectedIntervalMs, periods[row]!))
        const isDue = jumpedBack || freshness !== columns.freshness[row] || (slid && columns.expiresAtStep[row]! <= step) || changed.has(row)
        if (!isDue) continue
        compute(row, freshness)
        any = true
      }
      changed.clear()
      const cellsChanged = cells.refresh(givenToCell)
      if (any) total = sumUp()
      totalStale = false
      return any || cellsChanged
    },
    roster(version) {
      return { domain: model.id, version, ids: [...columns.ids], names: [...columns.names], types: [...columns.types], warnings: [...columns.warnings] }
    },
    frame(buffers, rosterVersion) {
      const { count } = columns
      buffers.positions.set(columns.positions.subarray(0, count * 2))
      writeValues(buffers, count)
      if (headline < 0) buffers.latest.fill(NaN, 0, count)
      else buffers.latest.set(columns.measures[headline]!.subarray(0, count))
      buffers.observedAtMs.set(columns.observedAtMs.subarray(0, count))
      buffers.freshness.set(columns.freshness.subarray(0, count))
      cells.write(buffers.cells)
      if (view === 'limit') for (let cell = 0; cell < cells.count; cell++) buffers.cells.values[cell] = againstLimit(model, buffers.cells.values[cell]!)
      return {
        ...buffers,
        domain: model.id,
        rosterVersion,
        atMs,
        windowStartMs: (step - shape.buckets + 1) * shape.bucketMs,
        windowEndMs: (step + 1) * shape.bucketMs,
        coveredFromMs,
        view,
        count,
        cells: { ...buffers.cells, radiusM: cells.radiusM, count: cells.count },
        total,
      }
    },
  }

  function writeValues({ values, plain, medians }: FrameBuffers, count: number): void {
    const windowed = columns.values.subarray(0, count)
    if (view === 'value') {
      values.set(windowed)
      return
    }
    plain.set(windowed)
    for (let row = 0; row < count; row++) {
      values[row] = view === 'usual' ? standing(row) : againstLimit(model, windowed[row]!)
      if (view === 'usual') medians[row] = usual?.bandOf(columns.ids[row]!)?.median ?? NaN
    }
  }

  /** Cells hold what the view gives them: another grid or another view means new ones. */
  function regrid(): void {
    const fresh = createCells(grid, view === 'usual' ? 'median' : model.across.cell)
    for (let row = 0; row < columns.count; row++) {
      const lon = columns.positions[row * 2]!
      const cell = Number.isNaN(lon) ? NaN : grid.cellOf([lon, columns.positions[row * 2 + 1]!])
      columns.cells[row] = cell
      fresh.place(row, NaN, cell)
    }
    cells = fresh
  }
}

/** A clock that ran ahead must not silence its sensor until that day comes: a believable stamp replaces one that is not. */
function isFutureOnly(lastMs: number, observedAtMs: number, nowMs: number): boolean {
  const believedMs = nowMs + FUTURE_TOLERANCE_MS
  return lastMs > believedMs && observedAtMs <= believedMs
}

function judge(observedAtMs: number, nowMs: number, expectedIntervalMs: number): number {
  return Number.isNaN(observedAtMs) ? LOST : freshnessCode(freshnessOf(nowMs - observedAtMs, expectedIntervalMs))
}

// The record's keys are measure ids of our own, but what a domain leaves out must not be found on the prototype.
function valueIn(reading: Reading, measure: string): number {
  return Object.hasOwn(reading.values, measure) ? reading.values[measure]! : NaN
}

function sameKinds(a: readonly Warning[], b: readonly Warning[]): boolean {
  return a.length === b.length && a.every(({ kind }, index) => kind === b[index]!.kind)
}
