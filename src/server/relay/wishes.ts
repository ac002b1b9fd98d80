/**
 * Which subscription is wanted on a broker, in the words that this kind of broker accepts.
 * The members are those that Orion-LD, Scorpio and Stellio all take; only the triggers differ.
 */
import type { BrokerAddress } from '../broker-address.ts'
import type { NotificationTrigger } from '../../ngsi-ld/subscription.ts'
import type { Wish } from './subscription-owner.ts'

const PREFIX = 'urn:ngsi-ld:Subscription:belvedere'

/** Orion-LD refuses the member; there deleting an entity notifies by itself, and a deleted attribute is left out of the whole. */
const TRIGGERS: Readonly<Partial<Record<BrokerAddress['profile'], readonly NotificationTrigger[]>>> = {
  scorpio: ['entityCreated', 'entityUpdated', 'entityDeleted'],
  stellio: ['entityCreated', 'attributeCreated', 'attributeUpdated', 'attributeDeleted', 'entityDeleted'],
}
const ALL_TRIGGERS: readonly NotificationTrigger[] = ['entityCreated', 'entityUpdated', 'entityDeleted', 'attributeCreated', 'attributeUpdated', 'attributeDeleted']

export function subscriptionId(installation: string, city: string, broker: string): string {
  return `${PREFIX}:${installation}:${city}:${broker}`
}

/** Made by this installation in a former life, for a city or broker that it no longer has. */
export function isOrphan(id: string, installation: string, wanted: ReadonlySet<string>): boolean {
  return id.startsWith(`${PREFIX}:${installation}:`) && !wanted.has(id)
}

export function wishFor(given: {
  readonly installation: string
  readonly address: BrokerAddress
  readonly types: readonly string[]
  /** Where the broker posts, key included. */
  readonly endpoint: string
}): Wish {
  const { installation, address, types, endpoint } = given
  const triggers = address.isEmbedded ? ALL_TRIGGERS : TRIGGERS[address.profile]
  return {
    id: subscriptionId(installation, address.city, address.broker),
    subscriptionName: `Belvedere ${address.city}`,
    entities: types.map((type) => ({ type })),
    // No attributes named: every change of an entity, as a whole state that replaces what was known.
    notification: { format: 'normalized', endpoint: { uri: endpoint, accept: 'application/json' } },
    ...(triggers !== undefined && { triggers }),
  }
}
