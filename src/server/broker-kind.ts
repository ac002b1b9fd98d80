/**
 * Which kind of broker an address leads to: what the configuration says, or what was recognised when it answered.
 * One object for each configured broker, shared by all who ask it; only `auto` ever changes.
 */
import type { BrokerConfiguration } from '../configuration/schema.ts'
import type { KnownBroker } from '../feed/relay-events.ts'
import type { BrokerProfile } from '../ngsi-ld/profile/profile.ts'
import { profileOf } from '../ngsi-ld/profile/profiles.ts'
import type { Recognition } from '../ngsi-ld/profile/recognise.ts'

export interface BrokerKind {
  readonly profile: BrokerProfile
  /** For pages; undefined while nobody knows. */
  readonly known: KnownBroker | undefined
  /** Is it worth asking? */
  readonly isAuto: boolean
  recognised(recognition: Recognition): void
}

export function createBrokerKind(given: { readonly configured: BrokerConfiguration['profile']; readonly isEmbedded: boolean; readonly temporalElsewhere: boolean }): BrokerKind {
  const { configured, isEmbedded, temporalElsewhere } = given
  const isAuto = configured === 'auto' && !isEmbedded
  const elsewhere = temporalElsewhere ? { temporalElsewhere } : {}
  let profile = profileOf(isEmbedded ? 'embedded' : configured, given)
  let known: KnownBroker | undefined = isAuto ? undefined : { profile: profile.id, ...elsewhere, evidence: isEmbedded ? 'it is part of this server' : 'as configured' }
  return {
    get profile() {
      return profile
    },
    get known() {
      return known
    },
    isAuto,
    recognised({ profile: id, version, evidence }) {
      if (!isAuto) return
      profile = profileOf(id, given)
      known = { profile: profile.id, ...elsewhere, evidence, ...(version !== undefined && { version }) }
    },
  }
}
