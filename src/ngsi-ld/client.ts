/**
 * Talks to one broker over the `fetch` it is given. No call throws: each gives a value or a tagged error.
 *
 * Pages are asked for by growing offset, as many at a time as the broker's profile allows, until one is short or
 * the count is reached: `Link` is not trusted, because it is missing, relative or leads to an internal host
 * depending on the broker. Order between pages is not promised by any broker, so ids are de-duplicated.
 *
 * A list that shrinks while it is read moves up, and what moves over the border of two pages is on neither. The
 * broker's count tells: then it is read once more from its start. (Where one is taken away and another added between
 * two pages the count tells nothing.)
 */
import { err, ok, type Result } from '../core/result.ts'
import type { Json, JsonObject } from './entity.ts'
import { asList, isObject, own, type Rejection } from './decode-run.ts'
import { readDiscovery, type Discovery } from './discovery.ts'
import { GENERIC } from './profile/generic.ts'
import type { BrokerProfile } from './profile/profile.ts'
import { tenantFor } from './profile/profiles.ts'
import { MAX_PARAMETERS, queryParts } from './profile/query-parts.ts'
import { entityQueryParameters, postQueryParameters, queryBody, type EntityQuery, type TemporalQuery } from './query.ts'
import { readSubscription, subscriptionBody, type Subscription } from './subscription.ts'
import { readHistory, type History } from './temporal-client.ts'
import { exchange, type AbortSignalLike, type Answer, type Exchange, type FetchLike, type NgsiLdError, type Wait } from './transport.ts'

export type { AbortSignalLike, FetchLike, NgsiLdError } from './transport.ts'
export type { History } from './temporal-client.ts'

export interface ClientOptions {
  readonly fetch: FetchLike
  /** With or without `/ngsi-ld/v1`; may be a path on this origin. */
  readonly baseUrl: string
  /** Where history is answered, when elsewhere: all that stands before `/temporal/entities`, which Mintaka has at its root. */
  readonly temporalBaseUrl?: string
  readonly tenant?: string
  /** Address of the `@context`, sent as Link. */
  readonly context?: string
  /** Sent with every request: authorization. */
  readonly headers?: Readonly<Record<string, string>>
  /** Which broker it is, as far as is known by now: it may be recognised later. Default: any. */
  readonly profile?: () => BrokerProfile
  /** Makes timeouts; without it there are none. */
  readonly wait?: Wait
  /** Default 30 s. */
  readonly timeoutMs?: number
  /** Default 32 MiB: ten times the largest page measured. */
  readonly maxBodyBytes?: number
  /** Hears of every answer: the broker's clock is in its Date header. */
  readonly onAnswer?: (answer: { readonly status: number; readonly date: string | undefined }) => void
}

export interface CallOptions {
  readonly signal?: AbortSignalLike
  /** With `@context` in the body; else the broker names it in a header. */
  readonly accept?: 'application/ld+json'
}

export interface PageOptions extends CallOptions {
  /** Default and most: what the broker allows. */
  readonly pageSize?: number
  /** Safety cap. Default 100 000. */
  readonly maxEntities?: number
  /** Whoever asks knows what to do with a page that `isRestart`; others get one reading, whatever it missed. */
  readonly mayRestart?: boolean
}

export interface EntityPage {
  /** As they came, without those that an earlier page had. */
  readonly entities: readonly Json[]
  /** How many there are in all, when the broker counts. */
  readonly total?: number
  /** The list has moved and is read from its start: what was given before may be gone, and what is there is given again. */
  readonly isRestart?: true
  /** On the last page: why it is the last. `capped`: there are more than `maxEntities`. */
  readonly end?: 'complete' | 'capped'
}

export interface HistoryOptions extends CallOptions {
  /** Continuations of a partial answer (206). Default 50; beyond, the history says it is not complete. */
  readonly maxParts?: number
}

export interface NgsiLdClient {
  /** Pages until the end or the first error. */
  queryEntities(query: EntityQuery, options?: PageOptions): AsyncIterable<Result<EntityPage, NgsiLdError>>
  retrieveEntity(id: string, query?: EntityQuery, options?: CallOptions): Promise<Result<Json, NgsiLdError>>
  /** Gives the id. */
  createSubscription(subscription: Subscription, options?: CallOptions): Promise<Result<string, NgsiLdError>>
  patchSubscription(id: string, patch: JsonObject, options?: CallOptions): Promise<Result<void, NgsiLdError>>
  deleteSubscription(id: string, options?: CallOptions): Promise<Result<void, NgsiLdError>>
  retrieveSubscription(id: string, options?: CallOptions): Promise<Result<Subscription, NgsiLdError>>
  listSubscriptions(options?: PageOptions): Promise<Result<SubscriptionList, NgsiLdError>>
  queryTemporal(query: TemporalQuery, options?: HistoryOptions): Promise<Result<History, NgsiLdError>>
  retrieveTemporal(id: string, query?: TemporalQuery, options?: HistoryOptions): Promise<Result<History, NgsiLdError>>
  types(options?: CallOptions): Promise<Result<Discovery, NgsiLdError>>
  attributes(options?: CallOptions): Promise<Result<Discovery, NgsiLdError>>
}

export interface SubscriptionList {
  readonly subscriptions: readonly Subscription[]
  readonly rejected: readonly Rejection[]
  readonly end: 'complete' | 'capped'
}

/** What the strictest broker allows. */
const PAGE_SIZE = 100
const MAX_ENTITIES = 100_000
/** Of a list that moves each time. The last one counts, though it may have missed something. */
const MAX_READINGS = 4

export function createClient(options: ClientOptions): NgsiLdClient {
  const { fetch, wait, onAnswer, profile = () => GENERIC, timeoutMs = 30_000, maxBodyBytes = 32 * 1024 * 1024 } = options
  const base = apiBase(options.baseUrl)
  const temporalBase = options.temporalBaseUrl?.replace(/\/+$/, '') ?? base

  async function send(method: Exchange['method'], url: string, body: JsonObject | undefined, call: CallOptions = {}): Promise<Result<Answer, NgsiLdError>> {
    const common = commonHeaders(options, profile(), call.accept)
    const headers = body === undefined ? common : { ...common, 'Content-Type': 'application/json' }
    const request = { method, url, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const answer = await exchange(fetch, request, { timeoutMs, maxBodyBytes }, wait, call.signal)
    if (answer.ok) onAnswer?.({ status: answer.value.status, date: answer.value.headers.get('date') ?? undefined })
    else if (answer.error.status !== undefined) onAnswer?.({ status: answer.error.status, date: undefined })
    return answer
  }

  async function discover(path: string, call: CallOptions | undefined): Promise<Result<Discovery, NgsiLdError>> {
    if (!profile().query.hasTypes) return err(unsupported(`${profile().name} does not say which types it has`))
    return read(await send('GET', `${base}/${path}`, undefined, call), readDiscovery)
  }

  async function past(url: string, query: TemporalQuery, { maxParts, ...call }: HistoryOptions): Promise<Result<History, NgsiLdError>> {
    return readHistory((parameters) => send('GET', withParameters(url, parameters), undefined, call), query, profile(), maxParts)
  }

  return {
    async *queryEntities(query, pageOptions = {}) {
      const known = profile()
      const { page: rule, query: dialect } = known
      const parts = queryParts(query, known)
      if (!parts.ok) return yield err(unsupported(parts.error))
      const ask = (part: EntityQuery) => (limit: number | undefined, offset: number) => {
        const page: EntityQuery = limit === undefined ? part : { ...part, limit, offset, ...(dialect.counts && { count: true }) }
        const parameters = entityQueryParameters(page, dialect)
        if (parameters.length <= MAX_PARAMETERS || !dialect.hasPostQuery) return send('GET', `${base}/entities?${parameters}`, undefined, pageOptions)
        return send('POST', `${base}/entityOperations/query?${postQueryParameters(page, dialect)}`, queryBody(page), pageOptions)
      }
      yield* pages(parts.value.map(ask), pageOptions, rule)
    },
    async retrieveEntity(id, query = {}, call) {
      // One that takes parameters for filters finds nothing by an id and one of them.
      const known = profile().query.selects === 'one type' ? {} : query
      const answer = await send('GET', withParameters(`${base}/entities/${encodeURIComponent(id.toWellFormed())}`, entityQueryParameters(known, profile().query)), undefined, call)
      if (!answer.ok) return answer
      const { json, status } = answer.value
      return isObject(json) ? ok(json as JsonObject) : err({ kind: 'malformed', status, detail: 'expected an entity' })
    },
    async createSubscription(subscription, call) {
      const answer = await send('POST', `${base}/subscriptions`, subscriptionBody(subscription), call)
      if (!answer.ok) return answer
      const id = answer.value.headers.get('location')?.split('/').at(-1)
      if (id !== undefined && id !== '') return ok(decoded(id))
      return subscription.id === undefined ? err({ kind: 'malformed', status: answer.value.status, detail: 'expected a Location with the id of the subscription' }) : ok(subscription.id)
    },
    patchSubscription: (id, patch, call) => none(send('PATCH', `${base}/subscriptions/${encodeURIComponent(id)}`, patch, call)),
    deleteSubscription: (id, call) => none(send('DELETE', `${base}/subscriptions/${encodeURIComponent(id)}`, undefined, call)),
    async retrieveSubscription(id, call) {
      return read(await send('GET', `${base}/subscriptions/${encodeURIComponent(id)}`, undefined, call), readSubscription)
    },
    async listSubscriptions(pageOptions = {}) {
      const subscriptions: Subscription[] = []
      const rejected: Rejection[] = []
      let end: SubscriptionList['end'] = 'complete'
      const ask = (limit: number | undefined, offset: number) =>
        send('GET', withParameters(`${base}/subscriptions`, entityQueryParameters(limit === undefined ? {} : { limit, offset, count: true })), undefined, pageOptions)
      for await (const page of pages([ask], { pageSize: PAGE_SIZE, ...pageOptions }, profile().page)) {
        if (!page.ok) return page
        for (const json of page.value.entities) {
          const subscription = readSubscription(json)
          if (subscription.ok) subscriptions.push(subscription.value)
          else rejected.push(subscription.error)
        }
        end = page.value.end ?? end
      }
      return ok({ subscriptions, rejected, end })
    },
    queryTemporal: (query, history = {}) => past(`${temporalBase}/temporal/entities`, query, history),
    retrieveTemporal: (id, query = {}, history = {}) => past(`${temporalBase}/temporal/entities/${encodeURIComponent(id.toWellFormed())}`, query, history),
    types: (call) => discover('types', call),
    attributes: (call) => discover('attributes', call),
  }
}

type AskPage = (limit: number | undefined, offset: number) => Promise<Result<Answer, NgsiLdError>>

async function* pages(asks: readonly AskPage[], options: PageOptions, rule: BrokerProfile['page']): AsyncGenerator<Result<EntityPage, NgsiLdError>> {
  const cap = options.maxEntities ?? MAX_ENTITIES
  const isPaged = rule.kind === 'pages'
  const maxLimit = isPaged ? rule.maxLimit : PAGE_SIZE
  let limit = Math.max(1, Math.min(options.pageSize ?? maxLimit, maxLimit))
  let before = 0
  for (let reading = 1; ; reading++) {
    const seen = new Set<string>()
    let given = 0
    let isFirstPage = true
    let hasMoved = false
    for (const [index, ask] of asks.entries()) {
      const ids = new Set<string>()
      let offset = 0
      let count = 0
      let highest = 0
      let isEnd = false
      while (!isEnd) {
        let answer = await ask(isPaged ? limit : undefined, offset)
        if (!answer.ok && limit > PAGE_SIZE && isTooLarge(answer.error)) {
          // Its operator allows less than its makers do.
          limit = PAGE_SIZE
          answer = await ask(limit, offset)
        }
        if (!answer.ok) return yield answer
        const items = itemsIn(answer.value)
        if (items === undefined) return yield err({ kind: 'malformed', status: answer.value.status, detail: 'expected a list of entities' })
        const total = countIn(answer.value)
        const unread = items.filter((item) => isFirst(item, ids))
        const fresh = unread.filter((item) => isFirst(item, seen))
        const entities = fresh.slice(0, cap - given)
        offset += items.length
        count += unread.length
        given += entities.length
        hasMoved ||= total !== undefined && total < highest
        highest = Math.max(highest, total ?? 0)
        // A page that brings nothing new would come for ever from a broker that ignores the offset.
        isEnd = !isPaged || unread.length === 0 || (total === undefined ? items.length < limit : offset >= total)
        if (isEnd && total !== undefined && count < total) hasMoved = true
        const isLast = isEnd && index === asks.length - 1
        const isCapped = fresh.length > entities.length || (!isLast && given >= cap)
        // One that brings what the reading before it brought has all that the broker gives, whatever its count says.
        const isAgainWanted = isLast && !isCapped && isPaged && options.mayRestart === true && hasMoved && reading < MAX_READINGS && given !== before
        const end = isCapped ? 'capped' : isLast && !isAgainWanted ? 'complete' : undefined
        // A part's count is not that of the whole.
        yield ok({ entities, ...(total === undefined || asks.length > 1 ? {} : { total }), ...(end === undefined ? {} : { end }), ...(isFirstPage && reading > 1 && { isRestart: true as const }) })
        isFirstPage = false
        if (end !== undefined) return
      }
    }
    before = given
  }
}

function isTooLarge({ status }: NgsiLdError): boolean {
  return status === 400 || status === 403
}

/** What the broker would refuse, or answer wrong, is not asked. */
function unsupported(title: string): NgsiLdError {
  return { kind: 'problem', name: 'OperationNotSupported', title }
}

async function none(answer: Promise<Result<Answer, NgsiLdError>>): Promise<Result<void, NgsiLdError>> {
  const result = await answer
  return result.ok ? ok(undefined) : result
}

function apiBase(url: string): string {
  const bare = url.replace(/\/+$/, '')
  return bare.endsWith('/ngsi-ld/v1') ? bare : `${bare}/ngsi-ld/v1`
}

function commonHeaders({ headers, tenant: configured, context }: ClientOptions, profile: BrokerProfile, accept = 'application/json'): Record<string, string> {
  const tenant = tenantFor(profile, configured)
  return {
    Accept: accept,
    ...headers,
    ...(tenant === undefined ? {} : { 'NGSILD-Tenant': tenant }),
    ...(context === undefined ? {} : { Link: contextLink(context) }),
  }
}

/** 6.3.5. What would end the address early is encoded. */
export function contextLink(context: string): string {
  const url = context.replaceAll(/[<>"\s]/g, (character) => encodeURIComponent(character))
  return `<${url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`
}

function withParameters(url: string, parameters: string): string {
  return parameters === '' ? url : `${url}?${parameters}`
}

function read<T>(answer: Result<Answer, NgsiLdError>, parse: (json: unknown) => Result<T, Rejection>): Result<T, NgsiLdError> {
  if (!answer.ok) return answer
  const parsed = parse(answer.value.json)
  if (parsed.ok) return parsed
  const { id, path, reason } = parsed.error
  return err({ kind: 'malformed', status: answer.value.status, detail: [id, path, reason].filter((part) => part !== '').join(' ') })
}

// A list; a FeatureCollection; or the only entity, when a list of one was reduced to its element.
// An empty body is an empty list only where the status says so: a proxy's empty 200 must not empty a city.
function itemsIn({ json, status }: Answer): readonly Json[] | undefined {
  if (Array.isArray(json)) return json as Json[]
  if (json === undefined && status === 204) return []
  if (!isObject(json)) return undefined
  if (own(json, 'type') === 'FeatureCollection') return asList(own(json, 'features') ?? []) as readonly Json[]
  return Object.hasOwn(json, 'id') || Object.hasOwn(json, '@id') ? [json as JsonObject] : undefined
}

function isFirst(item: Json, seen: Set<string>): boolean {
  const id = isObject(item) ? (own(item, 'id') ?? own(item, '@id')) : undefined
  if (typeof id !== 'string') return true
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

function countIn({ headers }: Answer): number | undefined {
  const text = headers.get('NGSILD-Results-Count')
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded after all
  }
}
