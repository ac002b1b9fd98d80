/**
 * The ways by which a page hears what changes at a broker: the feed's one port, and who may stand behind it.
 *
 * The relay's stream has numbers, so that what was missed is known and often repeated. All others are drivers: one
 * connection for one broker, which says that it is up, then what it hears, and ends when it breaks. A driver has no
 * numbers, so whatever it says after a break may lack something: a snapshot follows each time it comes up. A poll is no
 * connection at all: snapshots again and again, of which the differences are applied.
 */
import type { TransportKind } from '../ngsi-ld/profile/profile.ts'
import { profileOf } from '../ngsi-ld/profile/profiles.ts'
import type { KnownBroker } from './relay-events.ts'

/** What the server reads in place of the page comes by the relay: Obelisk's events, Orion-LD's WebSocket. */
export type FeedWay = Exclude<TransportKind, 'obelisk-events' | 'orion-ws'>

/** Ways with a connection of their own. */
export type DrivenWay = Exclude<FeedWay, 'relay' | 'poll'>

export type DriverEvent =
  /** Connected and subscribed: from here on nothing is missed. */
  | { readonly type: 'up' }
  /** A notification in any envelope; UTF-8. */
  | { readonly type: 'heard'; readonly data: Uint8Array }

/** Ends when the other side closes, throws when it cannot be reached or breaks off. It never tries again by itself. */
export type Driver = AsyncIterable<DriverEvent>

export function isDriven(way: FeedWay): way is DrivenWay {
  return way !== 'relay' && way !== 'poll'
}

/** The best first, as this kind of broker allows and needing no word of the configuration. */
export function waysOf(known: KnownBroker | undefined, hasRelay: boolean): readonly FeedWay[] {
  if (!hasRelay) return ['poll']
  return profileOf(known?.profile).transports.filter((way) => way === 'relay' || way === 'poll')
}

/** The same of a configuration's list: what the server reads for the page comes by the relay, once. */
export function waysIn(transports: readonly TransportKind[]): readonly FeedWay[] {
  return [...new Set(transports.map((way): FeedWay => (way === 'obelisk-events' || way === 'orion-ws' ? 'relay' : way)))]
}
