/**
 * Which subscription is wanted on a broker, in the words that its profile says it takes.
 */
import { ok, type Result } from '../../core/result.ts'
import { conformSubscription } from '../../ngsi-ld/profile/conform.ts'
import { profileAt, type BrokerAddress } from '../broker-address.ts'
import type { Wish } from './subscription-owner.ts'

const PREFIX = 'urn:ngsi-ld:Subscription:belvedere'

export function subscriptionId(installation: string, city: string, broker: string): string {
  return `${PREFIX}:${installation}:${city}:${broker}`
}

/** Made by this installation in a former life, for a city or broker that it no longer has. */
export function isOrphan(id: string, installation: string, wanted: ReadonlySet<string>): boolean {
  return id.startsWith(`${PREFIX}:${installation}:`) && !wanted.has(id)
}

/** The error says why this broker can have none. */
export function wishFor(given: {
  readonly installation: string
  readonly address: BrokerAddress
  readonly types: readonly string[]
  /** Where the broker posts, key included. */
  readonly endpoint: string
}): Result<Wish, string> {
  const { installation, address, types, endpoint } = given
  const id = subscriptionId(installation, address.city, address.broker)
  const wish = conformSubscription(
    {
      id,
      subscriptionName: `Belvedere ${address.city}`,
      entities: types.map((type) => ({ type })),
      // No attributes named: every change of an entity, as a whole state that replaces what was known.
      notification: { format: 'normalized', endpoint: { uri: endpoint, accept: 'application/json' } },
    },
    profileAt(address),
  )
  return wish.ok ? ok({ ...wish.value, id }) : wish
}
