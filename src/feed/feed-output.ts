/**
 * What a feed tells whoever holds the columns. The feed decides nothing about values: it says what
 * came, from which broker, and whether it belongs to a snapshot.
 */
import type { Entity } from '../ngsi-ld/entity.ts'
import type { ByteEntities } from './byte-notification.ts'
import type { RelayBrokerState } from './relay-events.ts'
import type { FeedWay } from './ways.ts'

export type FeedOutput =
  /** A full picture of one broker begins: what is not seen until its end is gone there. */
  | {
      readonly type: 'snapshot-started'
      readonly broker: string
      readonly check?: true
      /** Beside no stream: what it finds was not lost, it is how this broker is heard. */
      readonly poll?: true
    }
  | { readonly type: 'snapshot-ended'; readonly broker: string; readonly complete: boolean }
  | {
      readonly type: 'entities'
      readonly broker: string
      /** `check`: a snapshot read beside the stream, to find what was lost. */
      readonly from: 'snapshot' | 'stream' | 'check'
      readonly entities: readonly Entity[]
      readonly rejected: readonly { readonly id: string; readonly path: string; readonly reason: string }[]
      readonly receivedAtMs: number
    }
  /** Entities of the stream that are still bytes; `rejected` is what was wrong with their envelope. */
  | {
      readonly type: 'notification'
      readonly broker: string
      readonly entities: ByteEntities
      readonly rejected: readonly { readonly id: string; readonly path: string; readonly reason: string }[]
      readonly receivedAtMs: number
    }
  | { readonly type: 'phase'; readonly phase: FeedPhase }
  /** By which way each broker is heard; told when it changes. */
  | { readonly type: 'ways'; readonly ways: readonly BrokerWay[] }
  | { readonly type: 'brokers'; readonly brokers: readonly RelayBrokerState[] }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'counted'; readonly what: 'notification' | 'gap' | 'resync' | 'coalesced'; readonly count: number }

export interface BrokerWay {
  readonly broker: string
  readonly way: FeedWay
  readonly state: 'connecting' | 'live' | 'down'
  /** Why it is down, or why a better way is not taken. */
  readonly reason?: string
}

export type FeedPhase =
  | { readonly kind: 'connecting'; readonly sinceMs: number; readonly attempt: number }
  /** Connected, notifications are buffered while the snapshot is read. */
  | { readonly kind: 'snapshot'; readonly sinceMs: number }
  | { readonly kind: 'live'; readonly sinceMs: number }
  | { readonly kind: 'retrying'; readonly sinceMs: number; readonly attempt: number; readonly retryAtMs: number; readonly reason: string }
  | { readonly kind: 'stopped'; readonly sinceMs: number }
