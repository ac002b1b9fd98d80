/** The brokers that are known, and how to find one. */
import { DIWISE } from './diwise.ts'
import { DJANE } from './djane.ts'
import { EMBEDDED } from './embedded.ts'
import { GENERIC } from './generic.ts'
import { OBELISK } from './obelisk.ts'
import { ORION_LD } from './orion-ld.ts'
import type { BrokerProfile, ProfileId } from './profile.ts'
import { SCORPIO } from './scorpio.ts'
import { STELLIO } from './stellio.ts'

export const PROFILES: readonly BrokerProfile[] = [GENERIC, ORION_LD, SCORPIO, STELLIO, DIWISE, DJANE, OBELISK, EMBEDDED]

const BY_ID: ReadonlyMap<string, BrokerProfile> = new Map(PROFILES.map((profile) => [profile.id, profile]))

/** Whatever is not known is met as any broker: the id may come from a server of another version. */
export function profileOf(id: ProfileId | string | undefined, given: { readonly temporalElsewhere?: boolean | undefined } = {}): BrokerProfile {
  const profile = BY_ID.get(id ?? 'generic') ?? GENERIC
  return given.temporalElsewhere === true && profile.temporalElsewhere !== undefined ? { ...profile, temporal: profile.temporalElsewhere } : profile
}

/** The tenant as this broker calls it; undefined when it has none. */
export function tenantFor({ tenant: rule }: BrokerProfile, tenant: string | undefined): string | undefined {
  if (rule.kind === 'none') return undefined
  return rule.lowerCase ? tenant?.toLowerCase() : tenant
}

/** What to do about a refusal, where this broker says too little itself. */
export function adviceFor({ advice }: BrokerProfile, error: { readonly status?: number | undefined; readonly title?: string | undefined; readonly detail?: string | undefined }): string | undefined {
  const said = `${error.title ?? ''} ${error.detail ?? ''}`
  return advice.find(({ status, when }) => status === error.status && (when === undefined || when.test(said)))?.says
}
