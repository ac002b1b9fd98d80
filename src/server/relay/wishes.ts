/**
 * Which subscription is wanted on a broker, in the words that its profile says it takes.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { conformSubscription } from '../../ngsi-ld/profile/conform.ts'
import type { KeyValue } from '../../ngsi-ld/subscription.ts'
import { profileAt, type BrokerAddress } from '../broker-address.ts'
import type { Wish } from './subscription-owner.ts'

const PREFIX = 'urn:ngsi-ld:Subscription:belvedere'

export function subscriptionId(installation: string, city: string, broker: string): string {
  return `${PREFIX}:${installation}:${city}:${broker}`
}

/** The second one of a broker that publishes to MQTT as well. */
export function mqttSubscriptionId(installation: string, city: string, broker: string): string {
  return `${subscriptionId(installation, city, broker)}:mqtt`
}

/** The one that lives in a WebSocket. */
export function socketSubscriptionId(installation: string, city: string, broker: string): string {
  return `${subscriptionId(installation, city, broker)}:ws`
}

/** Made by this installation in a former life, for a city or broker that it no longer has. */
export function isOrphan(id: string, installation: string, wanted: ReadonlySet<string>): boolean {
  return id.startsWith(`${PREFIX}:${installation}:`) && !wanted.has(id)
}

/** The error says why this broker can have none. */
export function wishFor(given: {
  readonly address: BrokerAddress
  readonly id: string
  readonly types: readonly string[]
  /** Where the broker posts, key included. */
  readonly endpoint: string
  readonly notifierInfo?: readonly KeyValue[]
}): Result<Wish, string> {
  const { id, address, types, endpoint, notifierInfo } = given
  // Without types it would be everything, what is about people first of all.
  if (types.length === 0) return err('all that this city shows of it is about people')
  const wish = conformSubscription(
    {
      id,
      subscriptionName: `Belvedere ${address.city}`,
      entities: types.map((type) => ({ type })),
      // No attributes named: every change of an entity, as a whole state that replaces what was known.
      notification: { format: 'normalized', endpoint: { uri: endpoint, accept: 'application/json', ...(notifierInfo !== undefined && { notifierInfo }) } },
    },
    profileAt(address),
  )
  return wish.ok ? ok({ ...wish.value, id }) : wish
}
