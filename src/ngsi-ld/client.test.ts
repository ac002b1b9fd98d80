import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fc, test } from '@fast-check/vitest'
import { afterEach, describe, expect, it } from 'vitest'
import type { EpochMs } from '../core/time/instant.ts'
import { createClient, type ClientOptions, type EntityPage, type FetchLike, type NgsiLdClient, type NgsiLdError } from './client.ts'
import type { Result } from '../core/result.ts'
import { jsonOf, type Json } from './entity.ts'
import { profileOf } from './profile/profiles.ts'
import { parseContentRange } from './temporal-client.ts'

interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: Record<string, string>
  readonly body: unknown
}

interface Told {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly text?: string
}

/** A client whose broker is a function; what was asked is kept. */
function clientOf(answer: (asked: Asked, count: number) => Told, options: Partial<ClientOptions> = {}): { readonly client: NgsiLdClient; readonly asked: Asked[] } {
  const asked: Asked[] = []
  const fetch: FetchLike = (url, { method, headers, body }) => {
    asked.push({ method, url: new URL(url), headers, body: body === undefined ? undefined : JSON.parse(body) })
    const { status = 200, headers: told = {}, body: json, text = json === undefined ? '' : JSON.stringify(json) } = answer(asked.at(-1)!, asked.length)
    return Promise.resolve(new Response([204, 304].includes(status) ? null : text, { status, headers: told }))
  }
  return { client: createClient({ fetch, baseUrl: 'http://broker:1026', ...options }), asked }
}

async function all(pages: AsyncIterable<Result<EntityPage, NgsiLdError>>): Promise<readonly Result<EntityPage, NgsiLdError>[]> {
  const list: Result<EntityPage, NgsiLdError>[] = []
  for await (const page of pages) list.push(page)
  return list
}

function entities(from: number, count: number): { readonly id: string; readonly type: string }[] {
  return Array.from({ length: count }, (_, index) => ({ id: `urn:e:${from + index}`, type: 'T' }))
}

/** A broker that pages through `total` entities. */
function paging(total: number, headers: Record<string, string> = {}): (asked: Asked) => Told {
  return ({ url }) => {
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 20)
    return { body: entities(offset, Math.max(0, Math.min(limit, total - offset))), headers }
  }
}

/** What whoever understands a restart is left with. */
function lastReading(pages: readonly Result<EntityPage, NgsiLdError>[]): readonly Json[] {
  return pages.slice(Math.max(0, pages.findLastIndex((page) => page.ok && page.value.isRestart === true))).flatMap((page) => (page.ok ? page.value.entities : []))
}

/** A broker whose list changes between two pages: `change` is told how many it has given. */
function shifting(held: readonly Json[], change: (pages: number) => void): (asked: Asked, count: number) => Told {
  return ({ url }, count) => {
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const told = { body: held.slice(offset, offset + Number(url.searchParams.get('limit'))), headers: { 'NGSILD-Results-Count': String(held.length) } }
    change(count)
    return told
  }
}

describe('queryEntities', () => {
  it('asks for pages of a hundred until one is short', async () => {
    const { client, asked } = clientOf(paging(250))
    const pages = await all(client.queryEntities({ types: ['T'] }))
    expect(pages.map((page) => page.ok && [page.value.entities.length, page.value.end])).toEqual([[100, undefined], [100, undefined], [50, 'complete']])
    expect(asked.map(({ url }) => url.search)).toEqual(['?type=T&limit=100&count=true', '?type=T&limit=100&offset=100&count=true', '?type=T&limit=100&offset=200&count=true'])
  })

  it('stops at the count, without a page for nothing', async () => {
    const { client, asked } = clientOf(paging(200, { 'NGSILD-Results-Count': '200' }))
    const pages = await all(client.queryEntities({ types: ['T'] }))
    expect(pages.at(-1)).toMatchObject({ ok: true, value: { total: 200, end: 'complete' } })
    expect(asked).toHaveLength(2)
  })

  it('goes on from what came where the broker gives less than asked for but counts', async () => {
    const { client } = clientOf(({ url }) => ({ body: entities(Number(url.searchParams.get('offset') ?? 0), 30).slice(0, 70 - Number(url.searchParams.get('offset') ?? 0)), headers: { 'NGSILD-Results-Count': '70' } }))
    const pages = await all(client.queryEntities({ types: ['T'] }))
    expect(pages.flatMap((page) => (page.ok ? page.value.entities : []))).toEqual(entities(0, 70))
  })

  it('never gives an id twice, and does not turn in circles where the offset is ignored', async () => {
    const { client, asked } = clientOf(() => ({ body: entities(0, 100) }))
    const pages = await all(client.queryEntities({ types: ['T'] }))
    expect(pages.map((page) => page.ok && [page.value.entities.length, page.value.end])).toEqual([[100, undefined], [0, 'complete']])
    expect(asked).toHaveLength(2)
  })

  it('reads a list again that has shrunk under it', async () => {
    const held = entities(0, 250)
    const { client, asked } = clientOf(shifting(held, (page) => {
        if (page === 1) held.splice(10, 3)
      }))
    const pages = await all(client.queryEntities({ types: ['T'] }, { mayRestart: true }))
    expect(lastReading(pages)).toEqual(held)
    expect(pages.at(-1)).toMatchObject({ ok: true, value: { end: 'complete' } })
    expect(asked.map(({ url }) => Number(url.searchParams.get('offset') ?? 0))).toEqual([0, 100, 200, 0, 100, 200])
  })

  it('takes a count that is never reached for what it is', async () => {
    const { client, asked } = clientOf(() => ({ body: entities(0, 100), headers: { 'NGSILD-Results-Count': '900' } }))
    const pages = await all(client.queryEntities({ types: ['T'] }, { mayRestart: true }))
    expect(lastReading(pages)).toEqual(entities(0, 100))
    expect(pages.at(-1)).toMatchObject({ ok: true, value: { end: 'complete' } })
    expect(asked).toHaveLength(4)
  })

  // More than so many readings of a list that always shrinks are not made.
  const moves = fc.array(fc.record({ page: fc.nat(8), at: fc.nat(400), count: fc.integer({ min: 1, max: 150 }) }), { maxLength: 3 })

  test.prop([fc.nat(400), fc.boolean(), moves], { seed: 20_261 })('gives all that was there the whole time, whatever leaves or joins the list meanwhile', async (length, shrinks, changes) => {
    const held = entities(0, length)
    let joined = 10_000
    const { client } = clientOf(
      shifting(held, (page) => {
        for (const change of changes) {
          if (change.page !== page) continue
          if (shrinks) held.splice(change.at, change.count)
          else held.splice(change.at, 0, ...entities((joined += 1_000), change.count))
        }
      }),
    )
    const pages = await all(client.queryEntities({ types: ['T'] }, { mayRestart: true }))
    const ids = new Set(lastReading(pages).map((entity) => (entity as { id: string }).id))
    // What joined late may be on the part that was read before.
    const stayed = new Set(entities(0, length).map(({ id }) => id))
    expect(held.filter(({ id }) => stayed.has(id) && !ids.has(id))).toEqual([])
    expect(pages.at(-1)).toMatchObject({ ok: true, value: { end: 'complete' } })
  })

  it('says when it stopped at the safety cap', async () => {
    const { client } = clientOf(paging(1_000))
    const pages = await all(client.queryEntities({ types: ['T'] }, { maxEntities: 150 }))
    expect(pages.map((page) => page.ok && [page.value.entities.length, page.value.end])).toEqual([[100, undefined], [50, 'capped']])
    const exact = await all(clientOf(paging(100, { 'NGSILD-Results-Count': '100' })).client.queryEntities({}, { maxEntities: 100 }))
    expect(exact.map((page) => page.ok && page.value.end)).toEqual(['complete'])
  })

  it('takes a smaller page where the operator of the broker allows less than its makers', async () => {
    const { client, asked } = clientOf(({ url }) => (Number(url.searchParams.get('limit')) > 100 ? { status: 403, body: { type: 'https://uri.etsi.org/ngsi-ld/errors/TooManyResults', title: 'limit' } } : paging(150)({ method: 'GET', url, headers: {}, body: undefined })), { profile: () => profileOf('scorpio') })
    const pages = await all(client.queryEntities({ types: ['T'] }))
    expect(pages.every(({ ok }) => ok)).toBe(true)
    expect(pages.flatMap((page) => (page.ok ? page.value.entities : []))).toEqual(entities(0, 150))
    expect(asked.map(({ url }) => url.searchParams.get('limit'))).toEqual(['1000', '100', '100'])
  })

  it('sends a query that is too long for an address as a body', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `urn:ngsi-ld:Device:${index}`)
    const { client, asked } = clientOf(() => ({ body: [] }))
    await all(client.queryEntities({ types: ['Device'], ids }))
    expect(asked[0]).toMatchObject({ method: 'POST', body: { type: 'Query' }, headers: { 'Content-Type': 'application/json' } })
    expect(asked[0]!.url.pathname + asked[0]!.url.search).toBe('/ngsi-ld/v1/entityOperations/query?limit=100&count=true')
  })

  it('takes a FeatureCollection, and a list of one reduced to its entity', async () => {
    expect(await all(clientOf(() => ({ body: { type: 'FeatureCollection', features: entities(0, 2) } })).client.queryEntities({}))).toMatchObject([{ value: { entities: entities(0, 2) } }])
    expect(await all(clientOf(() => ({ body: entities(0, 1)[0] })).client.queryEntities({}))).toMatchObject([{ value: { entities: entities(0, 1) } }])
  })

  it('gives the pages before an error, then the error, then nothing', async () => {
    const { client } = clientOf((_, count) => (count === 1 ? { body: entities(0, 100) } : { status: 403, body: { type: 'https://uri.etsi.org/ngsi-ld/errors/TooManyResults', title: 'limit' } }))
    expect(await all(client.queryEntities({}))).toMatchObject([{ ok: true }, { ok: false, error: { kind: 'problem', name: 'TooManyResults', status: 403, title: 'limit' } }])
  })
})

describe('any call', () => {
  it('sends tenant, context, further headers', async () => {
    const { client, asked } = clientOf(() => ({ body: {} }), { tenant: 'porto', context: 'https://x/c.jsonld', headers: { Authorization: 'Bearer t' } })
    await client.retrieveEntity('urn:a')
    expect(asked[0]!.headers).toEqual({ Accept: 'application/json', Authorization: 'Bearer t', 'NGSILD-Tenant': 'porto', Link: '<https://x/c.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"' })
  })

  it('builds addresses from a base with or without the API path, and encodes ids', async () => {
    for (const baseUrl of ['http://broker:1026', 'http://broker:1026/', 'http://broker:1026/ngsi-ld/v1/']) {
      const { client, asked } = clientOf(() => ({ body: {} }), { baseUrl })
      await client.retrieveEntity('urn:a/../b?c')
      expect(asked[0]!.url.href).toBe('http://broker:1026/ngsi-ld/v1/entities/urn%3Aa%2F..%2Fb%3Fc')
    }
  })

  it.each<[string, Told, object]>([
    ['a problem', { status: 404, body: { type: 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound', title: 'gone', detail: 'urn:a' } }, { kind: 'problem', name: 'ResourceNotFound', status: 404, title: 'gone', detail: 'urn:a' }],
    ['an error page', { status: 502, text: '<html>Bad Gateway</html>' }, { kind: 'problem', status: 502, title: '<html>Bad Gateway</html>' }],
    ['an error without a body', { status: 503 }, { kind: 'problem', status: 503, title: 'HTTP 503' }],
    ['an error that comes with 200', { status: 200, body: { success: false, message: 'Failed to authenticate token.' } }, { kind: 'problem', status: 200, title: 'Failed to authenticate token.' }],
    ['a page that is not JSON', { status: 200, text: '<html>' }, { kind: 'malformed', status: 200, detail: 'expected JSON, got "<html>"' }],
    ['another shape', { status: 200, body: 5 }, { kind: 'malformed', status: 200 }],
    ['a redirect that a fetch lets through', { status: 302, headers: { location: 'http://elsewhere/' } }, { kind: 'malformed', status: 302, detail: 'expected an answer, got a redirect to http://elsewhere/, which is not followed' }],
    ['more than it may', { status: 200, body: 'x'.repeat(2_000) }, { kind: 'too-large', detail: 'expected at most 1000 bytes' }],
    ['an announced length over the bound', { status: 200, body: 5, headers: { 'content-length': '5000' } }, { kind: 'too-large' }],
  ])('answered with %s is a tagged error', async (_, told, error) => {
    const { client } = clientOf(() => told, { maxBodyBytes: 1_000 })
    expect(await client.retrieveEntity('urn:a')).toMatchObject({ ok: false, error })
  })

  it('that fails to reach the broker says so', async () => {
    expect(await createClient({ fetch: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })), baseUrl: 'http://broker' }).types()).toEqual({ ok: false, error: { kind: 'unreachable', detail: 'GET http://broker/ngsi-ld/v1/types: fetch failed: connect ECONNREFUSED' } })
  })

  it('ends when its signal aborts, also when fetch takes no notice, and at once when it has aborted before', async () => {
    const controller = new AbortController()
    const client = createClient({ fetch: () => new Promise(() => undefined), baseUrl: 'http://broker' })
    const answer = client.types({ signal: controller.signal })
    controller.abort()
    expect(await answer).toMatchObject({ ok: false, error: { kind: 'aborted' } })
    expect(await client.types({ signal: controller.signal })).toMatchObject({ ok: false, error: { kind: 'aborted' } })
  })

  it('ends when the wait it is given is over, and stops waiting when there is an answer', async () => {
    const late = createClient({ fetch: () => new Promise(() => undefined), baseUrl: 'http://broker', timeoutMs: 7, wait: (ms) => Promise.resolve(expect(ms).toBe(7)) })
    expect(await late.types()).toEqual({ ok: false, error: { kind: 'timeout', detail: 'GET http://broker/ngsi-ld/v1/types: no answer within 7 ms' } })
    let isCancelled = false
    const { client } = clientOf(() => ({ body: [] }), { wait: (_, signal) => new Promise(() => signal.addEventListener('abort', () => (isCancelled = true))) })
    expect((await client.types()).ok).toBe(true)
    expect(isCancelled).toBe(true)
  })

  it('tells the broker’s date', async () => {
    const heard: unknown[] = []
    const { client } = clientOf(() => ({ body: [], headers: { date: 'Fri, 20 Nov 2026 08:00:00 GMT' } }), { onAnswer: (answer) => heard.push(answer) })
    await client.types()
    expect(heard).toEqual([{ status: 200, date: 'Fri, 20 Nov 2026 08:00:00 GMT' }])
  })
})

describe('subscriptions', () => {
  const subscription = { id: 'urn:s:1', entities: [{ type: 'T' }], notification: { endpoint: { uri: 'http://relay/k' } } }

  it('are created with the id of the Location, else one’s own', async () => {
    const { client, asked } = clientOf(() => ({ status: 201, headers: { location: '/ngsi-ld/v1/subscriptions/urn%3As%3A2' } }))
    expect(await client.createSubscription(subscription)).toEqual({ ok: true, value: 'urn:s:2' })
    expect(asked[0]).toMatchObject({ method: 'POST', body: { id: 'urn:s:1', type: 'Subscription' } })
    expect(await clientOf(() => ({ status: 201 })).client.createSubscription(subscription)).toEqual({ ok: true, value: 'urn:s:1' })
    const { id: _, ...anonymous } = subscription
    expect(await clientOf(() => ({ status: 201 })).client.createSubscription(anonymous)).toMatchObject({ ok: false, error: { kind: 'malformed' } })
  })

  it('are changed, deleted and read', async () => {
    const { client, asked } = clientOf(({ method }) => (method === 'GET' ? { body: { ...subscription, type: 'Subscription', status: 'active' } } : { status: 204 }))
    expect(await client.patchSubscription('urn:s:1', { isActive: true })).toEqual({ ok: true, value: undefined })
    expect(await client.deleteSubscription('urn:s:1')).toEqual({ ok: true, value: undefined })
    expect(await client.retrieveSubscription('urn:s:1')).toMatchObject({ ok: true, value: { id: 'urn:s:1', state: { status: 'active' } } })
    expect(asked.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual(['PATCH', 'DELETE', 'GET'].map((method) => `${method} /ngsi-ld/v1/subscriptions/urn%3As%3A1`))
  })

  it('are listed page by page; one that cannot be read is told of', async () => {
    const body = Array.from({ length: 120 }, (_, index) => ({ ...subscription, id: `urn:s:${index}`, type: index === 3 ? 'X' : 'Subscription' }))
    const { client } = clientOf(({ url }) => ({ body: body.slice(Number(url.searchParams.get('offset') ?? 0)).slice(0, 100) }))
    const list = await client.listSubscriptions()
    expect(list.ok && [list.value.subscriptions.length, list.value.rejected, list.value.end]).toEqual([119, [{ id: 'urn:s:3', path: 'type', reason: 'expected "Subscription", got "X"' }], 'complete'])
  })
})

const HOUR = 3_600_000

function at(ms: number): string {
  return new Date(ms).toISOString()
}

function hoursOf(history: Awaited<ReturnType<NgsiLdClient['queryTemporal']>>): readonly unknown[] {
  return history.ok ? (history.value.entities[0]?.attributes.get('level') ?? []).map(jsonOf) : [history.error]
}

describe('history', () => {
  /** A broker with one instance each hour in [0, 24), which gives at most five at once. */
  function partial(asked: Asked): Told {
    const parameters = asked.url.searchParams
    const timeAt = Date.parse(parameters.get('timeAt') ?? at(0))
    const lastN = Number(parameters.get('lastN') ?? 0)
    const inRange = Array.from({ length: 24 }, (_, hour) => hour * HOUR).filter((ms) => {
      switch (parameters.get('timerel')) {
        case 'after':
          return ms > timeAt
        case 'before':
          return ms < timeAt
        case 'between':
          return ms >= timeAt && ms < Date.parse(parameters.get('endTimeAt')!)
        default:
          return true
      }
    })
    const wanted = lastN > 0 ? inRange.slice(-lastN).toReversed() : inRange
    const given = wanted.slice(0, 5)
    const body = [{ id: 'urn:a', type: 'T', level: { type: 'Property', values: given.map((ms) => [ms / HOUR, at(ms)]) } }]
    if (given.length === wanted.length) return { body }
    return { status: 206, body, headers: { 'Content-Range': `date-time ${at(given[0]!)}-${at(given.at(-1)!)}/*` } }
  }

  it.each([
    ['all of it', {}, 0, 23],
    ['what is after', { timerel: 'after', timeAtMs: 2 * HOUR }, 3, 23],
    ['what is before', { timerel: 'before', timeAtMs: 9 * HOUR }, 0, 8],
    ['what is between', { timerel: 'between', timeAtMs: 3 * HOUR, endTimeAtMs: 20 * HOUR }, 3, 19],
  ] as const)('in parts (206) is read to its end: %s', async (_, when, first, last) => {
    const { client } = clientOf(partial)
    const history = await client.queryTemporal({ entities: { types: ['T'] }, form: 'temporalValues', ...when })
    expect(hoursOf(history)).toEqual(Array.from({ length: last - first + 1 }, (__, index) => first + index))
    expect(history).toMatchObject({ ok: true, value: { isComplete: true, form: 'temporalValues', rejected: [] } })
  })

  it.each([
    ['the newest twelve', { lastN: 12 }, 23, 12],
    ['the newest twelve before', { lastN: 12, timerel: 'before', timeAtMs: 20 * HOUR }, 19, 8],
    ['the newest twelve, of which there are eight', { lastN: 12, timerel: 'after', timeAtMs: 15 * HOUR }, 23, 16],
  ] as const)('runs backwards with lastN: %s', async (_, when, newest, oldest) => {
    const { client } = clientOf(partial)
    const history = await client.retrieveTemporal('urn:a', when)
    expect(hoursOf(history)).toEqual(Array.from({ length: newest - oldest + 1 }, (__, index) => newest - index))
    expect(history).toMatchObject({ ok: true, value: { isComplete: true } })
  })

  it('says when it is not complete: too many parts, or a range that does not advance', async () => {
    expect(await clientOf(partial).client.queryTemporal({}, { maxParts: 2 })).toMatchObject({ ok: true, value: { isComplete: false } })
    const stuck: Told = { status: 206, body: [], headers: { 'Content-Range': `date-time ${at(0)}-${at(HOUR)}/*` } }
    const { client, asked } = clientOf(() => stuck)
    expect(await client.queryTemporal({ timerel: 'after', timeAtMs: 0 })).toMatchObject({ ok: true, value: { isComplete: false } })
    expect(asked).toHaveLength(2)
    expect(await clientOf(() => ({ ...stuck, headers: {} })).client.queryTemporal({})).toMatchObject({ ok: true, value: { isComplete: false } })
  })

  it('falls back to values where aggregation is refused, and says which form came', async () => {
    const { client, asked } = clientOf(({ url }) => (url.searchParams.get('options') === 'aggregatedValues' ? { status: 501, body: { title: 'not implemented' } } : { body: [] }))
    const history = await client.queryTemporal({ timerel: 'after', timeAtMs: 0, form: 'aggregatedValues', aggregation: { methods: ['avg'], period: 'PT1H' } })
    expect(history).toMatchObject({ ok: true, value: { form: 'temporalValues', isComplete: true } })
    expect(asked.map(({ url }) => [url.searchParams.get('options'), url.searchParams.get('aggrMethods')])).toEqual([['aggregatedValues', 'avg'], ['temporalValues', null]])
  })

  it('does not fall back where the entity is not there', async () => {
    const { client, asked } = clientOf(() => ({ status: 404 }))
    expect(await client.retrieveTemporal('urn:a', { form: 'aggregatedValues' })).toMatchObject({ ok: false, error: { status: 404 } })
    expect(asked).toHaveLength(1)
  })

  it('is asked of Mintaka where that stands beside the broker', async () => {
    const { client, asked } = clientOf(() => ({ body: [] }), { temporalBaseUrl: 'http://mintaka:8080' })
    await client.queryTemporal({})
    expect(asked[0]!.url.host).toBe('mintaka:8080')
  })

  it.each([
    ['date-time 2020-08-01T12:03:00Z-2020-08-01T13:05:00.123456Z/*', [Date.UTC(2020, 7, 1, 12, 3), Date.UTC(2020, 7, 1, 13, 5, 0, 123)]],
    ['date-time 2020-08-01T12:03:00Z-2020-08-01T13:05:00Z/100', [Date.UTC(2020, 7, 1, 12, 3), Date.UTC(2020, 7, 1, 13, 5)]],
    ['bytes 0-5/10', undefined],
    [null, undefined],
  ])('has its range in %s', (header, expected) => {
    const range = parseContentRange(header)
    expect(range && [range.startMs, range.endMs] satisfies EpochMs[]).toEqual(expected)
  })
})

describe('over a real socket, with the fetch of the platform', () => {
  let server: Server | undefined
  afterEach(async () => {
    server?.closeAllConnections()
    await new Promise<unknown>((done) => (server === undefined ? done(undefined) : server.close(done)))
    server = undefined
  })

  async function serve(listener: RequestListener, options: Partial<ClientOptions> = {}): Promise<NgsiLdClient> {
    const started = createServer(listener)
    server = started
    await new Promise<void>((done) => started.listen(0, '127.0.0.1', done))
    return createClient({ fetch, baseUrl: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, ...options })
  }

  it('reads text that is split within a character', async () => {
    const client = await serve((_, response) => {
      const bytes = Buffer.from(JSON.stringify({ id: 'urn:a', type: 'T', name: 'São João ☂' }))
      response.write(bytes.subarray(0, 34))
      setImmediate(() => response.end(bytes.subarray(34)))
    })
    expect(await client.retrieveEntity('urn:a')).toEqual({ ok: true, value: { id: 'urn:a', type: 'T', name: 'São João ☂' } })
  })

  it('does not follow a redirect', async () => {
    const paths: unknown[] = []
    const client = await serve((request, response) => {
      paths.push(request.url)
      response.writeHead(302, { Location: '/elsewhere' }).end()
    })
    expect(await client.types()).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
    expect(paths).toEqual(['/ngsi-ld/v1/types'])
  })

  it('stops an answer without end at the bound', async () => {
    const client = await serve(
      (_, response) => {
        const more = (): void => {
          if (!response.destroyed) response.write('[1],'.repeat(1_000), () => setImmediate(more))
        }
        more()
      },
      { maxBodyBytes: 100_000 },
    )
    expect(await client.types()).toMatchObject({ ok: false, error: { kind: 'too-large' } })
  })

  it('closes the connection when it is aborted', async () => {
    const controller = new AbortController()
    let closed: Promise<unknown> | undefined
    const client = await serve((_, response) => {
      closed = once(response, 'close')
      controller.abort()
    })
    expect(await client.types({ signal: controller.signal })).toMatchObject({ ok: false, error: { kind: 'aborted' } })
    await closed
  })

  it('says that nobody listens', async () => {
    const client = await serve(() => undefined)
    await new Promise((done) => server!.close(done))
    const answer = await client.types()
    expect(answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
    expect(!answer.ok && answer.error.detail).toContain('ECONNREFUSED')
  })
})
