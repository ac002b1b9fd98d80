/**
 * Readings into columns and windows: what becomes of each, and what it changes.
 *
 * Every reading comes as numbers (`plain-readings.ts`), many at once from a notification's bytes or one at a time
 * from an entity: one way in, so that both mean the same. Nothing is computed of them here but their own
 * accumulator; the rows they change are marked for the next refresh.
 */
import { FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import { sameWarningKinds, type DomainModel, type Reading } from '../../domains/domain-model.ts'
import { plainAdderOf } from '../../domains/fold.ts'
import { isTooFew } from '../../domains/privacy.ts'
import type { Columns } from './columns.ts'
import { BYTES, DOUBLES, FLAGS, FLOATS, IN_WINDOW, LAT, LON, OBSERVED_AT, PERIOD } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'
import type { Picture } from './picture.ts'
import type { RowSet } from './row-set.ts'
import { AT, LATITUDE, LONGITUDE, MEASURES, PERIOD as PERIOD_GIVEN, writeNumbers, type About, type PlainReadings } from './plain-readings.ts'
import { stepAt, type Windows } from './windows.ts'

/** What became of a reading. */
export type Applied =
  | 'newest'
  /** Another value for the instant of the last reading: it takes its place. */
  | 'corrected'
  /** Older than the last reading: it joined its own window only. */
  | 'late'
  /** Nothing new. */
  | 'duplicate'

/** By number, as lists of readings have them. */
export const OUTCOMES: readonly Applied[] = ['newest', 'corrected', 'late', 'duplicate']
export const NEWEST = 0
export const CORRECTED = 1
export const LATE = 2
export const DUPLICATE = 3

export interface Intake {
  /** Goes up when a sensor is described otherwise than before. */
  readonly changes: number
  /** Rows that are too few to show. */
  readonly tooFew: number
  applyAt(row: number, reading: Reading, nowMs: number): Applied
  /** One after the other, and each outcome with its reading. */
  applyAll(readings: PlainReadings, nowMs: number): void
  describe(row: number, about: About): void
  /** The row is about to have another sensor, or none. */
  forget(row: number): void
}

/** Rows whose memory is asked for at once. */
const BATCH = 256

/** `untold`: takes the rows that a roster has to say something new of. */
export function createIntake(model: DomainModel, columns: Columns, kept: { readonly windows: Windows }, picture: Picture, untold: RowSet): Intake {
  const fold = model.fold.columns
  const { measures } = model
  const addPlain = plainAdderOf(fold)
  const { doubles, floats, bytes } = columns.hot
  const readIndices = Int32Array.from(fold.reads, (id) => measures.findIndex((measure) => measure.id === id))
  const readValues = new Float64Array(fold.reads.length)
  const acc = new Float64Array(fold.width)
  const lastAcc = new Float64Array(fold.width)
  const single = new Float64Array(MEASURES + measures.length)
  let changes = 0
  let tooFew = 0
  // Kept, so that the reads are not found to be for nothing.
  let warmth = 0

  function describe(row: number, { name, entityType, warnings }: About): void {
    if (name !== undefined && !columns.isNamed(row, name)) {
      columns.setName(row, name)
      untold.add(row)
      changes++
    }
    if (entityType !== columns.type(row)) {
      columns.setType(row, entityType)
      untold.add(row)
      changes++
    }
    const before = columns.warnings(row)
    if (warnings.length === 0 && before.length === 0) return
    // The details of a warning may change with each reading; only its kinds are worth a new roster.
    if (!sameWarningKinds(warnings, before)) {
      changes++
      tooFew += (isTooFew(warnings) ? 1 : 0) - (isTooFew(before) ? 1 : 0)
      picture.setTooFew(row, isTooFew(warnings))
    }
    untold.add(row)
    columns.setWarnings(row, warnings)
  }

  /** The sensor's last reading, another one than before. */
  function keep(row: number, numbers: Float64Array, from: number, about: About, odd: Reading | undefined): void {
    picture.leaveNewest(row)
    columns.keepNumbers(row, numbers, from, odd)
    describe(row, about)
    const lon = numbers[from + LONGITUDE]!
    if (!Number.isNaN(lon)) picture.stand(row, lon, numbers[from + LATITUDE]!)
    picture.touch(row)
  }

  function isSame(row: number, numbers: Float64Array, from: number, name: string | undefined): boolean {
    const lon = numbers[from + LONGITUDE]!
    const page = floats[row >>> PAGE_BITS]!
    const at = (row & PAGE_MASK) << FLOATS
    return (
      columns.hasNumbers(row, numbers, from) &&
      (name === undefined || columns.isNamed(row, name)) &&
      (Number.isNaN(lon) || (page[at + LON] === Math.fround(lon) && page[at + LAT] === Math.fround(numbers[from + LATITUDE]!)))
    )
  }

  function foldOne(numbers: Float64Array, from: number, odd: Reading | undefined): Float64Array {
    fold.clear(acc, 0)
    if (odd !== undefined) fold.add(acc, 0, odd)
    else {
      for (let index = 0; index < readIndices.length; index++) readValues[index] = numbers[from + MEASURES + readIndices[index]!]!
      addPlain(acc, 0, readValues, numbers[from + AT]!, numbers[from + PERIOD_GIVEN]!)
    }
    return acc
  }

  function foldLast(row: number, lastMs: number): Float64Array {
    fold.clear(lastAcc, 0)
    if (columns.isOdd(row)) fold.add(lastAcc, 0, columns.lastReading(row))
    else {
      columns.lastValues(row, readValues)
      addPlain(lastAcc, 0, readValues, lastMs, floats[row >>> PAGE_BITS]![((row & PAGE_MASK) << FLOATS) + PERIOD]!)
    }
    return lastAcc
  }

  /** `odd`: the reading, where its numbers do not say all that its fold looks at. */
  function take(row: number, numbers: Float64Array, from: number, about: About, odd: Reading | undefined, nowMs: number, nowStep: number): number {
    const { windows } = kept
    const page = row >>> PAGE_BITS
    const at = row & PAGE_MASK
    const lastMs = doubles[page]![(at << DOUBLES) + OBSERVED_AT]!
    const readingMs = numbers[from + AT]!
    if (readingMs === lastMs) {
      if (isSame(row, numbers, from, about.name)) return DUPLICATE
      if (windows.has(row)) windows.correct(row, readingMs, foldOne(numbers, from, odd))
      keep(row, numbers, from, about, odd)
      return CORRECTED
    }
    const isInside = windows.isInside(readingMs, nowStep)
    const isNewest = Number.isNaN(lastMs) || readingMs > lastMs || isFutureOnly(lastMs, readingMs, nowMs)
    const hasBlock = windows.has(row)
    const flags = (at << BYTES) + FLAGS
    const isLastInside = !hasBlock && (bytes[page]![flags]! & IN_WINDOW) !== 0 && windows.isInside(lastMs, nowStep)
    // A block comes with the second reading in the window, or with one that is not the sensor's last.
    if (isLastInside) windows.open(row, lastMs, foldLast(row, lastMs))
    let isKnown = false
    if (isInside && (hasBlock || isLastInside)) isKnown = windows.add(row, readingMs, foldOne(numbers, from, odd), nowStep) === 'known'
    else if (isInside && !isNewest) windows.open(row, readingMs, foldOne(numbers, from, odd))
    if (isNewest) {
      if (isInside) bytes[page]![flags]! |= IN_WINDOW
      else bytes[page]![flags]! &= ~IN_WINDOW
      keep(row, numbers, from, about, odd)
      return NEWEST
    }
    if (isKnown) return DUPLICATE
    if (isInside) picture.touch(row)
    return LATE
  }

  return {
    get changes() {
      return changes
    },
    get tooFew() {
      return tooFew
    },
    applyAt(row, reading, nowMs) {
      writeNumbers(single, 0, reading, measures)
      const odd = reading.implausible !== undefined || reading.lagMs !== undefined ? reading : undefined
      return OUTCOMES[take(row, single, 0, reading, odd, nowMs, stepAt(kept.windows.shape, nowMs))]!
    },
    applyAll({ count, rows, numbers, stride, abouts, outcomes }, nowMs) {
      const nowStep = stepAt(kept.windows.shape, nowMs)
      for (let first = 0; first < count; first += BATCH) {
        const end = Math.min(count, first + BATCH)
        // What the next rows need is read first. They lie anywhere in memory, and what is done with a row is long: one by
        // one, each would wait for its own. Reads that wait for nothing are made ten at a time by the processor.
        let sum = 0
        for (let index = first; index < end; index++) {
          const row = rows[index]!
          sum += doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + OBSERVED_AT]!
        }
        warmth ^= sum + kept.windows.warm(rows, first, end) + kept.windows.warmEnds(rows, first, end)
        for (let index = first; index < end; index++) outcomes[index] = take(rows[index]!, numbers, index * stride, abouts[index]!, undefined, nowMs, nowStep)
      }
    },
    describe,
    forget(row) {
      if (isTooFew(columns.warnings(row))) tooFew--
    },
  }
}

/** A clock that ran ahead must not silence its sensor until that day comes: a believable stamp replaces one that is not. */
function isFutureOnly(lastMs: number, observedAtMs: number, nowMs: number): boolean {
  const believedMs = nowMs + FUTURE_TOLERANCE_MS
  return lastMs > believedMs && observedAtMs <= believedMs
}
