/**
 * What a layer of many equal marks is drawn from: columns that live as long as the layer, with what
 * changed in them. The GPU's copy follows by writing only that.
 */
import type { RowSpans } from './row-spans.ts'

export interface InstanceColumn {
  /** deck.gl's name for what the column says. */
  readonly accessor: 'getPosition' | 'getFillColor' | 'getRadius'
  /** Values a row; a colour's are bytes. */
  readonly size: number
  /** Rows in use and room for more. Written again for the next state, so its newest content is always right. */
  readonly values: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>
  /** Rows that differ from the state before. */
  readonly changed: RowSpans
}

/** One state of the columns. */
export interface InstanceRows {
  readonly length: number
  /** One more than that of the state before: who has missed one takes everything. */
  readonly revision: number
  readonly columns: readonly InstanceColumn[]
}
