/**
 * Forwards to brokers that hold entities about people: what is asked is narrowed, what is answered is read, sifted
 * and written anew. A broker's own words in an error stay here, since they can repeat what it holds.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { askBroker, gatewayProblem, type Answered, type BrokerQuestion, type Failure } from '../ask-broker.ts'
import type { BrokerAddress } from '../broker-address.ts'
import { acceptsEncoding, sendProblem } from '../http.ts'
import type { Logger } from '../log.ts'
import { guardBody, guardTarget, siftDiscovery, siftEntities, type Guard } from './guard.ts'
import type { Origin, Origins } from './origins.ts'
import { publishable } from './publishable.ts'

export interface GuardedAnswers {
  answer(address: BrokerAddress, question: BrokerQuestion, request: IncomingMessage, response: ServerResponse): Promise<void>
  readonly withheld: number
}

const compress = promisify(gzip)

/** Of a query of history: everything else would ask a broker about what it holds beside it. */
const HISTORY_PARAMETERS = new Set(['attrs', 'timerel', 'timeAt', 'endTimeAt', 'timeproperty', 'lastN', 'aggrMethods', 'aggrPeriodDuration', 'options', 'format'])
const LIST_PARAMETERS = new Set(['type', 'id', 'limit', 'offset', 'count', 'local'])
/** Ids in one address: some 60 characters each, and brokers take 8 kB. */
const IDS_AT_ONCE = 40
const DEFAULT_PAGE = 50

const NOT_FOUND = gatewayProblem('ResourceNotFound', 404, 'Not found', 'there is no such entity, or it is not shown')

export function createGuardedAnswers(given: {
  readonly log: Logger
  readonly passOn: (answer: Response, request: IncomingMessage, response: ServerResponse) => Promise<void>
}): GuardedAnswers {
  const { log, passOn } = given
  let withheld = 0

  type Read = { readonly ok: true; readonly status: number; readonly headers: Headers; readonly json: Json } | { readonly ok: false }

  /** Asks, and reads the answer whole. Whatever went wrong has been answered when it is not ok. */
  async function read(address: BrokerAddress, question: BrokerQuestion, response: ServerResponse): Promise<Read> {
    const answered: Answered = await askBroker(address, question)
    if (!answered.ok) {
      if (!question.gone.aborted) {
        log.warn('forward failed', { city: address.city, broker: address.broker, reason: answered.error.title, cause: answered.error.cause })
        sendProblem(response, answered.error, retryAfter(answered.error))
      }
      return { ok: false }
    }
    const { status, headers } = answered.value
    // The line bounds it.
    const text = await answered.value.text()
    if (status >= 400) {
      const type = /^https:\/\/uri\.etsi\.org\/ngsi-ld\/errors\/(\w+)$/.exec(String((parse(text) as JsonObject | undefined)?.['type']))?.[1]
      sendProblem(response, status === 404 ? NOT_FOUND : { status, type: address.line.veil.hide(type ?? 'InternalError'), title: `The broker answered ${status}` }, kept(headers, ['retry-after']))
      return { ok: false }
    }
    // Nothing to say is said by 204: an empty 200 is a broken answer, and a page that took it for a list would empty its map.
    const json = status === 204 ? [] : parse(text)
    if (json === undefined) return nonsense(response, text === '' ? 'it is empty' : 'it is not JSON')
    if (isListQuestion(question.target) && !isList(json)) return nonsense(response, 'it is no list of entities')
    return { ok: true, status, headers, json }
  }

  async function askGuarded(guard: Guard, address: BrokerAddress, question: BrokerQuestion, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const narrowed = narrow(guard, question)
    if (!narrowed.ok) return sendProblem(response, { ...narrowed.error, type: 'BadRequestData' })
    const isDiscovery = /^\/(types|attributes)(\/|\?|$)/.test(question.target)
    if (narrowed.value === undefined) return isDiscovery ? sendProblem(response, NOT_FOUND) : send(address, request, response, { status: 200, json: [], headers: { 'ngsild-results-count': '0' } })
    const answer = await read(address, narrowed.value, response)
    if (!answer.ok) return
    if (isDiscovery) return send(address, request, response, { status: answer.status, json: siftDiscovery(guard, answer.json), headers: {} })
    const sifted = siftEntities(guard, answer.json)
    const heldBack = sifted?.withheld ?? 1
    if (heldBack > 0) {
      withheld += heldBack
      log.warn('entities about people held back from an answer', { city: address.city, broker: address.broker })
    }
    if (sifted === undefined) return sendProblem(response, NOT_FOUND)
    // A count that says more than the answer tells how much is missing.
    const passed = heldBack > 0 ? ['content-range'] : ['content-range', 'ngsild-results-count']
    await send(address, request, response, { status: answer.status, json: sifted.json, headers: kept(answer.headers, passed), type: answer.headers.get('content-type') ?? undefined })
  }

  /** History of what passed: of wholes at their own broker, of what was put together at ours. */
  async function askPast(origins: Origins, address: BrokerAddress, question: BrokerQuestion, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = question.target.split('?')
    const parameters = new URLSearchParams(query)
    const id = path.startsWith('/temporal/entities/') ? decodeURIComponent(path.slice('/temporal/entities/'.length)) : undefined
    for (const name of parameters.keys()) {
      if (!HISTORY_PARAMETERS.has(name) && (id !== undefined || !LIST_PARAMETERS.has(name))) {
        return sendProblem(response, gatewayProblem('BadRequestData', 400, 'Parameter not allowed', `the parameter ${name} is not offered for this history`))
      }
    }
    const times = new URLSearchParams([...parameters].filter(([name]) => HISTORY_PARAMETERS.has(name)))
    if (id !== undefined) {
      const origin = origins.originOf(id)
      const answer = await read(origin?.address ?? address, { ...question, target: withQuery(path, times) }, response)
      if (!answer.ok) return
      const [entity] = ofOrigin([answer.json], origin, new Set([id]))
      if (entity === undefined) return sendProblem(response, NOT_FOUND)
      return send(origin?.address ?? address, request, response, { status: answer.status, json: entity, headers: rangeOf(answer.headers) })
    }
    const types = parameters.get('type')?.split(/[,|]/).map((name) => name.trim())
    const wanted = parameters.get('id')?.split(',')
    const all = origins.ids(types).filter((one) => wanted === undefined || wanted.includes(one))
    const offset = numberOf(parameters.get('offset'), 0)
    const page = all.slice(offset, offset + numberOf(parameters.get('limit'), DEFAULT_PAGE))
    const entities: JsonObject[] = []
    let headers: Record<string, string> = {}
    let status = 200
    for (const { of, origin, ids } of batches(page, origins, address)) {
      const batch = new URLSearchParams([...times, ['id', ids.join(',')], ...(types === undefined ? [] : [['type', types.join(',')] as [string, string]]), ['limit', String(ids.length)]])
      const answer = await read(of, { ...question, target: withQuery(path, batch) }, response)
      if (!answer.ok) return
      if (answer.status === 206) {
        status = 206
        headers = rangeOf(answer.headers)
      }
      entities.push(...ofOrigin(Array.isArray(answer.json) ? (answer.json as readonly Json[]) : [answer.json], origin, new Set(ids)))
    }
    return send(address, request, response, { status, json: entities, headers: { ...headers, ...(parameters.get('count') === 'true' && { 'ngsild-results-count': String(all.length) }) } })
  }

  return {
    async answer(address, question, request, response) {
      const { guard, origins } = address
      if (guard !== undefined) return askGuarded(guard, address, question, request, response)
      if (origins !== undefined && question.target.startsWith('/temporal/')) return askPast(origins, address, question, request, response)
      const answered = await askBroker(address, question)
      if (answered.ok) await passOn(answered.value, request, response)
      else if (!question.gone.aborted) sendProblem(response, answered.error, retryAfter(answered.error))
    },
    get withheld() {
      return withheld
    },
  }
}

async function send({ line }: BrokerAddress, request: IncomingMessage, response: ServerResponse, given: { status: number; json: Json; headers: Record<string, string>; type?: string | undefined }): Promise<void> {
  const { status, json, headers, type = 'application/json' } = given
  // Once more: what was escaped in the broker's JSON is not any more.
  const plain = Buffer.from(line.veil.hideInData(JSON.stringify(json)))
  const isCompressed = acceptsEncoding(request, 'gzip')
  const bytes = isCompressed ? await compress(plain, { level: constants.Z_BEST_SPEED }) : plain
  response.writeHead(status, {
    ...headers,
    'content-type': /^application\/([\w.+-]*\+)?json\b/i.test(type) ? type : 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  })
  response.end(bytes)
}

function narrow(guard: Guard, question: BrokerQuestion) {
  if (question.body !== undefined) {
    const body = guardBody(guard, JSON.parse(question.body) as JsonObject)
    if (!body.ok) return body
    if (body.value === undefined) return { ok: true as const, value: undefined }
    // A selection in the address would stand beside the one in the body.
    const target = question.target.replace(/\?.*/, (query) => withQuery('', new URLSearchParams([...new URLSearchParams(query)].filter(([name]) => ['limit', 'offset', 'count', 'options', 'format', 'local'].includes(name)))))
    return { ok: true as const, value: { ...question, target, body: JSON.stringify(body.value) } }
  }
  const target = guardTarget(guard, question.target)
  if (!target.ok) return target
  return { ok: true as const, value: target.value.kind === 'nothing' ? undefined : { ...question, target: target.value.target } }
}

interface Batch {
  readonly of: BrokerAddress
  readonly origin: Origin | undefined
  readonly ids: readonly string[]
}

function batches(ids: readonly string[], origins: Origins, own: BrokerAddress): readonly Batch[] {
  const groups = new Map<string, { readonly of: BrokerAddress; readonly origin: Origin | undefined; readonly ids: string[] }>()
  for (const id of ids) {
    const origin = origins.originOf(id)
    const of = origin?.address ?? own
    const key = `${of.broker} ${origin === undefined ? '' : [...origin.passes].join(' ')}`
    const group = groups.get(key) ?? { of, origin, ids: [] }
    groups.set(key, group)
    group.ids.push(id)
  }
  return [...groups.values()].flatMap(({ of, origin, ids: own }) => Array.from({ length: Math.ceil(own.length / IDS_AT_ONCE) }, (_, i) => ({ of, origin, ids: own.slice(i * IDS_AT_ONCE, (i + 1) * IDS_AT_ONCE) })))
}

/** Only what was asked for by id; of a whole, only what passes. */
function ofOrigin(answer: readonly Json[], origin: Origin | undefined, ids: ReadonlySet<string>): readonly JsonObject[] {
  return answer.flatMap((one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return []
    const entity = one as JsonObject
    if (!ids.has(String(entity['id']))) return []
    return [origin === undefined ? entity : publishable(entity, origin.passes)]
  })
}

function kept(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : [])))
}

function retryAfter({ retryAfterS }: Failure): Record<string, string> {
  return retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
}

function nonsense(response: ServerResponse, what: string): { readonly ok: false } {
  sendProblem(response, gatewayProblem('InternalError', 502, 'The broker answered nonsense', `${what}, where entities were expected`))
  return { ok: false }
}

/** Questions that are answered by a list, or by one feature collection. */
function isListQuestion(target: string): boolean {
  return /^\/((temporal\/)?entities|entityOperations\/query)(\?|$)/.test(target)
}

function isList(json: Json): boolean {
  return Array.isArray(json) || (typeof json === 'object' && json !== null && (json as JsonObject)['type'] === 'FeatureCollection')
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function rangeOf(headers: Headers): Record<string, string> {
  const range = headers.get('content-range')
  return range === null ? {} : { 'content-range': range }
}

function numberOf(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : otherwise
}

function withQuery(path: string, parameters: URLSearchParams): string {
  const query = parameters.toString().replaceAll('+', '%20')
  return query === '' ? path : `${path}?${query}`
}
