/**
 * What a city asks of its brokers besides the stream: the snapshot, one entity, and history. Queries go
 * through the server's forwarder, so they carry no credentials and stay on this origin.
 */
import { err, ok, type Result } from '../../core/result.ts'
import type { AbortSignalLike, NgsiLdClient, NgsiLdError } from '../../ngsi-ld/client.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import type { TemporalEntity } from '../../ngsi-ld/temporal-entity.ts'

/** Errors are sentences. `Signal` is whatever the platform aborts with. */
export interface BrokerAccess<Signal> {
  /** Everything of these types, page by page. Throws when the broker fails, as the feed wants it. */
  snapshot(types: readonly string[], signal: Signal): AsyncIterable<Json>
  /** The entity as the broker has it. */
  entity(id: string, signal: Signal): Promise<Result<Json, string>>
  /** What entities of these types observed in the span. */
  past(types: readonly string[], span: Span, signal: Signal): Promise<Result<History, string>>
  /** What one entity observed in the span. */
  pastOf(id: string, span: Span, signal: Signal): Promise<Result<History, string>>
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
/** What the strictest broker gives at once. */
const PAGE_SIZE = 100
/** 10 000 entities; with their history that is more than a page can use. */
const MAX_PAGES = 100

export function createBrokerAccess(client: NgsiLdClient): BrokerAccess<AbortSignalLike> {
  return {
    async *snapshot(types, signal) {
      for await (const page of client.queryEntities({ types }, { signal, maxEntities: MAX_ENTITIES })) {
        if (!page.ok) throw new Error(sentence(page.error))
        yield page.value.entities
        // What was left out must not be taken for gone.
        if (page.value.end === 'capped') throw new Error('the broker holds more entities than can be shown')
      }
    },
    async entity(id, signal) {
      const entity = await client.retrieveEntity(id, {}, { signal })
      return entity.ok ? entity : err(sentence(entity.error))
    },
    async past(types, span, signal) {
      const entities = new Map<string, TemporalEntity>()
      let rejected = 0
      let partial = false
      for (let page = 0; page < MAX_PAGES; page++) {
        const query = { entities: { types, limit: PAGE_SIZE, offset: page * PAGE_SIZE }, ...between(span) }
        const history = await client.queryTemporal(query, { signal })
        if (!history.ok) return err(sentence(history.error))
        const before = entities.size
        for (const entity of history.value.entities) entities.set(entity.id, entity)
        rejected += history.value.rejected.length
        partial ||= !history.value.isComplete
        // A broker that ignores the offset gives the first page for ever.
        if (history.value.entities.length < PAGE_SIZE || entities.size === before) return ok({ entities: [...entities.values()], rejected, partial })
      }
      return ok({ entities: [...entities.values()], rejected, partial: true })
    },
    async pastOf(id, span, signal) {
      const history = await client.retrieveTemporal(id, between(span), { signal })
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
