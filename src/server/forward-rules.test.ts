import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { allowForward } from './forward-rules.ts'

describe('what is forwarded', () => {
  it.each<[method: string, path: string, query: string, target: string]>([
    ['GET', '/entities', 'type=NoiseLevelObserved&limit=100&offset=0', '/entities?type=NoiseLevelObserved&limit=100&offset=0'],
    ['GET', '/entities', 'q=LAeq%3E60%3Bname==%22a%20b%22', '/entities?q=LAeq%3E60%3Bname%3D%3D%22a%20b%22'],
    ['GET', '/entities/urn:ngsi-ld:NoiseLevelObserved:17', '', '/entities/urn:ngsi-ld:NoiseLevelObserved:17'],
    ['GET', '/entities/urn%3Angsi-ld%3ANoiseLevelObserved%3A17', 'options=sysAttrs', '/entities/urn:ngsi-ld:NoiseLevelObserved:17?options=sysAttrs'],
    ['GET', '/temporal/entities/urn:x:1', 'timerel=after&timeAt=2026-11-20T00:00:00Z', '/temporal/entities/urn:x:1?timerel=after&timeAt=2026-11-20T00%3A00%3A00Z'],
    ['GET', '/temporal/entities', 'type=A&lastN=5', '/temporal/entities?type=A&lastN=5'],
    ['GET', '/types', 'details=true', '/types?details=true'],
    ['GET', '/attributes', '', '/attributes'],
    ['POST', '/entityOperations/query', 'limit=100', '/entityOperations/query?limit=100'],
    ['GET', '/entities/caf%C3%A9', '', '/entities/caf%C3%A9'],
  ])('%s %s?%s', (method, path, query, target) => {
    expect(allowForward(method, path, query)).toEqual({ ok: true, value: { target } })
  })

  it.each<[why: string, method: string, path: string, query: string, status: number]>([
    ['writing', 'POST', '/entities', '', 405],
    ['deleting', 'DELETE', '/entities/urn:x:1', '', 405],
    ['changing', 'PATCH', '/entities/urn:x:1', '', 405],
    ['reading by HEAD', 'HEAD', '/entities', '', 405],
    ['a batch write', 'POST', '/entityOperations/upsert', '', 404],
    ['querying by GET', 'GET', '/entityOperations/query', '', 405],
    ['subscriptions', 'GET', '/subscriptions', '', 404],
    ['one subscription', 'GET', '/subscriptions/urn:x:1', '', 404],
    ['registrations', 'GET', '/csourceRegistrations', '', 404],
    ['contexts', 'GET', '/jsonldContexts', '', 404],
    ['attributes of an entity', 'GET', '/entities/urn:x:1/attrs', '', 404],
    ['the temporal query by POST', 'POST', '/temporal/entityOperations/query', '', 404],
    ['the way up', 'GET', '/entities/../subscriptions', '', 400],
    ['the way up, hidden', 'GET', '/entities/%2e%2e/subscriptions', '', 400],
    ['the way up, hidden twice', 'GET', '/entities/%252e%252e', '', 400],
    ['a slash in an id', 'GET', '/entities/a%2Fb', '', 400],
    ['a backslash', 'GET', '/entities/a%5cb', '', 400],
    ['a bare backslash', 'GET', '/entities\\..\\admin', '', 400],
    ['an empty part', 'GET', '/entities//x', '', 400],
    ['another host', 'GET', '//evil.example/entities', '', 400],
    ['a whole address', 'GET', 'http://evil.example/entities', '', 400],
    ['a user in the address', 'GET', '@evil.example/entities', '', 400],
    ['a line end', 'GET', '/entities/a%0d%0aHost:%20evil', '', 400],
    ['a zero', 'GET', '/entities/a%00', '', 400],
    ['a query in the path', 'GET', '/entities/a%3Fb=c', '', 400],
    ['a fragment in the path', 'GET', '/entities/a%23b', '', 400],
    ['what is not UTF-8', 'GET', '/entities/%ff', '', 400],
    ['a parameter that is not on the list', 'GET', '/entities', 'type=A&url=http://x', 400],
    ['linked entities', 'GET', '/entities', 'type=A&join=inline', 400],
    ['a limit too high', 'GET', '/entities', 'type=A&limit=100000', 400],
    ['a limit that is none', 'GET', '/entities', 'type=A&limit=-1', 400],
    ['an address without end', 'GET', `/entities/${'a'.repeat(9_000)}`, '', 414],
  ])('refuses %s', (_, method, path, query, status) => {
    expect(allowForward(method, path, query)).toMatchObject({ ok: false, error: { status } })
  })

  test.prop([fc.constantFrom('GET', 'POST'), fc.string({ unit: 'binary' }), fc.string()])('whatever is asked, a target stays under the API', (method, path, query) => {
    const allowed = allowForward(method, `/${path}`, query)
    if (!allowed.ok) return
    const url = new URL(`http://broker.example/base/ngsi-ld/v1${allowed.value.target}`)
    expect(url.host).toBe('broker.example')
    expect(url.pathname.startsWith('/base/ngsi-ld/v1/')).toBe(true)
  })

  test.prop([fc.string({ minLength: 1 }).filter((id) => !/[%/\\?#]|^\.\.?$/.test(id) && ![...id].some((c) => c < ' ' || c === '\u007F'))])('an id arrives as it was meant', (id) => {
    const allowed = allowForward('GET', `/entities/${encodeURIComponent(id)}`, '')
    expect(allowed.ok && decodeURIComponent(allowed.value.target)).toBe(`/entities/${id}`)
  })
})
