/** Notes over real HTTP: of the whole server with a broker of its own, and of a server that only has its memory. */
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../configuration/parse.ts'
import { MODELS } from '../../domains/models.ts'
import { createLogger } from '../log.ts'
import { startServer, type RunningServer } from '../start.ts'
import { createMemoryStore, MAX_ANNOTATIONS } from './annotation-store.ts'
import { createCityAnnotations } from './city-annotations.ts'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly type: string | null
}

async function ask(url: string, given: { readonly method?: string; readonly body?: unknown; readonly text?: string; readonly headers?: Record<string, string> } = {}): Promise<Answer> {
  const body = given.text ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
  // By `http`, because `fetch` keeps what a browser would say of itself to itself.
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: given.method ?? (body === undefined ? 'GET' : 'POST'), headers: { ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }), ...given.headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode!, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), type: response.headers['content-type'] ?? null })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const NOTE = { who: 'Ana', text: 'Trindade works', from: '2026-11-12T00:00:00Z', until: '2026-11-20T00:00:00Z', about: 'urn:ngsi-ld:NoiseLevelObserved:17', place: [-8.61, 41.15], link: 'https://city.example/works' }

describe('a city whose broker may be written to', () => {
  let server: RunningServer
  let url = ''

  beforeAll(async () => {
    const city = (id: string, more: object = {}): object => ({ id, name: id, country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], brokers: [{ id: 'own', embedded: {} }], ...more })
    const configuration = parseConfiguration({ cities: [city('porto', { annotations: { mayWrite: true } }), city('gaia')] }, { domains: MODELS.map(({ id }) => id), environment: {} })
    if (!configuration.ok) throw new Error(JSON.stringify(configuration.error))
    server = await startServer({ configuration: configuration.value, port: 0, log: createLogger(() => undefined), environment: {} })
    url = `http://127.0.0.1:${server.port}/api/cities/porto/annotations`
  })
  afterAll(() => server.close())

  it('keeps a note as an entity, gives it to everybody, and lets it go', async () => {
    const added = await ask(url, { body: NOTE })
    expect(added).toMatchObject({ status: 201, body: { who: 'Ana', text: 'Trindade works' } })
    const id = String(added.body['id'])
    expect(await ask(url)).toMatchObject({ status: 200, body: { mayWrite: true, keptIn: { kind: 'broker', broker: 'own', isLasting: false }, annotations: [{ id, ...NOTE, from: expect.stringContaining('2026-11-12T00:00:00'), until: expect.stringContaining('2026-11-20T00:00:00') }] } })
    const entity = await ask(`http://127.0.0.1:${server.port}/ngsi-ld/v1/entities/${id}`, { headers: { 'ngsild-tenant': 'porto' } })
    expect(entity.body).toMatchObject({ type: 'Annotation', text: { value: 'Trindade works' }, refersTo: { type: 'Relationship', object: NOTE.about } })
    expect((await ask(`${url}/${encodeURIComponent(id)}`, { method: 'DELETE' })).status).toBe(204)
    expect((await ask(`${url}/${encodeURIComponent(id)}`, { method: 'DELETE' })).status).toBe(404)
    expect((await ask(url)).body['annotations']).toEqual([])
  })

  it('lets pages of this server write, and no page of another', async () => {
    const host = new URL(url).host
    expect((await ask(url, { body: NOTE, headers: { 'sec-fetch-site': 'same-origin', origin: `http://${host}` } })).status).toBe(201)
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' }]) {
      expect(await ask(url, { body: NOTE, headers: headers as Record<string, string> })).toMatchObject({ status: 403, type: 'application/problem+json' })
    }
  })

  it('refuses what is no note in words', async () => {
    expect(await ask(url, { body: { ...NOTE, link: 'javascript:alert(1)' } })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('link') }, type: 'application/problem+json' })
    expect((await ask(url, { text: '{"who":' })).status).toBe(400)
    expect((await ask(url, { text: '['.repeat(4_000) })).status).toBe(400)
    expect((await ask(url, { body: { ...NOTE, text: 'x'.repeat(9_000) } })).status).toBe(413)
    expect((await ask(url, { body: NOTE, headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await ask(url, { method: 'PUT', body: NOTE })).status).toBe(405)
    expect((await ask(`${url}/urn:ngsi-ld:NoiseLevelObserved:1`, { method: 'DELETE' })).status).toBe(404)
    expect((await ask(`${url}/%`, { method: 'DELETE' })).status).toBe(404)
  })

  it('of which notes are read-only takes none', async () => {
    const readOnly = url.replace('porto', 'gaia')
    expect(await ask(readOnly)).toMatchObject({ status: 200, body: { mayWrite: false, annotations: [] } })
    expect((await ask(readOnly, { body: NOTE })).status).toBe(403)
  })
})

describe('a city without such a broker', () => {
  let server: Server | undefined
  afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))))

  async function serve(clock: { ms: number }): Promise<string> {
    let ids = 0
    const notes = createCityAnnotations({ store: createMemoryStore({ city: 'porto', now: () => clock.ms, newId: () => String(++ids) }), mayWrite: true, now: () => clock.ms })
    server = createServer((request, response) => void notes.handle(request, response, (request.url ?? '/').slice(1)))
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  it('keeps notes in memory and says so, newest first', async () => {
    const clock = { ms: Date.UTC(2026, 10, 20) }
    const url = await serve(clock)
    for (const text of ['first', 'second']) {
      clock.ms += 1_000
      await ask(url, { body: { who: 'Ana', text } })
    }
    expect(await ask(url)).toMatchObject({ body: { keptIn: { kind: 'memory' }, annotations: [{ text: 'second' }, { text: 'first' }] } })
  })

  it('takes so many a minute, and so many in all', async () => {
    const clock = { ms: 0 }
    const url = await serve(clock)
    const statuses: number[] = []
    for (let write = 0; write < 31; write++) statuses.push((await ask(url, { body: { who: 'Ana', text: 'x' } })).status)
    expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 201))
    expect(statuses[30]).toBe(429)
    clock.ms += 60_000
    for (let kept = 30; kept < MAX_ANNOTATIONS; kept++) {
      clock.ms += 10_000
      expect((await ask(url, { body: { who: 'Ana', text: 'x' } })).status).toBe(201)
    }
    clock.ms += 60_000
    expect((await ask(url, { body: { who: 'Ana', text: 'x' } })).status).toBe(403)
  })
})
