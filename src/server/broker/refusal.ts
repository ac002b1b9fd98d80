/**
 * Errors of the API as problem details (CIM 009 v1.9.1, 5.5.2 and 6.3.2; RFC 7807).
 *
 * An operation that cannot go on throws a `Refusal`; `exchange.ts` turns it into the answer, batches into
 * one line of theirs. It never leaves the broker.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'

const STATUS = {
  InvalidRequest: 400,
  BadRequestData: 400,
  AlreadyExists: 409,
  OperationNotSupported: 422,
  ResourceNotFound: 404,
  InternalError: 500,
  TooComplexQuery: 403,
  TooManyResults: 403,
  NonexistentTenant: 404,
} as const

export type ProblemName = keyof typeof STATUS

const TITLE: Readonly<Record<ProblemName, string>> = {
  InvalidRequest: 'The request is syntactically wrong',
  BadRequestData: 'The request carries wrong data',
  AlreadyExists: 'Already exists',
  OperationNotSupported: 'Not supported by this broker',
  ResourceNotFound: 'Not found',
  InternalError: 'The broker cannot answer',
  TooComplexQuery: 'The query is too complex',
  TooManyResults: 'More results than one answer may hold',
  NonexistentTenant: 'No such tenant',
}

export class Refusal extends Error {
  readonly problem: ProblemName
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  /** `status` where HTTP has a code of its own: 405, 406, 411, 413, 415, 503. */
  constructor(problem: ProblemName, detail: string, status: number = STATUS[problem], headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.problem = problem
    this.status = status
    this.headers = headers
  }

  body(): JsonObject {
    return {
      type: `https://uri.etsi.org/ngsi-ld/errors/${this.problem}`,
      title: TITLE[this.problem],
      detail: this.message,
      status: this.status,
    }
  }
}

export function badRequest(detail: string): Refusal {
  return new Refusal('BadRequestData', detail)
}

export function notFound(what: string): Refusal {
  return new Refusal('ResourceNotFound', what)
}
