/** What an operation of the API gets and says about itself; the table of them is `routes.ts`. */
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { isObject } from './document.ts'
import type { Reply } from './exchange.ts'
import type { BrokerLimits } from './limits.ts'
import type { Parameters } from './parameters.ts'
import { badRequest } from './refusal.ts'
import type { MediaType } from './subscription.ts'
import type { Tenant } from './tenant.ts'

export interface Call {
  readonly tenant: Tenant
  /** The variable parts of the path, decoded. */
  readonly names: readonly string[]
  readonly path: string
  readonly parameters: Parameters
  /** Null where the operation takes none. */
  readonly body: Json
  readonly context: Json
  readonly media: MediaType
  readonly limits: BrokerLimits
}

export interface Operation {
  readonly run: (call: Call) => Reply
  /** Asks `mayWrite`. */
  readonly writes?: boolean
  readonly takesBody?: boolean
  /** Offers application/geo+json. */
  readonly geo?: boolean
  /** An unknown tenant is made, not refused. */
  readonly makesTenant?: boolean
}

export const NO_CONTENT: Reply = { status: 204 }
export const BASE = '/ngsi-ld/v1'

export function objectIn(body: Json): JsonObject {
  if (!isObject(body)) throw badRequest('expected a JSON object as body')
  return body
}

export function created(path: string): Reply {
  return { status: 201, headers: { Location: `${BASE}${path}` } }
}
