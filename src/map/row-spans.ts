/**
 * Which rows of a column changed, as few spans: each is one write to the GPU.
 *
 * A write has a price of its own, so rows that lie near each other go together with what stands
 * between them: their unchanged neighbours are the same on both sides.
 */

/** [from, to) pairs, ascending and apart. */
export type RowSpans = Uint32Array

export const NO_SPANS: RowSpans = new Uint32Array(0)

/** A write of this many bytes more costs less than a write more. */
const NEAR_BYTES = 4096

export interface SpanCollector {
  /** Rows come in ascending order. */
  add(row: number): void
  /** What was added since the last call. */
  take(): RowSpans
}

export function collectSpans(bytesPerRow: number, nearBytes = NEAR_BYTES): SpanCollector {
  const near = Math.floor(nearBytes / bytesPerRow)
  let spans = new Uint32Array(16)
  let length = 0
  return {
    add(row) {
      if (length > 0 && row - spans[length - 1]! <= near) {
        spans[length - 1] = row + 1
        return
      }
      if (length === spans.length) {
        const wider = new Uint32Array(2 * length)
        wider.set(spans)
        spans = wider
      }
      spans[length++] = row
      spans[length++] = row + 1
    },
    take() {
      const taken = length === 0 ? NO_SPANS : spans.slice(0, length)
      length = 0
      return taken
    },
  }
}
