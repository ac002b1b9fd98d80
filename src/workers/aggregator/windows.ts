/**
 * The windows of a domain's sensors: what each observed in the last so many minutes, ready to be folded.
 *
 * Most sensors have one reading in the window, or none: they need nothing here, the columns have their last
 * reading. From the second on, a sensor has a block: its readings in order of time, each an instant and the
 * accumulator of that reading alone. So a late reading goes to its place, a repeated instant is known, and a
 * correction of the last reading replaces one accumulator. Blocks are runs in large arrays, of 2, 4, 8 …
 * readings; what leaves the window makes room for what comes.
 *
 * A window moves by whole steps, a 30th of its length: that is the error of its edges, and the price of a
 * sensor that reports faster than anyone reads. One with more than 64 readings in the window is kept by
 * steps: all readings of a step but the sensor's newest are one accumulator, with their instants beside it.
 */
import { FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import type { ColumnFold } from '../../domains/fold.ts'
import { BLOCK, INTS, type HotRows } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK } from './pages.ts'

/** A 30th of a window is the error of its edges; a 15 min window moves every 30 s. */
const STEPS = 30
/** More readings than this are kept by steps. */
const MANY = 64
/** Instants remembered in a step. Past that a repetition of an old reading is counted twice: it needs a sensor sixty times faster than a step. */
const MAX_STAMPS = 64

export interface WindowShape {
  readonly stepMs: number
  readonly steps: number
  /** Steps ahead of now, for clocks that are a little fast. */
  readonly ahead: number
}

export type WindowOutcome =
  | 'added'
  /** This instant is in the window already. */
  | 'known'
  /** Older than the window, or too far in the future to be believed. */
  | 'outside'

export interface Windows {
  readonly shape: WindowShape
  /** Has the row a block? Without one its window holds its last reading at most. */
  has(row: number): boolean
  isInside(atMs: number, nowStep: number): boolean
  /** Gives the row a block with one reading in it. */
  open(row: number, atMs: number, acc: Float64Array): void
  /** Only for rows with a block. `acc`: the accumulator of the reading alone. */
  add(row: number, atMs: number, acc: Float64Array, nowStep: number): WindowOutcome
  /** Another value for the sensor's last reading, if the window holds it. */
  correct(row: number, atMs: number, acc: Float64Array): void
  /** Folds what is inside. Returns the step at which the oldest of it leaves; Infinity when nothing is inside. `isSetBack`: the clock was. */
  fold(row: number, nowStep: number, isSetBack: boolean): number
  /** What the last `fold` folded says. */
  value(): number | undefined
  /** Has something left since the fold before, so that the block may be of no use? Then ask `onlyMs`. */
  readonly hasLeft: boolean
  /** Instant of the only reading that is still of use; NaN when there are several, -Infinity when there is none. */
  onlyMs(row: number, nowStep: number): number
  /** Reads the beginnings of the rows' blocks, for nothing but to have them at hand: to fold them. */
  warm(rows: Int32Array, from: number, to: number): number
  /** And where their next readings go: to add to them. */
  warmEnds(rows: Int32Array, from: number, to: number): number
  /** The sensor of `from` is now in row `to`, and its block's number with it. */
  move(from: number, to: number): void
  /** The row needs no block any more. */
  close(row: number): void
}

export function windowShape(windowMs: number): WindowShape {
  const stepMs = Math.max(1, windowMs / STEPS)
  return { stepMs, steps: STEPS, ahead: Math.ceil(FUTURE_TOLERANCE_MS / stepMs) }
}

export function stepAt(shape: WindowShape, ms: number): number {
  return Math.floor(ms / shape.stepMs)
}

/** Blocks of one size. */
interface Shelf {
  readonly pages: Float64Array[]
  /** Blocks in a page, as a power of two. */
  readonly bits: number
  readonly free: number[]
  next: number
}

export const NO_BLOCK = -1
const SHELF_BITS = 5
const SIZE_MASK = 0b11111
/** Numbers in an array of blocks; the first grows up to it. */
const SHELF_PAGE_NUMBERS = 2 ** 17

/**
 * The number of each row's block stands with the row. Rows come with `NO_BLOCK`. `usualReadings`: how many a sensor that
 * reports as it should has in a window; blocks have room for them at once, so that small ones are not left behind by all.
 */
export function createWindows(fold: ColumnFold, shape: WindowShape, hot: HotRows, usualReadings = 2): Windows {
  // A block: number of readings; the oldest instant that its total holds, and the total; then each reading's instant
  // and accumulator. The total is right until that oldest has left: only then is the block folded again.
  const { width } = fold
  const isSum = fold.isSum === true
  const stride = 1 + width
  const head = 2 + width
  const firstSize = Math.ceil(Math.log2(Math.min(Math.max(usualReadings, 2), STEPS + 2)))
  const { ints } = hot
  const shelves: Shelf[] = []
  const lengths = Float64Array.from({ length: SIZE_MASK + 1 }, (_, size) => head + stride * 2 ** size)
  /** Of rows kept by steps: the instants in each step of several readings. */
  const stamps = new Map<number, Map<number, number[]>>()
  // The block that `locate` found: its array, where it begins, how many readings it has room for.
  let data = new Float64Array(0)
  let base = 0
  let room = 0
  let hasLeft = false

  const lengthOf = (size: number): number => lengths[size]!

  function allocate(size: number): number {
    while (shelves.length <= size) {
      const perPage = Math.max(1, SHELF_PAGE_NUMBERS / lengthOf(shelves.length))
      shelves.push({ pages: [], bits: Math.floor(Math.log2(perPage)), free: [], next: 0 })
    }
    const shelf = shelves[size]!
    const index = shelf.free.pop() ?? shelf.next++
    const place = index >> shelf.bits
    const page = shelf.pages[place]
    const needed = ((index & ((1 << shelf.bits) - 1)) + 1) * lengthOf(size)
    if (page === undefined || page.length < needed) {
      const whole = lengthOf(size) << shelf.bits
      const larger = new Float64Array(place > 0 ? whole : Math.min(whole, needed * 2))
      if (page !== undefined) larger.set(page)
      shelf.pages[place] = larger
    }
    return (index << SHELF_BITS) | size
  }

  function locate(block: number): void {
    const size = block & SIZE_MASK
    const index = block >>> SHELF_BITS
    const { pages, bits } = shelves[size]!
    data = pages[index >> bits]! as Float64Array<ArrayBuffer>
    base = (index & ((1 << bits) - 1)) * lengthOf(size)
    room = 1 << size
  }

  const blockOf = (row: number): number => ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + BLOCK]!
  const setBlock = (row: number, block: number): void => {
    ints[row >>> PAGE_BITS]![((row & PAGE_MASK) << INTS) + BLOCK] = block
  }
  const placeOf = (i: number): number => base + head + i * stride

  function release(row: number): void {
    const block = blockOf(row)
    if (block === NO_BLOCK) return
    shelves[block & SIZE_MASK]!.free.push(block >>> SHELF_BITS)
    setBlock(row, NO_BLOCK)
    stamps.delete(row)
  }

  function write(at: number, atMs: number, acc: Float64Array): void {
    data[at] = atMs
    for (let i = 0; i < width; i++) data[at + 1 + i] = acc[i]!
  }

  // Sums are added here: a call through the fold for each reading of each window is dearer than the additions.
  function merge(at: number, from: Float64Array, fromAt: number): void {
    if (isSum) for (let i = 0; i < width; i++) data[at + i]! += from[fromAt + i]!
    else fold.merge(data, at, from, fromAt)
  }

  function addToTotal(atMs: number, acc: Float64Array): void {
    if (!(data[base + 1]! <= atMs)) data[base + 1] = atMs
    merge(base + 2, acc, 0)
  }

  function foldAgain(fromMs: number, toMs: number): void {
    fold.clear(data, base + 2)
    let oldestMs = Infinity
    for (let at = placeOf(0), end = placeOf(data[base]!); at < end; at += stride) {
      const atMs = data[at]!
      if (atMs < fromMs) continue
      if (atMs >= toMs) break
      if (oldestMs === Infinity) oldestMs = atMs
      merge(base + 2, data, at + 1)
    }
    data[base + 1] = oldestMs
  }

  /** Lets go what has left the window for good: a clock that is learned anew may be that of a moment ago. */
  function forget(row: number, nowStep: number): void {
    const oldestMs = (nowStep - shape.steps - shape.ahead + 1) * shape.stepMs
    const count = data[base]!
    let gone = 0
    while (gone < count && data[placeOf(gone)]! < oldestMs) gone++
    if (gone === 0) return
    const ofRow = stamps.get(row)
    for (let i = 0; i < gone; i++) ofRow?.delete(stepAt(shape, data[placeOf(i)]!))
    data.copyWithin(placeOf(0), placeOf(gone), placeOf(count))
    data[base] = count - gone
  }

  function insert(row: number, i: number, atMs: number, acc: Float64Array): void {
    const count = data[base]!
    if (count === room) {
      const from = data
      const fromBase = base
      const block = blockOf(row)
      const larger = allocate((block & SIZE_MASK) + 1)
      shelves[block & SIZE_MASK]!.free.push(block >>> SHELF_BITS)
      setBlock(row, larger)
      locate(larger)
      for (let n = 0; n < head + count * stride; n++) data[base + n] = from[fromBase + n]!
    }
    if (i < count) data.copyWithin(placeOf(i + 1), placeOf(i), placeOf(count))
    write(placeOf(i), atMs, acc)
    data[base] = count + 1
  }

  /** Joins reading `i` to reading `into` of the same step. */
  function join(ofRow: Map<number, number[]>, into: number, i: number): void {
    const count = data[base]!
    const step = stepAt(shape, data[placeOf(into)]!)
    let known = ofRow.get(step)
    if (known === undefined) ofRow.set(step, (known = [data[placeOf(into)]!]))
    if (known.length < MAX_STAMPS) known.push(data[placeOf(i)]!)
    merge(placeOf(into) + 1, data, placeOf(i) + 1)
    data[placeOf(into)] = Math.max(data[placeOf(into)]!, data[placeOf(i)]!)
    data.copyWithin(placeOf(i), placeOf(i + 1), placeOf(count))
    data[base] = count - 1
  }

  function keepBySteps(row: number): Map<number, number[]> {
    const ofRow = new Map<number, number[]>()
    stamps.set(row, ofRow)
    // All but the newest.
    for (let i = 1; i < data[base]! - 1; ) {
      if (stepAt(shape, data[placeOf(i)]!) === stepAt(shape, data[placeOf(i - 1)]!)) join(ofRow, i - 1, i)
      else i++
    }
    return ofRow
  }

  function addByStep(row: number, ofRow: Map<number, number[]>, atMs: number, acc: Float64Array): WindowOutcome {
    const step = stepAt(shape, atMs)
    if (ofRow.get(step)?.includes(atMs) === true) return 'known'
    const count = data[base]!
    const newest = count - 1
    let i = count
    while (i > 0 && data[placeOf(i - 1)]! > atMs) i--
    if (i > 0 && data[placeOf(i - 1)] === atMs) return 'known'
    insert(row, i, atMs, acc)
    // Which of the neighbours, the sensor's newest apart, is of the same step? In front it may be the one that was newest until now.
    if (i === count) {
      if (newest > 0 && stepAt(shape, data[placeOf(newest)]!) === stepAt(shape, data[placeOf(newest - 1)]!)) join(ofRow, newest - 1, newest)
    } else if (i > 0 && stepAt(shape, data[placeOf(i - 1)]!) === step) {
      join(ofRow, i - 1, i)
    } else if (i + 1 < count && stepAt(shape, data[placeOf(i + 1)]!) === step) {
      // The one behind keeps its instants, so it is joined to, and moves to the front.
      joinForward(ofRow, i)
    }
    return 'added'
  }

  /** Joins reading `i` to the one behind it. */
  function joinForward(ofRow: Map<number, number[]>, i: number): void {
    const step = stepAt(shape, data[placeOf(i)]!)
    const known = ofRow.get(step) ?? [data[placeOf(i + 1)]!]
    ofRow.set(step, known)
    if (known.length < MAX_STAMPS) known.push(data[placeOf(i)]!)
    merge(placeOf(i + 1) + 1, data, placeOf(i) + 1)
    data.copyWithin(placeOf(i), placeOf(i + 1), placeOf(data[base]!))
    data[base]!--
  }

  const isInside = (atMs: number, nowStep: number): boolean => {
    const step = stepAt(shape, atMs)
    return step > nowStep - shape.steps && step <= nowStep + shape.ahead
  }

  return {
    shape,
    has: (row) => blockOf(row) !== NO_BLOCK,
    isInside,
    open(row, atMs, acc) {
      const block = allocate(firstSize)
      setBlock(row, block)
      locate(block)
      data[base] = 1
      write(placeOf(0), atMs, acc)
      write(base + 1, atMs, acc)
    },
    add(row, atMs, acc, nowStep) {
      if (!isInside(atMs, nowStep)) return 'outside'
      locate(blockOf(row))
      if (data[base] === room) forget(row, nowStep)
      const bySteps = stamps.size === 0 && data[base]! < MANY ? undefined : stamps.get(row) ?? (data[base]! >= MANY ? keepBySteps(row) : undefined)
      if (bySteps !== undefined) {
        const outcome = addByStep(row, bySteps, atMs, acc)
        if (outcome === 'added') addToTotal(atMs, acc)
        return outcome
      }
      // Searched from the back: readings come nearly in order.
      let i = data[base]!
      while (i > 0 && data[placeOf(i - 1)]! > atMs) i--
      if (i > 0 && data[placeOf(i - 1)] === atMs) return 'known'
      insert(row, i, atMs, acc)
      addToTotal(atMs, acc)
      return 'added'
    },
    correct(row, atMs, acc) {
      if (blockOf(row) === NO_BLOCK) return
      locate(blockOf(row))
      const count = data[base]!
      for (let i = count - 1; i >= 0; i--) {
        if (data[placeOf(i)] !== atMs) continue
        // One that was joined to others cannot be taken out again.
        if (i === count - 1 || stamps.get(row)?.has(stepAt(shape, atMs)) !== true) {
          write(placeOf(i), atMs, acc)
          data[base + 1] = -Infinity
        }
        return
      }
    },
    fold(row, nowStep, isSetBack) {
      locate(blockOf(row))
      const fromMs = (nowStep - shape.steps + 1) * shape.stepMs
      hasLeft = data[base]! < 2
      if (isSetBack || data[base + 1]! < fromMs) {
        foldAgain(fromMs, (nowStep + shape.ahead + 1) * shape.stepMs)
        hasLeft = true
      }
      const oldestMs = data[base + 1]!
      return oldestMs === Infinity ? Infinity : stepAt(shape, oldestMs) + shape.steps
    },
    value: () => fold.value(data, base + 2),
    get hasLeft() {
      return hasLeft
    },
    onlyMs(row, nowStep) {
      locate(blockOf(row))
      forget(row, nowStep)
      const count = data[base]!
      if (count === 0) return -Infinity
      return count === 1 ? data[placeOf(0)]! : NaN
    },
    warm(rows, from, to) {
      let sum = 0
      for (let i = from; i < to; i++) {
        const block = blockOf(rows[i]!)
        if (block === NO_BLOCK) continue
        locate(block)
        sum += data[base]!
      }
      return sum
    },
    // Where the next reading goes is known by the beginning, and lies in another line of memory.
    warmEnds(rows, from, to) {
      let sum = 0
      for (let i = from; i < to; i++) {
        const block = blockOf(rows[i]!)
        if (block === NO_BLOCK) continue
        locate(block)
        sum += data[Math.min(placeOf(data[base]!), data.length - 1)]!
      }
      return sum
    },
    move(from, to) {
      const ofRow = stamps.get(from)
      if (ofRow === undefined) return
      stamps.delete(from)
      stamps.set(to, ofRow)
    },
    close: release,
  }
}
