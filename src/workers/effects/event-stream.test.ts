import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openEventStream } from './event-stream.ts'
import { profileOf } from '../../ngsi-ld/profile/profiles.ts'
import { createPlatformEffects } from './platform.ts'

const servers: Server[] = []

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

describe('the stream of the relay', () => {
  it('is read event by event, however it is cut, and tells where to go on from', async () => {
    let asked: IncomingMessage['headers'] = {}
    const url = await serve((request, response) => {
      asked = request.headers
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const bytes = Buffer.from('id: e.1\nevent: tick\ndata: {"name":"Torre dos Clérigos"}\n\ndata: two\n\n')
      const cut = bytes.indexOf(0xc3) + 1 // inside the é
      response.write(bytes.subarray(0, cut))
      setTimeout(() => response.end(bytes.subarray(cut)), 20)
    })
    const events: unknown[] = []
    for await (const event of openEventStream(url, 'e.0', new AbortController().signal)) events.push({ ...event, data: new TextDecoder().decode(event.data) })
    expect(events).toEqual([
      { id: 'e.1', event: 'tick', data: '{"name":"Torre dos Clérigos"}' },
      { id: 'e.1', event: 'message', data: 'two' },
    ])
    expect(asked).toMatchObject({ accept: 'text/event-stream', 'last-event-id': 'e.0' })
  })

  it('fails when the server refuses', async () => {
    const url = await serve((_, response) => response.writeHead(503).end())
    await expect(openEventStream(url, undefined, new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toThrow('the server answered 503 to the feed')
  })

  it('is closed when it is aborted, so that the relay is rid of the reader', async () => {
    const { url, gone } = await serveEndless()
    const abort = new AbortController()
    const read = async (): Promise<void> => {
      for await (const _ of openEventStream(url, undefined, abort.signal)) abort.abort()
    }
    await expect(read()).rejects.toThrow('aborted')
    expect(await gone).toBe('the reader left')
  })

  it('is closed when the reader has had enough', async () => {
    const { url, gone } = await serveEndless()
    for await (const _ of openEventStream(url, undefined, new AbortController().signal)) break
    expect(await gone).toBe('the reader left')
  })
})

/** A stream that says two things and then stays open. */
async function serveEndless(): Promise<{ readonly url: string; readonly gone: Promise<string> }> {
  const left = new EventEmitter()
  const gone = once(left, 'close').then(() => 'the reader left')
  const url = await serve((request, response) => {
    request.once('close', () => left.emit('close'))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\ndata: 2\n\n')
  })
  return { url, gone }
}

describe('the brokers of a city', () => {
  it('are asked through the forwarder of this origin', async () => {
    const asked: string[] = []
    const origin = await serve((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'content-type': 'application/json' }).end(request.url?.includes('/entities/') === true ? '{"id":"urn:a:1","type":"A"}' : '[]')
    })
    const signal = new AbortController().signal
    const broker = createPlatformEffects(origin).broker('porto', 'b1', () => profileOf('generic'))
    expect(await broker.entity('urn:a:1', signal)).toEqual({ ok: true, value: { id: 'urn:a:1', type: 'A' } })
    for await (const page of broker.snapshot(['A', 'B'], signal)) expect(page).toEqual([])
    const start = Date.UTC(2026, 0, 1)
    expect(await broker.past(['A'], { fromMs: start, toMs: start + 1_000 }, signal)).toEqual({ ok: true, value: { entities: [], rejected: 0, partial: false } })
    const base = '/api/cities/porto/brokers/b1/ngsi-ld/v1'
    expect(asked).toEqual([
      `${base}/entities/urn%3Aa%3A1`,
      `${base}/entities?type=A%2CB&limit=100&count=true`,
      `${base}/temporal/entities?type=A&timerel=between&timeAt=2025-12-31T23%3A59%3A59.999Z&endTimeAt=2026-01-01T00%3A00%3A01.001Z&limit=100`,
    ])
  })

  it('that fail are answered for with a sentence', async () => {
    const origin = await serve((_, response) => response.writeHead(404, { 'content-type': 'application/json' }).end('{"type":"https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound","title":"Not found","detail":"no such entity"}'))
    const signal = new AbortController().signal
    const broker = createPlatformEffects(origin).broker('porto', 'b1', () => profileOf('generic'))
    expect(await broker.entity('urn:a:1', signal)).toEqual({ ok: false, error: 'Not found: no such entity (404)' })
    await expect(broker.snapshot(['A'], signal)[Symbol.asyncIterator]().next()).rejects.toThrow('Not found: no such entity (404)')
  })
})

describe('waiting', () => {
  it('ends with its time or when it is aborted', async () => {
    const { wait } = createPlatformEffects('http://nowhere.invalid')
    const abort = new AbortController()
    await wait(1, abort.signal)
    const waiting = wait(3_600_000, abort.signal)
    abort.abort()
    await waiting
    await wait(3_600_000, abort.signal)
    expect(abort.signal.aborted).toBe(true)
  })
})
