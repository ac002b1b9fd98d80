/**
 * What a page may ask a broker through this server: a short list of paths, methods and parameters.
 * Pure, so that a table of refusals can test it. A path is taken apart as it was sent and put together
 * anew from the parts: nothing that was not understood is passed on.
 */
import { err, ok, type Result } from '../core/result.ts'

export interface Refusal {
  readonly status: 400 | 404 | 405 | 414
  readonly title: string
  readonly detail: string
}

export interface Allowed {
  /** Below `/ngsi-ld/v1`, with the query: written by us. */
  readonly target: string
}

const PARAMETERS = new Set([
  'id', 'idPattern', 'type', 'q', 'attrs', 'pick', 'omit', 'datasetId', 'scopeQ', 'lang',
  'georel', 'geometry', 'coordinates', 'geoproperty', 'geometryProperty',
  'limit', 'offset', 'count', 'pageSize', 'pageAnchor', 'orderBy', 'local', 'localOnly', 'details', 'options', 'format',
  'timerel', 'timeAt', 'endTimeAt', 'timeproperty', 'lastN', 'aggrMethods', 'aggrPeriodDuration',
])

const MAX_TARGET = 8_192
const MAX_LIMIT = 1_000

/** First segments that may be read, and whether one more (an id or a name) may follow. */
const READABLE: readonly (readonly string[])[] = [['entities'], ['temporal', 'entities'], ['types'], ['attributes']]

export function allowForward(method: string, path: string, query: string): Result<Allowed, Refusal> {
  if (path.length + query.length > MAX_TARGET) return refuse(414, 'Too long', 'the address is too long')
  const route = routeOf(path)
  if (!route.ok) return route
  const { segments } = route.value
  const isQuery = segments.join('/') === 'entityOperations/query'
  const readable = READABLE.some((start) => start.every((name, i) => segments[i] === name) && segments.length <= start.length + 1)
  if (!isQuery && !readable) return refuse(404, 'Not offered', `${path.slice(0, 100)} is not forwarded`)
  if (method !== (isQuery ? 'POST' : 'GET')) return refuse(405, 'Method not allowed', `only ${isQuery ? 'POST' : 'GET'} is forwarded here`)
  const parameters = parametersOf(query)
  if (!parameters.ok) return parameters
  const target = `/${segments.map(encodeSegment).join('/')}`
  return ok({ target: parameters.value === '' ? target : `${target}?${parameters.value}` })
}

function routeOf(path: string): Result<{ readonly segments: readonly string[] }, Refusal> {
  if (!path.startsWith('/')) return badAddress('the path does not start with a slash')
  // An encoded slash, backslash or dot means one thing here and another at the broker.
  if (/%(2f|5c|2e|00|25)/i.test(path) || path.includes('\\')) return badAddress('the path hides a separator')
  const segments: string[] = []
  for (const raw of path.slice(1).split('/')) {
    const segment = decode(raw)
    if (segment === undefined) return badAddress('the path is not percent-encoded UTF-8')
    if (segment === '' || segment === '.' || segment === '..') return badAddress('the path has an empty or a dotted part')
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    if (/[\u0000-\u001f\u007f?#/\\]/.test(segment)) return badAddress('the path has a character that no id has')
    segments.push(segment)
  }
  return ok({ segments })
}

function parametersOf(query: string): Result<string, Refusal> {
  const parameters = new URLSearchParams(query)
  for (const [name, value] of parameters) {
    if (!PARAMETERS.has(name)) return refuse(400, 'Parameter not allowed', `the parameter ${name.slice(0, 50)} is not forwarded`)
    if ((name === 'limit' || name === 'pageSize') && !(/^\d{1,4}$/.test(value) && Number(value) <= MAX_LIMIT)) return refuse(400, 'Bad limit', `${name} is a number up to ${MAX_LIMIT}`)
  }
  // Some brokers do not read `+` as a space.
  return ok(parameters.toString().replaceAll('+', '%20'))
}

// A colon is legal in a path and some brokers compare ids before they decode them.
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%3A', ':')
}

function decode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function badAddress(detail: string): Result<never, Refusal> {
  return refuse(400, 'Bad address', detail)
}

function refuse(status: Refusal['status'], title: string, detail: string): Result<never, Refusal> {
  return err({ status, title, detail })
}
