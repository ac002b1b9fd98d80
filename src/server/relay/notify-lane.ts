/**
 * The short way to the door: whole, plain requests to `/notify/…` are read off their socket here, before Node's HTTP server
 * makes its objects of them. Most brokers post one entity a time, and then the request is most of the work.
 *
 * The lane knows one kind of request: HTTP/1.1, POST, a key that is one, `Content-Length` once, nothing unusual. At the first
 * byte of anything else the socket goes over to the HTTP server, unread bytes and all, and stays there: it has the
 * last word on what HTTP is, and on everybody who is not a broker.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Keyhole, NotifyDoor } from './notify-door.ts'

export interface NotifyLane {
  /** Requests that were read here. */
  readonly taken: number
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')
const EMPTY = Buffer.alloc(0)
const START = Buffer.from('POST /notify/')

/** Of answers. Who posts and does not read them is no broker. */
const MAX_UNREAD_BYTES = 64 * 1024
const MAX_HEADS = 1_000

/** Takes the server's new sockets first, under the server's own bounds of time. */
export function openNotifyLane(given: { readonly server: Server; readonly door: NotifyDoor; readonly now: () => number }): NotifyLane {
  const { server, door, now } = given
  const toServer = server.listeners('connection') as ((socket: Socket) => void)[]
  const sockets = new Set<Socket>()
  /** Heads with a key that is one, as they were sent: a broker's differ in the length at most. */
  const heads = new Map<string, Head>()
  let taken = 0
  server.removeAllListeners('connection')
  server.on('connection', accept)

  function accept(socket: Socket): void {
    /** Of the body that is under way: its parts, what is still to come, and until when. */
    let parts: Buffer[] = []
    let missing = 0
    let untilMs = 0
    /** The key that this socket has shown. Found anew only when another comes. */
    let shown = ''
    let keyhole: Keyhole | undefined
    sockets.add(socket)
    socket.setTimeout(server.keepAliveTimeout)
    socket.on('error', cut)
    socket.on('timeout', cut)
    socket.on('data', read)
    socket.on('end', finish)
    socket.on('close', leave)

    function cut(): void {
      socket.destroy()
    }

    /** The other side says no more; what was answered may still be on its way. */
    function finish(): void {
      socket.end()
    }

    function leave(): void {
      sockets.delete(socket)
      socket.off('timeout', cut)
      socket.off('data', read)
      socket.off('end', finish)
      socket.off('close', leave)
    }

    function read(chunk: Buffer): void {
      if (missing > 0 && now() > untilMs) return void socket.destroy()
      let rest = chunk
      // Answers to requests that came together leave together.
      socket.cork()
      while (rest.length > 0) rest = step(rest)
      socket.uncork()
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy()
    }

    /** One request from the front, or the rest of one. Gives what is behind it: nothing when more must come, or the socket has gone over. */
    function step(bytes: Buffer): Buffer {
      if (missing > 0) return body(bytes)
      // A head in pieces is rare, and for the HTTP server, which has a clock on it.
      const headBytes = bytes.subarray(0, START.length).equals(START) ? bytes.indexOf(HEAD_END) : -1
      const head = headBytes < 0 ? undefined : headOf(bytes.toString('latin1', 0, headBytes))
      if (head === undefined || head.length > door.maxBodyBytes || !isKnown(head.key)) return handOver(bytes)
      missing = head.length
      const behind = bytes.subarray(headBytes + HEAD_END.length)
      if (behind.length < missing) untilMs = now() + server.requestTimeout
      return body(behind)
    }

    function isKnown(key: string): boolean {
      // Compared with what this very socket has shown: how long that takes tells nobody anything new.
      if (keyhole === undefined || key !== shown) {
        keyhole = door.find(key)
        shown = key
      }
      return keyhole?.isOpen === true
    }

    function body(bytes: Buffer): Buffer {
      if (bytes.length < missing) {
        if (bytes.length > 0) parts.push(bytes)
        missing -= bytes.length
        return EMPTY
      }
      const last = bytes.subarray(0, missing)
      const rest = bytes.subarray(missing)
      const whole = parts.length === 0 ? last : Buffer.concat([...parts, last])
      parts = []
      missing = 0
      done(whole)
      return rest
    }

    function done(whole: Buffer): void {
      taken += 1
      socket.write(answer(), 'latin1')
      door.take(keyhole!, whole)
    }

    function handOver(bytes: Buffer): Buffer {
      leave()
      socket.setTimeout(0)
      socket.pause()
      socket.unshift(bytes)
      for (const listener of toServer) listener.call(server, socket)
      socket.resume()
      return EMPTY
    }
  }

  function headOf(text: string): Head | undefined {
    const known = heads.get(text)
    if (known !== undefined) return known
    const head = readHead(text)
    if (head === undefined || door.find(head.key) === undefined) return head
    if (heads.size === MAX_HEADS) heads.clear()
    heads.set(text, head)
    return head
  }

  let second = 0
  let text = ''
  /** Word for word what Node's server says. */
  function answer(): string {
    const atS = Math.floor(now() / 1_000)
    if (atS !== second) {
      second = atS
      text = `HTTP/1.1 200 OK\r\ncontent-length: 0\r\nDate: ${new Date(atS * 1_000).toUTCString()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(server.keepAliveTimeout / 1_000)}\r\n\r\n`
    }
    return text
  }

  return {
    get taken() {
      return taken
    },
    close() {
      server.off('connection', accept)
      for (const listener of toServer) server.on('connection', listener)
      for (const socket of sockets) socket.destroy()
    },
  }
}

const FIRST_LINE = /^POST \/notify\/([\w-]{1,128}) HTTP\/1\.1$/
/** RFC 9110, 5.5 and 5.6.2, without obsolete line folding. */
const FIELD = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)$/
/** What these ask for, the lane does not do. */
const UNUSUAL = new Set(['transfer-encoding', 'trailer', 'te', 'upgrade', 'expect'])

interface Head {
  readonly key: string
  readonly length: number
}

/** Undefined for a request that is not of the plain kind. */
export function readHead(head: string): Head | undefined {
  const [first = '', ...fields] = head.split('\r\n')
  const key = FIRST_LINE.exec(first)?.[1]
  if (key === undefined) return undefined
  let length: number | undefined
  let hosts = 0
  for (const line of fields) {
    const field = FIELD.exec(line)
    if (field === null) return undefined
    const name = field[1]!.toLowerCase()
    const value = field[2]!
    if (name === 'host') hosts += 1
    else if (name === 'content-length') {
      if (length !== undefined || !/^\d{1,10}$/.test(value)) return undefined
      length = Number(value)
    } else if (name === 'connection') {
      if (!/^keep-alive$/i.test(value)) return undefined
    } else if (UNUSUAL.has(name)) return undefined
  }
  return length === undefined || hosts !== 1 ? undefined : { key, length }
}
