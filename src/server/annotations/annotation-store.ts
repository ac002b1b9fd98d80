/**
 * Where notes are kept: as entities in a broker that may be written to, so that every reader of the broker has them,
 * else in the memory of this server, which forgets them when it ends. Whoever asks is told which.
 */
import { annotationId, ANNOTATION_TYPE, fromEntity, toEntity, type Annotation, type Draft } from '../../annotations/annotation.ts'
import { err, ok, type Result } from '../../core/result.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import { headersFor, type BrokerAddress } from '../broker-address.ts'

/** `broker` is its id. */
export type KeptIn = { readonly kind: 'broker'; readonly broker: string; readonly isLasting: boolean } | { readonly kind: 'memory' }

export interface AnnotationStore {
  readonly keptIn: KeptIn
  /** Newest first. Errors are sentences. */
  list(): Promise<Result<readonly Annotation[], string>>
  add(draft: Draft): Promise<Result<Annotation, AddError>>
  /** False: there is none of this id. */
  remove(id: string): Promise<Result<boolean, string>>
}

export type AddError = { readonly kind: 'full' } | { readonly kind: 'failed'; readonly reason: string }

export interface StoreOptions {
  readonly city: string
  readonly now: () => number
  readonly newId: () => string
}

/** A city has tens of notes; a program that writes without end stops here. */
export const MAX_ANNOTATIONS = 500
/** Every page asks now and then; the broker is asked for all of them together. */
const FRESH_MS = 5 * SECOND_MS
const TIMEOUT_MS = 10 * SECOND_MS

export function createMemoryStore({ city, now, newId }: StoreOptions): AnnotationStore {
  const kept = new Map<string, Annotation>()
  return {
    keptIn: { kind: 'memory' },
    list: async () => ok(newestFirst([...kept.values()])),
    async add(draft) {
      if (kept.size >= MAX_ANNOTATIONS) return err({ kind: 'full' })
      const annotation = { ...draft, id: annotationId(city, newId()), writtenMs: now() }
      kept.set(annotation.id, annotation)
      return ok(annotation)
    },
    remove: async (id) => ok(kept.delete(id)),
  }
}

export function createBrokerStore(address: BrokerAddress, { city, now, newId }: StoreOptions): AnnotationStore {
  let known: { readonly atMs: number; readonly answer: Promise<Result<readonly Annotation[], string>> } | undefined

  async function send(method: string, target: string, body?: string): Promise<Result<Response, string>> {
    const headers = { ...headersFor(address), accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) }
    const sent = await address.line.send({ url: `${address.apiUrl}${target}`, method, headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) }, 'page')
    return sent.ok ? sent : err(`${sent.error.title}: ${sent.error.detail}`)
  }

  async function read(): Promise<Result<readonly Annotation[], string>> {
    const answer = await send('GET', `/entities?type=${ANNOTATION_TYPE}&limit=${MAX_ANNOTATIONS}`)
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return refused(answer.value)
    const text = await bodyOf(answer.value)
    if (!text.ok) return text
    try {
      return ok(newestFirst(decodeEntities(JSON.parse(text.value)).ok.flatMap((entity) => fromEntity(entity) ?? [])))
    } catch (error) {
      if (error instanceof SyntaxError) return err('the broker answered with what is not JSON')
      throw error
    }
  }

  function list(): Promise<Result<readonly Annotation[], string>> {
    const atMs = now()
    if (known === undefined || Math.abs(atMs - known.atMs) > FRESH_MS) known = { atMs, answer: read() }
    return known.answer
  }

  return {
    keptIn: { kind: 'broker', broker: address.broker, isLasting: !address.isEmbedded },
    list,
    async add(draft) {
      const before = await list()
      if (!before.ok) return err({ kind: 'failed', reason: before.error })
      if (before.value.length >= MAX_ANNOTATIONS) return err({ kind: 'full' })
      const annotation = { ...draft, id: annotationId(city, newId()), writtenMs: now() }
      const answer = await send('POST', '/entities', JSON.stringify(toEntity(annotation)))
      known = undefined
      if (!answer.ok) return err({ kind: 'failed', reason: answer.error })
      if (answer.value.status !== 201) return err({ kind: 'failed', reason: (await refused(answer.value)).error })
      await answer.value.body?.cancel()
      return ok(annotation)
    },
    async remove(id) {
      const answer = await send('DELETE', `/entities/${encodeURIComponent(id).replaceAll('%3A', ':')}`)
      known = undefined
      if (!answer.ok) return answer
      if (answer.value.status === 404) {
        await answer.value.body?.cancel()
        return ok(false)
      }
      if (answer.value.status !== 204) return refused(answer.value)
      await answer.value.body?.cancel()
      return ok(true)
    },
  }
}

/** What the broker says of it is for its operator, and may name the inside. */
async function refused(answer: Response): Promise<{ readonly ok: false; readonly error: string }> {
  await answer.body?.cancel()
  return { ok: false, error: `the broker answered with ${answer.status}` }
}

async function bodyOf(answer: Response): Promise<Result<string, string>> {
  try {
    return ok(await answer.text())
  } catch {
    // Broken off on the line, which counts and bounds it.
    return err('the broker broke off')
  }
}

function newestFirst(annotations: readonly Annotation[]): readonly Annotation[] {
  return annotations.toSorted((a, b) => b.writtenMs - a.writtenMs || (a.id < b.id ? -1 : 1))
}
