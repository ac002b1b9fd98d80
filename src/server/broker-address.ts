/** Where a configured broker is reached and what every request to it carries. Built once; nothing a reader sends changes it. */
import { transportsOf } from '../configuration/public-configuration.ts'
import type { BrokerConfiguration, CityConfiguration } from '../configuration/schema.ts'
import { profileOf, tenantFor } from '../ngsi-ld/profile/profiles.ts'
import type { BrokerProfile } from '../ngsi-ld/profile/profile.ts'
import type { BrokerLine } from './access/broker-line.ts'
import { createBrokerKind, type BrokerKind } from './broker-kind.ts'
import type { Guard } from './privacy/guard.ts'
import type { Origins } from './privacy/origins.ts'

export interface BrokerAddress {
  readonly city: string
  readonly broker: string
  /** With `/ngsi-ld/v1`, without a slash at the end. */
  readonly apiUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly tenant?: string
  readonly context?: string
  readonly timeoutMs: number
  readonly profile: BrokerConfiguration['profile']
  /** Which broker it turned out to be; without it, what `profile` says. */
  readonly kind?: BrokerKind
  /** In place of `apiUrl` for history, when that is elsewhere. */
  readonly temporalUrl?: string
  /** Obelisk's event stream, when it is read in place of a subscription. */
  readonly eventsUrl?: string
  /** Orion-LD's WebSocket, the same. */
  readonly socketUrl?: string
  readonly isEmbedded: boolean
  /** The one way there: tokens, turns, bounds. */
  readonly line: BrokerLine
  /** It holds entities about people: what pages ask of it, and what it answers, passes here. */
  readonly guard?: Guard
  /** Set for the server's own broker of what passed: whose history is elsewhere. */
  readonly origins?: Origins
}

/** `selfUrl`: where this server reaches itself, which is where an embedded broker is. */
export function addressOf(
  city: CityConfiguration,
  broker: BrokerConfiguration,
  { selfUrl, environment }: { readonly selfUrl: string; readonly environment: Readonly<Record<string, string | undefined>> },
): Omit<BrokerAddress, 'line'> {
  const isEmbedded = broker.embedded !== undefined
  const tenant = tenantOf(city, broker)
  return {
    city: city.id,
    broker: broker.id,
    apiUrl: `${(broker.url ?? selfUrl).replace(/\/+$/, '').replace(/\/ngsi-ld\/v1$/, '')}/ngsi-ld/v1`,
    headers: Object.fromEntries(Object.entries(broker.headers).map(([name, { env }]) => [name.toLowerCase(), environment[env] ?? ''])),
    ...(tenant !== undefined && { tenant }),
    ...(broker.context !== undefined && { context: broker.context }),
    timeoutMs: broker.timeoutMs,
    profile: broker.profile,
    kind: createBrokerKind({ configured: broker.profile, isEmbedded, temporalElsewhere: broker.temporalUrl !== undefined }),
    ...(broker.temporalUrl !== undefined && { temporalUrl: broker.temporalUrl.replace(/\/+$/, '') }),
    ...(broker.obelisk !== undefined && transportsOf(broker)?.includes('obelisk-events') === true && { eventsUrl: broker.obelisk.streamUrl }),
    ...(transportsOf(broker)?.includes('orion-ws') === true && { socketUrl: broker.orionWs?.url ?? socketOf(broker.url ?? selfUrl) }),
    isEmbedded,
  }
}

/** Where Orion-LD itself has it: beside the API. */
function socketOf(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '').replace(/\/ngsi-ld\/v1$/, '')}/ws`
}

/** As far as is known by now. */
export function profileAt({ kind, profile, isEmbedded }: BrokerAddress): BrokerProfile {
  return kind?.profile ?? profileOf(isEmbedded ? 'embedded' : profile)
}

/** One embedded broker serves all cities, each in a tenant of its own. */
export function tenantOf(city: CityConfiguration, broker: BrokerConfiguration): string | undefined {
  return broker.tenant ?? (broker.embedded === undefined ? undefined : city.id)
}

/** Headers of a request to the broker: what the configuration says, and nothing of the reader's. */
export function headersFor(address: BrokerAddress): Record<string, string> {
  const { headers, context } = address
  const tenant = tenantFor(profileAt(address), address.tenant)
  return {
    ...headers,
    ...(tenant !== undefined && { 'ngsild-tenant': tenant }),
    ...(context !== undefined && { link: `<${context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` }),
  }
}
