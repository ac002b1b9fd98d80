/** The API as a table: which path and method is which operation. Names in braces are the variable parts. */
import { batchCreate, batchDelete, batchMerge, batchUpdate, batchUpsert, queryByPost } from './batch-operations.ts'
import { describeAttribute, describeType, identify, listAttributes, listTypes } from './discovery-operations.ts'
import {
  appendAttributes, createEntity, deleteEntity, deleteOneAttribute, mergeEntity, patchOneAttribute, queryEntities, replaceEntity, replaceOneAttribute, retrieveEntity,
  updateAttributes,
} from './entity-operations.ts'
import type { Operation } from './operation.ts'
import { Refusal } from './refusal.ts'
import { createSubscription, deleteSubscription, listSubscriptions, patchSubscription, retrieveSubscription } from './subscription-operations.ts'
import { appendTemporal, createTemporal, deleteTemporal, deleteTemporalAttribute, queryTemporal, queryTemporalByPost, retrieveTemporal } from './temporal-operations.ts'

type Run = Operation['run']
const reads = (run: Run): Operation => ({ run })
const showsEntities = (run: Run): Operation => ({ run, geo: true })
const asks = (run: Run): Operation => ({ run, takesBody: true })
const makes = (run: Run): Operation => ({ run, takesBody: true, writes: true, makesTenant: true })
const changes = (run: Run): Operation => ({ run, takesBody: true, writes: true })
const removes = (run: Run): Operation => ({ run, writes: true })

const TABLE: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/entities': { GET: showsEntities(queryEntities), POST: makes(createEntity) },
  '/entities/{id}': { GET: showsEntities(retrieveEntity), PUT: changes(replaceEntity), PATCH: changes(mergeEntity), DELETE: removes(deleteEntity) },
  '/entities/{id}/attrs': { POST: changes(appendAttributes), PATCH: changes(updateAttributes) },
  '/entities/{id}/attrs/{attribute}': { PATCH: changes(patchOneAttribute), PUT: changes(replaceOneAttribute), DELETE: removes(deleteOneAttribute) },
  '/entityOperations/create': { POST: makes(batchCreate) },
  '/entityOperations/upsert': { POST: makes(batchUpsert) },
  '/entityOperations/update': { POST: changes(batchUpdate) },
  '/entityOperations/merge': { POST: changes(batchMerge) },
  '/entityOperations/delete': { POST: changes(batchDelete) },
  '/entityOperations/query': { POST: { ...asks(queryByPost), geo: true } },
  '/subscriptions': { GET: reads(listSubscriptions), POST: makes(createSubscription) },
  '/subscriptions/{id}': { GET: reads(retrieveSubscription), PATCH: changes(patchSubscription), DELETE: removes(deleteSubscription) },
  '/temporal/entities': { GET: reads(queryTemporal), POST: makes(createTemporal) },
  '/temporal/entities/{id}': { GET: reads(retrieveTemporal), DELETE: removes(deleteTemporal) },
  '/temporal/entities/{id}/attrs': { POST: changes(appendTemporal) },
  '/temporal/entities/{id}/attrs/{attribute}': { DELETE: removes(deleteTemporalAttribute) },
  '/temporal/entityOperations/query': { POST: asks(queryTemporalByPost) },
  '/types': { GET: reads(listTypes) },
  '/types/{type}': { GET: reads(describeType) },
  '/attributes': { GET: reads(listAttributes) },
  '/attributes/{attribute}': { GET: reads(describeAttribute) },
  '/info/sourceIdentity': { GET: reads(identify) },
}

/** Known to the standard and absent here: said so, rather than hidden behind a 404. */
const ABSENT = new Set(['csourceRegistrations', 'csourceSubscriptions', 'jsonldContexts', 'entityMaps', 'temporalEntityMaps', 'snapshots'])

const ROUTES = Object.entries(TABLE).map(([path, methods]) => ({ steps: path.slice(1).split('/'), methods }))

export interface Route {
  readonly operation: Operation
  readonly names: readonly string[]
}

/** `path` below the base, still percent-encoded. Answers with 404, 405 or 422 what is not in the table. */
export function routeOf(method: string, path: string): Route {
  const steps = path.split('/').slice(1)
  if (steps.at(-1) === '') steps.pop()
  for (const { steps: wanted, methods } of ROUTES) {
    if (wanted.length !== steps.length || !wanted.every((step, index) => step.startsWith('{') || step === steps[index])) continue
    const asked = method === 'HEAD' ? 'GET' : method
    const operation = Object.hasOwn(methods, asked) ? methods[asked] : undefined
    if (operation === undefined) throw new Refusal('OperationNotSupported', `${method} is not allowed here`, 405, { Allow: Object.keys(methods).join(', ') })
    return { operation, names: steps.filter((_, index) => wanted[index]!.startsWith('{')).map(decoded) }
  }
  if (ABSENT.has(steps[0] ?? '')) throw new Refusal('OperationNotSupported', `/${steps[0]!} is not supported`)
  throw new Refusal('ResourceNotFound', `there is no ${path.slice(0, 200)}`)
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    throw new Refusal('InvalidRequest', 'the path is not percent-encoded UTF-8')
  }
}
