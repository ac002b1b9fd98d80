/**
 * Orion-LD with `-wip ws`, after its source (PR #1909): the embedded broker behind a server of its own, with a WebSocket at
 * `/ws` whose subscription ends with it, is answered with a status, and knows no tenant but the default one.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { JsonObject } from '../src/ngsi-ld/entity.ts'
import { createBroker, type Broker } from '../src/server/broker/broker.ts'

/** Where the broker posts what goes by a socket; the rest is the subscription's id. */
const SOCKETS = 'http://socket.invalid/'

export class OrionDouble {
  /** Status with which it refuses an upgrade; 101 takes it. */
  upgradeStatus = 101
  /** What it answers to a subscription, in place of making it. */
  refusal: { readonly status: number; readonly title: string; readonly detail: string } | undefined
  /** Later versions may know them. */
  knowsTenants = false
  /** Answers nothing that comes by a socket, pings included, and says nothing. */
  isMute = false
  upgrades: IncomingMessage['headers'][] = []
  readonly port: number
  private broker: Broker
  private server: Server | undefined
  private readonly sockets = new Map<string, WebSocket>()
  private readonly open = new Set<Duplex>()

  private constructor(port: number) {
    this.port = port
    this.broker = this.born()
  }

  static async start(port = 0): Promise<OrionDouble> {
    const server = createServer()
    const own = await listen(server, port)
    await new Promise((resolve) => server.close(resolve))
    const orion = new OrionDouble(own)
    await orion.up()
    return orion
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => this.broker.handle(request, response))
    const ws = new WebSocketServer({ noServer: true, autoPong: false })
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.upgrades.push(request.headers)
      if (request.url !== '/ws' || this.upgradeStatus !== 101) return void socket.end(`HTTP/1.1 ${this.upgradeStatus === 101 ? 404 : this.upgradeStatus} no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      this.open.add(socket)
      ws.handleUpgrade(request, socket, head, (client) => this.serve(client, request.headers['ngsild-tenant'] as string | undefined))
    })
    this.server = server
    await listen(server, this.port)
  }

  async down(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (server === undefined) return
    for (const socket of this.open) socket.destroy()
    this.open.clear()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  /** What it held in memory is gone; a crash, if its sockets are open. */
  async forget(): Promise<void> {
    await this.broker.close()
    this.broker = this.born()
  }

  upsert(entities: readonly JsonObject[], tenant = ''): void {
    const [refused] = this.broker.upsert(tenant, entities)
    if (refused !== undefined) throw new Error(`${refused.id}: ${refused.reason}`)
  }

  /** Cuts the sockets, and leaves the subscriptions, as a crash does. */
  cut(): void {
    this.sockets.clear()
    for (const socket of this.open) socket.destroy()
    this.open.clear()
  }

  /** Says this on every socket. */
  say(message: string): void {
    for (const socket of this.sockets.values()) socket.send(message)
  }

  get subscribed(): number {
    return this.sockets.size
  }

  /** By its API, of the default tenant. */
  async subscriptions(): Promise<readonly string[]> {
    return ((await (await fetch(`${this.url}/ngsi-ld/v1/subscriptions`)).json()) as { id: string }[]).map(({ id }) => id)
  }

  async end(): Promise<void> {
    await this.down()
    await this.broker.close()
  }

  private serve(client: WebSocket, named: string | undefined): void {
    let own: string | undefined
    const tenant = this.knowsTenants ? named : undefined
    const answer = (statusCode: number, body: unknown, id?: string): void => client.send(JSON.stringify({ metadata: { statusCode, ...(id !== undefined && { subscriptionId: id }) }, body }))
    client.on('ping', (data) => {
      if (!this.isMute) client.pong(data)
    })
    client.on('error', () => undefined)
    client.on('close', () => {
      if (own === undefined || this.sockets.get(own) !== client) return
      this.sockets.delete(own)
      if (this.server !== undefined) void this.ask('DELETE', `/subscriptions/${encodeURIComponent(own)}`, tenant).catch(() => undefined)
    })
    client.on('message', (data) => void this.hear(String(data), tenant, answer, (id) => this.sockets.set((own = id), client)))
  }

  private async hear(text: string, tenant: string | undefined, answer: (status: number, body: unknown, id?: string) => void, wire: (id: string) => void): Promise<void> {
    if (this.isMute) return
    const { metadata, body } = JSON.parse(text) as { metadata: { operation: string }; body: { id: string; notification: { endpoint: Record<string, unknown> } } }
    if (metadata.operation !== 'createSubscription' || this.refusal !== undefined) {
      const { status, title, detail } = this.refusal ?? { status: 400, title: 'Unsupported Operation', detail: metadata.operation }
      return answer(status, { type: 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData', title, detail })
    }
    if ('uri' in body.notification.endpoint) return answer(400, { title: 'this test wants no address', detail: '' })
    const made = await this.ask('POST', '/subscriptions', tenant, { ...body, notification: { ...body.notification, endpoint: { ...body.notification.endpoint, uri: `${SOCKETS}${body.id}` } } })
    if (!made.ok) return answer(made.status, await made.json())
    wire(body.id)
    answer(201, { status: 'ok' }, body.id)
  }

  private ask(method: string, path: string, tenant: string | undefined, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/ngsi-ld/v1${path}`, { method, headers: { ...(tenant !== undefined && { 'ngsild-tenant': tenant }), ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) })
  }

  private born(): Broker {
    return createBroker({
      now: Date.now,
      fetch: (url, init) => {
        // Node's own fetch, whose types name more than ours do.
        if (!url.startsWith(SOCKETS)) return fetch(url, init as RequestInit) as never
        const socket = this.sockets.get(url.slice(SOCKETS.length))
        if (socket === undefined) return Promise.reject(new Error('No WebSocket connection'))
        // Headers of a post, as they come: what the page must not hear of is among them.
        if (!this.isMute) socket.send(`{"metadata":{"Ngsild-Tenant":"s3cret","Link":"<http://s3cret/context.jsonld>"},"body":${String(init.body)}}`)
        return Promise.resolve(new Response(null, { status: 200 })) as never
      },
    })
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
