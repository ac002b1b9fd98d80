/**
 * Asks a broker what the checks want to know, in rounds, and reads each answer as far as it is needed. It is bounded:
 * a dozen reads, each cut off, all of them together within a time. An answer that is too long is no failure of ours or
 * of the broker's; it is said.
 */
import { sampleOf, type Answers, type Doubt, type Exchange, type Facts } from '../../conformance/exchange.ts'
import { closerQuestions, firstQuestions, sampleQuestions, type Question, type Scope } from '../../conformance/questions.ts'
import type { ReadContext } from '../../domains/domain-model.ts'
import { MODELS } from '../../domains/models.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import { shortName } from '../../ngsi-ld/entity.ts'

/** Sends one question. Gives the answer, or why there is none. */
export type AskQuestion = (question: Question, signal: AbortSignal) => Promise<Response | string>

export const TOGETHER_MS = 20_000
const MAX_BYTES = 2 * 1024 * 1024
const HEADERS = ['content-type', 'link', 'www-authenticate', 'strict-transport-security', 'access-control-allow-origin', 'location']

export async function gatherAnswers(given: {
  readonly ask: AskQuestion
  readonly facts: Facts
  readonly scope: Scope
  readonly context: ReadContext
  readonly signal?: AbortSignal
}): Promise<Answers> {
  const { ask, facts, scope, context } = given
  const late = AbortSignal.timeout(TOGETHER_MS)
  const signal = given.signal === undefined ? late : AbortSignal.any([late, given.signal])
  const exchanges = new Map<string, Exchange>()

  /** One after the other: a check is no load test. */
  async function round(questions: readonly Question[]): Promise<void> {
    for (const question of questions) exchanges.set(question.id, await exchange(question, ask, signal))
  }

  await round(firstQuestions())
  // A broker that does not answer the first is not asked a dozen more.
  if ([...exchanges.values()].some(({ status }) => status !== undefined)) {
    await round(sampleQuestions(exchanges, scope))
    await round(closerQuestions(exchanges, scope))
  }
  return { facts, exchanges, ...judge({ facts, exchanges, doubts: [], judged: 0 }, context) }
}

async function exchange(question: Question, ask: AskQuestion, signal: AbortSignal): Promise<Exchange> {
  const request = `GET ${question.target}`
  try {
    const answer = signal.aborted ? 'the checks took too long together' : await ask(question, signal)
    if (typeof answer === 'string') return { request, headers: {}, failure: answer }
    const headers = Object.fromEntries(HEADERS.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)!]] : [])))
    const { status } = answer
    const text = await textUpTo(answer, MAX_BYTES)
    if (text === undefined) return { request, status, headers, failure: `the answer is longer than ${MAX_BYTES} bytes` }
    const json = parse(text)
    return json === undefined ? { request, status, headers, ...(text !== '' && { failure: 'the answer is no JSON' }) } : { request, status, headers, json }
  } catch (error) {
    return { request, headers: {}, failure: signal.aborted ? 'no answer in time' : wordsOf(error) }
  }
}

/** `ECONNREFUSED` and the like, which `fetch` hides one level down: no host, no port. */
function wordsOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: string }
  return typeof cause?.code === 'string' ? `the broker cannot be reached (${cause.code})` : `the broker cannot be reached (${name ?? 'unknown'})`
}

async function textUpTo({ body }: Response, limit: number): Promise<string | undefined> {
  if (body === null) return ''
  const pieces: Uint8Array[] = []
  let bytes = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(pieces).toString('utf8')
    bytes += value.length
    if (bytes > limit) {
      await reader.cancel()
      return undefined
    }
    pieces.push(value)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** What the domains say to the sample. */
function judge(answers: Answers, context: ReadContext): Pick<Answers, 'doubts' | 'judged'> {
  const doubts: Doubt[] = []
  let judged = 0
  for (const entity of decodeEntities(sampleOf(answers).map(({ entity: json }) => json)).ok) {
    const readers = MODELS.filter(({ watches }) => watches.some(({ type }) => entity.types.some((one) => shortName(one) === type)))
    if (readers.length === 0) continue
    judged++
    const reads = readers.map((model) => model.read(entity, context))
    for (const read of reads) {
      if (read.ok) doubts.push(...read.value.warnings.map(({ kind, detail }) => ({ entityId: entity.id, kind, detail })))
      // Two domains may watch one type: what one of them reads is no fault.
      else if (!reads.some(({ ok }) => ok) && read.error.kind !== 'wrong-type') doubts.push({ entityId: entity.id, kind: read.error.kind, detail: `${read.error.path}: expected ${read.error.expected}, got ${read.error.got}` })
    }
  }
  return { doubts, judged }
}
