/**
 * A quarter of an hour of a domain's readings, packed: sorted by row and time, one small column a number.
 *
 * Every row tells how many readings it has; who walks all rows in order needs no more to find them. A
 * sensor that stands where it always stood costs nothing for its place.
 */
import { packColumn, valueAt, type PackedColumn } from './packed-column.ts'
import { HEAD, LAT, LON, ROW, SHAPE, TIME, WARNINGS, type ReadingLog } from './reading-log.ts'
import type { ReadingShapes } from './reading-shape.ts'

export interface Chunk {
  readonly startMs: number
  readonly readings: number
  /** Readings of each row; a row beyond it has none. */
  readonly counts: Uint8Array | Uint16Array | Uint32Array
  readonly times: PackedColumn // ms since `startMs`, ascending within a row; comparable
  readonly shapes: PackedColumn
  readonly warnings: PackedColumn
  /** 0: at home; n: at the n-th pair of `elsewhere`; NaN: it names no place. */
  readonly whereabouts: PackedColumn
  readonly elsewhere: Float32Array
  /** By place of a reading's numbers; undefined where no reading has one. */
  readonly numbers: readonly (PackedColumn | undefined)[]
  readonly bytes: number
}

/** `homes`: [lon, lat] of each row, where it was first seen. Of two readings of one sensor and instant the later record holds. */
export function buildChunk(log: ReadingLog, { startMs, rows, homes, shapes }: { readonly startMs: number; readonly rows: number; readonly homes: Float32Array; readonly shapes: ReadingShapes }): Chunk {
  const { words } = log
  const { order, counts } = sorted(log, rows)
  const count = order.length
  const column = (at: (start: number) => number, options?: { readonly isComparable: boolean }): PackedColumn => {
    const values = new Float64Array(count)
    for (let index = 0; index < count; index++) values[index] = at(order[index]!)
    return packColumn(values, options)
  }
  const elsewhere: number[] = []
  const whereabouts = column((start) => {
    const lon = words[start + LON]!
    const lat = words[start + LAT]!
    if (Number.isNaN(lon)) return NaN
    const row = words[start + ROW]!
    if (homes[row * 2] === lon && homes[row * 2 + 1] === lat) return 0
    return elsewhere.push(lon, lat) / 2
  })
  const placesOf = shapeTable(words, order, shapes)
  const numbers = Array.from({ length: shapes.places }, (_, place) => {
    if (!placesOf.some((places) => places !== undefined && places[place]! > 0)) return undefined
    return column((start) => {
      const at = placesOf[words[start + SHAPE]!]![place]!
      return at === 0 ? NaN : words[start + HEAD + at - 1]!
    })
  })
  const chunk = {
    startMs,
    readings: count,
    counts,
    times: column((start) => words[start + TIME]! - startMs, { isComparable: true }),
    shapes: column((start) => words[start + SHAPE]!),
    warnings: column((start) => words[start + WARNINGS]!),
    whereabouts,
    elsewhere: Float32Array.from(elsewhere),
    numbers,
  }
  return { ...chunk, bytes: bytesOf(chunk) }
}

/** The chunk's readings back into a log; `keep` says which. */
export function unpackChunk(chunk: Chunk, into: ReadingLog, { homes, shapes, keep }: { readonly homes: Float32Array; readonly shapes: ReadingShapes; readonly keep: (row: number, atMs: number, isLive: boolean) => boolean }): void {
  let index = 0
  for (let row = 0; row < chunk.counts.length; row++) {
    for (const end = index + chunk.counts[row]!; index < end; index++) {
      const at = index
      const atMs = chunk.startMs + valueAt(chunk.times, at)
      const shape = shapes.get(valueAt(chunk.shapes, at))
      if (!keep(row, atMs, shape.isLive)) continue
      const place = valueAt(chunk.whereabouts, at)
      into.appendRecord(HEAD + shape.places.length, (words, start) => {
        words[start + ROW] = row
        words[start + TIME] = atMs
        words[start + SHAPE] = shape.id
        words[start + WARNINGS] = valueAt(chunk.warnings, at)
        words[start + LON] = lonLatAt(chunk, homes, row, place, 0)
        words[start + LAT] = lonLatAt(chunk, homes, row, place, 1)
        shape.places.forEach((number, offset) => (words[start + HEAD + offset] = valueAt(chunk.numbers[number]!, at)))
      })
    }
  }
}

/** Longitude (axis 0) or latitude (1) of a row at a value of `whereabouts`. */
export function lonLatAt({ elsewhere }: Chunk, homes: Float32Array, row: number, place: number, axis: 0 | 1): number {
  if (Number.isNaN(place)) return NaN
  return place === 0 ? homes[row * 2 + axis]! : elsewhere[(place - 1) * 2 + axis]!
}

/** Beginnings of the records by row and time, one for each instant of a row. */
function sorted({ words, starts, count }: ReadingLog, rows: number): { readonly order: Uint32Array; readonly counts: Chunk['counts'] } {
  const ends = new Uint32Array(rows + 1)
  for (let record = 0; record < count; record++) ends[words[starts[record]! + ROW]! + 1]!++
  for (let row = 0; row < rows; row++) ends[row + 1]! += ends[row]!
  const next = ends.slice()
  const order = new Uint32Array(count)
  for (let record = 0; record < count; record++) order[next[words[starts[record]! + ROW]!]!++] = starts[record]!
  const perRow = new Uint32Array(rows)
  let kept = 0
  let most = 0
  for (let row = 0; row < rows; row++) {
    const first = kept
    for (let index = ends[row]!; index < ends[row + 1]!; index++) {
      // Readings come nearly in order: a late one is a few steps away.
      const start = order[index]!
      const atMs = words[start + TIME]!
      let place = kept
      while (place > first && words[order[place - 1]! + TIME]! > atMs) place--
      const isCorrection = place > first && words[order[place - 1]! + TIME] === atMs
      if (isCorrection) order[place - 1] = start
      else {
        order.copyWithin(place + 1, place, kept)
        order[place] = start
        kept++
      }
    }
    perRow[row] = kept - first
    most = Math.max(most, kept - first)
  }
  const counts = most <= 0xff ? Uint8Array.from(perRow) : most <= 0xffff ? Uint16Array.from(perRow) : perRow
  return { order: order.subarray(0, kept), counts }
}

/** By shape that occurs: one more than where a place's number stands in a record, 0 where it has none. */
function shapeTable(words: Float64Array, order: Uint32Array, shapes: ReadingShapes): (Uint8Array | undefined)[] {
  const table: (Uint8Array | undefined)[] = []
  for (let index = 0; index < order.length; index++) {
    const id = words[order[index]! + SHAPE]!
    if (table[id] !== undefined) continue
    const at = new Uint8Array(shapes.places)
    shapes.get(id).places.forEach((place, offset) => (at[place] = offset + 1))
    table[id] = at
  }
  return table
}

function bytesOf({ counts, times, shapes, warnings, whereabouts, elsewhere, numbers }: Omit<Chunk, 'bytes'>): number {
  const columns = [times, shapes, warnings, whereabouts, ...numbers]
  return counts.byteLength + elsewhere.byteLength + columns.reduce((sum, column) => sum + (column?.data.byteLength ?? 0), 0)
}
