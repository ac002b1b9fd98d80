/**
 * A broker reduced to what the relay asks of one: subscriptions, a list of entities, notifications. It
 * misbehaves on demand, which the real embedded one does not.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeBroker {
  readonly url: string
  readonly port: number
  readonly subscriptions: Map<string, Record<string, unknown>>
  /** Method and address of everything that was asked, in order. */
  readonly asked: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[]
  /** What `GET` on entities answers; a function may do anything to the response. */
  answer: (request: IncomingMessage, response: import('node:http').ServerResponse) => void
  /** Date on its answers, which Scorpio has not. */
  tellsTime: boolean
  /** Posts to every subscription; gives the statuses. */
  notify(entities: readonly unknown[], envelope?: (data: readonly unknown[]) => string): Promise<number[]>
  close(): Promise<void>
}

/** On the given port, to come back where it was. */
export async function startFakeBroker(port = 0): Promise<FakeBroker> {
  const subscriptions = new Map<string, Record<string, unknown>>()
  const asked: FakeBroker['asked'] = []
  const server = createServer((request, response) => {
    asked.push({ method: request.method!, url: request.url!, headers: request.headers })
    response.sendDate = broker.tellsTime
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : {}
      const [, id] = /^\/ngsi-ld\/v1\/subscriptions(?:\/([^?]+))?/.exec(request.url!) ?? []
      const key = id === undefined ? undefined : decodeURIComponent(id)
      if (!request.url!.startsWith('/ngsi-ld/v1/subscriptions')) return broker.answer(request, response)
      if (request.method === 'GET') return void response.setHeader('content-type', 'application/json').end(JSON.stringify([...subscriptions.values()]))
      if (request.method === 'POST') {
        const own = String(body['id'])
        if (subscriptions.has(own)) return void response.writeHead(409, { 'content-type': 'application/json' }).end('{"type":"https://uri.etsi.org/ngsi-ld/errors/AlreadyExists","title":"exists"}')
        subscriptions.set(own, { ...body, status: 'active', isActive: true })
        return void response.writeHead(201, { location: `/ngsi-ld/v1/subscriptions/${own}` }).end()
      }
      const known = key === undefined ? undefined : subscriptions.get(key)
      if (known === undefined || key === undefined) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"type":"https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound","title":"none"}')
      if (request.method === 'DELETE') subscriptions.delete(key)
      else subscriptions.set(key, { ...known, ...body, ...(body['isActive'] === true && { status: 'active' }) })
      response.writeHead(204).end()
    })
  })
  await listen(server, port)
  const own = (server.address() as AddressInfo).port
  const broker: FakeBroker = {
    url: `http://127.0.0.1:${own}`,
    port: own,
    subscriptions,
    asked,
    tellsTime: true,
    answer: (_, response) => void response.setHeader('content-type', 'application/json').end('[]'),
    async notify(data, envelope = (all) => JSON.stringify({ id: 'urn:ngsi-ld:Notification:1', type: 'Notification', notifiedAt: new Date().toISOString(), data: all })) {
      const uris = [...subscriptions.values()].map((one) => (one['notification'] as { endpoint: { uri: string } }).endpoint.uri)
      return Promise.all(uris.map(async (uri) => (await fetch(uri, { method: 'POST', headers: { 'content-type': 'application/json' }, body: envelope(data) })).status))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return broker
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
