/**
 * Readings as they came, one after the other in one array of doubles: what a chunk is made of.
 *
 * A record is row, time, shape, warnings, longitude and latitude (NaN = it names no place), then the
 * numbers of its shape in their order.
 */
import type { Reading } from '../../domains/domain-model.ts'
import type { ReadingShapes } from './reading-shape.ts'

export const ROW = 0
export const TIME = 1
export const SHAPE = 2
export const WARNINGS = 3
export const LON = 4
export const LAT = 5
export const HEAD = 6

export interface ReadingLog {
  /** Records in it. */
  readonly count: number
  readonly bytes: number
  readonly words: Float64Array
  /** Words in use. */
  readonly end: number
  /** Where each record begins. */
  readonly starts: Uint32Array
  append(row: number, reading: Reading, options: { readonly isLive: boolean; readonly warnings: number }): void
  /** Copies a record; `fill` writes its head and numbers. */
  appendRecord(length: number, fill: (words: Float64Array, start: number) => void): void
}

export function createReadingLog(shapes: ReadingShapes): ReadingLog {
  let words = new Float64Array(256)
  let starts = new Uint32Array(16)
  let count = 0
  let used = 0

  function room(length: number): number {
    if (used + length > words.length) words = enlarged(words, Math.max(words.length * 2, used + length))
    if (count === starts.length) {
      const more = new Uint32Array(count * 2)
      more.set(starts)
      starts = more
    }
    const start = used
    starts[count++] = start
    used += length
    return start
  }

  return {
    get count() {
      return count
    },
    get bytes() {
      return words.byteLength + starts.byteLength
    },
    get end() {
      return used
    },
    get words() {
      return words
    },
    get starts() {
      return starts
    },
    append(row, reading, { isLive, warnings }) {
      const shape = shapes.of(reading, isLive)
      const { places } = shape
      const start = room(HEAD + places.length)
      words[start + ROW] = row
      words[start + TIME] = reading.observedAtMs
      words[start + SHAPE] = shape.id
      words[start + WARNINGS] = warnings
      words[start + LON] = reading.position === undefined ? NaN : Math.fround(reading.position[0])
      words[start + LAT] = reading.position === undefined ? NaN : Math.fround(reading.position[1])
      for (let index = 0; index < places.length; index++) words[start + HEAD + index] = shapes.numberAt(reading, places[index]!)
    },
    appendRecord(length, fill) {
      const start = room(length)
      fill(words, start)
    },
  }
}

function enlarged(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const to = new Float64Array(length)
  to.set(from)
  return to
}
