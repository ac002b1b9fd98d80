/** Forwarding over real sockets: what reaches the broker, and what comes back. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeBroker, type FakeBroker } from '../../test/fake-broker.ts'
import type { BrokerAddress } from './broker-address.ts'
import { createForwarder, FORWARD_LIMITS, type ForwardLimits } from './forward.ts'
import { createLogger } from './log.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

interface Running {
  readonly url: string
  readonly broker: FakeBroker
  readonly lines: string[]
}

async function start(limits: Partial<ForwardLimits> = {}, address: Partial<BrokerAddress> = {}): Promise<Running> {
  const broker = await startFakeBroker()
  endings.push(() => broker.close())
  const lines: string[] = []
  const forwarder = createForwarder({ log: createLogger((line) => lines.push(line)), limits: { ...FORWARD_LIMITS, ...limits } })
  const own: BrokerAddress = {
    city: 'porto',
    broker: 'main',
    apiUrl: `${broker.url}/ngsi-ld/v1`,
    headers: { authorization: 'Bearer s3cret' },
    tenant: 'porto',
    context: 'https://example.org/context.jsonld',
    timeoutMs: 1_000,
    profile: 'generic',
    isEmbedded: false,
    ...address,
  }
  const server = createServer((request, response) => {
    const [path = '', query = ''] = request.url!.split('?')
    void forwarder.handle(request, response, own, path, query)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, broker, lines }
}

function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

describe('the forwarder', () => {
  it('adds tenant, context and token, and passes on nothing else of the reader', async () => {
    const { url, broker } = await start()
    broker.answer = (_, response) => json(response, [{ id: 'urn:x:1' }], { 'ngsild-results-count': '1', 'set-cookie': 'a=b', server: 'orion', link: '<http://inside:1026/x>; rel="next"' })
    const response = await fetch(`${url}/entities?type=A&count=true`, {
      headers: { cookie: 'session=1', authorization: 'Bearer mine', 'ngsild-tenant': 'lisbon', 'x-forwarded-for': '1.2.3.4', accept: 'application/geo+json' },
    })
    expect(await response.json()).toEqual([{ id: 'urn:x:1' }])
    expect(response.headers.get('ngsild-results-count')).toBe('1')
    for (const name of ['set-cookie', 'server', 'link']) expect(response.headers.get(name)).toBeNull()
    const [asked] = broker.asked
    expect(asked!.url).toBe('/ngsi-ld/v1/entities?type=A&count=true')
    expect(asked!.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'ngsild-tenant': 'porto',
      accept: 'application/geo+json',
      link: '<https://example.org/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
    })
    expect(asked!.headers).not.toHaveProperty('cookie')
    expect(asked!.headers).not.toHaveProperty('x-forwarded-for')
  })

  it('never asks the broker what it refuses', async () => {
    const { url, broker } = await start()
    for (const [method, path] of [['DELETE', '/entities/urn:x:1'], ['GET', '/subscriptions'], ['GET', '/entities/%2e%2e/x'], ['POST', '/entities']] as const) {
      const response = await fetch(`${url}${path}`, { method })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ type: expect.stringContaining('https://uri.etsi.org/ngsi-ld/errors/'), title: expect.any(String) })
    }
    expect(broker.asked).toEqual([])
  })

  it('passes on the broker\'s own refusal with its status', async () => {
    const { url, broker } = await start()
    broker.answer = (_, response) => json(response, { type: 'https://uri.etsi.org/ngsi-ld/errors/TooManyResults', title: 'too many' }, {}, 403)
    const response = await fetch(`${url}/entities?type=A`)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ title: 'too many' })
  })

  it('follows no redirect', async () => {
    const { url, broker } = await start()
    broker.answer = (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
    const response = await fetch(`${url}/entities?type=A`, { redirect: 'manual' })
    expect(response.status).toBe(502)
    expect(response.headers.get('location')).toBeNull()
    expect(broker.asked).toHaveLength(1)
  })

  it('does not let a broker serve a page on this origin', async () => {
    const { url, broker } = await start()
    broker.answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<script>alert(1)</script>')
    const response = await fetch(`${url}/entities?type=A`)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('says that a broker is down or slow, without naming the inside', async () => {
    const { url, broker, lines } = await start({}, { timeoutMs: 100 })
    broker.answer = () => undefined
    const slow = await fetch(`${url}/entities?type=A`)
    expect(slow.status).toBe(504)
    await broker.close()
    const down = await fetch(`${url}/entities?type=A`)
    expect(down.status).toBe(502)
    expect(await down.text()).not.toMatch(/127\.0\.0\.1|ECONN/)
    expect(lines.join('')).toContain('ECONNREFUSED')
    expect(lines.join('')).not.toContain('s3cret')
  })

  it('bounds an answer, declared or not: half of one never looks whole', async () => {
    const { url, broker } = await start({ maxResponseBytes: 1_000 })
    broker.answer = (_, response) => json(response, 'x'.repeat(2_000), { 'content-length': '2002' })
    expect((await fetch(`${url}/entities?type=A`)).status).toBe(502)
    broker.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      for (let i = 0; i < 20; i++) response.write('x'.repeat(1_000))
      response.end()
    }
    await expect(fetch(`${url}/entities?type=A`).then((response) => response.text())).rejects.toThrow(/terminated|aborted|fetch failed/)
  })

  it('forwards a query only as JSON of type Query, and not a long one', async () => {
    const { url, broker } = await start({ maxRequestBytes: 500 })
    const post = (body: string, type = 'application/json') => fetch(`${url}/entityOperations/query`, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await post('{"type":"Query","entities":[{"type":"A"}]}')).status).toBe(200)
    expect(broker.asked).toHaveLength(1)
    expect((await post('{"type":"Subscription"}')).status).toBe(400)
    expect((await post('not json')).status).toBe(400)
    expect((await post('{"type":"Query"}', 'text/plain')).status).toBe(415)
    expect((await post(`{"type":"Query","q":"${'a'.repeat(600)}"}`)).status).toBe(413)
    expect(broker.asked).toHaveLength(1)
  })

  it('asks only so many at once', async () => {
    const { url, broker } = await start({ maxConcurrent: 1 })
    let release: (() => void) | undefined
    const held = new Promise<void>((resolve) => {
      broker.answer = (_, response) => {
        release = () => json(response, [])
        resolve()
      }
    })
    const first = fetch(`${url}/entities?type=A`)
    await held
    const second = await fetch(`${url}/entities?type=A`)
    expect(second.status).toBe(503)
    expect(second.headers.get('retry-after')).toBe('2')
    release?.()
    expect((await first).status).toBe(200)
  })
})
