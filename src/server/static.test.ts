import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as rawRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { splitTarget } from './http.ts'
import { createStaticFiles } from './static.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-'))
const script = `export const text = "${'a script that is long enough to be worth compressing '.repeat(60)}"`
const archive = Buffer.alloc(17 * 1024 * 1024, 'tile')
let port = 0
const server = createServer((request, response) => void files.handle(request, response, splitTarget(request.url!).path))
let files: ReturnType<typeof createStaticFiles>

beforeAll(async () => {
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true })
  mkdirSync(join(folder, 'page', '.vite'))
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>Belvedere</title>')
  writeFileSync(join(folder, 'page', 'assets', 'main-B1gHash_x.js'), script)
  writeFileSync(join(folder, 'page', 'assets', 'main-B1gHash_x.js.map'), '{}')
  writeFileSync(join(folder, 'page', '.vite', 'manifest.json'), '{}')
  writeFileSync(join(folder, 'page', 'city.pmtiles'), archive)
  files = createStaticFiles(join(folder, 'page'), { connect: ['https://tiles.example'] })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** As it is written: `fetch` would tidy the path up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = rawRequest({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    request.once('error', reject)
    request.end()
  })
}

describe('the built page', () => {
  it('comes for its root and for every place in it', async () => {
    for (const path of ['/', '/index.html', '/porto', '/porto/noise?at=now', '/compare']) {
      const { status, headers, body } = await ask(path)
      expect([path, status, headers['content-type'], headers['cache-control']]).toEqual([path, 200, 'text/html; charset=utf-8', 'no-cache'])
      expect(body.toString()).toContain('Belvedere')
    }
  })

  it('does not come in place of a file that is missing', async () => {
    for (const path of ['/assets/gone', '/assets/gone-12345678.js', '/favicon.ico', '/.env', '/robots.txt']) expect((await ask(path)).status).toBe(404)
  })

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5csecret.txt', '/%00', '/%ff', '//etc/passwd', '/.vite/manifest.json', '/assets/main-B1gHash_x.js.map'])('gives nothing from elsewhere for %s', async (path) => {
    const { body, status } = await ask(path)
    expect(body.toString()).not.toContain('secret')
    expect(status === 404 || body.toString().includes('<!doctype html>')).toBe(true)
  })

  it('says that a file with a hash in its name never changes', async () => {
    const { headers, body } = await ask('/assets/main-B1gHash_x.js')
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(body.toString()).toBe(script)
  })

  it('is compressed as the browser likes it best', async () => {
    const brotli = await ask('/assets/main-B1gHash_x.js', { 'accept-encoding': 'gzip, br' })
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script)
    const gzip = await ask('/assets/main-B1gHash_x.js', { 'accept-encoding': 'gzip, br;q=0' })
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.body).toString()).toBe(script)
    expect(gzip.headers.vary).toBe('accept-encoding')
  })

  it('is not sent again to who has it', async () => {
    const { headers } = await ask('/')
    const again = await ask('/', { 'if-none-match': headers.etag! })
    expect(again.status).toBe(304)
    expect(again.body).toHaveLength(0)
  })

  it('sends a large archive in the ranges that are asked for', async () => {
    const part = await ask('/city.pmtiles', { range: 'bytes=4-11' })
    expect([part.status, part.headers['content-range'], part.body.toString()]).toEqual([206, `bytes 4-11/${archive.length}`, 'tiletile'])
    expect((await ask('/city.pmtiles', { range: 'bytes=-4' })).body.toString()).toBe('tile')
    expect((await ask('/city.pmtiles', { range: `bytes=${archive.length}-` })).status).toBe(416)
    expect((await ask('/city.pmtiles')).body.equals(archive)).toBe(true)
  })

  it('may run its own scripts and workers, ask the configured basemap, and be framed by no one', async () => {
    const { headers } = await ask('/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("worker-src 'self' blob:")
    expect(policy).toMatch(/connect-src 'self'[^;]* https:\/\/tiles\.example/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  it('is only for reading', async () => {
    expect((await ask('/', {}, 'POST')).status).toBe(405)
    const head = await ask('/', {}, 'HEAD')
    expect([head.status, head.body.length]).toEqual([200, 0])
  })
})
