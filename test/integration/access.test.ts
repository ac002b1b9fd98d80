/**
 * Access to a broker, with the whole server over real sockets: a token server that gives, rotates and refuses, and
 * a real broker that lets nobody in without a token it knows, and repeats what it was sent where it can.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fc, test } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import type { BrokerAccessStats } from '../../src/server/access/access.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { Elsewhere } from '../elsewhere.ts'
import { startTokenServer, type TokenServerDouble } from '../token-server.ts'

const WAIT = { timeout: 20_000, interval: 15 }
vi.setConfig({ testTimeout: 60_000 })

let elsewhere: Elsewhere
let tokens: TokenServerDouble
let server: RunningServer | undefined
let url = ''
let lines: string[] = []
/** What the broker was sent. */
let seen: IncomingMessage['headers'][] = []
const endings: (() => unknown)[] = []

beforeEach(async () => {
  lines = []
  seen = []
  server = undefined
  elsewhere = await Elsewhere.reserve()
  await elsewhere.up()
  elsewhere.upsert([{ id: 'urn:ngsi-ld:NoiseLevelObserved:1', type: 'NoiseLevelObserved', LAeq: { type: 'Property', value: 50, unitCode: '2N', observedAt: new Date().toISOString() } }])
})

afterEach(async () => {
  await server?.close()
  for (const end of endings.splice(0).toReversed()) await end()
  await elsewhere.end()
})

async function startTokens(known: Parameters<typeof startTokenServer>[0]): Promise<TokenServerDouble> {
  tokens = await startTokenServer(known)
  endings.push(() => tokens.close())
  return tokens
}

/** The broker lets in who has a token that the token server knows, in this header. */
function guardBroker(header = 'authorization', refuse: (response: ServerResponse, sent: string) => void = (response) => void response.writeHead(401).end()): void {
  elsewhere.manner = (request, response) => {
    seen.push(request.headers)
    const sent = String(request.headers[header] ?? '')
    if (tokens.isGood(sent.replace('Bearer ', ''))) return false
    refuse(response, sent)
    return true
  }
}

async function start(broker: object, environment: Record<string, string> = {}, more: object = {}, port = 0): Promise<void> {
  const city = { id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [{ id: 'far', url: elsewhere.url, ...broker }] }
  const parsed = parseConfiguration({ cities: [city], server: more }, { domains: MODELS.map(({ id }) => id), environment })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  server = await startServer({ configuration: parsed.value, port, host: '127.0.0.1', log: createLogger((line) => lines.push(line)), environment, pageFolder: '/nonexistent' })
  url = `http://127.0.0.1:${server.port}`
}

const ask = (path = '/entities?type=NoiseLevelObserved'): Promise<Response> => fetch(`${url}/api/cities/porto/brokers/far/ngsi-ld/v1${path}`)

async function access(): Promise<BrokerAccessStats> {
  const health = (await (await fetch(`${url}/api/health`)).json()) as { access: readonly BrokerAccessStats[] }
  return health.access[0]!
}

async function isLive(): Promise<void> {
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), WAIT)
}

const CREDENTIALS = { kind: 'client-credentials', clientId: { env: 'ID' }, clientSecret: { env: 'SECRET' } }
const ENVIRONMENT = { ID: 'belvedere', SECRET: 'pa:ss word/%s3cret+' }

describe('client credentials', () => {
  it.each(['basic', 'body'])('open the broker to relay and pages with one token, sent as %s', async (style) => {
    await startTokens({ id: ENVIRONMENT.ID, secret: ENVIRONMENT.SECRET })
    guardBroker()
    await start({ access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token`, scope: 'read', audience: 'broker', style } }, ENVIRONMENT)
    await isLive()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await answers[0]!.json()).toMatchObject([{ id: 'urn:ngsi-ld:NoiseLevelObserved:1' }])
    expect(tokens.asked).toHaveLength(1)
    expect(tokens.asked[0]).toMatchObject({ fields: { grant_type: 'client_credentials', scope: 'read', audience: 'broker' } })
    expect(await access()).toMatchObject({ access: { kind: 'client-credentials', state: 'ready', renewals: 1 }, circuit: { state: 'closed' } })
  })

  it('are asked for once more when the broker refuses the token, and the request is repeated once', async () => {
    await startTokens({ id: ENVIRONMENT.ID, secret: ENVIRONMENT.SECRET })
    guardBroker()
    await start({ access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token` } }, ENVIRONMENT)
    await isLive()
    tokens.withdraw()
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask()))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(tokens.asked).toHaveLength(2)
  })

  it('that the token server refuses are told in words, without the secret', async () => {
    await startTokens({ id: ENVIRONMENT.ID, secret: 'another' })
    guardBroker()
    await start({ access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token` } }, ENVIRONMENT)
    const answer = await ask()
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.json()).toMatchObject({ title: 'This server has no access to the broker', detail: expect.stringMatching(/^the token server refused the client: invalid_client: client belvedere:… is unknown$/) })
    expect(await access()).toMatchObject({ access: { state: 'failing', detail: expect.stringContaining('invalid_client') }, circuit: { state: 'closed', failuresInARow: 0 } })
    await vi.waitFor(async () => expect((await (await fetch(`${url}/readyz`)).json() as { reason: string }).reason).toContain('invalid_client'), WAIT)
    for (let i = 0; i < 20; i++) await ask()
    expect(tokens.asked.length).toBeLessThan(3)
    // The broker was left alone.
    expect(seen).toEqual([])
  })

  it('go to the token server of the configuration and to no other', async () => {
    await startTokens({ id: ENVIRONMENT.ID, secret: ENVIRONMENT.SECRET })
    const stranger = await startTokenServer({ id: ENVIRONMENT.ID, secret: ENVIRONMENT.SECRET })
    endings.push(() => stranger.close())
    tokens.manner = (_, response) => (response.writeHead(307, { location: `${stranger.url}/token` }).end(), true)
    guardBroker()
    await start({ access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token` } }, ENVIRONMENT)
    expect(await (await ask()).json()).toMatchObject({ detail: expect.stringContaining('redirects') })
    expect(stranger.asked).toEqual([])
  })

  it('give a token that goes to the broker of the configuration and to no other', async () => {
    await startTokens({ id: ENVIRONMENT.ID, secret: ENVIRONMENT.SECRET })
    const stranger = await startTokenServer({ id: 'x' })
    endings.push(() => stranger.close())
    elsewhere.manner = (_, response) => (response.writeHead(307, { location: `${stranger.url}/entities` }).end(), true)
    await start({ access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token` } }, ENVIRONMENT)
    expect((await ask()).status).toBe(502)
    expect(stranger.asked).toEqual([])
  })
})

describe('a refresh token', () => {
  it('is rotated with each renewal, and the newest is used', async () => {
    await startTokens({ id: 'belvedere', refreshToken: 'the-first-refresh-token' })
    guardBroker()
    await start({ access: { kind: 'refresh-token', tokenUrl: `${tokens.url}/token`, clientId: 'belvedere', refreshToken: { env: 'REFRESH' } } }, { REFRESH: 'the-first-refresh-token' })
    await isLive()
    for (let i = 0; i < 3; i++) {
      tokens.withdraw()
      expect((await ask()).status).toBe(200)
    }
    const used = tokens.asked.map(({ fields }) => fields['refresh_token'])
    expect(used).toHaveLength(4)
    expect(new Set(used).size).toBe(4)
    expect(used[0]).toBe('the-first-refresh-token')
  })

  it('that is over says what to do', async () => {
    await startTokens({ id: 'belvedere', refreshToken: 'another' })
    guardBroker()
    await start({ access: { kind: 'refresh-token', tokenUrl: `${tokens.url}/token`, clientId: 'belvedere', refreshToken: { env: 'REFRESH' } } }, { REFRESH: 'the-first-refresh-token' })
    expect(await (await ask()).json()).toMatchObject({ detail: 'the token server refused the grant: invalid_grant: … was used before; set a new refresh token in the environment' })
  })
})

it('a token for Wilma goes into X-Auth-Token, bare', async () => {
  await startTokens({ id: ENVIRONMENT.ID, secret: ENVIRONMENT.SECRET })
  guardBroker('x-auth-token')
  await start({ access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token`, header: 'X-Auth-Token' } }, ENVIRONMENT)
  expect((await ask()).status).toBe(200)
  expect(seen.every((headers) => headers.authorization === undefined && headers['x-auth-token'] === tokens.given[0])).toBe(true)
})

it('a login at Djane is renewed when it says so with status 200', async () => {
  await startTokens({ id: 'x' })
  let count = 0
  const good = new Set<string>()
  tokens.manner = (request, response) => {
    expect([request.url, request.headers['content-type']]).toEqual(['/login', 'application/json'])
    const token = `djane-token-number-${++count}`
    good.add(token)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ success: true, message: 'Authentication successful!', token }))
    return true
  }
  elsewhere.manner = (request, response) => {
    if (good.has(String(request.headers['x-access-token']))) return false
    const body = JSON.stringify({ success: false, message: 'Token is not valid' })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
    return true
  }
  await start({ profile: 'djane', access: { kind: 'login', loginUrl: `${tokens.url}/login`, username: 'city', password: { env: 'PASSWORD' } } }, { PASSWORD: 'correct horse' })
  expect((await ask()).status).toBe(200)
  good.clear()
  expect((await ask()).status).toBe(200)
  expect(count).toBe(2)
})

describe('a broker that is unwell', () => {
  const limits = { failures: 3, pauseS: 60 }

  it('is left in peace after some failures, which Health tells, and answers of a caller\'s own making are none', async () => {
    await start({ limits, timeoutMs: 300 })
    await isLive()
    elsewhere.manner = (request, response) => request.url!.includes('/entities') && (response.writeHead(400, { 'content-type': 'application/json' }).end('{}'), true)
    for (let i = 0; i < 10; i++) expect((await ask()).status).toBe(400)
    let asked = 0
    elsewhere.manner = (request, response) => request.url!.includes('/entities') && ((asked += 1), response.writeHead(500, { 'content-type': 'application/json' }).end('{}'), true)
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await ask()).status)
    expect(statuses).toEqual([500, 500, 500, 503, 503, 503])
    expect(asked).toBe(3)
    expect((await ask()).headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await access()).circuit).toMatchObject({ state: 'open', opened: 1, failuresInARow: 3 })
  })

  it('gets the pause that it asks for', async () => {
    await start({ limits })
    await isLive()
    let asked = 0
    elsewhere.manner = (request, response) => request.url!.includes('/entities') && ((asked += 1), response.writeHead(429, { 'retry-after': '120', 'content-type': 'application/json' }).end('{}'), true)
    const first = await ask()
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '120'])
    expect((await ask()).status).toBe(503)
    expect(asked).toBe(1)
    expect((await access()).circuit.state).toBe('paused')
  })

  it('is asked so much at once and no more', async () => {
    await start({ limits: { concurrent: 2, waiting: 1 } })
    await isLive()
    const held: ServerResponse[] = []
    elsewhere.manner = (request, response) => request.url!.includes('/entities') && held.push(response) > 0
    const all = Promise.all(Array.from({ length: 5 }, () => ask()))
    await vi.waitFor(async () => expect(await access()).toMatchObject({ running: 2, waiting: 1, turnedAway: 2 }), WAIT)
    elsewhere.manner = undefined
    for (const response of held) response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
    expect((await all).map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 503, 503])
    await vi.waitFor(async () => expect(await access()).toMatchObject({ running: 0, waiting: 0 }), WAIT)
  })

  it('answers no more than its bound, be it compressed', async () => {
    await start({ limits: { responseBytes: 100_000 } })
    await isLive()
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(10_000_000, 0x20))
    elsewhere.manner = (request, response) => request.url!.includes('/entities') && (response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb), true)
    expect((await ask()).status).toBe(502)
    expect((await access()).tooLarge).toBe(1)
  })
})

/** As a browser would go, without following. */
const go = (to: string, init: RequestInit = {}): Promise<Response> => fetch(to, { redirect: 'manual', ...init })

describe('a person\'s login', () => {
  const LOGIN = { kind: 'authorization-code', clientId: 'belvedere', scope: 'openid read' }
  const ADMIN = { ADMIN: 'an-admin-key-of-some-length' }

  async function startLogin(more: object = {}, environment: Record<string, string> = {}): Promise<void> {
    await startTokens({ id: 'belvedere' })
    guardBroker()
    const { createServer } = await import('node:http')
    const probe = createServer()
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
    const { port } = probe.address() as { port: number }
    await new Promise((resolve) => probe.close(resolve))
    await start({ access: { ...LOGIN, authorizeUrl: `${tokens.url}/authorize`, tokenUrl: `${tokens.url}/token`, redirectUri: `http://127.0.0.1:${port}/access/callback` } }, environment, more, port)
  }

  const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')!.split(';')[0]!

  it('opens the broker, and the browser sees neither token nor verifier', async () => {
    await startLogin()
    expect(await (await ask()).json()).toMatchObject({ detail: 'there is no refresh token: somebody has to log in' })
    expect((await access()).access.state).toBe('login-needed')
    const begun = await go(`${url}/access/login/porto/far`)
    expect(begun.status).toBe(303)
    expect(begun.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    const to = new URL(begun.headers.get('location')!)
    expect(Object.fromEntries(to.searchParams)).toMatchObject({ response_type: 'code', client_id: 'belvedere', code_challenge_method: 'S256', scope: 'openid read', redirect_uri: `${url}/access/callback` })
    const agreed = await go(to.href)
    const done = await go(agreed.headers.get('location')!, { headers: { cookie: cookieOf(begun), 'sec-fetch-site': 'cross-site' } })
    expect([done.status, done.headers.get('location')]).toEqual([303, '/access/done'])
    expect((await ask()).status).toBe(200)
    // The refresh token that came with it goes on.
    tokens.withdraw()
    expect((await ask()).status).toBe(200)
    const heard = [JSON.stringify([...done.headers]), await done.text(), JSON.stringify(await access()), lines.join('')].join()
    expect(tokens.given.filter((word) => heard.includes(word))).toEqual([])
  })

  it('ends once, in the browser that began it, and not with the identity of another login', async () => {
    await startLogin()
    const begun = await go(`${url}/access/login/porto/far`)
    const agreed = (await go(begun.headers.get('location')!)).headers.get('location')!
    for (const [to, cookie] of [[agreed, ''], [agreed, 'belvedere_login=another'], [agreed.replace(/state=[^&]+/, 'state=forged'), cookieOf(begun)]] as const) {
      expect((await go(to, { headers: { cookie } })).status).toBe(400)
    }
    expect(tokens.asked).toEqual([])
    tokens.manner = (_, response) => (response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ access_token: 'a-token-of-another-login', id_token: `e30.${Buffer.from('{"nonce":"other","aud":"belvedere"}').toString('base64url')}.x` })), true)
    const wrong = await go(agreed, { headers: { cookie: cookieOf(begun) } })
    expect([wrong.status, await wrong.text()]).toEqual([502, expect.stringContaining('belongs to another login')])
    expect((await go(agreed, { headers: { cookie: cookieOf(begun) } })).status).toBe(400)
    expect((await ask()).status).toBe(503)
  })

  it.each<[who: string, headers: Record<string, string>]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a script', { origin: 'http://evil.example' }],
    ['somebody behind a proxy', { 'x-forwarded-for': '203.0.113.7' }],
  ])('is not begun by %s', async (_, headers) => {
    await startLogin()
    const answer = await go(`${url}/access/login/porto/far`, { headers })
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
  })

  it('is begun from elsewhere with the admin key, which is typed and not guessed', async () => {
    await startLogin({ adminKey: { env: 'ADMIN' } }, ADMIN)
    const away = { 'x-forwarded-for': '203.0.113.7', 'content-type': 'application/x-www-form-urlencoded' }
    const form = await go(`${url}/access/login/porto/far`, { headers: away })
    expect([form.status, await form.text()]).toEqual([200, expect.stringContaining('type="password"')])
    const type = (key: string) => go(`${url}/access/login/porto/far`, { method: 'POST', headers: away, body: new URLSearchParams({ key }) })
    expect((await type('wrong')).status).toBe(403)
    expect((await type(ADMIN.ADMIN)).status).toBe(303)
    for (let i = 0; i < 4; i++) await type('wrong')
    expect((await type(ADMIN.ADMIN)).status).toBe(429)
    expect(lines.join('')).not.toContain(ADMIN.ADMIN)
  })

  it('is for brokers that ask for one', async () => {
    await startLogin()
    for (const path of ['/access/login/porto/other', '/access/login/porto', '/access/login/../far', '/access/callback']) expect((await go(url + path)).status).toBeGreaterThanOrEqual(400)
  })
})

const secret = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)), minLength: 16, maxLength: 60 })

/** Every form in which a secret is likely to be repeated. */
const formsOf = (word: string): string[] => [word, encodeURIComponent(word), JSON.stringify(word).slice(1, -1), Buffer.from(word).toString('base64'), Buffer.from(word).toString('base64url')]

test.prop([secret, secret, fc.constantFrom(200, 400, 401, 403, 404, 500, 503), fc.nat({ max: 4 }), fc.nat({ max: 250 }), fc.boolean()], { numRuns: 12 })(
  'no secret is in any answer, line of the log or word of health, whatever the broker and the token server repeat',
  async (clientSecret, apiKey, status, form, offset, isTokenServerUnwell) => {
    await server?.close()
    await startTokens({ id: 'belvedere', secret: clientSecret })
    lines = []
    const repeat = (headers: IncomingMessage['headers']): string => `${'x'.repeat(offset)} ${Object.values(headers).flat().flatMap((value) => [String(value).replace(/^\w+ /, ''), String(value)]).map((value) => formsOf(value)[form]!).join(' ')}`
    elsewhere.manner = (request, response) => {
      const said = repeat(request.headers)
      response.writeHead(status, { 'content-type': 'application/json', 'ngsild-warning': encodeURIComponent(said).slice(0, 2_000) }).end(JSON.stringify(status === 200 ? [{ id: 'urn:x:1', type: 'NoiseLevelObserved', name: { type: 'Property', value: said } }] : { type: `https://uri.etsi.org/ngsi-ld/errors/${said.replaceAll(/\W/g, '')}`, title: said, detail: said }))
      return true
    }
    if (isTokenServerUnwell) {
      tokens.manner = (request, response, fields) => {
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'invalid_client', error_description: repeat({ ...request.headers, body: JSON.stringify(fields), own: fields['client_secret'] ?? '' }) }))
        return true
      }
    }
    await start({ headers: { 'X-Api-Key': { env: 'KEY' } }, access: { ...CREDENTIALS, tokenUrl: `${tokens.url}/token`, style: form % 2 === 0 ? 'basic' : 'body' } }, { ID: 'belvedere', SECRET: clientSecret, KEY: apiKey })
    const heard: string[] = []
    for (const path of ['/entities?type=NoiseLevelObserved', '/entities/urn:x:1', '/types', '/temporal/entities?type=NoiseLevelObserved&timerel=before&timeAt=2026-01-01T00:00:00Z']) {
      const answer = await ask(path)
      heard.push(await answer.text(), JSON.stringify([...answer.headers]))
    }
    for (const path of ['/api/health', '/readyz', '/api/config']) heard.push(await (await fetch(url + path)).text())
    heard.push(lines.join(''))
    const words = [clientSecret, apiKey, ...tokens.given].flatMap(formsOf)
    for (const text of heard) expect(words.filter((word) => text.includes(word))).toEqual([])
    await server?.close()
    server = undefined
    await tokens.close()
  },
)
