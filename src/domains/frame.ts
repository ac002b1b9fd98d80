/**
 * What the worker hands to the page: one drawn state of a domain, as typed arrays that move.
 */
import type { Usual } from '../core/stats/usual.ts'
import type { DomainId, Warning } from './domain-model.ts'
import type { View } from './standing.ts'

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
  /** A picture of a past instant, made from the history; absent in one of now. */
  readonly past?: {
    /** Everything that the instant rests on has been read, or cannot be had; until then the picture is what is known. */
    readonly isComplete: boolean
  }
  /** A picture from the visit before, which stands in until the brokers have told: `total` is of this instant, and no row is fresh. Absent in any other. */
  readonly keptAtMs?: number
  readonly windowStartMs: number // inclusive
  readonly windowEndMs: number // exclusive
  /** From here on every reading is in the window; after `windowStartMs` while it is being filled. */
  readonly coveredFromMs: number
  /** What `values` say, of rows and of cells. */
  readonly view: View
  /** Rows in use; arrays may be longer. */
  readonly count: number
  readonly positions: Float32Array<ArrayBuffer> // [lon, lat] per row, degrees WGS84; NaN = no position
  readonly values: Float32Array<ArrayBuffer> // headline over the window as the view shows it, in the view legend's unit; NaN = nothing measured, or nothing to compare with
  readonly plain: Float32Array<ArrayBuffer> // headline over the window in its own unit, where `values` say something else; empty in the view `value`
  readonly medians: Float32Array<ArrayBuffer> // what is usual, in the headline's unit; NaN = no usual; empty but in the view `usual`
  readonly latest: Float32Array<ArrayBuffer> // headline of the last reading; NaN = nothing measured
  readonly observedAtMs: Float64Array<ArrayBuffer> // of the last reading; NaN = none
  readonly freshness: Uint8Array<ArrayBuffer> // index into FRESHNESS
  readonly districtOf: Uint8Array<ArrayBuffer> // index into `districts`; 0 = in none
  readonly cells: FrameCells
  readonly total: FrameTotal
  /** In the order of the plan's districts, after one for the sensors in none; empty where the city has no districts. */
  readonly districts: readonly DistrictTotal[]
  /** Number of the frame among all that its worker made. */
  readonly sequence?: number
  /** Rows in which this frame may differ from that with the number `sinceSequence`: pairs of [from, to), ascending. Absent: any may. */
  readonly changedRows?: { readonly sinceSequence: number; readonly spans: Uint32Array<ArrayBuffer> }
}

export interface FrameCells {
  readonly radiusM: number
  readonly count: number
  readonly centres: Float32Array<ArrayBuffer> // [lon, lat] per cell
  readonly values: Float32Array<ArrayBuffer> // the domain's cell statistic, in the view `usual` the median of its sensors; NaN = nothing measured
  readonly sensors: Uint16Array<ArrayBuffer> // how many sensors gave a value
}

export interface FrameTotal {
  /** The domain's city statistic in its own unit, whatever the view; undefined when nothing was measured. */
  readonly value?: number
  /** What is usual for `value` at this hour; absent while it is not known whether there is a usual. */
  readonly usual?: Usual
  /** Sensors that gave a value in the window and are not stale. */
  readonly reporting: number
  readonly known: number
  /** Newest observation, broker time. */
  readonly newestMs?: number
}

/** The same of the sensors of one district. What is usual there is not known: no broker tells, and only the city's is gathered. */
export interface DistrictTotal {
  /** By the statistic of the city's total, in its unit; undefined when nothing was measured. */
  readonly value?: number
  readonly reporting: number
  /** Without those that are too few to show: they count nowhere. */
  readonly known: number
  readonly late: number
  /** Not heard of for long, or never. */
  readonly lost: number
  readonly tooFew: number
}

/** The frame with its values in their own unit, whatever the view: for who says what was measured. Its cells stay as they are. */
export function plainFrame(frame: Frame): Frame {
  return frame.view === 'value' ? frame : { ...frame, values: frame.plain }
}
