/**
 * A real broker in an HTTP server of its own, as a city's would be, that fails on demand: it dies, comes back
 * without its memory, loses what it should post, answers nonsense, and has its own idea of the time.
 */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../src/ngsi-ld/entity.ts'
import { createBroker, type Broker } from '../src/server/broker/broker.ts'

export class Elsewhere {
  /** Answers instead of the broker, when it gives true. */
  manner: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /** It takes so long to begin with an answer. */
  slowMs = 0
  /** Requests that were not a test's own, of this life. */
  readonly asked: string[] = []
  /** Broker's clock minus ours. */
  aheadMs: number
  readonly port: number
  private broker: Broker
  private server: Server | undefined
  private isMute = false
  private lost = 0

  private constructor(port: number, aheadMs: number) {
    this.port = port
    this.aheadMs = aheadMs
    this.broker = this.born()
  }

  /** Takes a port, and is down until it is told to come up. */
  static async reserve(aheadMs = 0): Promise<Elsewhere> {
    const server = createServer()
    const port = await listen(server, 0)
    await new Promise((resolve) => server.close(resolve))
    return new Elsewhere(port, aheadMs)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  now(): number {
    return Date.now() + this.aheadMs
  }

  async up(): Promise<void> {
    const server = createServer((asked, response) => {
      response.setHeader('date', new Date(this.now()).toUTCString())
      if (asked.headers['x-test'] !== undefined) return this.answer(asked, response)
      this.asked.push(`${asked.method} ${asked.url}`)
      if (this.manner?.(asked, response) === true) return
      if (this.slowMs === 0) this.answer(asked, response)
      else setTimeout(() => this.answer(asked, response), this.slowMs)
    })
    this.server = server
    await listen(server, this.port)
  }

  /** As the broker that it is, whatever its manners. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    this.broker.handle(request, response)
  }

  async down(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  /** Entities and subscriptions are gone, as they are of a broker that held them in memory. */
  async forget(): Promise<void> {
    await this.broker.close()
    this.broker = this.born()
  }

  upsert(entities: readonly JsonObject[]): void {
    const [refused] = this.broker.upsert('', entities)
    if (refused !== undefined) throw new Error(`${refused.id}: ${refused.reason}`)
  }

  /** Changes of which no notification arrives: they get lost on the way. */
  async silently(change: () => unknown): Promise<void> {
    this.isMute = true
    await change()
    // It posts one after the other: until nothing more gets lost.
    for (let still = 0, lost = this.lost; still < 20; still++) {
      await new Promise((resolve) => setImmediate(resolve))
      if (lost !== this.lost) [still, lost] = [0, this.lost]
    }
    this.isMute = false
  }

  async delete(id: string): Promise<void> {
    await this.ask('DELETE', `/entities/${encodeURIComponent(id)}`)
  }

  /** Somebody else deletes whatever is subscribed. */
  async unsubscribe(): Promise<void> {
    for (const { id } of (await this.ask('GET', '/subscriptions')) as { id: string }[]) await this.ask('DELETE', `/subscriptions/${encodeURIComponent(id)}`)
  }

  /** Where it is to post, as its one subscription says. */
  async callback(): Promise<string> {
    const [subscription] = (await this.ask('GET', '/subscriptions')) as { notification: { endpoint: { uri: string } } }[]
    if (subscription === undefined) throw new Error('nobody has subscribed')
    return subscription.notification.endpoint.uri
  }

  async subscriptions(): Promise<number> {
    return ((await this.ask('GET', '/subscriptions')) as unknown[]).length
  }

  /** The attribute of all its entities, by id. */
  async holds(type: string, attribute: string): Promise<Readonly<Record<string, number>>> {
    const held: Record<string, number> = {}
    for (let offset = 0; ; offset += 1_000) {
      const page = (await this.ask('GET', `/entities?type=${type}&limit=1000&offset=${offset}`)) as ({ id: string } & Record<string, { value: number }>)[]
      for (const entity of page) held[entity.id] = entity[attribute]!.value
      if (page.length < 1_000) return held
    }
  }

  async end(): Promise<void> {
    await this.down()
    await this.broker.close()
  }

  private born(): Broker {
    return createBroker({
      now: () => this.now(),
      fetch: (url, init) => {
        // Node's own fetch, whose types name more than ours do.
        if (!this.isMute && this.server !== undefined) return fetch(url, init as RequestInit) as never
        this.lost += 1
        return Promise.reject(new Error('lost on the way'))
      },
    })
  }

  /** What a test asks, the broker itself answers: its manners are for others. On a socket of its own, which no death has cut. */
  private ask(method: string, path: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked = request(`${this.url}/ngsi-ld/v1${path}`, { method, agent: false, headers: { 'x-test': '1' } }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.once('end', () => resolve(text === '' ? undefined : JSON.parse(text)))
        response.once('error', reject)
      })
      asked.once('error', reject)
      asked.end()
    })
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
