/** Broker, relay and readers over real sockets. The broker is a fake, so that it can fail as real ones do. */
import { createServer, request as rawRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readEvents, type EventReader, type ReadEvent } from '../../../test/event-reader.ts'
import { startFakeBroker, type FakeBroker } from '../../../test/fake-broker.ts'
import { createBrokerLine } from '../access/broker-line.ts'
import { createForwarder } from '../forward.ts'
import { createLogger } from '../log.ts'
import { route } from '../routes.ts'
import { createStaticFiles } from '../static.ts'
import { SERVER_TIMERS } from '../timers.ts'
import type { HubLimits } from './city-hub.ts'
import { createNotifyDoor } from './notify-door.ts'
import { createRelay, type Relay } from './relay.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

interface Running {
  readonly url: string
  readonly relay: Relay
  readonly server: Server
}

/** `floor`: the last broker holds what the server made of the others' entities. */
async function startRelay(brokers: readonly FakeBroker[], { floor = false, ...limits }: Partial<HubLimits> & { readonly floor?: boolean } = {}): Promise<Running> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const log = createLogger(() => undefined)
  const door = createNotifyDoor({ now: Date.now, limits: { maxBodyBytes: 1_000_000, maxWaitingBytes: 64_000_000 } })
  const addresses = brokers.map((broker, index) => ({
    city: 'porto',
    broker: `b${index}`,
    apiUrl: `${broker.url}/ngsi-ld/v1`,
    headers: { authorization: 'Bearer s3cret' },
    tenant: 'porto',
    timeoutMs: 2_000,
    profile: 'generic' as const,
    isEmbedded: false,
    line: createBrokerLine({ apiUrl: `${broker.url}/ngsi-ld/v1`, timers: SERVER_TIMERS, limits: { timeoutMs: 2_000 } }),
    ...(floor && index === brokers.length - 1 && { origins: { ids: () => [], originOf: () => undefined } }),
  }))
  const relay = createRelay({
    installation: 'test',
    sources: addresses.map((address) => ({ address, types: ['NoiseLevelObserved', 'AirQualityObserved'], callbackUrl: url })),
    door,
    // Ten times as fast, so that looks and retries fit into a test.
    timers: { ...SERVER_TIMERS, wait: (ms, signal) => SERVER_TIMERS.wait(ms / 10, signal) },
    random: () => 0.5,
    log,
    limits: { gatherMs: 1, ...limits },
  })
  const parts = {
    configuration: { title: 'Test', version: '0', cities: [] },
    addresses,
    relay,
    door,
    forwarder: createForwarder({ log }),
    files: createStaticFiles('/nonexistent'),
    startedAtMs: 0,
    now: Date.now,
  }
  server.on('request', (request, response) => void route(parts, request, response))
  relay.start()
  endings.push(async () => {
    await relay.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url, relay, server }
}

async function startBroker(port?: number): Promise<FakeBroker> {
  const broker = await startFakeBroker(port)
  endings.push(() => broker.close())
  return broker
}

async function open(url: string, given: { readonly lastEventId?: string; readonly gzip?: boolean } = {}): Promise<EventReader> {
  const reader = await readEvents(`${url}/api/cities/porto/feed`, given)
  endings.push(() => reader.close())
  return reader
}

async function untilLive(relay: Relay, count = 1): Promise<void> {
  await vi.waitFor(() => expect(relay.hub('porto')!.brokers.filter(({ state }) => state === 'live')).toHaveLength(count), { timeout: 8_000, interval: 10 })
}

function noise(n: number, level = 60, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: `urn:ngsi-ld:NoiseLevelObserved:${n}`, type: 'NoiseLevelObserved', LAeq: { type: 'Property', value: level, unitCode: '2N', observedAt: '2026-11-20T10:00:00Z' }, ...extra }
}

const isNotification = (seq: number) => (event: ReadEvent) => event.event === 'notification' && event.data.seq >= seq

describe('the relay', () => {
  it('does not say that the clock of a broker agrees which never names the time', async () => {
    const [silent, telling] = [await startBroker(), await startBroker()]
    silent.tellsTime = false
    const { relay } = await startRelay([silent, telling])
    await untilLive(relay, 2)
    expect(relay.hub('porto')!.brokers.map(({ broker, isClockUnknown }) => [broker, isClockUnknown]).toSorted()).toEqual([['b0', true], ['b1', undefined]])
  })

  it('subscribes with what all brokers accept, under an id of its own, with the tenant and the token', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker])
    await untilLive(relay)
    const [subscription] = broker.subscriptions.values()
    expect(subscription).toMatchObject({
      id: 'urn:ngsi-ld:Subscription:belvedere:test:porto:b0',
      type: 'Subscription',
      entities: [{ type: 'NoiseLevelObserved' }, { type: 'AirQualityObserved' }],
      notification: { format: 'normalized', endpoint: { accept: 'application/json', uri: expect.stringMatching(new RegExp(`^${url}/notify/[\\w-]{43}$`)) } },
    })
    expect(Object.keys(subscription!).toSorted()).toEqual(['entities', 'expiresAt', 'id', 'isActive', 'notification', 'status', 'subscriptionName', 'type'])
    const lifeMs = Date.parse(String(subscription!['expiresAt'])) - Date.now()
    expect(lifeMs).toBeGreaterThan(59 * 60_000)
    expect(lifeMs).toBeLessThanOrEqual(60 * 60_000)
    expect(broker.asked.every(({ headers }) => headers['ngsild-tenant'] === 'porto' && headers.authorization === 'Bearer s3cret')).toBe(true)
  })

  it('calls what was made of the others down while all of those are, and live again with the first', async () => {
    const [one, other, floor] = [await startBroker(), await startBroker(), await startBroker()]
    const { relay } = await startRelay([one, other, floor], { floor: true })
    await untilLive(relay, 3)
    const states = () => Object.fromEntries(relay.hub('porto')!.brokers.map(({ broker, state }) => [broker, state]))
    await one.close()
    await vi.waitFor(() => expect(states()).toEqual({ b0: 'down', b1: 'live', b2: 'live' }), { timeout: 8_000, interval: 10 })
    await other.close()
    await vi.waitFor(() => expect(states()).toEqual({ b0: 'down', b1: 'down', b2: 'down' }), { timeout: 8_000, interval: 10 })
    const { port } = new URL(other.url)
    await startBroker(Number(port))
    await vi.waitFor(() => expect(states()).toEqual({ b0: 'down', b1: 'live', b2: 'live' }), { timeout: 8_000, interval: 10 })
  })

  it('answers a notification with an empty 200 and gives it to every reader, numbered', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker])
    await untilLive(relay)
    const readers = await Promise.all([open(url), open(url), open(url, { gzip: true })])
    expect(readers[2]!.headers['content-encoding']).toBe('gzip')
    expect(await broker.notify([noise(1)])).toEqual([200])
    expect(await broker.notify([noise(2)], (data) => JSON.stringify({ data }, null, 2))).toEqual([200])
    for (const reader of readers) {
      const second = await reader.until(isNotification(2))
      const [hello] = reader.events
      expect(hello).toMatchObject({ event: 'hello', data: { seq: 0, brokers: [{ broker: 'b0', state: 'live' }] } })
      expect(second).toMatchObject({ data: { seq: 2, broker: 'b0', notification: { data: [noise(2)] } } })
      const epoch = hello!.event === 'hello' ? hello!.data.epoch : ''
      expect(reader.events.filter(({ event }) => event === 'notification').map(({ id }) => id)).toEqual([`${epoch}.1`, `${epoch}.2`])
    }
  })

  it('replays exactly what a reader missed', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker])
    await untilLive(relay)
    const first = await open(url)
    await broker.notify([noise(1)])
    const { id } = await first.until(isNotification(1))
    first.close()
    await broker.notify([noise(2)])
    await broker.notify([noise(3)])
    const second = await open(url, { lastEventId: id! })
    await second.until(isNotification(3))
    expect(second.events.map((event) => (event.event === 'notification' ? event.data.seq : event.event))).toEqual(['hello', 2, 3])
  })

  it('says to take a new snapshot when what was missed is gone, or was of another life', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker], { replayCount: 2 })
    await untilLive(relay)
    const first = await open(url)
    for (let n = 1; n <= 5; n++) await broker.notify([noise(n)])
    await first.until(isNotification(5))
    const [hello] = first.events
    const epoch = hello!.event === 'hello' ? hello!.data.epoch : ''
    const late = await open(url, { lastEventId: `${epoch}.2` })
    expect(await late.until(({ event }) => event === 'resync')).toMatchObject({ data: { reason: 'gap' } })
    const near = await open(url, { lastEventId: `${epoch}.3` })
    await near.until(isNotification(5))
    expect(near.events.some(({ event }) => event === 'resync')).toBe(false)
    const stranger = await open(url, { lastEventId: 'former.3' })
    expect(await stranger.until(({ event }) => event === 'resync')).toMatchObject({ data: { reason: 'epoch' } })
  })

  it('coalesces for a reader that does not read, within its bounds, and delays no other', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker], { maxQueuedBytes: 64 * 1024, replayBytes: 1_000_000 })
    await untilLive(relay)
    const slow = await open(url)
    const fast = await open(url)
    slow.pause()
    // More than the socket's buffers of both sides take: 60 rounds of 400 kB.
    const padding = 'x'.repeat(4_000)
    const rounds = 60
    for (let round = 1; round <= rounds; round++) {
      await broker.notify(Array.from({ length: 100 }, (_, n) => noise(n, 40 + round / 2, { note: { type: 'Property', value: padding } })))
    }
    await fast.until(isNotification(rounds))
    const seqs = fast.events.flatMap((event) => (event.event === 'notification' ? [event.data.seq] : []))
    expect(seqs).toEqual(Array.from({ length: rounds }, (_, n) => n + 1))
    expect(relay.hub('porto')!.stats.replayBytes).toBeLessThanOrEqual(1_000_000)
    slow.resume()
    const caughtUp = await slow.until(isNotification(rounds))
    const heard = slow.events.filter(({ event }) => event === 'notification').length
    expect(heard).toBeLessThan(rounds)
    if (caughtUp.event !== 'notification') throw new Error('expected a notification')
    expect(caughtUp.data.coalesced).toBe(rounds - heard + 1)
    expect(caughtUp.data.notification).toMatchObject({ data: { length: 100 } })
    expect(JSON.stringify(caughtUp.data.notification)).toContain(`"value":${40 + rounds / 2}`)
    expect(relay.hub('porto')!.stats.coalesced).toBe(caughtUp.data.coalesced)
  })

  it('refuses a key that is not one, another method and a body that is too long', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker])
    await untilLive(relay)
    const [subscription] = broker.subscriptions.values()
    const { uri } = (subscription!['notification'] as { endpoint: { uri: string } }).endpoint
    const body = JSON.stringify({ data: [noise(1)] })
    for (const forged of [`${uri.slice(0, -1)}_`, `${uri}x`, `${url}/notify/`, `${url}/notify/x`, `${uri}/..`]) {
      expect((await fetch(forged, { method: 'POST', body })).status).toBe(404)
    }
    expect((await fetch(uri)).status).toBe(405)
    expect((await fetch(uri, { method: 'POST', body: 'x'.repeat(1_000_001) })).status).toBe(413)
    expect((await fetch(uri, { method: 'POST', body: 'not json' })).status).toBe(200)
    expect(relay.hub('porto')!.stats.seq).toBe(0)
    expect(relay.stats.cities[0]!.brokers[0]!.intake.malformed).toBe(1)
  })

  it('tells a reader to start over when more waits for it than the relay holds', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker], { maxQueuedBytes: 64 * 1024, maxWaitingTotal: 50 })
    await untilLive(relay)
    const slow = await open(url)
    const fast = await open(url)
    slow.pause()
    const padding = 'x'.repeat(4_000)
    for (let round = 1; round <= 60; round++) {
      await broker.notify(Array.from({ length: 100 }, (_, n) => noise(n, 50, { note: { type: 'Property', value: padding } })))
    }
    await fast.until(isNotification(60))
    slow.resume()
    expect(await slow.until(({ event }) => event === 'resync')).toMatchObject({ data: { reason: 'gap' } })
    expect(slow.events.findLast(({ event }) => event === 'hello')).toMatchObject({ data: { seq: 60 } })
    await broker.notify([noise(1)])
    await slow.until(isNotification(61))
  })

  it('survives what nobody should post', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker])
    await untilLive(relay)
    const reader = await open(url)
    const deep = 200_000
    const hostile = [
      '['.repeat(deep) + ']'.repeat(deep),
      '{"body":'.repeat(50_000) + '{}' + '}'.repeat(50_000),
      '{"data":[{"id":"a","x":' + '['.repeat(deep) + ']'.repeat(deep) + '}]}',
      '{"__proto__":{"data":[1]},"data":{"features":null}}',
      '"a word"',
      '{"data":[{"id":"a"}]} trailing',
      '',
    ]
    for (const body of hostile) expect(await broker.notify([], () => body)).toEqual([200])
    await broker.notify([noise(1)])
    // Four of them are JSON and objects or lists: what they mean is the reader's to judge.
    await reader.until(isNotification(5))
    expect(relay.stats.cities[0]!.brokers[0]!.intake).toMatchObject({ notifications: 5, malformed: 3 })
  })

  it('heals when the broker dies, forgets everything and comes back', async () => {
    const broker = await startBroker()
    const other = await startBroker()
    const { relay, url } = await startRelay([broker, other])
    await untilLive(relay, 2)
    const reader = await open(url)
    await broker.close()
    const down = await reader.until((event) => event.event === 'brokers' && event.data.some(({ state }) => state === 'down'))
    expect(down).toMatchObject({ data: [{ broker: 'b0', state: 'down', detail: expect.stringContaining('unreachable'), retryAtMs: expect.any(Number) }, { broker: 'b1', state: 'live' }] })
    expect(await other.notify([noise(1)])).toEqual([200])
    await reader.until(isNotification(1))
    const again = await startBroker(broker.port)
    expect(await reader.until(({ event }) => event === 'resync')).toMatchObject({ data: { reason: 'broker-recovered', broker: 'b0' } })
    await untilLive(relay, 2)
    expect(await again.notify([noise(2)])).toEqual([200])
    await reader.until(isNotification(2))
  })

  it('revives a subscription that the broker paused', async () => {
    const broker = await startBroker()
    const { relay, url } = await startRelay([broker])
    await untilLive(relay)
    const reader = await open(url)
    const [id, subscription] = [...broker.subscriptions][0]!
    broker.subscriptions.set(id, { ...subscription, isActive: false, status: 'paused' })
    await reader.until(({ event }) => event === 'resync')
    expect(broker.subscriptions.get(id)).toMatchObject({ isActive: true, status: 'active' })
  })

  it('clears away what a former life left, and nothing of others', async () => {
    const broker = await startBroker()
    const foreign = ['urn:ngsi-ld:Subscription:belvedere:other:porto:b0', 'urn:ngsi-ld:Subscription:grafana:1']
    for (const id of [...foreign, 'urn:ngsi-ld:Subscription:belvedere:test:lisbon:main', 'urn:ngsi-ld:Subscription:belvedere:test:porto:b0']) broker.subscriptions.set(id, { id, type: 'Subscription', notification: { endpoint: { uri: 'http://gone.example' } } })
    const { relay } = await startRelay([broker])
    await untilLive(relay)
    expect([...broker.subscriptions.keys()].toSorted()).toEqual([...foreign, 'urn:ngsi-ld:Subscription:belvedere:test:porto:b0'].toSorted())
    expect(JSON.stringify([...broker.subscriptions.values()].filter(({ id }) => String(id).includes(':test:')))).not.toContain('gone.example')
  })

  it('deletes its subscriptions when it ends, and does not wait for a broker that is gone', async () => {
    const broker = await startBroker()
    const gone = await startBroker()
    const { relay } = await startRelay([broker, gone])
    await untilLive(relay, 2)
    await gone.close()
    const startedAt = Date.now()
    await relay.close()
    expect(broker.subscriptions.size).toBe(0)
    expect(Date.now() - startedAt).toBeLessThan(3_000)
  })

  it('is ready only when a broker is live, and says which is not', async () => {
    const broker = await startBroker()
    await broker.close()
    const { url, relay } = await startRelay([broker])
    await vi.waitFor(() => expect(relay.hub('porto')!.brokers[0]?.state).toBe('down'))
    const notYet = await fetch(`${url}/readyz`)
    expect(notYet.status).toBe(503)
    expect(await notYet.json()).toMatchObject({ ready: false, cities: [{ city: 'porto', live: false, brokers: [{ broker: 'b0', state: 'down' }] }] })
    await startBroker(broker.port)
    await untilLive(relay)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(JSON.stringify(await (await fetch(`${url}/api/health`)).json())).not.toMatch(/s3cret|notify\//)
  })

  it('has no feed of a city that it does not serve', async () => {
    const { url } = await startRelay([await startBroker()])
    expect((await fetch(`${url}/api/cities/atlantis/feed`)).status).toBe(404)
    expect((await fetch(`${url}/api/cities/__proto__/feed`)).status).toBe(404)
    expect((await fetch(`${url}/api/cities/porto/feed`, { method: 'POST' })).status).toBe(405)
  })

  it('answers 404 to a request line that is not a path', async () => {
    const { url } = await startRelay([await startBroker()])
    const status = await new Promise((resolve, reject) => {
      rawRequest(`${url}`, { path: 'http://elsewhere.example/api/config' }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end()
    })
    expect(status).toBe(404)
  })
})
