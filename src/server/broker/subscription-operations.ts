/** `/subscriptions` (CIM 009 v1.9.1, 6.10 and 6.11). */
import type { Reply } from './exchange.ts'
import { pageHeaders } from './entity-operations.ts'
import { created, NO_CONTENT, objectIn, type Call } from './operation.ts'
import { PAGE_PARAMETERS } from './parameters.ts'

export function createSubscription({ tenant, parameters, body, context }: Call): Reply {
  parameters.allow(['local'])
  return created(`/subscriptions/${encodeURIComponent(tenant.subscriptions.create(objectIn(body), context))}`)
}

export function listSubscriptions(call: Call): Reply {
  const { tenant, parameters, limits } = call
  parameters.allow(PAGE_PARAMETERS, ['local'])
  const page = parameters.page(limits)
  const all = tenant.subscriptions.list({ sysAttrs: parameters.options('sysAttrs', 'count').has('sysAttrs') })
  return { status: 200, body: all.slice(page.offset, page.offset + page.limit), ...pageHeaders(call, page, all.length) }
}

export function retrieveSubscription({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['options', 'local'])
  return { status: 200, body: tenant.subscriptions.get(names[0]!, { sysAttrs: parameters.options('sysAttrs').has('sysAttrs') }) }
}

export function patchSubscription({ tenant, parameters, names, body }: Call): Reply {
  parameters.allow(['local'])
  tenant.subscriptions.patch(names[0]!, objectIn(body))
  return NO_CONTENT
}

export function deleteSubscription({ tenant, parameters, names }: Call): Reply {
  parameters.allow(['local'])
  tenant.subscriptions.delete(names[0]!)
  return NO_CONTENT
}
