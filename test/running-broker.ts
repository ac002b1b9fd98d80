/** An embedded broker on a real socket, with a clock that tests move, and listeners that take its notifications. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBroker, type Broker, type BrokerOptions } from '../src/server/broker/broker.ts'
import { SERVER_OPTIONS } from '../src/server/broker/limits.ts'
import type { Timers } from '../src/server/broker/timers.ts'

export interface TestClock extends Timers {
  now(): number
  /** Moves the time and fires what has become due, in order. */
  advance(ms: number): void
  /** How many timers wait. */
  readonly pending: number
}

export function createTestClock(start = Date.parse('2024-05-14T08:00:00Z')): TestClock {
  let nowMs = start
  const waiting = new Set<{ readonly dueMs: number; readonly call: () => void }>()
  return {
    now: () => nowMs,
    after(ms, call) {
      const timer = { dueMs: nowMs + ms, call }
      waiting.add(timer)
      return () => waiting.delete(timer)
    },
    advance(ms) {
      const untilMs = nowMs + ms
      for (;;) {
        const [next] = [...waiting].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)
        if (next === undefined) break
        waiting.delete(next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.call()
      }
      nowMs = untilMs
    },
    get pending() {
      return waiting.size
    },
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: any // eslint-disable-line typescript/no-explicit-any -- tests look into answers of every shape
}

export interface Ask {
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array
  readonly type?: string
  readonly tenant?: string
  readonly headers?: Record<string, string>
}

export interface RunningBroker {
  readonly url: string
  readonly port: number
  readonly clock: TestClock
  readonly broker: Broker
  readonly faults: unknown[]
  ask(method: string, path: string, ask?: Ask): Promise<Answer>
  stop(): Promise<void>
}

export async function startBroker(options: Partial<BrokerOptions> = {}): Promise<RunningBroker> {
  const clock = createTestClock()
  const faults: unknown[] = []
  const broker = createBroker({ now: clock.now, timers: clock, onFault: (error) => faults.push(error), ...options })
  const server = createServer(SERVER_OPTIONS, broker.handle)
  const port = await listen(server)
  const url = `http://127.0.0.1:${port}/ngsi-ld/v1`
  return {
    url,
    port,
    clock,
    broker,
    faults,
    async ask(method, path, { body, raw, type = 'application/json', tenant, headers = {} } = {}) {
      const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const response = await fetch(path.startsWith('http') ? path : url + path, {
        method,
        headers: { ...(payload === undefined ? {} : { 'Content-Type': type }), ...(tenant === undefined ? {} : { 'NGSILD-Tenant': tenant }), ...headers },
        ...(payload === undefined ? {} : { body: payload as BodyInit }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
    },
    async stop() {
      await broker.close()
      await close(server)
    },
  }
}

export interface Notified {
  readonly headers: IncomingHttpHeaders
  readonly json: any // eslint-disable-line typescript/no-explicit-any -- as above
}

export interface Listener {
  readonly uri: string
  readonly received: Notified[]
  /** Waits until so many have come, in all. */
  until(count: number): Promise<readonly Notified[]>
  /** What is answered from now on; 'nothing' leaves requests hanging. */
  answer(status: number | 'nothing'): void
  stop(): Promise<void>
}

export async function startListener(): Promise<Listener> {
  const received: Notified[] = []
  const waiting = new Set<{ readonly count: number; readonly resolve: (all: readonly Notified[]) => void }>()
  let status: number | 'nothing' = 200
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      if (status !== 'nothing') response.writeHead(status).end()
      received.push({ headers: request.headers, json: JSON.parse(text) })
      for (const wait of waiting) if (received.length >= wait.count && waiting.delete(wait)) wait.resolve(received)
    })
  })
  const port = await listen(server)
  return {
    uri: `http://127.0.0.1:${port}/notify`,
    received,
    until: (count) => (received.length >= count ? Promise.resolve(received) : new Promise((resolve) => waiting.add({ count, resolve }))),
    answer: (next) => (status = next),
    stop: () => close(server),
  }
}

/** Asks again until it holds: for what a broker notes only after an answer has come back to it. */
export async function eventually<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const value = await ask()
    if (holds(value)) return value
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`never held: ${JSON.stringify(await ask())}`)
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
