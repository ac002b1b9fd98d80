/**
 * Is a request from a program on this machine? Only such may write to the embedded broker. Whatever came through a
 * proxy is from elsewhere, and what has an `Origin` is a page in a browser, which any site can make speak to localhost; a `Host` of another name is such a
 * page whose name was made to point here. Browsers say on their own what site a request is from, and no page can keep
 * them from it; programs do not.
 */
import type { IncomingMessage } from 'node:http'

export function isFromThisMachine(request: IncomingMessage): boolean {
  return isFromHere(request)
}

function isFromHere({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return false
  const remote = bare(socket.remoteAddress)
  const local = bare(socket.localAddress)
  const isOwn = remote === '::1' || remote.startsWith('127.') || (remote !== '' && remote === local)
  const host = (headers.host ?? '').replace(/:\d+$/, '').replaceAll(/[[\]]/g, '').toLowerCase()
  return isOwn && (host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host) || host === local)
}

/**
 * Has a person on this machine opened the address themselves? A browser says `none` for what was typed or
 * bookmarked, and nobody else's page can make it say so.
 */
export function isOpenedOnThisMachine(request: IncomingMessage): boolean {
  const { 'sec-fetch-site': site, ...headers } = request.headers
  return (site === undefined || site === 'none' || site === 'same-origin') && isFromHere({ headers, socket: request.socket })
}

/** IPv4 as such, also where it comes dressed as IPv6. */
function bare(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '')
}

/**
 * A browser says of which site a request is, and no page can keep it from that; an older one names the page's origin.
 * A program says neither, and needs no page to speak for it.
 */
export function isOwnPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const { origin, host } = headers
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
