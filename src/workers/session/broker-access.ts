/**
 * What a city asks of its brokers besides the stream: the snapshot, one entity, and history. Queries go
 * through the server's forwarder, so they carry no credentials and stay on this origin.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { AbortSignalLike, NgsiLdClient, NgsiLdError } from '../../ngsi-ld/client.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { RESTART } from '../../feed/feed.ts'
import { GENERIC } from '../../ngsi-ld/profile/generic.ts'
import type { BrokerProfile } from '../../ngsi-ld/profile/profile.ts'
import type { EntityQuery, TemporalQuery } from '../../ngsi-ld/query.ts'
import type { TemporalEntity } from '../../ngsi-ld/temporal-entity.ts'

/** Errors are sentences. `Signal` is whatever the platform aborts with. */
export interface BrokerAccess<Signal> {
  /** Everything of these types, page by page. Throws when the broker fails, as the feed wants it. */
  snapshot(types: readonly string[], signal: Signal): AsyncIterable<Json | typeof RESTART>
  /** The entity as the broker has it. */
  entity(id: string, signal: Signal): Promise<Result<Json, string>>
  /** Entities as the broker has them, with their `@context`; those that it does not have are left out. */
  entities(ids: readonly string[], types: readonly string[], signal: Signal): Promise<Result<readonly Json[], string>>
  /** What entities of these types observed in the span. */
  past(types: readonly string[], span: Span, signal: Signal, asking?: PastAsking): Promise<Result<History, string>>
  /** Mean, least and greatest of each attribute over periods that begin with the span; an error where the broker cannot. */
  means?(types: readonly string[], span: Span, periodMs: number, signal: Signal): Promise<Result<History, string>>
  /** What one entity observed in the span. */
  pastOf(id: string, span: Span, signal: Signal): Promise<Result<History, string>>
  /** Mean, least and greatest of its attributes over periods that begin with the span; an error where the broker cannot. */
  meansOf?(id: string, span: Span, periodMs: number, signal: Signal): Promise<Result<History, string>>
}

export interface PastAsking {
  /** All when left out. */
  readonly attributes?: readonly string[] | undefined
  /** About how many instances an entity has in the span: pages are made so that an answer is given whole. */
  readonly instances?: number
}

/** What the platform's signals can say, and those of tests. */
export interface Abortable {
  readonly aborted?: boolean
}

/** Both ends included. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

export interface History {
  readonly entities: readonly TemporalEntity[]
  /** Parts that could not be read. */
  readonly rejected: number
  /** The broker holds more than it gave. */
  readonly partial: boolean
}

/** As many sensors as one page is made for. */
const MAX_ENTITIES = 1_000_000
/** A third of the instances that brokers give at once: what comes in parts is read by the broker more than once, and a broker in this server answers nobody else meanwhile. */
const WHOLE_ANSWER = 3_000
/** 10 000 entities; with their history that is more than a page can use. */
const MAX_PAGES = 100

/** `profile`: the same as the client's. */
export function createBrokerAccess(client: NgsiLdClient, profile: () => BrokerProfile = () => GENERIC): BrokerAccess<AbortSignalLike> {
  async function history(which: EntityQuery, time: Omit<TemporalQuery, 'entities'>, signal: AbortSignalLike): Promise<Result<History, string>> {
    const { limit = profile().temporal.maxLimit } = which
    let pageAnchor: string | undefined
    const entities = new Map<string, TemporalEntity>()
    let rejected = 0
    let partial = false
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await client.queryTemporal({ entities: { ...which, limit, offset: page * limit }, ...time, ...(pageAnchor !== undefined && { pageAnchor }) }, { signal })
      if (!answer.ok) return err(sentence(answer.error))
      if (time.form !== undefined && answer.value.form !== time.form) return err('the broker does not aggregate')
      const before = entities.size
      for (const entity of answer.value.entities) entities.set(entity.id, entity)
      rejected += answer.value.rejected.length
      partial ||= !answer.value.isComplete
      const { nextAnchor } = answer.value
      // A broker that ignores the offset, or its own anchor, gives the first page for ever.
      if (nextAnchor !== undefined && nextAnchor !== pageAnchor && entities.size > before) {
        pageAnchor = nextAnchor
        continue
      }
      if (pageAnchor !== undefined || answer.value.entities.length < limit || entities.size === before) return ok({ entities: [...entities.values()], rejected, partial })
    }
    return ok({ entities: [...entities.values()], rejected, partial: true })
  }

  return {
    async *snapshot(types, signal) {
      for await (const page of client.queryEntities({ types }, { signal, maxEntities: MAX_ENTITIES, mayRestart: true })) {
        if (!page.ok) throw new Error(sentence(page.error))
        if (page.value.isRestart) yield RESTART
        yield page.value.entities
        // What was left out must not be taken for gone.
        if (page.value.end === 'capped') throw new Error('the broker holds more entities than can be shown')
      }
    },
    async entity(id, signal) {
      const entity = await client.retrieveEntity(id, {}, { signal })
      return entity.ok ? entity : err(sentence(entity.error))
    },
    async entities(ids, types, signal) {
      const call = { signal, accept: 'application/ld+json' } as const
      const found: Json[] = []
      if (profile().query.selects === 'one type') {
        // It takes a list of ids for a filter and finds nothing.
        for (const id of ids) {
          const entity = await client.retrieveEntity(id, {}, call)
          if (entity.ok) found.push(entity.value)
          else if (entity.error.status !== 404) return err(sentence(entity.error))
        }
        return ok(found)
      }
      for await (const page of client.queryEntities({ ids, types }, { ...call, maxEntities: ids.length })) {
        if (!page.ok) return err(sentence(page.error))
        found.push(...page.value.entities)
      }
      return ok(found)
    },
    past: (types, span, signal, { attributes, instances = 1 } = {}) =>
      history({ types, ...(attributes === undefined ? {} : { attrs: attributes }), limit: Math.min(profile().temporal.maxLimit, Math.max(1, Math.floor(WHOLE_ANSWER / instances))) }, between(span), signal),
    async means(types, span, periodMs, signal) {
      // Asked all the same, it would give everything there is for nothing.
      if (!profile().temporal.forms.includes('aggregatedValues')) return err('the broker does not aggregate')
      return history({ types }, meansOver(span, periodMs), signal)
    },
    async meansOf(id, span, periodMs, signal) {
      if (!profile().temporal.forms.includes('aggregatedValues')) return err('the broker does not aggregate')
      const history = await client.retrieveTemporal(id, meansOver(span, periodMs), { signal })
      if (!history.ok) return err(sentence(history.error))
      const { entities, rejected, isComplete, form } = history.value
      return form === 'aggregatedValues' ? ok({ entities, rejected: rejected.length, partial: !isComplete }) : err('the broker does not aggregate')
    },
    async pastOf(id, span, signal) {
      const history = await client.retrieveTemporal(id, between(span), { signal })
      // Scorpio has no such entity when nothing of it is in the span.
      if (!history.ok && history.error.kind === 'problem' && history.error.name === 'ResourceNotFound') return ok({ entities: [], rejected: 0, partial: false })
      if (!history.ok) return err(sentence(history.error))
      const { entities, rejected, isComplete } = history.value
      return ok({ entities, rejected: rejected.length, partial: !isComplete })
    },
  }
}

// Brokers differ in whether the ends belong to "between": one millisecond more on each side asks for both.
function between({ fromMs, toMs }: Span): { readonly timerel: 'between'; readonly timeAtMs: number; readonly endTimeAtMs: number } {
  return { timerel: 'between', timeAtMs: fromMs - 1, endTimeAtMs: toMs + 1 }
}

/** Periods begin at the start of the span: it is not widened here. */
function meansOver({ fromMs, toMs }: Span, periodMs: number): Omit<TemporalQuery, 'entities'> {
  return { timerel: 'between', timeAtMs: fromMs, endTimeAtMs: toMs, form: 'aggregatedValues', aggregation: { methods: ['avg', 'min', 'max'], period: `PT${periodMs / MINUTE_MS}M` } }
}

function sentence(error: NgsiLdError): string {
  switch (error.kind) {
    case 'problem':
      return `${error.title}${error.detail === undefined || error.detail === error.title ? '' : `: ${error.detail}`}${error.status === undefined ? '' : ` (${error.status})`}`
    case 'unreachable':
      return 'the server cannot be reached'
    case 'timeout':
      return 'no answer in time'
    case 'aborted':
      return 'the question was withdrawn'
    case 'malformed':
    case 'too-large':
      return `an answer that cannot be read: ${error.detail}`
  }
}
