import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { isFromThisMachine } from './origin.ts'

/** As much of a request as is judged: a real one cannot be given another machine's address. */
function request(remoteAddress: string | undefined, headers: Record<string, string> = {}, localAddress = '127.0.0.1'): IncomingMessage {
  return { headers: { host: 'localhost:8080', ...headers }, socket: { remoteAddress, localAddress } } as unknown as IncomingMessage
}

describe('a request is from this machine', () => {
  it.each([
    ['over loopback', request('127.0.0.1')],
    ['over IPv6 loopback', request('::1', { host: '[::1]:8080' }, '::1')],
    ['over IPv4 in IPv6', request('::ffff:127.0.0.1', { host: '127.0.0.1' }, '::ffff:127.0.0.1')],
    ['from its own address to itself', request('192.0.2.7', { host: '192.0.2.7:80' }, '192.0.2.7')],
  ])('%s', (_, one) => expect(isFromThisMachine(one)).toBe(true))

  it.each([
    ['from a neighbour', request('192.0.2.9', { host: '192.0.2.7' }, '192.0.2.7')],
    ['through a proxy', request('127.0.0.1', { 'x-forwarded-for': '192.0.2.9' })],
    ['through a modern proxy', request('127.0.0.1', { forwarded: 'for=192.0.2.9' })],
    ['of a page in a browser', request('127.0.0.1', { origin: 'http://localhost:8080' })],
    ['to a name that was made to point here', request('127.0.0.1', { host: 'rebound.example:8080' })],
    ['to a name that only begins like ours', request('127.0.0.1', { host: 'localhost.example' })],
    ['from a socket that is gone', request(undefined)],
  ])('but not %s', (_, one) => expect(isFromThisMachine(one)).toBe(false))
})
