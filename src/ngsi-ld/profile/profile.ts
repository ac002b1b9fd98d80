/**
 * What is particular about one kind of broker, as data: how to page, which parameters it misreads, which members of
 * a subscription it refuses, what history it gives. Nothing here asks anybody; whoever asks reads the rule first.
 *
 * A quirk is the same once more in words, with its source. Only what changes what we send or how we read is one, and
 * `test/broker-quirks.test.ts` has a case for each.
 */
import type { EntityFormat } from '../encode.ts'
import type { GeoQuery, QueryDialect, TemporalForm, TemporalQuery } from '../query.ts'
import type { NotificationTrigger, Subscription } from '../subscription.ts'

/** `embedded` is the broker in this server. It is not chosen: it is known. */
export type ProfileId = 'generic' | 'orion-ld' | 'scorpio' | 'stellio' | 'diwise' | 'djane' | 'obelisk' | 'embedded'

/** Ways for what changes to reach a page. */
export const TRANSPORTS = ['relay', 'mqtt', 'orion-ws', 'obelisk-events', 'poll'] as const
export type TransportKind = (typeof TRANSPORTS)[number]

/** Run against the program; seen in payloads that it wrote; read in its source, its documents or its issues. */
export type Verified = 'live' | 'recorded' | 'source'

export interface BrokerProfile {
  readonly id: ProfileId
  readonly name: string
  readonly page: PageRule
  readonly query: QueryRule
  readonly subscription: SubscriptionRule
  readonly temporal: TemporalRule
  /** In place of `temporal` where history is another program's, at another address: Mintaka beside Orion-LD. */
  readonly temporalElsewhere?: TemporalRule
  readonly tenant: TenantRule
  /** Of a request; more is refused. */
  readonly maxBodyBytes?: number
  /** Posts one state several times: what repeats itself within moments is left out. */
  readonly repeats: boolean
  /** Those that work with it, the best first. */
  readonly transports: readonly TransportKind[]
  /** What to do about a refusal that says little. */
  readonly advice: readonly Advice[]
  /** How each group of rules was found out. */
  readonly verified: Readonly<Record<RuleGroup, Verified>> & Readonly<Partial<Record<RulePart, Verified>>>
  readonly quirks: readonly Quirk[]
}

export type RuleGroup = 'page' | 'query' | 'subscription' | 'temporal' | 'tenant' | 'deletes'
/** What may be known otherwise than the rest of its group: the kinds of endpoints of a subscription, the longest body of a query. */
export type RulePart = 'endpoints' | 'body'

export type PageRule =
  /** Pages by limit and offset. The greatest limit that it takes. */
  | { readonly kind: 'pages'; readonly maxLimit: number }
  /** Everything in one answer: it takes limit and offset for filters. */
  | { readonly kind: 'whole' }

export interface QueryRule extends QueryDialect {
  /** Is there `POST /entityOperations/query`? Without it a list of ids is cut into addresses. */
  readonly hasPostQuery: boolean
  /** Does `count=true` give NGSILD-Results-Count? */
  readonly counts: boolean
  /** `one type`: anything but a single `type` selects nothing, in silence. */
  readonly selects: 'all' | 'one type'
  /** Is there `/types`? */
  readonly hasTypes: boolean
  /** Geometries it can search by; all when left out. */
  readonly canSearch?: (geo: GeoQuery) => boolean
}

export type SubscriptionRule =
  /** None that brings what changes, and why. */
  | { readonly kind: 'none'; readonly why: string }
  | {
      readonly kind: 'owned'
      /** Asked for by name, or undefined: then the member is not sent and the broker's own default holds. */
      readonly triggers: readonly NotificationTrigger[] | undefined
      /** `pattern`: an id is asked for as a pattern that covers all of it. */
      readonly selectsIdBy: 'id' | 'pattern'
      /** Forms of notifications that it writes right; another is asked for as normalized. */
      readonly formats: readonly EntityFormat[]
      /** Members that it refuses, or takes for something else. */
      readonly leavesOut: readonly SubscriptionMember[]
      /** Schemes of endpoints it posts to. */
      readonly schemes: readonly string[]
    }

/** Members beyond the portable ones. */
export type SubscriptionMember = Exclude<keyof Subscription, 'id' | 'subscriptionName' | 'entities' | 'watchedAttributes' | 'q' | 'notification' | 'expiresAtMs' | 'state' | 'triggers'> | 'cooldown' | 'timeout' | 'sysAttrs with simplified' | 'geo+json'

export interface TemporalRule {
  /** Is history answered at all? */
  readonly kind: 'none' | 'some'
  /** Forms it gives, the best for a chart first. `aggregatedValues` missing: the reader aggregates. */
  readonly forms: readonly TemporalForm[]
  /** Times it can be asked by; all when left out. */
  readonly timeproperties?: readonly NonNullable<TemporalQuery['timeproperty']>[]
  /** Pages of entities: by offset, or by an anchor that the answer names. */
  readonly paging: 'offset' | 'anchor'
  /** Entities of one page. */
  readonly maxLimit: number
  /** Of each attribute it gives only some of the newest, in silence, unless `lastN` asks for more: so many are asked for. */
  readonly newest?: number
  /** The end of a period belongs to it and to the next one: what stands on a border is counted in both. */
  readonly closedPeriods?: boolean
}

export type TenantRule =
  | { readonly kind: 'header'; readonly lowerCase: boolean }
  /** The address says whose data it is, or there is only one set. */
  | { readonly kind: 'none' }

export interface Advice {
  readonly status: number
  /** What its title or detail says; any text when left out. */
  readonly when?: RegExp
  /** What to do, for the operator. */
  readonly says: string
}

export interface Quirk {
  /** `scorpio/local-only`. */
  readonly id: string
  /** What it does, and what we do about it. */
  readonly says: string
  /** Short name of the source: repository and file, issue, or clause. */
  readonly source: string
  readonly verified: Verified
}
