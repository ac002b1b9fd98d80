/** The server's own edge over real sockets: slow and swollen requests are cut, feeds and honest bodies are not. */
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../configuration/parse.ts'
import type { Configuration } from '../configuration/schema.ts'
import { readEvents } from '../../test/event-reader.ts'
import { SERVER_OPTIONS } from './broker/limits.ts'
import { createLogger } from './log.ts'
import { startServer, type RunningServer } from './start.ts'

const HASTE = { headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 25 }
const lines: string[] = []
let server: RunningServer

function configurationOf(cities: readonly object[]): Configuration {
  const parsed = parseConfiguration({ cities }, { domains: ['noise'], environment: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return parsed.value
}

const city = (id: string, more: object = {}): object => ({
  id, name: id, country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], brokers: [{ id: 'b0', embedded: {} }], ...more,
})

beforeAll(async () => {
  const configuration = configurationOf([city('porto'), city('nowhere'), city('wrong', { basemap: { kind: 'outline', url: '/basemap/none.json' } })])
  server = await startServer({ configuration, port: 0, host: '127.0.0.1', log: createLogger((line) => lines.push(line)), environment: {}, pageFolder: '/nonexistent', http: HASTE })
})

afterAll(() => server.close())

/** A socket, and all that the server said until it closed. */
function open(): { readonly socket: Socket; readonly said: Promise<string> } {
  const socket = connect(server.port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const said = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  // A cut connection may be reset: what counts is what was said before.
  socket.on('error', () => undefined)
  return { socket, said }
}

const statusOf = (said: string): string | undefined => /^HTTP\/1\.1 (\d{3})/.exec(said)?.[1]

describe('a request', () => {
  it('whose header drips in byte by byte is cut', async () => {
    const { socket, said } = open()
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n')
    const drip = setInterval(() => socket.write('X-Slow: 1\r\n'), 20)
    const answer = await said
    clearInterval(drip)
    expect(statusOf(answer)).toBe('408')
  })

  it('whose body never ends is cut', async () => {
    const { socket, said } = open()
    socket.write('POST /ngsi-ld/v1/entities HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{')
    const drip = setInterval(() => socket.write(' '), 20)
    const answer = await said
    clearInterval(drip)
    expect(statusOf(answer)).toBe('408')
  })

  it('with a header beyond all measure is refused', async () => {
    const { socket, said } = open()
    socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(SERVER_OPTIONS.maxHeaderSize)}\r\n\r\n`)
    expect(statusOf(await said)).toBe('431')
  })

  it('of an honest gateway that takes several writes is answered', async () => {
    const { socket, said } = open()
    const body = JSON.stringify({ id: 'urn:ngsi-ld:Test:1', type: 'Test', text: { type: 'Property', value: 'x'.repeat(200_000) } })
    socket.write(`POST /ngsi-ld/v1/entities HTTP/1.1\r\nHost: localhost\r\nNGSILD-Tenant: porto\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`)
    for (let at = 0; at < body.length; at += 50_000) {
      socket.write(body.slice(at, at + 50_000))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(statusOf(await said)).toBe('201')
  })
})

describe('a feed', () => {
  it('lives on beyond the time in which a request must have come', async () => {
    const reader = await readEvents(`http://127.0.0.1:${server.port}/api/cities/porto/feed`)
    await new Promise((resolve) => setTimeout(resolve, 3 * HASTE.requestTimeout))
    const id = 'urn:ngsi-ld:NoiseLevelObserved:late'
    const body = JSON.stringify({ id, type: 'NoiseLevelObserved', LAeq: { type: 'Property', value: 50, unitCode: '2N', observedAt: '2026-11-20T12:00:00Z' } })
    const written = await fetch(`http://127.0.0.1:${server.port}/ngsi-ld/v1/entities`, { method: 'POST', headers: { 'content-type': 'application/json', 'ngsild-tenant': 'porto' }, body })
    expect(written.status).toBe(201)
    const event = await reader.until((one) => one.event === 'notification')
    expect(JSON.stringify(event.data)).toContain(id)
    reader.close()
  })
})

describe('the page', () => {
  it('is told of a basemap file only where there is one, or the operator says so', async () => {
    const { cities } = (await (await fetch(`http://127.0.0.1:${server.port}/api/config`)).json()) as { cities: { basemap: unknown }[] }
    expect(cities.map(({ basemap }) => basemap)).toEqual([
      { kind: 'outline', url: '/basemap/porto.json' },
      { kind: 'outline' },
      { kind: 'outline', url: '/basemap/none.json' },
    ])
    expect(lines.filter((line) => line.includes('basemap')).map((line) => line.slice(25).trimEnd())).toEqual(['warn basemap file is not there city=wrong path=/basemap/none.json'])
  })
})
