/**
 * Where a person logs in for a broker: `/access/login/<city>/<broker>`, and where the broker's login page sends them
 * back. Beginning is for people at this machine, or with the admin key; it is typed into a form, since an
 * address is kept in histories and logs. The pages hold words and no script.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { CALLBACK_PATH } from '../../configuration/access.ts'
import { readBody, sendProblem } from '../http.ts'
import type { Logger } from '../log.ts'
import { isOpenedOnThisMachine } from '../origin.ts'
import { isSame, type Begun, type Logins } from './logins.ts'

export interface LoginRoutes {
  handle(request: IncomingMessage, response: ServerResponse, path: string, query: string): Promise<void>
}

const COOKIE = 'belvedere_login'
const MAX_FORM = 4_096
/** Wrong keys from everybody together: a key of 16 characters outlasts any guessing at this rate. */
const WRONG_KEYS = 5
const WRONG_KEYS_MS = 60_000

export function createLoginRoutes({ logins, adminKey, now, log }: { readonly logins: Logins; readonly adminKey?: string | undefined; readonly now: () => number; readonly log: Logger }): LoginRoutes {
  let wrong: number[] = []

  async function begin(request: IncomingMessage, response: ServerResponse, city: string, broker: string): Promise<void> {
    if (request.method === 'GET') {
      if (isOpenedOnThisMachine(request)) return leave(response, logins.begin(city, broker)!)
      if (adminKey === undefined) return page(response, 403, 'Only on the server itself', 'Open this address in a browser on the machine where Belvedere runs, or set server.adminKey.')
      return page(response, 200, `Log in for ${city} / ${broker}`, 'This server will read the broker in your name until it is restarted or the login is over.', FORM)
    }
    if (request.method !== 'POST' || adminKey === undefined) return sendProblem(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: adminKey === undefined ? 'GET' : 'GET, POST' })
    wrong = wrong.filter((atMs) => now() - atMs < WRONG_KEYS_MS)
    if (wrong.length >= WRONG_KEYS) return page(response, 429, 'Too many wrong keys', 'Try again in a minute.', '', { 'retry-after': '60', connection: 'close' })
    const body = await readBody(request, MAX_FORM)
    if (!body.ok) return page(response, 413, 'Too long', 'That is no key.', '', { connection: 'close' })
    if (!isSame(new URLSearchParams(body.value.toString('utf8')).get('key') ?? '', adminKey)) {
      wrong.push(now())
      log.warn('wrong admin key', { city, broker })
      return page(response, 403, 'Wrong key', 'It is the value of the variable that server.adminKey names.', FORM)
    }
    return leave(response, logins.begin(city, broker)!)
  }

  async function complete(request: IncomingMessage, response: ServerResponse, query: string): Promise<void> {
    if (request.method !== 'GET') return sendProblem(response, { status: 405, type: 'BadRequestData', title: 'Method not allowed' }, { allow: 'GET' })
    const done = await logins.complete(new URLSearchParams(query), cookieOf(request))
    const over = { 'set-cookie': `${COOKIE}=; Path=/access; HttpOnly; SameSite=Lax; Max-Age=0` }
    if (!done.ok) {
      log.warn('login failed', { reason: done.error.words })
      return page(response, done.error.kind === 'strange' ? 400 : 502, 'Not logged in', done.error.words, '', done.error.kind === 'strange' ? {} : over)
    }
    log.info('logged in', done.value)
    // On to an address without the code, which else stays in the browser's history.
    response.writeHead(303, { ...HEADERS, ...over, location: '/access/done', 'content-length': 0 }).end()
  }

  return {
    async handle(request, response, path, query) {
      if (path === CALLBACK_PATH) return complete(request, response, query)
      if (path === '/access/done' && request.method === 'GET') return page(response, 200, 'Logged in', 'This server reads the broker now. You may close this page.')
      const [, city = '', broker = ''] = /^\/access\/login\/([a-z0-9-]+)\/([a-z0-9-]+)$/.exec(path) ?? []
      if (!logins.has(city, broker)) return sendProblem(response, { status: 404, type: 'ResourceNotFound', title: 'Not found', detail: 'nobody logs in here' })
      return begin(request, response, city, broker)
    },
  }
}

function leave(response: ServerResponse, { location, cookie, isSecure }: Begun): void {
  response.writeHead(303, { ...HEADERS, location, 'set-cookie': `${COOKIE}=${cookie}; Path=/access; HttpOnly; SameSite=Lax; Max-Age=600${isSecure ? '; Secure' : ''}`, 'content-length': 0 }).end()
}

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

const FORM = '<form method="post"><p><label>Admin key <input type="password" name="key" autocomplete="off" required autofocus></label> <button>Log in</button></p></form>'

function page(response: ServerResponse, status: number, title: string, words: string, form = '', headers: Readonly<Record<string, string>> = {}): void {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)} · Belvedere</title><body style="font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem"><h1>${escape(title)}</h1><p>${escape(words)}</p>${form}</body></html>`
  response.writeHead(status, {
    ...HEADERS,
    // No `form-action`: browsers apply it to where the form's answer leads, which is the broker's login page.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function cookieOf(request: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{1,128})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
}
