/**
 * The sensors of one domain as columns: one row a sensor, in pages.
 *
 * Rows are dense: when a sensor goes, the last one takes its row, and whoever keeps row numbers is told of
 * that move. What changes with each reading lies together (`hot-rows.ts`); the rest has a column for each property, and
 * pages of what was never said (a measure that no sensor has, a name) are not made. Measures are kept with the
 * 7 digits of a Float32, which is finer than any instrument; registers, of which differences are taken, with
 * all of theirs. What few sensors have (warnings, what is implausible or older than its reading) stands in maps by row.
 */
import type { MeasureSpec, Reading, Warning } from '../../domains/domain-model.ts'
import type { Foldable } from '../../domains/fold.ts'
import { BLOCK, BYTES, CELL, createHotRows, DOUBLES, FIRST_MEASURE, FLOATS, FRESHNESS, HOLDERS, HOT_MEASURES, INTS, LON, OBSERVED_AT, PERIOD, PLACE_IN_CELL, TICK, TYPE, VALUE, type HotRows } from './hot-rows.ts'
import { createIdTable, type IdTable } from './id-table.ts'
import { grownPage, PAGE_BITS, PAGE_MASK } from './pages.ts'
import { NO_CELL } from './cells.ts'
import { NEVER } from './due-wheel.ts'
import { AT, MEASURES, PERIOD as PERIOD_GIVEN, writeNumbers } from './plain-readings.ts'
import { createTextStore, createUtf8Scratch } from './text-store.ts'
import { NO_BLOCK } from './windows.ts'

export interface Columns {
  /** Rows in use. */
  readonly count: number
  readonly ids: IdTable
  readonly hot: HotRows
  /** A row for a sensor not yet known, with nothing measured. */
  add(id: string): number
  /** Frees the row. Returns the row that moved into it, or -1 when it was the last. */
  remove(row: number): number
  measure(index: number, row: number): number
  /** What of the last reading a fold may look at, and the measures. */
  keepReading(row: number, reading: Reading): void
  /** The same from its numbers (`plain-readings.ts`); of a reading in which something is implausible or older, with that. */
  keepNumbers(row: number, numbers: Float64Array, from: number, odd: Oddity | undefined): void
  /** The same out again: an object that is used for the next row too. */
  lastReading(row: number): Foldable
  /** Is anything of the last reading implausible or older? Then `lastReading` is to be asked, else `lastValues` is as good. */
  isOdd(row: number): boolean
  /** The folded measures of the last reading in their order, NaN where it had none. */
  lastValues(row: number, into: Float64Array): void
  /** Would `keepReading` change the measures? */
  hasMeasures(row: number, reading: Reading): boolean
  hasNumbers(row: number, numbers: Float64Array, from: number): boolean
  name(row: number): string
  isNamed(row: number, name: string): boolean
  /** Is its name, or its id when it has none, written so? */
  isNamedBytes(row: number, bytes: Uint8Array, start: number, end: number): boolean
  setName(row: number, name: string): void
  type(row: number): string
  setType(row: number, type: string): void
  /** A number that the user keeps beside the row; `NO_TAG` until it is set. */
  tag(row: number): number
  setTag(row: number, tag: number): void
  warnings(row: number): readonly Warning[]
  setWarnings(row: number, warnings: readonly Warning[]): void
}

type Oddity = Pick<Foldable, 'implausible' | 'lagMs'>

type Sparse<T> = (T | undefined)[]

const UNNAMED = -1
export const NO_TAG = -1
/** Address and length of a name in one number, as in the table of ids. */
const LENGTHS = 2 ** 21
const addressOf = (packed: number): number => Math.floor(packed / LENGTHS)
const lengthOf = (packed: number): number => packed - Math.floor(packed / LENGTHS) * LENGTHS
const NO_WARNINGS: readonly Warning[] = []
/** Types that are told apart; of a domain there are a handful. */
const MAX_TYPES = 255

const singles = (length: number): Float32Array => new Float32Array(length).fill(NaN)
const registers = (length: number): Float64Array => new Float64Array(length).fill(NaN)
const unnamed = (length: number): Float64Array => new Float64Array(length).fill(UNNAMED)
const untagged = (length: number): Int32Array => new Int32Array(length).fill(NO_TAG)

/** `folded`: the measures that `lastReading` brings back. */
export function createColumns(measures: readonly MeasureSpec[], folded: readonly string[]): Columns {
  const ids = createIdTable()
  const texts = createTextStore()
  const scratch = createUtf8Scratch()
  const hot = createHotRows()
  const { doubles, floats, ints, bytes } = hot
  const types: string[] = ['']
  const numbers: Sparse<Float32Array | Float64Array>[] = measures.map(() => [])
  const names: Sparse<Float64Array> = []
  const tags: Sparse<Int32Array> = []
  const warnings = new Map<number, readonly Warning[]>()
  const oddities = new Map<number, Oddity>()
  const last = { observedAtMs: NaN, periodMs: undefined as number | undefined, values: {} as Record<string, number | undefined>, implausible: undefined as Oddity['implausible'], lagMs: undefined as Oddity['lagMs'] }
  const read = folded.map((id) => ({ id, index: measures.findIndex((measure) => measure.id === id) }))
  for (const { id } of read) last.values[id] = undefined
  const given = new Float64Array(MEASURES + measures.length)

  /** Where a measure lies in the hot row, or -1: of those that are folded or shown first come four. */
  const hotPlaces = new Int32Array(measures.length).fill(-1)
  const preferred = [...new Set([...read.map(({ index }) => index), ...measures.keys()])].filter((index) => measures[index]!.isRegister !== true)
  for (const [place, index] of preferred.slice(0, HOT_MEASURES).entries()) hotPlaces[index] = FIRST_MEASURE + place
  const hotIndices = Int32Array.from(preferred.slice(0, HOT_MEASURES))
  const coldIndices = Int32Array.from([...measures.keys()].filter((index) => hotPlaces[index] === -1))
  /** Of the folded measures: where they lie in the hot row, or -1. */
  const readPlaces = Int32Array.from(read, ({ index }) => hotPlaces[index] ?? -1)

  function setNumber(index: number, row: number, value: number): void {
    const place = hotPlaces[index]!
    if (place >= 0) floats[row >>> PAGE_BITS]![((row & PAGE_MASK) << FLOATS) + place] = value
    else if (measures[index]!.isRegister === true) setSparse(numbers[index] as Sparse<Float64Array>, row, value, NaN, registers)
    else setSparse(numbers[index] as Sparse<Float32Array>, row, value, NaN, singles)
  }

  function measure(index: number, row: number): number {
    const place = hotPlaces[index] ?? -1
    if (place >= 0) return floats[row >>> PAGE_BITS]![((row & PAGE_MASK) << FLOATS) + place]!
    return numbers[index]?.[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? NaN
  }

  function keepNumbers(row: number, given: Float64Array, from: number, odd: Oddity | undefined): void {
    const page = row >>> PAGE_BITS
    const at = row & PAGE_MASK
    doubles[page]![(at << DOUBLES) + OBSERVED_AT] = given[from + AT]!
    const hotRow = floats[page]!
    hotRow[(at << FLOATS) + PERIOD] = given[from + PERIOD_GIVEN]!
    for (let place = 0; place < hotIndices.length; place++) hotRow[(at << FLOATS) + FIRST_MEASURE + place] = given[from + MEASURES + hotIndices[place]!]!
    for (let place = 0; place < coldIndices.length; place++) {
      const index = coldIndices[place]!
      const value = given[from + MEASURES + index]!
      // Of what no sensor has said there is nothing to be overwritten either.
      if (!Number.isNaN(value) || numbers[index]!.length > 0) setNumber(index, row, value)
    }
    if (odd !== undefined && (odd.implausible !== undefined || odd.lagMs !== undefined)) oddities.set(row, { implausible: odd.implausible, lagMs: odd.lagMs })
    else if (oddities.size > 0) oddities.delete(row)
  }

  function hasNumbers(row: number, given: Float64Array, from: number): boolean {
    for (let index = 0; index < measures.length; index++) {
      const value = given[from + MEASURES + index]!
      if (!Object.is(measure(index, row), measures[index]!.isRegister === true ? value : Math.fround(value))) return false
    }
    return true
  }

  const tag = (row: number): number => tags[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? NO_TAG
  const setTag = (row: number, value: number): void => setSparse(tags, row, value, NO_TAG, untagged)

  const nameOf = (row: number): number => names[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? UNNAMED

  function freeName(row: number): void {
    const packed = nameOf(row)
    if (packed !== UNNAMED) texts.free(addressOf(packed), lengthOf(packed))
  }

  return {
    get count() {
      return ids.count
    },
    ids,
    hot,
    add(id) {
      const row = ids.add(id)
      hot.grow(row + 1)
      const page = row >>> PAGE_BITS
      const at = row & PAGE_MASK
      doubles[page]!.fill(NaN, at << DOUBLES, (at << DOUBLES) + VALUE + 1)
      floats[page]!.fill(NaN, (at << FLOATS) + LON, (at << FLOATS) + PERIOD + 1)
      ints[page]![(at << INTS) + BLOCK] = NO_BLOCK
      ints[page]![(at << INTS) + CELL] = NO_CELL
      ints[page]![(at << INTS) + TICK] = NEVER
      ints[page]![(at << INTS) + PLACE_IN_CELL] = 0
      bytes[page]!.fill(0, (at << BYTES) + FRESHNESS, (at << BYTES) + HOLDERS + 1)
      // A row that was freed before may still have its numbers.
      for (let index = 0; index < measures.length; index++) setNumber(index, row, NaN)
      setSparse(names, row, UNNAMED, UNNAMED, unnamed)
      setTag(row, NO_TAG)
      return row
    },
    remove(row) {
      freeName(row)
      ids.remove(row)
      const from = ids.count
      warnings.delete(row)
      oddities.delete(row)
      if (row === from) return -1
      hot.move(from, row)
      for (let index = 0; index < measures.length; index++) setNumber(index, row, measure(index, from))
      setSparse(names, row, nameOf(from), UNNAMED, unnamed)
      setSparse(names, from, UNNAMED, UNNAMED, unnamed)
      setTag(row, tag(from))
      moveKey(warnings, from, row)
      moveKey(oddities, from, row)
      return from
    },
    measure,
    keepReading(row, reading) {
      writeNumbers(given, 0, reading, measures)
      keepNumbers(row, given, 0, reading)
    },
    keepNumbers,
    lastReading(row) {
      last.observedAtMs = doubles[row >>> PAGE_BITS]![((row & PAGE_MASK) << DOUBLES) + OBSERVED_AT]!
      const periodMs = floats[row >>> PAGE_BITS]![((row & PAGE_MASK) << FLOATS) + PERIOD]!
      last.periodMs = Number.isNaN(periodMs) ? undefined : periodMs
      for (const { id, index } of read) {
        const value = measure(index, row)
        last.values[id] = Number.isNaN(value) ? undefined : value
      }
      const oddity = oddities.size === 0 ? undefined : oddities.get(row)
      last.implausible = oddity?.implausible
      last.lagMs = oddity?.lagMs
      return last
    },
    isOdd: (row) => oddities.size > 0 && oddities.has(row),
    lastValues(row, into) {
      const page = floats[row >>> PAGE_BITS]!
      const at = (row & PAGE_MASK) << FLOATS
      for (let index = 0; index < readPlaces.length; index++) {
        const place = readPlaces[index]!
        into[index] = place >= 0 ? page[at + place]! : measure(read[index]!.index, row)
      }
    },
    hasMeasures(row, reading) {
      writeNumbers(given, 0, reading, measures)
      return hasNumbers(row, given, 0)
    },
    hasNumbers,
    name(row) {
      const packed = nameOf(row)
      return packed === UNNAMED ? ids.idOf(row) : texts.read(addressOf(packed), lengthOf(packed))
    },
    isNamed(row, name) {
      const packed = nameOf(row)
      if (packed === UNNAMED) return ids.idOf(row) === name
      const length = scratch.write(name)
      return texts.equals(addressOf(packed), lengthOf(packed), scratch.bytes, 0, length)
    },
    isNamedBytes(row, bytes, start, end) {
      const packed = nameOf(row)
      if (packed === UNNAMED) return ids.isId(row, bytes, start, end)
      return texts.equals(addressOf(packed), lengthOf(packed), bytes, start, end)
    },
    setName(row, name) {
      freeName(row)
      const length = scratch.write(name)
      setSparse(names, row, texts.put(scratch.bytes, 0, length) * LENGTHS + length, UNNAMED, unnamed)
    },
    tag,
    setTag,
    type: (row) => types[bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + TYPE]!]!,
    setType(row, type) {
      let index = types.indexOf(type)
      if (index < 0) index = types.length <= MAX_TYPES ? types.push(type) - 1 : MAX_TYPES
      bytes[row >>> PAGE_BITS]![((row & PAGE_MASK) << BYTES) + TYPE] = index
    },
    warnings: (row) => (warnings.size === 0 ? NO_WARNINGS : (warnings.get(row) ?? NO_WARNINGS)),
    setWarnings(row, list) {
      if (list.length > 0) warnings.set(row, list)
      else warnings.delete(row)
    },
  }
}

/** Pages, and the first of them whole, only as far as something is to be written. */
function setSparse<T extends Float32Array | Float64Array | Int32Array>(pages: Sparse<T>, row: number, value: number, none: number, create: (length: number) => T): void {
  const index = row >>> PAGE_BITS
  const at = row & PAGE_MASK
  let page = pages[index]
  if (page === undefined || at >= page.length) {
    if (Object.is(value, none)) return
    while (pages.length <= index) pages.push(undefined)
    page = grownPage(page as Float64Array | undefined, at + 1, create as (length: number) => Float64Array) as T
    pages[index] = page
  }
  page[at] = value
}

function moveKey<T>(map: Map<number, T>, from: number, to: number): void {
  const value = map.get(from)
  if (value === undefined) return
  map.delete(from)
  map.set(to, value)
}
