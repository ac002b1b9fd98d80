/**
 * What the worker hands to the page: one drawn state of a domain, as typed arrays that move.
 */
import type { DomainId, Warning } from './domain-model.ts'

/** Which sensors a domain has. Sent when one is added or removed, before the frame that needs it. */
export interface Roster {
  readonly domain: DomainId
  /** Frames name the roster whose rows they follow. */
  readonly version: number
  readonly ids: readonly string[]
  readonly names: readonly string[]
  readonly types: readonly string[]
  /** Row by row; most have none. */
  readonly warnings: readonly (readonly Warning[])[]
}

/** One drawn state of a domain. Its buffers move with the message: after posting, the sender has none. */
export interface Frame {
  readonly domain: DomainId
  readonly rosterVersion: number
  /** Broker time the frame was made for: ages are counted from it. */
  readonly atMs: number
  readonly windowStartMs: number // inclusive
  readonly windowEndMs: number // exclusive
  /** Rows in use; arrays may be longer. */
  readonly count: number
  readonly positions: Float32Array<ArrayBuffer> // [lon, lat] per row, degrees WGS84; NaN = no position
  readonly values: Float32Array<ArrayBuffer> // headline over the window, in the legend's unit; NaN = nothing measured
  readonly latest: Float32Array<ArrayBuffer> // headline of the last reading; NaN = nothing measured
  readonly observedAtMs: Float64Array<ArrayBuffer> // of the last reading; NaN = none
  readonly freshness: Uint8Array<ArrayBuffer> // index into FRESHNESS
  readonly cells: FrameCells
  readonly total: FrameTotal
  /** Grows with each frame of its domain. */
  readonly sequence?: number
  /** Rows in which this frame differs from that with the number `sinceSequence`: pairs of [from, to), ascending. Absent: any may. */
  readonly changedRows?: { readonly sinceSequence: number; readonly spans: Uint32Array<ArrayBuffer> }
}

export interface FrameCells {
  readonly radiusM: number
  readonly count: number
  readonly centres: Float32Array<ArrayBuffer> // [lon, lat] per cell
  readonly values: Float32Array<ArrayBuffer> // the domain's cell statistic; NaN = nothing measured
  readonly sensors: Uint16Array<ArrayBuffer> // how many sensors gave a value
}

export interface FrameTotal {
  /** The domain's city statistic, or undefined when nothing was measured. */
  readonly value?: number
  /** Sensors that gave a value in the window and are not stale. */
  readonly reporting: number
  readonly known: number
  /** Newest observation, broker time. */
  readonly newestMs?: number
}
