/**
 * Readings as numbers in one array, of sensors whose rows are known: what comes out of a notification's bytes, and the
 * form in which the columns take every reading.
 *
 * Nothing of them is an object, so a thousand cost one loop. What they say besides numbers is said by `About`, one
 * object for all that are alike. Only what is odd (a measure that is implausible or older than its reading) needs
 * the reading itself; such ones come alone.
 */
import type { MeasureSpec, Reading, Warning } from '../../domains/domain-model.ts'

/** What readings of one kind have in common. `name`: undefined leaves the one that is known. */
export interface About {
  readonly entityType: string
  readonly name?: string | undefined
  readonly warnings: readonly Warning[]
  /** The reading whose numbers begin here, as an object that is filled anew for the next, without id and name. Only of those that come as numbers. */
  readingOf?(numbers: Float64Array, from: number): Reading
}

/** Numbers of a reading: these, then its measures in the order of the model. NaN = it does not say. */
export const AT = 0
export const PERIOD = 1
export const LONGITUDE = 2
export const LATITUDE = 3
export const MEASURES = 4

export interface PlainReadings {
  readonly count: number
  readonly rows: Int32Array
  readonly numbers: Float64Array
  /** Numbers from one reading to the next. */
  readonly stride: number
  readonly abouts: readonly About[]
  /** What became of each (`OUTCOMES`): written by who applies them. */
  readonly outcomes: Uint8Array
}

/** Readings that are gathered, applied and cleared again. */
export class ReadingList implements PlainReadings {
  count = 0
  rows = new Int32Array(64)
  numbers: Float64Array
  readonly stride: number
  readonly abouts: About[] = []
  outcomes = new Uint8Array(64)

  constructor(measures: number) {
    this.stride = MEASURES + measures
    this.numbers = new Float64Array(64 * this.stride)
  }

  clear(): void {
    this.count = 0
    this.abouts.length = 0
  }

  /** Adds one that says nothing yet. Returns where its numbers begin. */
  add(row: number, about: About): number {
    const index = this.count++
    if (index === this.rows.length) this.grow()
    this.rows[index] = row
    this.abouts.push(about)
    const from = index * this.stride
    const { numbers } = this
    for (let at = from; at < from + this.stride; at++) numbers[at] = NaN
    return from
  }

  /** Takes the last one out again. */
  drop(): void {
    this.count--
    this.abouts.pop()
  }

  private grow(): void {
    const length = this.rows.length * 2
    const { rows, numbers } = this
    this.rows = new Int32Array(length)
    this.rows.set(rows)
    this.numbers = new Float64Array(length * this.stride)
    this.numbers.set(numbers)
    this.outcomes = new Uint8Array(length)
  }
}

/** Writes a reading's numbers. What a domain leaves out is not found on the prototype either: nothing there is a number. */
export function writeNumbers(numbers: Float64Array, from: number, { observedAtMs, periodMs, position, values }: Reading, measures: readonly MeasureSpec[]): void {
  numbers[from + AT] = observedAtMs
  numbers[from + PERIOD] = periodMs ?? NaN
  numbers[from + LONGITUDE] = position === undefined ? NaN : position[0]
  numbers[from + LATITUDE] = position === undefined ? NaN : position[1]
  for (let index = 0; index < measures.length; index++) {
    const value = values[measures[index]!.id]
    numbers[from + MEASURES + index] = typeof value === 'number' ? value : NaN
  }
}
