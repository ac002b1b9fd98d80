/**
 * Gives out the built page: every file of one folder, found once at the start, so no path that a request names
 * ever reaches the file system. Files with a hash in their name never change; the rest is asked for again by ETag.
 * An address that is no file is a place in the page (`/porto/noise`), and gets its `index.html`.
 */
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { acceptsEncoding, sendEmpty, sendProblem } from './http.ts'

export interface StaticFiles {
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>
  /** Is there such a file to give out? */
  has(path: string): boolean
  /** Is there a page to give out? */
  readonly hasPage: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.geojson': 'application/geo+json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.pmtiles': 'application/octet-stream',
}
const COMPRESSED = /^(text\/|application\/(json|geo\+json|manifest\+json|wasm)|image\/svg)/

/** Larger files (tile archives) are read in ranges and never held. */
const MAX_HELD_BYTES = 16 * 1024 * 1024

interface StaticFile {
  readonly file: string
  readonly bytes: number
  readonly changedMs: number
  readonly type: string
  readonly isImmutable: boolean
  body?: Promise<Buffer>
  etag?: string
  readonly encoded: Map<string, Promise<Buffer>>
}

/** `connect`: origins that the configuration names (an online basemap); nothing else may be asked by the page. */
export function createStaticFiles(folder: string, given: { readonly connect?: readonly string[] } = {}): StaticFiles {
  const files = findFiles(folder)
  const headers = securityHeaders(given.connect ?? [])
  const index = files.get('/index.html')

  async function send(request: IncomingMessage, response: ServerResponse, found: StaticFile): Promise<void> {
    const etag = await etagOf(found)
    const cache = found.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache'
    const common = { ...headers, 'content-type': found.type, 'cache-control': cache, etag, vary: 'accept-encoding', 'accept-ranges': 'bytes' }
    if (isKnown(request.headers['if-none-match'], etag)) {
      response.writeHead(304, common)
      response.end()
      return
    }
    const range = rangeOf(request.headers.range, found.bytes)
    if (range === 'unsatisfiable') return sendEmpty(response, 416, { ...headers, 'content-range': `bytes */${found.bytes}` })
    if (range !== undefined || found.bytes > MAX_HELD_BYTES) {
      const [from, to] = range ?? [0, found.bytes - 1]
      const part = range === undefined ? {} : { 'content-range': `bytes ${from}-${to}/${found.bytes}` }
      response.writeHead(range === undefined ? 200 : 206, { ...common, ...part, 'content-length': to - from + 1 })
      if (request.method === 'HEAD') response.end()
      else await pipeline(createReadStream(found.file, { start: from, end: to }), response)
      return
    }
    const encoding = found.bytes < 1024 || !COMPRESSED.test(found.type) ? undefined : ['br', 'gzip'].find((name) => acceptsEncoding(request, name))
    const body = await bodyOf(found)
    const bytes = encoding === undefined ? body : await encode(found, body, encoding)
    response.writeHead(200, { ...common, ...(encoding !== undefined && { 'content-encoding': encoding }), 'content-length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }

  return {
    hasPage: index !== undefined,
    has: (path) => files.has(path),
    async handle(request, response, path) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return sendEmpty(response, 405, { allow: 'GET, HEAD' })
      }
      const name = nameOf(path)
      const found = name === undefined ? undefined : files.get(name === '/' ? '/index.html' : name)
      if (found !== undefined) return send(request, response, found)
      // A missing script or picture is missing; only a place in the page becomes the page.
      const isPlace = name !== undefined && !/\.[a-z0-9]+$/i.test(name) && !name.startsWith('/assets/')
      if (isPlace && index !== undefined) return send(request, response, index)
      sendProblem(response, { status: 404, type: 'ResourceNotFound', title: index === undefined ? 'The page is not built: npm run build' : 'Not found' })
    },
  }
}

function findFiles(folder: string): Map<string, StaticFile> {
  const found = new Map<string, StaticFile>()
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    // Not built yet: the server still serves its API.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return found
    throw error
  }
  for (const name of names) {
    const file = join(folder, name)
    const { size, mtimeMs } = statSync(file)
    const path = `/${name.split(sep).join('/')}`
    const type = TYPES[extname(name).toLowerCase()]
    // Directories, source maps, manifests and hidden files are nobody's business.
    if (type === undefined || path.includes('/.')) continue
    found.set(path, { file, bytes: size, changedMs: mtimeMs, type, isImmutable: path.startsWith('/assets/') && /-[\w-]{8,}\.\w+$/.test(path), encoded: new Map() })
  }
  return found
}

function bodyOf(found: StaticFile): Promise<Buffer> {
  return (found.body ??= readFile(found.file))
}

/** By content, so that a rebuilt file that is the same stays known; a file too large to hold, by size and time. */
async function etagOf(found: StaticFile): Promise<string> {
  if (found.etag === undefined) {
    const mark = found.bytes > MAX_HELD_BYTES ? `${found.bytes} ${found.changedMs}` : await bodyOf(found)
    found.etag = `"${createHash('sha256').update(mark).digest('base64url').slice(0, 22)}"`
  }
  return found.etag
}

function encode(found: StaticFile, body: Buffer, encoding: string): Promise<Buffer> {
  let made = found.encoded.get(encoding)
  if (made === undefined) {
    made = new Promise((resolve, reject) => {
      const done = (error: Error | null, bytes: Buffer): void => (error === null ? resolve(bytes) : reject(error))
      if (encoding === 'br') brotliCompress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }, done)
      else gzip(body, { level: 6 }, done)
    })
    found.encoded.set(encoding, made)
  }
  return made
}

function nameOf(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path)
    return name.includes('\0') || name.includes('\\') || name.split('/').includes('..') ? undefined : name
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function isKnown(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((item) => item.trim().replace(/^W\//, '') === etag || item.trim() === '*')
}

/** One range, as a tile archive's reader asks for. Several at once get the whole file, which the standard allows. */
function rangeOf(header: string | undefined, length: number): readonly [from: number, to: number] | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const from = match[1] === '' ? Math.max(0, length - Number(match[2])) : Number(match[1])
  const to = match[1] === '' || match[2] === '' ? length - 1 : Math.min(Number(match[2]), length - 1)
  return from > to || from >= length ? 'unsatisfiable' : [from, to]
}

/**
 * The page runs its own scripts and workers and asks its own server, no one else. `blob:` is for the map
 * library's workers and images; `unsafe-inline` styles are what it and the component kit set on elements.
 */
function securityHeaders(connect: readonly string[]): Readonly<Record<string, string>> {
  const elsewhere = connect.map((origin) => ` ${origin}`).join('')
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "child-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${elsewhere}`,
    "font-src 'self' data:",
    `connect-src 'self' blob: data:${elsewhere}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  }
}
