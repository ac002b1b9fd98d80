/**
 * A subscription in the words that one broker takes: members that it refuses or misreads are left out, an id becomes
 * a pattern where ids never match. And the least that all brokers take, for one that refuses despite its profile.
 */
import { err, ok, type Result } from '../../core/result.ts'
import type { NotificationParameters, Subscription, WantedEntities } from '../subscription.ts'
import type { BrokerProfile, SubscriptionMember } from './profile.ts'

/** The error says why this broker cannot have it at all. */
export function conformSubscription(wanted: Subscription, { name, subscription: rule }: BrokerProfile): Result<Subscription, string> {
  if (rule.kind === 'none') return err(rule.why)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(wanted.notification.endpoint.uri)?.[1]?.toLowerCase() ?? ''
  if (!rule.schemes.includes(scheme)) return err(`${name} posts to ${rule.schemes.join(', ')}, not to ${scheme === '' ? 'an address without a scheme' : scheme}`)
  const leavesOut = new Set<string>(rule.leavesOut)
  const { triggers: _, ...rest } = wanted
  const kept: Partial<Subscription> = Object.fromEntries(Object.entries(rest).filter(([member, value]) => !leavesOut.has(member) && !isEmptyList(value)))
  return ok({
    ...kept,
    ...(kept.entities !== undefined && { entities: kept.entities.map((one) => (rule.selectsIdBy === 'pattern' ? byPattern(one) : one)) }),
    ...(rule.triggers !== undefined && { triggers: rule.triggers }),
    notification: conformNotification(wanted.notification, rule),
  })
}

function conformNotification(wanted: NotificationParameters, { formats, leavesOut }: { readonly formats: readonly string[]; readonly leavesOut: readonly SubscriptionMember[] }): NotificationParameters {
  const { cooldownMs, timeoutMs, accept, ...address } = wanted.endpoint
  const { format = 'normalized', sysAttrs, endpoint: _, ...rest } = wanted
  const ours = formats.includes(format) ? format : 'normalized'
  return {
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => !isEmptyList(value))) satisfies Partial<NotificationParameters>),
    format: ours,
    ...(sysAttrs !== undefined && !(ours === 'simplified' && leavesOut.includes('sysAttrs with simplified')) && { sysAttrs }),
    endpoint: {
      ...address,
      accept: accept === undefined || (accept === 'application/geo+json' && leavesOut.includes('geo+json')) ? 'application/json' : accept,
      ...(cooldownMs !== undefined && !leavesOut.includes('cooldown') && { cooldownMs }),
      ...(timeoutMs !== undefined && !leavesOut.includes('timeout') && { timeoutMs }),
    },
  }
}

/** What Orion-LD, Scorpio and Stellio all take; `left` names what is not in it any more, as the broker knows it. */
export function conservative(wanted: Subscription): { readonly subscription: Subscription; readonly left: readonly string[] } {
  const { id, subscriptionName, entities, watchedAttributes, q, notification, expiresAtMs, ...rest } = wanted
  const { endpoint, format, attributes, pick, ...more } = notification
  const { uri, accept, receiverInfo, ...further } = endpoint
  const subscription = {
    ...(id !== undefined && { id }),
    ...(subscriptionName !== undefined && { subscriptionName }),
    ...(entities !== undefined && { entities }),
    ...(watchedAttributes !== undefined && { watchedAttributes }),
    ...(q !== undefined && { q }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    notification: {
      ...(attributes !== undefined && { attributes }),
      ...(pick !== undefined && { pick }),
      format: 'normalized' as const,
      endpoint: { uri, accept: 'application/json' as const, ...(receiverInfo !== undefined && { receiverInfo }) },
    },
  }
  const left = [
    ...Object.keys(rest).filter((member) => member !== 'state'),
    ...(format === undefined || format === 'normalized' ? [] : ['format']),
    ...Object.keys(more),
    ...(accept === undefined || accept === 'application/json' ? [] : ['accept']),
    ...Object.keys(further),
  ]
  return { subscription, left: left.map((member) => WIRE_NAMES.get(member) ?? member) }
}

const WIRE_NAMES: ReadonlyMap<string, string> = new Map([
  ['triggers', 'notificationTrigger'],
  ['geo', 'geoQ'],
  ['timeIntervalS', 'timeInterval'],
  ['throttlingS', 'throttling'],
  ['language', 'lang'],
  ['datasetIds', 'datasetId'],
  ['cooldownMs', 'cooldown'],
  ['timeoutMs', 'timeout'],
])

function byPattern({ type, id, idPattern }: WantedEntities): WantedEntities {
  if (id !== undefined) return { type, idPattern: id.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) }
  if (idPattern === undefined) return { type }
  // Java's `matches` wants the whole id: what others search for inside must say so. `^` and `$` mean the same in there.
  return { type, idPattern: `.*(?:${idPattern}).*` }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
