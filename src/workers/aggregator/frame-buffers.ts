/**
 * The buffers of frames, used again: the page hands back those of a frame it no longer shows.
 *
 * A buffer is either here, or filled and on its way, or on the page; never in two places. The platform
 * empties an array that was transferred, so one that is wrongly handed back is too short to be taken.
 */
import type { Frame } from '../../domains/frame.ts'
import type { View } from '../../domains/standing.ts'

export type FrameBuffers = Pick<Frame, 'positions' | 'values' | 'plain' | 'medians' | 'latest' | 'observedAtMs' | 'freshness' | 'districtOf'> & {
  readonly cells: Pick<Frame['cells'], 'centres' | 'values' | 'sensors'>
  /** The frame they hold, if any. */
  readonly sequence?: number
}

export interface FrameBufferPool {
  /** Buffers with room for so many rows and cells; what they hold is left over from before. */
  take(rows: number, cells: number, view?: View): FrameBuffers
  give(buffers: FrameBuffers): void
}

/** One on the page's screen, one on its way and one to fill are all that can ever be needed. */
const MAX_KEPT = 3

export function createFrameBufferPool(): FrameBufferPool {
  const kept: FrameBuffers[] = []
  return {
    take(rows, cells, view = 'value') {
      while (kept.length > 0) {
        const buffers = kept.pop()!
        if (hasRoom(buffers, rows, cells, view)) return buffers
      }
      return allocate(rows, roundUp(cells), view)
    },
    give({ positions, values, plain, medians, latest, observedAtMs, freshness, districtOf, cells, sequence }) {
      if (kept.length >= MAX_KEPT || kept.some((one) => one.values === values)) return
      // Only the buffers of the frame that comes back, and which one they hold: what it said of itself (that it is
      // of the past) is not the next one's.
      kept.push({
        positions,
        values,
        plain,
        medians,
        latest,
        observedAtMs,
        freshness,
        districtOf,
        cells: { centres: cells.centres, values: cells.values, sensors: cells.sensors },
        ...(sequence === undefined ? {} : { sequence }),
      })
    },
  }
}

/** What moves with a frame's message. */
export function frameTransfers(frame: FrameBuffers): ArrayBuffer[] {
  return [
    frame.positions.buffer,
    frame.values.buffer,
    frame.plain.buffer,
    frame.medians.buffer,
    frame.latest.buffer,
    frame.observedAtMs.buffer,
    frame.freshness.buffer,
    frame.districtOf.buffer,
    frame.cells.centres.buffer,
    frame.cells.values.buffer,
    frame.cells.sensors.buffer,
  ]
}

function hasRoom(buffers: FrameBuffers, rows: number, cells: number, view: View): boolean {
  return (
    buffers.positions.length >= rows * 2 &&
    buffers.values.length >= rows &&
    (buffers.plain.length >= rows || view === 'value') &&
    (buffers.medians.length >= rows || view !== 'usual') &&
    buffers.latest.length >= rows &&
    buffers.observedAtMs.length >= rows &&
    buffers.freshness.length >= rows &&
    buffers.districtOf.length >= rows &&
    buffers.cells.centres.length >= cells * 2 &&
    buffers.cells.values.length >= cells &&
    buffers.cells.sensors.length >= cells
  )
}

function allocate(rows: number, cells: number, view: View): FrameBuffers {
  return {
    positions: new Float32Array(rows * 2),
    values: new Float32Array(rows),
    plain: new Float32Array(view === 'value' ? 0 : rows),
    medians: new Float32Array(view === 'usual' ? rows : 0),
    latest: new Float32Array(rows),
    observedAtMs: new Float64Array(rows),
    freshness: new Uint8Array(rows),
    districtOf: new Uint8Array(rows),
    cells: { centres: new Float32Array(cells * 2), values: new Float32Array(cells), sensors: new Uint16Array(cells) },
  }
}

// Cells come one by one as sensors appear: without room to spare every frame would need new buffers.
function roundUp(cells: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(cells, 64)))
}
