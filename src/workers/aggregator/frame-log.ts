/**
 * Which rows changed with which frame, so that a frame costs what changed and not what is there.
 *
 * A buffer that comes back holds the frame it was filled for; it needs only the rows that changed since. The
 * page, likewise, is told which rows differ from the frame before. Kept are the changes of the few frames
 * whose buffers can still come back; an older buffer is filled whole.
 */
import { createRowSet, type RowSet } from './row-set.ts'

export interface FrameLog {
  /** The row differs from the frame before. */
  touch(row: number): void
  touchSet(rows: RowSet): void
  /** Every row may differ. */
  touchAll(): void
  /** Ends a frame. `held`: the sequence of the frame that its buffers held. */
  next(held: number | undefined, count: number): LoggedFrame
}

export interface LoggedFrame {
  readonly sequence: number
  /** Rows to write; undefined = all. */
  readonly missing?: RowSet
  /** Against the frame before; undefined when there is none or all may differ. */
  readonly changedRows?: { readonly sinceSequence: number; readonly spans: Uint32Array<ArrayBuffer> }
}

/** More buffers than that are never under way. */
const KEPT = 4
/** Rows between two changed ones that are rather sent along than told apart. */
const GAP = 32
const MAX_SPANS = 512

// One count for all states of a worker: a buffer of one (the past, say) is never taken for another's.
let lastSequence = 0

export function createFrameLog(): FrameLog {
  const kept: { readonly sequence: number; readonly changes: RowSet }[] = []
  const missing = createRowSet()
  let pending = createRowSet()
  /** Frames before this one say nothing of the next. */
  let isCut = true

  return {
    touch: (row) => pending.add(row),
    touchSet: (rows) => pending.addAll(rows),
    touchAll() {
      isCut = true
    },
    next(held, count) {
      const before = kept.at(-1)?.sequence
      const sequence = ++lastSequence
      const wasCut = isCut || before === undefined
      isCut = false
      if (wasCut) kept.length = 0
      const changes = pending
      pending = kept.length < KEPT ? createRowSet() : kept.shift()!.changes
      pending.clear()
      kept.push({ sequence, changes })
      if (wasCut) return { sequence }
      const changedRows = { sinceSequence: before, spans: spansOf(changes, count) }
      const at = kept.findIndex((frame) => frame.sequence === held)
      // The first frame kept says what changed before it, which its own buffers have: they are found by its number.
      if (at < 0) return { sequence, changedRows }
      missing.clear()
      for (const later of kept.slice(at + 1)) missing.addAll(later.changes)
      return { sequence, missing, changedRows }
    },
  }
}

/** [from, to) by turns, ascending. */
function spansOf(changes: RowSet, count: number): Uint32Array<ArrayBuffer> {
  const { rows, length } = changes.list(count)
  for (let gap = GAP; ; gap *= 4) {
    const spans: number[] = []
    let to = -Infinity
    for (let i = 0; i < length && spans.length <= MAX_SPANS * 2; i++) {
      const row = rows[i]!
      if (row > to + gap) spans.push(row, row + 1)
      else spans[spans.length - 1] = row + 1
      to = row + 1
    }
    if (spans.length <= MAX_SPANS * 2) return Uint32Array.from(spans)
  }
}
