/**
 * The sensors of one domain as columns: one row a sensor, one number a property, in pages of a thousand rows.
 *
 * Rows are dense: when a sensor goes, the last one takes its row, and whoever keeps row numbers is told of
 * that move. Growing adds a page to each column and moves nothing. Pages of what was never said (a
 * measure that no sensor of a thousand has, a period, a name) are not made. Measures are kept with the 7 digits of a
 * Float32, which is finer than any instrument; registers, of which differences are taken, with all of theirs.
 * What few sensors have (warnings, what is implausible or older than its reading) stands in maps by row.
 */
import type { MeasureSpec, Reading, Warning } from '../../domains/domain-model.ts'
import type { Foldable } from '../../domains/fold.ts'
import { createIdTable, type IdTable } from './id-table.ts'
import { growPages, moveRow, PAGE_BITS, PAGE_MASK, PAGE_ROWS, type Pages } from './pages.ts'
import { createTextStore, createUtf8Scratch } from './text-store.ts'

export interface Columns {
  /** Rows in use. */
  readonly count: number
  readonly ids: IdTable
  /** [lon, lat] per row; NaN = no position. */
  readonly positions: Pages<Float32Array>
  /** Of the last reading; NaN = none yet. */
  readonly observedAtMs: Pages<Float64Array>
  /** Headline over the window; NaN = nothing measured. */
  readonly values: Pages<Float64Array>
  /** Index into FRESHNESS. */
  readonly freshness: Pages<Uint8Array>
  /** Bits, for the owner. */
  readonly flags: Pages<Uint8Array>
  /** A row for a sensor not yet known, with nothing measured. */
  add(id: string): number
  /** Frees the row. Returns the row that moved into it, or -1 when it was the last. */
  remove(row: number): number
  measure(index: number, row: number): number
  /** Pages of a measure; undefined where no row says anything. */
  measurePages(index: number): readonly (Float32Array | Float64Array | undefined)[]
  /** What of the last reading a fold may look at, and the measures. */
  keepReading(row: number, reading: Reading): void
  /** The same out again: an object that is used for the next row too. */
  lastReading(row: number): Foldable
  /** Would `keepReading` change the measures? */
  hasMeasures(row: number, reading: Reading): boolean
  name(row: number): string
  isNamed(row: number, name: string): boolean
  setName(row: number, name: string): void
  type(row: number): string
  setType(row: number, type: string): void
  warnings(row: number): readonly Warning[]
  setWarnings(row: number, warnings: readonly Warning[]): void
}

interface Oddity {
  readonly implausible: readonly string[] | undefined
  readonly lagMs: Readonly<Record<string, number>> | undefined
}

type Sparse<T> = (T | undefined)[]

const UNNAMED = -1
/** Address and length of a name in one number, as in the table of ids. */
const LENGTHS = 2 ** 21
const NO_WARNINGS: readonly Warning[] = []
/** Types that are told apart; of a domain there are a handful. */
const MAX_TYPES = 255

/** `folded`: the measures that `lastReading` brings back. */
export function createColumns(measures: readonly MeasureSpec[], folded: readonly string[]): Columns {
  const ids = createIdTable()
  const texts = createTextStore()
  const scratch = createUtf8Scratch()
  const positions: Pages<Float32Array> = []
  const observedAtMs: Pages<Float64Array> = []
  const values: Pages<Float64Array> = []
  const freshness: Pages<Uint8Array> = []
  const flags: Pages<Uint8Array> = []
  const typeOfRow: Pages<Uint8Array> = []
  const types: string[] = ['']
  const numbers: Sparse<Float32Array | Float64Array>[] = measures.map(() => [])
  const names: Sparse<Float64Array> = []
  const periods: Sparse<Float64Array> = []
  const warnings = new Map<number, readonly Warning[]>()
  const oddities = new Map<number, Oddity>()
  const last = { observedAtMs: NaN, periodMs: undefined as number | undefined, values: {} as Record<string, number | undefined>, implausible: undefined as Oddity['implausible'], lagMs: undefined as Oddity['lagMs'] }
  const read = folded.map((id) => ({ id, index: measures.findIndex((measure) => measure.id === id) }))
  for (const { id } of read) last.values[id] = undefined

  function setNumber(index: number, row: number, value: number): void {
    const pages = numbers[index]!
    let page = pages[row >>> PAGE_BITS]
    if (page === undefined) {
      if (Number.isNaN(value)) return
      page = (measures[index]!.isRegister === true ? new Float64Array(PAGE_ROWS) : new Float32Array(PAGE_ROWS)).fill(NaN)
      setPage(pages, row, page)
    }
    page[row & PAGE_MASK] = value
  }

  function measure(index: number, row: number): number {
    return numbers[index]?.[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? NaN
  }

  function setSparse(pages: Sparse<Float64Array>, row: number, value: number, none: number): void {
    let page = pages[row >>> PAGE_BITS]
    if (page === undefined) {
      if (Object.is(value, none)) return
      page = new Float64Array(PAGE_ROWS).fill(none)
      setPage(pages, row, page)
    }
    page[row & PAGE_MASK] = value
  }

  const nameOf = (row: number): number => names[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? UNNAMED
  const periodOf = (row: number): number => periods[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? NaN

  function freeName(row: number): void {
    const packed = nameOf(row)
    if (packed !== UNNAMED) texts.free(Math.floor(packed / LENGTHS), packed % LENGTHS)
  }

  return {
    get count() {
      return ids.count
    },
    ids,
    positions,
    observedAtMs,
    values,
    freshness,
    flags,
    add(id) {
      const row = ids.add(id)
      growPages(positions, row * 2 + 2, (length) => new Float32Array(length))
      growPages(observedAtMs, row + 1, (length) => new Float64Array(length))
      growPages(values, row + 1, (length) => new Float64Array(length))
      growPages(freshness, row + 1, (length) => new Uint8Array(length))
      growPages(flags, row + 1, (length) => new Uint8Array(length))
      growPages(typeOfRow, row + 1, (length) => new Uint8Array(length))
      setPosition(positions, row, NaN, NaN)
      observedAtMs[row >>> PAGE_BITS]![row & PAGE_MASK] = NaN
      values[row >>> PAGE_BITS]![row & PAGE_MASK] = NaN
      freshness[row >>> PAGE_BITS]![row & PAGE_MASK] = 0
      flags[row >>> PAGE_BITS]![row & PAGE_MASK] = 0
      typeOfRow[row >>> PAGE_BITS]![row & PAGE_MASK] = 0
      // A row that was freed before may still have its numbers.
      for (let index = 0; index < measures.length; index++) setNumber(index, row, NaN)
      setSparse(names, row, UNNAMED, UNNAMED)
      setSparse(periods, row, NaN, NaN)
      return row
    },
    remove(row) {
      freeName(row)
      ids.remove(row)
      const from = ids.count
      warnings.delete(row)
      oddities.delete(row)
      if (row === from) return -1
      moveRow(positions, from * 2, row * 2)
      moveRow(positions, from * 2 + 1, row * 2 + 1)
      moveRow(observedAtMs, from, row)
      moveRow(values, from, row)
      moveRow(freshness, from, row)
      moveRow(flags, from, row)
      moveRow(typeOfRow, from, row)
      for (let index = 0; index < measures.length; index++) setNumber(index, row, measure(index, from))
      setSparse(names, row, nameOf(from), UNNAMED)
      setSparse(names, from, UNNAMED, UNNAMED)
      setSparse(periods, row, periodOf(from), NaN)
      moveKey(warnings, from, row)
      moveKey(oddities, from, row)
      return from
    },
    measure,
    measurePages: (index) => numbers[index] ?? [],
    keepReading(row, reading) {
      observedAtMs[row >>> PAGE_BITS]![row & PAGE_MASK] = reading.observedAtMs
      for (let index = 0; index < measures.length; index++) setNumber(index, row, valueIn(reading, measures[index]!.id))
      setSparse(periods, row, reading.periodMs ?? NaN, NaN)
      const { implausible, lagMs } = reading
      if (implausible === undefined && lagMs === undefined) oddities.delete(row)
      else oddities.set(row, { implausible, lagMs })
    },
    lastReading(row) {
      last.observedAtMs = observedAtMs[row >>> PAGE_BITS]![row & PAGE_MASK]!
      const periodMs = periodOf(row)
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
    hasMeasures(row, reading) {
      return measures.every(({ id, isRegister }, index) => {
        const value = valueIn(reading, id)
        return Object.is(measure(index, row), isRegister === true ? value : Math.fround(value))
      })
    },
    name(row) {
      const packed = nameOf(row)
      return packed === UNNAMED ? ids.idOf(row) : texts.read(Math.floor(packed / LENGTHS), packed % LENGTHS)
    },
    isNamed(row, name) {
      const packed = nameOf(row)
      if (packed === UNNAMED) return ids.idOf(row) === name
      const length = scratch.write(name)
      return texts.equals(Math.floor(packed / LENGTHS), packed % LENGTHS, scratch.bytes, 0, length)
    },
    setName(row, name) {
      freeName(row)
      const length = scratch.write(name)
      setSparse(names, row, texts.put(scratch.bytes, 0, length) * LENGTHS + length, UNNAMED)
    },
    type: (row) => types[typeOfRow[row >>> PAGE_BITS]![row & PAGE_MASK]!]!,
    setType(row, type) {
      let index = types.indexOf(type)
      if (index < 0) index = types.length <= MAX_TYPES ? types.push(type) - 1 : MAX_TYPES
      typeOfRow[row >>> PAGE_BITS]![row & PAGE_MASK] = index
    },
    warnings: (row) => warnings.get(row) ?? NO_WARNINGS,
    setWarnings(row, list) {
      if (list.length > 0) warnings.set(row, list)
      else warnings.delete(row)
    },
  }
}

export function setPosition(positions: Pages<Float32Array>, row: number, lon: number, lat: number): void {
  const page = positions[(row * 2) >>> PAGE_BITS]!
  page[(row * 2) & PAGE_MASK] = lon
  page[((row * 2) & PAGE_MASK) + 1] = lat
}

/** What a domain leaves out is not found on the prototype either: nothing there is a number. */
function valueIn({ values }: Reading, measure: string): number {
  const value = values[measure]
  return typeof value === 'number' ? value : NaN
}

function setPage<T>(pages: Sparse<T>, row: number, page: T): void {
  const index = row >>> PAGE_BITS
  while (pages.length <= index) pages.push(undefined)
  pages[index] = page
}

function moveKey<T>(map: Map<number, T>, from: number, to: number): void {
  const value = map.get(from)
  if (value === undefined) return
  map.delete(from)
  map.set(to, value)
}
