/**
 * A notification whose entities are still bytes: what the feed passes on when somebody can read them so.
 *
 * Whoever made it has seen that the whole event is valid, so that it is an event or none, never half of one.
 * The feed only keeps it until its turn.
 */
import type { RelayEvent, RelayNotification } from './relay-events.ts'

/** The `data` of an event, and the list of entities in it from `[` to behind `]`. */
export interface ByteEntities {
  readonly data: Uint8Array
  readonly from: number
  readonly to: number
}

/** With `entities`, `notification` is the envelope with nothing in its list. */
export interface HeardNotification extends RelayNotification {
  readonly entities?: ByteEntities
}

export type HeardEvent = Exclude<RelayEvent, { readonly event: 'notification' }> | { readonly event: 'notification'; readonly data: HeardNotification }

/** Undefined: not a document that can be taken apart by its bytes; it is read as text then. */
export type ReadBytes = (data: Uint8Array) => { readonly envelope: string; readonly entities: ByteEntities } | undefined
