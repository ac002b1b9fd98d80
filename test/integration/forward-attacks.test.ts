/**
 * The forwarder as an attacker meets it, byte by byte over real sockets. Whatever is sent: nothing reaches a broker but
 * reading questions at the configured address, with the configured tenant, and one request is never two.
 */
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { startFakeBroker, type FakeBroker } from '../fake-broker.ts'

let broker: FakeBroker
let server: RunningServer

beforeAll(async () => {
  broker = await startFakeBroker()
  const city = { id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [{ id: 'far', profile: 'generic', url: broker.url, tenant: 'porto' }] }
  const parsed = parseConfiguration({ cities: [city] }, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  server = await startServer({ configuration: parsed.value, port: 0, host: '127.0.0.1', log: createLogger(() => undefined), pageFolder: '/nonexistent', http: { headersTimeout: 400, requestTimeout: 800, connectionsCheckingInterval: 50 } })
})
afterAll(async () => {
  await server.close()
  await broker.close()
})
afterEach(() => {
  broker.asked.length = 0
})

/** Sends bytes as they are; gives all that came back once the other end has closed. */
function send(bytes: string, { andWait = true } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!andWait) socket.end()
    })
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
  })
}

const API = '/api/cities/porto/brokers/far/ngsi-ld/v1'
const get = (target: string, headers = ''): string => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${headers}Connection: close\r\n\r\n`
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
/** What pages asked, without the relay's own business. */
const forwarded = () => broker.asked.filter(({ url }) => !url.startsWith('/ngsi-ld/v1/subscriptions'))
const post = (body: string, headers = 'Content-Type: application/json\r\n'): string => `POST ${API}/entityOperations/query HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`

describe('the forwarder', () => {
  it.each<[what: string, target: string]>([
    ['an absolute target', 'http://169.254.169.254/latest/meta-data'],
    ['an absolute target with our path', `http://evil.example${API}/entities?type=A`],
    ['another host in the path', `//evil.example${API}/entities`],
    ['a user and a host', `${API}@evil.example/entities`],
    ['a broker that is no broker of ours', '/api/cities/porto/brokers/http:%2f%2fevil.example/ngsi-ld/v1/entities'],
    ['a city named like a member of all objects', '/api/cities/__proto__/brokers/far/ngsi-ld/v1/entities'],
    ['the way up', `${API}/../../../../admin`],
    ['the way up, encoded', `${API}/entities/%2e%2e%2fsubscriptions`],
    ['an encoded slash', `${API}/entities%2fx`],
    ['an encoded slash, twice', `${API}/entities%252f..%252fsubscriptions`],
    ['a backslash', `${API}/entities\\..\\subscriptions`],
    ['overlong UTF-8', `${API}/entities/%c0%ae%c0%ae`],
    ['a matrix parameter beside the path', `${API}/subscriptions;x=/entities`],
    ['an encoded line end', `${API}/entities/a%0d%0aHost:%20evil`],
    ['a line end in a value', `${API}/entities?type=A&q=a%0d%0aX-Evil:%201`],
    ['a zero in a value', `${API}/entities?type=A%00`],
    ['a method in the query', `${API}/entities?type=A&_method=DELETE`],
    ['an address in the query', `${API}/entities?type=A&url=http://evil.example`],
    ['a context to fetch', `${API}/entities?type=A&@context=http://evil.example`],
    ['a parameter given twice', `${API}/entities?type=A&limit=1&limit=1000`],
    ['subscriptions', `${API}/subscriptions`],
  ])('asks nobody for %s', async (_, target) => {
    const answer = await send(get(target))
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(forwarded()).toEqual([])
  })

  it('writes anew what stands in a value: no broker takes it for a parameter', async () => {
    await send(get(`${API}/entities?type=A;join=inline%26limit=1000`))
    expect(forwarded().map(({ url }) => url)).toEqual(['/ngsi-ld/v1/entities?type=A%3Bjoin%3Dinline%26limit%3D1000'])
  })

  it('passes on no header of the reader: no host, method, tenant, address or credential', async () => {
    const answer = await send(
      get(`${API}/entities?type=A`, 'X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\nX-Forwarded-Host: evil\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nNGSILD-Tenant: lisbon\r\nFiware-Service: lisbon\r\nLink: <http://evil.example/context>; rel="http://www.w3.org/ns/json-ld#context"\r\nAuthorization: Bearer mine\r\nCookie: a=b\r\nRange: bytes=0-1\r\nExpect: 100-continue\r\n'),
    )
    expect(answer).toContain('200 OK')
    const [asked] = forwarded()
    expect([asked!.method, asked!.headers.host, asked!.headers['ngsild-tenant']]).toEqual(['GET', new URL(broker.url).host, 'porto'])
    expect(Object.keys(asked!.headers).filter((name) => !/^(host|connection|accept|accept-language|accept-encoding|sec-fetch-mode|user-agent|ngsild-tenant)$/.test(name))).toEqual([])
  })

  it('is at the address of the configuration, whatever Host says', async () => {
    await send(`GET ${API}/entities?type=A HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
    expect(forwarded().map(({ headers }) => headers.host)).toEqual([new URL(broker.url).host])
  })

  it.each<[what: string, method: string]>([['CONNECT', 'CONNECT evil.example:443'], ['TRACE', `TRACE ${API}/entities`], ['PUT', `PUT ${API}/entities`], ['DELETE', `DELETE ${API}/entities/urn:x:1`], ['a method of its own', `PROPFIND ${API}/entities`]])('does not do %s', async (_, start) => {
    const answer = await send(`${start} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect([0, 400, 403, 404, 405, 501]).toContain(statusOf(answer))
    expect(forwarded()).toEqual([])
  })

  const smuggled = `GET ${API}/entities?type=Smuggled HTTP/1.1\r\nHost: x\r\n\r\n`
  it.each<[what: string, head: string, body: string]>([
    ['a length and chunks', 'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`],
    ['chunks and a length', `Transfer-Encoding: chunked\r\nContent-Length: 6\r\n`, `0\r\n\r\n${smuggled}`],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 60\r\n', smuggled],
    ['a length with a sign', 'Content-Length: +0\r\n', smuggled],
    ['chunks with a hidden name', 'Transfer-Encoding: xchunked\r\n', smuggled],
    ['chunks, and something after', 'Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled}`],
    ['a space before the colon', 'Content-Length : 0\r\n', smuggled],
    ['a folded header', 'X-A: b\r\n Content-Length: 0\r\n', smuggled],
    ['chunks with a broken size', 'Transfer-Encoding: chunked\r\n', `0x0\r\n\r\n${smuggled}`],
  ])('takes one request for one: %s', async (_, head, body) => {
    const answer = await send(`POST ${API}/entityOperations/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${head}\r\n${body}`)
    expect(statusOf(answer)).toBe(400)
    expect(forwarded()).toEqual([])
  })

  it('does not read a body as the next request', async () => {
    const answer = await send(`GET ${API}/entities?type=A HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\nConnection: close\r\n\r\n${smuggled}`)
    expect(statusOf(answer)).toBe(200)
    expect(forwarded().map(({ url }) => url)).toEqual(['/ngsi-ld/v1/entities?type=A'])
  })

  it.each<[what: string, body: string]>([
    ['a context to fetch', '{"type":"Query","entities":[{"type":"A"}],"@context":"http://evil.example/context.jsonld"}'],
    ['entities to join', '{"type":"Query","entities":[{"type":"A"}],"join":"inline"}'],
    ['sources to choose', '{"type":"Query","entities":[{"type":"A"}],"csf":"x"}'],
    ['a member of all objects', '{"type":"Query","__proto__":{"entities":[{"type":"A"}]}}'],
  ])('asks no broker a query with %s', async (_, body) => {
    expect(statusOf(await send(post(body)))).toBe(400)
    expect(forwarded()).toEqual([])
  })

  it('ends a connection whose body is too long, without reading it', async () => {
    const answer = await send(`POST ${API}/entityOperations/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{`)
    expect([statusOf(answer), /connection: close/i.test(answer)]).toEqual([413, true])
    const chunked = await send(`POST ${API}/entityOperations/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(6)}`)
    expect([statusOf(chunked), /connection: close/i.test(chunked)]).toEqual([413, true])
  })

  it('ends slow headers and slow bodies, and serves others meanwhile', async () => {
    const slow = [...Array.from({ length: 100 }, () => send(`GET ${API}/entities?type=A HTTP/1.1\r\nHost: x\r\nX-Slow: `)), ...Array.from({ length: 250 }, () => send(`POST ${API}/entityOperations/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`))]
    // More than the forwarder does at once: bodies on their way hold no place of a question.
    expect(statusOf(await send(get(`${API}/entities?type=A`)))).toBe(200)
    const answers = await Promise.all(slow)
    expect(answers.every((answer) => [0, 408, 413, 503].includes(statusOf(answer)))).toBe(true)
    expect(forwarded()).toHaveLength(1)
  })
})
