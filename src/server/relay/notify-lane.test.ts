/** The short way against the long one, over real sockets: whatever is sent, in whatever pieces, both answer and take the same. */
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNotifyDoor, type NotifyDoor } from './notify-door.ts'
import { openNotifyLane, readHead, type NotifyLane } from './notify-lane.ts'

interface Post {
  readonly server: Server
  readonly port: number
  readonly door: NotifyDoor
  readonly key: string
  readonly bodies: string[]
  readonly losses: string[]
  readonly lane: NotifyLane | undefined
}

const LIMITS = { maxBodyBytes: 100_000, maxWaitingBytes: 1_000_000 }

async function startPost(hasLane: boolean, limits = LIMITS): Promise<Post> {
  const server = createServer({ keepAliveTimeout: 2_000 })
  const door = createNotifyDoor({ now: Date.now, limits })
  const lane = hasLane ? openNotifyLane({ server, door, now: Date.now }) : undefined
  server.on('request', (request, response) => {
    if (request.url!.startsWith('/notify/')) return void door.handle(request, response, request.url!.slice('/notify/'.length))
    response.end('elsewhere')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bodies: string[] = []
  const losses: string[] = []
  const { key } = door.open((body) => bodies.push(body.toString('latin1')), (reason) => losses.push(reason))
  return { server, port: (server.address() as AddressInfo).port, door, key, bodies, losses, lane }
}

async function stopPost({ server, lane }: Post): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  lane?.close()
  server.closeAllConnections()
  await closed
}

/** Sends the pieces, each when the one before has gone, and gives the answers without what is of the moment. */
function say(port: number, pieces: readonly (string | Buffer)[], answers: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let heard = ''
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      heard += text
      if (heard.split('HTTP/1.1 ').length > answers) socket.end()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(heard.replaceAll(/^Date: .*\r\n/gm, '')))
    let at = 0
    const next = (): void => {
      if (at < pieces.length) socket.write(pieces[at++]!, 'latin1', () => setImmediate(next))
    }
    socket.on('connect', next)
  })
}

const request = (key: string, body: string, more = ''): string => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`

let short: Post
let long: Post
beforeAll(async () => {
  short = await startPost(true)
  long = await startPost(false)
})
afterAll(async () => {
  await stopPost(short)
  await stopPost(long)
})

/** What both say of it: to be the same. */
async function both(write: (key: string) => readonly (string | Buffer)[], answers: number): Promise<readonly unknown[]> {
  return Promise.all(
    [short, long].map(async ({ port, key, bodies }) => {
      bodies.length = 0
      const heard = await say(port, write(key), answers)
      // Taken after the answer, in turns of their own.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      return { heard, bodies: [...bodies] }
    }),
  )
}

/** Cut at these places. */
function pieces(text: string, places: readonly number[]): string[] {
  const cuts = [...new Set([0, ...places.map((place) => place % (text.length + 1)), text.length])].sort((a, b) => a - b)
  return cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut))
}

describe('a request to the door', () => {
  test.prop([fc.array(fc.string({ unit: fc.constantFrom('a', '{', '\r', '\n', 'é', ' '), maxLength: 40 }), { minLength: 1, maxLength: 5 }), fc.array(fc.nat(), { maxLength: 4 })], { numRuns: 60 })(
    'is answered and taken the same, with others in one piece and in pieces',
    async (bodies, places) => {
      const [one, other] = await both((key) => pieces(bodies.map((body) => request(key, body)).join(''), places), bodies.length)
      expect(one).toEqual(other)
      expect(one).toMatchObject({ bodies: bodies.map((body) => Buffer.from(body, 'latin1').toString('latin1')) })
    },
    30_000,
  )

  it.each<[name: string, write: (key: string) => string]>([
    ['chunks', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`],
    ['chunks and a length', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`],
    ['two lengths', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
    ['a length that is none', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc`],
    ['no host', (key) => `POST /notify/${key} HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc`],
    ['a space before the colon', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc`],
    ['a folded field', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\nContent-Length: 3\r\n\r\nabc`],
    ['line feeds alone', (key) => `POST /notify/${key} HTTP/1.1\nHost: x\nContent-Length: 3\n\nabc`],
    ['another version', (key) => `POST /notify/${key} HTTP/1.0\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc`],
    ['another method', (key) => `GET /notify/${key} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['another key', (key) => request(`${key}x`, 'abc')],
    ['another path, and then the door', (key) => `GET / HTTP/1.1\r\nHost: x\r\n\r\n${request(key, 'abc', 'Connection: close\r\n')}`],
    ['the door, and then another path', (key) => `${request(key, 'abc')}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    ['an expectation', (key) => request(key, 'abc', 'Expect: 100-continue\r\nConnection: close\r\n')],
    ['a wish to close', (key) => request(key, 'abc', 'Connection: close\r\n')],
    ['more than the door takes', (key) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\nabc`],
    ['no HTTP', () => 'hello\r\n\r\n'],
  ])('with %s is answered as HTTP has it', async (_, write) => {
    // Answers that close by themselves: the one who asks waits for the end.
    const told = await both((key) => [write(key)], 9)
    expect(told[0]).toEqual(told[1])
  })

  it('is known by its head only when that is of the plain kind', () => {
    expect(readHead('POST /notify/abc HTTP/1.1\r\nHost: x\r\ncontent-length: 12\r\nNGSILD-Tenant: porto')).toEqual({ key: 'abc', length: 12 })
    for (const head of ['POST /notify/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 1', 'POST /notify/a HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 1', 'POST /notify/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1', 'POST /notify/a HTTP/1.1\r\nHost: x']) expect(readHead(head)).toBeUndefined()
  })

  it('goes the short way when it is plain, and the key is asked for once it is closed', async () => {
    const before = short.lane!.taken
    expect(await both((key) => [request(key, 'abc')], 1)).toMatchObject([{ bodies: ['abc'] }, { bodies: ['abc'] }])
    expect(short.lane!.taken).toBe(before + 1)
    const post = await startPost(true)
    const taken: string[] = []
    const opened = post.door.open((body) => taken.push(body.toString()), () => undefined)
    const socket = connect(post.port, '127.0.0.1')
    const heard: string[] = []
    socket.on('data', (chunk) => heard.push(chunk.toString().slice(0, 12)))
    socket.write(request(opened.key, 'one'))
    await until(() => heard.length === 1 && taken.length === 1)
    opened.close()
    socket.write(request(opened.key, 'two'))
    await until(() => heard.length === 2)
    expect([heard, taken]).toEqual([['HTTP/1.1 200', 'HTTP/1.1 404'], ['one']])
    socket.destroy()
    await stopPost(post)
  })
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
