/**
 * A domain as it was at an instant, made from its history: what a live state would have shown then.
 *
 * All is computed from nothing for each instant, in one walk over the chunks that its window and its
 * look-back reach into: chunks are short, so there is nothing to undo when the hand goes back, and any
 * instant costs the same. The arithmetic is that of the live state: the window moves by a 30th of its
 * length, a sensor counts while it is not stale, and the last reading of one that reports more seldom
 * than the window is long stands for the window until it is stale.
 */
import type { AreaIndex } from '../../core/geo/areas.ts'
import { createHexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { acrossNumbers } from '../../core/stats/across-numbers.ts'
import { freshnessCode, freshnessCodeOf, LOST_INTERVALS } from '../../core/time/freshness.ts'
import { DAY_MS } from '../../core/time/instant.ts'
import { sameWarningKinds, type Reading, type Warning } from '../../domains/domain-model.ts'
import type { DistrictTotal, FrameTotal, Roster } from '../../domains/frame.ts'
import { isTooFew } from '../../domains/privacy.ts'
import { rosterChange } from '../../domains/roster-change.ts'
import { againstLimit, resolutionOf, standingOf, type View } from '../../domains/standing.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import type { UsualNow } from '../aggregator/picture.ts'
import type { FrameBuffers } from '../aggregator/frame-buffers.ts'
import { stepAt, windowShape } from '../aggregator/windows.ts'
import { groupByCell, type CellGroups } from './cell-groups.ts'
import { lonLatAt, type Chunk } from './chunk.ts'
import { totalsByDistrict } from './district-sums.ts'
import { CHUNK_MS, type DomainHistory } from './domain-history.ts'
import { PERIOD } from './reading-shape.ts'
import { rawOf, valueAt, type PackedColumn } from './packed-column.ts'

/** What is drawn of a domain, live or past. */
export type Drawable = Pick<DomainState, 'model' | 'count' | 'capacity' | 'cellCount' | 'rosterChanges' | 'view' | 'windowMs' | 'setView' | 'setUsual' | 'setWindow' | 'setCellRadius' | 'refresh' | 'roster' | 'rosterChange' | 'frame' | 'rows' | 'judgedAtMs' | 'judge' | 'idAt' | 'nameAt'>

/** `refresh` goes to the instant. */
export interface PastPicture extends Drawable {
  /** Readings in the look-back of the instant: without one nothing of that time is known. */
  readonly hasReadings: boolean
  /** What has to be known for an instant: this long before it. */
  readonly lookBackMs: number
  /** Of the instant of the last `refresh`. */
  readonly total: FrameTotal
  readonly districts: readonly DistrictTotal[]
  /** Whether the history holds all of the look-back: the frame says so. */
  setComplete(isComplete: boolean): void
}

const AGEING = freshnessCode('ageing')
const LOST = freshnessCode('lost')

/** How far back the last reading of a sensor may lie: far enough for the window, and for a silent sensor to show when it was last heard before it is lost. */
export function lookBackMsOf(windowMs: number, expectedIntervalMs: number): number {
  return Math.max(windowMs, Math.min(LOST_INTERVALS * expectedIntervalMs, DAY_MS))
}

export interface PastPictureOptions {
  readonly history: DomainHistory
  readonly anchor: LonLat
  readonly cellRadiusM: number
  readonly expectedIntervalMs: number
  /** Parts of the city that have totals of their own. */
  readonly areas?: AreaIndex | undefined
  /** For who wants the totals alone. */
  readonly hasCells?: boolean
}

export function createPastPicture({ history, anchor, cellRadiusM, expectedIntervalMs, areas, hasCells = true }: PastPictureOptions): PastPicture {
  const { model, shapes } = history
  const { fold } = model
  const resolution = resolutionOf(model)
  let { windowMs } = model
  let shape = windowShape(windowMs)
  let lookBackMs = lookBackMsOf(windowMs, expectedIntervalMs)
  let view: View = 'value'
  let usual: UsualNow | undefined
  let isComplete = false
  /** The readings must be folded again, or only told otherwise. */
  let isStale = true
  let isChanged = true
  let grid = createHexGrid(anchor, cellRadiusM)
  let groups: CellGroups = groupByCell(grid, { rows: 0, positions: new Float32Array(0), shown: new Uint8Array(0) })
  let areCellsStale = true
  let columns = allocate(0)
  const acc = new Float64Array(fold.columns.width)
  let rows = 0
  let count = 0
  let atMs = NaN
  let seenIdentity = -1
  let seenChunks: readonly Chunk[] = []
  let rosterChanges = 0
  let told: Roster | undefined
  let hasReadings = false
  let total: FrameTotal = { reporting: 0, known: 0 }
  let districts: readonly DistrictTotal[] = []

  /** Everything of every row at the instant. */
  function compute(chunks: readonly Chunk[], canKeep: boolean): void {
    const fromMs = atMs - lookBackMs
    const windowStartMs = (stepAt(shape, atMs) - shape.steps + 1) * shape.stepMs
    const cursors = new Uint32Array(chunks.length)
    // Times are compared as they are packed.
    const [fromRaw, windowRaw, atRaw] = [fromMs, windowStartMs, atMs].map((ms) => Float64Array.from(chunks, ({ times, startMs }) => rawOf(times, ms - startMs))) as [Float64Array, Float64Array, Float64Array]
    // Of the row at hand: which readings of each chunk are in the window.
    const windowFirst = new Uint32Array(chunks.length)
    const windowEnd = new Uint32Array(chunks.length)
    const walks = chunks.some(({ whereabouts }) => whereabouts.data.length > 0 || whereabouts.base > 0)
    const { homes } = history
    const { values, latest, observedAtMs, freshness, counting, positions, shown, warnings, seenLast, lastIndices, windowCounts } = columns
    let isRosterNew = false
    hasReadings = false
    for (let row = 0; row < rows; row++) {
      let lastMs = NaN
      let lastChunk: Chunk | undefined
      let lastIndex = -1
      let inWindow = 0
      let isInWindow = true
      let lon = homes[row * 2]!
      let lat = homes[row * 2 + 1]!
      let isPlaced = !walks
      for (let c = 0; c < chunks.length; c++) {
        const chunk = chunks[c]!
        const readings = row < chunk.counts.length ? chunk.counts[row]! : 0
        if (readings === 0) continue
        const first = cursors[c]!
        cursors[c] = first + readings
        windowEnd[c] = windowFirst[c] = 0
        if (!isInWindow && isPlaced && lastChunk !== undefined) continue
        const { data } = chunk.times
        for (let index = first + readings - 1; index >= first; index--) {
          const raw = data[index]!
          if (raw > atRaw[c]!) continue
          if (raw < fromRaw[c]!) {
            isInWindow = false
            break
          }
          if (lastChunk === undefined) {
            lastMs = chunk.startMs + valueAt(chunk.times, index)
            lastChunk = chunk
            lastIndex = index
          }
          if (!isPlaced) {
            const place = valueAt(chunk.whereabouts, index)
            if (!Number.isNaN(place)) {
              isPlaced = true
              lon = lonLatAt(chunk, homes, row, place, 0)
              lat = lonLatAt(chunk, homes, row, place, 1)
            }
          }
          if (raw >= windowRaw[c]!) {
            inWindow++
            if (windowEnd[c] === 0) windowEnd[c] = index + 1
            windowFirst[c] = index
          } else isInWindow = false
          if (!isInWindow && isPlaced) break
        }
      }
      const isShown = lastChunk !== undefined || history.isPresent(row)
      // Nothing that stands for an hour can come again within it.
      const periodMs = lastChunk === undefined ? NaN : numberAt(lastChunk.numbers[PERIOD], lastIndex)
      const code = lastChunk === undefined ? LOST : freshnessCodeOf(atMs - lastMs, periodMs > expectedIntervalMs ? periodMs : expectedIntervalMs)
      // The same last reading and as many before it: the same window as at the instant before.
      const isKept = canKeep && lastChunk !== undefined && lastChunk === seenLast[row] && lastIndex === lastIndices[row] && inWindow === windowCounts[row] && (inWindow > 0 || code <= AGEING)
      let value = isKept ? values[row]! : NaN
      if (!isKept && lastChunk !== undefined) {
        let isFolded = false
        fold.columns.clear(acc, 0)
        for (let c = 0; c < chunks.length; c++) {
          const chunk = chunks[c]!
          if (row >= chunk.counts.length || chunk.counts[row] === 0) continue
          for (let index = windowEnd[c]! - 1; index >= windowFirst[c]!; index--) {
            fold.columns.add(acc, 0, readingAt(chunk, index))
            isFolded = true
          }
        }
        if (inWindow === 0 && code <= AGEING) {
          fold.columns.add(acc, 0, readingAt(lastChunk, lastIndex))
          isFolded = true
        }
        value = (isFolded ? fold.columns.value(acc, 0) : undefined) ?? NaN
      }
      const warned = lastChunk === undefined ? 0 : valueAt(lastChunk.warnings, lastIndex)
      if (isTooFew(history.warningsOf(warned))) value = NaN
      // A value of nothing is not to be kept for when the last reading speaks.
      seenLast[row] = inWindow > 0 || code <= AGEING ? lastChunk : undefined
      lastIndices[row] = lastIndex
      windowCounts[row] = inWindow
      values[row] = value
      counting[row] = code <= AGEING ? value : NaN
      latest[row] = lastChunk === undefined ? NaN : numberAt(lastChunk.numbers[shapes.headline], lastIndex)
      observedAtMs[row] = lastMs
      freshness[row] = code
      if (warned !== warnings[row]) {
        isRosterNew ||= !sameWarningKinds(history.warningsOf(warned), history.warningsOf(warnings[row]!))
        warnings[row] = warned
      }
      if (shown[row] !== Number(isShown)) {
        shown[row] = Number(isShown)
        isRosterNew = areCellsStale = true
      }
      if (!Object.is(positions[row * 2], lon) || !Object.is(positions[row * 2 + 1], lat)) {
        positions[row * 2] = lon
        positions[row * 2 + 1] = lat
        areCellsStale = true
        if (areas !== undefined) columns.districtOf[row] = areas.at(lon, lat) + 1
      }
      hasReadings ||= lastChunk !== undefined
    }
    if (isRosterNew) rosterChanges++
  }

  function readingAt(chunk: Chunk, index: number): Reading {
    return shapes.get(valueAt(chunk.shapes, index)).at(chunk.numbers, index, chunk.startMs + valueAt(chunk.times, index))
  }

  /** Where the instant before and this one look at the same time, do they look at the same chunks? */
  function isUnchanged(chunks: readonly Chunk[], nextMs: number): boolean {
    const fromMs = Math.max(atMs, nextMs) - lookBackMs - CHUNK_MS
    const toMs = Math.min(atMs, nextMs)
    const shared = (list: readonly Chunk[]): readonly Chunk[] => list.filter(({ startMs }) => startMs > fromMs && startMs <= toMs)
    const before = shared(seenChunks)
    const now = shared(chunks)
    return before.length === now.length && now.every((chunk, index) => chunk === before[index])
  }

  function sumUp(): FrameTotal {
    const { counting, observedAtMs, shown, gathered, warnings } = columns
    let reporting = 0
    let known = 0
    let newestMs = -Infinity
    count = 0
    for (let row = 0; row < rows; row++) {
      if (shown[row] === 0) continue
      count++
      // What is too few to show counts nowhere.
      if (!isTooFew(history.warningsOf(warnings[row]!))) known++
      if (!Number.isNaN(counting[row]!)) gathered[reporting++] = counting[row]!
      if (observedAtMs[row]! > newestMs) newestMs = observedAtMs[row]!
    }
    const value = acrossNumbers(model.across.city, gathered.subarray(0, reporting))
    return { reporting, known, ...(value === undefined ? {} : { value }), ...(newestMs === -Infinity ? {} : { newestMs }) }
  }

  /** What a row shows in the view, from its value over the window. */
  function viewed(row: number, value: number): number {
    if (view === 'value') return value
    return view === 'limit' ? againstLimit(model, value) : standingOf(value, usual?.bandOf(history.ids[row]!), resolution)
  }

  function writeCells(buffers: FrameBuffers): void {
    const { counting, gathered } = columns
    // A limit is the same for all, so the cell's value is held against it; standings are the sensors' own.
    const given = view === 'usual' ? gathered : counting
    if (view === 'usual') for (let row = 0; row < rows; row++) gathered[row] = viewed(row, counting[row]!)
    groups.write(view === 'usual' ? 'median' : model.across.cell, given, buffers.cells)
    if (view === 'limit') for (let cell = 0; cell < groups.count; cell++) buffers.cells.values[cell] = againstLimit(model, buffers.cells.values[cell]!)
  }

  function rosterOf(version: number): Roster {
    const roster = { ids: new Array<string>(), names: new Array<string>(), types: new Array<string>(), warnings: new Array<readonly Warning[]>() }
    for (let row = 0; row < rows; row++) {
      if (columns.shown[row] === 0) continue
      roster.ids.push(history.ids[row]!)
      roster.names.push(history.names[row]!)
      roster.types.push(history.types[row]!)
      roster.warnings.push(history.warningsOf(columns.warnings[row]!))
    }
    told = { domain: model.id, version, ...roster }
    return told
  }

  return {
    model,
    get count() {
      return count
    },
    get capacity() {
      return columns.values.length
    },
    get cellCount() {
      return groups.count
    },
    get rosterChanges() {
      return rosterChanges
    },
    get hasReadings() {
      return hasReadings
    },
    get lookBackMs() {
      return lookBackMs
    },
    get total() {
      return total
    },
    get districts() {
      return districts
    },
    get view() {
      return view
    },
    get windowMs() {
      return windowMs
    },
    setWindow(nextMs) {
      if (nextMs === windowMs) return
      windowMs = nextMs
      shape = windowShape(nextMs)
      lookBackMs = lookBackMsOf(nextMs, expectedIntervalMs)
      isStale = true
    },
    setView(next) {
      if (next !== view) isChanged = true
      view = next
    },
    setUsual(next) {
      if (next !== usual) isChanged = true
      usual = next
    },
    setComplete(next) {
      if (next !== isComplete) isChanged = true
      isComplete = next
    },
    setCellRadius(radiusM) {
      if (radiusM === grid.radiusM) return
      grid = createHexGrid(anchor, radiusM)
      areCellsStale = true
    },
    refresh(nextMs) {
      // Chunks are never changed, only replaced.
      const chunks = history.chunks(nextMs - lookBackMs, nextMs)
      const isSameIdentity = history.identityChanges === seenIdentity
      const isSame = !isStale && isSameIdentity && nextMs === atMs && chunks.length === seenChunks.length && chunks.every((chunk, index) => chunk === seenChunks[index])
      if (isSame && !areCellsStale && !isChanged) return false
      const isRefolded = isStale
      isStale = isChanged = false
      if (!isSame) {
        rows = history.rows
        if (rows > columns.values.length) columns = allocate(Math.max(64, 2 ** Math.ceil(Math.log2(rows))))
        const canKeep = !isRefolded && isUnchanged(chunks, nextMs)
        atMs = nextMs
        seenChunks = chunks
        compute(chunks, canKeep)
        if (!isSameIdentity) rosterChanges++
        seenIdentity = history.identityChanges
        total = sumUp()
        if (areas !== undefined) districts = totalsByDistrict(model.across.city, areas.count, { ...columns, rows, isTooFew: (row) => isTooFew(history.warningsOf(columns.warnings[row]!)) })
      }
      if (areCellsStale && hasCells) groups = groupByCell(grid, { rows, positions: columns.positions, shown: columns.shown })
      areCellsStale = false
      return true
    },
    get rows() {
      return rows
    },
    get judgedAtMs() {
      return atMs
    },
    idAt: (row) => history.ids[row]!,
    nameAt: (row) => history.names[row]!,
    judge(row, into) {
      const band = usual?.bandOf(history.ids[row]!)
      into.value = columns.values[row]!
      into.observedAtMs = columns.observedAtMs[row]!
      into.freshness = columns.freshness[row]!
      into.isCounted = columns.shown[row] !== 0 && !isTooFew(history.warningsOf(columns.warnings[row]!))
      into.standing = standingOf(into.value, band, resolution)
      into.median = band?.median ?? NaN
    },
    roster: rosterOf,
    rosterChange(version, from) {
      const before = told
      const after = rosterOf(version)
      return before?.version === from ? rosterChange(before, after) : undefined
    },
    frame(buffers, rosterVersion) {
      const { positions, values, latest, observedAtMs, freshness, shown } = columns
      let to = 0
      for (let row = 0; row < rows; row++) {
        if (shown[row] === 0) continue
        buffers.positions[to * 2] = positions[row * 2]!
        buffers.positions[to * 2 + 1] = positions[row * 2 + 1]!
        buffers.values[to] = viewed(row, values[row]!)
        if (view !== 'value') buffers.plain[to] = values[row]!
        if (view === 'usual') buffers.medians[to] = usual?.bandOf(history.ids[row]!)?.median ?? NaN
        buffers.latest[to] = latest[row]!
        buffers.observedAtMs[to] = observedAtMs[row]!
        buffers.freshness[to] = freshness[row]!
        buffers.districtOf[to] = columns.districtOf[row]!
        to++
      }
      writeCells(buffers)
      const step = stepAt(shape, atMs)
      const windowStartMs = (step - shape.steps + 1) * shape.stepMs
      // Written whole: no live frame is in these buffers any more, so none may claim to be.
      const { sequence: _, ...own } = buffers
      return {
        ...own,
        domain: model.id,
        rosterVersion,
        atMs,
        past: { isComplete },
        windowStartMs,
        windowEndMs: (step + 1) * shape.stepMs,
        coveredFromMs: isComplete ? windowStartMs : Infinity,
        view,
        count,
        cells: { ...buffers.cells, radiusM: grid.radiusM, count: groups.count },
        total: usual === undefined ? total : { ...total, usual: usual.city },
        districts,
      }
    },
  }
}

/** By row of the history, whether it is shown or not. */
function allocate(rows: number) {
  return {
    positions: new Float32Array(rows * 2).fill(NaN),
    values: new Float64Array(rows),
    latest: new Float64Array(rows),
    observedAtMs: new Float64Array(rows),
    freshness: new Uint8Array(rows),
    /** The value where it counts in cells and total, else NaN. */
    counting: new Float64Array(rows),
    gathered: new Float64Array(rows),
    shown: new Uint8Array(rows),
    warnings: new Uint32Array(rows),
    districtOf: new Uint8Array(rows),
    /** What `values` were folded of: the chunk and place of the last reading, and how many readings. */
    seenLast: Array.from<Chunk | undefined>({ length: rows }),
    lastIndices: new Int32Array(rows),
    windowCounts: new Uint32Array(rows),
  }
}

function numberAt(column: PackedColumn | undefined, index: number): number {
  return column === undefined ? NaN : valueAt(column, index)
}
