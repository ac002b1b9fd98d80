/**
 * The entities of a layer as their brokers give them, some at a time: the worker is free for the stream between two
 * questions, the reader sees how far it is and can stop, and no answer is longer than a page.
 */
import type { Json } from '../../ngsi-ld/entity.ts'
import type { Answer, Question } from '../../workers/city.messages.ts'

export interface Collected {
  readonly entities: readonly Json[]
  /** More sensors than are written to one file. */
  readonly isCut: boolean
  /** Of those that came: how many say no `@context`, which a broker may leave out. */
  readonly withoutContext: number
}

export interface Collecting {
  ask(question: Question): Promise<Answer>
  onProgress(read: number, of: number): void
  isStopped(): boolean
}

/** As many as an address can name. */
export const BATCH = 50
/** 100 MB or so as text: what a page can hold beside all else. */
export const MOST_ENTITIES = 20_000

/** Undefined when it was stopped. Throws what a broker refuses: a file that lacks some would not say so. */
export async function collectEntities(domain: string, ids: readonly string[], { ask, onProgress, isStopped }: Collecting, most = MOST_ENTITIES): Promise<Collected | undefined> {
  const wanted = ids.slice(0, most)
  const entities: Json[] = []
  for (let from = 0; from < wanted.length; from += BATCH) {
    onProgress(from, wanted.length)
    const answer = await ask({ kind: 'entities', domain, entityIds: wanted.slice(from, from + BATCH) })
    if (isStopped()) return undefined
    if (!answer.ok) throw new Error(answer.message)
    if (answer.kind === 'entities') entities.push(...answer.entities)
  }
  onProgress(wanted.length, wanted.length)
  return { entities, isCut: ids.length > wanted.length, withoutContext: entities.filter((entity) => !hasContext(entity)).length }
}

function hasContext(entity: Json): boolean {
  return typeof entity === 'object' && entity !== null && Object.hasOwn(entity, '@context')
}

/** One entity a line, so that it can be read and compared: an array of JSON-LD. */
export function ngsiLdText(entities: readonly Json[]): string {
  return entities.length === 0 ? '[]\n' : `[\n${entities.map((entity) => JSON.stringify(entity)).join(',\n')}\n]\n`
}
