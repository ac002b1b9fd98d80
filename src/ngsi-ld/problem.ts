/**
 * What brokers answer when something is wrong (CIM 009, 6.3.2; RFC 7807), as tagged errors.
 *
 * The name is the last part of the problem's type; where a broker, or a proxy before it, sends another
 * body or none, the HTTP status gives the name. Batch operations answer 207 with a list of both outcomes.
 */
import { shortName, type Json, type JsonObject } from './entity.ts'
import { isObject, own } from './decode-run.ts'

/** Table 6.3.2-1: names and the status each travels with. */
export const PROBLEM_STATUS = {
  InvalidRequest: 400,
  BadRequestData: 400,
  AlreadyExists: 409,
  OperationNotSupported: 422,
  ResourceNotFound: 404,
  InternalError: 500,
  TooComplexQuery: 403,
  TooManyResults: 403,
  LdContextNotAvailable: 504, // 503 before v1.5, and still from some brokers
  NoMultiTenantSupport: 501,
  NonexistentTenant: 404,
} as const

export type ProblemName = keyof typeof PROBLEM_STATUS

export interface Problem {
  readonly kind: 'problem'
  /** Undefined when neither the type nor the status names one of the standard's. */
  readonly name?: ProblemName
  readonly status?: number
  readonly title: string
  readonly detail?: string
}

/** Outcome of a batch: the ids that went through, and what was wrong with the others. */
export interface BatchOutcome {
  readonly succeeded: readonly string[]
  readonly failed: readonly { readonly entityId: string; readonly problem: Problem }[]
}

/** Reads an error body, of whatever form; `status` is the HTTP status it came with. */
export function readProblem(json: unknown, status?: number): Problem {
  const body = isObject(json) ? json : {}
  // Scorpio ends one of its types with a space.
  const type = text(own(body, 'type'))?.trim()
  const given = own(body, 'status')
  const code = status ?? (typeof given === 'number' ? given : undefined)
  const name = nameOf(type) ?? nameOfStatus(code)
  const message = text(own(body, 'message')) ?? text(own(body, 'error')) ?? (typeof json === 'string' && json !== '' ? json.slice(0, 300) : undefined)
  const title = text(own(body, 'title')) ?? message ?? name ?? (code === undefined ? 'unknown problem' : `HTTP ${code}`)
  const detail = text(own(body, 'detail')) ?? detailOf(own(body, 'detail'))
  return {
    kind: 'problem',
    ...(name === undefined ? {} : { name }),
    ...(code === undefined ? {} : { status: code }),
    title,
    ...(detail === undefined ? {} : { detail }),
  }
}

/** Is the body an error, whatever the status says? Djane and some proxies answer 200 with one. */
export function isProblemBody(json: unknown): boolean {
  if (!isObject(json)) return false
  if (own(json, 'success') === false && !Object.hasOwn(json, 'id')) return true
  const type = own(json, 'type')
  if (typeof type === 'string' && /\/errors\//.test(type) && (Object.hasOwn(json, 'title') || Object.hasOwn(json, 'detail'))) return true
  return !Object.hasOwn(json, 'type') && !Object.hasOwn(json, '@type') && Object.hasOwn(json, 'title') && !Object.hasOwn(json, 'id')
}

export function readBatchOutcome(json: unknown): BatchOutcome | undefined {
  if (!isObject(json)) return undefined
  const success = own(json, 'success')
  const errors = own(json, 'errors')
  if (!Array.isArray(success) || !Array.isArray(errors)) return undefined
  return {
    succeeded: success.filter((id) => typeof id === 'string'),
    failed: errors.filter(isObject).map((error) => ({ entityId: text(own(error, 'entityId')) ?? '', problem: readProblem(own(error, 'error')) })),
  }
}

/** The body that a broker of ours answers with. */
export function problemBody(name: ProblemName, title: string, detail?: string): JsonObject {
  const body: Record<string, Json> = { type: `https://uri.etsi.org/ngsi-ld/errors/${name}`, title, status: PROBLEM_STATUS[name] }
  return detail === undefined ? body : { ...body, detail }
}

/** Names that brokers made up, for what the standard calls otherwise. */
const SPELLINGS: ReadonlyMap<string, ProblemName> = new Map([
  ['NonExistingTenant', 'NonexistentTenant'], // Orion-LD
  ['TenantNotFound', 'NonexistentTenant'], // Scorpio
  ['NotImplemented', 'OperationNotSupported'], // Stellio
])

function nameOf(type: string | undefined): ProblemName | undefined {
  const name = type === undefined ? '' : (SPELLINGS.get(shortName(type)) ?? shortName(type))
  return Object.hasOwn(PROBLEM_STATUS, name) ? (name as ProblemName) : undefined
}

const NAMES: ReadonlyMap<number, ProblemName> = new Map([
  [400, 'BadRequestData'],
  [404, 'ResourceNotFound'],
  [409, 'AlreadyExists'],
  [422, 'OperationNotSupported'],
  [500, 'InternalError'],
  [501, 'OperationNotSupported'],
])

function nameOfStatus(status: number | undefined): ProblemName | undefined {
  return status === undefined ? undefined : NAMES.get(status)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

// Some brokers put an object or a list of reasons there.
function detailOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return text(value.filter((part) => typeof part === 'string').join('; ').slice(0, 500))
  return isObject(value) ? (text(own(value, 'message')) ?? text(own(value, 'title'))) : undefined
}
